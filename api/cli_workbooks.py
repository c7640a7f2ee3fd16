"""Commands for workbooks that go out: empty ones, and those that members are asked to check."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli_speech import Data, Failure, language, say, user_name
from api.instance import open_repository
from api.progress import progress
from api.running import RunningServer
from api.settings import Settings
from api.texts import text
from graph.data_directory import DirectoryInUse

Tongue = Annotated[Literal["zh", "en"] | None, typer.Option("--lang", help="zh en")]


def template(
    file: Annotated[Path, typer.Argument(help="写入的 .xlsx 文件 · file to write")],
    full: Annotated[bool, typer.Option("--full", help="全部十张表 · all ten sheets")] = False,
    lang: Tongue = None,
    data: Data = None,
) -> None:
    """写出空白工作簿 · Write the workbook to fill in: one sheet of 12 columns, or ten sheets."""
    from graph.imports.template import template as empty_workbook

    settings = Settings.read({"data": data})
    file.write_bytes(empty_workbook(lang or language(), settings.today(), full=full))
    say(text("template-written", lang or language(), file=file))


def collect(
    out: Annotated[Path, typer.Argument(help="写入的 .zip 文件 · archive to write")],
    data: Data = None,
    alliance: Annotated[str, typer.Option(help="联盟名称或 IRI · alliance by name or IRI")] = "",
    until: Annotated[str, typer.Option(help="最迟返回日期 · by when they should answer")] = "",
    to: Annotated[str, typer.Option(help="返回给谁 · to whom they should answer")] = "",
    lang: Tongue = None,
) -> None:
    """给每个成员写一份填好现有资料的工作簿 · Write a workbook for every member: what is held, blanks marked."""
    tongue = lang or language()
    settings = Settings.read({"data": data})
    running = RunningServer.of(settings.data, tongue)
    try:
        archive = _own_archive(settings, alliance, until, to, tongue)
    except DirectoryInUse:
        if running is None:
            raise
        said = {"alliance": alliance, "until": until, "to": to, "lang": tongue}
        archive = running.ask(
            "POST", "/api/v1/collections", json.dumps(said).encode(), "application/json"
        ).body
    out.write_bytes(archive)
    count = len(zipfile.ZipFile(io.BytesIO(archive)).namelist())
    say(text("collected", tongue, count=count, file=out))


def _own_archive(settings: Settings, alliance: str, until: str, to: str, tongue: str) -> bytes:
    """Return the archive made by this process, which has the instance to itself."""
    from graph.imports.asking import alliance_called, ask_members
    from graph.imports.collect import Request
    from graph.imports.collections import Collections

    repository = open_repository(settings)
    register = Collections(settings.data)
    try:
        chosen = alliance_called(repository.engine, alliance)
        if not chosen:
            raise Failure(text("which-alliance", tongue, said=alliance))
        quads = [quad for fact in repository.restricted.all() for quad in fact.quads]
        with progress(tongue) as tell:
            made = ask_members(
                repository.engine,
                repository.names,
                Request(chosen, tongue, settings.today(), until, to),
                restricted=quads,
                register=register,
                who=user_name(),
                progress=tell,
            )
        if not made.units:
            raise Failure(text("nobody-to-ask", tongue))
        return made.archive
    finally:
        register.close()
        repository.close()
