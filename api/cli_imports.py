"""Commands for spreadsheets: on a stopped instance, or through its server, with the same words either way."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from api.cli_speech import Data, language, say, user_name
from api.import_sentences import obstacle_lines, remark_lines, report_lines
from api.instance import open_repository
from api.progress import progress
from api.running import RunningServer, ServerRefused
from api.settings import Settings
from api.texts import text
from graph.data_directory import DirectoryInUse
from graph.imports.faults import ImportRefused, NotReady
from graph.imports.options import Options

if TYPE_CHECKING:
    from graph.imports.files import Report

Json = Mapping[str, Any]
Files = list[tuple[str, bytes]]

PAUSE = 0.3
"""Seconds between two looks at an import that a server works on."""
WORKING = ("reading", "checking")

Why = Annotated[str, typer.Option("--why", help="原因 · why")]
Language = Annotated[str, typer.Option("--lang", help="zh en")]


class Imports(Protocol):
    """What commands ask of imports, wherever they are made."""

    def dry_run(self, files: Files, options: Options, tell: Report) -> Json:
        """Return the report that files would get; raises ImportRefused or ServerRefused."""
        ...

    def run(self, files: Files, options: Options, tell: Report) -> Json:
        """Return the report of files that were imported; raises also NotReady."""
        ...

    def undo(self, change: int, why: str) -> Json:
        """Return what became of taking a change back."""
        ...


def import_(
    files: Annotated[list[Path], typer.Argument(help="表格文件：xlsx xls ods csv tsv zip · spreadsheets")],
    data: Data = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只看，不写入 · only report, keep nothing")
    ] = False,
    why: Why = "",
    alliance: Annotated[str, typer.Option(help="联盟名称或 IRI · alliance by name or IRI; none")] = "",
    area: Annotated[str, typer.Option(help="行政区划代码 · division code, e.g. 220000")] = "",
    source: Annotated[str, typer.Option(help="资料标题 · title of the document")] = "",
    crs: Annotated[str, typer.Option(help="坐标系 · coordinate system: wgs84 gcj02 bd09")] = "",
    accept_new: Annotated[
        bool,
        typer.Option(
            "--accept-new", help="没有对应单位的名称作为新单位 · names without a match are new units"
        ),
    ] = False,
    leave_out_errors: Annotated[
        bool, typer.Option("--leave-out-errors", help="有错的不写入 · leave out what is wrong")
    ] = False,
    lang: Language = "",
) -> None:
    """导入表格，作为一次变更 · Import spreadsheets as one change, checked before anything is kept."""
    tongue = _tongue(lang)
    said = {"why": why, "alliance": alliance, "area": area, "source": source, "crs": crs}
    options = Options().revised({**said, "accept_new": accept_new, "leave_out_errors": leave_out_errors})
    given = [(file.name, file.read_bytes()) for file in files]
    settings = Settings.read({"data": data})
    with _imports(settings, tongue, keeps=not dry_run) as imports, progress(tongue) as tell:
        work = imports.dry_run if dry_run else imports.run
        try:
            report = work(given, options, tell)
        except ImportRefused as refused:
            _say_refused([remark.said_in_both() for remark in refused.remarks], tongue)
        except NotReady as fault:
            report = fault.report
        except ServerRefused as refused:
            if not isinstance(refused.said.get("remarks"), list):
                raise
            _say_refused(refused.said["remarks"], tongue)
    _say_report(report, tongue, dry_run=dry_run)


def undo(
    change: Annotated[int, typer.Argument(min=1, help="变更编号 · number of the change")],
    data: Data = None,
    why: Why = "",
    lang: Language = "",
) -> None:
    """撤销一次变更 · Take a change back, by a new one."""
    tongue = _tongue(lang)
    with _imports(Settings.read({"data": data}), tongue, keeps=True) as imports:
        done = imports.undo(change, why)
    said = {name: done[name] for name in ("change", "added", "removed", "quads")}
    say(text("undone", tongue, undone=change, **said) if done["change"] else text("nothing-new", tongue))


class OwnImports:
    """Imports into an instance that this process has opened."""

    def __init__(self, settings: Settings, who: str) -> None:
        from api.importer import importer_of

        self._repository = open_repository(settings)
        self._importer = importer_of(self._repository, settings)
        self._who = who

    def close(self) -> None:
        """Close the instance."""
        self._importer.close()
        self._repository.close()

    def dry_run(self, files: Files, options: Options, tell: Report) -> Json:
        """Return the report that files would get."""
        return self._importer.dry_run(files, options, tell=tell)

    def run(self, files: Files, options: Options, tell: Report) -> Json:
        """Return the report of files that were imported."""
        return self._importer.run(files, options, who=self._who, tell=tell)

    def undo(self, change: int, why: str) -> Json:
        """Return what became of taking a change back."""
        return self._importer.undo(change, why=why, who=self._who)


class ServedImports:
    """Imports through the server that has the instance."""

    def __init__(self, server: RunningServer) -> None:
        self._server = server

    def dry_run(self, files: Files, options: Options, tell: Report) -> Json:
        """Return the report that files would get."""
        tell("read", 0, 0)
        report: Json = self._server.send("/api/v1/imports", files, _fields(options) | {"dry_run": "true"})
        return report

    def run(self, files: Files, options: Options, tell: Report) -> Json:
        """Return the report of files that were imported."""
        report: Json = self._server.send("/api/v1/imports", files, _fields(options))
        address = f"/api/v1/imports/{report['id']}"
        done = False
        try:
            while True:
                report = self._worked_out(address, report, tell)
                if not report["can_commit"]:
                    raise NotReady(dict(report))
                if (recorded := self._committed(address, report, options.why)) is not None:
                    done = True
                    return {**report, "recorded": recorded, "change": recorded["change"]}
                report = self._server.ask_json("GET", address)
        finally:
            if not done:
                self._server.ask("DELETE", address)

    def undo(self, change: int, why: str) -> Json:
        """Return what became of taking a change back."""
        done: Json = self._server.ask_json("POST", f"/api/v1/changes/{change}/undo", {"why": why})
        return done

    def _worked_out(self, address: str, report: Json, tell: Report) -> Json:
        while report["state"] in WORKING:
            said = report["progress"]
            tell(said["what"], said["done"], said["of"])
            time.sleep(PAUSE)
            report = self._server.ask_json("GET", address)
        return report

    def _committed(self, address: str, report: Json, why: str) -> Json | None:
        """Return what became of a commit; ``None``: the graph changed, and the import has to be looked at again."""
        try:
            done: Json = self._server.ask_json(
                "POST", f"{address}/commit", {"digest": report["digest"], "why": why}
            )
        except ServerRefused as refused:
            if refused.said.get("type") != "/problems/import-conflict":
                raise
            return None
        return done


@contextmanager
def _imports(settings: Settings, tongue: str, *, keeps: bool) -> Iterator[Imports]:
    """Yield imports into an instance: opened here, or through the server that has it."""
    running = RunningServer.of(settings.data, tongue)
    try:
        with _somewhere(settings, keeps=keeps) as chosen:
            own = OwnImports(chosen, user_name())
            try:
                yield own
            finally:
                own.close()
    except DirectoryInUse:
        if running is None:
            raise
        yield ServedImports(running)


@contextmanager
def _somewhere(settings: Settings, *, keeps: bool) -> Iterator[Settings]:
    """Yield settings with a data directory that is there, or need not stay."""
    if keeps or (settings.data / "journal.sqlite").exists():
        yield settings
        return
    with tempfile.TemporaryDirectory() as folder:
        yield replace(settings, data=Path(folder))


def _tongue(said: str) -> str:
    """Return the language to speak; one that was asked for holds for everything that this process says."""
    if said not in ("", "zh", "en"):
        raise typer.BadParameter(said, param_hint="--lang")
    if said:
        os.environ["MEDALLIANCE_LANG"] = said
    return language()


def _fields(options: Options) -> dict[str, str]:
    texts = ("why", "alliance", "area", "source", "crs")
    flags = ("accept_new", "leave_out_errors")
    said = {name: getattr(options, name) for name in texts}
    return {name: value for name, value in said.items() if value} | {
        name: "true" for name in flags if getattr(options, name)
    }


def _say_report(report: Json, tongue: str, *, dry_run: bool) -> None:
    for line in report_lines(report, tongue):
        say(line)
    if report.get("recorded"):
        recorded = {name: report["recorded"][name] for name in ("change", "added", "removed", "quads")}
        say(text("loaded", tongue, **recorded) if recorded["change"] else text("nothing-new", tongue))
        return
    for line in obstacle_lines(report, tongue):
        say(line, error=True)
    if not report["can_commit"]:
        if not dry_run:
            say(text("import-nothing-written", tongue), error=True)
        raise typer.Exit(1)
    say(text("import-dry-run", tongue))


def _say_refused(remarks: list[dict[str, Any]], tongue: str) -> None:
    for line in remark_lines(remarks, tongue):
        say(line, error=True)
    say(text("import-nothing-written", tongue), error=True)
    raise typer.Exit(1)
