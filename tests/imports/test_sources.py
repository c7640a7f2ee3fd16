"""Sources are proposed from title rows, file names and what is held; what the reader says goes before."""

from datetime import date

import pytest

from graph.catalogue import Entry
from graph.imports.files import ReadFile
from graph.imports.grid import Grid
from graph.imports.options import NONE, Options
from graph.imports.sources import AREA, Alliance, Surroundings, sources_of
from graph.imports.table import Table
from samples import BASE, NAMES

DIGEST = "ab" * 32
NEONATAL = Alliance(
    f"{BASE}id/org/a1", {"zh": "某省新生儿专科联盟", "en": "Neonatal Alliance"}, f"{AREA}220000"
)
STROKE = Alliance(f"{BASE}id/org/a2", {"zh": "某省卒中联盟"})
INVENTED = Alliance(f"{BASE}id/org/a3", {"zh": "示例联盟"}, is_illustrative=True)
TITLE = "某省新生儿专科联盟成员单位一览表"


def around(*alliances: Alliance, entries: tuple[Entry, ...] = (), area: str = "220000") -> Surroundings:
    return Surroundings(NAMES, entries, alliances, area, date(2026, 11, 23))


def file(name: str = "名单.xlsx", digest: str = DIGEST) -> ReadFile:
    return ReadFile(name, digest, 10, (Grid(name, "Sheet1", 1, ()),))


def table(*titles: str, of: str = "名单.xlsx") -> Table:
    return Table(of, "Sheet1", 1, 1, titles, 2, (), ())


def codes(remarks: object) -> list[str]:
    return [remark.code for remark in remarks]  # type: ignore[attr-defined]


def test_title_date_and_alliance_are_proposed_from_the_title_row() -> None:
    found = sources_of([file()], [table(f"{TITLE}（2026年3月）")], Options(), around(NEONATAL, STROKE))
    source = found.by_file["名单.xlsx"]
    assert (source.title, source.dated, source.alliance) == (TITLE, "2026-03", NEONATAL.iri)
    assert (source.area, source.received) == (f"{AREA}220000", "2026-11-23")
    assert source.graph == f"{source.document}/{DIGEST[:8]}"
    assert codes(found.remarks) == []


def test_the_only_real_alliance_is_proposed_and_that_is_said() -> None:
    found = sources_of([file()], [table("成员名单")], Options(), around(STROKE, INVENTED))
    assert found.by_file["名单.xlsx"].alliance == STROKE.iri
    assert codes(found.remarks) == ["alliance-proposed"]


@pytest.mark.parametrize("alliances", [(), (NEONATAL, STROKE), (INVENTED,)])
def test_of_several_alliances_or_none_nothing_is_proposed(alliances: tuple[Alliance, ...]) -> None:
    found = sources_of([file()], [table("成员名单")], Options(), around(*alliances))
    assert found.by_file["名单.xlsx"].alliance == ""
    assert codes(found.remarks) == ["alliance-open"]


@pytest.mark.parametrize("said", [STROKE.iri, "某省卒中联盟", " 某省卒中 联盟", "a2"])
def test_an_alliance_is_said_by_iri_or_name(said: str) -> None:
    found = sources_of([file()], [table(TITLE)], Options(alliance=said), around(NEONATAL, STROKE))
    assert (found.by_file["名单.xlsx"].alliance, codes(found.remarks)) == (STROKE.iri, [])


def test_an_illustrative_alliance_is_never_meant() -> None:
    found = sources_of([file()], [], Options(alliance="示例联盟"), around(INVENTED))
    assert codes(found.remarks) == ["alliance-unknown"]


def test_an_unknown_alliance_is_an_error_until_new_names_are_accepted() -> None:
    unknown = sources_of([file()], [], Options(alliance="某市联盟"), around(NEONATAL))
    assert ([remark.severity for remark in unknown.remarks], unknown.new_alliance) == (["error"], "")
    assert "某省新生儿专科联盟" in unknown.remarks[0].what("zh")
    new = sources_of([file()], [], Options(alliance="某市联盟", accept_new=True), around(NEONATAL))
    assert (codes(new.remarks), new.new_alliance) == (["alliance-new"], "某市联盟")


def test_a_list_may_be_of_no_alliance() -> None:
    found = sources_of([file()], [], Options(alliance=NONE), around(NEONATAL))
    assert (found.by_file["名单.xlsx"].alliance, codes(found.remarks)) == ("", [])


def test_what_is_said_of_the_document_goes_before_what_is_proposed() -> None:
    said = Options(source="另一份名单", dated="2025", area="230000", crs="GCJ02")
    source = sources_of([file()], [table(TITLE)], said, around(NEONATAL)).by_file["名单.xlsx"]
    assert (source.title, source.dated, source.area, source.crs) == (
        "另一份名单",
        "2025",
        f"{AREA}230000",
        "gcj02",
    )


def test_the_same_title_replaces_the_earlier_version_and_that_is_said() -> None:
    first = sources_of([file()], [table(TITLE)], Options(), around(NEONATAL)).by_file["名单.xlsx"]
    held = Entry(first.graph, "source", True, first.document, DIGEST, TITLE)
    again = sources_of([file()], [table(TITLE)], Options(), around(NEONATAL, entries=(held,)))
    assert (again.by_file["名单.xlsx"], again.replaced) == (first, {})
    later = sources_of([file(digest="cd" * 32)], [table(TITLE)], Options(), around(NEONATAL, entries=(held,)))
    assert later.by_file["名单.xlsx"].document == first.document
    assert (later.replaced, codes(later.remarks)) == ({"名单.xlsx": TITLE}, ["new-version"])
    assert later.proposed["supersedes"] == first.document


def test_files_with_the_same_title_are_different_documents() -> None:
    files = [file("长春.xlsx"), file("吉林.xlsx", "cd" * 32)]
    tables = [table(TITLE, of="长春.xlsx"), table(TITLE, of="吉林.xlsx")]
    found = sources_of(files, tables, Options(), around(NEONATAL)).by_file
    assert [source.title for source in found.values()] == [f"{TITLE}（长春）", f"{TITLE}（吉林）"]
    assert len({source.document for source in found.values()}) == 2


def test_each_remark_has_texts_in_both_languages() -> None:
    asked = (Options(), Options(alliance="无"), Options(alliance="无", accept_new=True))
    for options in asked:
        for alliances in ((), (STROKE,), (NEONATAL, STROKE)):
            for remark in sources_of([file()], [], options, around(*alliances)).remarks:
                said = remark.said_in_both()
                assert all([*said["what"].values(), *said["remedy"].values()]), remark
