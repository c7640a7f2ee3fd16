"""Restricted facts: in force what came and did not go, readable only with their keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.journal import Header, Journal
from graph.quads import Delta, Quad, iri, literal
from graph.restricted import Restricted, RestrictedDelta, RestrictedFacts
from graph.sealing import KeyRing

HEADER = Header("2026-01-02T03:04:05+00:00", "tester", "because")
GRAPHS = ("<http://example.org/g1>", "<http://example.org/g2>")


class Facts:
    """Restricted facts with the journal and the keys that they are in."""

    def __init__(self, folder: Path) -> None:
        self.journal, self.keys = Journal(folder / "journal.sqlite"), KeyRing(folder / "keys.sqlite")
        self.held = RestrictedFacts(self.journal, self.keys)

    def write(self, delta: RestrictedDelta) -> int:
        return self.journal.append(HEADER, Delta(), (), self.held.sealed(delta)).number

    def close(self) -> None:
        self.keys.close()
        self.journal.close()


@pytest.fixture
def facts(tmp_path: Path) -> Iterator[Facts]:
    made = Facts(tmp_path)
    yield made
    made.close()


def fact(
    node: int, text: str, graph: str = GRAPHS[0], visibility: str = "internal", about: int = 0
) -> Restricted:
    name = iri(f"http://example.org/node/{node}")
    said = Quad(name, iri("https://schema.org/name"), literal(text), graph)
    return Restricted(name, iri(f"http://example.org/about/{about}"), visibility, frozenset({said}))


def readable(facts: Facts) -> set[tuple[str, str, str]]:
    return {(one.node, one.graph, quad.object) for one in facts.held.all() for quad in one.quads}


def test_a_fact_is_found_by_what_it_is_about_and_who_asks(facts: Facts) -> None:
    number = facts.write(
        RestrictedDelta((fact(1, "甲"), fact(2, "乙", visibility="alliance"), fact(3, "丙", about=1)))
    )
    thing = iri("http://example.org/about/0")
    assert [one.node[-2] for one in facts.held.about([thing], ("internal", "alliance"))] == ["1", "2"]
    (found,) = facts.held.about([thing], ("alliance",))
    assert (found.visibility, found.change, found.state) == ("alliance", number, "kept")
    assert found.quads == fact(2, "乙").quads
    assert facts.held.about([thing], ()) == ()


@given(st.lists(st.dictionaries(st.integers(0, 3), st.sampled_from(["甲", "乙", "丙"])), max_size=6))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_each_difference_a_source_says_just_what_was_wanted(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[int, str]]
) -> None:
    facts = Facts(tmp_path_factory.mktemp("facts"))
    facts.write(RestrictedDelta((fact(9, "别处", GRAPHS[1]),)))
    for step in steps:
        wanted = [fact(node, text) for node, text in step.items()]
        delta = facts.held.difference(GRAPHS[0], wanted)
        facts.write(delta)
        assert {(one.node, one.quads) for one in facts.held.of_graph(GRAPHS[0])} == {
            (w.node, w.quads) for w in wanted
        }
        assert not facts.held.difference(GRAPHS[0], wanted)
        assert len(facts.held.of_graph(GRAPHS[1])) == 1
    assert facts.journal.verify() == facts.journal.last()
    facts.close()


def test_the_inverse_of_a_change_brings_back_what_was_in_force(facts: Facts) -> None:
    facts.write(RestrictedDelta((fact(1, "甲"), fact(2, "乙"))))
    before = readable(facts)
    number = facts.write(facts.held.difference(GRAPHS[0], [fact(1, "丁"), fact(3, "丙")]))
    assert readable(facts) != before
    assert facts.held.moved_on(number) == set()
    facts.journal.append(HEADER, Delta(), (), facts.held.inverse(number))
    assert readable(facts) == before
    assert facts.held.moved_on(number) == {number + 1}


def test_a_record_cannot_be_passed_off_as_another(facts: Facts) -> None:
    facts.write(RestrictedDelta((fact(1, "甲"),)))
    (sealed,) = facts.journal.all_sealed()
    facts.journal.append(HEADER, Delta(), (), [sealed._replace(about=iri("http://example.org/about/7"))])
    (moved,) = facts.held.about([iri("http://example.org/about/7")], ("internal",))
    assert (moved.state, moved.quads) == ("lost", frozenset())


def test_what_lost_its_key_says_so(facts: Facts, tmp_path: Path) -> None:
    facts.write(RestrictedDelta((fact(1, "甲"),)))
    elsewhere = RestrictedFacts(facts.journal, KeyRing(tmp_path / "other.sqlite"))
    assert [one.state for one in elsewhere.all()] == ["lost"]


def test_what_was_erased_is_not_brought_back_by_the_same_version(facts: Facts) -> None:
    facts.write(RestrictedDelta((fact(1, "甲"),)))
    assert facts.keys.destroy(fact(1, "甲").node) == 1
    assert not facts.held.difference(GRAPHS[0], [fact(1, "甲")])
    assert facts.held.difference(GRAPHS[1], [fact(1, "甲", GRAPHS[1])]).added
