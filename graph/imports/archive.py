"""Zips: the parts of a workbook, looked at before a library reads them, and the files of a dropped archive."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from graph.imports.file_name import shown_name
from graph.imports.refusal import FileRefused

MAX_PARTS = 10_000
"""Parts of a zip."""
MAX_UNPACKED = 400 << 20
"""Bytes that a workbook may have when unpacked; a list of 200,000 rows and twelve columns has about 140 MB."""
MAX_TOKEN = 4 << 20
"""Bytes between two tags of a part: far more than the 32,767 characters that a cell may hold."""
MAX_FILES = 1_000
"""Files of a dropped archive."""
MAX_ARCHIVE = 128 << 20
"""Bytes of all files of a dropped archive."""

_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OFFICE = frozenset({"[Content_Types].xml", "mimetype", "xl/workbook.xml", "xl/workbook.bin"})
"""Parts that make a zip a document rather than an archive."""
_LEFT_BEHIND = ("__macosx/", "~$", ".ds_store", "thumbs.db", "desktop.ini")
"""How names begin that operating systems and open workbooks leave in folders."""


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Open a zip; whatever is wrong with it while it is open is a refusal.

    Raises:
        FileRefused: it is damaged (``file-damaged``), has too many parts, is encrypted, or packed in an odd way.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            _check_parts(bundle.infolist())
            yield bundle
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        KeyError,
        NotImplementedError,
    ) as fault:
        raise FileRefused("file-damaged") from fault


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_PARTS:
        raise FileRefused("zip-too-many", limit=MAX_PARTS)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise FileRefused("file-password")
    if any(part.compress_type not in _METHODS for part in parts):
        raise FileRefused("file-damaged")


def workbook_kind(bundle: zipfile.ZipFile) -> str:
    """Return which workbook a zip is: ``xlsx``, ``xlsb``, ``ods``, or nothing where it is none.

    Raises:
        FileRefused: it is a document of another program.
    """
    names = set(bundle.namelist())
    if "mimetype" in names and "content.xml" in names:
        return _open_document(bundle)
    for name, kind in (("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb")):
        if name in names:
            return kind
    if any(name.startswith("word/") for name in names):
        raise FileRefused("file-word")
    if any(name.startswith("ppt/") for name in names):
        raise FileRefused("file-presentation")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        raise FileRefused("file-numbers")
    return ""


def _open_document(bundle: zipfile.ZipFile) -> str:
    with bundle.open("mimetype") as part:
        kind = part.read(200).decode("ascii", "replace")
    if kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    raise FileRefused("file-presentation" if "presentation" in kind else "file-word")


def check_size(bundle: zipfile.ZipFile) -> None:
    """Refuse a workbook that unpacks to too much, or that holds a part twice, so that readers may differ about it.

    Raises:
        FileRefused: ``zip-bomb`` or ``file-damaged``.
    """
    names = bundle.namelist()
    if len(set(names)) != len(names):
        raise FileRefused("file-damaged")
    if sum(part.file_size for part in bundle.infolist()) > MAX_UNPACKED:
        raise FileRefused("zip-bomb", limit=MAX_UNPACKED >> 20)


def pieces(bundle: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a part of XML in pieces of some size that are cut before a tag.

    Raises:
        FileRefused: it has a document type (``file-entities``), or an endless text (``file-cell-too-long``).
    """
    rest = b""
    with bundle.open(name) as part:
        while chunk := part.read(_CHUNK):
            if b"<!DOCTYPE" in chunk:
                raise FileRefused("file-entities")
            whole = rest + chunk
            cut = whole.rfind(b"<")
            rest = whole[max(cut, 0) :]
            if len(rest) > MAX_TOKEN:
                raise FileRefused("file-cell-too-long")
            if cut > 0:
                yield whole[:cut]
    yield rest


def check_open_document(bundle: zipfile.ZipFile) -> None:
    """Refuse an OpenDocument workbook with a document type or an endless text in one of its parts.

    Raises:
        FileRefused: ``file-entities`` or ``file-cell-too-long``.
    """
    for name in bundle.namelist():
        if name.endswith(".xml"):
            for _ in pieces(bundle, name):
                pass


def dropped_files(data: bytes) -> list[tuple[str, bytes]]:
    """Return the files of a dropped archive; nothing where it is a document of an office program itself.

    Raises:
        FileRefused: it is damaged, holds nothing, too many files or too much.
    """
    with opened(data) as bundle:
        if not _OFFICE.isdisjoint(bundle.namelist()):
            return []
        return list(files_in(bundle))


def files_in(bundle: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a dropped archive with harmless names of their own; folders are not kept.

    Raises:
        FileRefused: there are too many, they are too large, or there is none.
    """
    parts = [part for part in bundle.infolist() if not part.is_dir() and not _is_left_behind(part.filename)]
    if not parts:
        raise FileRefused("zip-empty")
    if len(parts) > MAX_FILES:
        raise FileRefused("zip-too-many", limit=MAX_FILES)
    if sum(part.file_size for part in parts) > MAX_ARCHIVE:
        raise FileRefused("zip-bomb", limit=MAX_ARCHIVE >> 20)
    taken: set[str] = set()
    for part in parts:
        name = _own_name(_written_name(part), taken)
        taken.add(name)
        yield name, bundle.read(part)


def _is_left_behind(name: str) -> bool:
    lowered = name.lower()
    return lowered.startswith(_LEFT_BEHIND) or lowered.rpartition("/")[2].startswith(_LEFT_BEHIND)


def _written_name(part: zipfile.ZipInfo) -> str:
    """Return the name as it was meant: Windows writes Chinese names in GBK and does not say so."""
    if part.flag_bits & 0x800:
        return part.filename
    written = part.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return part.filename


def _own_name(path: str, taken: set[str]) -> str:
    """Return the name of a file that no other of the archive has: files of equal name are told by their folders."""
    name = shown_name(path)
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    folder = shown_name(path.replace("\\", "/").rpartition("/")[0] or " ")
    candidates = [name, f"{stem} ({folder}){dot}{ending}"]
    candidates += [f"{stem} ({count}){dot}{ending}" for count in range(2, len(taken) + 3)]
    return next(candidate for candidate in candidates if candidate not in taken)
