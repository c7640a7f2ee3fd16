"""The illustrative network comes whole, keeps real data out, and goes without a trace."""

from collections.abc import Callable

import pytest

from graph.illustration import RealDataHeld, add_demo, dependents, is_illustrative, remove_demo
from graph.quads import iri, text_of
from graph.repository import Repository, SourceFile
from graph.settle import Refused, UpdateRequest
from samples import NAMES

Opened = Callable[..., Repository]
REAL = SourceFile("real.ttl", b"<http://example.org/real> <http://example.org/p> 1 .")
FLAGGED = SourceFile(
    "invented.ttl",
    b"<http://example.org/x> <https://w3id.org/medalliance/ontology#illustrative> true ; <http://example.org/p> 1 .",
)


def test_every_invented_node_is_flagged_and_the_catalogue_says_so(opened: Opened) -> None:
    repository = opened()
    add_demo(repository)
    assert is_illustrative(repository)
    rows = repository.engine.select(
        "SELECT DISTINCT ?node { GRAPH ?g { ?node ?p ?o } FILTER(CONTAINS(STR(?g), '/source/demo/')) "
        "FILTER NOT EXISTS { ?node <https://w3id.org/medalliance/ontology#illustrative> true } }"
    )
    assert rows == []
    listed = repository.engine.select(
        f"SELECT ?g {{ GRAPH {NAMES.catalogue} {{ ?g <https://w3id.org/medalliance/ontology#illustrative> true }} }}"
    )
    assert len(listed) == 2


def test_adding_it_twice_changes_nothing(opened: Opened) -> None:
    repository = opened()
    assert add_demo(repository).change is not None
    assert add_demo(repository).change is None


def test_what_is_removed_leaves_no_trace_but_the_record(opened: Opened) -> None:
    repository = opened()
    before = set(repository.quads())
    add_demo(repository)
    unit = next(text_of(q.subject) for q in repository.quads() if "/id/org/EX-" in q.subject)
    said = UpdateRequest(f"INSERT DATA {{ <http://example.org/x> <http://example.org/likes> <{unit}> }}")
    repository.update(said, who="tester", why="an edit on top")
    (edit,) = dependents(repository)
    assert (edit.subject, edit.object) == ("<http://example.org/x>", iri(unit))
    remove_demo(repository, who="tester")
    assert set(repository.quads()) == before
    assert not is_illustrative(repository)
    assert [change.header.why for change in repository.journal.changes()][1:] == [
        "illustrative network",
        "an edit on top",
        "illustrative network removed",
    ]


def test_real_data_is_refused_among_invented_data(opened: Opened) -> None:
    repository = opened()
    add_demo(repository)
    before = set(repository.quads())
    with pytest.raises(Refused) as caught:
        repository.load([REAL], who="tester", why="a test")
    assert (caught.value.reason, caught.value.graphs) == (
        "illustrative-instance",
        ("http://example.org/real",),
    )
    assert set(repository.quads()) == before
    assert repository.load([FLAGGED], who="tester", why="a test").change is not None


def test_invented_data_is_refused_among_real_data(opened: Opened) -> None:
    repository = opened()
    repository.load([REAL], who="tester", why="a test")
    with pytest.raises(RealDataHeld):
        add_demo(repository)


def test_invented_data_is_refused_where_something_was_written_by_hand(opened: Opened) -> None:
    repository = opened()
    repository.update(UpdateRequest("INSERT DATA { <a:a> <a:b> 1 }"), who="tester", why="a test")
    with pytest.raises(RealDataHeld):
        add_demo(repository)
