"""Names and passwords, and the one-time code of the first run."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from people import DIGEST, PASSWORD, QUICK, accounts_in

from api.credentials import Credentials, FirstRun
from api.passwords import Cost, Passwords
from api.problems import Problem
from api.throttle import Throttle


@pytest.fixture
def credentials(tmp_path: Path) -> Credentials:
    accounts = accounts_in(tmp_path)
    accounts.add_person("Curator B", "curator", DIGEST)
    return Credentials(accounts, QUICK)


def name_of_problem(work: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        work()
    return caught.value.name


def test_the_right_password_tells_who_it_is(credentials: Credentials) -> None:
    assert credentials.person(" curator b", PASSWORD, "here").name == "Curator B"


@pytest.mark.parametrize(
    ("name", "password"), [("Curator B", "wrong"), ("nobody", PASSWORD), ("", ""), ("Curator B", "")]
)
def test_a_wrong_password_and_an_unknown_name_are_told_alike(
    credentials: Credentials, name: str, password: str
) -> None:
    assert name_of_problem(lambda: credentials.person(name, password, "here")) == "wrong-credentials"


def test_a_disabled_account_is_told_like_an_unknown_one(credentials: Credentials) -> None:
    credentials.accounts.add_person("管理员甲", "admin", DIGEST)
    credentials.accounts.disable("Curator B")
    assert name_of_problem(lambda: credentials.person("Curator B", PASSWORD, "here")) == "wrong-credentials"


def test_an_unknown_account_costs_as_much_as_a_known_one(
    credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []
    real = Passwords.is_right
    monkeypatch.setattr(
        Passwords, "is_right", lambda self, text, digest: asked.append(digest) or real(self, text, digest)
    )
    for name in ("nobody", "Curator B"):
        name_of_problem(lambda who=name: credentials.person(who, "wrong", "here"))
    assert asked == [None, DIGEST]


@pytest.mark.parametrize("name", ["Curator B", "nobody"])
def test_after_some_failures_even_the_right_password_has_to_wait(credentials: Credentials, name: str) -> None:
    told = [
        name_of_problem(partial(credentials.person, name, "wrong", f"address {number}"))
        for number in range(6)
    ]
    assert told == ["wrong-credentials"] * 5 + ["too-many-attempts"]
    assert name_of_problem(lambda: credentials.person(name.upper(), PASSWORD, "elsewhere")) == (
        "too-many-attempts"
    )


def test_other_ways_to_write_a_name_do_not_give_more_attempts(credentials: Credentials) -> None:
    ways = ["Curator B", "curator b", " CURATOR B ", "ｃurator b", "ｃｕrator b", "curator　b"]
    told = [name_of_problem(partial(credentials.person, way, "wrong", f"from {way}")) for way in ways]
    assert told == ["wrong-credentials"] * 5 + ["too-many-attempts"]


def test_endless_names_are_not_remembered(credentials: Credentials) -> None:
    name_of_problem(lambda: credentials.person("x" * 50_000, "wrong", "here"))
    assert max(map(len, credentials.by_account._records)) <= 256


def test_one_address_cannot_try_one_account_after_the_other(credentials: Credentials) -> None:
    told = [
        name_of_problem(partial(credentials.person, f"name {number}", "wrong", "here"))
        for number in range(26)
    ]
    assert told == ["wrong-credentials"] * 25 + ["too-many-attempts"]
    assert name_of_problem(lambda: credentials.person("Curator B", PASSWORD, "here")) == "too-many-attempts"
    assert credentials.person("Curator B", PASSWORD, "elsewhere")


def test_who_signs_in_may_do_so_as_often_as_they_like(credentials: Credentials) -> None:
    for _ in range(60):
        assert credentials.person("Curator B", PASSWORD, "here")


def test_a_digest_of_an_old_cost_is_replaced_at_the_next_sign_in(credentials: Credentials) -> None:
    session = credentials.accounts.open_session("Curator B")
    dearer = replace(credentials, passwords=Passwords(Cost(rounds=2, kilobytes=8, lanes=1)))
    assert dearer.person("Curator B", PASSWORD, "here")
    renewed = dearer.accounts.digest_of("Curator B")
    assert renewed not in (DIGEST, None)
    assert dearer.person("Curator B", PASSWORD, "here")
    assert dearer.accounts.digest_of("Curator B") == renewed
    assert credentials.accounts.session(session)


def test_a_new_password_is_typed_twice_and_not_too_easy(credentials: Credentials) -> None:
    assert name_of_problem(lambda: credentials.digest("a", PASSWORD, PASSWORD + "x")) == "passwords-differ"
    assert name_of_problem(lambda: credentials.digest("a", "short", "short")) == "weak-password"
    assert QUICK.is_right(PASSWORD, credentials.digest("a", PASSWORD, PASSWORD))


# --- The first run ----------------------------------------------------------------------------------------------


def test_the_code_makes_one_administrator_and_dies(credentials: Credentials) -> None:
    first = FirstRun(credentials)
    code = first.code
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", code)
    assert first.is_open
    made = first.administrator(code.lower().replace("-", " "), "管理员甲", PASSWORD, PASSWORD, "here")
    assert (made.name, made.role, first.is_open, first.code) == ("管理员甲", "admin", False, "")
    assert (
        name_of_problem(lambda: first.administrator(code, "b", PASSWORD, PASSWORD, "here"))
        == "set-up-already"
    )


@pytest.mark.parametrize("code", ["", "-", "AAAA-AAAA", "\u200b"])
def test_another_code_makes_nobody(credentials: Credentials, code: str) -> None:
    first = FirstRun(credentials)
    assert name_of_problem(lambda: first.administrator(code, "x", PASSWORD, PASSWORD, "here")) == "wrong-code"
    assert not credentials.accounts.has_administrator()


def test_codes_cannot_be_tried_one_after_the_other(credentials: Credentials) -> None:
    first = FirstRun(credentials)
    told = [
        name_of_problem(partial(first.administrator, "AAAA-AAAA", "x", PASSWORD, PASSWORD, f"from {number}"))
        for number in range(6)
    ]
    assert told == ["wrong-code"] * 5 + ["too-many-attempts"]


def test_a_mistake_in_name_or_password_leaves_the_code_alive(credentials: Credentials) -> None:
    first = FirstRun(credentials)
    for _ in range(10):
        assert name_of_problem(lambda: first.administrator(first.code, "x", "a", "a", "here")) == (
            "weak-password"
        )
    assert name_of_problem(lambda: first.administrator(first.code, "curator b", PASSWORD, PASSWORD, "h")) == (
        "name-taken"
    )
    assert first.administrator(first.code, "x", PASSWORD, PASSWORD, "here")


def test_the_code_dies_when_an_administrator_is_made_elsewhere(credentials: Credentials) -> None:
    first = FirstRun(credentials)
    code = first.code
    credentials.accounts.add_person("by command", "admin", DIGEST)
    assert not first.is_open
    assert (
        name_of_problem(lambda: first.administrator(code, "x", PASSWORD, PASSWORD, "here"))
        == "set-up-already"
    )


def test_there_is_no_code_where_none_is_wanted_or_needed(credentials: Credentials) -> None:
    assert FirstRun(credentials, wanted=False).code == ""
    assert FirstRun(credentials).code != FirstRun(credentials).code
    credentials.accounts.add_person("管理员甲", "admin", DIGEST)
    assert FirstRun(credentials).code == ""


def test_the_waits_are_long_enough_for_machines_and_short_enough_for_people(credentials: Credentials) -> None:
    assert isinstance(credentials.by_account, Throttle)
    assert (credentials.by_account._longest, credentials.by_address._longest) == (300, 900)
