"""A source graph that is new as a whole is settled as anything else would be, only quicker."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_rows import Instance, area, concept, day, instance, row, version

from graph.imports.proposal import import_proposal
from graph.imports.records import Record
from graph.imports.statements import Stated
from graph.merge import apply_delta
from graph.oxigraph import OxigraphStore
from graph.packed import Packed, PackedQuads
from graph.quads import Delta, Quad, iri, literal
from graph.repository import ChecksFailed
from graph.settle import Outcome, Proposal
from graph.source_graphs import Scan, SourceGraph, brought, is_new_sources
from samples import NAMES

GRAPH = "<http://example.org/g>"
RULE_LIMITS = (0, 10_000)
"""Nodes from which on rules are asked about everything."""


def quad(subject: str, object_: str) -> Quad:
    return Quad(iri(f"http://example.org/{subject}"), iri("http://example.org/p"), object_, GRAPH)


def test_a_scan_tells_what_a_graph_describes_and_mentions() -> None:
    quads = [
        quad("a", iri("http://example.org/b")),
        quad("a", literal("x <http://example.org/no> ")),
        quad("c", f"{GRAPH[:-1]}#s1r5>"),
    ]
    scan = Scan.of(SourceGraph(GRAPH, PackedQuads.of(quads)))
    assert scan.subjects == {quads[0].subject, quads[2].subject}
    assert scan.mentioned == {iri("http://example.org/b")}
    assert scan.graph == GRAPH


def test_a_quad_that_comes_twice_is_noticed() -> None:
    store, one = OxigraphStore(), quad("a", literal("x"))
    scan = Scan.of(SourceGraph(GRAPH, PackedQuads.of([one, one])))
    with pytest.raises(ValueError, match="twice"):
        brought(store, Delta(), [scan], NAMES.catalogue)


def test_a_graph_of_which_something_is_held_is_not_new() -> None:
    store, source = OxigraphStore(), SourceGraph(GRAPH, PackedQuads())
    assert is_new_sources(store, [source])
    assert not is_new_sources(store, [])
    store.add([quad("a", literal("x"))])
    assert not is_new_sources(store, [source])


ROWS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "grade": st.sampled_from([concept("hospital-grade/3a"), concept("membership-role/member")]),
            "place": st.just(area()),
            "role": st.just(concept("membership-role/member")),
            "start": st.sampled_from([day("2015"), day("2021-03")]),
            "department": st.sampled_from(["新生儿科", "儿科"]),
            "beds": st.integers(0, 9),
        },
    ),
    min_size=1,
    max_size=3,
)


@pytest.mark.parametrize("limit", RULE_LIMITS)
@given(ROWS, ROWS)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_quick_way_gives_the_same_as_the_general_one(
    tmp_path_factory: pytest.TempPathFactory,
    limit: int,
    held: list[dict[str, object]],
    new: list[dict[str, object]],
) -> None:
    with pytest.MonkeyPatch.context() as patch, instance(tmp_path_factory.mktemp("new")) as here:
        patch.setattr("graph.settle.MANY", limit)
        earlier = [row(n, name_zh=f"示例第{n}医院", **said) for n, said in enumerate(held, 3)]
        try_to_bring(here, earlier)
        rows = [row(n, name_zh=f"示例第{n}医院", **said) for n, said in enumerate(new, 3)]
        source = version("b")
        made, _ = here.said(rows, here.matched(rows, source), source)
        proposal, _ = import_proposal(made, source, here.engine, NAMES, here.restricted)
        quick = here.engine.draft(proposal)
        general = here.engine.draft(as_plain(proposal, made))
    assert quick.delta == general.delta
    assert findings(quick) == findings(general)
    assert Packed.of(quick.delta).sum == Packed.of(general.delta).sum


def test_the_default_graph_is_the_same_merge_after_the_quick_way(tmp_path: Path) -> None:
    rows = [
        row(n, name_zh=f"示例第{n}医院", place=area(), department="新生儿科", beds=n) for n in range(3, 6)
    ]
    with instance(tmp_path) as here:
        here.bring(rows)
        here.bring(rows[:2], source=version("b"))
        whole = frozenset(quad for quad in here.engine.store.match() if quad.graph)
        anew = OxigraphStore()
        apply_delta(anew, Delta(whole), NAMES.catalogue)
        assert frozenset(anew.match()) == frozenset(here.engine.store.match())


def try_to_bring(here: Instance, rows: list[Record]) -> None:
    try:
        here.bring(rows)
    except ChecksFailed:
        return


def as_plain(proposal: Proposal, made: Stated) -> Proposal:
    """Return a proposal with the quads of its source graph among those of the program's own making."""
    return replace(proposal, sources=(), added=proposal.added | frozenset(made.quads))


def findings(outcome: Outcome) -> set[tuple[str, str, str | None]]:
    return {(one.check, one.node, one.value) for one in outcome.findings}
