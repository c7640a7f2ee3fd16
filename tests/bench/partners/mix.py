"""The partner mix: kinds of queries with their weights, and texts with values drawn from the data.

Values are RDF terms as N-Triples writes them, so whatever a label holds stays inside its quotes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from graph.quads import Term, iri_value, literal, text_of

HERE = Path(__file__).parent
DATE = "http://www.w3.org/2001/XMLSchema#date"
_BLANK = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Kind:
    """One kind of query: its name, share of a hundred requests, title by language, text with blanks, and the address
    at which our server answers the same question from what it keeps (empty: none)."""

    name: str
    weight: int
    titles: Mapping[str, str]
    text: str
    service: str = ""

    @property
    def blanks(self) -> list[str]:
        """The names of its blanks, each once, in the order of the text."""
        return list(dict.fromkeys(_BLANK.findall(self.text)))

    @property
    def is_graph(self) -> bool:
        """Whether the answer is a graph, not rows."""
        return bool(re.search(r"^(CONSTRUCT|DESCRIBE)\b", self.text, re.MULTILINE))


@dataclass(frozen=True)
class Asked:
    """A query ready to be sent, and the address of the same question at our server."""

    kind: str
    text: str
    service: str = ""


def kinds(folder: Path = HERE) -> list[Kind]:
    """Return the kinds of the mix in the order of its file."""
    return [
        Kind(
            name,
            said["weight"],
            {language: said[language] for language in ("zh", "en")},
            without_comments((folder / "kinds" / f"{name}.rq").read_text("utf-8")),
            said.get("service", ""),
        )
        for name, said in _file(folder)["kind"].items()
    ]


def without_comments(text: str) -> str:
    """Return a query without its lines of comment, which a program would not send."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))


def filled(kind: Kind, values: Mapping[str, Term]) -> Asked:
    """Return a query of this kind about these values."""
    text = _BLANK.sub(lambda blank: values[blank[1]], kind.text)
    service = _BLANK.sub(lambda blank: quote(_plain(blank[1], values[blank[1]]), safe=""), kind.service)
    return Asked(kind.name, text, service)


def _plain(name: str, term: Term) -> str:
    if term.startswith("<"):
        value = iri_value(term)
        # The lists name a concept by its last part.
        return value.rpartition("/")[2] if name == "role" else value
    return text_of(term) if term.startswith('"') else term


class Pools:
    """What blanks are filled with: values that the data holds, or lie in a range."""

    def __init__(self, select: Callable[[str], Iterator[Term]], folder: Path = HERE) -> None:
        """Read the pools.

        Args:
            select: returns the values of ``?value`` that a query finds.
            folder: holds ``mix.toml`` and ``pools``.
        """
        self._ranges: dict[str, dict[str, Any]] = _file(folder)["range"]
        self._held = {
            file.stem: sorted(select(without_comments(file.read_text("utf-8"))))
            for file in sorted((folder / "pools").glob("*.rq"))
        }

    def drawn(self, name: str, chance: Random) -> Term:
        """Return a value of a pool."""
        if name in self._held:
            return chance.choice(self._held[name])
        low, high = self._ranges[name]["from"], self._ranges[name]["to"]
        if isinstance(low, date):
            day = low + timedelta(days=chance.randint(0, (high - low).days))
            return literal(day.isoformat(), datatype=DATE)
        return str(chance.randint(low, high)) if isinstance(low, int) else f"{chance.uniform(low, high):.4f}"


class Questions:
    """Queries of each kind, no text twice."""

    def __init__(self, pools: Pools, seed: int, folder: Path = HERE) -> None:
        self.kinds, self._pools, self._chance = kinds(folder), pools, Random(seed)
        self._seen: set[str] = set()

    @cached_property
    def _by_name(self) -> dict[str, Kind]:
        return {kind.name: kind for kind in self.kinds}

    def fresh(self, name: str, number: int) -> list[Asked]:
        """Return so many queries of a kind that were not returned before; fewer when the data gives no more."""
        kind, found = self._by_name[name], []
        for _ in range(number * 20 + 200):
            if len(found) == number:
                break
            asked = filled(kind, {blank: self._pools.drawn(blank, self._chance) for blank in kind.blanks})
            if asked.text not in self._seen:
                self._seen.add(asked.text)
                found.append(asked)
        return found

    def repeated(self, pool: Sequence[Asked], number: int) -> list[Asked]:
        """Return so many draws from a pool: the k-th is asked in proportion to 1/k (Zipf)."""
        bounds = list(accumulate(1 / rank for rank in range(1, len(pool) + 1)))
        return self._chance.choices(pool, cum_weights=bounds, k=number)


def _file(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "mix.toml").read_text("utf-8"))
