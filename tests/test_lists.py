"""Lists over REST: rows, facets, filters, pages and formats, as partners ask for them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from list_data import Member, Network, demo_engine
from page_data import PACKAGED, packaged_engine, served, service

from api.lists import router
from ontology.demo import TABLES
from samples import HOSTILE

LISTS = ("members", "units", "designations", "programmes", "projects", "areas")


@pytest.fixture(scope="module")
def site() -> Iterator[httpx.Client]:
    with served(service(demo_engine())) as address, httpx.Client(base_url=address) as client:
        yield client


def rows(site: httpx.Client, query: str) -> list[dict]:
    return site.get(f"/api/v1/{query}").json()["items"]


def counts(body: dict, facet: str) -> dict[str, int]:
    (found,) = (one for one in body["facets"] if one["name"] == facet)
    return {value["value"]: value["count"] for value in found["values"]}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_rows_facets_totals_and_its_version(site: httpx.Client, name: str) -> None:
    body = site.get(f"/api/v1/{name}?limit=3").json()
    assert body["list"] == name
    assert body["total"] == body["split"]["real"] + body["split"]["illustrative"] >= len(body["items"]) > 0
    assert (body["limit"], body["offset"], body["as_of"]) == (3, 0, "2026-11-23")
    for item in body["items"]:
        assert item["iri"].startswith("https://")
        assert item["labels"]["zh"]
        assert isinstance(item["illustrative"], bool)
    for facet in body["facets"]:
        assert facet["labels"]["zh"]
        assert facet["labels"]["en"]


def test_the_members_of_one_alliance(site: httpx.Client) -> None:
    body = site.get("/api/v1/alliances/EX-A1/members?limit=1000&held=yes&held=unknown&held=no").json()
    with (TABLES / "register" / "memberships.csv").open(encoding="utf-8", newline="") as file:
        stated = [row for row in csv.DictReader(file) if row["org:organization id/org"] == "EX-A1"]
    assert body["total"] == len(body["items"]) == len(stated)
    assert {member["alliance"][0]["iri"] for member in body["items"]} == {f"{PACKAGED}id/org/EX-A1"}
    by_key = site.get("/api/v1/alliances/org/EX-A1/members?limit=1000&held=yes&held=unknown&held=no").json()
    assert by_key == body


def test_an_alliance_that_nobody_knows_is_not_found(site: httpx.Client) -> None:
    answer = site.get("/api/v1/alliances/EX-A9/members")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_alliance_without_members_has_an_empty_list() -> None:
    network = Network()
    with served(service(network.engine)) as address:
        body = httpx.get(f"{address}/api/v1/alliances/hub/members").json()
    assert (body["total"], body["items"]) == (0, [])


def test_filters_of_the_contract(site: httpx.Client) -> None:
    query = "alliances/EX-A1/members?as_of=2026-01-01&role=member&area=220000&grade=2a&tier=county"
    (found,) = {json.dumps(one["grade"]) for one in rows(site, f"{query}&designation=critical-care-centre")}
    assert "三级" not in found
    assert rows(site, f"{query}&q=jia") == rows(site, f"{query}&q=甲")
    for one in rows(site, query):
        assert one["role"][0]["iri"].endswith("/member")
        assert one["tier"][0]["iri"].endswith("/county")


def test_repeated_values_are_alternatives_and_facets_combine(site: httpx.Client) -> None:
    both = site.get("/api/v1/members?grade=3a&grade=2a").json()
    one, other = (site.get(f"/api/v1/members?grade={grade}").json()["total"] for grade in ("3a", "2a"))
    assert both["total"] == one + other
    less = site.get("/api/v1/members?grade=3a&grade=2a&role=council").json()
    assert less["total"] == counts(both, "role")["council"]


def test_what_is_not_stated_can_be_asked_for(site: httpx.Client) -> None:
    body = site.get("/api/v1/members?tier=unknown").json()
    assert body["total"] == counts(body, "tier")["unknown"] > 0
    assert all(one["tier"] == [] for one in body["items"])
    assert body == site.get("/api/v1/members?tier=").json()


def test_a_facets_own_choice_does_not_narrow_its_own_counts(site: httpx.Client) -> None:
    before, after = (site.get(f"/api/v1/members?{query}").json() for query in ("", "grade=3a"))
    assert counts(before, "grade") == counts(after, "grade")
    assert counts(before, "role") != counts(after, "role")


def test_those_that_do_not_hold_on_the_date_are_listed_when_asked_for(site: httpx.Client) -> None:
    today = site.get("/api/v1/members").json()
    assert {one["held"] for one in today["items"]} == {"yes", "unknown"}
    gone = site.get("/api/v1/members?held=no").json()
    assert {one["held"] for one in gone["items"]} == {"no"}
    assert gone["total"] == counts(today, "held")["no"]


def test_a_member_that_left_was_one_before(site: httpx.Client) -> None:
    gone = rows(site, "members?held=no&sort=-end")
    one = next(member for member in gone if member["start"] and member["end"])
    unit = one["unit"][0]["iri"]
    first = f"{one['start'][0]}-12-31"[:10] if len(one["start"][0]) == 4 else one["start"][0][:7] + "-28"
    then = rows(site, f"members?unit={unit}&as_of={first}&held=yes&held=unknown")
    assert one["iri"] in {member["iri"] for member in then}


def test_only_what_is_real(site: httpx.Client) -> None:
    for name in LISTS:
        body = site.get(f"/api/v1/{name}?real=1&limit=1000").json()
        assert body["split"]["illustrative"] == 0
        assert not any(one["illustrative"] for one in body["items"])
    assert site.get("/api/v1/members?real=1").json()["total"] == 1


def test_pages_lead_to_the_next_until_all_rows_were_seen(site: httpx.Client) -> None:
    seen: list[str] = []
    target = "/api/v1/units?limit=25&lang=en&kind=hospital&kind=department"
    while target:
        answer = site.get(target)
        seen += [one["iri"] for one in answer.json()["items"]]
        following = re.fullmatch(r'<(.+)>; rel="next"', answer.headers.get("link", ""))
        target = following[1] if following else ""
    assert len(seen) == len(set(seen)) == answer.json()["total"] == 61
    assert seen == [
        one["iri"] for one in rows(site, "units?limit=1000&lang=en&kind=hospital&kind=department")
    ]


def test_a_list_is_sorted_by_any_column_either_way(site: httpx.Client) -> None:
    dates = [one["start"][0] for one in rows(site, "members?sort=start&limit=1000") if one["start"]]
    assert dates == sorted(dates)
    backwards = [one["start"][0] for one in rows(site, "members?sort=-start&limit=1000") if one["start"]]
    assert backwards == sorted(backwards, reverse=True)


def test_areas_by_level_place_and_name(site: httpx.Client) -> None:
    body = site.get("/api/v1/areas?within=220000&level=prefecture").json()
    assert body["total"] == 9
    assert [one["code"] for one in body["items"]] == sorted(one["code"] for one in body["items"])
    assert rows(site, "areas?q=changchun&level=prefecture")[0]["labels"]["zh"] == "长春市"
    assert rows(site, "areas?q=220112")[0]["labels"]["zh"] == "双阳区"


def test_numbers_are_numbers_and_texts_in_two_languages_stay_together(site: httpx.Client) -> None:
    (one,) = rows(site, "programmes?q=EX-T01") or [
        item for item in rows(site, "programmes?limit=100") if item["iri"].endswith("/EX-T01")
    ]
    assert (one["months"], one["places"], one["fee"], one["open"]) == ([6], [12], [3000], "yes")
    assert one["deadline"] == ["2027-01-31"]
    funders = [item["funder"] for item in rows(site, "projects") if item["funder"]]
    assert {frozenset(funder[0]) for funder in funders} == {frozenset({"zh", "en"})}


def test_few_values_of_a_large_facet_are_named_and_the_rest_counted(site: httpx.Client) -> None:
    body = site.get("/api/v1/members?facet_limit=2&county=222426").json()
    (county,) = (one for one in body["facets"] if one["name"] == "county")
    stated = [value for value in county["values"] if value["value"] != "unknown"]
    assert len(stated) in (2, 3)
    assert any(value["selected"] for value in stated)
    assert county["more"] > 0


@pytest.mark.parametrize(
    "query", ["as_of=today", "held=maybe", "sort=nothing", "limit=0", "limit=5000", "offset=-1"]
)
def test_what_makes_no_sense_is_refused_by_name(site: httpx.Client, query: str) -> None:
    answer = site.get(f"/api/v1/members?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["detail"]


def test_an_unknown_format_is_refused(site: httpx.Client) -> None:
    assert site.get("/api/v1/members?format=pdf").status_code == 406
    assert site.get("/api/v1/members", headers={"Accept": "application/pdf"}).status_code == 406


def test_an_answer_that_the_client_holds_is_not_sent_again(site: httpx.Client) -> None:
    for target in ("/api/v1/members", *(f"/api/v1/members?format={kind}" for kind in ("csv", "xlsx", "ttl"))):
        first = site.get(target)
        again = site.get(target, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), target
        other = site.get(f"{target}{'&' if '?' in target else '?'}grade=3a")
        assert other.headers["etag"] != first.headers["etag"]


def test_hostile_names_stay_text(site: httpx.Client) -> None:
    network = Network()
    network.become({number: Member(number, label) for number, label in enumerate(HOSTILE)})
    with served(service(network.engine)) as address:
        found = httpx.get(f"{address}/api/v1/units?kind=hospital").json()["items"]
        assert {one["labels"]["zh"] for one in found} == set(HOSTILE)
        for label in HOSTILE:
            body = httpx.get(f"{address}/api/v1/units", params={"kind": "hospital", "q": label}).json()
            assert body["total"] >= 1, label


def test_the_packaged_data_has_one_member(site: httpx.Client) -> None:
    with served(service(packaged_engine())) as address:
        body = httpx.get(f"{address}/api/v1/members").json()
    assert (body["total"], body["items"][0]["held"]) == (1, "unknown")


def test_the_interface_describes_the_parameters_of_each_list() -> None:
    app = FastAPI()
    app.include_router(router)
    paths = app.openapi()["paths"]
    for name in LISTS:
        described = {one["name"] for one in paths[f"/api/v1/{name}"]["get"]["parameters"]}
        assert {"q", "sort", "limit", "offset", "format", "real"} <= described
    members = {one["name"] for one in paths["/api/v1/alliances/{id}/members"]["get"]["parameters"]}
    assert {"as_of", "role", "area", "grade", "tier", "designation", "q"} <= members
