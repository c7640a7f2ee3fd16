"""The graph over REST: what surrounds a thing, how two are related, what several share; on a date, with sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from page_data import ALLIANCE, DEPARTMENT, HOSPITAL, member, packaged_engine, served, service, state

from samples import BASE, HOSTILE

CHANGCHUN = "https://w3id.org/medalliance/id/area/220100"
MEMBERS = "".join(member(number) for number in range(1, 5))


def unit(number: int) -> str:
    return f"{BASE}id/org/u{number}"


def bounds(number: int, start: str, end: str = "") -> str:
    """Return Turtle of the period of a membership, as the rules derive it."""
    known = {"Start": start, "End": end}
    said = [
        f'ma:{which}{name} "{day}"^^xsd:date'
        for name, day in known.items()
        for which in ("earliest", "latest")
        if day
    ]
    return f"<id/membership/m{number}> {' ; '.join(said)} ."


INVENTED = f"""<id/org/u4> ma:illustrative true . <id/membership/m4> ma:illustrative true .
<id/org/u1> schema:location <{CHANGCHUN}> ."""


@pytest.fixture(scope="module")
def site() -> Iterator[httpx.Client]:
    """A service over the packaged data and four members; today is 23 November 2026."""
    engine = state(
        packaged_engine(), MEMBERS + bounds(1, "2020-01-01") + bounds(2, "2020-01-01", "2022-12-31")
    )
    state(engine, INVENTED, "more")
    with served(service(engine)) as address, httpx.Client(base_url=address) as client:
        yield client


def around(site: httpx.Client, **asked: Any) -> Any:
    reply = site.get("/api/v1/graph/neighbourhood", params={"iri": ALLIANCE, **asked})
    assert reply.status_code == 200, reply.text
    return reply.json()


def members(found: Any) -> dict[str, str]:
    """Return the numbers of members in an answer, with whether each is one on the date."""
    edges = [edge for edge in found["edges"] if edge["from"].startswith(BASE)]
    return {edge["from"].rpartition("u")[2]: edge["held"] for edge in edges}


# --- Around a thing -----------------------------------------------------------------------------------------


def test_by_default_what_holds_today_or_may_hold_is_shown(site: httpx.Client) -> None:
    found = around(site)
    assert found["as_of"] == "2026-11-23"
    assert members(found) == {"1": "yes", "3": "unknown", "4": "unknown"}


def test_another_date_and_other_answers_can_be_asked_for(site: httpx.Client) -> None:
    assert members(around(site, as_of="2021-06-01"))["2"] == "yes"
    assert members(around(site, held="no")) == {"2": "no"}
    assert members(around(site, held=["yes", "unknown", "no"])).keys() == {"1", "2", "3", "4"}
    assert members(around(site, as_of="2019-01-01", held="yes")) == {}


def test_what_is_illustrative_is_flagged_and_can_be_left_out(site: httpx.Client) -> None:
    flags = {edge["from"]: edge["illustrative"] for edge in around(site)["edges"]}
    assert (flags[unit(4)], flags[unit(1)]) == (True, False)
    real = around(site, real=1)
    assert members(real).keys() == {"1", "3"}
    assert unit(4) not in {node["iri"] for node in real["nodes"]}


def test_relations_are_chosen_by_iri_or_by_kind(site: httpx.Client) -> None:
    kinds = {edge["kind"] for edge in around(site, relation="membership")["edges"]}
    assert kinds == {"membership"}
    role = "https://w3id.org/medalliance/vocab/membership-role/initiator"
    assert [edge["relation"] for edge in around(site, relation=role)["edges"]] == [role]


def test_an_edge_comes_with_names_both_ways_and_its_source(site: httpx.Client) -> None:
    (edge,) = [one for one in around(site)["edges"] if one["from"] == unit(1)]
    assert edge["labels"]["zh"] == "成员单位"
    assert {"inverse", "qualifiers", "fact", "kind"} <= edge.keys()
    assert edge["provenance"]["sources"]
    assert edge["provenance"]["period"]["start"] == "2020-02"


def test_what_is_left_out_is_counted_for_the_date(site: httpx.Client) -> None:
    found = around(site, limit=2, relation="membership")
    assert (found["truncated"], len(found["nodes"])) == (True, 2)
    shown = len(found["edges"])
    assert sum(one["count"] for one in found["left_out"]) + shown == 4


@pytest.mark.parametrize(
    ("group_by", "groups"),
    [
        ("kind", {"department": 1, "hospital": 3}),
        ("relation", {"initiation": 1, "membership": 4}),
        ("prefecture", {CHANGCHUN: 2, None: 2}),
    ],
)
def test_all_there_is_can_be_counted_by_group(
    site: httpx.Client, group_by: str, groups: dict[str | None, int]
) -> None:
    found = around(site, group_by=group_by, limit=1)
    assert {one["group"]: one["count"] for one in found["groups"]} == groups
    assert all({"zh", "en"} <= one["labels"].keys() for one in found["groups"])


# --- Between two --------------------------------------------------------------------------------------------


def path(site: httpx.Client, one: str, other: str, **asked: Any) -> Any:
    reply = site.get("/api/v1/graph/path", params={"from": one, "to": other, **asked})
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_a_chain_comes_with_its_sentence_in_both_languages_and_its_sources(site: httpx.Client) -> None:
    found = path(site, unit(1), DEPARTMENT)
    (chain,) = found["chains"]
    assert [node["iri"] for node in chain["nodes"]] == [unit(1), ALLIANCE, DEPARTMENT]
    assert found["sentence"] == chain["sentence"]
    assert chain["sentence"]["zh"].startswith(
        "第1医院是吉林省新生儿专科医疗联盟的成员单位（2020年2月起）；该联盟由"
    )
    assert chain["sentence"]["en"].startswith("Hospital 1 takes part in ")
    assert all(edge["provenance"]["sources"] for edge in chain["edges"])


def test_more_than_one_chain_can_be_asked_for(site: httpx.Client) -> None:
    lengths = [chain["length"] for chain in path(site, unit(1), HOSPITAL, k=3)["chains"]]
    assert lengths == sorted(lengths)
    assert lengths


def test_who_was_a_member_is_related_on_that_date_only(site: httpx.Client) -> None:
    assert path(site, unit(1), unit(2))["chains"] == []
    assert len(path(site, unit(1), unit(2), as_of="2021-06-01")["chains"]) == 1


def test_that_there_is_no_chain_is_said_in_a_sentence(site: httpx.Client) -> None:
    found = path(site, unit(1), unit(2), relation="unit")
    assert (found["chains"], found["from"]["iri"]) == ([], unit(1))
    assert found["sentence"]["zh"] == "在所选条件下，没有找到第1医院与第2医院之间的关系。"
    assert "No relation" in found["sentence"]["en"]
    assert path(site, unit(1), unit(1))["sentence"]["en"] == "Both are the same thing: Hospital 1."


# --- What several share -------------------------------------------------------------------------------------


def test_what_several_share_comes_with_the_relations_that_lead_there(site: httpx.Client) -> None:
    reply = site.get("/api/v1/graph/common", params={"iri": [unit(1), unit(3), unit(4)]}).json()
    assert [node["iri"] for node in reply["nodes"]] == [ALLIANCE]
    assert (reply["total"], reply["truncated"]) == (1, False)
    assert {edge["from"] for edge in reply["edges"]} == {unit(1), unit(3), unit(4)}
    assert [node["iri"] for node in reply["things"]] == [unit(1), unit(3), unit(4)]


# --- Asking wrongly -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "problem"),
    [
        ("neighbourhood?iri=http://example.org/nobody", 404, "not-found"),
        (f"path?from={DEPARTMENT}&to=http://example.org/nobody", 404, "not-found"),
        (f"common?iri={DEPARTMENT}&iri=http://example.org/nobody", 404, "not-found"),
        (f"common?iri={DEPARTMENT}", 400, "malformed-request"),
        (f"neighbourhood?iri={DEPARTMENT}&as_of=yesterday", 400, "malformed-request"),
        (f"neighbourhood?iri={DEPARTMENT}&held=perhaps", 400, "malformed-request"),
        (f"neighbourhood?iri={DEPARTMENT}&group_by=colour", 400, "malformed-request"),
        (f"path?from={DEPARTMENT}&to={ALLIANCE}&k=99", 400, "malformed-request"),
    ],
)
def test_what_makes_no_sense_is_a_problem(
    site: httpx.Client, address: str, status: int, problem: str
) -> None:
    reply = site.get(f"/api/v1/graph/{address}")
    assert (reply.status_code, reply.headers["content-type"]) == (status, "application/problem+json")
    assert reply.json()["type"] == f"/problems/{problem}"


def test_the_same_question_has_the_same_tag(site: httpx.Client) -> None:
    asked = {"from": unit(1), "to": DEPARTMENT}
    tags = {site.get("/api/v1/graph/path", params=asked).headers["etag"] for _ in range(2)}
    assert len(tags) == 1


# --- The picture --------------------------------------------------------------------------------------------


def test_the_picture_shows_what_holds_on_the_date_and_may_leave_out_what_is_illustrative(
    site: httpx.Client,
) -> None:
    def shown(**asked: Any) -> set[int]:
        html = site.get("/picture", params={"iri": ALLIANCE, "lang": "zh", **asked}).text
        return {number for number in range(1, 5) if f"第{number}医院" in html}

    assert shown() == {1, 3, 4}
    assert shown(as_of="2021-06-01") == {1, 2, 3, 4}
    assert shown(real=1) == {1, 3}


def test_hostile_names_stand_in_answers_as_they_are() -> None:
    labels = " ".join(
        f"<id/org/h{n}> a schema:Hospital ; skos:prefLabel {label} ; org:subOrganizationOf <id/org/top> ."
        for n, label in enumerate(f"'''{text}'''@zh".replace("\\", "\\\\") for text in HOSTILE)
    )
    with served(service(state(packaged_engine(), labels))) as address, httpx.Client(base_url=address) as site:
        found = site.get("/api/v1/graph/neighbourhood", params={"iri": f"{BASE}id/org/top"}).json()
        assert set(HOSTILE) <= {node["labels"].get("zh") for node in found["nodes"]}
        told = path(site, f"{BASE}id/org/h0", f"{BASE}id/org/h1")["sentence"]["zh"]
        assert HOSTILE[0] in told
        assert HOSTILE[1] in told
