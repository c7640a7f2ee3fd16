"""How things are shown, as data: what names them, words for borrowed terms, facts that a reader expects."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ontology.prefixes import PREFIXES

FILE = Path(__file__).parent / "display.toml"

Labels = Mapping[str, str]
"""Texts by language."""


@dataclass(frozen=True)
class Expected:
    """One fact that a reader expects of a kind of thing, and what shows that it is known."""

    labels: Labels
    outgoing: tuple[str, ...] = ()
    incoming: tuple[str, ...] = ()
    indicator: str = ""
    identifier: str = ""
    ask: str = ""


@dataclass(frozen=True)
class Display:
    """The table ``display.toml`` with full IRIs.

    Attributes:
        prefixes: short name of a vocabulary to the beginning of its IRIs.
        properties: role of a property on a page (label, alias, identifier, …) to the properties that play it.
        unstated: indicators that count what the source leaves without a class.
        plain_units: units that a number carries without saying so.
        families: class to family, the most telling class first.
        names: class to the parts, each of several properties, that make up the name of a node without a label.
        wording: how a number reads as part of such a name.
        labels: words for terms that other vocabularies define.
        incoming: headings of relations seen from the other end.
        expected: class to what a reader expects of it.
    """

    prefixes: Mapping[str, str]
    properties: Mapping[str, tuple[str, ...]]
    unstated: frozenset[str]
    plain_units: frozenset[str]
    families: Mapping[str, str]
    names: Mapping[str, tuple[tuple[str, ...], ...]]
    wording: Mapping[str, Labels]
    labels: Mapping[str, Labels]
    incoming: Mapping[str, Labels]
    expected: Mapping[str, tuple[Expected, ...]]

    def role(self, *names: str) -> frozenset[str]:
        """Return the properties that play any of these roles on a page."""
        return frozenset(iri for name in names for iri in self.properties[name])

    def main_kind(self, kinds: Iterable[str]) -> str:
        """Return the class that tells most of a thing (empty when it has none)."""
        held = set(kinds)
        return next((kind for kind in self.families if kind in held), min(held, default=""))

    def compact(self, name: str) -> str:
        """Return an IRI as ``prefix:local`` where a prefix fits, else as it is."""
        for prefix, start in self.prefixes.items():
            if name.startswith(start) and (local := name.removeprefix(start)).replace("-", "").isalnum():
                return f"{prefix}:{local}"
        return name

    @property
    def family_order(self) -> tuple[str, ...]:
        """All families, the most telling first."""
        return (*dict.fromkeys(self.families.values()), "other")

    def family(self, kind: str) -> str:
        """Return the family of a class; everything unknown is ``other``."""
        return self.families.get(kind, "other")


@cache
def display() -> Display:
    """Return the packaged table."""
    return read_display(FILE)


def read_display(file: Path) -> Display:
    """Return the table that a file holds.

    Raises:
        KeyError: a name uses a prefix that the table does not declare.
    """
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    prefixes: dict[str, str] = {**PREFIXES, **table["prefix"]}

    def full(name: str) -> str:
        prefix, _, local = name.partition(":")
        return prefixes[prefix] + local

    def all_full(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(full(name) for name in names)

    def expected(row: Mapping[str, str | list[str]]) -> Expected:
        return Expected(
            labels={"zh": str(row["zh"]), "en": str(row["en"])},
            outgoing=all_full(row.get("out", ())),
            incoming=all_full(row.get("in", ())),
            indicator=full(str(row["indicator"])) if "indicator" in row else "",
            identifier=full(str(row["identifier"])) if "identifier" in row else "",
            ask=str(row.get("ask", "")),
        )

    return Display(
        prefixes=prefixes,
        properties={role: all_full(names) for role, names in table["properties"].items()},
        unstated=frozenset(all_full(table["indicators"]["unstated"])),
        plain_units=frozenset(all_full(table["units"]["plain"])),
        families={full(kind): family for family, kinds in table["family"].items() for kind in kinds},
        names={full(kind): tuple(map(all_full, parts)) for kind, parts in table["name"].items()},
        wording={full(name): words for name, words in table["wording"].items()},
        labels={full(name): labels for name, labels in table["label"].items()},
        incoming={full(name): labels for name, labels in table["incoming"].items()},
        expected={full(kind): tuple(map(expected, rows)) for kind, rows in table["expected"].items()},
    )
