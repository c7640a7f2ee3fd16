"""The journal holds every change, in order, and notices when it is not what was written."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.journal import EMPTY, DamagedJournal, Header, Identity, Journal, Sealed, state_after
from graph.packed import Packed, quads_sum
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


SEALED = Sealed(0, +1, "<a:node>", "<a:about>", "internal", "<a:graph>", b"key", b"sealed")


def test_restricted_records_are_written_with_their_change_and_read_by_what_they_are_about(
    journal: Journal,
) -> None:
    journal.append(HEADER, delta({1}))
    change = journal.append(HEADER, Delta(), (), [SEALED, SEALED._replace(sign=-1, about="<a:other>")])
    assert (change.number, change.header.added, change.quads) == (2, 0, 1)
    assert journal.sealed("about", "<a:about>") == [SEALED._replace(change=2)]
    assert [record.sign for record in journal.sealed("change", 2)] == [1, -1]
    assert journal.sealed("graph", "<a:graph>") == journal.all_sealed()
    assert journal.sealed("change", 1) == []
    assert journal.verify() == journal.last()
    journal.close()


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE restricted SET data = zeroblob(6)",
        "UPDATE restricted SET about = '<a:other>'",
        "UPDATE restricted SET sign = -1",
        "UPDATE restricted SET key = zeroblob(3)",
        "DELETE FROM restricted",
    ],
)
def test_a_restricted_record_that_was_tampered_with_is_noticed(tmp_path: Path, harm: str) -> None:
    file = tmp_path / "journal.sqlite"
    journal = Journal(file)
    journal.append(HEADER, delta({1}))
    journal.append(HEADER, delta({2}), (), [SEALED])
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


def test_a_journal_from_before_restricted_records_opens_and_keeps_its_chain(tmp_path: Path) -> None:
    file = tmp_path / "journal.sqlite"
    journal = Journal(file)
    journal.append(HEADER, delta({1}))
    journal.append(HEADER, delta({2}, {1}))
    last = journal.last()
    journal.close()
    db = sqlite3.connect(file)
    db.execute("DROP TABLE restricted")  # as it was written then
    db.commit()
    assert "undoes" not in db.execute("SELECT header FROM change").fetchone()[0]
    db.close()
    journal = Journal(file)
    assert journal.meta("format") == "1"
    assert journal.verify() == last
    journal.append(HEADER, Delta(), (), [SEALED])
    assert journal.meta("format") == "2"
    journal.close()
    journal = Journal(file)
    assert journal.verify() == journal.last()
    journal.close()


def test_the_chain_of_changes_without_restricted_records_is_what_it_always_was(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite")
    journal.append(HEADER, delta({1, 2}))
    last = journal.append(HEADER, delta({3}, {1}))
    assert last.chain.hex() == "867cdda235c687139e79ea4af1049b6887563ecafde2d636a49ec342da66a0e5"
    journal.close()


def test_who_took_a_change_back_is_found(journal: Journal) -> None:
    journal.append(HEADER, delta({1}))
    assert journal.undone_by(1) == 0
    journal.append(replace(HEADER, undoes=1), delta(set(), {1}))
    journal.append(replace(HEADER, undoes=2), delta({1}))
    assert (journal.undone_by(1), journal.undone_by(2), journal.undone_by(3)) == (2, 3, 0)
    assert journal.later_touching(1) == [2, 3]
    assert journal.last().header.undoes == 2
    journal.close()


def test_identities_can_be_remembered_without_a_change(journal: Journal) -> None:
    journal.remember(
        [Identity("uscc", "1", "http://example.org/a"), Identity("uscc", "2", "http://example.org/b")]
    )
    assert journal.identities("uscc") == {"1": "http://example.org/a", "2": "http://example.org/b"}
    assert journal.identities("other") == {}
    assert journal.last() == EMPTY
    journal.close()


def test_a_packed_change_is_written_like_any_other(tmp_path: Path) -> None:
    said = delta({1, 2}, {3})
    journals = [Journal(tmp_path / name) for name in ("one.sqlite", "other.sqlite")]
    for journal, change in zip(journals, (said, Packed.of(said)), strict=True):
        journal.append(HEADER, delta({3}))
        journal.append(HEADER, change)
    assert journals[0].last() == journals[1].last()
    assert journals[1].delta(2) == said
    for journal in journals:
        journal.close()
