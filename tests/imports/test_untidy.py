"""The untidy list: forty rows with every kind of dirt of real lists, and what becomes of each cell.

tests/data/untidy-expected.csv is both: the cells of the file, and what is expected of each. It holds title rows
above the head, merged cells, a 序号 column, full-width digits and spaces, 同上 and 〃, dates in twenty writings,
several phones in a cell, former divisions and codes, abbreviations, √ and 是 and Y, a hidden sheet, totals and notes
at the bottom, the head once more in between, a second table, pictures of WPS, faulty cells, look-alike names. All
units are invented.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from cell_outcomes import Understood, lines, outcomes, understood, workbook_bytes
from importing import importing
from page_data import ALLIANCE, packaged_engine

from graph.imports.grid import Grid
from graph.imports.importer import Importer
from graph.imports.known_names import KnownNames
from graph.imports.mentions import mentions_of
from graph.imports.options import Options
from graph.imports.reading import read_file
from graph.imports.reconciliation import resolved
from graph.imports.records import Day
from graph.imports.resolution import Resolution
from graph.quads import Quad, literal
from graph.repository import Repository
from ontology.terms import MA, RDF, XSD
from ontology.workbook import workbook

EXPECTED = "untidy-expected.csv"
LIST = "成员名单"
FILE = "示例省新生儿专科联盟成员单位一览表.xlsx"


@cache
def file() -> bytes:
    return workbook_bytes(lines(EXPECTED), merged={LIST: ["A1:O1", "D8:D10"]}, hidden=["历史名单"])


@cache
def grids() -> tuple[Grid, ...]:
    return tuple(read_file(FILE, file()))


@cache
def said() -> Understood:
    return understood(grids())


@cache
def names() -> tuple[Resolution, ...]:
    return tuple(resolved(mentions_of(said().records, workbook()), KnownNames.of(packaged_engine())))


def test_every_cell_becomes_what_is_expected_of_it() -> None:
    expected = {line.cell[:3]: line.cell[3:] for line in lines(EXPECTED)}
    found = {cell[:3]: cell[3:] for cell in outcomes(grids(), said())}
    differences = {at: (expected.get(at), found.get(at)) for at in expected.keys() | found.keys()}
    assert {at: pair for at, pair in differences.items() if pair[0] != pair[1]} == {}


def test_the_list_has_forty_rows_in_two_tables_and_what_else_it_should_have() -> None:
    assert [len(table.rows) for table in said().tables if not table.hidden] == [34, 6]
    listed = [line.cell for line in lines(EXPECTED)]
    assert {cell.outcome for cell in listed} == {
        *("title", "header", "ignored", "unused", "left-out", "hidden", "no-table"),
        *("stated", "restricted", "nothing", "dropped", "missing"),
    }
    assert {cell.expected for cell in listed if cell.outcome == "left-out"} == {
        *("repeated-header", "total", "note"),
    }


def test_all_dates_are_right_to_their_precision() -> None:
    stated = {
        cell.row: cell.expected.removeprefix("day:")
        for line in lines(EXPECTED)
        if (cell := line.cell).outcome == "stated" and cell.column == "F"
    }
    found = {
        record.row: value.text
        for record in said().records
        for value in record.values.get("start", ())
        if isinstance(value, Day)
    }
    assert found == stated
    assert {len(day) for day in stated.values()} == {4, 7, 10}


def test_nothing_is_without_a_word() -> None:
    """A cell is kept, or a remark, the head of its column or the reason of its row tells why not."""
    for cell in outcomes(grids(), said()):
        if cell.outcome == "dropped":
            row = [one for one in said().remarks if one.row == cell.row and one.severity == "error"]
            assert cell.remarks or row, cell


def rows_of(name: str, row: int = 0) -> Resolution:
    return next(
        one
        for one in names()
        if one.mention.text == name and (not row or row in {place.row for place in one.mention.places})
    )


def offered(one: Resolution) -> list[str]:
    return [candidate.matched for candidate in one.candidates]


def test_names_that_look_alike_stay_apart() -> None:
    keys = [one.mention.key for one in names() if one.mention.to == "organization"]
    assert len(keys) == len(set(keys)) == 38  # of 39 rows with a name one says the same as an earlier one
    assert all(not one.iri for one in names() if one.mention.to == "organization")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("示大一院", "示例大学第一医院"),
        ("示例第九一O医院", "示例第九一〇医院"),
        ("示例县妇幼保建院", "示例县妇幼保健院"),
        ("示例大学第一医院东院区", "示例大学第一医院"),
    ],
)
def test_a_similar_row_of_the_list_is_offered_and_not_taken(name: str, first: str) -> None:
    found = rows_of(name)
    assert (found.how, found.iri, found.kept_back) == ("candidates", "", True)
    assert offered(found)[0] == first


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("示例市中心医院", "示例省中心医院"),
        ("示例大学第一医院", "示例大学第二医院"),
        ("示例市妇幼保健院", "示例市妇产医院"),
        ("示例县人民医院", "示例第一人民医院"),
    ],
)
def test_look_alikes_are_not_even_offered(name: str, other: str) -> None:
    assert other not in offered(rows_of(name))


def test_the_same_name_in_two_counties_stays_two() -> None:
    first, second = (rows_of("示例县人民医院", row) for row in (11, 12))
    assert first.mention.key != second.mention.key
    assert [place.row for place in first.mention.places] == [11]


# --- Into the graph and back ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def instance(
    tmp_path_factory: pytest.TempPathFactory, started: Path
) -> Iterator[tuple[Repository, Importer]]:
    with importing(tmp_path_factory.mktemp("untidy"), started) as made:
        yield made


def test_the_whole_list_goes_in_and_comes_out_again(instance: tuple[Repository, Importer]) -> None:
    repository, importer = instance
    before = set(repository.quads())
    options = Options(accept_new=True, leave_out_errors=True, alliance=ALLIANCE)
    report = importer.stage([(FILE, file())], options, who="curator", patience=120)
    assert (report["state"], report["why_not"]) == ("staged", [])
    done = importer.commit(report["id"], digest=report["digest"], why="untidy", who="curator")
    stated = set(repository.quads()) - before
    assert {quad.object for quad in stated if quad.predicate == f"<{MA.startStated}>"} == set(
        map(day_term, days())
    )
    assert not [
        quad for quad in stated if any(word in quad.object for word in ("联系人", "主任甲", "80000", "13000"))
    ]
    again = importer.stage([(FILE, file())], options, who="curator", patience=120)
    assert (again["plan"]["added"], again["plan"]["removed"]) == (0, 0)
    importer.undo(done["change"], why="test", who="curator")
    assert set(repository.quads()) == before


def instances(quads: Iterable[Quad], type_: str) -> set[str]:
    """Return what is of a class."""
    return {q.subject for q in quads if (q.predicate, q.object) == (f"<{RDF.type}>", f"<{type_}>")}


def days() -> set[str]:
    return {
        line.cell.expected.removeprefix("day:")
        for line in lines(EXPECTED)
        if line.cell.expected.startswith("day:")
    }


def day_term(day: str) -> str:
    return literal(day, datatype={4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}[len(day)])
