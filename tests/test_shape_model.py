"""Paths can be written, turned round, and asked where their triples begin."""

import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import shape_model
from graph.shape_model import (
    ITSELF,
    Chain,
    Choice,
    Path,
    Repeat,
    Step,
    chain,
    edge_starts,
    inverse,
    is_open,
    last_name,
    local_name,
    path_text,
)

A, B = Step("urn:x:a"), Step("urn:x:b", inverse=True)
STEPS = st.builds(Step, st.sampled_from(["urn:x:a", "urn:x:b"]), st.booleans())
PATHS: st.SearchStrategy[Path] = st.recursive(
    STEPS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: chain(*parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda options: Choice(tuple(options))),
        st.builds(Repeat, inner, st.sampled_from("*+?")),
    ),
    max_leaves=5,
)


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(shape_model).failed == 0


@given(PATHS)
@settings(deadline=None, database=None)
def test_turning_a_path_round_twice_gives_the_path_back(path: Path) -> None:
    assert inverse(inverse(path)) == path


@given(PATHS)
@settings(deadline=None, database=None)
def test_a_triple_of_a_path_may_begin_at_the_node_itself(path: Path) -> None:
    assert any(start == ITSELF or is_open(start) for start in edge_starts(path))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (Choice((A, Chain((A, B)))), "(<urn:x:a>|<urn:x:a>/^<urn:x:b>)"),
        (Repeat(A, "*"), "<urn:x:a>*"),
        (Repeat(B, "+"), "(^<urn:x:b>)+"),
        (Chain((Repeat(Chain((A, B)), "?"), A)), "(<urn:x:a>/^<urn:x:b>)?/<urn:x:a>"),
    ],
)
def test_a_path_is_written_in_sparql(path: Path, text: str) -> None:
    assert path_text(path) == text


def test_no_step_before_or_after_a_path_changes_nothing() -> None:
    assert chain(ITSELF, A, ITSELF) == A


@pytest.mark.parametrize(
    "iri", ["http://example.org/beds", "http://example.org/x#beds", "urn:x:beds", "urn:x:beds/"]
)
def test_the_local_name_is_the_last_part_of_an_iri(iri: str) -> None:
    assert local_name(iri) == "beds"


def test_a_path_is_spoken_of_by_its_last_predicate() -> None:
    assert (last_name(Chain((A, B))), last_name(ITSELF)) == ("b", "")
