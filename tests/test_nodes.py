"""Names, kinds and dates of things."""

from __future__ import annotations

import pytest
from page_data import PACKAGED, packaged_engine, state

from graph.nodes import NO_PERIOD, Nodes, first_labels, in_language, is_iri_text, local_name
from samples import BASE, HOSTILE


def nodes_of(turtle: str, *names: str) -> Nodes:
    nodes = Nodes(state(packaged_engine(), turtle))
    nodes.read(names)
    return nodes


def test_a_label_is_taken_by_language_and_the_first_counts() -> None:
    nodes = nodes_of(
        '<id/x/1> skos:prefLabel "乙"@zh, "甲"@zh, "A"@en-GB ; schema:name "plain" .', f"{BASE}id/x/1"
    )
    assert nodes.labels(f"{BASE}id/x/1") == {"zh": "乙", "en": "A", "": "plain"}


def test_a_thing_without_any_name_is_called_by_the_end_of_its_iri() -> None:
    nodes = nodes_of("<id/x/1> a <id/x/2> .", f"{BASE}id/x/1")
    assert nodes.labels(f"{BASE}id/x/1") == {"": "1"}


def test_a_thing_that_nothing_is_said_of_is_called_by_its_whole_iri() -> None:
    nodes = nodes_of("", "http://example.org/licence/4.0/")
    assert nodes.labels("http://example.org/licence/4.0/") == {"": "http://example.org/licence/4.0/"}
    assert not nodes.named("http://example.org/licence/4.0/").described


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_is_only_text(label: str) -> None:
    written = label.replace("\\", "\\\\").replace('"', '\\"')
    nodes = nodes_of(f'<id/x/1> skos:prefLabel "{written}"@zh .', f"{BASE}id/x/1")
    assert nodes.named(f"{BASE}id/x/1").labels == {"zh": label}


def test_a_figure_is_called_by_indicator_value_unit_and_subject() -> None:
    name = f"{PACKAGED}id/stat/department-profile/min-weight"
    nodes = nodes_of("", name)
    assert nodes.labels(name)["zh"] == "救治成功早产儿最低体重 500 克 · 吉林大学第一医院新生儿科"
    assert (
        nodes.labels(name, without=f"{PACKAGED}id/org/fhjlu-neonatology")["zh"]
        == "救治成功早产儿最低体重 500 克"
    )


def test_names_that_are_made_of_each_other_come_to_an_end() -> None:
    nodes = nodes_of(
        "<id/m/1> a ma:AllianceMembership ; org:member <id/m/2> ."
        "<id/m/2> a ma:AllianceMembership ; org:member <id/m/1> .",
        f"{BASE}id/m/1",
    )
    assert nodes.labels(f"{BASE}id/m/1")["zh"]


def test_a_period_is_what_the_source_states() -> None:
    nodes = nodes_of(
        '<id/m/1> ma:startStated "2019"^^xsd:gYear ; ma:endStated "2022-05"^^xsd:gYearMonth .',
        f"{BASE}id/m/1",
    )
    period = nodes.period(f"{BASE}id/m/1")
    assert (period.start, period.end, period.at) == ("2019", "2022-05", "")
    assert period
    assert not NO_PERIOD


def test_each_thing_is_read_once() -> None:
    class Counting:
        def __init__(self) -> None:
            self.inner, self.asked = packaged_engine(), 0

        def select(self, query: str) -> list[dict[str, str]]:
            self.asked += 1
            return self.inner.select(query)

    engine = Counting()
    nodes = Nodes(engine)  # type: ignore[arg-type] # only select is used
    name = f"{PACKAGED}id/org/fhjlu"
    nodes.read([name])
    first = engine.asked
    nodes.read([name])
    assert engine.asked == first


def test_another_language_is_shown_rather_than_nothing() -> None:
    assert in_language({"en": "A"}, "zh") == "A"
    assert in_language({"": "plain", "en": "A"}, "zh") == "plain"
    assert in_language({"fr": "ici"}, "zh") == "ici"
    assert in_language({}, "zh") == ""


def test_the_first_text_of_a_language_counts() -> None:
    assert first_labels(['"a"@zh', '"b"@zh', "<x:y>", '"1"^^<x:z>']) == {"zh": "a", "": "1"}


@pytest.mark.parametrize(
    ("text", "fits"),
    [("http://x/a", True), ("urn:a", True), ("a", False), ("", False), ("x: y", False), ("x:<", False)],
)
def test_an_iri_is_told_from_other_text(text: str, fits: bool) -> None:
    assert is_iri_text(text) is fits


def test_the_last_part_of_an_iri_is_its_local_name() -> None:
    assert [local_name(name) for name in ("http://x/a#b", "http://x/a/", "urn:x:y", "x")] == [
        "b",
        "a",
        "y",
        "x",
    ]
