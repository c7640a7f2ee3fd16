"""Workbooks on the command line: empty ones, and those for the members, with or without a running server."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

from openpyxl import load_workbook

from graph.imports.collect_id import collected_id
from graph.imports.collections import Collections
from graph.imports.reading import read_file
from servers import command, served


def test_an_empty_workbook_is_written(tmp_path: Path) -> None:
    short, full = tmp_path / "short.xlsx", tmp_path / "full.xlsx"
    done = command("template", str(short), "--lang", "zh", data=tmp_path)
    assert (done.returncode, "short.xlsx" in done.stdout) == (0, True), done
    assert command("template", str(full), "--full", "--lang", "en", data=tmp_path).returncode == 0
    names = [load_workbook(file).sheetnames[0] for file in (short, full)]
    assert names == ["联盟成员单位一览表", "Institutions"]


def asked_units(archive: Path) -> list[str]:
    """Return the units whose workbooks an archive holds."""
    files = zipfile.ZipFile(io.BytesIO(archive.read_bytes()))
    found = [collected_id(read_file(name, files.read(name))) for name in files.namelist()]
    return [one.organization.rpartition("/")[2] for one in found if one]


def test_members_are_asked_with_and_without_a_server(tmp_path: Path, started: Path) -> None:
    folder, own, through = tmp_path / "data", tmp_path / "own.zip", tmp_path / "through.zip"
    folder.mkdir()
    shutil.copy(started, folder)
    done = command("collect", str(own), "--until", "2026-12-31", data=folder)
    assert (done.returncode, "each of 1 members" in done.stdout) == (0, True), done
    with served(folder) as server:
        again = command("collect", str(through), data=server.data)
        assert again.returncode == 0, again
        refused = command("collect", str(through), "--alliance", "none such", data=server.data)
        assert refused.returncode == 1, refused
    assert asked_units(own) == asked_units(through) == ["fhjlu-neonatology"]
    register = Collections(folder)
    assert {one.until for one in register.listed()} == {"2026-12-31", ""}
    register.close()
