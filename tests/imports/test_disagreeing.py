"""What contradicts: other figures and other things, not the same date known more exactly."""

from decimal import Decimal

import pytest

from graph.imports.disagreeing import Saying, contradicts
from graph.imports.value_terms import day_term, number_term
from graph.quads import Term, iri

THING, SAID = iri("urn:x:thing"), iri("urn:x:said")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (day_term("1992"), day_term("1992-05"), False),
        (day_term("1992-05-01"), day_term("1992-05"), False),
        (day_term("1992"), day_term("1993-05"), True),
        (number_term(Decimal(3)), number_term(Decimal(30)), True),
        ('"30.0"^^<http://www.w3.org/2001/XMLSchema#decimal>', number_term(Decimal(30)), False),
        (iri("urn:x:a"), iri("urn:x:b"), True),
        (iri("urn:x:a"), iri("urn:x:a"), False),
    ],
)
def test_values_contradict_where_only_one_can_be_right(one: Term, other: Term, *, expected: bool) -> None:
    assert contradicts(Saying(THING, SAID, one), Saying(THING, SAID, other)) is expected
    assert contradicts(Saying(THING, SAID, other), Saying(THING, SAID, one)) is expected
