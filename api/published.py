"""What is published of an instance beside the graph itself: its numbers, its files, and what describes them.

Counting and writing files take long, so a thread follows the graph with each. The descriptions that can be asked in
SPARQL are held aside of the journal (docs/decisions): nothing that is said of the graph is a change of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from starlette.requests import Request

from api.documents import changed_at
from graph.background import Followed
from graph.counts import Counts, counts
from graph.dcat import Publication, sources_said
from graph.dumps import FOLDER, Dumper, Dumps
from graph.example_queries import example_quads
from graph.names import Names
from graph.partitions import partitions
from graph.quads import Quad, Term, nquads, text_of
from graph.repository import Repository
from graph.summary import Summary, site_name
from graph.void import About, Site, void_quads
from ontology.library import offered, query

DELAY = 15.0
"""Seconds after the start before the graph is counted unasked, so that starting is not slowed down."""


class Published:
    """The published side of an instance. It has to be closed."""

    def __init__(self, repository: Repository, title: str, *, delay: float = DELAY) -> None:
        """Follow a repository.

        Args:
            repository: the instance.
            title: what the site is called (empty: after its alliance).
            delay: seconds before the graph is counted unasked.
        """
        self._repository, self._title = repository, title
        self._engine = repository.engine
        self._names = Names("") if repository.plain else Names(repository.base)
        folder = repository.directory.path / FOLDER
        self._dumper = Dumper(self._engine, self._names, folder, self._state_of)
        self.counts = Followed[Counts](self._engine, self._counted, eager=not repository.plain, delay=delay)
        self.dumps = Followed[Dumps](self._engine, self._dumper.next_one)
        if not repository.plain:
            self._hold_examples()

    @property
    def is_plain(self) -> bool:
        """Tell whether this is a plain dataset, which has neither catalogue nor files."""
        return self._repository.plain

    def about(self, version: int) -> About:
        """Return what is said of a version of the data set beside its numbers."""
        rows = self._engine.select(query("example-things").text)
        examples = [text_of(row["thing"]) for row in rows if "thing" in row]
        return About(self.title(), self.date(version), examples)

    def publication(self, dumps: Dumps, known: Summary) -> Publication:
        """Return what is published with the files of a version."""
        alliances = [one.alliance for one in known.alliances]
        publisher = (alliances[0].iri, alliances[0].labels) if len(alliances) == 1 else ("", {})
        return Publication(
            dumps,
            self.title(),
            publisher,
            self.date(1),
            self.date(dumps.version),
            sources_said(self._engine, self._names),
        )

    def title(self) -> dict[str, str]:
        """Return what the data set is called, by language."""
        if self._title:
            return {"": self._title}
        names = site_name(self._engine)
        suffix = {"zh": "知识图谱", "en": " – knowledge graph"}
        return {language: f"{name}{suffix.get(language, '')}" for language, name in names.items()} or {
            "zh": "专科联盟知识图谱",
            "en": "Specialty alliance knowledge graph",
        }

    def close(self) -> None:
        """Stop following; what is under way is given up."""
        self.counts.close()
        self.dumps.close()
        self._dumper.close()

    def _counted(self, _: Counts | None) -> Counts:
        made = counts(self._engine, partitions(self._engine), (self._names.void, self._names.examples))
        if not self._repository.plain:
            base = self._repository.base
            quads = void_quads(made, Site(base, base), self.about(made.version))
            self._hold(self._names.void, quads)
        return made

    def _hold_examples(self) -> None:
        base = self._repository.base
        graph = text_of(self._names.examples)
        self._hold(self._names.examples, example_quads(offered().values(), graph, f"{base}sparql"))

    def _hold(self, graph: Term, quads: Iterable[Quad]) -> None:
        self._engine.hold_aside(graph, nquads(quad._replace(graph=graph) for quad in quads))

    def _state_of(self, version: int) -> str:
        changes = self._repository.journal.changes(since=version - 1, limit=1)
        return changes[0].state.hex() if changes else "0" * 64

    def date(self, version: int) -> str:
        """Return when a change was made (ISO; empty: there is none)."""
        changed = changed_at(self._repository, version) if version else None
        return changed.astimezone(UTC).isoformat(timespec="seconds") if changed else ""


def site_of(request: Request) -> Site:
    """Return where the instance is, as whoever asks reaches it."""
    return Site(request.app.state.base, str(request.base_url))
