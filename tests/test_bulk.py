"""Reading many solutions: cells, terms, and answers that come in pieces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.bulk import _rows, solutions, term_of
from graph.engine import Engine
from graph.quads import Delta, Quad, iri, literal
from samples import HOSTILE

XSD = "http://www.w3.org/2001/XMLSchema#"


class Pieces:
    """An answer in the pieces that a test chooses."""

    media_type, version = "text/tab-separated-values", 0

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)

    def body(self) -> bytes:
        return b"".join(self.pieces)

    def close(self) -> None:
        """Nothing is under way."""


def test_solutions_are_the_terms_that_select_gives(engine: Engine) -> None:
    values = [
        *(literal(text) for text in (*HOSTILE, "a\tb\nc\rd\\e", "中文", "")),
        *(literal("x", language="zh"), literal("5", datatype=f"{XSD}integer")),
        *(literal("-1.5", datatype=f"{XSD}decimal"), literal("true", datatype=f"{XSD}boolean")),
        literal("2020", datatype=f"{XSD}gYear"),
    ]
    engine.apply(Delta(frozenset(Quad(iri("http://e/a"), iri("http://e/p"), value) for value in values)), 1)
    text = "SELECT ?s ?o ?none { ?s <http://e/p> ?o OPTIONAL { ?o <http://e/p> ?none } }"
    found = solutions(engine, text)
    assert found.version == 1
    rows = list(found)
    assert {(term_of(s), term_of(o)) for s, o, _ in rows} == {
        (row["s"], row["o"]) for row in engine.select(text)
    }
    assert {none for *_, none in rows} == {""}


def test_no_solutions_are_no_rows(engine: Engine) -> None:
    assert list(solutions(engine, "SELECT ?s { ?s <http://e/nothing> ?o }")) == []


@given(st.lists(st.text("ab中\u2028", max_size=4), max_size=5), st.integers(1, 4))
def test_rows_do_not_depend_on_where_an_answer_is_cut(cells: list[str], size: int) -> None:
    whole = "".join(f"{cell}\n" for cell in cells).encode()
    pieces = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert list(_rows(Pieces(*pieces))) == [[cell] for cell in cells]


@pytest.mark.parametrize(
    ("cell", "datatype"),
    [
        ("5", "integer"),
        ("-5", "integer"),
        ("1.50", "decimal"),
        ("true", "boolean"),
        ("1e0", "double"),
        ("-1.5E3", "double"),
    ],
)
def test_bare_numbers_and_booleans_are_terms(cell: str, datatype: str) -> None:
    assert term_of(cell) == f'"{cell}"^^<{XSD}{datatype}>'


@pytest.mark.parametrize("cell", ["", "yes", "1.2.3", "?x"])
def test_what_is_no_term_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="not a term"):
        term_of(cell)
