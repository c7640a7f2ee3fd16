"""The accounts' file: people, sessions and tokens, and what two processes see of each other."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from people import DIGEST, PASSWORD, Clock, accounts_in, session_of

from api.accounts import LONGEST_NAME, Accounts, checked_name, end_of_day
from api.problems import Problem
from api.roles import GRANTED, ROLES

ROOT = Path(__file__).parent.parent


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    """An administrator and a curator."""
    made = accounts_in(tmp_path, clock)
    made.add_person("管理员甲", "admin", DIGEST)
    made.add_person("Curator B", "curator", DIGEST)
    return made


def problem_of(work: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        work()
    return caught.value.name


def test_people_are_kept_with_their_role_and_listed_by_name(accounts: Accounts, clock: Clock) -> None:
    listed = [(one.name, one.role, one.disabled, one.signed_in) for one in accounts.people()]
    assert listed == [("Curator B", "curator", False, None), ("管理员甲", "admin", False, None)]
    assert accounts.person("curator b").created == clock.now


@pytest.mark.parametrize("name", ["curator b", "CURATOR B", "  Curator B ", "ｃｕｒａｔｏｒ　ｂ"])
def test_names_that_look_the_same_are_the_same(accounts: Accounts, name: str) -> None:
    assert accounts.person(name).name == "Curator B"
    assert problem_of(lambda: accounts.add_person(name, "member", DIGEST)) == "name-taken"


@pytest.mark.parametrize(
    "name", ["", "   ", "a\nb", "a\x00", "a\u202eb", "a\u200bb", "x" * (LONGEST_NAME + 1), "Token x"]
)
def test_a_name_that_could_be_taken_for_something_else_is_refused(name: str) -> None:
    assert problem_of(lambda: checked_name(name)) == "wrong-name"


def test_there_are_no_other_roles_and_permissions(accounts: Accounts) -> None:
    assert problem_of(lambda: accounts.add_person("c", "owner", DIGEST)) == "unknown-role"
    assert problem_of(lambda: accounts.set_role("Curator B", "owner")) == "unknown-role"
    for scopes in ([], ["write"], ["open"], ["account"], ["read", ""]):
        assert (
            problem_of(lambda wanted=scopes: accounts.add_token("t", wanted, made_by="x")) == "unknown-scope"
        )
    assert set(GRANTED) == ROLES["admin"] - {"open", "account"}


def test_whoever_does_not_exist_cannot_be_changed(accounts: Accounts) -> None:
    for work in (
        lambda: accounts.person("nobody"),
        lambda: accounts.disable("nobody"),
        lambda: accounts.enable("nobody"),
        lambda: accounts.set_role("nobody", "member"),
        lambda: accounts.set_password("nobody", DIGEST),
        lambda: accounts.open_session("nobody"),
    ):
        assert problem_of(work) == "no-such-person"
    assert accounts.digest_of("nobody") is None


def test_the_last_administrator_stays(accounts: Accounts) -> None:
    assert problem_of(lambda: accounts.disable("管理员甲")) == "last-administrator"
    assert problem_of(lambda: accounts.set_role("管理员甲", "member")) == "last-administrator"
    assert accounts.person("管理员甲").role == "admin"
    accounts.set_role("Curator B", "admin")
    accounts.disable("管理员甲")
    assert problem_of(lambda: accounts.disable("curator b")) == "last-administrator"
    assert accounts.has_administrator()


def test_where_there_is_no_administrator_none_is_missed(tmp_path: Path) -> None:
    accounts = accounts_in(tmp_path)
    accounts.add_person("a", "member", DIGEST)
    accounts.disable("a")
    assert accounts.person("a").disabled


def test_only_one_of_many_becomes_the_first_administrator(tmp_path: Path) -> None:
    accounts = accounts_in(tmp_path)

    def attempt(number: int) -> str:
        try:
            return accounts.add_person(f"a{number}", "admin", DIGEST, is_first=True).name
        except Problem as problem:
            return problem.name

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(attempt, range(20)))
    assert len([one for one in made if one != "set-up-already"]) == 1
    assert len(accounts.people()) == 1


# --- Sessions ---------------------------------------------------------------------------------------------------


def test_a_session_is_of_whoever_opened_it(accounts: Accounts, clock: Clock) -> None:
    secret = accounts.open_session("curator b")
    session = accounts.session(secret)
    assert session is not None
    assert (session.person.name, session.created, session.used) == ("Curator B", clock.now, clock.now)
    assert accounts.person("Curator B").signed_in == clock.now
    assert accounts.session(secret + "x") is None
    assert accounts.session("") is None
    assert len({accounts.open_session("Curator B") for _ in range(5)} | {secret}) == 6
    assert len({one.csrf for one in accounts.sessions("Curator B")}) == 6


def test_a_session_ends_when_it_is_not_used(accounts: Accounts, clock: Clock) -> None:
    secret = accounts.open_session("Curator B")
    clock.forward(minutes=119)
    assert accounts.session(secret)
    clock.forward(minutes=1)
    assert accounts.session(secret) is None


def test_a_session_ends_however_much_it_is_used(accounts: Accounts, clock: Clock) -> None:
    secret = accounts.open_session("Curator B")
    for _ in range(12):
        assert accounts.session(secret)
        clock.forward(hours=1)
        accounts.note_session_use(secret)
    assert accounts.session(secret) is None


def test_ended_sessions_are_cleared_away_when_the_next_one_opens(accounts: Accounts, clock: Clock) -> None:
    for _ in range(3):
        accounts.open_session("Curator B")
    clock.forward(hours=3)
    accounts.open_session("Curator B")
    with sqlite3.connect(accounts.file) as file:
        assert file.execute("SELECT COUNT(*) FROM session").fetchone() == (1,)
    file.close()


def test_use_is_noted_no_more_than_once_a_minute(accounts: Accounts, clock: Clock) -> None:
    assert accounts.is_use_stale(None)
    assert not accounts.is_use_stale(clock.now - timedelta(seconds=59))
    assert accounts.is_use_stale(clock.now - timedelta(seconds=60))


def test_one_session_or_all_others_can_be_ended(accounts: Accounts) -> None:
    mine, other, third = (accounts.open_session("Curator B") for _ in range(3))
    foreign = accounts.open_session("管理员甲")
    marks = {secret: session_of(accounts, secret).mark for secret in (mine, other, third)}
    accounts.end_session_marked("管理员甲", marks[other])
    assert accounts.session(other)
    accounts.end_session_marked("curator b", marks[other])
    assert [bool(accounts.session(one)) for one in (mine, other, third)] == [True, False, True]
    accounts.end_sessions("Curator B", keep=mine)
    assert [bool(accounts.session(one)) for one in (mine, third, foreign)] == [True, False, True]
    accounts.end_session(mine)
    assert accounts.sessions("Curator B") == []


def test_another_password_and_being_disabled_end_all_sessions_at_once(accounts: Accounts) -> None:
    first = accounts.open_session("Curator B")
    accounts.set_password("Curator B", "another digest")
    assert accounts.session(first) is None
    assert accounts.digest_of("Curator B") == "another digest"
    second = accounts.open_session("Curator B")
    accounts.disable("Curator B")
    assert accounts.session(second) is None
    assert accounts.digest_of("Curator B") is None
    accounts.enable("Curator B")
    assert accounts.session(second) is None
    assert accounts.digest_of("Curator B") == "another digest"


def test_a_session_that_opens_while_somebody_is_disabled_opens_nothing(accounts: Accounts) -> None:
    accounts.disable("Curator B")
    assert accounts.session(accounts.open_session("Curator B")) is None


def test_another_role_counts_at_once(accounts: Accounts) -> None:
    secret = accounts.open_session("Curator B")
    accounts.set_role("Curator B", "auditor")
    assert session_of(accounts, secret).person.role == "auditor"


# --- Tokens -----------------------------------------------------------------------------------------------------


def test_a_token_opens_what_it_was_given(accounts: Accounts) -> None:
    token, secret = accounts.add_token("某系统", ["import", "read"], made_by="管理员甲")
    assert re.fullmatch(r"ma_[0-9a-f]{8}_[\w-]{43}", secret)
    assert accounts.token(secret) == token
    assert (token.scopes, token.made_by, token.expires) == ({"import", "read"}, "管理员甲", None)


def test_no_other_text_is_a_token(accounts: Accounts) -> None:
    _, secret = accounts.add_token("t", ["read"], made_by="x")
    other, _ = accounts.add_token("u", ["admin"], made_by="x")
    kind, number, rest = secret.split("_", 2)
    for text in (
        "",
        "?",
        secret[:-1],
        secret + "x",
        secret.removeprefix("ma_"),
        f"{kind}_{other.id}_{rest}",
        f"{kind}_{number}_",
        f"{kind}_{number}",
        f"mb_{number}_{rest}",
    ):
        assert accounts.token(text) is None


def test_a_token_ends_with_its_last_day(accounts: Accounts, clock: Clock) -> None:
    until = end_of_day("2026-11-25", "Asia/Shanghai", date(2026, 11, 24))
    assert until == datetime(2026, 11, 25, 16, tzinfo=UTC)
    token, secret = accounts.add_token("t", ["read"], made_by="x", expires=until)
    assert token.last_day("Asia/Shanghai") == date(2026, 11, 25)
    clock.now = datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)
    assert accounts.token(secret)
    clock.forward(seconds=1)
    assert accounts.token(secret) is None


@pytest.mark.parametrize("text", ["2026-11-23", "tomorrow", "2026-02-30", "9999-12-31", "20261231x"])
def test_a_last_day_is_a_day_to_come(text: str) -> None:
    assert problem_of(lambda: end_of_day(text, "Asia/Shanghai", date(2026, 11, 24))) == "wrong-date"


def test_without_a_last_day_there_is_none() -> None:
    assert end_of_day(" ", "Asia/Shanghai", date(2026, 11, 24)) is None


def test_a_revoked_token_opens_nothing_and_stays_listed(accounts: Accounts, clock: Clock) -> None:
    token, secret = accounts.add_token("t", ["read"], made_by="管理员甲")
    assert accounts.tokens_made_by("管理员甲") == [token]
    accounts.revoke(token.id)
    assert accounts.token(secret) is None
    first = accounts.tokens()[0].revoked
    clock.forward(hours=1)
    accounts.revoke(token.id)
    assert accounts.tokens()[0].revoked == first
    assert accounts.tokens_made_by("管理员甲") == []
    assert problem_of(lambda: accounts.revoke("nothing")) == "no-such-token"


def test_the_use_of_a_token_is_noted(accounts: Accounts, clock: Clock) -> None:
    token, _ = accounts.add_token("t", ["read"], made_by="x")
    assert token.used is None
    accounts.note_token_use(token.id)
    assert accounts.tokens()[0].used == clock.now


# --- The file ---------------------------------------------------------------------------------------------------


def test_no_secret_stands_in_the_file(accounts: Accounts) -> None:
    session = accounts.open_session("Curator B")
    _, token = accounts.add_token("t", ["read"], made_by="x")
    accounts.close()
    content = b"".join(file.read_bytes() for file in accounts.file.parent.iterdir())
    for secret in (session, token, token.rpartition("_")[2], PASSWORD):
        assert secret.encode() not in content
    assert b"Curator B" in content


def test_only_its_owner_may_read_the_file(accounts: Accounts, tmp_path: Path) -> None:
    accounts.open_session("Curator B")
    assert os.name == "nt" or {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
    accounts.close()
    accounts.file.chmod(0o644)
    accounts.open_session("Curator B")
    assert os.name == "nt" or accounts.file.stat().st_mode & 0o777 == 0o600
    accounts.close()


def test_asking_makes_no_file(tmp_path: Path) -> None:
    accounts = accounts_in(tmp_path / "none")
    assert accounts.people() == accounts.tokens() == []
    assert (accounts.session("x"), accounts.token("ma_x_y"), accounts.has_administrator()) == (
        None,
        None,
        False,
    )
    assert not accounts.file.parent.exists()


def test_what_another_process_changes_is_seen_at_once(accounts: Accounts) -> None:
    secret = accounts.open_session("Curator B")
    _, token = accounts.add_token("t", ["read"], made_by="x")
    assert accounts.session(secret)
    assert accounts.token(token)
    program = (
        "import sys, pathlib; from api.accounts import Accounts\n"
        "other = Accounts(pathlib.Path(sys.argv[1]))\n"
        "other.disable('Curator B'); other.revoke(other.tokens()[0].id)\n"
        "other.add_person('C', 'member', 'digest')"
    )
    command = [sys.executable, "-c", program, str(accounts.file)]
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert accounts.session(secret) is None
    assert accounts.token(token) is None
    assert "C" in {one.name for one in accounts.people()}


def test_two_writers_and_many_readers_do_not_trample_each_other(accounts: Accounts) -> None:
    other = Accounts(accounts.file, clock=accounts.clock)

    def add(number: int) -> None:
        (accounts if number % 2 else other).add_person(f"p{number}", "member", DIGEST)
        assert accounts.person(f"p{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    assert len(other.people()) == 42
    other.close()


def test_reading_does_not_wait_for_a_change_that_is_under_way(accounts: Accounts) -> None:
    secret = accounts.open_session("Curator B")
    with sqlite3.connect(accounts.file, isolation_level=None) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM session")
        assert accounts.session(secret)
        writer.execute("ROLLBACK")
    writer.close()


def test_a_change_that_fails_leaves_nothing(accounts: Accounts) -> None:
    before = accounts.people()
    with pytest.raises(sqlite3.ProgrammingError), accounts._change() as change:
        change.executemany("DELETE FROM person WHERE key = ?", [("curator b",), ("x", "y")])
    assert accounts.people() == before
    accounts.add_person("after", "member", DIGEST)
