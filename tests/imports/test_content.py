"""Content: the first bytes tell what a file is."""

import pytest

from graph.imports.content import content_of
from graph.imports.refusal import FileRefused
from made_files import ods, xls, xlsx


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (xlsx([["a"]]), "zip"),
        (ods([["a"]]), "zip"),
        (xls([["a"]]), "compound"),
        (b"PK\x05\x06", "zip"),
        ("单位名称\n".encode("gbk"), "text"),
        ("单位名称\n".encode("utf-16"), "text"),
        (b"<1 year,x\n", "text"),
        (b"\xef\xbb\xbf \r\n<!DOCTYPE html><table>", "web-page"),
        ("<html><body><table>".encode("utf-16"), "web-page"),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook '
         b'xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "xml-spreadsheet"),
    ],
)  # fmt: skip
def test_content_is_told_by_the_beginning(data: bytes, content: str) -> None:
    assert content_of(data) == content


def test_what_is_no_list_is_refused() -> None:
    with pytest.raises(FileRefused, match="file-pdf"):
        content_of(b"%PDF-1.4")
