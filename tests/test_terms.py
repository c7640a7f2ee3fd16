"""The generated constants and the generated reference page say what the Turtle files say."""

from typing import get_type_hints

import pytest
from rdflib import RDF, SKOS, URIRef

from ontology import make_terms, terms
from ontology.terms import DCTERMS, MA, ORG, VOC, GraphKind, HospitalGrade, MembershipRole
from ontology.terms import RDF as RDF_TERMS

CLASSES = [value for value in vars(terms).values() if isinstance(value, type)]


def test_terms_are_what_the_generator_writes() -> None:
    assert make_terms.TERMS_FILE.read_text(encoding="utf-8") == make_terms.terms_module()


def test_the_reference_page_is_what_the_generator_writes() -> None:
    assert make_terms.REFERENCE_FILE.read_text(encoding="utf-8") == make_terms.reference()


def test_generating_twice_gives_the_same() -> None:
    assert make_terms.terms_module() == make_terms.terms_module()


@pytest.mark.parametrize("owner", CLASSES, ids=lambda owner: owner.__name__)
def test_a_constant_is_an_iri_without_brackets_and_final(owner: type) -> None:
    values = {name: value for name, value in vars(owner).items() if not name.startswith("__")}
    assert values
    assert all(isinstance(value, str) and value.startswith("http") for value in values.values())
    assert set(get_type_hints(owner, include_extras=True)) == set(values)


def test_constants_of_every_kind_are_there() -> None:
    assert MA.AllianceMembership == "https://w3id.org/medalliance/ontology#AllianceMembership"
    assert ORG.memberOf == "http://www.w3.org/ns/org#memberOf"
    assert RDF_TERMS.type == "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    assert DCTERMS.title == "http://purl.org/dc/terms/title"
    assert VOC.GRAPH_KIND == "https://w3id.org/medalliance/vocab/graph-kind"
    assert GraphKind.SOURCE == "https://w3id.org/medalliance/vocab/graph-kind/source"
    assert MembershipRole.DEPUTY_LEAD == "https://w3id.org/medalliance/vocab/membership-role/deputy-lead"
    assert HospitalGrade.N3A == "https://w3id.org/medalliance/vocab/hospital-grade/3a"


def test_every_own_term_scheme_and_concept_has_a_constant() -> None:
    graph = make_terms.turtle("ontology.ttl", "vocabularies.ttl")
    known = {value for owner in CLASSES for value in vars(owner).values() if isinstance(value, str)}
    due = {s for s in graph.subjects() if isinstance(s, URIRef) and s.startswith(make_terms.MA)}
    due |= {s for s in graph.subjects(RDF.type, SKOS.ConceptScheme) if isinstance(s, URIRef)}
    due |= {s for s in graph.subjects(SKOS.inScheme, None) if isinstance(s, URIRef)}
    assert sorted(str(term) for term in due if str(term) not in known) == []


def test_the_reference_page_names_every_term_and_concept() -> None:
    page = make_terms.reference()
    graph = make_terms.turtle("ontology.ttl", "vocabularies.ttl")
    own = str(make_terms.MA)
    due = [f"`ma:{str(s).removeprefix(own)}`" for s in graph.subjects() if str(s).startswith(own)]
    due += [f"| `{notation}` |" for notation in graph.objects(None, SKOS.notation)]
    assert [entry for entry in due if entry not in page] == []
