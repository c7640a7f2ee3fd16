"""What changed among very many things is found without comparing every fact, and is the same."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_rows import instance, row, version

from graph.imports import comparison
from graph.imports.comparison import node_sums
from graph.imports.plan import Plan
from graph.packed import PackedQuads
from graph.quads import Quad, iri, literal
from ontology.terms import PROV

CELLS = st.fixed_dictionaries(
    {},
    optional={
        "beds": st.integers(1, 3),
        "department": st.sampled_from(["新生儿科", "儿科"]),
        "contact": st.sampled_from(["联系人甲", "联系人乙"]),
        "note": st.sampled_from(["备注一", "备注二"]),
    },
)
LISTS = st.dictionaries(st.integers(3, 5), CELLS, max_size=3)


def quads(graph: str, row_number: int) -> PackedQuads:
    node, name = iri("http://example.org/a"), iri(f"http://example.org/{graph}")
    position = iri(f"http://example.org/{graph}#s1r{row_number}")
    return PackedQuads.of(
        [
            Quad(node, iri("http://example.org/p"), literal("x <y> "), name),
            Quad(node, iri(PROV.wasDerivedFrom), position, name),
        ]
    )


def test_sums_do_not_depend_on_where_something_is_said() -> None:
    assert node_sums(quads("one", 3).texts()) == node_sums(quads("another", 44).texts())


@pytest.mark.parametrize("many", [0, 50_000])
@given(LISTS, LISTS)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_both_ways_find_the_same_things_changed(
    tmp_path_factory: pytest.TempPathFactory, many: int, first: dict[int, dict], second: dict[int, dict]
) -> None:
    old, new = (
        [row(number, name_zh=f"示例第{number}医院", **said) for number, said in listed.items()]
        for listed in (first, second)
    )
    with instance(tmp_path_factory.mktemp("compared")) as here, pytest.MonkeyPatch.context() as patch:
        here.bring(old)
        whole = here.planned(new, source=version("b"))
        patch.setattr(comparison, "LARGE", 0)
        patch.setattr(comparison, "MANY", many)
        large = here.planned(new, source=version("b"))
    if many:
        assert told(large) == told(whole)
        assert large.counts == whole.counts
    else:  # told by rows: what stands in a row that changed may be the same
        assert sum(large.counts.values()) == sum(whole.counts.values())
        changed = {one.iri for one in whole.entities if one.what == "changed"}
        assert changed <= {one.iri for one in large.entities if one.what == "changed"}


def told(plan: Plan) -> list[tuple[object, ...]]:
    """Return what a plan says, without the names of new things."""
    return sorted(
        (one.what, one.labels["zh"], one.rows, repr(sorted(map(repr, one.facts)))) for one in plan.entities
    )


def test_the_plan_of_nothing_is_empty(tmp_path: Path) -> None:
    with instance(tmp_path) as here:
        plan = here.planned([])
        assert (plan.entities, plan.added, plan.omitted) == ((), 0, 0)
