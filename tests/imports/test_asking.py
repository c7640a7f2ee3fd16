"""Asking members: which alliance is meant, and that nobody is noted where nobody is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_data import ALLIANCE, PACKAGED, packaged_engine, state
from small_instance import TODAY

from graph.imports.asking import alliance_called, ask_members
from graph.imports.collect import Request
from graph.imports.collections import Collections
from samples import NAMES

NAME = "吉林省新生儿专科医疗联盟"
EMPTY = f"{PACKAGED}id/org/empty"


@pytest.mark.parametrize("said", ["", NAME, ALLIANCE, ALLIANCE.rpartition("/")[2]])
def test_an_alliance_is_meant_by_its_name_or_iri_or_as_the_only_one(said: str) -> None:
    assert alliance_called(packaged_engine(), said) == ALLIANCE


def test_a_name_that_no_alliance_has_means_none() -> None:
    assert alliance_called(packaged_engine(), "某联盟") == ""


def test_of_two_alliances_one_has_to_be_named() -> None:
    engine = state(packaged_engine(), '<id/org/two> a ma:MedicalAlliance ; skos:prefLabel "第二联盟"@zh .')
    assert alliance_called(engine, "") == ""
    assert alliance_called(engine, "第二联盟").endswith("/id/org/two")


def test_who_is_asked_is_noted_with_the_collection(tmp_path: Path) -> None:
    register = Collections(tmp_path)
    request = Request(ALLIANCE, "zh", TODAY, until="2026-12-31")
    made = ask_members(packaged_engine(), NAMES, request, register=register, who="甲")
    (one,) = register.listed()
    assert (one.id, one.who, one.until, len(one.asked)) == (made.collection, "甲", "2026-12-31", 1)
    register.close()


def test_an_alliance_without_members_leaves_no_note(tmp_path: Path) -> None:
    register = Collections(tmp_path)
    made = ask_members(packaged_engine(), NAMES, Request(EMPTY, "zh", TODAY), register=register)
    assert (made.units, register.listed()) == ((), [])
    register.close()
