"""Sentences of checks: in both languages, the shape's own first, with the values of a finding in them."""

import doctest

import pytest

from graph import shape_texts
from graph.shape_model import Constraint, Step
from graph.shape_texts import completed, fault_texts, filled, remedy_texts


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(shape_texts).failed == 0


@pytest.mark.parametrize(
    ("constraint", "zh", "en"),
    [
        (Constraint("MinCount", limit=1), "“beds”至少须有 1 个值", "beds needs at least 1 value(s)"),
        (
            Constraint("Class", ("<http://example.org/Unit>",)),
            "“beds”须指向 Unit 类的条目",
            "beds must be an entry of class Unit",
        ),
        (
            Constraint("NodeKind", ("<http://www.w3.org/ns/shacl#IRI>",)),
            "“beds”的值须为 条目（IRI）",
            "beds must be of kind an entry (IRI)",
        ),
        (
            Constraint("Pattern", ('"^[0-9]{2}$"', '"i"')),
            "“beds”的写法须符合 ^[0-9]{2}$",
            "beds must match ^[0-9]{2}$",
        ),
    ],
)
def test_a_default_sentence_names_the_property_and_the_demand(
    constraint: Constraint, zh: str, en: str
) -> None:
    assert fault_texts(constraint, Step("http://example.org/beds")) == {"zh": zh, "en": en}


def test_a_constraint_on_the_node_speaks_of_the_entry() -> None:
    assert remedy_texts(Constraint("Closed"), None) == {
        "zh": "从该条目中删除该属性",
        "en": "Remove the property from the entry",
    }


@pytest.mark.parametrize(
    ("own", "texts"),
    [
        ({}, {"zh": "默认", "en": "default"}),
        ({"en": "own"}, {"zh": "默认", "en": "own"}),
        ({"": "own"}, {"zh": "own", "en": "own"}),
        ({"zh": "自己", "en": "own"}, {"zh": "自己", "en": "own"}),
    ],
)
def test_a_shape_speaks_for_itself_where_it_can(own: dict[str, str], texts: dict[str, str]) -> None:
    assert completed(own, {"zh": "默认", "en": "default"}) == texts


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{?total} {?x}"]
)
def test_a_hostile_value_stays_text_in_a_message(hostile: str) -> None:
    escaped = hostile.replace('"', '\\"')
    assert filled({"en": "sum {?sum}, of {$total}"}, {"sum": f'"{escaped}"', "total": "<urn:x:t>"}) == {
        "en": f"sum {hostile}, of urn:x:t"
    }


def test_a_place_without_a_value_stays_as_it_is() -> None:
    assert filled({"en": "sum {?sum}"}, {}) == {"en": "sum {?sum}"}
