"""The triples around one thing."""

from __future__ import annotations

from page_data import MA, packaged_engine, state

from graph.links import PAGE, counts, inverses, links, page
from graph.local import LocalEngine
from graph.quads import text_of
from ontology.library import query
from samples import BASE

HUB = f"{BASE}id/x/hub"


def hub(number: int) -> LocalEngine:
    spokes = "".join(
        f"<id/x/{one}> ma:partner <id/x/hub> . <id/x/hub> ma:technique <id/t/{one}> ."
        for one in range(number)
    )
    return state(packaged_engine(), spokes)


def test_numbers_come_before_things() -> None:
    engine = hub(40)
    assert counts(engine, HUB, "in") == {MA + "partner": 40}
    assert counts(engine, HUB, "out") == {MA + "technique": 40}


def test_few_links_come_whole_and_many_as_a_page() -> None:
    for number, shown in ((PAGE, PAGE), (PAGE + 1, PAGE)):
        engine = hub(number)
        for direction in ("in", "out"):
            assert len(links(engine, HUB, direction, counts(engine, HUB, direction), ())) == shown


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    engine = hub(60)
    for direction, property_ in (("in", MA + "partner"), ("out", MA + "technique")):
        seen: list[str] = []
        while found := page(engine, HUB, direction, property_, seen[-1] if seen else ""):
            seen += [link.other for link in found]
        assert seen == sorted(set(seen))
        assert len(seen) == 60


def test_the_page_queries_hold_the_same_number() -> None:
    for name in ("entity-in-page", "entity-out-page"):
        assert f"LIMIT {PAGE}" in query(name).text


def test_hidden_properties_are_not_read() -> None:
    engine = hub(3)
    assert not links(engine, HUB, "in", counts(engine, HUB, "in"), {MA + "partner"})


def test_illustrative_things_can_be_left_out() -> None:
    engine = state(
        hub(40),
        "".join(
            f"<id/x/{one}> ma:illustrative true . <id/t/{one}> ma:illustrative true ." for one in range(36)
        ),
    )
    for direction, property_ in (("in", MA + "partner"), ("out", MA + "technique")):
        numbers = counts(engine, HUB, direction, real=True)
        assert numbers == {property_: 4}
        assert len(links(engine, HUB, direction, numbers, (), real=True)) == 4
        found = page(engine, HUB, direction, property_, real=True)
        assert [link.other.rsplit("/", 1)[1] for link in found] == ["36", "37", "38", "39"]


def test_a_link_names_every_graph_that_states_it() -> None:
    engine = state(
        state(packaged_engine(), "<id/x/1> ma:partner <id/x/hub> .", "one"),
        "<id/x/1> ma:partner <id/x/hub> .",
        "two",
    )
    (link,) = links(engine, HUB, "in", {MA + "partner": 1}, ())
    assert len(link.graphs) == 2


def test_a_literal_has_nothing_at_its_other_end() -> None:
    engine = state(packaged_engine(), '<id/x/hub> schema:name "text" .')
    (link,) = links(engine, HUB, "out", counts(engine, HUB, "out"), ())
    assert (link.other, text_of(link.value)) == ("", "text")


def test_inverse_properties_are_known_both_ways() -> None:
    found = inverses(packaged_engine())
    assert MA + "heldBy" in found[MA + "holdsDesignation"]
    assert MA + "holdsDesignation" in found[MA + "heldBy"]
