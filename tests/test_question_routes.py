"""The query library over REST: its list, answers in every format, faults by name, and choices for drop-downs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from in_process import client_of
from list_data import demo_engine
from page_data import service, state

from api.question_description import describe_questions
from api.question_rows import columns_of
from api.questions import OWN, router
from ontology.library import KINDS, offered, query
from samples import HOSTILE

HUB = "org/EX-A1"
V1 = "/api/v1/questions"


@pytest.fixture(scope="module")
def site() -> Iterator[httpx.Client]:
    engine = state(
        demo_engine(),
        f"""<id/org/u1> a org:FormalOrganization, org:Organization ;
              skos:prefLabel {json.dumps(HOSTILE[0])}@zh, "=HYPERLINK(1)"@en ; org:identifier "X-1" .""",
    )
    with client_of(service(engine)) as client:
        yield client


def test_every_question_that_somebody_asks_is_listed_with_its_parameters(site: httpx.Client) -> None:
    body = site.get(V1).json()
    assert body["total"] == len(body["items"]) == len(offered())
    for item in body["items"]:
        assert item["title"]["zh"]
        assert item["purpose"]["en"]
        for parameter in item["parameters"]:
            assert parameter["kind"] in KINDS
            assert (parameter["choices"] is None) == (
                parameter["kind"] not in ("concept", "area") and not parameter["of"]
            )


def test_the_list_can_be_asked_for_one_audience(site: httpx.Client) -> None:
    numbers = {
        who["number"]
        for item in site.get(f"{V1}?audience=partner").json()["items"]
        for who in item["audiences"]
        if who["name"] == "partner"
    }
    assert numbers == set(range(1, 26)) - {1, 2, 18, 19, 20, 24}


@pytest.mark.parametrize("name", sorted(offered()))
def test_no_parameter_of_a_question_has_the_name_of_one_that_all_have(name: str) -> None:
    assert {one.name for one in query(name).parameters}.isdisjoint(OWN)


def test_an_answer_has_rows_in_plain_form_with_names_and_flags(site: httpx.Client) -> None:
    answer = site.get(f"{V1}/members-on-date?alliance={HUB}&date=2026-01-01&limit=2")
    body = answer.json()
    assert answer.status_code == 200
    assert (len(body["items"]), body["limit"], body["offset"]) == (2, 2, 0)
    assert body["parameters"]["date"] == ["2026-01-01"]
    first = body["items"][0]
    assert first["member"]["value"].startswith("https://")
    assert first["member"]["labels"]["zh"].startswith("示例")
    assert first["illustrative"] is True
    assert set(first) == set(body["columns"])
    assert "VALUES ?alliance { <https://w3id.org/medalliance/id/org/EX-A1> }" in body["sparql"]


def test_pages_follow_each_other_until_the_last(site: httpx.Client) -> None:
    address, seen = f"{V1}/members-on-date?alliance={HUB}&limit=7", []
    while address:
        answer = site.get(address)
        seen += [item["membership"] for item in answer.json()["items"]]
        address = answer.links.get("next", {}).get("url", "")
    assert len(seen) == len(set(seen)) == answer.json()["total"] > 14


def test_an_answer_links_its_sparql_which_runs_as_it_stands(site: httpx.Client) -> None:
    answer = site.get(f"{V1}/unit-by-identifier?identifier=034haf133")
    text = site.get(answer.links["describedby"]["url"])
    assert text.headers["content-type"].startswith("application/sparql-query")
    assert text.text == answer.json()["sparql"]
    again = site.get("/sparql", params={"query": text.text}).json()["results"]["bindings"]
    assert [row["unit"]["value"] for row in again] == ["https://w3id.org/medalliance/id/org/fhjlu"]


def test_an_unchanged_answer_is_not_sent_again(site: httpx.Client) -> None:
    address = f"{V1}/concepts-of-scheme?scheme=vocab/level"
    first = site.get(address)
    again = site.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("wished", "media_type"),
    [
        ("json", "application/json"),
        ("csv", "text/csv; charset=utf-8"),
        ("tsv", "text/tab-separated-values; charset=utf-8"),
        ("xml", "application/sparql-results+xml"),
        ("sparql-json", "application/sparql-results+json"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("geojson", "application/geo+json"),
        ("rq", "application/sparql-query"),
    ],
)
def test_rows_come_in_every_format_by_name_and_by_accept(
    site: httpx.Client, wished: str, media_type: str
) -> None:
    address = f"{V1}/units-with-coordinates"
    named = site.get(f"{address}?format={wished}")
    accepted = site.get(address, headers={"Accept": media_type.partition(";")[0]})
    assert (named.status_code, named.headers["content-type"]) == (200, media_type)
    assert accepted.headers["content-type"] == media_type


def test_coordinates_become_points(site: httpx.Client) -> None:
    body = site.get(f"{V1}/units-with-coordinates?format=geojson&limit=3").json()
    assert body["type"] == "FeatureCollection"
    (longitude, latitude) = body["features"][0]["geometry"]["coordinates"]
    assert 70 < longitude < 140
    assert 15 < latitude < 55
    assert body["features"][0]["properties"]["unit"]["labels"]


def test_a_page_is_the_same_in_every_format(site: httpx.Client) -> None:
    address = f"{V1}/members-on-date?alliance={HUB}&limit=3&offset=4"
    plain = [item["membership"] for item in site.get(address).json()["items"]]
    results = site.get(f"{address}&format=sparql-json").json()["results"]["bindings"]
    table = csv.DictReader(io.StringIO(site.get(f"{address}&format=csv").content.decode("utf-8-sig")))
    assert plain == [row["membership"]["value"] for row in results] == [row["membership"] for row in table]


def test_a_spreadsheet_takes_no_cell_for_a_formula(site: httpx.Client) -> None:
    for form in ("csv", "tsv"):
        text = site.get(f"{V1}/unit-by-identifier?identifier=X-1&format={form}").text
        assert "'=HYPERLINK(1)" in text


def test_a_graph_comes_as_rdf(site: httpx.Client) -> None:
    address = f"{V1}/alliance-subgraph?alliance={HUB}"
    assert site.get(address).headers["content-type"].startswith("text/turtle")
    lines = site.get(address, headers={"Accept": "application/n-triples"}).text.splitlines()
    assert any("ontology#illustrative" in line for line in lines)
    assert site.get(f"{address}&format=jsonld").headers["content-type"] == "application/ld+json"
    assert site.get(f"{address}&format=csv").status_code == 406


@pytest.mark.parametrize(
    ("address", "status", "name", "field"),
    [
        ("members-on-date", 400, "parameter-missing", "alliance"),
        (f"members-on-date?alliance={HUB}&date=2026-13-01", 400, "parameter-malformed", "date"),
        (f"members-on-date?alliance={HUB}&dat=2026-01-01", 400, "parameter-unknown", "dat"),
        (f"members-on-date?alliance={HUB}&alliance=org/EX-A2", 400, "parameter-repeated", "alliance"),
        ("members-on-date?alliance=org/nobody", 422, "parameter-not-held", "alliance"),
        (f"members-on-date?alliance={HUB}&role=king", 422, "parameter-not-held", "role"),
        (f"members-on-date?alliance={HUB}&limit=none", 400, "parameter-malformed", "limit"),
        (f"members-on-date?alliance={HUB}&limit=10001&format=csv", 400, "parameter-malformed", "limit"),
        (
            "nearest-with-technique?latitude=north&longitude=1&technique=cpap",
            400,
            "parameter-malformed",
            "latitude",
        ),
        ("units-in-area?area=123", 400, "parameter-malformed", "area"),
        ("units-in-area?area=<x> } SELECT", 400, "parameter-malformed", "area"),
    ],
)
def test_a_wrong_value_is_told_by_its_name(
    site: httpx.Client, address: str, status: int, name: str, field: str
) -> None:
    answer = site.get(f"{V1}/{address}")
    body = answer.json()
    assert (answer.status_code, body["type"], body["field"]) == (status, f"/problems/{name}", field)
    assert field in body["detail"]
    english = site.get(f"{V1}/{address}", headers={"Accept-Language": "en"}).json()
    assert english["title"] != body["title"]


def test_a_question_that_nobody_wrote_is_not_found(site: httpx.Client) -> None:
    for address in (
        "no-such-question",
        "fact-counts",
        "members-on-date/choices/date",
        "members-on-date/choices/x",
    ):
        assert site.get(f"{V1}/{address}").status_code == 404


def test_many_values_go_in_a_body(site: httpx.Client) -> None:
    wanted = [f"EX-{number:03}" for number in range(500)]
    answer = site.post(f"{V1}/unit-by-identifier?limit=1000", json={"identifier": [*wanted, "034haf133"]})
    body = answer.json()
    assert answer.status_code == 200
    assert len(body["parameters"]["identifier"]) == 501
    assert {"EX-001", "034haf133"} <= {item["identifier"] for item in body["items"]}


@pytest.mark.parametrize("body", ["[]", "{", '{"identifier": {}}', '{"identifier": [["x"]]}', "[" * 5000])
def test_a_body_that_is_no_object_of_values_is_malformed(site: httpx.Client, body: str) -> None:
    answer = site.post(f"{V1}/unit-by-identifier", content=body)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed-request")


def test_choices_have_names_and_can_be_searched(site: httpx.Client) -> None:
    body = site.get(f"{V1}/members-on-date/choices/alliance").json()
    assert body["total"] == len(body["items"])
    assert body["items"][0]["illustrative"] is False
    assert {"value": "org/EX-A1", "illustrative": True}.items() <= next(
        item for item in body["items"] if item["value"] == "org/EX-A1"
    ).items()
    roles = site.get(f"{V1}/members-on-date/choices/role").json()["items"]
    assert "lead" in {item["value"] for item in roles}
    found = site.get(f"{V1}/shared-projects/choices/unit?q=示例第一&limit=2").json()
    assert (len(found["items"]), found["items"][0]["labels"]["zh"][:4]) == (2, "示例第一")
    areas = site.get(f"{V1}/units-in-area/choices/area?q=2206").json()["items"]
    assert areas[0]["value"] == "220600"


def test_each_choice_is_a_value_that_the_question_takes(site: httpx.Client) -> None:
    for choice in site.get(f"{V1}/members-on-date/choices/alliance").json()["items"]:
        answer = site.get(f"{V1}/members-on-date", params={"alliance": choice["value"]})
        assert answer.json()["parameters"]["alliance"] == [choice["iri"]]


def test_the_interface_describes_each_question_with_its_own_parameters() -> None:
    app = FastAPI()
    app.include_router(router)
    describe_questions(app)
    paths = app.openapi()["paths"]
    for one in offered().values():
        item = paths[f"{V1}/{one.name}"]
        assert [p["name"] for p in item["get"]["parameters"]] == [*(p.name for p in one.parameters), *OWN]
        assert set(item["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]) == {
            p.name for p in one.parameters
        }
    names = [item["get"]["operationId"] for path, item in paths.items() if path.startswith(f"{V1}/")]
    assert len(names) == len(set(names))
    coordinates = paths[f"{V1}/nearest-with-technique"]["get"]["parameters"]
    assert {p["name"]: p["schema"].get("type") for p in coordinates}["latitude"] == "number"


def test_a_column_of_names_belongs_to_the_thing_that_it_names() -> None:
    columns = columns_of(query("members-on-date"))
    assert [c.name for c in columns] == [
        "membership",
        "member",
        "role",
        "start",
        "end",
        "held",
        "illustrative",
    ]
    assert columns[1].labels == {"zh": "memberZh", "en": "memberEn"}
