"""The ontology, vocabularies, shapes, rules and examples hold together.

Packaged Turtle is read once per run; examples and counter-examples are each checked in one pass of pyshacl.
"""

import calendar
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyshacl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from graph import media
from graph.focus import FOCUS, changed_nodes, focused, reached_nodes
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad
from graph.rules import Rule, read_rule

ONTOLOGY = Path(__file__).resolve().parent.parent / "ontology"
MA = Namespace("https://w3id.org/medalliance/ontology#")
VOC = "https://w3id.org/medalliance/vocab/"
EXAMPLES = sorted((ONTOLOGY / "examples").glob("*.ttl"))
RULES = {file.stem: read_rule(file) for file in sorted((ONTOLOGY / "rules").glob("*.rq"))}
BOTH = {"zh", "en"}

PREFIXES = """
@base <https://w3id.org/medalliance/vocab/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix ma: <https://w3id.org/medalliance/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix qudt: <http://qudt.org/schema/qudt/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix unit: <http://qudt.org/vocab/unit/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@cache
def turtle(*patterns: str) -> Graph:
    graph = Graph()
    for pattern in patterns:
        for file in sorted(ONTOLOGY.glob(pattern)):
            graph.parse(file)
    return graph


def words() -> Graph:
    return turtle("ontology.ttl", "vocabularies.ttl")


def shapes() -> Graph:
    return turtle("shapes/*.ttl")


def own_terms() -> set[URIRef]:
    return {s for s in words().subjects() if isinstance(s, URIRef) and s.startswith(MA)}


def properties() -> set[Node]:
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty)
    return {term for kind in kinds for term in words().subjects(RDF.type, kind)}


def concepts() -> set[Node]:
    return set(words().subjects(SKOS.inScheme, None))


def languages(term: Node, predicate: URIRef) -> Counter[str | None]:
    return Counter(o.language for o in words().objects(term, predicate) if isinstance(o, Literal))


def names(terms: Iterable[Node]) -> list[str]:
    return sorted(str(term) for term in terms)


# --- words --------------------------------------------------------------------------------------------------------


def test_every_term_has_one_label_and_one_definition_in_each_language() -> None:
    once = Counter(BOTH)
    lacking = {
        term
        for term in own_terms()
        if languages(term, RDFS.label) != once or languages(term, SKOS.definition) != once
    }
    assert names(lacking) == []


def test_every_scheme_and_concept_has_one_name_and_one_definition_in_each_language() -> None:
    every = concepts() | set(words().subjects(RDF.type, SKOS.ConceptScheme))
    every |= set(words().subjects(RDF.type, MA.Breakdown))
    once = Counter(BOTH)
    lacking = {
        term
        for term in every
        if languages(term, SKOS.prefLabel) != once or languages(term, SKOS.definition) != once
    }
    assert names(lacking) == []


def test_editorial_notes_of_the_vocabularies_are_bilingual() -> None:
    noted = set(words().subjects(SKOS.editorialNote, None))
    assert names({term for term in noted if set(languages(term, SKOS.editorialNote)) != BOTH}) == []


def test_a_chinese_name_that_no_source_gives_is_marked_in_a_note_and_not_in_the_name() -> None:
    labels = [str(o) for p in (SKOS.prefLabel, RDFS.label) for o in words().objects(None, p)]
    assert [label for label in labels if "译名待核" in label or "用语待核" in label] == []
    marked = {s for s, o in words().subject_objects(SKOS.editorialNote) if "译名待核" in str(o)}
    assert URIRef(VOC + "membership-role/core") in marked


def test_the_address_of_a_concept_is_its_scheme_and_its_notation() -> None:
    wrong = set()
    for concept in concepts():
        if str(concept).startswith(VOC):
            notations = list(words().objects(concept, SKOS.notation))
            homes = {
                f"{scheme}/{notation}"
                for scheme in words().objects(concept, SKOS.inScheme)
                for notation in notations
            }
            if len(notations) != 1 or str(concept) not in homes:
                wrong.add(concept)
    assert names(wrong) == []


@pytest.mark.parametrize("what", [SKOS.notation, (SKOS.prefLabel | SKOS.altLabel)], ids=["notation", "label"])
def test_within_a_scheme_a_notation_or_label_leads_to_one_concept(what: URIRef) -> None:
    seen = Counter(
        (str(scheme), str(value), value.language if isinstance(value, Literal) else None)
        for concept, scheme in words().subject_objects(SKOS.inScheme)
        for value in set(words().objects(concept, what))
    )
    assert [key for key, count in seen.items() if count > 1] == []


def test_a_broader_concept_is_of_the_same_scheme_and_not_narrower_itself() -> None:
    wrong = {
        narrow
        for narrow, broad in words().subject_objects(SKOS.broader)
        if not set(words().objects(narrow, SKOS.inScheme)) & set(words().objects(broad, SKOS.inScheme))
        or narrow in set(words().transitive_objects(broad, SKOS.broader))
    }
    assert names(wrong) == []


def test_only_words_about_vocabulary_are_functional() -> None:
    functional = set(words().subjects(RDF.type, OWL.FunctionalProperty))
    assert functional == {MA.whole, MA.exhaustive}


def test_every_term_spoken_of_in_shapes_rules_examples_and_context_exists() -> None:
    spoken = {node for triple in turtle("shapes/*.ttl", "examples/*.ttl") for node in triple}
    used = {node for node in spoken if isinstance(node, URIRef) and node.startswith(MA)}
    texts = [
        file.read_text(encoding="utf-8")
        for file in (*ONTOLOGY.glob("rules/*.rq"), ONTOLOGY / "shapes/sparql.ttl")
    ]
    used |= {MA[name] for text in texts for name in re.findall(r"\bma:(\w+)", text)}
    used |= {
        MA[str(entry["@id"])[3:]]
        for entry in context().values()
        if str(entry.get("@id", "")).startswith("ma:")
    }
    assert names(used - own_terms()) == []


def test_every_concept_spoken_of_in_shapes_rules_examples_and_alignments_exists() -> None:
    spoken = {str(node) for triple in turtle("shapes/*.ttl", "examples/*.ttl") for node in triple}
    spoken |= {iri for rule in RULES.values() for iri in re.findall(r"<([^>]+)>", rule.text)}
    known = {str(node) for node in words().subjects()}
    assert sorted(iri for iri in spoken if iri.startswith(VOC) and iri not in known) == []
    aligned = {str(node) for node in turtle("alignment.ttl").subjects()}
    assert sorted(aligned - known) == []


def test_borrowed_words_have_names_in_both_languages() -> None:
    data = turtle("ontology.ttl", "vocabularies.ttl", "examples/*.ttl", "data/*.ttl")
    inner = {RDF.first, RDF.rest, OWL.members, OWL.AllDisjointClasses}
    used = {*data.predicates(), *data.objects(None, RDF.type)} - inner
    assert names({word for word in used if set(languages(word, RDFS.label)) != BOTH}) == []


# --- examples -----------------------------------------------------------------------------------------------------


def test_every_class_has_an_example() -> None:
    classes = {term for term in words().subjects(RDF.type, OWL.Class) if str(term).startswith(MA)}
    files = {re.sub(r"(?<!^)(?=[A-Z])", "-", str(term).removeprefix(MA)).lower(): term for term in classes}
    assert sorted(files) == sorted(file.stem for file in EXAMPLES)
    assert [
        stem for stem, term in files.items() if (None, RDF.type, term) not in turtle(f"examples/{stem}.ttl")
    ] == []


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_everything_in_an_example_is_marked_as_invented(file: Path) -> None:
    example = turtle(f"examples/{file.name}")
    flagged = set(example.subjects(MA.illustrative, Literal(True)))
    assert set(example.subjects()) == flagged
    labels = [o for o in example.objects(None, SKOS.prefLabel) if isinstance(o, Literal)]
    assert [o for o in labels if not o.startswith("示例" if o.language == "zh" else "Example")] == []


class Result(NamedTuple):
    focus: Node
    shape: Node
    component: Node
    severity: Node


def results(data: Graph) -> list[Result]:
    """Return what pyshacl finds in data, beside the ontology and vocabularies."""
    _, report, _ = pyshacl.validate(words() + data, shacl_graph=shapes(), inference="none")
    parts = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)
    return [
        Result(*(report.value(result, part) for part in parts))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    ]


def test_every_example_fits_its_shapes() -> None:
    found = results(turtle("examples/*.ttl"))
    assert [result for result in found if result.severity != SH.Info] == []


# --- shapes -------------------------------------------------------------------------------------------------------

COMPONENTS = {
    name: f"{name[0].upper()}{name[1:]}"
    for name in (
        *("minCount", "maxCount", "uniqueLang", "datatype", "nodeKind", "class", "in", "hasValue", "pattern"),
        *("minInclusive", "maxInclusive", "minExclusive", "disjoint", "lessThanOrEquals"),
        *("or", "not", "node", "qualifiedMinCount"),
    )
} | {"sparql": "SPARQL"}
HELD = {"path", "property", "message", "severity", "flags", "languageIn", "qualifiedValueShape", "minLength"}
HELD |= {"targetClass", "targetSubjectsOf", "prefixes", "declare", "prefix", "namespace", "select"}
HELD |= {"alternativePath", "inversePath"}


class Demand(NamedTuple):
    """One constraint of one shape."""

    name: str
    shape: Node
    component: Node
    severity: Node
    speaker: Node
    """Where its message and remedy stand: the shape, or the query."""


def demands() -> Iterator[Demand]:
    """Yield the constraints of all node shapes and of their property shapes, those nested deeper left out."""
    graph = shapes()
    for root in sorted(graph.subjects(RDF.type, SH.NodeShape), key=str):
        for shape in [root, *graph.objects(root, SH.property)]:
            severity = graph.value(shape, SH.severity) or SH.Violation
            along = graph.value(shape, SH.path)
            # A composed path is a blank node, whose label differs from run to run.
            path = "path" if isinstance(along, BNode) else re.split(r"[#/]", str(along or ""))[-1]
            for predicate, value in graph.predicate_objects(shape):
                component = COMPONENTS.get(str(predicate).removeprefix(str(SH)))
                if component:
                    speaker = value if component == "SPARQL" else shape
                    name = "/".join(filter(None, (str(root).split("#")[1], path, component)))
                    yield Demand(name, shape, SH[f"{component}ConstraintComponent"], severity, speaker)


def test_shapes_use_only_the_parts_of_shacl_that_are_compiled() -> None:
    used = {str(p).removeprefix(str(SH)) for p in shapes().predicates() if str(p).startswith(str(SH))}
    assert used - set(COMPONENTS) - HELD == set()


def test_every_constraint_says_what_is_wrong_and_what_to_do_in_both_languages() -> None:
    mute = set()
    for demand in demands():
        for predicate in (SH.message, MA.remedy):
            said = [
                o for o in shapes().objects(demand.speaker, predicate) if isinstance(o, Literal) and o.strip()
            ]
            if Counter(o.language for o in said) != Counter(BOTH):
                mute.add(demand.name)
    assert sorted(mute) == []


def test_a_query_of_a_shape_says_what_it_reaches() -> None:
    queries = set(shapes().objects(None, SH.sparql))
    assert names({query for query in queries if (query, MA.reach, None) not in shapes()}) == []


# Values that a property must not have, by the word that stands for them below.
WRONG = {
    "A_DAY": '"2021-01-01"^^xsd:date',
    "NOT_DATES": '"soon", "later"',
    "NOT_COUNTS": '-1, 1000000, "many"',
    "NOT_AMOUNTS": '-1, 1000000000, "much"',
    "NOT_CONCEPTS": "ex:nothing, <level/none>",
    "NOT_THINGS": '"nobody", "none"',
    "STRANGERS": "ex:nobody, ex:stranger",
    "SAID": "sosa:hasFeatureOfInterest ex:unit ; prov:wasDerivedFrom ex:one",
}

# What breaks the shapes: one node a case, beginning with the shape that it breaks.
COUNTER_EXAMPLES = """
Labels: ex:x a ma:Project .
Labels: ex:x a ma:Project ; skos:prefLabel "一"@zh, "二"@zh, "plain" .
AreaLabels: ex:x a schema:AdministrativeArea .
AreaLabels: ex:x a schema:AdministrativeArea ; skos:prefLabel "一"@zh, "二"@zh, "plain" .
NameVariant: ex:x a ma:NameVariant .
NameVariant: ex:x a ma:NameVariant ; ma:appliesTo NOT_THINGS ; skosxl:literalForm "a", "b" ;
  ma:kind NOT_CONCEPTS .
Sourced: ex:x a ma:Claim .
Sourced: ex:x a ma:Claim ; prov:wasDerivedFrom "a book" ; ma:basis <basis/stated>, <basis/guessed> .
SourcedRecord: ex:x a ma:Capability ; ma:basis <basis/stated>, <basis/guessed> .
InterpretedNote: ex:x ma:basis <basis/interpreted> .
Sentence: ex:x a ma:SourceSentence .
Sentence: ex:x a ma:SourceSentence ; oa:hasSource STRANGERS ; schema:position 1, "two" .
Sentence: ex:x a ma:SourceSentence ; oa:hasSelector ex:s . ex:s oa:start 1 .
Claim: ex:x a ma:Claim .
Claim: ex:x a ma:Claim ; ma:claimedAbout STRANGERS ; ma:kind NOT_CONCEPTS .
Acceptance: ex:x a ma:Acceptance .
Acceptance: ex:x a ma:Acceptance ; ma:accepts "a", ex:a ; ma:setsAside "b", ex:a .
Confirmation: ex:x a ma:Confirmation .
Confirmation: ex:x a ma:Confirmation ; ma:concerns "a", ex:a ; ma:concernedProperty "b", ex:b ;
  ma:answer NOT_CONCEPTS ; ma:verifiedOn "soon", A_DAY .
Illustrative: ex:x ma:illustrative false, true .
Period: ex:x a ma:Cooperation ; ma:validFrom "2022-01-01"^^xsd:date, "soon" ; ma:validUntil A_DAY, "later" .
Period: ex:x a ma:Cooperation ; ma:startStated NOT_DATES ; ma:endStated NOT_DATES .
Status: ex:x a ma:AllianceMembership ; ma:status <project-status/ongoing>, <status/active> .
OrganizationStatus: ex:x a org:FormalOrganization ;
  ma:status <status/active>, <organization-status/in-use> .
Verified: ex:x ma:verifiedOn "2021"^^xsd:gYear, A_DAY .
Alliance: ex:x a ma:MedicalAlliance .
Alliance: ex:x a ma:MedicalAlliance ; ma:kind NOT_CONCEPTS .
Membership: ex:x a ma:AllianceMembership .
Membership: ex:x a ma:AllianceMembership ; org:member STRANGERS ; org:organization STRANGERS ;
  org:role NOT_CONCEPTS .
Membership: ex:x a ma:AllianceMembership ; ma:plaqueOn NOT_DATES .
Agreement: ex:x a ma:Agreement .
Agreement: ex:x a ma:Agreement ; ma:governs "all" ; ma:documentNumber "1", "2" ; ma:signedOn NOT_DATES .
Cooperation: ex:x a ma:Cooperation .
Cooperation: ex:x a ma:Cooperation ; ma:fromParty STRANGERS ; ma:toParty STRANGERS ;
  ma:kind NOT_CONCEPTS .
Cooperation: ex:x a ma:Cooperation ; ma:annualCases NOT_COUNTS, 3 ; ma:year "2021", "2022"^^xsd:gYear .
Cooperation: ex:x a ma:Cooperation ; ma:responseMinutes NOT_COUNTS ; ma:roadKilometres NOT_AMOUNTS .
Referral: ex:x a ma:ReferralArrangement .
Referral: ex:x a ma:ReferralArrangement ; ma:refersFrom STRANGERS ; ma:refersTo STRANGERS .
Referral: ex:x a ma:ReferralArrangement ; ma:kind <cooperation-kind/research>, <referral-kind/up> .
Coverage: ex:x a ma:ServiceCoverage .
Coverage: ex:x a ma:ServiceCoverage ; schema:provider STRANGERS ; schema:areaServed STRANGERS ;
  ma:extent NOT_CONCEPTS .
Project: ex:x a ma:Project .
Project: ex:x a ma:Project ; ma:ledBy STRANGERS ; ma:partner ex:nobody ; ma:kind NOT_CONCEPTS ;
  ma:level NOT_CONCEPTS .
Project: ex:x a ma:Project ; ma:status <status/active>, <project-status/ongoing> .
Activity: ex:x a ma:Activity .
Activity: ex:x a ma:Activity ; schema:organizer ex:nobody ; schema:attendee ex:nobody ;
  ma:kind NOT_CONCEPTS .
Activity: ex:x a ma:Activity ; ma:participantCount NOT_COUNTS ; ma:credits NOT_AMOUNTS ;
  ma:creditClass NOT_CONCEPTS .
Designation: ex:x a ma:Designation .
Designation: ex:x a ma:Designation ; ma:heldBy STRANGERS ; ma:level NOT_CONCEPTS, <status/active> ;
  ma:kind NOT_CONCEPTS .
Designation: ex:x a ma:Designation ; schema:validIn ex:nowhere ; schema:issuedBy ex:nobody .
Capability: ex:x a ma:Capability .
Capability: ex:x a ma:Capability ; schema:provider STRANGERS ; ma:technique NOT_CONCEPTS ;
  ma:availability NOT_CONCEPTS .
Capability: ex:x a ma:Capability ; ma:tier NOT_CONCEPTS ; ma:annualCases NOT_COUNTS, 3 ;
  ma:year "2021", "2022"^^xsd:gYear .
CapabilityRequirement: ex:x a ma:CapabilityRequirement .
CapabilityRequirement: ex:x a ma:CapabilityRequirement ; ma:technique NOT_CONCEPTS ;
  ma:tier NOT_CONCEPTS .
Capacity: ex:x a ma:CapacityReport .
Capacity: ex:x a ma:CapacityReport ; ma:capacityOf STRANGERS ; ma:reportedAt A_DAY, "now" ;
  ma:freeBeds NOT_COUNTS .
Capacity: ex:x a ma:CapacityReport ; ma:acceptance NOT_CONCEPTS .
Programme: ex:x a ma:TrainingProgramme .
Programme: ex:x a ma:TrainingProgramme ; schema:provider ex:nobody ; ma:kind NOT_CONCEPTS ;
  ma:level NOT_CONCEPTS .
Programme: ex:x a ma:TrainingProgramme ; ma:specialty ex:nothing ; ma:baseDesignation STRANGERS ;
  ma:rotationSite ex:nobody .
Programme: ex:x a ma:TrainingProgramme ; ma:durationMonths NOT_AMOUNTS ; ma:fee NOT_AMOUNTS ;
  ma:monthlyStipend NOT_AMOUNTS .
Programme: ex:x a ma:TrainingProgramme ; ma:intakesPerYear NOT_COUNTS ; ma:requiredYears NOT_COUNTS ;
  ma:ageLimit NOT_COUNTS .
Programme: ex:x a ma:TrainingProgramme ; ma:supervisorCount NOT_COUNTS ; ma:credits NOT_AMOUNTS ;
  ma:creditClass NOT_CONCEPTS .
Programme: ex:x a ma:TrainingProgramme ; ma:housing NOT_CONCEPTS ; ma:requiredDegree NOT_CONCEPTS ;
  ma:requiredTitle NOT_CONCEPTS .
Programme: ex:x a ma:TrainingProgramme ; ma:requiredLicence NOT_CONCEPTS ;
  ma:requiredResidencyCertificate NOT_CONCEPTS .
Programme: ex:x a ma:TrainingProgramme ; ma:requiredMembership NOT_CONCEPTS ;
  ma:employerConsent NOT_CONCEPTS .
Programme: ex:x a ma:TrainingProgramme ; ma:employmentCondition NOT_CONCEPTS .
Places: ex:x a ma:ProgrammeIntake ; schema:maximumEnrollment NOT_COUNTS .
Intake: ex:x a ma:ProgrammeIntake .
Intake: ex:x a ma:ProgrammeIntake ; ma:intakeOf STRANGERS ; schema:startDate NOT_DATES .
Intake: ex:x a ma:ProgrammeIntake ; schema:applicationStartDate NOT_DATES ;
  schema:applicationDeadline NOT_DATES .
GradeAssignment: ex:x a ma:GradeAssignment .
GradeAssignment: ex:x a ma:GradeAssignment ; ma:appliesTo STRANGERS ; ma:assignedGrade NOT_CONCEPTS .
WardLevelAssignment: ex:x a ma:WardLevelAssignment .
WardLevelAssignment: ex:x a ma:WardLevelAssignment ; ma:appliesTo STRANGERS ;
  ma:assignedWardLevel NOT_CONCEPTS .
ParentAssignment: ex:x a ma:ParentAssignment .
ParentAssignment: ex:x a ma:ParentAssignment ; ma:appliesTo STRANGERS ; ma:assignedParent STRANGERS .
PlaceAssignment: ex:x a ma:PlaceAssignment .
PlaceAssignment: ex:x a ma:PlaceAssignment ; ma:appliesTo STRANGERS ; ma:assignedPlace STRANGERS ;
  ma:crs NOT_CONCEPTS .
PlaceAssignment: ex:x a ma:PlaceAssignment ; ma:longitudeStated -200, 200, "E" ;
  ma:latitudeStated -100, 100, "N" .
Organization: ex:x a org:FormalOrganization ; ma:organizationType NOT_CONCEPTS ; ma:grade NOT_CONCEPTS .
Department: ex:x a ma:ClinicalDepartment ; org:unitOf STRANGERS ; ma:wardLevel NOT_CONCEPTS .
Founding: ex:x schema:foundingDate NOT_DATES .
Contact: ex:x a ma:Contact .
Contact: ex:x a ma:Contact ; ma:contactFor "all" ; ma:contactRole ex:nothing .
Statistic: ex:x a ma:Statistic .
Statistic: ex:x a ma:Statistic ; sosa:hasFeatureOfInterest STRANGERS ; sosa:observedProperty STRANGERS .
Statistic: ex:x a ma:Statistic ; sosa:hasSimpleResult -1, "many" ; qudt:hasUnit unit:NUM, unit:GM ;
  ma:visibility NOT_CONCEPTS .
Statistic: ex:x a ma:Statistic ; ma:asOf NOT_DATES ; ma:numerator NOT_AMOUNTS ; ma:denominator 0, "much" .
Statistic: ex:x a ma:Statistic ; ma:periodStart "2022-01-01"^^xsd:date, "soon" ;
  ma:periodEnd A_DAY, "later" .
Indicator: ex:x a ma:Indicator .
Indicator: ex:x a ma:Indicator ; qudt:hasUnit unit:NUM, unit:GM .
Breakdown: ex:x a ma:Breakdown .
Breakdown: ex:x a ma:Breakdown ; ma:whole STRANGERS ; ma:exhaustive true, "yes" ; skos:member ex:nothing .
Concept: ex:x a skos:Concept .
Concept: ex:x a skos:Concept ; skos:inScheme "a" ; skos:notation "a", 2 ;
  skos:prefLabel "一"@zh, "二"@zh, "plain" .
Area: ex:x a schema:AdministrativeArea ; skos:notation "22000"^^ma:GB2260, "220000" ;
  ma:formerCode "22", "x"^^ma:GB2260 .
Area: ex:x a schema:AdministrativeArea ; org:identifier "220000"^^ma:Local ; ma:areaLevel NOT_CONCEPTS .
Area: ex:x a schema:AdministrativeArea ; schema:containedInPlace STRANGERS ; ma:borders ex:nowhere ;
  ma:seat "a", "b" .
Point: ex:x geo:lat -100, 100, "N" .
Point: ex:x geo:lat 40.0 ; geo:long -200, 200, "E" .
Graph: ex:x a ma:Graph .
Graph: ex:x a ma:Graph ; ma:graphKind NOT_CONCEPTS ; ma:visibility NOT_CONCEPTS ;
  ma:merged true, "yes" ; ma:ofDocument "a", "b" .
Graph: ex:x a ma:Graph ; ma:graphKind <graph-kind/source> ; ma:visibility <visibility/internal> ;
  ma:merged true .
Identifier: ex:x a schema:AdministrativeArea ; org:identifier "220000"^^ma:USCC .
CodesAreText: ex:x schema:telephone 4318878 ; ma:officeLine 431 ; ma:personalPhone 139 ;
  schema:postalCode 130021 .
CodesAreText: ex:x ma:documentNumber 1 ; ma:grantNumber 2 ; dct:identifier 3 .
NoPersonalPhone: ex:x ma:officeLine "+86 139 0000 0000" .
WebAddress: ex:x schema:url "javascript:alert(1)" .
BreakdownAdds: ex:b a ma:Breakdown ; ma:whole ex:w ; ma:exhaustive true ; skos:member ex:p, ex:q .
  ex:one oa:hasSource ex:document .
  ex:x a ma:Statistic ; sosa:observedProperty ex:w ; SAID ; sosa:hasSimpleResult 9 .
  ex:sp sosa:observedProperty ex:p ; SAID ; sosa:hasSimpleResult 4 .
  ex:sq sosa:observedProperty ex:q ; SAID ; sosa:hasSimpleResult 4 .
NoOverlap: ex:x a ma:AllianceMembership ; org:member ex:m ; org:organization ex:a ; org:role ex:r ;
  ma:startStated "2020"^^xsd:gYear ; ma:endStated "2023-05"^^xsd:gYearMonth . ex:y org:member ex:m ;
  org:organization ex:a ; org:role ex:r ; ma:validFrom "2022-03-01"^^xsd:date .
UnitFits: ex:x a ma:Statistic ; sosa:observedProperty <indicator/beds> ; qudt:hasUnit unit:GM .
StatedOrder: ex:x ma:startStated "2022-02"^^xsd:gYearMonth ; ma:endStated "2021"^^xsd:gYear .
ApplicationOrder: ex:x a ma:ProgrammeIntake ; schema:applicationStartDate "2022-02"^^xsd:gYearMonth ;
  schema:applicationDeadline A_DAY .
"""


def written_out(text: str) -> str:
    """Return a text with the words for wrong values replaced by the values."""
    return re.sub("|".join(WRONG), lambda word: WRONG[word[0]], text)


CASES = [case.split(": ", 1) for case in re.split(r"\n(?=\S)", written_out(COUNTER_EXAMPLES).strip())]


def place(number: int) -> Namespace:
    return Namespace(f"https://example.org/case-{number}#")


@cache
def violations() -> frozenset[Result]:
    """Return what pyshacl finds wrong in all counter-examples."""
    data = Graph()
    for number, (_, body) in enumerate(CASES):
        data.parse(data=f"{PREFIXES}@prefix ex: <{place(number)}> .\n{body}", format="turtle")
    return frozenset(result for result in results(data) if result.severity == SH.Violation)


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: f"{n}-{CASES[n][0]}")
def test_a_counter_example_is_refused_by_its_shape(number: int) -> None:
    shape = URIRef(f"https://w3id.org/medalliance/shapes#{CASES[number][0]}")
    assert [r for r in violations() if r.focus == place(number).x and r.shape in parts_of(shape)]


@pytest.mark.parametrize(
    "demand",
    sorted((d for d in demands() if d.severity == SH.Violation), key=lambda d: d.name),
    ids=lambda d: d.name,
)
def test_every_violation_has_a_counter_example(demand: Demand) -> None:
    assert [r for r in violations() if (r.shape, r.component) == (demand.shape, demand.component)]


@cache
def broken_by(bodies: tuple[str, ...]) -> list[set[str]]:
    """Return for each small document the names of the shapes that its node ex:x breaks, in one pass."""
    data = Graph()
    for number, body in enumerate(bodies):
        data.parse(data=f"{PREFIXES}@prefix ex: <{place(number)}> .\n{body}", format="turtle")
    found: list[set[str]] = [set() for _ in bodies]
    at: dict[Node, int] = {place(number).x: number for number in range(len(bodies))}
    owners = {part: root for root in shapes().subjects(RDF.type, SH.NodeShape) for part in parts_of(root)}
    for result in results(data):
        if result.focus in at:
            found[at[result.focus]].add(str(owners[result.shape]).split("#")[1])
    return found


def parts_of(shape: Node) -> set[Node]:
    return {shape, *shapes().objects(shape, SH.property)}


SAME = "org:member ex:m ; org:organization ex:a ; org:role ex:r"
PAIRS: dict[tuple[str, str], set[str]] = {
    ("ma:endStated '2020'^^xsd:gYear", "ma:startStated '2021'^^xsd:gYear"): set(),
    ("ma:endStated '2020-06'^^xsd:gYearMonth", "ma:startStated '2020'^^xsd:gYear"): set(),
    ("ma:startStated '2019'^^xsd:gYear", "ma:startStated '2021'^^xsd:gYear"): {"MayOverlap"},
    ("ma:status <status/active>", "ma:status <status/active>"): {"MayOverlap"},
    (
        "ma:startStated '2019'^^xsd:gYear ; ma:endStated '2022'^^xsd:gYear",
        "ma:validFrom '2021-05-01'^^xsd:date",
    ): {"MayOverlap", "NoOverlap"},
}
OVERLAPS = tuple(
    f"ex:x a ma:AllianceMembership ; {SAME} ; {first} . ex:y a ma:AllianceMembership ; {SAME} ; {second} ."
    for first, second in PAIRS
)


@pytest.mark.parametrize("number", range(len(OVERLAPS)))
def test_memberships_overlap_for_certain_perhaps_or_not(number: int) -> None:
    expected = list(PAIRS.values())[number]
    assert broken_by(OVERLAPS)[number] & {"NoOverlap", "MayOverlap"} == expected


GOOD_CODES = """
org:identifier "12220000423200000A"^^ma:USCC
org:identifier "46063143615220111A1011"^^ma:Licence
org:identifier "https://ror.org/034haf133"^^ma:ROR
org:identifier "grid.430605.4"^^ma:GRID
org:identifier "0000 0004 1758 4110"^^ma:ISNI
org:identifier "Q30288939"^^ma:Wikidata
org:identifier "EX-1"^^ma:Local
schema:telephone "0431-88782222"
schema:telephone "010-12345678"
schema:telephone "400-800-1234"
schema:telephone "(0431) 8878 2222"
schema:url "https://example.org/报名?a=1"
"""
BAD_CODES = """
org:identifier "1222000042320000"^^ma:USCC
org:identifier "1222000042320000OI"^^ma:USCC
org:identifier "46063143615220111A101"^^ma:Licence
org:identifier "034haf133"^^ma:ROR
org:identifier "Q0"^^ma:Wikidata
org:identifier ""^^ma:Local
org:identifier "12220000423200000A"
org:identifier 122200004232000001
schema:telephone "13900000000"
schema:telephone "139-0000-0000"
schema:telephone "+86 13900000000"
ma:officeLine "0086 139 0000 0000"
schema:url "javascript:alert(1)"
schema:url "https://example.org/ onclick=alert(1)"
"""
CODES = tuple(f"ex:x {code} ." for code in f"{GOOD_CODES.strip()}{BAD_CODES.rstrip()}".splitlines())


@pytest.mark.parametrize("code", CODES)
def test_a_code_phone_or_address_is_taken_when_it_fits_and_refused_when_it_does_not(code: str) -> None:
    fits = code.removeprefix("ex:x ").removesuffix(" .") in GOOD_CODES.splitlines()
    assert (not broken_by(CODES)[CODES.index(code)]) is fits


# --- rules --------------------------------------------------------------------------------------------------------


@cache
def class_tree() -> list[Quad]:
    read = OxigraphStore().read((ONTOLOGY / "ontology.ttl").read_bytes(), media.TURTLE)
    return [quad for quad in read if quad.predicate.endswith("#subClassOf>")]


def held(body: str) -> OxigraphStore:
    """Return a store that holds the class tree and a few triples."""
    store = OxigraphStore()
    store.add(class_tree())
    store.add(store.read(f"{PREFIXES}@prefix ex: <http://e/> .\n{body}".encode(), media.TURTLE))
    return store


def derived(rule: str, body: str) -> set[tuple[str, str, str]]:
    """Return what a rule derives about nodes of our own, shortened."""
    triples = held(body).construct(RULES[rule].text)
    short = [
        tuple(re.split(r"[/#]", part.strip("<>"))[-1] for part in q[:3])
        for q in triples
        if "/e/" in q.subject
    ]
    return {(s, p, o) for s, p, o in short}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_speaks_of_this_and_has_one_place_for_the_focus(rule: Rule) -> None:
    template = re.search(r"CONSTRUCT \{(.*?)\}", rule.text, re.DOTALL)
    assert template
    assert {part.split()[0] for part in re.split(r"\s\.\s", template[1])} == {"?this"}
    assert rule.text.count(FOCUS) == 1


def test_what_belongs_to_a_class_belongs_to_the_classes_above() -> None:
    found = derived("superclasses", "ex:d a ma:ClinicalDepartment . ex:r a ma:ReferralArrangement .")
    assert {("d", "type", "OrganizationalUnit"), ("d", "type", "Organization")} <= found
    assert {("r", "type", "Cooperation"), ("r", "type", "Entity")} <= found
    assert ("d", "type", "FormalOrganization") not in found


def test_one_direction_said_the_other_follows() -> None:
    body = "ex:q ma:heldBy ex:d . ex:d org:unitOf ex:h . ex:u org:hasSubOrganization ex:h ."
    expected = {("d", "holdsDesignation", "q"), ("h", "hasUnit", "d"), ("h", "subOrganizationOf", "u")}
    assert derived("inverses", body) == expected


def test_a_membership_makes_its_member_a_member_of_the_alliance_unless_it_never_came_into_force() -> None:
    body = "".join(
        f"ex:m{n} org:member ex:o{n} ; org:organization ex:a {status} . "
        for n, status in enumerate(("", "; ma:status <status/expired>", "; ma:status <status/pending>"))
    )
    assert derived("member-of", body) == {("o0", "memberOf", "a"), ("o1", "memberOf", "a")}


def test_an_area_lies_within_every_area_above() -> None:
    body = "ex:county schema:containedInPlace ex:city . ex:city schema:containedInPlace ex:province ."
    assert derived("within", body) == {
        ("county", "within", "city"),
        ("county", "within", "province"),
        ("city", "within", "province"),
    }


def bounds(body: str) -> dict[str, str]:
    """Return the bounds that the rule derives, one of a kind."""
    triples = held(body).construct(RULES["period-bounds"].text)
    found = {q.predicate.strip("<>").split("#")[1]: q.object.split('"')[1] for q in triples}
    assert len(found) == len(triples)
    return found


@pytest.mark.parametrize(
    ("stated", "first", "last"),
    [
        ('"1992"^^xsd:gYear', "1992-01-01", "1992-12-31"),
        ('"2020-02"^^xsd:gYearMonth', "2020-02-01", "2020-02-29"),
        ('"2021-02"^^xsd:gYearMonth', "2021-02-01", "2021-02-28"),
        ('"1900-02"^^xsd:gYearMonth', "1900-02-01", "1900-02-28"),
        ('"2000-02"^^xsd:gYearMonth', "2000-02-01", "2000-02-29"),
        ('"2021-04"^^xsd:gYearMonth', "2021-04-01", "2021-04-30"),
        ('"2021-12"^^xsd:gYearMonth', "2021-12-01", "2021-12-31"),
        ('"2021-03-05"^^xsd:date', "2021-03-05", "2021-03-05"),
    ],
)
def test_a_stated_time_bounds_the_day(stated: str, first: str, last: str) -> None:
    assert bounds(f"ex:m ma:startStated {stated} .") == {"earliestStart": first, "latestStart": last}
    assert bounds(f"ex:m ma:endStated {stated} .") == {"earliestEnd": first, "latestEnd": last}
    assert bounds(f"ex:m schema:applicationDeadline {stated} .") == {
        "earliestClosing": first,
        "latestClosing": last,
    }


@given(st.dates(min_value=date(1583, 1, 1)))
@settings(max_examples=40, deadline=None)
def test_bounds_agree_with_the_calendar(day: date) -> None:
    month = f"{day.year:04}-{day.month:02}"
    last = calendar.monthrange(day.year, day.month)[1]
    found = bounds(f'ex:m ma:startStated "{month}"^^xsd:gYearMonth .')
    assert found == {"earliestStart": f"{month}-01", "latestStart": f"{month}-{last}"}


def test_sources_that_differ_widen_the_bounds() -> None:
    body = 'ex:m ma:startStated "2021"^^xsd:gYear ; ma:validFrom "2020-07-01"^^xsd:date .'
    assert bounds(body) == {"earliestStart": "2020-07-01", "latestStart": "2021-12-31"}


@pytest.mark.parametrize(
    "stated", ['"soon"', '"2021-13"', '"2021-02-30"', '"21"', '"2021-02-03T00:00:00Z"^^xsd:dateTime']
)
def test_what_is_no_time_has_no_bounds(stated: str) -> None:
    assert bounds(f"ex:m ma:startStated {stated} .") == {}


POOL = [
    *(f"ex:area{n} schema:containedInPlace ex:area{m} ." for n in range(5) for m in range(n + 1, 5)),
    *(f"ex:m{n} org:member ex:org{n % 2} ." for n in range(3)),
    *(f"ex:m{n} org:organization ex:alliance{n % 2} ." for n in range(3)),
    *(f"ex:m{n} ma:status <status/pending> ." for n in range(3)),
    *('ex:m0 ma:startStated "2021"^^xsd:gYear .', 'ex:m0 ma:validFrom "2020-07-01"^^xsd:date .'),
    *("ex:q ma:heldBy ex:org0 .", "ex:org1 ma:holdsDesignation ex:q .", "ex:org0 org:unitOf ex:org1 ."),
    *("ex:org0 a ma:ClinicalDepartment .", "ex:org1 a org:FormalOrganization ."),
]
STATES = st.sets(st.sampled_from(POOL), min_size=8)
CHANGES = st.sets(st.sampled_from(POOL), min_size=1, max_size=2)


@given(before=STATES, change=CHANGES)
@settings(max_examples=150, deadline=None)
def test_deriving_anew_for_what_a_change_reaches_is_as_good_as_deriving_everything(
    before: set[str], change: set[str]
) -> None:
    old, new = held(" ".join(sorted(before))), held(" ".join(sorted(before ^ change)))
    was, now = (frozenset(store.match()) for store in (old, new))
    changed = changed_nodes(Delta(now - was, was - now))
    for rule in RULES.values():
        touched = changed | reached_nodes(old, changed, rule.reach) | reached_nodes(new, changed, rule.reach)
        kept = {q for q in ours(old.construct(rule.text)) if q.subject not in touched}
        renewed = ours(new.construct(focused(rule.text, sorted(touched))))
        assert kept | renewed == ours(new.construct(rule.text)), rule.name


def ours(triples: set[Quad]) -> set[Quad]:
    return {quad for quad in triples if quad.subject.startswith("<http://e/")}


# --- JSON-LD context ----------------------------------------------------------------------------------------------


def context() -> dict[str, dict[str, object]]:
    read = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    return {term: entry if isinstance(entry, dict) else {"@id": entry} for term, entry in read.items()}


def test_the_context_has_every_property_with_its_type() -> None:
    entries = context()
    wrong = []
    for term in properties():
        entry = entries.get(str(term).removeprefix(MA), {})
        expected = "@id" if (term, RDF.type, OWL.ObjectProperty) in words() else range_of(term)
        if entry.get("@id") != f"ma:{str(term).removeprefix(MA)}" or entry.get("@type") != expected:
            wrong.append(str(term))
    assert wrong == []


def range_of(term: Node) -> str | None:
    """Return the datatype that a context needs for a property; plain strings need none."""
    datatype = str(words().value(term, RDFS.range) or "")
    short = datatype.replace("http://www.w3.org/2001/XMLSchema#", "xsd:").replace(MA, "ma:")
    return short if short not in ("", "xsd:string") else None


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_survives_the_way_through_json_ld(file: Path) -> None:
    read = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    written = turtle(f"examples/{file.name}").serialize(format="json-ld", context=read)
    assert not re.search(r'"ma:\w+":', written.split('"@graph"')[-1])
    store = OxigraphStore()
    assert set(store.read(written.encode(), media.JSONLD)) == set(store.read(file.read_bytes(), media.TURTLE))
