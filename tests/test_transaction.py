"""A transaction: all of it or nothing."""

import sqlite3
from collections.abc import Iterator

import pytest

from graph.transaction import transaction


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:", isolation_level=None)
    made.execute("CREATE TABLE word (text TEXT)")
    yield made
    made.close()


def words(db: sqlite3.Connection) -> list[str]:
    return [text for (text,) in db.execute("SELECT text FROM word")]


def half_done(db: sqlite3.Connection) -> None:
    db.execute("INSERT INTO word VALUES ('a')")
    raise KeyError


def test_what_was_done_is_kept_at_the_end(db: sqlite3.Connection) -> None:
    with transaction(db) as open_:
        open_.execute("INSERT INTO word VALUES ('a')")
    assert words(db) == ["a"]
    assert not db.in_transaction


def test_a_failure_takes_all_of_it_back(db: sqlite3.Connection) -> None:
    with pytest.raises(KeyError), transaction(db):
        half_done(db)
    assert words(db) == []
    assert not db.in_transaction
