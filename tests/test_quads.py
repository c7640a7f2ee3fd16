"""Quads as text: what is written is read back, and no value escapes its term."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.oxigraph import OxigraphStore
from graph.quads import (
    XSD,
    Delta,
    Quad,
    iri,
    iri_value,
    is_iri,
    is_rdf12,
    is_triple,
    literal,
    literal_parts,
    nquads,
    read_nquads,
    terms_in,
    text_of,
    triple_parts,
    triple_term,
    with_terms,
)

texts = st.text(st.characters(codec="utf-8"), max_size=40)
terms = st.one_of(
    texts.map(literal),
    st.tuples(texts, st.sampled_from(["zh", "en", "zh-hant"])).map(lambda t: literal(t[0], language=t[1])),
    st.integers(0, 99).map(lambda n: iri(f"http://example.org/{n}")),
    st.integers(0, 9).map(lambda n: f"_:b{n}"),
    st.integers().map(lambda n: literal(str(n), datatype=XSD + "integer")),
)
terms = st.one_of(
    terms,
    texts.map(lambda text: literal(text) + "@ar--rtl"),
    st.recursive(terms, lambda inner: st.builds(triple_term, st.just("_:b1"), st.just("<urn:p>"), inner)),
)
quads = st.builds(
    Quad,
    st.integers(0, 9).map(lambda n: iri(f"http://example.org/s{n}")),
    st.just(iri("http://example.org/p")),
    terms,
    st.sampled_from(["", iri("http://example.org/g")]),
)
deltas = st.tuples(st.frozensets(quads, max_size=6), st.frozensets(quads, max_size=6)).map(
    lambda pair: Delta(pair[0], pair[1] - pair[0])
)


@given(texts)
def test_a_literal_gives_back_its_text(text: str) -> None:
    assert literal_parts(literal(text)).lexical == text


@given(st.lists(quads, max_size=8))
def test_written_quads_are_read_back(listed: list[Quad]) -> None:
    assert list(read_nquads(nquads(listed))) == listed


@given(terms, terms)
def test_a_triple_term_is_made_of_its_parts(inner: str, other: str) -> None:
    made = triple_term("<urn:s>", "<urn:p>", inner)
    assert triple_parts(made) == ("<urn:s>", "<urn:p>", inner)
    assert is_triple(made)
    assert is_rdf12(made)
    assert not is_iri(made)
    assert with_terms(made, lambda part: part) == made
    assert list(terms_in(made)) == ["<urn:s>", "<urn:p>", *terms_in(inner)]
    assert with_terms(inner, lambda _: "<urn:x>").count("<urn:x>") == len(list(terms_in(inner)))


def test_other_terms_are_no_triples() -> None:
    for term in ("<urn:a>", '"<<( x )>>"', "_:b", "<<( <urn:a> <urn:b> )>>"):
        with pytest.raises(ValueError, match="not a triple term"):
            triple_parts(term)
    assert not is_rdf12('"--ltr"')
    assert is_rdf12('"a"@en--ltr')


@given(st.lists(quads, max_size=8, unique=True))
def test_the_engine_reads_what_we_write(listed: list[Quad]) -> None:
    store = OxigraphStore()
    store.add(listed)
    assert all(quad in store for quad in listed)
    assert set(store.match()) <= set(listed)


@given(deltas)
def test_a_change_and_its_inverse_cancel(delta: Delta) -> None:
    assert not delta.then(delta.inverse())


@given(deltas, deltas, st.frozensets(quads, max_size=8))
def test_two_changes_in_a_row_are_their_net_change(
    first: Delta, second: Delta, held: frozenset[Quad]
) -> None:
    def after(start: frozenset[Quad], delta: Delta) -> frozenset[Quad]:
        return start - delta.removed | delta.added

    # Deltas are effective: they add what is not held and remove what is.
    first = Delta(first.added - held, first.removed & held)
    middle = after(held, first)
    second = Delta(second.added - middle, second.removed & middle)
    assert after(held, first.then(second)) == after(middle, second)


@pytest.mark.parametrize("text", ["a b", "a>b", "<a", 'a"b', "a\nb", "a{b", "a\\b", "a|b", "a^b", "a`b"])
def test_text_that_could_leave_an_iri_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an IRI"):
        iri(text)


@pytest.mark.parametrize("language", ["", "zh"])
def test_a_quote_in_a_value_does_not_end_the_literal(language: str) -> None:
    term = literal('" . } DROP ALL #', language=language)
    store = OxigraphStore()
    rows = list(store.select(f"SELECT ?x {{ VALUES ?x {{ {term} }} }}"))
    assert [text_of(row["x"]) for row in rows] == ['" . } DROP ALL #']


def test_a_language_tag_cannot_carry_anything_else() -> None:
    with pytest.raises(ValueError, match="language tag"):
        literal("x", language="en> <http://evil")


def test_a_line_that_is_no_quad_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(read_nquads(b"<a:a> <a:b> <a:c> .\nnonsense\n"))


def test_iris_and_literals_are_told_apart() -> None:
    assert is_iri("<a:b>")
    assert not is_iri('"<a:b>"')
    assert iri_value("<a:b>") == "a:b"
    with pytest.raises(ValueError, match="not an IRI term"):
        iri_value('"x"')
