"""What a partner's program is told about a server, and the invented facts that it finds there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from rdflib import Graph, Namespace

from servers import Server, command

FACTS = Path(__file__).parent / "clients" / "facts.ttl"
THING = Namespace("https://partner.example/thing/")
PREFIXES = f"""
PREFIX : <{THING}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


@dataclass(frozen=True)
class Partner:
    """A server, and the secret of a token that may read and update."""

    server: Server
    token: str

    @property
    def address(self) -> str:
        return self.server.address.rstrip("/")

    @property
    def sparql(self) -> str:
        return f"{self.address}/sparql"

    @property
    def update(self) -> str:
        return f"{self.address}/update"

    @property
    def graph_store(self) -> str:
        return f"{self.address}/graph-store"

    def graph_of_facts(self) -> str:
        """Return the graph that holds the invented facts."""
        asked = f"{PREFIXES} SELECT ?g {{ GRAPH ?g {{ :1 a :Thing }} }}"
        rows = self.server.get(f"/sparql?query={quote(asked)}", "application/sparql-results+json").json
        (row,) = rows["results"]["bindings"]
        return str(row["g"]["value"])

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def token_in(folder: Path) -> str:
    """Return the secret of a new token of an instance that is not running."""
    made = command("token", "create", "合作系统", "--scope", "read", "--scope", "update", data=folder)
    assert made.returncode == 0, made.stderr
    return made.stdout.split()[-1]


@cache
def facts() -> Graph:
    """Return the invented facts, as a program reads them that never saw the server."""
    return Graph().parse(FACTS)
