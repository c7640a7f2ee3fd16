"""Recognition: which sheet of the workbook a table is, and which column each of its heads names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import permutations
from typing import Literal, NamedTuple

from graph.closeness import likeness
from graph.imports.cells import shown
from graph.imports.identifiers import is_identity_number
from graph.imports.numbers import COUNTING, SAME_UNIT
from graph.imports.options import TableChoice
from graph.imports.remarks import Remark, Severity
from graph.imports.table import Header, Table
from ontology.workbook import (
    VISIBILITIES,
    ColumnKind,
    SheetKind,
    Visibility,
    Workbook,
    folded,
    strictest,
    workbook,
)

RecognisedBy = Literal["name", "alias", "remembered", "chosen", "none", "ignored", "refused"]

NEAR = 55
"""Names less alike than this, of 100, are no suggestion."""
MOST_SUGGESTIONS = 3
DOUBTED_SHARE = 0.5
"""A table of which a smaller share of heads is known, and that bears no known name, is not recognised by itself."""

_BRACKETS = re.compile(r"[（(\[【]([^（）()\[\]【】]*)[）)\]】]")
_SAMPLE = 3
_ABOUT_PEOPLE = ("patient-", "person-")
"""How the codes of remarks begin that refuse a table because it is about single people."""
_IDENTITY_LENGTH = 18
_NAME, _ALIAS, _WITHOUT_UNIT, _PART = 4, 3, 2, 1


@dataclass(frozen=True)
class RecognisedColumn:
    """What a column of a table is.

    Attributes:
        column: column of the sheet, from 1.
        index: which cell of a row it is, from 0.
        heading: its head as it stands.
        key: key of the column in the workbook (empty: it is not used).
        recognised_by: how that was told.
        visibility: who may see what it holds.
        suggestions: keys of columns that its head resembles, where it names none.
        filled: how many of its cells are not empty.
        sample: its first different cells.
    """

    column: int
    index: int
    heading: str
    key: str = ""
    recognised_by: RecognisedBy = "none"
    visibility: Visibility = "public"
    suggestions: tuple[str, ...] = ()
    filled: int = 0
    sample: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recognition:
    """What a table is.

    Attributes:
        table: key of the table.
        kind: key of the sheet of the workbook (empty: none fits).
        recognised_by: ``name`` of the sheet or a title, ``heads``, ``chosen`` by a person, or ``none``.
        columns: its columns, from the left.
        remarks: what is to be said about it.
        used: whether its rows count.
        suggested: keys of the sheets that it may be, the likeliest first, where none was recognised.
    """

    table: str
    kind: str
    recognised_by: Literal["name", "heads", "chosen", "none"]
    columns: tuple[RecognisedColumn, ...]
    remarks: tuple[Remark, ...] = ()
    used: bool = True
    suggested: tuple[str, ...] = ()

    def of(self, key: str) -> RecognisedColumn | None:
        """Return the first column of a key."""
        return next((column for column in self.columns if column.key == key), None)

    def visibility(self) -> Mapping[str, Visibility]:
        """Return who may see each used column, by its key."""
        found: dict[str, Visibility] = {}
        for column in self.columns:
            if column.key:
                found[column.key] = strictest((column.visibility, found.get(column.key, "public")))
        return found

    def choices(self) -> Mapping[str, str]:
        """Return what a person chose or confirmed, to be remembered: head, as ``folded``, to the key of a column."""
        return {
            folded(column.heading): column.key
            for column in self.columns
            if column.recognised_by in ("chosen", "remembered")
        }


class _Claim(NamedTuple):
    key: str
    by: RecognisedBy
    strength: int


@dataclass(frozen=True)
class _Head:
    """One head with what stands below it."""

    header: Header
    index: int
    filled: int
    sample: tuple[str, ...]

    @property
    def text(self) -> str:
        return self.header.text

    @cached_property
    def unit(self) -> str:
        """What stands in brackets at the end of the head."""
        found = _BRACKETS.findall(self.text)
        return folded(found[-1]) if found else ""

    @cached_property
    def spellings(self) -> tuple[tuple[str, int], ...]:
        """What the head may be called, and how far that can be trusted."""
        whole, bare = folded(self.text), folded(_BRACKETS.sub("", self.text))
        parts = [folded(_BRACKETS.sub("", part)) for part in re.split(r"[\s/]+", self.text) if part]
        joined = ["".join(way) for way in permutations(parts)] if 2 <= len(parts) <= 3 else []
        ranked = [(whole, _NAME), (bare, _WITHOUT_UNIT)]
        ranked += [(text, _WITHOUT_UNIT) for text in joined]
        ranked += [(text, _PART) for text in reversed(parts) if len(parts) > 1]
        best: dict[str, int] = {}
        for text, strength in ranked:
            best.setdefault(text, strength)
        return tuple(sorted(best.items(), key=lambda pair: -pair[1]))


def recognised(
    table: Table,
    remembered: Mapping[str, str] | None = None,
    choice: TableChoice | None = None,
    book: Workbook | None = None,
) -> Recognition:
    """Return what a table is.

    Args:
        table: the table.
        remembered: heads, as ``folded``, to the column (empty: none) that they once were said to name.
        choice: what a person says of the table; it goes before everything else.
        book: the sheets and columns that there are.
    """
    return _Recogniser(table, remembered or {}, choice, book or workbook()).recognition()


def is_heading(text: str) -> bool:
    """Tell whether a text is the head of a known column; for finding tables."""
    return folded(text) in workbook().heads or folded(_BRACKETS.sub("", text)) in workbook().heads


@dataclass
class _Recogniser:
    table: Table
    remembered: Mapping[str, str]
    choice: TableChoice | None
    book: Workbook
    remarks: list[Remark] = field(default_factory=list)

    def recognition(self) -> Recognition:
        heads = [self._head(index, header) for index, header in enumerate(self.table.headers)]
        kind, by, suggested = self._kind(heads)
        columns = self._columns(heads, kind)
        is_refused = self._about_patients(heads) or self._about_persons(heads)
        is_whole = not is_refused and self._checked(columns, kind, suggested)
        if is_refused:
            columns = [replace(column, sample=()) for column in columns]
            self.remarks = [remark for remark in self.remarks if remark.code.startswith(_ABOUT_PEOPLE)]
        return Recognition(
            table=self.table.key,
            kind=kind.key if kind else "",
            recognised_by=by,
            columns=tuple(columns),
            remarks=tuple(self.remarks),
            used=is_whole and bool(kind) and self._wanted(),
            suggested=suggested,
        )

    def _head(self, index: int, header: Header) -> _Head:
        filled, sample = 0, dict[str, None]()
        for row in self.table.rows:
            cell = row.cells[index] if index < len(row.cells) else None
            if cell is None or cell == "":
                continue
            filled += 1
            if len(sample) < _SAMPLE:
                sample[shown(cell)[:80]] = None
        return _Head(header, index, filled, tuple(sample))

    def _wanted(self) -> bool:
        return self.choice.used if self.choice else not self.table.hidden

    # Which sheet

    def _kind(
        self, heads: Sequence[_Head]
    ) -> tuple[SheetKind | None, Literal["name", "heads", "chosen", "none"], tuple[str, ...]]:
        if self.choice and self.book.has_sheet(self.choice.kind):
            return self.book.sheet(self.choice.kind), "chosen", ()
        telling = [head for head in heads if head.filled and not self._is_ignored(head)] or heads
        scored = [(self._score(sheet, telling), sheet) for sheet in self.book.sheets]
        (_, named), sheet = max(scored, key=lambda pair: pair[0])
        known = self._known(sheet, telling)
        if known and (named or known / len(telling) >= DOUBTED_SHARE) and self._has_required(sheet, telling):
            return sheet, "name" if named else "heads", ()
        ranked = sorted(scored, key=lambda pair: pair[0], reverse=True)
        return None, "none", tuple(sheet.key for (score, _), sheet in ranked if score > 0)[:MOST_SUGGESTIONS]

    def _score(self, sheet: SheetKind, heads: Sequence[_Head]) -> tuple[int, int]:
        """Return how well a table fits a sheet, and the length of the name of the sheet that it bears."""
        known, named = self._known(sheet, heads), self._named(sheet)
        required = 2 if self._has_required(sheet, heads) else 0
        return (known + required + bool(named) if known else 0, named)

    def _known(self, sheet: SheetKind, heads: Sequence[_Head]) -> int:
        return len({claim.key for head in heads if (claim := self._claim(head, sheet)) and claim.key})

    def _has_required(self, sheet: SheetKind, heads: Sequence[_Head]) -> bool:
        keys = {claim.key for head in heads if (claim := self._claim(head, sheet))}
        return all(column.key in keys for column in sheet.columns if column.required)

    def _named(self, sheet: SheetKind) -> int:
        """Return the length of the longest name of a sheet that stands on the table (0: none)."""
        titles = [folded(title) for title in (self.table.sheet, *self.table.titles)]
        lengths = [0]
        for word in map(folded, sheet.words):
            if any(title == word for title in titles) or (
                len(word) > 3 and any(word in title for title in titles)
            ):
                lengths.append(len(word))
        return max(lengths)

    # Which columns

    def _columns(self, heads: Sequence[_Head], kind: SheetKind | None) -> list[RecognisedColumn]:
        claims = {head.index: self._settled(head, kind) for head in heads}
        if kind:
            self._one_each(heads, claims, kind)
        return [self._column(head, claims[head.index], kind) for head in heads]

    def _settled(self, head: _Head, kind: SheetKind | None) -> _Claim:
        """Return what a head names: refused, as a person said, ignored, or as it is called."""
        if self._is_refused(head):
            return _Claim("", "refused", 0)
        if kind and self.choice and head.header.column in self.choice.columns:
            key = self.choice.columns[head.header.column]
            return _Claim(key if kind.has_column(key) else "", "chosen", _NAME + 2)
        if (
            kind
            and (key_ := self.remembered.get(folded(head.text))) is not None
            and (not key_ or kind.has_column(key_))
        ):
            return _Claim(key_, "remembered", _NAME + 1)
        if self._is_ignored(head):
            return _Claim("", "ignored", 0)
        return (self._claim(head, kind) if kind else None) or _Claim("", "none", 0)

    def _claim(self, head: _Head, sheet: SheetKind) -> _Claim | None:
        """Return the column that a head names by itself."""
        for text, strength in head.spellings:
            column = sheet.called(text) if text else None
            if column and not self._is_ignored(head):
                is_name = strength == _NAME and text in (folded(column.zh), folded(column.en))
                return _Claim(
                    column.key, "name" if is_name else "alias", strength if is_name else min(strength, _ALIAS)
                )
        return None

    def _one_each(self, heads: Sequence[_Head], claims: dict[int, _Claim], kind: SheetKind) -> None:
        """Leave each column to the head that names it best; columns of several values may have several heads."""
        for column in kind.columns:
            rivals = [head for head in heads if claims[head.index].key == column.key]
            if len(rivals) < 2 or column.many:
                continue
            best = max(rivals, key=lambda head: (claims[head.index].strength, head.filled > 0, -head.index))
            for head in rivals:
                if head is not best:
                    claims[head.index] = _Claim("", "none", 0)
                    if head.filled:
                        said = {"column_name": column.labels, "other": best.text}
                        self._remark("column-claimed-twice", "warning", head, said)

    def _column(self, head: _Head, claim: _Claim, kind: SheetKind | None) -> RecognisedColumn:
        column = kind.column(claim.key) if kind and claim.key else None
        suggestions: tuple[str, ...] = ()
        if column and self._is_in_other_unit(head, column):
            self._remark(
                "column-other-unit", "error", head, {"unit": head.unit, "column_name": column.labels}
            )
            claim, column = _Claim("", "none", 0), None
        elif kind and claim.by == "none" and head.filled:
            suggestions = self._suggestions(head, kind)
            self._unused(head, kind, suggestions)
        return RecognisedColumn(
            column=head.header.column,
            index=head.index,
            heading=head.text,
            key=claim.key,
            recognised_by=claim.by,
            visibility=self._visibility(kind, claim.key),
            suggestions=suggestions,
            filled=head.filled,
            sample=head.sample,
        )

    def _visibility(self, kind: SheetKind | None, key: str) -> Visibility:
        if not kind or not key:
            return "internal"
        chosen = self.choice.visibility.get(key) if self.choice else None
        stricter = [visibility for visibility in VISIBILITIES if visibility == chosen]
        return strictest((kind.visibility_of(key), *stricter))

    def _suggestions(self, head: _Head, kind: SheetKind) -> tuple[str, ...]:
        said = folded(_BRACKETS.sub("", head.text))
        scores = {
            column.key: max(likeness(said, folded(word)) for word in column.words) for column in kind.columns
        }
        near = sorted((key for key in scores if scores[key] >= NEAR), key=lambda key: -scores[key])
        return tuple(near[:MOST_SUGGESTIONS])

    def _unused(self, head: _Head, kind: SheetKind, suggestions: Sequence[str]) -> None:
        if any(remark.column == head.header.column for remark in self.remarks):
            return
        labels = [kind.column(key).labels for key in suggestions]
        near = {"zh": "、".join(one["zh"] for one in labels), "en": ", ".join(one["en"] for one in labels)}
        self._remark("column-unused-near" if labels else "column-unused", "warning", head, {"nearest": near})

    def _is_in_other_unit(self, head: _Head, column: ColumnKind) -> bool:
        """Tell whether the brackets of a head name a unit that the column is not in: 费用（万元）."""
        if column.kind not in ("integer", "decimal") or not head.unit:
            return False
        return head.unit in _UNITS and head.unit not in _units_of(column)

    def _is_ignored(self, head: _Head) -> bool:
        return folded(head.text) in {folded(word) for word in self.book.cells.ignored}

    # What must not be, and what must

    def _is_refused(self, head: _Head) -> bool:
        said = folded(head.text)
        return any(
            word == said or (len(word) > 2 and word in said) for word in map(folded, self.book.cells.refused)
        )

    def _checked(
        self,
        columns: Sequence[RecognisedColumn],
        kind: SheetKind | None,
        suggested: Sequence[str],
    ) -> bool:
        """Add what is to be said of the table as a whole; tell whether it can be used."""
        if self.table.hidden:
            self._remark("sheet-hidden", "warning", None, {})
        if not kind:
            sheets = [self.book.sheet(key).labels for key in suggested]
            names = {
                "zh": "、".join(one["zh"] for one in sheets),
                "en": ", ".join(one["en"] for one in sheets),
            }
            self._remark(
                "sheet-unknown-near" if sheets else "sheet-unknown", "warning", None, {"sheets": names}
            )
            return False
        missing = [
            c for c in kind.columns if c.required and not any(column.key == c.key for column in columns)
        ]
        for column in missing:
            others = {
                "zh": "、".join(column.words[:1] + column.aliases[:3]),
                "en": f"{column.en}, {column.zh}",
            }
            said = {"column_name": column.labels, "others": others, "kind": kind.labels}
            self._remark("column-missing", "error", None, said)
        return not missing

    def _about_patients(self, heads: Sequence[_Head]) -> bool:
        """Remark columns about single patients; tell whether there are any."""
        refused = [head for head in heads if self._is_refused(head)]
        for head in refused:
            self._remark("patient-column", "error", head, {})
        numbers = [] if refused else list(self._identity_numbers(heads))
        for head in numbers:
            self._remark("patient-identity-numbers", "error", head, {})
        words = {folded(word) for word in self.book.cells.patient_register}
        register = [head for head in heads if folded(_BRACKETS.sub("", head.text)) in words]
        if not refused and not numbers and len(register) > 1:
            self._remark(
                "patient-register", "error", None, {"heads": "、".join(head.text for head in register)}
            )
        return bool(refused or numbers or len(register) > 1)

    def _about_persons(self, heads: Sequence[_Head]) -> bool:
        """Remark that a table is about single persons; tell whether it is."""
        words = self.book.cells
        names, more = (
            [head for head in heads if folded(_BRACKETS.sub("", head.text)) in set(map(folded, listed))]
            for listed in (words.person_names, words.personal)
        )
        if names and more:
            said = {"heads": "、".join(head.text for head in (*names, *more))}
            self._remark("person-register", "error", None, said)
        return bool(names and more)

    def _identity_numbers(self, heads: Sequence[_Head]) -> Iterator[_Head]:
        found = {
            index
            for row in self.table.rows
            for index, cell in enumerate(row.cells)
            if isinstance(cell, str) and len(cell) >= _IDENTITY_LENGTH and is_identity_number(cell)
        }
        return (head for head in heads if head.index in found)

    def _remark(self, code: str, severity: Severity, head: _Head | None, said: Mapping[str, object]) -> None:
        self.remarks.append(
            Remark(
                code,
                severity,
                file=self.table.file,
                sheet=self.table.sheet,
                table=self.table.key,
                row=self.table.header_row if head else 0,
                column=head.header.column if head else 0,
                heading=head.text if head else "",
                value=head.text if head else "",
                said=said,
            )
        )


def _units_of(column: ColumnKind) -> frozenset[str]:
    own = folded(found[-1]) if (found := _BRACKETS.findall(column.zh)) else ""
    return frozenset(
        {own, *map(folded, SAME_UNIT.get(own, ()))} | (COUNTING if not own or own not in _UNITS else set())
    )


_UNITS = frozenset(
    (
        *COUNTING,
        *(folded(unit) for units in SAME_UNIT.values() for unit in units),
        *(
            "万元",
            "千元",
            "百万元",
            "亿元",
            "美元",
            "万人",
            "年",
            "天",
            "日",
            "周",
            "星期",
            "小时",
            "秒",
            "米",
            "里",
            "%",
            "‰",
        ),
    )
)
