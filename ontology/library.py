"""The query library: every question the product answers is a file in ``ontology/queries``.

A file opens with comment lines that give its title and purpose in both languages and name its parameters; the
query below runs as it stands, on the example values written in its ``VALUES`` blocks. For example::

    # audience: partner 9
    # parameter member (iri of org:Organization): 单位 | unit
    # parameter role (concept of membership-role, optional, several): 角色 | role
    # parameter date (date, default today): 日期 | date

A file that names an audience is a question that people and partners ask by name; the others are the program's own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ontology.prefixes import PREFIXES

QUERIES = Path(__file__).parent / "queries"
PARTNERS = Path(__file__).parent / "partner-questions.toml"

KINDS = ("iri", "concept", "area", "text", "integer", "number", "date", "instant", "boolean")
"""What the value of a parameter can be: a thing, a concept of a scheme, an area by its code, or a plain value."""
AUDIENCES = ("partner", "coordinator", "trainee")

UNDEF = "UNDEF"
"""What a blank holds that nothing was given for: any value fits."""

_HEADER = re.compile(r"#\s*(title|purpose)@(zh|en):\s*(.+)")
_AUDIENCE = re.compile(r"^#\s*audience:\s*(.+)$", re.MULTILINE)
_PARAMETER = re.compile(r"#\s*parameter\s+(\w+)\s+\(([^)]+)\):\s*(.+?)\s*\|\s*(.+)")
_BLANK = re.compile(r"VALUES \?(\w+) \{[^{}]*\}")
_FORM = re.compile(r"^[ \t]*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b([^{]*)", re.MULTILINE)
_SELECTED = re.compile(r"[()]|\bAS\s+\?(\w+)|\?(\w+)")


class UnknownQuery(KeyError):
    """No file of the library has this name."""


@dataclass(frozen=True)
class Parameter:
    """A blank of a question.

    Attributes:
        name: its variable.
        kind: one of ``KINDS``.
        title: what it is called, by language.
        of: of a thing, the class that it belongs to (an IRI); of a concept, the name of its scheme; empty: any.
        is_optional: whether it may be left out: any value fits then.
        is_many: whether several values may be given, each of which fits.
        default: what counts when nothing is given, as an address writes it; ``today`` for dates.
    """

    name: str
    kind: str
    title: Mapping[str, str]
    of: str = ""
    is_optional: bool = False
    is_many: bool = False
    default: str = ""

    @property
    def is_required(self) -> bool:
        """Whether a value has to be given."""
        return not (self.is_optional or self.default)

    @property
    def is_chosen(self) -> bool:
        """Whether there is a list of values to choose from."""
        return self.kind in ("concept", "area") or (self.kind == "iri" and bool(self.of))


@dataclass(frozen=True)
class Audience:
    """Who asks a question (one of ``AUDIENCES``), and its number in their list of questions."""

    name: str
    number: int


@dataclass(frozen=True)
class Query:
    """One question: its name, title and purpose by language, parameters, SPARQL text, and who asks it."""

    name: str
    title: Mapping[str, str]
    purpose: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    text: str
    audiences: tuple[Audience, ...] = ()

    @property
    def form(self) -> str:
        """SELECT, ASK, CONSTRUCT or DESCRIBE."""
        return self._head[1]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the variables that a SELECT query gives, in order; empty for other forms."""
        return tuple(_selected(self._head[2])) if self.form == "SELECT" else ()

    def split(self, text: str) -> tuple[str, str]:
        """Return the prologue (header and prefixes) and the rest of this query with its blanks filled."""
        start = self._head.start()
        return text[:start], text[start:]

    @property
    def _head(self) -> re.Match[str]:
        found = _FORM.search(self.text)
        if not found:
            raise ValueError(f"{self.name} is no query")
        return found

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


@cache
def offered() -> Mapping[str, Query]:
    """Return the questions that somebody asks by name, those of partners first, each list in its order."""
    asked = [one for one in queries().values() if one.audiences]
    return {one.name: one for one in sorted(asked, key=_place)}


@dataclass(frozen=True)
class PartnerQuestion:
    """What partner systems ask, and how it is answered.

    Attributes:
        number: its number in the list.
        title: the question, by language.
        queries: the questions of the library that answer it.
        addresses: other addresses that answer it.
        later: what there is instead, by language, where it is not answered yet; empty when it is.
    """

    number: int
    title: Mapping[str, str]
    queries: tuple[str, ...]
    addresses: tuple[str, ...]
    later: Mapping[str, str]


def partner_questions() -> tuple[PartnerQuestion, ...]:
    """Return what partner systems ask, in order."""
    listed = tomllib.loads(PARTNERS.read_text(encoding="utf-8"))
    return tuple(
        PartnerQuestion(
            number=int(number),
            title={"zh": said["zh"], "en": said["en"]},
            queries=tuple(
                one.name for one in offered().values() if Audience("partner", int(number)) in one.audiences
            ),
            addresses=tuple(said.get("at", ())),
            later=said.get("later", {}),
        )
        for number, said in listed.items()
    )


def _place(one: Query) -> tuple[int, int, str]:
    return min((AUDIENCES.index(who.name), who.number, one.name) for who in one.audiences)


def read_query(file: Path) -> Query:
    """Return the question that a file holds.

    Raises:
        ValueError: the title or the purpose is missing in a language, or the header says what nobody understands.
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
            _parameter(name, type_, {"zh": zh.strip(), "en": en.strip()})
            for name, type_, zh, en in _PARAMETER.findall(text)
        ),
        text=text,
        audiences=tuple(
            _audience(one) for listed in _AUDIENCE.findall(text) for one in listed.split(",") if one.strip()
        ),
    )


def _parameter(name: str, type_: str, title: Mapping[str, str]) -> Parameter:
    """Return a parameter of a type such as ``concept of level, optional``."""
    first, *rest = (part.strip() for part in type_.split(","))
    kind, _, of = (part.strip() for part in first.partition(" of "))
    default = next((part.removeprefix("default ") for part in rest if part.startswith("default ")), "")
    wrong = [part for part in rest if part not in ("optional", "several") and not part.startswith("default ")]
    if kind not in KINDS or wrong or (of and kind not in ("iri", "concept")):
        raise ValueError(f"parameter {name} ({type_})")
    return Parameter(
        name,
        kind,
        title,
        of=_expanded(of) if kind == "iri" else of,
        is_optional="optional" in rest,
        is_many="several" in rest,
        default=default,
    )


def _audience(text: str) -> Audience:
    name, _, number = text.strip().partition(" ")
    if name not in AUDIENCES:
        raise ValueError(f"audience: {text}")
    return Audience(name, int(number))


def _expanded(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon else name


def _selected(head: str) -> Iterator[str]:
    """Yield the variables between SELECT and the pattern, those inside expressions left out."""
    depth = 0
    for token in _SELECTED.finditer(head):
        if token[0] in "()":
            depth += 1 if token[0] == "(" else -1
        elif depth == 1 and token[1]:
            yield token[1]
        elif depth == 0 and token[2]:
            yield token[2]
