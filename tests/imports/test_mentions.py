"""What the rows of an import name: rows that surely mean the same are one mention, all others stay apart."""

import random

from hypothesis import given
from hypothesis import strategies as st

from graph.imports.mentions import mentions_of
from graph.imports.records import Area, Named, Record, Text, Value
from graph.imports.resolution import Mention
from ontology.areas import AREA
from ontology.workbook import workbook

USCC, OTHER_USCC = "12220000423204390H", "122201004232043902"


def record(row: int, kind: str, *, table: str = "", file: str = "f", **values: Value | str) -> Record:
    said = {key: (Text(value) if isinstance(value, str) else value,) for key, value in values.items()}
    return Record(table or f"{file}#{kind}", file, kind, 1, row, kind, said)


def member(row: int, name: str, area: str = "", department: str = "") -> Record:
    more: dict[str, Value | str] = {"place": Area(AREA + area)} if area else {}
    more |= {"department": department} if department else {}
    return record(row, "members", name_zh=name, **more)


def unit(row: int, name: str, **values: Value | str) -> Record:
    return record(row, "institutions", name_zh=name, **values)


def to(text: str, kind: str = "organization") -> Named:
    return Named(text, kind)


def mentions(*records: Record) -> list[Mention]:
    return mentions_of(records, workbook())


def rows(mention: Mention) -> list[tuple[str, int]]:
    return [(place.table.rpartition("#")[2], place.row) for place in mention.places]


def test_a_row_names_its_unit_with_its_place_and_its_department() -> None:
    unit_, department = mentions(member(2, "示例县医院", "220182", "新生儿科"))
    assert unit_.key == "organization|示例县医院|220182"
    assert (unit_.text, unit_.area, unit_.defining) == ("示例县医院", AREA + "220182", True)
    assert department.key == "department|organization|示例县医院|220182|新生儿科"
    assert (department.within, department.places[0].column) == (unit_.key, "department")


def test_rows_with_the_same_name_and_no_other_place_are_one_mention() -> None:
    (mention,) = mentions(
        member(2, "示例县医院", "220182"), member(3, "示例縣醫院"), member(4, " 示例县医院", "220000")
    )
    assert rows(mention) == [("members", 2), ("members", 3), ("members", 4)]
    assert mention.area == AREA + "220182"


def test_the_same_name_in_two_places_stays_two() -> None:
    found = mentions(member(2, "人民医院", "220182"), member(3, "人民医院", "220183"), member(4, "人民医院"))
    assert [one.key for one in found] == [
        "organization|人民医院|220182",
        "organization|人民医院|220183",
        "organization|人民医院|",
    ]


def test_the_same_name_with_two_credit_codes_stays_two_with_keys_of_their_own() -> None:
    found = mentions(unit(2, "示例医院", uscc=USCC), unit(3, "示例医院", uscc=OTHER_USCC))
    assert [one.key for one in found] == [
        f"organization|示例医院||USCC:{USCC}",
        f"organization|示例医院||USCC:{OTHER_USCC}",
    ]


def test_two_sheets_with_the_same_credit_code_speak_of_one_unit() -> None:
    listed = record(2, "institutions", table="a", name_zh="示例市人民医院", uscc=USCC)
    again = record(2, "institutions", table="b", name_zh="示例人民医院", uscc=USCC.lower())
    (mention,) = mentions(listed, again)
    assert mention.other_names == ("示例市人民医院",) or mention.other_names == ("示例人民医院",)


def test_two_rows_of_one_list_are_two_units_though_a_code_was_copied_down() -> None:
    assert len(mentions(unit(2, "示例甲医院", uscc=USCC), unit(3, "示例乙医院", uscc=USCC))) == 2


def test_a_campus_is_never_its_main_unit_even_with_the_same_code() -> None:
    listed = record(2, "institutions", table="a", name_zh="示例医院", uscc=USCC)
    campus = record(2, "institutions", table="b", name_zh="示例医院东院区", uscc=USCC)
    assert len(mentions(listed, campus)) == 2


def test_a_row_gives_its_unit_other_names_and_identifiers() -> None:
    (mention,) = mentions(
        unit(2, "示例医院", name_en="Example Hospital", aliases="示例总院", uscc=USCC, local_id="J1")
    )
    assert mention.other_names == ("Example Hospital", "示例总院")
    assert mention.identifiers == {"USCC": USCC, "Local": "J1"}


def test_a_reference_finds_a_row_by_its_local_id() -> None:
    (mention,) = mentions(record(2, "designations", holder_id=to("J01")), unit(5, "示例医院", local_id="J01"))
    assert (mention.text, rows(mention)) == ("示例医院", [("institutions", 5), ("designations", 2)])
    assert mention.written == ("J01",)
    assert mention.is_written("示例医院")
    assert mention.is_written("J01")
    assert not mention.is_written("J02")
    assert mention.other_names == ()


def test_a_bare_number_is_an_id_of_its_own_file_only() -> None:
    found = mentions(
        unit(2, "示例甲医院", local_id="1"), record(2, "designations", file="g", holder_id=to("1"))
    )
    assert [one.text for one in found] == ["示例甲医院", "1"]
    found = mentions(
        unit(2, "示例甲医院", local_id="J1"), record(2, "designations", file="g", holder_id=to("J1"))
    )
    assert [one.text for one in found] == ["示例甲医院"]


def test_an_id_that_two_rows_have_means_neither() -> None:
    found = mentions(
        unit(2, "示例甲医院", local_id="J1"),
        unit(3, "示例乙医院", local_id="J1"),
        record(2, "designations", holder_id=to("J1")),
    )
    assert [one.text for one in found] == ["示例甲医院", "示例乙医院", "J1"]


def test_a_reference_finds_a_row_by_a_name_that_the_row_gives() -> None:
    found = mentions(
        unit(2, "示例大学第一医院", aliases="示大一院"), record(2, "designations", holder_id=to("示大一院"))
    )
    assert [(one.text, rows(one)) for one in found] == [
        ("示例大学第一医院", [("institutions", 2), ("designations", 2)])
    ]


def test_a_reference_to_a_name_of_two_places_stays_by_itself() -> None:
    found = mentions(
        member(2, "人民医院", "220182"),
        member(3, "人民医院", "220183"),
        record(2, "designations", holder_id=to("人民医院")),
    )
    assert [len(one.places) for one in found] == [1, 1, 1]


def test_departments_are_told_apart_by_their_organizations() -> None:
    found = mentions(
        record(2, "departments", local_id=to("示例甲医院"), name_zh="新生儿科"),
        record(3, "departments", local_id=to("示例乙医院"), name_zh="新生儿科"),
        record(4, "departments", local_id=to("示例乙医院"), name_zh="示例乙医院新生儿科"),
    )
    assert [(one.to, one.within, len(one.places)) for one in found] == [
        ("organization", "", 1),
        ("department", "organization|示例甲医院|", 1),
        ("organization", "", 2),
        ("department", "organization|示例乙医院|", 2),
    ]


def test_a_capability_may_name_a_department_by_id_or_by_both_names_or_a_unit() -> None:
    found = mentions(
        unit(2, "示例医院"),
        record(2, "departments", local_id=to("示例医院"), name_zh="新生儿科", dept_id="K1"),
        record(2, "capabilities", dept_id=to("K1", "department")),
        record(3, "capabilities", dept_id=to("示例医院新生儿科", "department")),
        record(4, "capabilities", dept_id=to("示例医院", "department")),
    )
    assert [(one.to, rows(one)) for one in found] == [
        ("organization", [("institutions", 2), ("departments", 2), ("capabilities", 4)]),
        ("department", [("departments", 2), ("capabilities", 2), ("capabilities", 3)]),
    ]


def test_an_indicator_may_be_about_a_department_that_the_file_has() -> None:
    found = mentions(
        record(2, "departments", local_id=to("示例医院"), name_zh="新生儿科"),
        member(2, "示例医院"),
        record(2, "indicators", unit_id=to("示例医院新生儿科")),
        record(3, "indicators", unit_id=to("示例医院儿科")),
    )
    assert [(one.to, one.text, rows(one)) for one in found] == [
        ("organization", "示例医院", [("members", 2), ("departments", 2)]),
        ("department", "新生儿科", [("departments", 2), ("indicators", 2)]),
        ("organization", "示例医院儿科", [("indicators", 3)]),
    ]


def test_a_name_that_is_only_said_where_a_text_will_do_may_stay_a_text() -> None:
    parent = unit(2, "示例医院", parent=to("示例省卫生健康委员会"))
    found = {one.text: one for one in mentions(parent)}
    assert found["示例省卫生健康委员会"].may_stay_text
    needed = record(2, "designations", holder_id=to("示例省卫生健康委员会"))
    found = {one.text: one for one in mentions(parent, needed)}
    assert not found["示例省卫生健康委员会"].may_stay_text


def test_alliances_are_mentions_of_their_own() -> None:
    found = mentions(
        record(2, "memberships", alliance_id=to("示例联盟", "alliance"), local_id=to("示例医院"))
    )
    assert [one.key for one in found] == ["alliance|示例联盟|", "organization|示例医院|"]


LISTED = st.lists(
    st.builds(
        lambda name, area, uscc: (name, area, uscc),
        st.sampled_from(["人民医院", "示例医院", "示例医院东院区"]),
        st.sampled_from(["", "220000", "220182", "220183", "220200"]),
        st.sampled_from(["", USCC, OTHER_USCC]),
    ),
    max_size=8,
)


@given(LISTED, st.randoms())
def test_the_order_of_rows_does_not_change_which_are_one(
    listed: list[tuple[str, str, str]], chance: random.Random
) -> None:
    records = [
        unit(
            row,
            name,
            **({"uscc": uscc} if uscc else {}),
            **({"admin_code": Area(AREA + area)} if area else {}),
        )
        for row, (name, area, uscc) in enumerate(listed, 2)
    ]
    shuffled = list(records)
    chance.shuffle(shuffled)
    there, back = (
        {one.key: {place.row for place in one.places} for one in mentions(*r)} for r in (records, shuffled)
    )
    assert there == back


@given(LISTED)
def test_every_row_is_in_one_mention_and_keys_are_distinct(listed: list[tuple[str, str, str]]) -> None:
    records = [unit(row, name) for row, (name, _, _) in enumerate(listed, 2)]
    found = mentions(*records)
    assert sorted(place.row for one in found for place in one.places) == [one.row for one in records]
    assert len({one.key for one in found}) == len(found)
