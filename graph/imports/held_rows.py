"""What is held, as rows of the workbook: the inverse of what rows state, by the same description of the sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.imports.held_facts import HeldFacts, HeldSource, Said
from graph.imports.held_words import SEPARATOR, HeldWords, in_language
from graph.imports.sheet_layout import OWN, THING, SheetLayout
from graph.quads import Term, iri, is_iri, literal_parts
from ontology.terms import MA, ORG, SKOS, SKOSXL, SOSA
from ontology.workbook import ColumnKind, PartKind, SheetKind, Variant, Workbook

_ENDS = (MA.endStated, MA.validUntil)


@dataclass(frozen=True)
class HeldCell:
    """What a cell says, which source says it, and what others say."""

    text: str
    source: HeldSource
    others: tuple[tuple[str, HeldSource], ...] = ()


@dataclass(frozen=True)
class HeldRow:
    """A row: the thing that it is about, and its cells by the keys of their columns."""

    thing: Term
    cells: Mapping[str, HeldCell]

    def text(self, column: str) -> str:
        """Return what a cell says (empty: nothing)."""
        return self.cells[column].text if column in self.cells else ""


@dataclass(frozen=True)
class HeldSheet:
    """The rows of one kind of sheet."""

    kind: SheetKind
    rows: tuple[HeldRow, ...]


@dataclass(frozen=True)
class Selection:
    """Which things are wanted: the members of an alliance, some organizations; all where nothing is said.

    Attributes:
        alliance: IRI of an alliance (empty: any); memberships in others are left out.
        organizations: organizations and departments; with each its departments and what it holds are meant.
            ``None``: the members of the alliance, or all.
    """

    alliance: str = ""
    organizations: frozenset[Term] | None = None


class HeldRows:
    """The rows of what is held."""

    def __init__(
        self, facts: HeldFacts, words: HeldWords, book: Workbook, selection: Selection | None = None
    ) -> None:
        """Prepare rows.

        Args:
            facts: what the rows say.
            words: how they say it.
            book: the description of the sheets.
            selection: which things are wanted.

        ``units`` are the wanted organizations and departments; ``None``: all.
        """
        self.facts, self.words, self.book = facts, words, book
        self.selection = selection or Selection()
        columns = [column for kind in book.sheets for column in kind.columns]
        self.prefixes = tuple(f"{column.zh}：" for column in columns if column.otherwise == SKOS.note)
        self.layouts = {kind.key: SheetLayout(kind) for kind in book.sheets}
        self.units = self._selected_units()

    def sheets(self) -> list[HeldSheet]:
        """Return the ten sheets, and before them the list of members where it alone can say something."""
        listed = [HeldSheet(kind, self.rows(kind)) for kind in self.book.sheets]
        kept = (_said_only_here(sheet) if sheet.kind.default else sheet for sheet in listed)
        return [sheet for sheet in kept if sheet.rows or not sheet.kind.default]

    def rows(self, kind: SheetKind) -> tuple[HeldRow, ...]:
        """Return the rows of one kind of sheet, in the order of what they say."""
        found = [row for thing in self._things(kind) for row in _ThingRows(self, kind, thing).rows()]
        if not self.book.identity(kind.type).own:
            found = self._newest(kind, found)
        keys = [column.key for column in kind.columns]
        return tuple(sorted(found, key=lambda row: [row.text(key) for key in keys]))

    def _newest(self, kind: SheetKind, rows: Iterable[HeldRow]) -> list[HeldRow]:
        """Return rows about what each source has a node of its own for: those of the newest that speaks of it."""
        alike: dict[tuple[str, ...], dict[HeldSource, list[HeldRow]]] = {}
        for row in rows:
            key = tuple(row.text(column) for column in kind.unique)
            by_source = alike.setdefault(key, {})
            by_source.setdefault(self.facts.source_of(row.thing), []).append(row)
        kept: list[HeldRow] = []
        for by_source in alike.values():
            newest, *others = sorted(by_source, key=lambda source: source.age, reverse=True)
            said = [(source, by_source[source][0]) for source in others]
            kept += [_contradicted(row, said) for row in by_source[newest]]
        return kept

    def naming_row(self, unit: Term, column: str) -> HeldRow:
        """Return a row that says nothing but which unit it is about."""
        return HeldRow(unit, {column: HeldCell(self.words.reference(unit), HeldSource(""))})

    def _things(self, kind: SheetKind) -> Iterator[Term]:
        """Yield the things that a sheet has rows for."""
        types = tuple(dict.fromkeys([kind.type, *(variant.type for variant in kind.variants)]))
        shown = _shown_figures(self.book) if kind.type == MA.Statistic else frozenset()
        for thing in self._candidates(kind, types):
            if not (shown and self._figure(thing) in shown) and self._is_wanted(kind, thing):
                yield thing

    def _candidates(self, kind: SheetKind, types: Sequence[str]) -> Iterable[Term]:
        """Return the things of some classes that belong to the wanted units."""
        if self.units is None:
            return self.facts.things(*types)
        owners = [column for column in kind.columns if column.kind == "reference" and column.required]
        said = [owner.property for owner in owners]
        said += [one for variant in kind.variants for one in variant.properties.values()]
        held = [thing for one in said for unit in self.units for thing in self.facts.pointing(one, unit)]
        found = dict.fromkeys(held if owners else self.units)
        return [thing for thing in found if any(self.facts.is_a(thing, type_) for type_ in types)]

    def _is_wanted(self, kind: SheetKind, thing: Term) -> bool:
        if kind.default and not self.facts.pointing(ORG.member, thing):
            return False
        return kind.type != MA.AllianceMembership or self.is_in_alliance(thing)

    def _selected_units(self) -> frozenset[Term] | None:
        """Return the wanted organizations with their departments, and the hospitals of wanted departments."""
        chosen = self.selection.organizations
        if chosen is None and self.selection.alliance:
            memberships = self.facts.pointing(ORG.organization, iri(self.selection.alliance))
            chosen = frozenset(unit for one in memberships for unit in self.facts.linked(one, ORG.member))
        if chosen is None:
            return None
        hospitals = {hospital for unit in chosen for hospital in self.facts.linked(unit, ORG.unitOf)}
        departments = {unit for one in chosen for unit in self.facts.pointing(ORG.unitOf, one)}
        return chosen | hospitals | departments

    def is_in_alliance(self, membership: Term) -> bool:
        """Tell whether a membership is one in the wanted alliance."""
        wanted = self.selection.alliance
        return not wanted or iri(wanted) in self.facts.linked(membership, ORG.organization)

    def _figure(self, statistic: Term) -> tuple[Term, bool]:
        indicator = self.facts.linked(statistic, SOSA.observedProperty)
        subject = self.facts.linked(statistic, SOSA.hasFeatureOfInterest)
        of_department = any(self.facts.is_a(one, MA.ClinicalDepartment) for one in subject)
        return (indicator or [""])[0], of_department


def _shown_figures(book: Workbook) -> frozenset[tuple[Term, bool]]:
    """Return the indicators of departments that the sheet of departments shows in columns of their own."""
    departments = next(kind for kind in book.sheets if kind.type == MA.ClinicalDepartment)
    said = (part.constants.get(SOSA.observedProperty) for part in departments.parts)
    return frozenset((iri(indicator), True) for indicator in said if indicator)


def _contradicted(row: HeldRow, others: Sequence[tuple[HeldSource, HeldRow]]) -> HeldRow:
    """Return a row whose cells name what other sources say instead."""
    cells = {}
    for key, cell in row.cells.items():
        said = [(other.text(key), source) for source, other in others if other.text(key)]
        cells[key] = _first([(cell.text, cell.source), *said, *cell.others])
    return HeldRow(row.thing, cells)


_ONLY_HERE = frozenset({"contact", "phone", "note"})
"""Columns of the list of members that no other sheet has: contacts and remarks of whole units."""


def _said_only_here(members: HeldSheet) -> HeldSheet:
    """Return the rows of the list of members that say what no other sheet can, and nothing that another says."""
    always = {part.key for part in members.kind.parts if part.always}
    named = {c.key for c in members.kind.columns if c.required or c.key == "place" or always & set(c.on)}
    rows = [
        HeldRow(row.thing, {key: cell for key, cell in row.cells.items() if key in _ONLY_HERE | named})
        for row in members.rows
        if _ONLY_HERE & row.cells.keys()
    ]
    return HeldSheet(members.kind, tuple(rows))


@dataclass
class _Instance:
    """One node of a part, with the nodes of other sources that say something else of the same."""

    node: Term
    others: list[Term] = field(default_factory=list)


Cells = dict[str, HeldCell]


class _ThingRows:
    """The rows of one thing."""

    def __init__(self, held: HeldRows, kind: SheetKind, thing: Term) -> None:
        self.held, self.kind, self.thing = held, kind, thing
        self.layout = held.layouts[kind.key]
        self.facts = held.facts
        self.variant = next((one for one in kind.variants if self._is_variant(one)), None)

    def rows(self) -> Iterator[HeldRow]:
        """Yield as many rows as the part has nodes of which there are most, at least one; then further remarks."""
        own = self._own_cells(THING, _Instance(self.thing))
        named = {key: own[key] for key in self.layout.keys if key in own}
        with_parts = self._with_parts(THING, self.thing)
        for number, cells in enumerate(with_parts):
            first = {**self._noted_cells(), **own} if number == 0 else named
            yield HeldRow(self.thing, {**first, **cells})
        again = {key: cell for key, cell in with_parts[0].items() if key in self.layout.repeated_columns}
        for remark in self._further_remarks(own):
            yield HeldRow(self.thing, {**named, **again, **remark})

    def _further_remarks(self, own: Cells) -> Iterator[Cells]:
        """Yield the remarks on a thing beyond the first: a cell holds one."""
        if not self.held.book.identity(self.kind.type).own:
            return
        for column in (one for one in self.kind.columns if one.property == SKOS.note):
            for one in self._values(column, self.thing):
                text = self._text(column, [one.value])
                if text and text != own[column.key].text:
                    yield {column.key: HeldCell(text, one.source)}

    def _noted_cells(self) -> Cells:
        """Return the cells whose texts fitted nothing and were kept as notes of the thing."""
        told = ((column.key, self._otherwise_told(column)) for column in self.kind.columns)
        return {key: _first(said) for key, said in told if said}

    def _is_variant(self, one: Variant) -> bool:
        if not self.facts.is_a(self.thing, one.type):
            return False
        column = self.kind.column(one.column)
        return iri(one.value) in self.facts.linked(self.thing, column.property)

    def _with_parts(self, key: str, node: Term) -> list[Cells]:
        """Return the cells of the parts of a node, row by row."""
        groups = self.layout.groups[key]
        columns = [self._group_rows(group, node) for group in groups]
        repeated = [group[0].key in self.layout.repeated for group in groups]
        length = max([1, *map(len, columns)])
        return [
            _merged(_at(rows, place, repeated=one) for rows, one in zip(columns, repeated, strict=True))
            for place in range(length)
        ]

    def _group_rows(self, group: Sequence[PartKind], node: Term) -> list[Cells]:
        """Return the cells of parts that belong together, row by row."""
        if len(group) == 1:
            return self._part_rows(group[0], self._instances(group[0], node), node)
        shared = self.layout.shared_column(group)
        dated: dict[str, list[Cells]] = defaultdict(list)
        for part in group:
            for instances in self._by_value(part, node, shared).values():
                (cells, *_) = self._part_rows(part, instances[:1], node)
                dated[cells[shared.key].text if shared.key in cells else ""].append(cells)
        return [_merged(dated[text]) for text in sorted(dated, reverse=True)]

    def _by_value(self, part: PartKind, node: Term, shared: ColumnKind) -> Mapping[str, list[_Instance]]:
        """Return the nodes of a part, newest source first, apart by what they say in a column that is shared."""
        apart: dict[str, list[Term]] = defaultdict(list)
        for one in self._nodes(part, node):
            values = self.facts.values(one, shared.property)
            apart[values[0].value if values else ""].append(one)
        return {value: [_Instance(nodes[0], nodes[1:])] for value, nodes in apart.items()}

    def _part_rows(self, part: PartKind, instances: Sequence[_Instance], node: Term) -> list[Cells]:
        """Return the cells of the nodes of a part with the parts of their own, row by row."""
        rows: list[Cells] = []
        told = [(self._own_cells(part.key, instance), instance) for instance in instances]
        for own, instance in told if part.type in OWN else _without_less(told):
            rows += [{**own, **cells} for cells in self._with_parts(part.key, instance.node)]
        if part.key in self.layout.has_parts:
            rows += [cells for cells in self._with_parts(part.key, node) if cells]
        return rows

    def _instances(self, part: PartKind, node: Term) -> list[_Instance]:
        """Return the nodes of a part that are shown: all of the newest source, which the others may contradict."""
        nodes = self._nodes(part, node)
        if part.type in OWN or not nodes:
            return [_Instance(one) for one in nodes]
        if part.key in self.layout.lists:
            return [_Instance(nodes[0], nodes[1:])]
        newest = self.facts.source_of(nodes[0])
        kept = [one for one in nodes if self.facts.source_of(one) == newest]
        others = [one for one in nodes if one not in kept]
        return [_Instance(one, others) for one in kept]

    def _nodes(self, part: PartKind, node: Term) -> list[Term]:
        """Return the nodes of a part that hold now, those of the newest source first."""
        found = [one for one in self.facts.pointing(part.link, node) if self._is_part(part, one)]
        found.sort()
        return sorted(found, key=lambda one: self.facts.source_of(one).age, reverse=True)

    def _is_part(self, part: PartKind, node: Term) -> bool:
        if not self.facts.is_a(node, part.type):
            return False
        if part.type == MA.AllianceMembership:
            return self.held.is_in_alliance(node)
        if part.type not in OWN and part.link == MA.appliesTo and self._is_over(node):
            return False
        constants = part.constants.items()
        return all(iri(value) in self.facts.linked(node, said) for said, value in constants if said != _UNIT)

    def _is_over(self, node: Term) -> bool:
        return any(self.facts.values(node, end) for end in _ENDS)

    def _own_cells(self, key: str, instance: _Instance) -> Cells:
        """Return the cells of the thing or of a node of a part."""
        cells = ((c.key, self._cell(key, c, instance)) for c in self.layout.columns[key])
        return {key: cell for key, cell in cells if cell}

    def _cell(self, key: str, column: ColumnKind, instance: _Instance) -> HeldCell | None:
        if key in self.layout.lists:
            return self._list_cell(column, [instance.node, *instance.others])
        told = self._told(column, instance.node)
        told += [one for other in instance.others for one in self._told(column, other)]
        if column.datatype == MA.Local and not key:
            return self._identifier_cell(column, told)
        if column.property == SKOS.note:  # remarks do not contradict each other
            return HeldCell(*told[0]) if told else None
        return _first(told) if told else self._name_cell(column)

    def _told(self, column: ColumnKind, node: Term) -> list[tuple[str, HeldSource]]:
        """Return what each source says in a column, the newest first."""
        by_source: dict[HeldSource, list[Term]] = defaultdict(list)
        for one in self._values(column, node):
            by_source[one.source].append(one.value)
        said = ((self._text(column, values), source) for source, values in by_source.items())
        return [(text, source) for text, source in said if text]

    def _values(self, column: ColumnKind, node: Term) -> Iterator[Said]:
        """Yield the values of a column, as far as they may be shown where its cells may be seen."""
        fewer = self.layout.visibility[column.key] != "public"
        said = self._property(column)
        for property_ in filter(None, (said, column.mobile, self._kept_text(column))):
            for one in self.facts.values(node, property_):
                if one.is_restricted or not fewer:
                    yield one

    def _property(self, column: ColumnKind) -> str:
        return self.variant.properties.get(column.key, column.property) if self.variant else column.property

    def _kept_text(self, column: ColumnKind) -> str:
        """Return the property that keeps the texts of a column for which nothing fits, other than notes."""
        return column.otherwise if column.otherwise not in (SKOS.note, column.property) else ""

    def _text(self, column: ColumnKind, values: Sequence[Term]) -> str:
        wanted = in_language(values, self.held.words.language) if not column.language else values
        texts = [text for value in wanted if (text := self.held.words.text(column, value))]
        if column.property == SKOS.note:
            texts = [text for text in texts if not text.startswith(self.held.prefixes)]
        return SEPARATOR.join(sorted(set(texts))) if column.many else next(iter(texts), "")

    def _otherwise_told(self, column: ColumnKind) -> list[tuple[str, HeldSource]]:
        """Return the texts that were kept as notes of the thing, after the name of their column."""
        if column.otherwise != SKOS.note:
            return []
        prefix = f"{column.zh}："
        notes = [one for one in self.facts.values(self.thing, SKOS.note) if not is_iri(one.value)]
        said = [(literal_parts(one.value).lexical, one.source) for one in notes]
        return [(text.removeprefix(prefix), source) for text, source in said if text.startswith(prefix)]

    def _list_cell(self, column: ColumnKind, nodes: Sequence[Term]) -> HeldCell | None:
        """Return the cell of a part whose nodes are the values of one cell, whoever states them."""
        told = [one for node in nodes for one in self._told(column, node)]
        texts = sorted({text for text, _ in told} - {self.held.words.names.label(self.thing, "zh")})
        return HeldCell(SEPARATOR.join(texts), told[0][1]) if texts else None

    def _identifier_cell(self, column: ColumnKind, told: list[tuple[str, HeldSource]]) -> HeldCell | None:
        if column.property == ORG.identifier:
            number = self.held.words.local_id(self.thing)
            source = next((source for text, source in told if text == number), HeldSource(""))
            return HeldCell(number, source) if number else None
        return _first(told) if told else None

    def _name_cell(self, column: ColumnKind) -> HeldCell | None:
        """Return the name of a thing that the sources at hand name only by another one, or not at all."""
        if column.property != SKOS.prefLabel or column.language != "zh" or not column.required or column.on:
            return None
        variants = self.facts.pointing(MA.appliesTo, self.thing)
        said = [one for node in variants for one in self.facts.values(node, SKOSXL.literalForm)]
        texts = [(literal_parts(one.value).lexical, one.source) for one in said]
        label = self.held.words.names.label(self.thing, "zh")
        return _first(texts) if texts else HeldCell(label, HeldSource("")) if label else None


_UNIT = "http://qudt.org/schema/qudt/hasUnit"  # a figure without a unit is a number all the same


def _first(told: Sequence[tuple[str, HeldSource]]) -> HeldCell:
    """Return the cell of what is said first; others are named where they say something else."""
    text, source = told[0]
    others = {other: by for other, by in reversed(told) if other != text}
    return HeldCell(text, source, tuple(reversed(others.items())))


def _without_less(told: Sequence[tuple[Cells, _Instance]]) -> list[tuple[Cells, _Instance]]:
    """Return nodes without those that say nothing that another does not say too."""
    texts = [{(key, cell.text) for key, cell in cells.items()} for cells, _ in told]
    return [
        one
        for place, one in enumerate(told)
        if not any(
            texts[place] < other or (texts[place] == other and before < place)
            for before, other in enumerate(texts)
        )
    ]


def _at(rows: Sequence[Cells], place: int, *, repeated: bool) -> Cells:
    """Return what stands in a place; what is repeated goes on where there is no more."""
    if place >= len(rows):
        return rows[-1] if repeated and rows else {}
    return rows[place]


def _merged(cells: Iterable[Cells]) -> Cells:
    return {key: cell for one in cells for key, cell in one.items()}
