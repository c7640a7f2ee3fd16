"""How the columns and parts of a sheet hang together: what a row of it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from ontology.terms import MA
from ontology.workbook import ColumnKind, PartKind, SheetKind, Visibility

THING = ""
"""The key of the thing of a row, beside those of its parts."""
OWN = frozenset({MA.AllianceMembership, MA.ClinicalDepartment})
"""Classes of parts that are the same whoever states them; of others each source has nodes of its own."""


class SheetLayout:
    """What can be worked out once for all rows of a kind of sheet."""

    def __init__(self, kind: SheetKind) -> None:
        self.kind = kind
        self.columns: Mapping[str, tuple[ColumnKind, ...]] = {
            key: tuple(c for c in kind.columns if (key in c.on if key else not c.on))
            for key in (THING, *(part.key for part in kind.parts))
        }
        self.groups: Mapping[str, tuple[tuple[PartKind, ...], ...]] = {
            key: self._groups(key) for key in self.columns
        }
        self.has_parts = frozenset(part.of for part in kind.parts)
        self.visibility: Mapping[str, Visibility] = {c.key: kind.visibility_of(c.key) for c in kind.columns}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The columns that say which thing a further row is about."""
        named = (
            c for c in self.kind.columns if c.required or c.datatype == MA.Local or c.key in self.kind.unique
        )
        return tuple(column.key for column in named)

    @cached_property
    def repeated(self) -> frozenset[str]:
        """The parts of which further rows say again what the first did: they say which thing a row is about."""
        unique = {key for key in self.kind.unique if self.kind.has_column(key)}
        return frozenset(
            part.key
            for part in self.kind.parts
            if part.always
            or (part.type not in OWN and unique & {column.key for column in self.columns[part.key]})
        )

    @cached_property
    def repeated_columns(self) -> frozenset[str]:
        """The columns of the parts that further rows repeat."""
        return frozenset(column.key for key in self.repeated for column in self.columns[key])

    @cached_property
    def lists(self) -> frozenset[str]:
        """The parts whose nodes are the values of one cell."""
        single = {key: columns for key, columns in self.columns.items() if key and len(columns) == 1}
        return frozenset(key for key, (column,) in single.items() if column.many)

    def shared_column(self, group: Sequence[PartKind]) -> ColumnKind:
        """Return the column that parts which belong together have in common."""
        return next(column for column in self.columns[group[0].key] if len(column.on) > 1)

    def _groups(self, key: str) -> tuple[tuple[PartKind, ...], ...]:
        """Return the parts of the thing or of a part; those that share a column (a date) belong together."""
        groups: list[list[PartKind]] = []
        for part in (one for one in self.kind.parts if one.of == key):
            shared = self._shared(part)
            home = next((group for group in groups if shared & self._shared(group[0])), None)
            if home is None:
                groups.append([part])
            else:
                home.append(part)
        return tuple(map(tuple, groups))

    def _shared(self, part: PartKind) -> set[str]:
        return {column.key for column in self.columns[part.key] if len(column.on) > 1}
