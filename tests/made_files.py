"""Spreadsheets made for tests: proper ones by the libraries that write them, odd ones part by part."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlwt

Rows = Sequence[Sequence[object]]

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    "</Types>"
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)


def zip_of(parts: Mapping[str, bytes | str] | Iterable[tuple[str, bytes | str]], level: int = 6) -> bytes:
    """Return a zip of some parts, in their order; a name may come twice."""
    out = io.BytesIO()
    with (
        warnings.catch_warnings(action="ignore", category=UserWarning),  # the second of a name
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as bundle,
    ):
        for name, content in parts.items() if isinstance(parts, Mapping) else parts:
            bundle.writestr(name, content)
    return out.getvalue()


def xlsx_parts(*sheets: str, more: Mapping[str, bytes | str] | None = None) -> dict[str, bytes | str]:
    """Return the parts of a workbook whose sheets are written as XML: what stands in ``worksheet``."""
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, len(sheets) + 1))
    related = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    office = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS.format(office),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": RELATIONS.format(related),
    }
    for number, sheet in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{_MAIN}">{sheet}</worksheet>'
    return parts | dict(more or {})


def xlsx_xml(*sheets: str, more: Mapping[str, bytes | str] | None = None) -> bytes:
    """Return a workbook whose sheets are written as XML."""
    return zip_of(xlsx_parts(*sheets, more=more))


def data_xml(rows: Rows) -> str:
    """Return the cells of a sheet as XML, texts written in place."""
    written = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            if isinstance(cell, str)
            else f"<c><v>{cell}</v></c>"
            for cell in row
        )
        written.append(f'<row r="{number}">{cells}</row>')
    return f"<sheetData>{''.join(written)}</sheetData>"


def xlsx(rows: Rows, name: str = "成员", merged: Iterable[str] = ()) -> bytes:
    """Return a workbook with one sheet, as Excel would write it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for one in merged:
        sheet.merge_cells(one)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return the file of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: Rows, name: str = "成员") -> bytes:
    """Return a workbook of Excel 97 with one sheet."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet(name)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def ods_parts(tables: str, before: str = "") -> dict[str, bytes | str]:
    """Return the parts of an OpenDocument workbook whose tables are written as XML."""
    spaces = f'xmlns:office="{_ODF}:office:1.0" xmlns:table="{_ODF}:table:1.0" xmlns:text="{_ODF}:text:1.0"'
    styles = f'xmlns:style="{_ODF}:style:1.0"'
    return {
        "mimetype": ODS_TYPE,
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {spaces} {styles}>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0"/>',
    }


def ods_table(rows: Rows, name: str = "成员") -> str:
    """Return a table of an OpenDocument workbook."""
    written = []
    for row in rows:
        cells = "".join(
            "<table:table-cell/>"
            if cell is None
            else '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
            for cell in row
        )
        written.append(f"<table:table-row>{cells}</table:table-row>")
    return f"<table:table table:name={quoteattr(name)}>{''.join(written)}</table:table>"


def ods(rows: Rows) -> bytes:
    """Return an OpenDocument workbook with one sheet."""
    return zip_of(ods_parts(ods_table(rows)))
