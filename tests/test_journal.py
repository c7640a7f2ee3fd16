"""The journal holds every change, in order, and notices when it is not what was written."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.journal import EMPTY, DamagedJournal, Header, Identity, Journal, quads_sum, state_after
from graph.quads import Delta, Quad, iri, literal

HEADER = Header("2026-01-02T03:04:05+00:00", "tester", "because", "list.xlsx")


def quad(number: int) -> Quad:
    return Quad(
        iri(f"http://example.org/{number}"),
        iri("http://example.org/p"),
        literal(f"值 {number}", language="zh"),
    )


def delta(added: set[int], removed: set[int] | None = None) -> Delta:
    return Delta(frozenset(map(quad, added)), frozenset(map(quad, removed or set())))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.sqlite", meta={"base": "http://example.org/"})


@given(st.lists(st.frozensets(st.integers(0, 6), max_size=5), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_replaying_all_changes_gives_the_recorded_size_and_sum(
    tmp_path_factory: pytest.TempPathFactory, steps: list[frozenset[int]]
) -> None:
    journal = Journal(tmp_path_factory.mktemp("j") / "journal.sqlite")
    held: set[int] = set()
    for step in steps:
        journal.append(HEADER, delta(set(step - held), set(step & held)))
        held ^= set(step)
    replayed: set[Quad] = set()
    for change in journal.changes():
        step_delta = journal.delta(change.number)
        replayed = replayed - step_delta.removed | step_delta.added
    assert replayed == set(map(quad, held))
    last = journal.verify()
    assert (last.quads, int.from_bytes(last.state)) == (len(held), quads_sum(replayed) % (1 << 256))
    journal.close()


def test_a_change_is_read_back_whole(journal: Journal) -> None:
    change = journal.append(HEADER, delta({1, 2}, set()))
    assert journal.last() == change
    assert change.header.added == 2
    assert journal.delta(1) == delta({1, 2})
    journal.close()


def test_the_sum_does_not_depend_on_order() -> None:
    one = state_after(state_after(EMPTY.state, delta({1})), delta({2}))
    other = state_after(state_after(EMPTY.state, delta({2})), delta({1}))
    assert one == other != EMPTY.state


def test_the_changes_of_a_node_are_found(journal: Journal) -> None:
    journal.append(HEADER, delta({1, 2}))
    journal.append(HEADER, delta({3}, {1}))
    assert [change.number for change in journal.changes_of(quad(1).subject)] == [1, 2]
    assert [change.number for change in journal.changes_of(quad(2).subject)] == [1]
    journal.close()


def test_identities_are_written_with_their_change(journal: Journal) -> None:
    journal.append(HEADER, delta({1}), [Identity("uscc", "12220000", "http://example.org/id/org/x")])
    assert journal.identity("uscc", "12220000") == "http://example.org/id/org/x"
    assert journal.identity("uscc", "other") is None
    journal.close()


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE change SET header = replace(header, 'because', 'never') WHERE number = 2",
        "UPDATE change SET quads = 7 WHERE number = 2",
        "UPDATE chunk SET data = zeroblob(20) WHERE change = 2",
        "UPDATE chunk SET sign = -1 WHERE change = 2",
        "DELETE FROM chunk WHERE change = 2",
        "DELETE FROM change WHERE number = 2",
    ],
)
def test_a_change_that_was_tampered_with_is_named(tmp_path: Path, harm: str) -> None:
    file = tmp_path / "journal.sqlite"
    journal = Journal(file)
    for number in range(1, 4):
        journal.append(HEADER, delta({number}))
    journal.close()
    db = sqlite3.connect(file)
    db.execute(harm)
    db.commit()
    db.close()
    journal = Journal(file)
    with pytest.raises(DamagedJournal) as caught:
        journal.verify()
    assert caught.value.change == 2
    journal.close()


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"
    file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(DamagedJournal):
        Journal(file)


def test_a_journal_of_another_format_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"
    Journal(file).close()
    db = sqlite3.connect(file)
    db.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    db.commit()
    db.close()
    with pytest.raises(DamagedJournal, match="format"):
        Journal(file)
