"""Hostile spreadsheets and archives, one case per cause: read safely, or refused with a plain reason."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest

from graph.imports.reading import FileRefused, files_of, read_file
from graph.imports.tables import tables_in
from made_files import ODS_TYPE, RELATIONS, data_xml, ods_parts, ods_table, xls, xlsx_parts, xlsx_xml, zip_of

READ = "read"
ROWS = [["单位名称", "医院等级"], ["示例第一医院", "三级"]]
SHEET = data_xml(ROWS)
CANARY = "hostile-canary.txt"


@dataclass(frozen=True)
class Case:
    """A hostile file: what is wrong with it, how it is made from an address that it may point at, and what may come."""

    cause: str
    made: Callable[[str], bytes]
    outcomes: tuple[str, ...]
    name: str = "名单.xlsx"
    heavy: bool = False


def cells(xml: str) -> bytes:
    return xlsx_xml(f"<sheetData>{xml}</sheetData>")


def with_part(name: str, text: str) -> Callable[[str], bytes]:
    """Return what makes a proper workbook with one more part, in which ADDRESS is the address."""
    return lambda address: xlsx_xml(SHEET, more={name: text.replace("ADDRESS", address)})


def changed(name: str, old: str, new: str) -> Callable[[str], bytes]:
    """Return what makes a workbook with one text of a part replaced."""

    def made(address: str) -> bytes:
        parts = xlsx_parts(SHEET)
        assert old in str(parts[name])
        parts[name] = str(parts[name]).replace(old, new.replace("ADDRESS", address), 1)
        return zip_of(parts)

    return made


def ods_of(tables: str, before: str = "") -> Callable[[str], bytes]:
    return lambda address: zip_of(
        ods_parts(tables.replace("ADDRESS", address), before.replace("ADDRESS", address))
    )


def row_xml(cell: str, repeated: str = "1") -> str:
    return (
        f'<table:table table:name="s"><table:table-row table:number-rows-repeated="{repeated}">{cell}'
        "</table:table-row></table:table>"
    )


def lying_zip() -> bytes:
    """Return a workbook whose sheet is larger than it says."""
    data = bytearray(xlsx_xml("<sheetData>" + " " * 50_000_000 + "</sheetData>"))
    for found in re.finditer(re.escape(struct.pack("<I", data_size(bytes(data)))), bytes(data)):
        data[found.start() : found.end()] = struct.pack("<I", 400)
    return bytes(data)


def data_size(data: bytes) -> int:
    at = data.rindex(b"xl/worksheets/sheet1.xml")
    return int(struct.unpack_from("<I", data, at - 46 + 24)[0])


def overlapping_zip() -> bytes:
    """Return a zip whose directory names the same megabyte five hundred times."""
    data = zip_of({"a.csv": b"0" * 1_000_000})
    at = data.index(b"PK\x01\x02")
    entry = data[at : at + 46 + 5]
    entries = b"".join(entry[:46] + f"{number:05}".encode() for number in range(500))
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 500, 500, len(entries), at, 0)
    return data[:at] + entries + end


def with_flag(data: bytes, offset: int, directory: int, value: int) -> bytes:
    """Return a zip with one byte of its first entry replaced, in the entry and in the directory."""
    changed_data = bytearray(data)
    changed_data[offset] = value
    changed_data[data.index(b"PK\x01\x02") + directory] = value
    return bytes(changed_data)


def link_zip() -> bytes:
    entry = zipfile.ZipInfo("link.csv")
    entry.create_system = 3
    entry.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        bundle.writestr(entry, "/etc/passwd")
    return out.getvalue()


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def biff(*records: bytes) -> bytes:
    """Return a workbook of Excel 97 whose sheet holds these records."""
    data = xls([["x" * 5_000] * 40])
    stream = data.index(record(0x0809, b"")[:2], 512)
    sheet = data.index(b"\x09\x08", stream + 2)
    inner = b"".join(records) + record(0x0A)
    assert len(inner) < len(data) - sheet - 600, "the sheet has no room"
    return data[: sheet + 20] + inner + data[sheet + 20 + len(inner) :]


def big_xls(*records: bytes) -> bytes:
    """Return a workbook with a stream of any length: a compound file made by hand."""
    globals_ = record(0x0809, b"\x00\x06\x05\x00" + bytes(12))
    bound = record(0x85, struct.pack("<IBB", 0, 0, 0) + b"\x01\x00s")
    start = len(globals_) + len(bound) + 4
    bound = record(0x85, struct.pack("<IBB", start, 0, 0) + b"\x01\x00s")
    sheet = record(0x0809, b"\x00\x06\x10\x00" + bytes(12)) + b"".join(records) + record(0x0A)
    return compound((globals_ + bound + record(0x0A) + sheet).ljust(4096, b"\0"))


def compound(
    stream: bytes, name: str = "Workbook", start: int | None = None, size: int | None = None
) -> bytes:
    """Return a compound file with one stream."""
    sectors = -(-len(stream) // 512)
    tables = -(-(sectors + 2 + 200) // 128)
    end, unused, own = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    chain = [own] * tables + [end] + [*range(tables + 2, tables + 1 + sectors), end]
    chain += [unused] * (tables * 128 - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIII4xIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 4096, end, 0, end, 0)
    head += struct.pack("<109I", *(list(range(min(tables, 109))) + [unused] * (109 - min(tables, 109))))

    def entry(called: str, kind: int, child: int, first: int, length: int) -> bytes:
        written = called.encode("utf-16-le")
        return (
            written.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(written) + 2, kind, 1, unused, unused, child)
            + bytes(36)
            + struct.pack("<IQ", first, length)
        )

    first = tables + 1 if start is None else start
    directory = entry("Root Entry", 5, 1, end, 0)
    directory += entry(name, 2, unused, first, len(stream) if size is None else size)
    return (
        head
        + struct.pack(f"<{tables * 128}I", *chain)
        + directory.ljust(512, b"\0")
        + stream.ljust(sectors * 512, b"\0")
    )


def number_cell(row: int, column: int) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, 1.0))


LOL = (
    "<!DOCTYPE lolz [<!ENTITY a0 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)
DAMAGED = ("file-damaged",)
SAFE = (READ, *DAMAGED)

ARCHIVES = (
    Case(
        "an archive in an archive",
        lambda _: zip_of({"a.zip": zip_of({"a.csv": "a,b"})}),
        ("zip-nested",),
        "a.zip",
    ),
    Case(
        "archives within archives that grow",
        lambda _: zip_of(
            {
                f"{n}.zip": zip_of({f"{m}.zip": zip_of({"0": bytes(1 << 20)}) for m in range(8)})
                for n in range(8)
            }
        ),
        ("zip-nested",),
        "42.zip",
        heavy=True,
    ),
    Case(
        "an archive that holds its like",
        lambda _: zip_of({"r.zip": zip_of({"r.zip": zip_of({"r.zip": b"PK\x03\x04"})})}),
        ("zip-nested",),
        "r.zip",
    ),
    Case("parts that lie over one another", lambda _: overlapping_zip(), ("zip-bomb", *DAMAGED), "a.zip"),
    Case("a part that is larger than it says", lambda _: lying_zip(), DAMAGED, heavy=True),
    Case(
        "ten thousand entries",
        lambda _: zip_of([(f"{n}.csv", "a,b") for n in range(10_001)], 0),
        ("zip-too-many",),
        "a.zip",
    ),
    Case(
        "a hundred thousand entries",
        lambda _: zip_of([(f"{n}", "") for n in range(100_000)], 0),
        ("zip-too-many",),
        "a.zip",
        heavy=True,
    ),
    Case(
        "a name above its folder",
        lambda _: zip_of({f"../../../../../../../etc/{CANARY}": "a,b\n"}),
        (READ,),
        "a.zip",
    ),
    Case(
        "an absolute name",
        lambda _: zip_of({f"/etc/{CANARY}": "a,b\n", f"//server/share/{CANARY}": "c,d\n"}),
        (READ,),
        "a.zip",
    ),
    Case(
        "a name of another system",
        lambda _: zip_of({f"C:\\Windows\\{CANARY}": "a,b\n", f"..\\..\\{CANARY}": "c,d\n"}),
        (READ,),
        "a.zip",
    ),
    Case(
        "names of devices",
        lambda _: zip_of({"CON": "a,b", "nul.csv": "a,b", "COM1.xlsx": "a,b", "/dev/zero": "a,b"}),
        (READ,),
        "a.zip",
    ),
    Case(
        "names that read backwards or hide letters",
        lambda _: zip_of({"名单\u202exslx.exe": "a,b", "名\u200b单\u2066.csv": "a,b"}),
        (READ,),
        "a.zip",
    ),
    Case(
        "a name with a null character",
        lambda _: zip_of({"a.csvXXXX.exe": "a,b"}).replace(b"XXXX", b"\0\0\0\0"),
        (READ, *DAMAGED),
        "a.zip",
    ),
    Case(
        "a name of sixty thousand letters",
        lambda _: zip_of({"名" * 20_000 + ".csv": "a,b"}),
        (READ,),
        "a.zip",
    ),
    Case("a symbolic link", lambda _: link_zip(), (READ,), "a.zip"),
    Case(
        "an encrypted archive",
        lambda _: with_flag(zip_of({"a.csv": "a,b"}), 6, 8, 1),
        ("file-password",),
        "a.zip",
    ),
    Case(
        "an unusual way of packing",
        lambda _: with_flag(zip_of({"a.csv": "a,b"}), 8, 10, zipfile.ZIP_LZMA),
        DAMAGED,
        "a.zip",
    ),
    Case(
        "a wrong checksum",
        lambda _: zip_of({"a.csv": b"0123456789"}, 0).replace(b"0123456789", b"0123456780", 1),
        DAMAGED,
        "a.zip",
    ),
    Case("an archive cut off", lambda _: zip_of({"a.csv": "a,b\n" * 1000})[:-40], DAMAGED, "a.zip"),
    Case("an archive that is only an end", lambda _: b"PK\x05\x06" + bytes(18), ("zip-empty",), "a.zip"),
    Case("an end that points beyond the file", lambda _: b"PK\x05\x06" + b"\xff" * 18, DAMAGED, "a.zip"),
    Case(
        "bytes before the archive",
        lambda _: b"MZ" + b"\0" * 500 + zip_of({"a.csv": "a,b"}),
        ("file-program",),
        "a.zip",
    ),
    Case(
        "a document and an archive in one",
        lambda _: b"%PDF-1.7\n" + zip_of({"a.csv": "a,b"}),
        ("file-pdf",),
        "a.zip",
    ),
)

WORKBOOKS = (
    Case(
        "a part of half a gigabyte",
        lambda _: xlsx_xml("<sheetData>" + " " * 450_000_000 + "</sheetData>"),
        ("zip-bomb",),
        heavy=True,
    ),
    Case(
        "many parts of much",
        lambda _: zip_of(xlsx_parts(SHEET, more={f"xl/media/{n}": bytes(30 << 20) for n in range(14)}), 1),
        ("zip-bomb",),
        heavy=True,
    ),
    Case(
        "a part that is there twice",
        lambda _: zip_of([*xlsx_parts(SHEET).items(), ("xl/workbook.xml", "<workbook/>")]),
        DAMAGED,
    ),
    Case(
        "a far cell",
        lambda _: cells(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        (READ,),
    ),
    Case(
        "a far cell that is written otherwise",
        lambda _: cells("<row><c r='A1'><v>1</v></c></row><row><c r='XFD1048576'><v>1</v></c></row>"),
        ("file-too-much",),
    ),
    Case(
        "cells scattered all over",
        lambda _: cells(
            "".join(
                f'<row><c r="A{n * 60}"><v>1</v></c><c r="{name}{n * 60}"><v>1</v></c></row>'
                for n, name in enumerate(
                    (
                        chr(65 + a) + chr(65 + b) + chr(65 + c)
                        for a in range(20)
                        for b in range(20)
                        for c in range(20)
                    ),
                    1,
                )
            )
        ),
        ("file-scattered",),
    ),
    Case(
        "a million columns",
        lambda _: cells('<row><c r="A1"><v>1</v></c><c r="BDWGN1"><v>1</v></c></row>'),
        DAMAGED,
    ),
    Case(
        "a column beyond all numbers",
        lambda _: cells('<row><c r="A1"><v>1</v></c><c r="ZZZZZZZZZZZZ1"><v>1</v></c></row>'),
        (*DAMAGED, "file-too-much"),
    ),
    Case(
        "a row beyond all numbers",
        lambda _: cells('<row><c r="A1"><v>1</v></c><c r="A4294967295"><v>1</v></c></row>'),
        (*DAMAGED, "file-too-much"),
    ),
    Case(
        "rows that go backwards",
        lambda _: cells('<row r="5"><c r="A5"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>'),
        SAFE,
    ),
    Case(
        "a cell without end",
        lambda _: cells(f'<row><c r="A1" t="str"><v>{"x" * 8_000_000}</v></c></row>'),
        ("file-cell-too-long",),
    ),
    Case(
        "a cell of 200 MB",
        lambda _: cells(f'<row><c r="A1" t="str"><v>{"x" * 200_000_000}</v></c></row>'),
        ("file-cell-too-long",),
        heavy=True,
    ),
    Case(
        "entities that grow",
        changed("xl/worksheets/sheet1.xml", "<worksheet", LOL + "<worksheet"),
        ("file-entities",),
    ),
    Case(
        "an entity from a file",
        changed(
            "xl/workbook.xml", "<workbook", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook'
        ),
        ("file-entities",),
    ),
    Case(
        "an entity from a server",
        changed(
            "xl/worksheets/sheet1.xml",
            "<worksheet",
            '<!DOCTYPE a [<!ENTITY x SYSTEM "ADDRESS/x">]><worksheet',
        ),
        ("file-entities",),
    ),
    Case(
        "a document type on a server",
        changed(
            "xl/_rels/workbook.xml.rels",
            "<Relationships",
            '<!DOCTYPE a SYSTEM "ADDRESS/a.dtd"><Relationships',
        ),
        ("file-entities",),
    ),
    Case(
        "parameter entities",
        changed(
            "xl/workbook.xml", "<workbook", '<!DOCTYPE a [<!ENTITY % p SYSTEM "ADDRESS/p"> %p;]><workbook'
        ),
        ("file-entities",),
    ),
    Case(
        "a document type far inside",
        changed("xl/worksheets/sheet1.xml", "<worksheet", " " * 2_000_000 + LOL + "<worksheet"),
        ("file-entities",),
    ),
    Case(
        "a document type in UTF-16",
        lambda _: zip_of(
            {
                **xlsx_parts(SHEET),
                "xl/workbook.xml": f"<?xml version='1.0' encoding='UTF-16'?>{LOL}<workbook/>".encode(
                    "utf-16"
                ),
            }
        ),
        DAMAGED,
    ),
    Case(
        "an entity that nobody defined",
        lambda _: cells('<row><c r="A1" t="str"><v>&nobody;</v></c></row>'),
        SAFE,
    ),
    Case(
        "an inclusion",
        changed(
            "xl/worksheets/sheet1.xml",
            "<sheetData>",
            '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="ADDRESS/x" parse="text"/><sheetData>',
        ),
        (READ,),
    ),
    Case(
        "a style sheet on a server",
        changed(
            "xl/worksheets/sheet1.xml",
            "<worksheet",
            '<?xml-stylesheet href="ADDRESS/x.xsl" type="text/xsl"?><worksheet',
        ),
        (READ,),
    ),
    Case(
        "a schema on a server",
        changed(
            "xl/worksheets/sheet1.xml",
            "<worksheet ",
            '<worksheet xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a ADDRESS/a.xsd" ',
        ),
        (READ,),
    ),
    Case(
        "a template on a server",
        changed(
            "_rels/.rels",
            "<Relationship ",
            '<Relationship Id="t" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="ADDRESS/t.dotm" TargetMode="External"/><Relationship ',
        ),
        (READ,),
    ),
    Case(
        "a sheet on a server",
        changed(
            "xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", 'ADDRESS/sheet.xml" TargetMode="External'
        ),
        SAFE,
    ),
    Case(
        "a sheet outside the file",
        changed("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "../../../../etc/passwd"),
        SAFE,
    ),
    Case(
        "a link to another workbook",
        with_part(
            "xl/externalLinks/_rels/externalLink1.xml.rels",
            RELATIONS.format(
                '<Relationship Id="r1" Type="x/externalLinkPath" Target="file://server/share/a.xlsx" TargetMode="External"/>'
            ),
        ),
        (READ,),
    ),
    Case(
        "data from a server",
        with_part(
            "xl/connections.xml",
            '<connections><connection id="1" type="4" refreshOnLoad="1"><webPr url="ADDRESS/data"/></connection></connections>',
        ),
        (READ,),
    ),
    Case(
        "a program as data source",
        with_part(
            "xl/externalLinks/externalLink1.xml",
            '<externalLink><ddeLink ddeService="cmd" ddeTopic="/C calc"/></externalLink>',
        ),
        (READ,),
    ),
    Case("an embedded object", with_part("xl/embeddings/oleObject1.bin", "\xd0\xcf\x11\xe0" * 1000), (READ,)),
    Case("macros", with_part("xl/vbaProject.bin", "Auto_Open Shell" * 1000), (READ,)),
    Case(
        "links to files and scripts",
        lambda _: xlsx_xml(
            SHEET
            + '<hyperlinks><hyperlink ref="A1" location="file:///etc/passwd"/><hyperlink ref="A2" location="javascript:alert(1)"/></hyperlinks>'
        ),
        (READ,),
    ),
    Case(
        "formulas that start programs",
        lambda _: cells(
            '<row><c r="A1" t="str"><f>cmd|\' /C calc\'!A0</f><v>=cmd|\' /C calc\'!A0</v></c><c r="B1"><f>WEBSERVICE("http://127.0.0.1:9/")</f></c></row>'
        ),
        (READ,),
    ),
    Case(
        "a formula of a million brackets",
        lambda _: cells(f'<row><c r="A1"><f>{"(" * 1_000_000}</f><v>1</v></c></row>'),
        SAFE,
    ),
    Case(
        "shared formulas of the whole sheet",
        lambda _: cells(
            '<row><c r="A1"><f t="shared" ref="A1:XFD1048576" si="4294967295">1</f><v>1</v></c></row>'
        ),
        (READ,),
    ),
    Case("a shared text that is not there", lambda _: cells('<row><c r="A1" t="s"><v>7</v></c></row>'), SAFE),
    Case("a shared text before the first", lambda _: cells('<row><c r="A1" t="s"><v>-1</v></c></row>'), SAFE),
    Case(
        "a shared text beyond all numbers",
        lambda _: cells('<row><c r="A1" t="s"><v>99999999999999999999</v></c></row>'),
        SAFE,
    ),
    Case(
        "shared texts within one another",
        with_part("xl/sharedStrings.xml", "<sst>" + "<si>" * 100_000 + "</si>" * 100_000 + "</sst>"),
        SAFE,
    ),
    Case(
        "four billion shared texts, it says",
        with_part(
            "xl/sharedStrings.xml", '<sst count="4294967295" uniqueCount="4294967295"><si><t>a</t></si></sst>'
        ),
        ("file-too-much", *SAFE),
    ),
    Case(
        "a sheet that says it is as large as can be",
        lambda _: xlsx_xml('<dimension ref="A1:XFD1048576"/>' + SHEET),
        (READ,),
    ),
    Case("a size that is none", lambda _: xlsx_xml('<dimension ref="A1:B2:C3"/>' + SHEET), SAFE),
    Case(
        "numbers that are none",
        lambda _: cells(
            '<row><c r="A1"><v>NaN</v></c><c r="B1"><v>1e999</v></c><c r="C1"><v>--1</v></c></row>'
        ),
        SAFE,
    ),
    Case(
        "dates beyond the calendar",
        changed(
            "xl/worksheets/sheet1.xml",
            "<sheetData>",
            '<sheetData><row><c r="A1" t="d"><v>99999-99-99</v></c></row>',
        ),
        SAFE,
    ),
    Case(
        "serial dates beyond the calendar",
        lambda _: xlsx_xml(
            '<sheetData><row><c r="A1" s="0"><v>1e300</v></c><c r="B1" s="0"><v>-1e300</v></c></row></sheetData>',
            more={"xl/styles.xml": '<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'},
        ),
        SAFE,
    ),
    Case(
        "a format of a million letters",
        with_part(
            "xl/styles.xml",
            f'<styleSheet><numFmts><numFmt numFmtId="200" formatCode="{"[y" * 500_000}"/></numFmts></styleSheet>',
        ),
        SAFE,
    ),
    Case("a million levels of nesting", lambda _: xlsx_xml(SHEET + "<a>" * 1_000_000), SAFE, heavy=True),
    Case(
        "a tag of a million attributes",
        lambda _: xlsx_xml("<a " + " ".join(f'a{n}=""' for n in range(300_000)) + "/>" + SHEET),
        (*SAFE, "file-cell-too-long"),
    ),
    Case(
        "sheets without number",
        changed(
            "xl/workbook.xml",
            "<sheets>",
            "<sheets>" + "".join(f'<sheet name="N{n}" sheetId="{n}" r:id="r1"/>' for n in range(5_000)),
        ),
        ("file-too-much", *SAFE),
    ),
    Case(
        "one sheet under many names",
        lambda _: zip_of(
            {
                **xlsx_parts(data_xml([["x"] * 50] * 2000)),
                "xl/workbook.xml": '<workbook xmlns:r="a"><sheets>'
                + "".join(f'<sheet name="N{n}" sheetId="{n}" r:id="r1"/>' for n in range(900))
                + "</sheets></workbook>",
            }
        ),
        ("file-too-much", "file-too-slow"),
        heavy=True,
    ),
    Case(
        "merged cells over everything",
        lambda _: xlsx_xml(
            SHEET + "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 100_000 + "</mergeCells>"
        ),
        SAFE,
        heavy=True,
    ),
    Case(
        "merged cells without number",
        lambda _: xlsx_xml(SHEET + "<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 250_000 + "</mergeCells>"),
        DAMAGED,
    ),
    Case(
        "merged cells upside down",
        lambda _: xlsx_xml(SHEET + '<mergeCells><mergeCell ref="B2:A1"/></mergeCells>'),
        SAFE,
    ),
    Case(
        "a million empty cells in a row",
        lambda _: cells("<row>" + "<c/>" * 1_000_000 + "</row>"),
        ("file-empty", *SAFE),
    ),
    Case(
        "a relation to itself",
        changed("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "workbook.xml"),
        ("file-empty", *SAFE),
    ),
    Case("no list of parts", lambda _: zip_of({"xl/workbook.xml": "<workbook/>"}), ("file-empty", *DAMAGED)),
    Case(
        "a binary workbook of noise",
        lambda _: zip_of({"[Content_Types].xml": "", "xl/workbook.bin": bytes(range(256)) * 100}),
        DAMAGED,
    ),
    Case("a workbook cut off", lambda _: xlsx_xml(SHEET)[:700], DAMAGED),
    Case("an encrypted workbook", lambda _: compound(bytes(5000), "EncryptedPackage"), ("file-password",)),
)

OPEN_DOCUMENTS = (
    Case("entities that grow, in an open document", ods_of(ods_table(ROWS), LOL), ("file-entities",)),
    Case(
        "an entity from a server, in an open document",
        ods_of(ods_table(ROWS), '<!DOCTYPE a [<!ENTITY x SYSTEM "ADDRESS/x">]>'),
        ("file-entities",),
    ),
    Case(
        "a table on a server",
        ods_of(
            '<table:table table:name="a"><table:table-source xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="ADDRESS/a.ods"/></table:table>'
            + ods_table(ROWS)
        ),
        SAFE,
    ),
    Case(
        "a cell repeated without end",
        ods_of(
            row_xml(
                '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="4294967295"/>'
            )
        ),
        (READ, "file-too-much", "file-too-slow", *DAMAGED),
    ),
    Case(
        "a filled row repeated to the end",
        ods_of(
            row_xml(
                '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>',
                "1048576",
            )
        ),
        ("file-too-much", "file-too-slow", *DAMAGED),
    ),
    Case(
        "empty rows repeated without end",
        ods_of(row_xml("<table:table-cell/>", "999999999999")),
        ("file-empty", *SAFE),
    ),
    Case(
        "a far cell in an open document",
        ods_of(
            '<table:table table:name="s"><table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row><table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated="16383"/><table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>'
        ),
        ("file-too-much", READ),
    ),
    Case(
        "a cell repeated less than never",
        ods_of(row_xml('<table:table-cell table:number-columns-repeated="-5"/>')),
        ("file-empty", *SAFE),
    ),
    Case(
        "tables within tables",
        ods_of("<table:table><table:table-row><table:table-cell>" * 5_000),
        ("file-empty", *SAFE),
    ),
    Case(
        "a kind of a million letters",
        lambda _: zip_of({"mimetype": ODS_TYPE + "x" * 1_000_000, "content.xml": "<a/>"}),
        ("file-empty", *SAFE),
    ),
)

OLD_WORKBOOKS = (
    Case(
        "a chain of sectors that bites its tail",
        lambda _: compound(bytes(5000)).replace(struct.pack("<II", 5, 6), struct.pack("<II", 5, 4)),
        (*DAMAGED, "file-empty"),
    ),
    Case(
        "a stream that says it is endless",
        lambda _: compound(bytes(5000), size=2**62),
        (*DAMAGED, "file-empty"),
    ),
    Case("a stream that begins beyond the file", lambda _: compound(bytes(5000), start=4_000_000), DAMAGED),
    Case(
        "a directory that goes round",
        lambda _: compound(bytes(5000))[:48] + struct.pack("<I", 0) + compound(bytes(5000))[52:],
        (*DAMAGED, "file-unknown"),
    ),
    Case(
        "a sheet that begins at the beginning",
        lambda _: big_xls().replace(struct.pack("<IBB", 41, 0, 0), struct.pack("<IBB", 0, 0, 0)),
        (*SAFE, "file-empty", "file-too-slow"),
    ),
    Case(
        "a sheet that says it has all cells",
        lambda _: big_xls(
            record(0x200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0)), number_cell(0, 0)
        ),
        SAFE,
    ),
    Case(
        "a far cell in an old workbook",
        lambda _: big_xls(number_cell(0, 0), number_cell(65535, 255)),
        ("file-too-much", READ),
        heavy=True,
    ),
    Case(
        "a farther cell than there are",
        lambda _: big_xls(number_cell(0, 0), number_cell(65535, 65535)),
        ("file-too-much", *DAMAGED),
    ),
    Case(
        "numbers from right to left",
        lambda _: big_xls(record(0xBD, struct.pack("<HH", 0, 200) + bytes(6) + struct.pack("<H", 3))),
        (*SAFE, "file-too-much", "file-empty"),
    ),
    Case(
        "records that are cut off",
        lambda _: big_xls(record(0x0203, b"\0"), record(0x0204, b"\0\0"), record(0x06, b"\0")),
        (*SAFE, "file-too-much"),
    ),
    Case("a million empty records", lambda _: big_xls(*[record(0)] * 1_000_000), (*SAFE, "file-empty")),
    Case(
        "a hundred thousand continuations",
        lambda _: big_xls(record(0xFC, struct.pack("<II", 1, 1)), *[record(0x3C, b"x")] * 100_000),
        (*SAFE, "file-empty"),
    ),
    Case(
        "four billion shared texts in an old workbook",
        lambda _: compound(
            (
                record(0x0809, b"\x00\x06\x05\x00" + bytes(12)) + record(0xFC, b"\xff" * 8) + record(0x0A)
            ).ljust(4096, b"\0")
        ),
        (*SAFE, "file-empty", "file-too-much"),
    ),
    Case("an old workbook cut off", lambda _: xls(ROWS)[:1600], DAMAGED),
    Case(
        "a compound file of noise",
        lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20,
        DAMAGED,
    ),
)

PAGES = (
    Case(
        "tables within tables of a page",
        lambda _: b"<table><tr><td>" * 100_000,
        ("file-web-page", "file-scattered", "file-too-much"),
        "a.xls",
        heavy=True,
    ),
    Case(
        "a cell that spans millions",
        lambda _: b"<table>" + b"<tr><td rowspan=60000 colspan=1000>a" * 100,
        ("file-scattered",),
        "a.xls",
    ),
    Case(
        "what a page fetches",
        lambda address: (
            f'<html><base href="{address}"><script src=/a></script><img src="{address}/i"><link rel=stylesheet href=/c><table background=/b><tr><td><iframe src=/f></iframe>单位名称</td></tr></table>'.encode()
        ),
        (READ,),
        "a.xls",
    ),
    Case(
        "comments that never end",
        lambda _: b"<table><tr><td>a</td></tr>" + b"<!--" * 200_000,
        (READ,),
        "a.xls",
    ),
    Case("tags that never end", lambda _: b"<table><tr><td>a</td></tr>" + b"<a " * 200_000, (READ,), "a.xls"),
    Case(
        "a page and its pictures as one mail",
        lambda _: b"MIME-Version: 1.0\n\n<html><table><tr><td>a",
        ("file-web-page",),
        "a.xls",
    ),
    Case(
        "a table of XML with entities",
        lambda address: (
            f'<?xml version="1.0"?>{LOL}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'.encode()
        ),
        ("file-xml-2003",),
        "a.xls",
    ),
)

TEXTS = (
    Case("a million quotes", lambda _: b'a,b\n"' + b'"' * 1_000_000, ("text-quotes", READ), "a.csv"),
    Case(
        "a million quotes and commas",
        lambda _: b"a,b\n" + b'","' * 400_000,
        ("text-quotes", "file-scattered", READ),
        "a.csv",
    ),
    Case(
        "a quote that is never closed", lambda _: b'a,b\n"1,2\n' + b"3,4\n" * 1000, ("text-quotes",), "a.csv"
    ),
    Case("a line of 100 MB", lambda _: b"a,b\n" + b"x" * 100_000_000, ("file-too-large",), "a.csv"),
    Case(
        "a line of 60 MB",
        lambda _: b"a,b\n" + b"x" * 60_000_000,
        ("file-cell-too-long",),
        "a.csv",
        heavy=True,
    ),
    Case("a line of a million cells", lambda _: b"," * 1_000_000, ("file-scattered",), "a.csv"),
    Case(
        "five million empty lines",
        lambda _: b"a,b\n" + b"\n" * 5_000_000 + b"c,d",
        ("file-scattered", "file-too-much", READ),
        "a.csv",
        heavy=True,
    ),
    Case(
        "sixty million empty lines",
        lambda _: b"a,b\n" + b"\n" * 60_000_000,
        ("file-scattered",),
        "a.csv",
        heavy=True,
    ),
    Case("null characters", lambda _: b"a,b\n" + b"1,\0002\n" * 10, ("text-zero", "file-unknown"), "a.csv"),
    Case("only null characters", lambda _: bytes(1_000_000), ("file-unknown",), "a.csv"),
    Case("halves of characters", lambda _: b"a,b\nx,\xed\xa0\x80\n", ("text-encoding",), "a.csv"),
    Case(
        "characters longer than they need be",
        lambda _: b"a,b\n\xe0\x80\xaf,\xf0\x80\x80\xaf\n",
        ("text-encoding",),
        "a.csv",
    ),
    Case(
        "characters beyond the last one",
        lambda _: b"a,b\n\xf7\xbf\xbf\xbf,x\n",
        ("text-encoding", READ),
        "a.csv",
    ),
    Case(
        "two encodings",
        lambda _: "单位名称,等级\n".encode() + "示例医院,三级\n".encode("gbk"),
        ("text-mixed",),
        "a.csv",
    ),
    Case(
        "an encoding cut in half",
        lambda _: "单位名称,等级\n".encode("utf-16")[:-1],
        ("text-encoding",),
        "a.csv",
    ),
    Case(
        "an encoding that it is not in",
        lambda _: b"\xff\xfe" + "单位名称,等级\n".encode("gbk") + b"\n",
        ("text-encoding", READ),
        "a.csv",
    ),
    Case(
        "commands for a terminal",
        lambda _: "单位名称,等级\n\x1b[2J\x1b]0;x\x07示例医院,三级\n".encode() + "示例,一\n".encode() * 30,
        (READ,),
        "a.csv",
    ),
    Case(
        "letters that read backwards",
        lambda _: "单位名称,等级\n示例\u202e院医,\u200b三级\u2066\n".encode(),
        (READ,),
        "a.csv",
    ),
    Case(
        "formulas as text",
        lambda _: (
            '单位名称,等级\n=cmd|\' /C calc\'!A0,"=HYPERLINK(""http://127.0.0.1:9"")"\n@SUM(1),+1\n'.encode()
        ),
        (READ,),
        "a.csv",
    ),
    Case(
        "scripts as names",
        lambda _: "单位名称,等级\n<script>alert(1)</script>,{{7*7}}\n".encode(),
        (READ,),
        "a.csv",
    ),
    Case("noise", lambda _: bytes(range(256)) * 4000, ("file-unknown", "text-encoding"), "a.csv"),
    Case("a compressed text", lambda _: b"\x1f\x8b\x08\x00" + bytes(1000), ("file-archive",), "a.csv"),
    Case("a program", lambda _: b"MZ\x90\x00" + bytes(1000), ("file-program",), "名单.xlsx"),
    Case("a delimiter that is none", lambda _: b'sep="\na"b\n', ("text-quotes", READ), "a.csv"),
    Case(
        "four bytes for each character",
        lambda _: "单位名称\n".encode("gb18030") + b"\x82\x30\x81\x30" * 100_000,
        ("text-encoding", READ, "file-cell-too-long"),
        "a.csv",
    ),
)

CASES = (*ARCHIVES, *WORKBOOKS, *OPEN_DOCUMENTS, *OLD_WORKBOOKS, *PAGES, *TEXTS)


def outcome_of(name: str, data: bytes) -> str:
    """Return what becomes of a file as it becomes of one that is dropped: read, or why it is refused."""
    try:
        for inner, content in files_of(name, data):
            assert "/" not in inner
            assert len(inner) <= 120
            for grid in read_file(inner, content):
                for table in tables_in(grid):
                    assert table.headers
    except FileRefused as refusal:
        remark = refusal.remark()
        assert all(remark.what(language) and remark.remedy(language) for language in ("zh", "en"))
        return refusal.code
    return READ


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.cause, marks=[pytest.mark.hostile] * case.heavy) for case in CASES],
)
def test_a_hostile_file_is_read_safely_or_refused(
    case: Case, target: Any, within_bounds: Callable[[], AbstractContextManager[None]]
) -> None:
    data = case.made(target.address)
    with within_bounds():
        outcome = outcome_of(case.name, data)
    assert outcome in case.outcomes
    if outcome in ("file-too-much", "file-too-slow"):
        assert read_file("a.csv", b"a,b\n1,2\n")[0].rows == (("a", "b"), ("1", "2"))


def test_there_is_one_case_for_each_cause_and_at_least_sixty() -> None:
    causes = [case.cause for case in CASES]
    assert len(set(causes)) == len(causes) >= 60
