"""The query library: every question the product answers is a file in ``ontology/queries``.

A file opens with comment lines that give its title and purpose in both languages and name its parameters; the
query below runs as it stands, on the example values written in its ``VALUES`` blocks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

QUERIES = Path(__file__).parent / "queries"

_HEADER = re.compile(r"#\s*(title|purpose)@(zh|en):\s*(.+)")
_PARAMETER = re.compile(r"#\s*parameter\s+(\w+)\s+\((iri|text|integer|date|boolean)\):\s*(.+?)\s*\|\s*(.+)")
_BLANK = re.compile(r"VALUES \?(\w+) \{[^{}]*\}")


class UnknownQuery(KeyError):
    """No file of the library has this name."""


@dataclass(frozen=True)
class Parameter:
    """A blank of a question: its variable name, kind of value (iri, text, integer, date, boolean) and title."""

    name: str
    kind: str
    title: Mapping[str, str]


@dataclass(frozen=True)
class Query:
    """One question: its name, title and purpose by language, parameters, and SPARQL text."""

    name: str
    title: Mapping[str, str]
    purpose: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    text: str

    def bound(self, values: Mapping[str, str | Sequence[str]]) -> str:
        """Return the query with its blanks filled.

        Args:
            values: parameter name to one RDF term in N-Triples syntax, or to several. Parameters left out
                keep their example values.

        Raises:
            KeyError: a name is not a parameter of this query.
        """
        unknown = values.keys() - {parameter.name for parameter in self.parameters}
        if unknown:
            raise KeyError(sorted(unknown)[0])

        # One pass over the file's own text: what is filled in is never looked at again.
        def filled(block: re.Match[str]) -> str:
            name = block[1]
            if name not in values:
                return block[0]
            terms = values[name]
            return f"VALUES ?{name} {{ {terms if isinstance(terms, str) else ' '.join(terms)} }}"

        return _BLANK.sub(filled, self.text)


def query(name: str) -> Query:
    """Return the question of a name; raises UnknownQuery."""
    try:
        return queries()[name]
    except KeyError:
        raise UnknownQuery(name) from None


@cache
def queries() -> Mapping[str, Query]:
    """Return all questions by name."""
    return {file.stem: read_query(file) for file in sorted(QUERIES.glob("*.rq"))}


def read_query(file: Path) -> Query:
    """Return the question that a file holds.

    Raises:
        ValueError: the title or the purpose is missing in a language.
    """
    text = file.read_text(encoding="utf-8")
    said = {(key, language): value.strip() for key, language, value in _HEADER.findall(text)}
    missing = [f"{k}@{lang}" for k in ("title", "purpose") for lang in ("zh", "en") if (k, lang) not in said]
    if missing:
        raise ValueError(f"{file.name} lacks {', '.join(missing)}")
    return Query(
        name=file.stem,
        title={lang: said["title", lang] for lang in ("zh", "en")},
        purpose={lang: said["purpose", lang] for lang in ("zh", "en")},
        parameters=tuple(
            Parameter(name, kind, {"zh": zh.strip(), "en": en.strip()})
            for name, kind, zh, en in _PARAMETER.findall(text)
        ),
        text=text,
    )
