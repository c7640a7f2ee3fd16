"""Names are opaque, stable, and fit for FHIR."""

import re
from pathlib import Path

from graph.identity import Identities, minted_name
from graph.journal import Header, Journal
from graph.quads import Delta, Quad, iri, literal
from samples import BASE

SOME = Delta(frozenset({Quad(iri("a:a"), iri("a:b"), literal("c"))}))


def test_a_key_stands_for_one_name_now_and_later(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    identities = Identities(journal, BASE)
    name = identities.iri("org", "uscc", "12220000412759XXXX")
    assert identities.iri("org", "uscc", "12220000412759XXXX") == name
    assert identities.iri("org", "licence", "12220000412759XXXX") != name
    journal.append(Header("", "", ""), SOME, identities.to_write())
    assert Identities(journal, BASE).iri("org", "uscc", "12220000412759XXXX") == name
    journal.close()


def test_a_name_given_for_a_change_that_was_not_written_is_forgotten(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    name = Identities(journal, BASE).iri("org", "uscc", "x")
    assert Identities(journal, BASE).iri("org", "uscc", "x") != name
    journal.close()


def test_names_say_nothing_and_are_valid_fhir_ids() -> None:
    names = {minted_name() for _ in range(1000)}
    assert len(names) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9.-]{1,64}", name) for name in names)
    assert not any(set(name) & set("01oil") for name in names)


def test_with_a_seed_the_same_keys_get_the_same_names(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    one, other = (Identities(journal, BASE, seed=b"seed") for _ in range(2))
    assert one.iri("org", "list", "a") == other.iri("org", "list", "a") != one.iri("org", "list", "b")
    assert Identities(journal, BASE, seed=b"other").iri("org", "list", "a") != one.iri("org", "list", "a")
    assert one.part("grade", "list", "a") == Identities(journal, BASE).part("grade", "list", "a")
    assert ("list", "a") in one.given
    assert not [key for key in one.given if key == ("grade", "a")]
    journal.close()


def test_what_a_key_stands_for_is_remembered_and_may_change(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    identities = Identities(journal, BASE)
    identities.remember("uscc", "1", f"{BASE}id/org/a")
    assert identities.known("uscc", "1") == f"{BASE}id/org/a"
    journal.append(Header("", "", ""), SOME, identities.to_write())
    later = Identities(journal, BASE)
    later.load("uscc")
    later.remember("uscc", "1", f"{BASE}id/org/a")
    assert later.to_write() == []
    later.remember("uscc", "1", f"{BASE}id/org/b")
    assert later.known("uscc", "1") == f"{BASE}id/org/b"
    assert [one.iri for one in later.to_write()] == [f"{BASE}id/org/b"]
    assert later.known("uscc", "2") is None
    journal.close()
