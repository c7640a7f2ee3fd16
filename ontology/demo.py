"""The illustrative network: an invented alliance, written from the tables in ``ontology/data/demo``.

Each folder there is one source graph. A row is a node and a column one property; how its values are written stands
in the header after the property: nothing for plain text, ``@zh`` for a text in that language, ``date`` for a year,
month or day as long as the text, ``integer`` and the like for a datatype, ``iri`` for a CURIE, and a path such as
``vocab/status`` for names below it. ``|`` parts several values. The first header is the path that the rows are named
below. Every node is flagged as illustrative, and a row that has a basis is derived from the document of its table.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from ontology.areas import DATA
from ontology.packaged import BASE, PackagedGraph
from ontology.prefixes import PREFIXES
from ontology.terms import MA, PROV, RDF, SKOSXL, XSD

TABLES = DATA / "demo"
"""Where the tables are: ``documents.csv``, and a folder of tables for each document."""

DOCUMENT = f"{BASE}source/demo/"
"""What the invented documents, and so their graphs, are named under."""

_Q = TypeVar("_Q", bound=Sequence[str])
_PREFIXES = {**PREFIXES, "skosxl": SKOSXL.literalForm.removesuffix("literalForm")}
_DATES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
_DATATYPES = {
    "boolean": XSD.boolean,
    "dateTime": XSD.dateTime,
    "decimal": XSD.decimal,
    "gYear": XSD.gYear,
    "integer": XSD.integer,
    "local": MA.Local,
}
_FLAG = f'<{MA.illustrative}> "true"^^<{XSD.boolean}>'


@dataclass(frozen=True)
class _Column:
    """A column of a table: the property that it gives, and how its values are written (see the module)."""

    property: str
    form: str

    @classmethod
    def of_header(cls, header: str) -> _Column:
        name, _, form = header.partition(" ")
        return cls(_expanded(name), form)

    def term(self, text: str) -> str:
        """Return one value as N-Triples writes it."""
        if self.form.startswith("@") or not self.form:
            # JSON escapes what N-Triples asks to be escaped, in the same way.
            return json.dumps(text, ensure_ascii=False) + self.form
        if self.form == "iri":
            return f"<{_expanded(text)}>"
        if self.form == "date":
            return _typed(text, _DATES[len(text)])
        if self.form in _DATATYPES:
            return _typed(text, _DATATYPES[self.form])
        return f"<{BASE}{self.form}/{text}>"


def demo_graphs() -> tuple[PackagedGraph, ...]:
    """Return the graphs of the illustrative network; they are loaded only where somebody asks for them."""
    return tuple(_graph(name) for name in _names())


def is_demo_graph(graph: str) -> bool:
    """Tell whether an IRI names a graph of the illustrative network, in this or another version."""
    return graph.startswith(DOCUMENT)


def unflagged_nodes(quads: Iterable[Sequence[str]]) -> set[str]:
    """Return the nodes that quads (as terms) describe without flagging them as illustrative."""
    flag = (f"<{MA.illustrative}>", f'"true"^^<{XSD.boolean}>')
    described: set[str] = set()
    flagged: set[str] = set()
    for subject, *rest in quads:
        described.add(subject)
        if tuple(rest[:2]) == flag:
            flagged.add(subject)
    return described - flagged


def dependent_quads(quads: Iterable[_Q], ignored: Collection[str] = ()) -> list[_Q]:
    """Return what other graphs say about nodes of the illustrative network: it has to go or change with it.

    Args:
        quads: subject, predicate, object and graph, as terms.
        ignored: graphs (terms) that follow from others, so that they need no care.
    """
    held = [quad for quad in quads if quad[3] not in ignored]
    invented = {quad[0] for quad in held if is_demo_graph(quad[3][1:-1])}
    others = (quad for quad in held if quad[3] and not is_demo_graph(quad[3][1:-1]))
    return [quad for quad in others if quad[0] in invented or quad[2] in invented]


def _graph(name: str) -> PackagedGraph:
    document = DOCUMENT + name
    digest = sha256(_content(name)).hexdigest()
    content: tuple[Callable[[], bytes], ...] = (partial(_content, name),)
    return PackagedGraph(f"demo/{name}", f"{document}/{digest[:8]}", "source", True, document, content)


@cache
def _content(name: str) -> bytes:
    """Return the graph of one invented document, as N-Triples."""
    rows = [row for row in _rows(TABLES / "documents.csv") if row["source/demo"] == name]
    tables = sorted((TABLES / name).glob("*.csv"))
    lines = [line for row in rows for line in _lines(row, "")]
    lines += [line for table in tables for row in _rows(table) for line in _lines(row, DOCUMENT + name)]
    return "".join(lines).encode()


def _names() -> list[str]:
    return [row["source/demo"] for row in _rows(TABLES / "documents.csv")]


def _lines(row: Mapping[str, str], document: str) -> Iterator[str]:
    (path, local), *cells = row.items()
    node = f"<{BASE}{path}/{local}>"
    yield f"{node} {_FLAG} .\n"
    for header, cell in cells:
        column = _column(header)
        for text in filter(None, cell.split("|")):
            yield f"{node} <{column.property}> {column.term(text)} .\n"
        if cell and column.property == MA.basis:
            yield f"{node} <{PROV.wasDerivedFrom}> <{document}> .\n"


@cache
def _column(header: str) -> _Column:
    return _Column.of_header(header)


def _expanded(curie: str) -> str:
    if curie == "a":
        return RDF.type
    prefix, _, local = curie.partition(":")
    return _PREFIXES[prefix] + local


def _typed(text: str, datatype: str) -> str:
    return f'"{text}"^^<{datatype}>'


def _rows(table: Path) -> Iterator[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
