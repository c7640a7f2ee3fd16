"""What is kept of a password, what it costs to try one, and which are refused."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import QUICK

from api.passwords import LEAST, MOST, USUAL, Cost, Passwords, check_strength, obvious
from api.problems import Problem


@settings(max_examples=25)
@given(st.text(max_size=40))
def test_the_password_of_a_digest_is_right_and_no_other_is(password: str) -> None:
    digest = QUICK.digest(password)
    assert QUICK.is_right(password, digest)
    assert not QUICK.is_right(password + "x", digest)


def test_the_same_password_never_has_the_same_digest() -> None:
    first, second = QUICK.digest("a long password"), QUICK.digest("a long password")
    assert first != second
    assert first.startswith("$argon2id$")
    assert "a long password" not in first


def test_a_digest_costs_what_the_standard_recommends() -> None:
    assert Cost(rounds=3, kilobytes=65_536, lanes=4) == USUAL
    assert "m=65536,t=3,p=4" in Passwords().digest("a long password")


def test_without_a_digest_nothing_is_right_but_as_much_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[str] = []
    real = QUICK._hasher
    monkeypatch.setattr(
        QUICK,
        "_hasher",
        type(
            "Counted",
            (),
            {
                "hash": lambda _, text: worked.append("hash") or real.hash(text),
                "verify": lambda _, digest, text: worked.append("verify") or real.verify(digest, text),
            },
        )(),
    )
    assert not QUICK.is_right("a long password", None)
    QUICK.is_right("a long password", real.hash("another"))
    assert worked == ["hash", "verify"]


@pytest.mark.parametrize("digest", ["", "plain text", "$argon2id$v=19$m=8,t=1,p=1$broken"])
def test_a_damaged_digest_lets_nobody_in(digest: str) -> None:
    assert not QUICK.is_right("plain text", digest)


def test_full_width_letters_of_an_input_method_are_the_plain_ones() -> None:
    assert QUICK.is_right("ｃｏｒｒｅｃｔ　ｈｏｒｓｅ", QUICK.digest("correct horse"))


def test_a_digest_of_another_cost_is_made_anew() -> None:
    other = Passwords(Cost(rounds=2, kilobytes=8, lanes=1))
    assert other.is_outdated(QUICK.digest("a long password"))
    assert not other.is_outdated(other.digest("a long password"))
    assert other.is_right("a long password", QUICK.digest("a long password"))


def test_a_flood_works_on_few_at_once_and_sends_the_rest_away() -> None:
    passwords = Passwords(Cost(rounds=1, kilobytes=8, lanes=1), at_once=1, waiting=1)
    at_work, go_on, most = 0, threading.Event(), [0]
    entered = threading.Barrier(2)

    class Slow:
        def hash(self, _: str) -> str:
            nonlocal at_work
            at_work += 1
            most[0] = max(most[0], at_work)
            if not go_on.is_set():
                entered.wait(10)
            go_on.wait(10)
            at_work -= 1
            return "digest"

    passwords._hasher = Slow()  # type: ignore[assignment]
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(passwords.digest, "a")
        entered.wait(10)
        second = pool.submit(passwords.digest, "b")
        while passwords._admitted._value:  # type: ignore[attr-defined]
            pass
        with pytest.raises(Problem) as caught:
            passwords.digest("c")
        go_on.set()
        assert (first.result(), second.result(), most[0]) == ("digest", "digest", 1)
    assert (caught.value.name, caught.value.headers["Retry-After"]) == ("too-many-attempts", "2")
    assert passwords.digest("d") == "digest"


@pytest.mark.parametrize(
    ("password", "name"),
    [
        ("", "a"),
        ("short", "a"),
        ("123456789", "a"),
        ("x" * (MOST + 1), "a"),
        ("1357924680", "a"),
        ("13800001234", "a"),
        ("aaaaaaaaaaaa", "a"),
        ("abababababab", "a"),
        ("coordinator", "coordinator"),
        ("Coordinator2026", "coordinator"),
        ("ｃｏｏｒｄｉｎａｔｏｒ", "coordinator"),
        ("Password123", "a"),
        ("PASSWORD1234", "a"),
        ("Qwertyuiop", "a"),
        ("联盟资料管理员联盟联盟", "联盟资料管理员联盟联盟"),
    ],
)
def test_a_password_that_is_too_easy_is_refused(password: str, name: str) -> None:
    with pytest.raises(Problem) as caught:
        check_strength(password, name)
    assert caught.value.name == "weak-password"
    for language, part in (("zh", "至 256 个字符"), ("en", "10 to 256 characters")):
        assert part in caught.value.body(language)["detail"]


@pytest.mark.parametrize("password", ["correct horse battery", "春天里的第三只麻雀会飞", "x9-Tz!qLm4w"])
def test_a_good_one_is_taken(password: str) -> None:
    check_strength(password, "coordinator")


def test_the_list_of_obvious_ones_holds_only_what_would_pass_else() -> None:
    assert all(len(one) >= LEAST and one == one.casefold() for one in obvious())
    assert len(obvious()) > 30
