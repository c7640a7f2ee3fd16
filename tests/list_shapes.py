"""Lists in many shapes: the same cells as Excel, WPS, OpenDocument and text files write them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape

import xlwt
from cell_outcomes import Line, workbook_bytes
from openpyxl.utils import column_index_from_string

from graph.imports.grid import CellValue

MERGED = {"两行表头.xlsx": {"名单": ["A1:G1", "A2:A3", "B2:C2", "D2:E2", "F2:G2"]}}
HIDDEN = {"隐藏的工作表.xlsx": ("2024", "选项")}


def file_bytes(name: str, listed: Sequence[Line]) -> bytes:
    """Return a file of a name in which these cells are found, in the format that the tests want it in."""
    return _WRITERS.get(name, _as_xlsx)(name, listed)


def _as_xlsx(name: str, listed: Sequence[Line]) -> bytes:
    return workbook_bytes(listed, merged=MERGED.get(name, {}), hidden=HIDDEN.get(name, ()))


def _as_text(encoding: str, delimiter: str = ",") -> Callable[[str, Sequence[Line]], bytes]:
    def write(_: str, listed: Sequence[Line]) -> bytes:
        written = io.StringIO()
        writer = csv.writer(written, delimiter=delimiter, lineterminator="\r\n")
        for row in _rows(listed):
            writer.writerow("" if value is None else str(value) for value in row)
        return written.getvalue().encode(encoding)

    return write


def _as_xls(_: str, listed: Sequence[Line]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for sheet, cells in _sheets(listed).items():
        made = book.add_sheet(sheet)
        for row, values in enumerate(_rows(cells)):
            for column, value in enumerate(values):
                if isinstance(value, date):
                    made.write(row, column, value, day)
                elif value is not None:
                    made.write(row, column, value)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _as_ods(_: str, listed: Sequence[Line]) -> bytes:
    sheets = "".join(
        f'<table:table table:name="{escape(sheet)}">{"".join(map(_ods_row, _rows(cells)))}</table:table>'
        for sheet, cells in _sheets(listed).items()
    )
    namespace = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{namespace}:office:1.0" xmlns:table="{namespace}:table:1.0"'
        f' xmlns:text="{namespace}:text:1.0"><office:body><office:spreadsheet>{sheets}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{namespace}:manifest:1.0"><manifest:file-entry'
        f' manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return written.getvalue()


def _ods_row(values: Sequence[CellValue]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, values))}</table:table-row>"


def _ods_cell(value: CellValue) -> str:
    if value is None:
        return "<table:table-cell/>"
    shown = f"<text:p>{escape(str(value))}</text:p>"
    if isinstance(value, datetime):
        said = f'office:value-type="date" office:date-value="{value.date().isoformat()}"'
    elif isinstance(value, int | float):
        said = f'office:value-type="float" office:value="{value}"'
    else:
        said = 'office:value-type="string"'
    return f"<table:table-cell {said}>{shown}</table:table-cell>"


def _sheets(listed: Sequence[Line]) -> Mapping[str, list[Line]]:
    names = dict.fromkeys(line.cell.sheet for line in listed)
    return {name: [line for line in listed if line.cell.sheet == name] for name in names}


def _rows(listed: Sequence[Line]) -> list[list[CellValue]]:
    """Return the cells as rows, with what is empty between them."""
    found = {(line.cell.row, column_index_from_string(line.cell.column)): line.found for line in listed}
    height, width = max(row for row, _ in found), max(column for _, column in found)
    return [[found.get((row, column)) for column in range(1, width + 1)] for row in range(1, height + 1)]


_WRITERS: Mapping[str, Callable[[str, Sequence[Line]], bytes]] = {
    "联盟通讯录.csv": _as_text("gbk"),
    "成员单位（更新）.txt": _as_text("gb18030"),
    "members.tsv": _as_text("utf-16", "\t"),
    "科研课题一览表.csv": _as_text("utf-8-sig"),
    "其实是文本.xls": _as_text("utf-8"),
    "技术开展情况.xls": _as_xls,
    "成员名单.et": _as_xls,
    "成员名单.ods": _as_ods,
}
