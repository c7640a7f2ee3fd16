"""The names of the graphs that an instance keeps for itself, and of what it mints."""

from __future__ import annotations

from dataclasses import dataclass

from graph.quads import Term, iri

PACKAGED = "https://w3id.org/medalliance/"
"""Everything that comes with the program is named under this; nobody writes there."""


@dataclass(frozen=True)
class Names:
    """Names under the IRI base of one instance, for example ``http://127.0.0.1:8000/``.

    An empty base stands for a plain SPARQL dataset, which keeps no graphs of its own.
    """

    base: str

    @property
    def catalogue(self) -> Term:
        """The graph that says of each graph what it is and whether it is merged."""
        return self._graph("catalogue")

    @property
    def derived(self) -> Term:
        """The graph of derived facts."""
        return self._graph("derived")

    @property
    def local(self) -> Term:
        """The graph that triples written without a graph go to."""
        return self._graph("local")

    @property
    def void(self) -> Term:
        """The graph that describes the others in numbers; it is held aside of the journal."""
        return iri(f"{self.base}.well-known/void") if self.base else ""

    @property
    def examples(self) -> Term:
        """The graph of example queries; it is held aside of the journal."""
        return iri(f"{self.base}sparql/.well-known/sparql-examples") if self.base else ""

    def source(self, document: str, digest: str) -> str:
        """Return the IRI of one version of a source document."""
        return f"{self.base}source/{document}/{digest[:8]}"

    def skolem(self, label: str) -> Term:
        """Return the IRI that stands for a blank node."""
        return iri(f"{self.base}.well-known/genid/{label}")

    def is_protected(self, graph: Term) -> bool:
        """Tell whether only the program itself writes to a graph."""
        return bool(self.base) and (
            graph.startswith(f"<{PACKAGED}")
            or graph in (self.catalogue, self.derived, self.void, self.examples)
        )

    def _graph(self, name: str) -> Term:
        return iri(f"{self.base}graph/{name}") if self.base else ""
