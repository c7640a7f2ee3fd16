"""Laws of imports: twice is once, undo restores the graph, what is refused changes nothing."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_rows import SOURCE, Instance, area, concept, day, document, instance, meant, phone, row, version

from graph.imports.proposal import import_proposal
from graph.imports.records import Record
from graph.imports.source import Source
from graph.repository import ChecksFailed, LaterChanges, NothingToUndo, VersionMoved

COLUMNS = {
    "grade": st.sampled_from([concept("hospital-grade/3a"), concept("hospital-grade/2a")]),
    "place": st.sampled_from([area("220100"), area("220200")]),
    "role": st.sampled_from([concept("membership-role/member"), concept("membership-role/council")]),
    "start": st.sampled_from([day("2015"), day("2021-03"), day("2022-01-05")]),
    "department": st.sampled_from(["新生儿科", "儿科"]),
    "beds": st.integers(0, 40),
    "contact": st.sampled_from(["联系人甲", "联系人乙"]),
    "phone": st.sampled_from([phone("0431-80000000"), phone("13800000000", is_mobile=True)]),
    "note": st.sampled_from(["备注一", "备注二"]),
}
UNITS = ("示例第一医院", "示例第二医院", "示例第三医院")
LAWS = settings(
    max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@st.composite
def tables(draw: st.DrawFn) -> list[Record]:
    """Draw a small member list; each unit has one row."""
    units = draw(st.lists(st.sampled_from(UNITS), unique=True, min_size=1))
    cells = [draw(st.fixed_dictionaries({}, optional=COLUMNS)) for _ in units]
    return [
        row(number, name_zh=name, **said)
        for number, (name, said) in enumerate(zip(units, cells, strict=True), 3)
    ]


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


def opened(folder: Path) -> Instance:
    """Return an instance in a folder of its own."""
    return instance(folder / str(len([*folder.iterdir()])))


@given(tables())
@LAWS
def test_importing_the_same_file_twice_changes_nothing(folder: Path, rows: list[Record]) -> None:
    with opened(folder) as here:
        assert here.bring(rows).change
        state, last = here.state(), here.journal.last()
        assert here.planned(rows).counts["same"] == sum(here.planned(rows).counts.values())
        assert here.bring(rows).change is None
        assert (here.state(), here.journal.last()) == (state, last)


@given(tables(), tables(), st.sampled_from([version("b"), document("other")]))
@LAWS
def test_undoing_all_changes_one_after_the_other_restores_every_state(
    folder: Path, first: list[Record], second: list[Record], source: Source
) -> None:
    with opened(folder) as here:
        states = [here.state()]
        for where, rows in ((SOURCE, first), (source, second)):
            here.bring(rows, source=where)
            states.append(here.state())
        for number, state in ((3, states[1]), (2, states[0]), (5, states[1]), (4, states[2])):
            here.undo(number, who="tester", why="a test")
            assert here.state() == state
        assert here.journal.verify() == here.journal.last()


@given(tables(), tables())
@LAWS
def test_a_file_in_place_of_another_leaves_what_it_would_leave_alone(
    folder: Path, first: list[Record], second: list[Record]
) -> None:
    def kept(here: Instance) -> tuple[object, object]:
        """Return the texts in the default graph, but for digests of files, and what is not public."""
        merged = {quad.object for quad in here.engine.store.match(graph="") if quad.object.startswith('"')}
        merged = {text for text in merged if not text.startswith('"sha256:')}
        said = sorted(
            q.object for fact in here.restricted.all() for q in fact.quads if q.object.startswith('"')
        )
        return merged, said

    with opened(folder) as one, opened(folder) as other:
        one.bring(first)
        one.bring(second, source=version("b"))
        other.bring(second, source=version("b"))
        assert kept(one) == kept(other)


def test_what_the_checks_refuse_changes_nothing(tmp_path: Path) -> None:
    wrong = row(
        3, name_zh="示例第一医院", start=day("2021"), role=concept("hospital-grade/3a"), contact="联系人甲"
    )
    with instance(tmp_path) as here:
        state, last = here.state(), here.journal.last()
        with pytest.raises(ChecksFailed):
            here.bring([wrong])
        assert (here.state(), here.journal.last()) == (state, last)
        assert here.journal.identities(SOURCE.document) == {}
        assert not (tmp_path / "keys.sqlite").exists()


def test_an_import_planned_for_an_older_version_is_refused(tmp_path: Path) -> None:
    rows = [row(3, name_zh="示例第一医院")]
    with instance(tmp_path) as here:
        made, identities = here.said(rows, meant(*rows), SOURCE)
        proposal, _ = import_proposal(made, SOURCE, here.engine, here.names, here.restricted)
        planned = here.engine.version
        here.bring(rows, source=document("other"))
        with pytest.raises(VersionMoved) as caught:
            here.propose(
                proposal, who="tester", why="late", expected=planned, identities=identities.to_write()
            )
        assert (caught.value.expected, caught.value.version) == (planned, planned + 1)
        assert here.journal.last().number == planned + 1


def test_what_later_imports_stand_on_cannot_be_undone_alone(tmp_path: Path) -> None:
    rows = [row(3, name_zh="示例第一医院", note="备注一")]
    with instance(tmp_path) as here:
        first = here.bring(rows).change
        second = here.bring([row(3, name_zh="示例第一医院", note="备注二")], source=version("b")).change
        assert first
        assert second
        with pytest.raises(LaterChanges) as caught:
            here.undo(first.number, who="tester", why="a test")
        assert caught.value.numbers == (second.number,)
        here.undo(second.number, who="tester", why="a test")
        assert here.undone_by(second.number)
        assert here.undo(first.number, who="tester", why="a test").change


def test_a_change_is_undone_once(tmp_path: Path) -> None:
    with instance(tmp_path) as here:
        change = here.bring([row(3, name_zh="示例第一医院")]).change
        assert change
        undo = here.undo(change.number, who="tester", why="a test").change
        assert undo
        with pytest.raises(NothingToUndo) as caught:
            here.undo(change.number, who="tester", why="again")
        assert caught.value.undone_by == undo.number == here.undone_by(change.number)
        for number in (0, 99):
            with pytest.raises(NothingToUndo):
                here.undo(number, who="tester", why="nothing")


def test_an_import_of_remarks_only_is_a_change_that_can_be_undone(tmp_path: Path) -> None:
    with instance(tmp_path) as here:
        here.bring([row(3, name_zh="示例第一医院")])
        quads = frozenset(here.engine.store.match())
        change = here.bring([row(3, name_zh="示例第一医院", note="备注一")]).change
        assert change
        assert (change.header.added, change.header.removed) == (0, 0)
        assert (frozenset(here.engine.store.match()), len(here.restricted.all())) == (quads, 1)
        here.undo(change.number, who="tester", why="a test")
        assert here.restricted.all() == ()


def test_what_is_not_public_lies_nowhere_in_the_open(tmp_path: Path) -> None:
    secret = ("联系人甲某", "0431-80000000", "13812345678", "备注甲乙丙")
    rows = [
        row(
            3,
            name_zh="示例第一医院",
            contact=secret[0],
            phone=(phone(secret[1]), phone(secret[2], is_mobile=True)),
            note=secret[3],
        )
    ]
    with instance(tmp_path) as here:
        here.bring(rows)
        here.bring([row(3, name_zh="示例第一医院")], source=version("b"))
        here.undo(3, who="tester", why="a test")
        readable = {quad.object for fact in here.restricted.all() for quad in fact.quads}
        assert all(f'"{text}"' in readable for text in secret)
        written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert not [text for text in secret if text.encode() in written]
        deltas = [here.journal.delta(change.number) for change in here.journal.changes()]
        public = {quad.object for delta in deltas for quad in (*delta.added, *delta.removed)}
        assert not [text for text in secret if f'"{text}"' in public]
        assert not [text for text in secret if f'"{text}"' in {q.object for q in here.engine.store.match()}]


def test_what_was_erased_cannot_be_read_any_more_and_the_journal_still_holds(tmp_path: Path) -> None:
    rows = [row(3, name_zh="示例第一医院", contact="联系人甲", note="备注一")]
    with instance(tmp_path) as here:
        here.bring(rows)
        contact = next(fact for fact in here.restricted.all() if fact.node != fact.about)
        key = here.restricted.all()[0].sealed.key
        assert here.erase(contact.node) == 1
        states = {fact.node: (fact.state, bool(fact.quads)) for fact in here.restricted.all()}
        assert states[contact.node] == ("erased", False)
        assert states[contact.about] == ("kept", True)
        assert here.journal.verify() == here.journal.last()
        assert here.bring(rows).change is None
        assert key
        assert here.erase(contact.node) == 0
    with instance(tmp_path) as again:
        assert {fact.state for fact in again.restricted.all()} == {"kept", "erased"}
