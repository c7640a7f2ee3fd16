"""What may be kept: a query that may differ from one time to the next is never taken for one that does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.repeatable import is_repeatable


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (NOW() AS ?t) {}",
        "SELECT (now() AS ?t) {}",
        "SELECT (NOW ( ) AS ?t) {}",
        "SELECT (NOW #(\n () AS ?t) {}",
        "SELECT (RAND() AS ?t) {}",
        "SELECT (UUID() AS ?t) {}",
        "SELECT (STRUUID() AS ?t) {}",
        "SELECT (BNODE() AS ?t) {}",
        "SELECT (BNODE('a') AS ?t) {}",
        "SELECT * { FILTER(trueNOW() = 1) }",
        "SELECT * { ?s ?p ?o FILTER(?a<1&&NOW()>?o) }",
        "SELECT * { ?s ?p ?o FILTER(?a<NOW()&&?b>1) }",
        r"SELECT (\u004EOW() AS ?t) {}",
        "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "SELECT * { SERVICE:x { ?s ?p ?o } }",
        "SELECT * { ServiceSilent<http://example.org/> { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p [] } { ?s ?p ?o }",
        "CONSTRUCT { _:b ?p ?o } { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p (1 2) } { ?s ?p ?o }",
        "CONSTRUCT{_:b ?p ?o}WHERE{?s ?p ?o}",
        "CONSTRUCT WHERE { ?s ?p _:b }",
        "PREFIX x: <http://example.org/> CONSTRUCT { << ?s ?p ?o >> x:p 1 } { ?s ?p ?o }",
    ],
)
def test_what_differs_from_time_to_time_is_not_repeatable(text: str) -> None:
    assert not is_repeatable(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?now { ?now ?p 'NOW()' }",
        "SELECT * { ?s <http://example.org/NOW()> ?o } # RAND()",
        "PREFIX fhir: <http://hl7.org/fhir/> SELECT * { ?s a fhir:HealthcareService }",
        "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(?o > 1) . ?s ?q [] }",
        "DESCRIBE <http://example.org/a>",
        "ASK { ?s ?p 'service' }",
    ],
)
def test_what_only_looks_so_is_repeatable(text: str) -> None:
    assert is_repeatable(text)


@given(
    st.sampled_from(("NOW", "rand", "UUID", "StrUUID", "bnode")),
    st.sampled_from(("", " ", "\n", " #)\n", "\t")),
    st.sampled_from(("SELECT ({} AS ?x) {{}}", "SELECT * {{ FILTER({} = 1) }}", "ASK {{ BIND({} AS ?x) }}")),
)
def test_no_way_of_writing_hides_a_volatile_function(name: str, between: str, query: str) -> None:
    assert not is_repeatable(query.format(f"{name}{between}()"))
