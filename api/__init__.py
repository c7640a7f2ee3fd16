"""How people and machines ask: SPARQL, linked data, REST, pages, and the command line."""
