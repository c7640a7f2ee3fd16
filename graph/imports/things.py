"""Things: what the names in rows stand for, after reconciliation, and what makes nodes of rows one and the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph.identity import Identities
from graph.imports.records import Named, Record
from graph.imports.resolution import Place, Resolution
from graph.imports.row_nodes import RowNode
from graph.imports.source import Source
from graph.imports.value_terms import iri_term
from graph.quads import Term, iri, text_of
from ontology.terms import MA, ORG
from ontology.workbook import IdentityKind, Workbook

CLASSES: Mapping[str, str] = {
    "organization": ORG.FormalOrganization,
    "department": MA.ClinicalDepartment,
    "alliance": MA.MedicalAlliance,
    "programme": MA.TrainingProgramme,
}
"""What a mention names, and the class of a new thing of that kind."""


class Things:
    """What mentions stand for; new things get their names here."""

    def __init__(
        self, resolutions: Sequence[Resolution], source: Source, identities: Identities, book: Workbook
    ) -> None:
        self._source, self._identities, self._book = source, identities, book
        self._by_key = {resolution.mention.key: resolution for resolution in resolutions}
        self._at: dict[Place, list[Resolution]] = defaultdict(list)
        for resolution in resolutions:
            for place in resolution.mention.places:
                self._at[place].append(resolution)
        self._waiting = {
            place[:2] for place, listed in self._at.items() if any(one.kept_back for one in listed)
        }
        self._known: dict[str, Term] = {}

    def waits(self, record: Record) -> bool:
        """Tell whether something that a row names waits for a decision, so that the row does."""
        return (record.table, record.row) in self._waiting

    def at(self, record: Record, column: str) -> Term:
        """Return the thing that a column of a row names; an empty text where it names none for sure."""
        listed = self._at.get(Place(record.table, record.row, column), ())
        return self.of(listed[0]) if listed else ""

    def meant(self, record: Record, column: str, name: Named) -> Term | None:
        """Return the thing that one of the names in a cell stands for."""
        listed = self._at.get(Place(record.table, record.row, column), ())
        fitting = [one for one in listed if one.mention.is_written(name.text.strip())] or listed
        return (self.of(fitting[0]) or None) if fitting else None

    def of(self, resolution: Resolution) -> Term:
        """Return the thing that a mention stands for; an empty text where it stands for none."""
        key = resolution.mention.key
        if key not in self._known:
            self._known[key] = self._thing(resolution)
        return self._known[key]

    def only_named(self) -> Iterator[tuple[Resolution, Term]]:
        """Yield the new things that no row is about, with what they are called from now on."""
        for resolution in self._by_key.values():
            mention = resolution.mention
            if resolution.is_new and not resolution.kept_back and not mention.defining:
                yield resolution, self.of(resolution)

    def within(self, resolution: Resolution) -> Term:
        """Return the thing that the thing of a mention is part of (empty: none)."""
        outer = self._by_key.get(resolution.mention.within)
        return self.of(outer) if outer else ""

    def remember(self) -> None:
        """Let the mentions and identifiers of the document stand for the same things when they come again."""
        for resolution in self._by_key.values():
            thing = self.of(resolution)
            if not thing or resolution.kept_back:
                continue
            self._identities.remember(self._source.document, resolution.mention.key, text_of(thing))
            for scheme, value in resolution.mention.identifiers.items():
                if scheme != "Local":
                    self._identities.remember(scheme, value, text_of(thing))

    def _thing(self, resolution: Resolution) -> Term:
        if resolution.iri:
            return iri(resolution.iri)
        if not resolution.is_new or resolution.kept_back:
            return ""
        same = self._by_key.get(getattr(resolution, "same_as", ""))
        if same is not None and same is not resolution:
            return self.of(same)
        mention = resolution.mention
        identity = self._book.identity(CLASSES[mention.to])
        owner = self.within(resolution)
        if owner:
            key = identity_key(identity, [text_of(owner), mention.text])
            return iri(self._identities.iri(identity.kind, identity.scheme, key))
        return iri(self._identities.iri(identity.kind, self._source.document, mention.key))


def identity_key(identity: IdentityKind, values: Iterable[str], number: int = 1) -> str:
    """Return the key of a thing in the table of identities.

    ``number`` tells apart what has the same values, where its class knows such things.
    """
    return " ".join((*values, str(number)) if identity.apart else values)


def by_values(node: RowNode) -> list[str]:
    """Return the values by which a node is known."""
    return [text_of(node.value(iri_term(said))) for said in node.identity.by]
