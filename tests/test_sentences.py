"""A chain is told in one plain sentence, in both languages, with what is known of its time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.edges import DescribedEdge
from graph.nodes import NO_PERIOD, Period
from graph.paths import Chain
from graph.projection import Edge, Node
from graph.provenance import Provenance
from graph.sentences import sentence, unrelated
from graph.times import Held
from ontology.kinds import kinds
from ontology.packaged import BASE
from ontology.terms import MA, ORG, SCHEMA
from samples import HOSTILE

EX = "http://example.org/"
ROLES = {"lead": ("牵头单位", "lead unit"), "deputy-lead": ("副理事长单位", "deputy lead unit")}
FIRST = Node(EX + "1", "hospital", {"zh": "示例第一医院", "en": "Example First Hospital"}, False, 0, 2)
CHILDREN = Node(
    EX + "2", "hospital", {"zh": "示例儿童医院", "en": "Example Children's Hospital"}, False, 2, 1
)
ALLIANCE = Node(EX + "3", "alliance", {"zh": "示例联盟", "en": "Example Alliance"}, False, 1, 2)
WARD = Node(EX + "4", "department", {"zh": "示例甲科", "en": "Ward A"}, False, 0, 1)
OTHER_WARD = Node(EX + "5", "department", {"zh": "示例乙科", "en": "Ward B"}, False, 0, 1)
THIRD_WARD = Node(EX + "6", "department", {"zh": "示例丙科", "en": "Ward C"}, False, 0, 1)


def role(name: str) -> str:
    return f"{BASE}vocab/membership-role/{name}"


def described(edge: Edge, period: Period = NO_PERIOD, *, illustrative: bool = False) -> DescribedEdge:
    """Return an edge as the graph would describe it."""
    zh, en = ROLES.get(edge.relation.rpartition("/")[2], ("上转", "upward referral"))
    kind = kinds().relation_of(edge.relation)
    labels = kind.labels if edge.relation in kind.iris else {"zh": zh, "en": en}
    known = Provenance(period=period, illustrative=illustrative)
    return DescribedEdge(edge, labels, labels, (), known)


def told(nodes: list[Node], edges: list[DescribedEdge]) -> tuple[str, str]:
    chain = Chain(tuple(nodes), tuple(one.edge for one in edges), len(edges))
    zh, en = (sentence(chain, edges, language) for language in ("zh", "en"))
    return zh, en


def member(node: Node, name: str, held: Held | None = None) -> Edge:
    return Edge(node.iri, role(name), ALLIANCE.iri, EX + "fact", held)


def test_two_members_of_an_alliance_are_told_by_their_roles() -> None:
    edges = [described(member(FIRST, "lead")), described(member(CHILDREN, "deputy-lead"))]
    assert told([FIRST, ALLIANCE, CHILDREN], edges) == (
        "示例第一医院是示例联盟的牵头单位；示例儿童医院也是该联盟的副理事长单位。",
        "Example First Hospital takes part in Example Alliance as lead unit; "
        "Example Children's Hospital also takes part in that alliance as deputy lead unit.",
    )


def test_a_relation_is_told_from_where_the_story_is() -> None:
    up, down = Edge(WARD.iri, ORG.unitOf, FIRST.iri), Edge(ALLIANCE.iri, MA.initiatedBy, FIRST.iri)
    assert told([WARD, FIRST, ALLIANCE], [described(up), described(down)]) == (
        "示例甲科隶属示例第一医院；该医院发起了示例联盟。",
        "Ward A is a unit of Example First Hospital; that hospital initiated Example Alliance.",
    )
    assert told([ALLIANCE, FIRST, WARD], [described(down), described(up)]) == (
        "示例联盟由示例第一医院发起；该医院下设示例甲科。",
        "Example Alliance was initiated by Example First Hospital; that hospital has the unit Ward A.",
    )


def test_of_two_things_of_a_kind_the_name_is_said_again() -> None:
    kind = f"{BASE}vocab/referral-kind/up"
    one, other = (
        Edge(WARD.iri, kind, OTHER_WARD.iri, EX + "r"),
        Edge(THIRD_WARD.iri, kind, OTHER_WARD.iri, EX + "s"),
    )
    assert told([WARD, OTHER_WARD, THIRD_WARD], [described(one), described(other)])[0] == (
        "示例甲科向示例乙科转诊（上转）；示例乙科也接收示例丙科的转诊（上转）。"
    )


def test_dates_are_told_as_stated_and_what_is_unknown_is_said() -> None:
    edges = [
        described(member(FIRST, "lead", "yes"), Period("2019", "2025-06")),
        described(member(CHILDREN, "deputy-lead", "unknown"), illustrative=True),
    ]
    assert told([FIRST, ALLIANCE, CHILDREN], edges)[0] == (
        "示例第一医院是示例联盟的牵头单位（2019起，至2025-06）；"
        "示例儿童医院也是该联盟的副理事长单位（当日是否成立未知）。含示例数据（虚构）。"
    )
    chain = Chain((FIRST, ALLIANCE), (edges[0].edge,), 1)
    assert "（2019年起，至2025-06年）" in sentence(chain, edges[:1], "zh", lambda stated: f"{stated}年")


def test_what_is_unknown_of_several_is_said_once() -> None:
    edges = [described(member(FIRST, "lead", "unknown")), described(member(CHILDREN, "lead", "unknown"))]
    assert told([FIRST, ALLIANCE, CHILDREN], edges) == (
        "示例第一医院是示例联盟的牵头单位；示例儿童医院也是该联盟的牵头单位。其中2项关系当日是否成立未知。",
        "Example First Hospital takes part in Example Alliance as lead unit; Example Children's Hospital also takes "
        "part in that alliance as lead unit. Whether 2 of these hold on that day is unknown.",
    )


def test_what_does_not_hold_is_said() -> None:
    assert told([FIRST, ALLIANCE], [described(member(FIRST, "lead", "no"))])[0] == (
        "示例第一医院是示例联盟的牵头单位（当日不成立）。"
    )


def test_a_relation_that_no_pattern_knows_is_called_by_its_name() -> None:
    edge = Edge(FIRST.iri, "http://example.org/unheard", CHILDREN.iri)
    assert told([FIRST, CHILDREN], [described(edge)])[0] == "示例第一医院与示例儿童医院有关系（上转）。"


def test_that_there_is_no_chain_is_a_sentence_too() -> None:
    assert unrelated(FIRST, CHILDREN, "zh") == "在所选条件下，没有找到示例第一医院与示例儿童医院之间的关系。"
    assert unrelated(FIRST, CHILDREN, "en").startswith("No relation between Example First Hospital and")
    assert unrelated(FIRST, FIRST, "zh") == "这是同一个事物：示例第一医院。"


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_names_stand_in_sentences_as_they_are(label: str) -> None:
    named = Node(FIRST.iri, "hospital", {"zh": label}, False, 0, 1)
    for text in told([named, ALLIANCE], [described(member(FIRST, "lead"))]):
        assert label in text
    assert label in unrelated(named, CHILDREN, "zh")


RELATIONS = st.sampled_from([iri for kind in kinds().relations for iri in sorted(kind.iris)] + [role("lead")])


@given(st.lists(st.tuples(RELATIONS, st.booleans()), min_size=1, max_size=5), st.sampled_from(["zh", "en"]))
def test_every_chain_can_be_told_and_names_what_it_leads_through(
    steps: list[tuple[str, bool]], language: str
) -> None:
    nodes = [
        Node(f"{EX}n{n}", "hospital", {"zh": f"甲{n}", "en": f"A{n}"}, False, 0, 1)
        for n in range(len(steps) + 1)
    ]
    edges = [
        described(Edge(*((a.iri, relation, b.iri) if along else (b.iri, relation, a.iri))))
        for (relation, along), a, b in zip(steps, nodes, nodes[1:], strict=False)
    ]
    text = told(nodes, edges)[0 if language == "zh" else 1]
    assert all(node.labels[language] in text for node in nodes)
    assert "{" not in text
    assert text.count("；" if language == "zh" else "; ") == len(steps) - 1


def test_places_are_told_as_places() -> None:
    area = Node(EX + "area", "area", {"zh": "长春市", "en": "Changchun"}, False, 1, 2)
    edges = [described(Edge(node.iri, SCHEMA.location, area.iri)) for node in (FIRST, CHILDREN)]
    assert told([FIRST, area, CHILDREN], edges) == (
        "示例第一医院位于长春市；示例儿童医院也位于该地区。",
        "Example First Hospital is located in Changchun; Example Children's Hospital is also located in that area.",
    )
