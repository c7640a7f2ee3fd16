"""Compiled shapes say what pyshacl says, for every component and for our own shapes."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pyshacl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.collection import Collection

from graph import media
from graph.findings import Check
from graph.oxigraph import OxigraphStore
from graph.shape_model import ITSELF, Shape, ShapeFault, UnsupportedShape, path_text
from graph.shape_texts import filled
from graph.shapes import compiled_checks, read_shapes

SHAPES = Path(__file__).resolve().parent.parent / "ontology" / "shapes"
OWN = [(SHAPES / f"{name}.ttl").read_bytes() for name in ("core", "sparql")]
PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix ma: <https://w3id.org/medalliance/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
"""


def rows(table: str) -> list[str]:
    """Return the rows of a table; an indented line continues the row before."""
    return re.sub(r"\n +", " ", table.strip()).splitlines()


# On a shape about the nodes of class ex:C; one per line and component, then the ways they can be put together.
CONSTRAINTS = rows("""
sh:property [ sh:path ex:p ; sh:minCount 1 ]
sh:property [ sh:path ex:p ; sh:minCount 2 ]
sh:property [ sh:path ex:p ; sh:maxCount 1 ]
sh:property [ sh:path ex:p ; sh:maxCount 0 ; sh:severity sh:Info ]
sh:property [ sh:path ex:p ; sh:uniqueLang true ]
sh:property [ sh:path ex:p ; sh:datatype xsd:integer ]
sh:property [ sh:path ex:p ; sh:datatype xsd:date ; sh:severity sh:Warning ]
sh:property [ sh:path ex:p ; sh:datatype rdf:langString ]
sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ]
sh:property [ sh:path ex:p ; sh:nodeKind sh:BlankNodeOrLiteral ]
sh:property [ sh:path ex:p ; sh:class ex:C, ex:E ]
sh:property [ sh:path ex:p ; sh:in ( ex:a ex:b 1 "one"@en ) ]
sh:property [ sh:path ex:p ; sh:hasValue ex:a, 1 ]
sh:property [ sh:path ex:p ; sh:languageIn ( "en" "zh" ) ]
sh:property [ sh:path ex:p ; sh:pattern "^O", "e$" ; sh:flags "i" ]
sh:property [ sh:path ex:p ; sh:minLength 2 ; sh:maxLength 5 ]
sh:property [ sh:path ex:p ; sh:equals ex:q ]
sh:property [ sh:path ex:p ; sh:disjoint ex:q ]
sh:property [ sh:path ex:p ; sh:or ( [ sh:datatype xsd:integer ] [ sh:class ex:C ] ) ]
sh:property [ sh:path ex:p ; sh:and ( [ sh:nodeKind sh:Literal ] [ sh:minLength 2 ] ) ]
sh:property [ sh:path ex:p ; sh:not [ sh:nodeKind sh:Literal ] ]
sh:property [ sh:path ex:p ; sh:xone ( [ sh:nodeKind sh:Literal ] [ sh:minLength 2 ] [ sh:class ex:E ] ) ]
sh:property [ sh:path ex:p ; sh:node [ sh:property [ sh:path ex:q ; sh:minCount 1 ; sh:maxCount 1 ] ] ]
sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:C ] ; sh:qualifiedMinCount 1 ]
sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; sh:qualifiedMinCount 2 ]
sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:nodeKind sh:Literal ] ; sh:qualifiedMaxCount 1 ]
sh:property [ sh:path ex:p ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ]
sh:property [ sh:path ex:p ; sh:property [ sh:path ex:q ; sh:property [ sh:path ex:p ; sh:maxCount 1 ] ] ]
sh:property [ sh:path ex:p ; sh:deactivated true ; sh:minCount 9 ]
sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:sparql [ sh:prefixes ex: ; sh:select "SELECT $this ?value {
    $this $PATH ?value . $this ex:q ?value }" ] ]
sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path ex:p ]
sh:class ex:E
sh:datatype xsd:string
sh:nodeKind sh:IRI
sh:in ( ex:a ex:c )
sh:hasValue ex:a
sh:equals ex:p
sh:disjoint ex:p
sh:pattern "[ab]$"
sh:minLength 20
sh:not [ sh:property [ sh:path ex:p ; sh:minCount 1 ] ]
sh:or ( [ sh:property [ sh:path ex:p ; sh:minCount 2 ] ] [ sh:path ex:q ; sh:maxCount 0 ] )
sh:xone ( [ sh:property [ sh:path ex:p ; sh:minCount 1 ] ] [ sh:property [ sh:path ex:q ; sh:minCount 1 ] ] )
sh:node [ sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path ex:p ; sh:uniqueLang true ] ]
sh:not [ sh:property [ sh:path ex:p ; sh:hasValue ex:a ; sh:qualifiedValueShape [ sh:class ex:C ] ;
    sh:qualifiedMinCount 2 ] ]
sh:node [ sh:property [ sh:path ex:p ; sh:property [ sh:path ex:q ; sh:class ex:E ] ] ]
sh:node [ sh:deactivated true ; sh:class ex:E ]
sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:minCount 1 ; sh:class ex:C ]
sh:property [ sh:path ( ex:p ex:q ) ; sh:maxCount 1 ; sh:nodeKind sh:IRI ]
sh:property [ sh:path ( ex:p [ sh:inversePath ex:q ] ) ; sh:hasValue ex:b ; sh:maxCount 1 ]
sh:property [ sh:path [ sh:alternativePath ( ex:p ( ex:q ex:p ) ) ] ; sh:minCount 2 ; sh:class ex:C ]
sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ; sh:nodeKind sh:IRI ; sh:hasValue ex:b ]
sh:property [ sh:path [ sh:oneOrMorePath [ sh:inversePath ex:p ] ] ; sh:maxCount 1 ]
sh:property [ sh:path [ sh:zeroOrOnePath ex:p ] ; sh:maxCount 1 ; sh:class ex:C ]
sh:property [ sh:path ex:p ; sh:minCount 1 ] ; sh:targetSubjectsOf ex:q ; sh:targetObjectsOf ex:q ;
    sh:targetNode ex:a, 1
sh:sparql [ sh:prefixes ex: ; sh:select "SELECT $this ?value { { $this ex:p ?value } UNION { FILTER(?never) }
    FILTER EXISTS { $this ex:q ?value } }" ]
sh:sparql [ sh:prefixes ex: ; sh:select "SELECT $this ?n { { SELECT $this (COUNT(?v) AS ?n) { $this ex:p ?v }
    GROUP BY $this } FILTER(?n > 1) }" ]
sh:sparql [ sh:deactivated true ; sh:select "SELECT $this { $this ?p ?o }" ]
""")

# A table of their own: pyshacl puts in order what SPARQL cannot compare (IRIs, a date and a number).
PAIRS = frozenset(("LessThan", "LessThanOrEquals"))
COMPARISONS = rows("""
sh:property [ sh:path ex:p ; sh:minInclusive 2 ; sh:maxExclusive 3.5 ]
sh:property [ sh:path ex:p ; sh:minExclusive 1 ; sh:maxInclusive 3 ]
sh:property [ sh:path ex:p ; sh:lessThan ex:q ]
sh:property [ sh:path ex:p ; sh:lessThanOrEquals ex:q ]
sh:not [ sh:property [ sh:path ex:p ; sh:lessThan ex:q ] ], [ sh:equals ex:q ], [ sh:disjoint ex:q ]
""")

SIBLINGS = """
ex:Hand a sh:NodeShape ; sh:targetClass ex:C ;
    sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:C ] ; sh:qualifiedValueShapesDisjoint true ;
        sh:qualifiedMinCount 1 ] ;
    sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:E ] ; sh:qualifiedValueShapesDisjoint true ;
        sh:qualifiedMaxCount 1 ] .
"""
IMPLICIT = "ex:C a owl:Class, rdfs:Class, sh:NodeShape ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."
PROPERTY_SHAPE = "ex:P a sh:PropertyShape ; sh:path ex:p ; sh:targetClass ex:C, ex:E ; sh:maxCount 1 ."

NODES = [f"<http://example.org/{name}>" for name in "abc"]
VALUES = [
    *NODES,
    "_:b",
    *('"one"@en', '"One"@en', '"eins"@de', '"one"', '""', '"一"@zh', '"two words"@en-gb'),
    *(f'"{number}"^^<http://www.w3.org/2001/XMLSchema#integer>' for number in ("1", "2", "3", "nought")),
    '"2.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
    *(f'"{day}"^^<http://www.w3.org/2001/XMLSchema#date>' for day in ("2024-02-29", "2024-02-30")),
]
NUMBERS = [("1", "integer"), ("2", "integer"), ("3", "integer"), ("2.5", "decimal"), ("3.5", "decimal")]
OWN_VALUES = [*NODES, '"name"@en', '"名称"@zh', '"2021"', '"1"^^<http://www.w3.org/2001/XMLSchema#integer>']
SUBCLASS = "<http://example.org/D> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://example.org/C> ."


class Result(NamedTuple):
    """What both sides must agree on."""

    node: str
    component: str
    severity: str
    path: str


def triples(
    nodes: list[str], predicates: list[str], classes: list[str], values: list[str]
) -> st.SearchStrategy[str]:
    """Return a strategy for small data graphs in N-Triples."""
    type_ = st.tuples(st.sampled_from([*nodes, "_:b"]), st.just(f"<{RDF.type}>"), st.sampled_from(classes))
    said = st.tuples(st.sampled_from([*nodes, "_:b"]), st.sampled_from(predicates), st.sampled_from(values))
    rows = st.tuples(st.lists(type_, max_size=4), st.lists(said, max_size=10))
    return rows.map(lambda both: "".join(f"{' '.join(row)} .\n" for rows in both for row in rows))


SMALL_GRAPHS = triples(
    NODES,
    ["<http://example.org/p>", "<http://example.org/p>", "<http://example.org/q>"],
    [f"<http://example.org/{name}>" for name in "CCDE"],
    VALUES,
)

GRAPHS_OF_NUMBERS = triples(
    NODES,
    ["<http://example.org/p>", "<http://example.org/q>"],
    ["<http://example.org/C>"],
    [f'"{number}"^^<http://www.w3.org/2001/XMLSchema#{kind}>' for number, kind in NUMBERS],
)


def found_results(checks: Iterable[Check], data: str) -> set[Result]:
    store = OxigraphStore()
    store.add(store.read(data.encode(), media.NTRIPLES))
    return {
        Result(unnamed(row["this"]), check.component, check.severity, row.get("property") or check.path)
        for check in checks
        for row in store.select(check.query)
    }


def oracle_results(shapes: Graph, data: str) -> set[Result]:
    graph = Graph().parse(data=data, format="nt")
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
    assert isinstance(report, Graph)
    return {reported(report, result) for result in report.objects(None, SH.result)}


def reported(report: Graph, result: object) -> Result:
    values = dict(report.predicate_objects(result))
    component = (
        str(values[SH.sourceConstraintComponent]).removeprefix(str(SH)).removesuffix("ConstraintComponent")
    )
    severity = str(values[SH.resultSeverity]).removeprefix(str(SH)).lower()
    path = path_of(report, values[SH.resultPath]) if SH.resultPath in values else ""
    node = values[SH.focusNode]
    return Result("_:" if isinstance(node, BNode) else node.n3(), component, severity, path)


def path_of(report: Graph, node: object) -> str:
    if isinstance(node, URIRef):
        return node.n3()
    if (node, RDF.first, None) in report:
        return "/".join(path_of(report, part) for part in Collection(report, node))
    ((predicate, inner),) = report.predicate_objects(node)
    if predicate == SH.alternativePath:
        return f"({'|'.join(path_of(report, part) for part in Collection(report, inner))})"
    way = path_of(report, inner)
    if predicate == SH.inversePath:
        return f"^{way}"
    mark = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}[predicate]
    return f"({way}){mark}" if way.startswith("^") else way + mark


def unnamed(term: str) -> str:
    return "_:" if term.startswith("_:") else term


def shapes_with(constraint: str) -> bytes:
    return f"{PREFIXES}\nex:S a sh:NodeShape ; sh:targetClass ex:C ; {constraint} .".encode()


def compiled(turtle: str) -> tuple[Check, ...]:
    return compiled_checks([f"{PREFIXES}\n{turtle}".encode()])


@pytest.fixture(name="own_checks", scope="module")
def fixture_own_checks() -> tuple[Check, ...]:
    return compiled_checks(OWN)


def compare(
    shapes: Iterable[bytes],
    graphs: st.SearchStrategy[str],
    examples: int,
    left_out: frozenset[str] = frozenset(),
) -> None:
    documents = list(shapes)
    checks = compiled_checks(documents, types_from_any_graph=False)
    oracle = Graph()
    for document in documents:
        oracle.parse(data=document, format="turtle")

    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(graphs)
    def agree(data: str) -> None:
        differing = found_results(checks, data + SUBCLASS) ^ oracle_results(oracle, data + SUBCLASS)
        assert not [result for result in differing if result.component not in left_out]

    agree()


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_a_component_finds_what_pyshacl_finds(constraint: str) -> None:
    compare([shapes_with(constraint)], SMALL_GRAPHS, examples=8)


@pytest.mark.parametrize("constraint", COMPARISONS)
def test_a_comparison_finds_what_pyshacl_finds(constraint: str) -> None:
    compare([shapes_with(constraint)], GRAPHS_OF_NUMBERS, examples=8)


@pytest.mark.parametrize("shapes", [SIBLINGS, IMPLICIT, PROPERTY_SHAPE])
def test_a_shape_finds_what_pyshacl_finds(shapes: str) -> None:
    compare([(PREFIXES + shapes).encode()], SMALL_GRAPHS, examples=8)


def own_graphs() -> st.SearchStrategy[str]:
    """Return a strategy for nodes of the classes that our own shapes aim at, with the properties they name."""
    rows: list[st.SearchStrategy[list[str]]] = []
    for shape in read_shapes(OWN):
        kinds = [f"<{RDF.type}> {class_}" for class_ in shape.targets.classes]
        kinds += [f"{predicate} {VALUES[0]}" for predicate in shape.targets.subjects_of]
        steps = {
            step
            for inner in shape.properties
            for step in re.findall("<[^>]*>", path_text(inner.path or ITSELF))
        }
        said = [f"{step} {value}" for step in sorted(steps) for value in (*OWN_VALUES, *terms_of(shape))]
        if kinds and said:
            about = st.tuples(st.sampled_from(kinds), st.lists(st.sampled_from(said), max_size=5))
            rows.append(about.map(lambda pair: [pair[0], *pair[1]]))
    nodes = st.tuples(*(st.one_of(rows) for _ in NODES))
    return nodes.map(
        lambda facts: "".join(
            f"{n} {fact} .\n" for n, said in zip(NODES, facts, strict=True) for fact in said
        )
    )


def terms_of(shape: Shape) -> set[str]:
    """Return the values that a shape names."""
    found = {term for c in shape.constraints if c.component in ("HasValue", "In") for term in c.terms}
    below = (*shape.properties, *(inner for c in shape.constraints for inner in c.shapes))
    return found.union(*(terms_of(inner) for inner in below)) if below else found


def test_our_own_shapes_find_what_pyshacl_finds() -> None:
    compare(OWN, own_graphs(), examples=8, left_out=PAIRS)


OVERLAPS = """
@prefix org: <http://www.w3.org/ns/org#> .
ex:one a ma:AllianceMembership ; org:member ex:h ; org:organization ex:al ; org:role ex:r ;
    ma:validFrom "2020-01-01"^^xsd:date ; ma:validUntil "2021-01-01"^^xsd:date .
ex:two a ma:AllianceMembership ; org:member ex:h ; org:organization ex:al ; org:role ex:r ;
    ma:validFrom "2020-06-01"^^xsd:date .
ex:other a ma:AllianceMembership ; org:member ex:k ; org:organization ex:al ; org:role ex:r ;
    ma:validFrom "2020-06-01"^^xsd:date .
"""
BREAKDOWN = """
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
ex:b a ma:Breakdown ; ma:whole ex:all ; skos:member ex:some, ex:rest ; ma:exhaustive true .
ex:s1 a ma:Statistic ; sosa:observedProperty ex:all ; sosa:hasSimpleResult 5 .
ex:s2 a ma:Statistic ; sosa:observedProperty ex:some ; sosa:hasSimpleResult 3 .
ex:s3 a ma:Statistic ; sosa:observedProperty ex:rest ; sosa:hasSimpleResult 1 .
ex:s1 sosa:hasFeatureOfInterest ex:u ; prov:wasDerivedFrom ex:p .
ex:s2 sosa:hasFeatureOfInterest ex:u ; prov:wasDerivedFrom ex:p .
ex:s3 sosa:hasFeatureOfInterest ex:u ; prov:wasDerivedFrom ex:p .
ex:p oa:hasSource ex:doc .
"""


def test_our_questions_in_sparql_find_what_pyshacl_finds() -> None:
    data = Graph().parse(data=PREFIXES + OVERLAPS + BREAKDOWN, format="turtle").serialize(format="nt")
    oracle = Graph()
    for document in OWN:
        oracle.parse(data=document, format="turtle")
    found = found_results(compiled_checks(OWN, types_from_any_graph=False), data)
    assert found == oracle_results(oracle, data)
    asked = {(result.node, result.severity) for result in found if result.component == "SPARQL"}
    assert {node for node, severity in asked if severity == "violation"} >= {"<http://example.org/s1>"}
    assert {node for node, _ in asked} >= {"<http://example.org/one>", "<http://example.org/two>"}


def test_a_finding_of_a_sum_brings_the_values_for_its_message(own_checks: tuple[Check, ...]) -> None:
    store = OxigraphStore()
    store.add(store.read((PREFIXES + BREAKDOWN).encode(), media.TURTLE))
    check = next(check for check in own_checks if check.name == "BreakdownAdds/SPARQL")
    (row,) = store.select(check.query)
    assert "4" in filled(check.message, row)["en"]
    assert "{" not in filled(check.message, row)["zh"]


def test_each_of_our_checks_speaks_both_languages(own_checks: tuple[Check, ...]) -> None:
    for check in own_checks:
        assert all(check.message[language] and check.remedy[language] for language in ("zh", "en")), (
            check.name
        )


def test_each_of_our_checks_has_a_name_of_its_own(own_checks: tuple[Check, ...]) -> None:
    assert len({check.name for check in own_checks}) == len(own_checks)


def test_each_of_our_checks_runs_on_an_empty_store(own_checks: tuple[Check, ...]) -> None:
    store = OxigraphStore()
    assert not [check.name for check in own_checks for _ in store.select(check.query)]


def test_compiling_again_gives_the_same_checks(own_checks: tuple[Check, ...]) -> None:
    assert compiled_checks(OWN) == own_checks
    assert [check.shape for check in own_checks] == sorted(check.shape for check in own_checks)


REFUSED = {
    "sh:target": "ex:S sh:target [ a sh:SPARQLTarget ] ; sh:targetClass ex:C .",
    "sh:rule": "ex:S sh:targetClass ex:C ; sh:rule [] .",
    "sh:expression": "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:expression [] ] .",
    "sh:severity": "ex:S sh:targetClass ex:C ; sh:severity ex:Terrible ; sh:nodeKind sh:IRI .",
    "sh:parameter": "ex:Component a sh:ConstraintComponent ; sh:parameter [ sh:path ex:p ] .",
    "refers to itself": "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:node ex:S ] .",
    "blank node": "ex:S sh:targetClass ex:C ; sh:hasValue [] .",
    "sh:pattern": 'ex:S sh:targetClass ex:C ; sh:pattern "^(?!x)" .',
    "MINUS": 'ex:S sh:targetClass ex:C ; sh:sparql [ sh:select "SELECT $this { $this ?p ?o MINUS { ?o ?q 1 } }" ] .',
    "inside": 'ex:S sh:targetClass ex:C ; sh:not [ sh:sparql [ sh:select "SELECT $this { $this ?p ?o }" ] ] .',
    "without sh:select": "ex:S sh:targetClass ex:C ; sh:sparql [] .",
}
MALFORMED = {
    "more than one sh:datatype": "ex:S sh:targetClass ex:C ; sh:datatype xsd:int, xsd:date .",
    "sh:minCount needs sh:path": "ex:S sh:targetClass ex:C ; sh:minCount 1 .",
    "needs a whole number": 'ex:S sh:targetClass ex:C ; sh:minLength "many" .',
    "needs an IRI": 'ex:S sh:targetClass ex:C ; sh:class "C" .',
    "knows no": "ex:S sh:targetClass ex:C ; sh:nodeKind ex:Thing .",
    "list": "ex:S sh:targetClass ex:C ; sh:in ex:a .",
    "not a property path": "ex:S sh:targetClass ex:C ; sh:property [ sh:path [] ] .",
    "at least two": "ex:S sh:targetClass ex:C ; sh:property [ sh:path ( ex:p ) ; sh:minCount 1 ] .",
    "needs a shape with sh:path": "ex:S sh:targetClass ex:C ; sh:property [ sh:minLength 1 ] .",
    "cannot be parsed": 'ex:S sh:targetClass ex:C ; sh:sparql [ sh:select "SELECT $this {" ] .',
    "unknown prefix no:": 'ex:S sh:targetClass ex:C ; sh:sparql [ sh:select "SELECT $this { $this no:p 1 }" ] .',
}


@pytest.mark.parametrize(("reason", "turtle"), REFUSED.items())
def test_what_is_not_compiled_is_refused_by_name(reason: str, turtle: str) -> None:
    with pytest.raises(UnsupportedShape, match=reason):
        compiled(turtle)


@pytest.mark.parametrize(("reason", "turtle"), MALFORMED.items())
def test_a_shape_that_is_not_well_formed_is_refused(reason: str, turtle: str) -> None:
    with pytest.raises(ShapeFault, match=re.escape(reason)):
        compiled(turtle)


def test_a_shape_in_one_document_may_refer_to_another_document() -> None:
    first, second = ("ex:S sh:targetClass ex:C ; sh:node ex:T .", "ex:T a sh:NodeShape ; sh:class ex:D .")
    (check,) = compiled_checks([f"{PREFIXES}{first}".encode(), f"{PREFIXES}{second}".encode()])
    assert check.component == "Node"
    assert "<http://example.org/D>" in check.query


def test_a_deactivated_shape_gives_no_check() -> None:
    assert compiled("ex:S sh:targetClass ex:C ; sh:class ex:D ; sh:deactivated true .") == ()


def test_a_check_carries_the_sentences_of_its_own_shape() -> None:
    (check,) = compiled(
        'ex:S sh:targetClass ex:C ; sh:message "of the node"@en ; sh:property [ sh:path ex:p ; sh:minCount 1 ;'
        ' sh:message "缺"@zh, "missing"@en ; ma:remedy "补"@zh, "add it"@en ] .'
    )
    assert (check.message, check.remedy) == ({"zh": "缺", "en": "missing"}, {"zh": "补", "en": "add it"})


def test_a_check_without_sentences_names_the_property_and_what_is_asked() -> None:
    (check,) = compiled("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:beds ; sh:minCount 2 ] .")
    assert check.message == {"zh": "“beds”至少须有 2 个值", "en": "beds needs at least 2 value(s)"}
    assert check.remedy == {"zh": "填写“beds”", "en": "Add beds"}


def test_a_check_is_named_after_shape_component_and_path() -> None:
    names = [
        check.name
        for check in compiled(
            "ex:S sh:targetClass ex:C ; sh:nodeKind sh:IRI ; sh:property [ sh:path ( ex:p [ sh:inversePath ex:q ] ) ;"
            " sh:minCount 1 ; sh:class ex:D, ex:E ; sh:property [ sh:path ex:r ; sh:maxCount 1 ] ] ."
        )
    ]
    assert names == ["S/NodeKind", "S/Class/p/^q", "S/Class/p/^q-2", "S/MinCount/p/^q", "S/MaxCount/p/^q/r"]


@pytest.mark.parametrize(
    ("stated", "reach"),
    [
        ("", ("!<urn:none>|!^<urn:none>",)),
        ('; ma:reach ""', ()),
        ('; ma:reach "ex:p/^ex:p"', ("<http://example.org/p>/^<http://example.org/p>",)),
    ],
)
def test_a_question_in_sparql_says_whom_a_change_concerns(stated: str, reach: tuple[str, ...]) -> None:
    select = 'sh:select "SELECT $this { $this ex:p ?v . ?other ex:p ?v }" ; sh:prefixes ex:'
    (check,) = compiled(f"ex:S sh:targetClass ex:C ; sh:sparql [ {select} {stated} ] .")
    assert check.reach == reach
