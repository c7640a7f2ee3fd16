"""Sheets made ready: drawn together where cells are far apart, errors as texts, everything else as it was."""

import zipfile

import pytest

from graph.imports.archive import opened
from graph.imports.refusal import FileRefused
from graph.imports.sheet_xml import DrawnTogether, prepared
from made_files import data_xml, xlsx, xlsx_xml


def prepared_parts(data: bytes) -> tuple[bytes, dict[int, DrawnTogether]]:
    with opened(data) as bundle:
        made, drawn = prepared(data, bundle)
    return made, dict(drawn)


def sheet_of(data: bytes, number: int = 1) -> str:
    with opened(data) as bundle:
        assert isinstance(bundle, zipfile.ZipFile)
        return bundle.read(f"xl/worksheets/sheet{number}.xml").decode()


def test_an_ordinary_workbook_is_left_as_it_is() -> None:
    data = xlsx([["单位名称"], ["示例医院"]])
    made, drawn = prepared_parts(data)
    assert made is data
    assert drawn == {}


def test_only_the_sheet_with_a_far_cell_is_drawn_together() -> None:
    far = (
        '<sheetData><row r="2"><c r="B2"><v>1</v></c></row>'
        '<row r="900000"><c r="ZZ900000" s="1"><v>2</v></c></row></sheetData>'
    )
    made, drawn = prepared_parts(xlsx_xml(data_xml([["a"]]), far))
    assert drawn == {1: DrawnTogether([1, 899_999], [1, 701])}
    assert '<c r="A1"><v>1</v></c>' in sheet_of(made, 2)
    assert '<c r="B2" s="1"><v>2</v></c>' in sheet_of(made, 2)
    assert "inlineStr" in sheet_of(made, 1)


def test_error_values_become_texts_whatever_the_order_of_attributes() -> None:
    made, _ = prepared_parts(
        xlsx_xml(
            '<sheetData><c r="A1" t="e"><v>#N/A</v></c><x:c xmlns:x="y" t="e" r="B1"/><c r="C1" s="e"/></sheetData>'
        )
    )
    assert sheet_of(made).count('t="str"') == 2
    assert 's="e"' in sheet_of(made)


def test_too_many_scattered_rows_and_columns_are_refused() -> None:
    cells = "".join(f'<c r="A{row}"><v>1</v></c>' for row in range(1, 1_000_000, 300))
    cells += "".join(
        f'<c r="{first}{second}{third}9"><v>1</v></c>' for first in "AB" for second in ABC for third in ABC
    )
    cells += "".join(f'<c r="{first}{second}9"><v>1</v></c>' for first in ABC for second in ABC)
    with pytest.raises(FileRefused, match="file-scattered") as caught:
        prepared_parts(xlsx_xml(f"<sheetData>{cells}</sheetData>"))
    assert caught.value.said == {"rows": 3_335, "columns": 2_029}


ABC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
