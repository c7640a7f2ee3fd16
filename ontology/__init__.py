"""What words mean: the ontology, its vocabularies, shapes, rules, queries and packaged facts, as data."""
