"""Each source is checked by itself, with what it refers to in view."""

from dataclasses import replace

from graph.checks import graph_findings, reference_graphs
from graph.knowledge import packaged_checks
from graph.merge import MERGED, TRUE, apply_delta
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad, iri
from samples import NAMES

PREFIXES = """
@prefix ma: <https://w3id.org/medalliance/ontology#> . @prefix x: <http://example.org/> .
@prefix v: <https://w3id.org/medalliance/vocab/designation-kind/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix schema: <https://schema.org/> . @prefix prov: <http://www.w3.org/ns/prov#> .
"""
G, H = "http://example.org/g", "http://example.org/h"


def store_of(repository, **documents: str) -> OxigraphStore:
    """Return a store with the packaged graphs and one merged source graph per document."""
    store = OxigraphStore()
    quads = set(repository.quads())
    for name, text in documents.items():
        quads |= set(
            store.read((PREFIXES + text).encode(), "text/turtle", graph=f"http://example.org/{name}")
        )
        quads.add(Quad(iri(f"http://example.org/{name}"), MERGED, TRUE, NAMES.catalogue))
    apply_delta(store, Delta(frozenset(quads)), NAMES.catalogue)
    return store


def violations(store: OxigraphStore, graph: str) -> set[tuple[str, str]]:
    found = graph_findings(store, iri(graph), packaged_checks(), None, NAMES.catalogue)
    return {(one.node, one.check) for one in found if one.severity == "violation"}


UNIT = 'x:u a ma:ClinicalDepartment ; skos:prefLabel "示例科室"@zh .\n'
HELD = (
    'x:d a ma:Designation ; skos:prefLabel "示例基地"@zh ; ma:heldBy x:u ; ma:kind v:training-base ; '
    "ma:level <https://w3id.org/medalliance/vocab/level/provincial> ; prov:wasDerivedFrom x:doc ; "
    "ma:basis <https://w3id.org/medalliance/vocab/basis/stated> .\n"
)


def test_a_thing_described_elsewhere_is_in_view(repository) -> None:
    store = store_of(repository, g=HELD, h=UNIT)
    assert violations(store, G) == set()


def test_a_thing_described_nowhere_is_a_violation(repository) -> None:
    store = store_of(repository, g=HELD)
    assert {node for node, _ in violations(store, G)} == {"<http://example.org/d>"}


def test_a_value_that_only_another_source_states_does_not_fill_a_gap(repository) -> None:
    gap = HELD.replace("ma:heldBy x:u ; ", "")
    store = store_of(repository, g=gap, h=UNIT + HELD)
    assert violations(store, G)
    assert violations(store, H) == set()


def test_two_sources_that_differ_are_no_violation(repository) -> None:
    other = HELD.replace("provincial", "national")
    store = store_of(repository, g=HELD, h=UNIT + other)
    assert violations(store, G) | violations(store, H) == set()


def test_looking_leaves_the_store_as_it_was(repository) -> None:
    store = store_of(repository, g=HELD, h=UNIT)
    before = set(store.match())
    violations(store, G)
    assert set(store.match()) == before


def test_reference_graphs_are_those_that_give_meaning(repository) -> None:
    names = {
        name.rpartition("/medalliance/")[2].partition("/")[0].rstrip(">")
        for name in reference_graphs(store_of(repository), NAMES.catalogue)
    }
    assert names == {"ontology", "vocab", "source"}


def statistic(name: str, indicator: str, value: int) -> str:
    return (
        f"x:{name} a ma:Statistic ; <http://www.w3.org/ns/sosa/hasFeatureOfInterest> x:u ; "
        f"<http://www.w3.org/ns/sosa/hasSimpleResult> {value} ; prov:wasDerivedFrom x:doc ; "
        f"<http://www.w3.org/ns/sosa/observedProperty> <https://w3id.org/medalliance/vocab/indicator/{indicator}> ; "
        "<http://qudt.org/schema/qudt/hasUnit> <http://qudt.org/vocab/unit/NUM> ; "
        "ma:basis <https://w3id.org/medalliance/vocab/basis/stated> .\n"
    )


def test_parts_that_do_not_add_up_are_a_violation_that_names_both_numbers(repository) -> None:
    parts = statistic("a", "doctors-doctoral", 4) + statistic("b", "doctors-masters", 5)
    right = store_of(repository, g=UNIT + parts + statistic("all", "doctors", 9))
    assert violations(right, G) == set()
    wrong = store_of(repository, g=UNIT + parts + statistic("all", "doctors", 10))
    found = graph_findings(wrong, iri(G), packaged_checks(), None, NAMES.catalogue)
    (one,) = (one for one in found if one.severity == "violation")
    assert one.node == "<http://example.org/all>"
    assert ("9" in one.message["en"], "10" in one.message["en"]) == (True, True)


def test_checks_find_the_same_whether_or_not_it_is_known_what_they_are_about(repository) -> None:
    gaps = (
        UNIT.replace('"示例科室"@zh', "1")
        + HELD.replace("ma:heldBy x:u ; ", "")
        + "x:m a ma:AllianceMembership .\n"
    )
    store = store_of(repository, g=gaps, h=HELD)
    checks = packaged_checks()
    assert all(check.target and check.target in check.query for check in checks)
    blind = tuple(replace(check, target="") for check in checks)
    for nodes in (None, ["<http://example.org/d>", "<http://example.org/u>"]):
        found = [graph_findings(store, iri(G), given, nodes, NAMES.catalogue) for given in (checks, blind)]
        assert set(found[0]) == set(found[1])
        assert len({one.node for one in found[0]}) == (3 if nodes is None else 2)


def test_beyond_one_batch_checks_find_the_same(repository, monkeypatch) -> None:
    many = "".join(f"x:m{number} a ma:AllianceMembership .\n" for number in range(5))
    store = store_of(repository, g=UNIT + many)
    few = graph_findings(store, iri(G), packaged_checks(), None, NAMES.catalogue)
    monkeypatch.setattr("graph.checks.BATCH", 3)
    assert set(graph_findings(store, iri(G), packaged_checks(), None, NAMES.catalogue)) == set(few)
