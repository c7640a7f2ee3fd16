"""Checks look at chosen nodes only, say whom a change concerns, and find types stated elsewhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import media
from graph.findings import Check
from graph.focus import changed_nodes, focused, reached_nodes
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad, Term, is_iri
from graph.shapes import compiled_checks
from graph.store import Dataset

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# One shape for each way in which a finding can hang on triples of other nodes.
SHAPES = """
ex:Own sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:maxCount 1 ; sh:lessThan ex:q ] .
ex:Back sh:targetClass ex:C ; sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:maxCount 1 ; sh:class ex:D ] .
ex:Far sh:targetClass ex:C ; sh:property [ sh:path ( ex:p ex:q ex:p ) ; sh:maxCount 1 ; sh:class ex:D ] .
ex:Shared sh:targetClass ex:C ; sh:property [ sh:path ( ex:p [ sh:inversePath ex:p ] ) ; sh:maxCount 1 ] .
ex:Either sh:targetClass ex:C ; sh:property [ sh:path [ sh:alternativePath ( ex:p ( ex:q ex:p ) ) ] ;
    sh:minCount 2 ] .
ex:Loop sh:targetClass ex:C ; sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:maxCount 2 ; sh:class ex:C ] .
ex:Steps sh:targetClass ex:C ; sh:property [ sh:path [ sh:oneOrMorePath ( ex:p ex:q ) ] ; sh:nodeKind sh:IRI ] .
ex:Maybe sh:targetClass ex:C ; sh:property [ sh:path ( [ sh:zeroOrOnePath ex:p ] ex:q ) ; sh:hasValue ex:a ] .
ex:Form sh:targetClass ex:C ; sh:property [ sh:path ex:p ;
    sh:node [ sh:property [ sh:path ex:q ; sh:class ex:D ; sh:minCount 1 ] ] ] .
ex:Logic sh:targetClass ex:C ; sh:or ( [ sh:not [ sh:property [ sh:path ex:p ; sh:hasValue ex:a ] ] ]
    [ sh:property [ sh:path ( ex:q ex:q ) ; sh:minCount 1 ] ] ) .
ex:Some sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:qualifiedMinCount 1 ;
    sh:qualifiedValueShape [ sh:property [ sh:path ex:q ; sh:minCount 1 ] ] ] .
ex:Strict sh:targetClass ex:C ; sh:property [ sh:path ex:p ;
    sh:node [ sh:closed true ; sh:ignoredProperties ( rdf:type ex:p ) ] ] .
ex:Below sh:targetClass ex:C ; sh:property [ sh:path ( ex:p ex:q ) ;
    sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:class ex:D ] ] .
ex:Linked sh:targetSubjectsOf ex:p ; sh:targetObjectsOf ex:q ; sh:targetNode ex:a ;
    sh:property [ sh:path ex:q ; sh:minCount 1 ; sh:uniqueLang true ] .
"""
CHECKS = compiled_checks([(PREFIXES + SHAPES).encode()], types_from_any_graph=False)
NODES = [f"<http://example.org/{name}>" for name in "abcd"]
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
CLASSES = [f"<http://example.org/{name}>" for name in "CD"]
FACTS = st.one_of(
    st.tuples(st.sampled_from(NODES), st.just(TYPE), st.sampled_from(CLASSES)),
    st.tuples(
        st.sampled_from(NODES),
        st.sampled_from(["<http://example.org/p>", "<http://example.org/q>"]),
        st.sampled_from([*NODES, '"x"@en', '"y"@en', '"x"']),
    ),
).map(lambda triple: Quad(*triple))


def store_of(quads: frozenset[Quad]) -> OxigraphStore:
    store = OxigraphStore()
    store.add(quads)
    return store


def findings(store: OxigraphStore, check: Check, query: str = "") -> set[tuple[Term, Term]]:
    return {(row["this"], row.get("value", "")) for row in store.select(query or check.query)}


@settings(max_examples=30, deadline=None, database=None)
@given(st.frozensets(FACTS, max_size=14), st.lists(st.sampled_from(NODES), unique=True))
def test_a_focused_check_finds_the_same_about_the_chosen_nodes(
    quads: frozenset[Quad], nodes: list[Term]
) -> None:
    store = store_of(quads)
    for check in CHECKS:
        chosen = {finding for finding in findings(store, check) if finding[0] in nodes}
        assert findings(store, check, focused(check.query, nodes)) == chosen, check.name


@settings(max_examples=60, deadline=None, database=None)
@given(st.frozensets(FACTS, max_size=12), st.frozensets(FACTS, max_size=3), st.data())
def test_a_change_brings_findings_only_where_the_checks_reach(
    before: frozenset[Quad], added: frozenset[Quad], data: st.DataObject
) -> None:
    removed = data.draw(st.frozensets(st.sampled_from(sorted(before)), max_size=3)) if before else frozenset()
    old, new = store_of(before), store_of((before - removed) | added)
    nodes = changed_nodes(Delta(added - before, removed - added))
    for check in CHECKS:
        brought = {node for node, _ in findings(new, check) - findings(old, check) if is_iri(node)}
        assert brought <= nodes | reached_nodes(new, nodes, check.reach), check.name


@pytest.mark.parametrize(
    ("constraint", "reach"),
    [
        ("sh:property [ sh:path ex:p ; sh:minCount 1 ]", ()),
        ("sh:property [ sh:path ex:p ; sh:class ex:D ]", ("^<http://example.org/p>",)),
        ("sh:property [ sh:path ( ex:p ex:q ) ; sh:minCount 1 ]", ("^<http://example.org/p>",)),
        (
            "sh:property [ sh:path ( ex:p ex:q ) ; sh:class ex:D ]",
            ("^<http://example.org/p>", "^<http://example.org/q>/^<http://example.org/p>"),
        ),
        (
            "sh:property [ sh:path ex:p ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ]",
            ("<http://example.org/p>",),
        ),
        (
            "sh:property [ sh:path ex:p ; sh:node [ sh:property [ sh:path ex:q ; sh:class ex:D ] ] ]",
            ("^<http://example.org/p>", "^<http://example.org/q>/^<http://example.org/p>"),
        ),
        (
            "sh:property [ sh:path [ sh:oneOrMorePath ex:p ] ; sh:minCount 2 ]",
            ("(^<http://example.org/p>)*",),
        ),
    ],
)
def test_a_check_reaches_from_each_node_that_decides_it_back_to_its_focus(
    constraint: str, reach: tuple[str, ...]
) -> None:
    (check,) = compiled_checks([f"{PREFIXES} ex:S sh:targetClass ex:C ; {constraint} .".encode()])
    assert check.reach == reach


@pytest.mark.parametrize(
    ("anywhere", "found"), [(True, set()), (False, {("<http://example.org/a>", NODES[1])})]
)
def test_the_type_of_a_value_may_be_stated_in_another_graph(
    anywhere: bool, found: set[tuple[Term, Term]]
) -> None:
    shapes = f"{PREFIXES} ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:class ex:D ] ."
    (check,) = compiled_checks([shapes.encode()], types_from_any_graph=anywhere)
    graphs = """
    PREFIX ex: <http://example.org/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    ex:source { ex:a a ex:C ; ex:p ex:b }  ex:other { ex:b a ex:Narrow }
    ex:ontology { ex:Narrow rdfs:subClassOf ex:D }
    """
    store = OxigraphStore()
    store.add(store.read(graphs.encode(), media.TRIG))
    view = Dataset(default=("http://example.org/source", "http://example.org/ontology"))
    assert {(row["this"], row["value"]) for row in store.select(check.query, view)} == found


def test_a_node_with_two_types_that_a_shape_aims_at_is_found_once() -> None:
    (check,) = compiled_checks(
        [f"{PREFIXES} ex:S sh:targetClass ex:C, ex:D ; sh:nodeKind sh:Literal .".encode()]
    )
    store = store_of(frozenset(Quad(NODES[0], TYPE, f"<http://example.org/{name}>") for name in "CD"))
    assert len(list(store.select(check.query))) == 1


def test_a_value_that_is_reached_on_two_ways_counts_once() -> None:
    shape = "ex:S sh:targetClass ex:C ; sh:property [ sh:path ( ex:p ex:q ) ; sh:maxCount 1 ] ."
    (check,) = compiled_checks([f"{PREFIXES}{shape}".encode()])
    a, b, c, d = NODES
    p, q = "<http://example.org/p>", "<http://example.org/q>"
    ways = {Quad(a, p, b), Quad(a, p, c), Quad(b, q, d), Quad(c, q, d)}
    store = store_of(frozenset({Quad(a, TYPE, CLASSES[0]), *ways}))
    assert findings(store, check) == set()


def test_a_value_that_fits_a_disjoint_sibling_is_not_counted() -> None:
    shape = """ex:S sh:targetClass ex:C ;
        sh:property [ sh:path ex:p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ;
            sh:qualifiedValueShape [ sh:class ex:C ] ] ;
        sh:property [ sh:path ex:p ; sh:qualifiedMaxCount 9 ; sh:qualifiedValueShape [ sh:class ex:D ] ] ."""
    check = compiled_checks([f"{PREFIXES}{shape}".encode()])[0]
    a, b, *_ = NODES
    both = {Quad(b, TYPE, CLASSES[0]), Quad(b, TYPE, CLASSES[1])}
    store = store_of(frozenset({Quad(a, TYPE, CLASSES[0]), Quad(a, "<http://example.org/p>", b), *both}))
    assert (a, "") in findings(store, check)
