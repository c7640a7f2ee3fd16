"""What is not public on the page of a unit: for whom it is, with source and date, and for nobody else at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from coordinator import Coordinator, coordinator, text_of
from page_data import HOSPITAL, PROFILE
from people import signed_in

from graph.quads import Quad, Term, iri, literal
from graph.repository import Repository
from graph.restricted import Restricted, RestrictedDelta
from graph.settle import Proposal
from ontology.terms import MA, RDF, SCHEMA

PAGE = f"/resource?iri={quote(HOSPITAL)}&lang=zh"
EVERYWHERE = (
    PAGE,
    "/search?q=%E8%81%94%E7%BB%9C%E4%BA%BA",
    "/api/v1/search?q=%E8%81%94%E7%BB%9C%E4%BA%BA",
    "/?lang=zh",
    "/members?lang=zh",
)


def contact(name: str, text: str, visibility: str) -> Restricted:
    """Return a contact of the hospital, as the profile of its department says it."""
    node, graph = iri(f"{HOSPITAL}-contact-{name}"), iri(PROFILE)
    said: list[tuple[str, Term]] = [
        (RDF.type, iri(SCHEMA.ContactPoint)),
        (MA.contactRole, iri("https://w3id.org/medalliance/vocab/contact-role/alliance-coordinator")),
        (SCHEMA.name, literal(text)),
        (MA.officeLine, literal("0431-80000001")),
        (MA.verifiedOn, literal("2026-05-06", datatype="http://www.w3.org/2001/XMLSchema#date")),
    ]
    quads = frozenset(Quad(node, iri(property_), value, graph) for property_, value in said)
    return Restricted(node, iri(HOSPITAL), visibility, quads)


@pytest.fixture(scope="module")
def someone(tmp_path_factory: pytest.TempPathFactory, started: Path) -> Iterator[Coordinator]:
    with coordinator(tmp_path_factory.mktemp("restricted"), started) as made:
        repository: Repository = made.app.state.repository
        kept = RestrictedDelta((contact("a", "联络人内", "internal"), contact("b", "联络人盟", "alliance")))
        repository.propose(Proposal(), who="测试", why="联系人", restricted=kept)
        yield made


def seen_by(someone: Coordinator, role: str, path: str = PAGE) -> str:
    """Return what somebody of a role reads on a page; of nobody without a role."""
    headers = dict(signed_in(someone.app.state.accounts, role).headers) if role else {"Cookie": ""}
    answer = someone.client.get(path, headers=headers)
    assert answer.status_code == 200
    return text_of(answer.text)


@pytest.mark.parametrize(
    ("role", "seen", "unseen"),
    [
        ("curator", ("联络人内", "联络人盟"), ()),
        ("member", ("联络人盟",), ("联络人内",)),
        ("auditor", (), ("联络人内", "联络人盟", "内部资料")),
        ("", (), ("联络人内", "联络人盟", "内部资料")),
    ],
)
def test_each_reader_sees_what_is_for_them(
    someone: Coordinator, role: str, seen: tuple[str, ...], unseen: tuple[str, ...]
) -> None:
    text = seen_by(someone, role)
    assert [one for one in seen if one not in text] == []
    assert [one for one in unseen if one in text] == []


def test_a_contact_is_told_with_when_it_was_checked_and_who_says_it(someone: Coordinator) -> None:
    text = seen_by(someone, "curator")
    assert "联络人内 办公电话：0431-80000001 2026年5月6日 吉林大学第一医院新生儿科简介" in text
    assert "仅协调员" in text


@pytest.mark.parametrize("path", EVERYWHERE)
def test_nothing_else_tells_of_it_in_public(someone: Coordinator, path: str) -> None:
    answer = someone.client.get(path, headers={"Cookie": ""})
    assert "联络人内" not in answer.text
    assert "0431-80000001" not in answer.text


@pytest.mark.parametrize("media_type", ["text/turtle", "application/ld+json", "application/json"])
def test_no_file_holds_it_whoever_asks(someone: Coordinator, media_type: str) -> None:
    answer = someone.client.get(f"/resource?iri={quote(HOSPITAL)}", headers={"Accept": media_type})
    assert answer.status_code == 200
    assert "联络人" not in answer.text


def test_what_was_erased_says_so(someone: Coordinator) -> None:
    repository: Repository = someone.app.state.repository
    repository.propose(
        Proposal(),
        who="测试",
        why="联系人",
        restricted=RestrictedDelta((contact("c", "联络人末", "internal"),)),
    )
    assert "联络人末" in seen_by(someone, "curator")
    assert repository.erase(iri(f"{HOSPITAL}-contact-c")) == 1
    text = seen_by(someone, "curator")
    assert "联络人末" not in text
    assert "已删除" in text
