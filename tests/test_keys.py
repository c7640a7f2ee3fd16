"""Short names lead back to exactly the thing that they were made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.keys import iri_of, key_of
from ontology.packaged import BASE as PACKAGED
from samples import BASE

PATHS = st.text("ab/:_~-.", max_size=12)
BEGINNINGS = st.sampled_from([PACKAGED, f"{PACKAGED}id/", f"{PACKAGED}vocab/", BASE, f"{BASE}id/", "urn:x:"])


@given(BEGINNINGS, PATHS, st.sampled_from([BASE, ""]))
def test_a_key_leads_back_to_its_thing(beginning: str, path: str, base: str) -> None:
    assert iri_of(key_of(beginning + path, base), base) == beginning + path


@given(st.lists(st.builds(str.__add__, BEGINNINGS, PATHS), min_size=2, max_size=2, unique=True))
def test_two_things_never_share_a_key(names: list[str]) -> None:
    one, other = (key_of(name, BASE) for name in names)
    assert one != other


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (f"{PACKAGED}id/org/EX-001", "org/EX-001"),
        (f"{PACKAGED}vocab/level/national", "vocab/level/national"),
        (f"{BASE}id/org/u1", "_org/u1"),
        (f"{PACKAGED}id/vocab/x", f"{PACKAGED}id/vocab/x"),
        (f"{PACKAGED}id/org/a:b", f"{PACKAGED}id/org/a:b"),
        (f"{PACKAGED}id/_x", f"{PACKAGED}id/_x"),
        ("http://example.org/a", "http://example.org/a"),
    ],
)
def test_things_of_ours_have_short_names_unless_they_could_be_mistaken(name: str, key: str) -> None:
    assert key_of(name, BASE) == key
