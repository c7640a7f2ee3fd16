"""Rows of TSV are the terms that the store itself would give."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import tsv
from graph.oxigraph import OxigraphStore
from graph.quads import XSD, Quad, Term, iri, literal

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
LITERALS = (
    st.builds(literal, TEXTS)
    | st.builds(lambda text: literal(text, language="zh-hans"), TEXTS)
    | st.builds(
        lambda text, kind: literal(text, datatype=kind),
        st.sampled_from(["1", "-1", "+1.50", ".5", "1e3", "true", "0", "maybe", "INF", "2019-02-30", ""]),
        st.sampled_from(
            [XSD + kind for kind in ("integer", "decimal", "double", "boolean", "date", "string")]
        ),
    )
)


def written(store: OxigraphStore, query: str) -> bytes:
    sink = io.BytesIO()
    store.answer(query, ["text/tab-separated-values"], lambda _: sink)
    return sink.getvalue()


@given(st.lists(st.tuples(LITERALS, LITERALS), max_size=5))
def test_rows_are_the_terms_of_the_store(pairs: list[tuple[Term, Term]]) -> None:
    store = OxigraphStore()
    store.add(
        Quad(iri(f"http://example.org/{n}"), iri(f"http://example.org/{p}"), term)
        for n, pair in enumerate(pairs)
        for p, term in zip("pq", pair, strict=True)
    )
    for query in (
        "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s ?p",
        "SELECT ?o { ?s ?p ?o } ORDER BY ?s ?p",
        "SELECT ?s ?a ?b { ?s <http://example.org/p> ?a OPTIONAL { ?s <http://example.org/none> ?b } } ORDER BY ?s",
    ):
        assert tsv.rows(written(store, query)) == list(store.select(query))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {}",
        "SELECT ?x { {} UNION { BIND(1 AS ?x) } }",
        "SELECT ?x ?y { {} UNION { BIND(1 AS ?x) } }",
        "SELECT ?x { FILTER(false) }",
        'SELECT ?x { BIND("" AS ?x) }',
    ],
)
def test_unbound_variables_are_absent(query: str) -> None:
    store = OxigraphStore()
    assert tsv.rows(written(store, query)) == list(store.select(query))
