"""What shapes ask of one value is true or false for any value, never in error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.oxigraph import OxigraphStore
from graph.quads import XSD, literal
from graph.shape_model import Constraint
from graph.shape_values import exactly_one, is_one_of, value_test


def accepted(constraint: Constraint, term: str) -> bool:
    return OxigraphStore().ask(f"ASK {{ VALUES ?v {{ {term} }} FILTER({value_test(constraint, '?v')}) }}")


WELL_FORMED = {
    "date": ["2024-02-29", "2024-03-01+08:00", "2024-03-01Z"],
    "dateTime": ["2024-03-01T12:00:00", "2024-03-01T12:00:00.5+08:00"],
    "gYear": ["2021", "-0044"],
    "gYearMonth": ["2021-03", "2021-12Z"],
    "boolean": ["true", "0"],
    "integer": ["7", "-3"],
    "decimal": ["1.5", "2"],
    "double": ["1e3", "NaN", "-INF"],
    "nonNegativeInteger": ["0", "18446744073709551616"],
    "unsignedByte": ["255"],
    "dateTimeStamp": ["2024-03-01T12:00:00Z"],
    "anyURI": ["anything"],
}
ILL_FORMED = {
    "date": ["2023-02-29", "2024-13-01", "01.03.2024", "2024-3-1", "2021"],
    "dateTime": ["2024-03-01", "2024-02-30T00:00:00"],
    "gYear": ["21", "2021-03"],
    "gYearMonth": ["2021-13", "2021"],
    "boolean": ["yes"],
    "integer": ["seven", "1.5"],
    "decimal": ["1e3"],
    "nonNegativeInteger": ["-1"],
    "unsignedByte": ["256"],
    "dateTimeStamp": ["2024-03-01T12:00:00"],
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in WELL_FORMED.items() for text in texts]
)
def test_a_well_formed_literal_is_of_its_datatype(name: str, text: str) -> None:
    constraint = Constraint("Datatype", (f"<{XSD}{name}>",))
    assert accepted(constraint, literal(text, datatype=XSD + name))


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in ILL_FORMED.items() for text in texts]
)
def test_an_ill_formed_literal_is_not_of_its_datatype(name: str, text: str) -> None:
    constraint = Constraint("Datatype", (f"<{XSD}{name}>",))
    assert not accepted(constraint, literal(text, datatype=XSD + name))


@pytest.mark.parametrize("text", ["2024-03-01", "text", "1"])
def test_a_literal_without_the_datatype_is_not_of_it(text: str) -> None:
    assert not accepted(Constraint("Datatype", (f"<{XSD}date>",)), literal(text))


CONSTRAINTS = [
    Constraint("MinInclusive", ("2",)),
    Constraint("MaxLength", limit=3),
    Constraint("Pattern", ('"^a"',)),
    Constraint("LanguageIn", ('"en"',)),
    Constraint("In", ("<urn:x:a>", '"a"')),
    Constraint("NodeKind", ("<http://www.w3.org/ns/shacl#IRI>",)),
]


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=[constraint.component for constraint in CONSTRAINTS])
@pytest.mark.parametrize("term", ["<urn:x:b>", '"x"@zh', "true", f'"bad"^^<{XSD}integer>'])
def test_what_is_asked_of_a_value_is_true_or_false(constraint: Constraint, term: str) -> None:
    test = value_test(constraint, "?v")
    assert OxigraphStore().ask(f"ASK {{ VALUES ?v {{ {term} }} FILTER({test} || !({test})) }}")


def test_a_list_means_the_very_same_literal() -> None:
    store = OxigraphStore()
    assert not store.ask(f"ASK {{ VALUES ?v {{ 1.0 }} FILTER({is_one_of('?v', ['1'])}) }}")


@given(st.lists(st.booleans(), max_size=4))
@settings(deadline=None, database=None)
def test_exactly_one_counts_the_tests_that_pass(passes: list[bool]) -> None:
    test = exactly_one([str(passed).lower() for passed in passes])
    assert OxigraphStore().ask(f"ASK {{ FILTER({test}) }}") == (passes.count(True) == 1)
