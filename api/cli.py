"""The command line: ``medalliance``."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO
from urllib.parse import urlencode

import typer

from api import cli_imports, cli_questions, cli_workbooks
from api.cli_accounts import tokens, users
from api.cli_questions import opened
from api.cli_speech import Data, Failure, language, say, user_name
from api.instance import AddressTaken, NotEmpty
from api.problems import problem_of
from api.running import RunningServer, ServerRefused
from api.settings import Settings, WrongSetting
from api.texts import text
from graph import media
from graph.data_directory import DirectoryInUse
from graph.disagreements import Disagreement
from graph.findings import Finding
from graph.generate import write_network
from graph.illustration import RealDataHeld, dependents, remove_demo
from graph.journal import DamagedJournal
from graph.oxigraph import written_quads
from graph.quads import Quad, text_of
from graph.repository import ChecksFailed, DamagedStore, Recorded, SourceFile
from ontology.prefixes import PREFIXES

app = typer.Typer(
    name="medalliance",
    help="专科联盟知识图谱 · Knowledge graph of a specialty medical alliance",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Why = Annotated[str, typer.Option("--why", help="原因 · why")]
Files = Annotated[list[Path], typer.Argument(help="文件 · files")]


def main() -> None:
    """Run a command; whatever goes wrong is said in one sentence, with exit code 1."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as fault:  # noqa: BLE001 - the border of the program: nobody else says it to the user
        if "--debug" in sys.argv or os.environ.get("MEDALLIANCE_DEBUG"):
            traceback.print_exc()
        say(sentence(fault), error=True)
        sys.exit(1)


@app.command()
def serve(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="监听地址 · address")] = None,
    port: Annotated[int | None, typer.Option(help="监听端口 · port")] = None,
    workers: Annotated[int | None, typer.Option(help="同时查询数 · queries at the same time")] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="载入示例网络 · with the illustrative network")
    ] = False,
    bare: Annotated[bool, typer.Option("--bare", help="纯 SPARQL 数据集 · plain SPARQL dataset")] = False,
    read_only: Annotated[bool, typer.Option("--read-only", help="只读 · refuse every write")] = False,
) -> None:
    """启动服务 · Start the server."""
    if bare and demo:
        raise typer.BadParameter("--bare, --demo", param_hint="serve")
    from api.server import serve_until_stopped

    given = {"data": data, "host": host, "port": port, "workers": workers}
    given |= {"bare": bare or None, "demo": demo or None, "read_only": read_only or None}
    serve_until_stopped(Settings.read(given), language(), say)


@app.command()
def load(
    files: Files,
    data: Data = None,
    graph: Annotated[str, typer.Option(help="写入此图 · graph to load into")] = "",
    why: Why = "",
    skip_checks: Annotated[
        bool, typer.Option("--skip-checks", help="不检查（大批量）· do not check")
    ] = False,
) -> None:
    """载入 RDF 文件，作为一次变更 · Load RDF files as one change, checked before it is kept."""
    sources = [_source_file(file) for file in files]
    settings = _settings(data)
    running = RunningServer.of(settings.data, language())
    try:
        with opened(settings) as repository:
            recorded = repository.load(
                sources, who=user_name(), why=why, graph=graph, checked=not skip_checks
            )
    except DirectoryInUse:
        if running is None or len(sources) != 1:
            raise
        _say_recorded(_sent(running, sources[0], graph, why, checked=not skip_checks))
        return
    _say_recorded(_recorded(recorded))


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="输出文件，格式由扩展名决定 · output, format by its ending")],
    data: Data = None,
    graph: Annotated[str, typer.Option(help="只导出此图 · only this graph")] = "",
) -> None:
    """导出为 RDF 文件 · Write the graph to an RDF file."""
    media_type = media.media_type_of_file(file.name)
    if not media_type:
        raise Failure(text("unknown-ending", language(), file=file.name, known=" ".join(media.ENDINGS)))
    with opened(_settings(data)) as repository:
        quads = sorted(set(repository.quads(graph or None)))
    if not graph and media_type not in media.DATASET_TYPES:
        quads = sorted({quad._replace(graph="") for quad in quads})
    _write_whole(file, quads, media_type)
    say(text("exported", language(), count=len(quads), file=str(file)))


@app.command()
def validate(file: Annotated[Path, typer.Argument(help="RDF 文件 · RDF file")], data: Data = None) -> None:
    """检查文件而不载入 · Check a file without loading it; exit code 1 on violations."""
    from api.validation import findings_of

    found = findings_of(_source_file(file), _settings(data))
    for finding in found:
        _say_finding(finding)
    count = sum(finding.severity == "violation" for finding in found)
    say(text("validated", language(), file=file.name, violations=count, others=len(found) - count))
    if count:
        raise typer.Exit(1)


@app.command()
def check(data: Data = None) -> None:
    """核对日志与图是否完好 · Verify that journal and graph are whole."""
    settings = _settings(data)
    _check_instance(settings)
    with opened(settings) as repository:
        last, tally = repository.check()
    say(text("checked", language(), changes=last.number, quads=tally.quads, chain=last.chain.hex()[:16]))
    if last.number:
        say(text("last-change", language(), number=last.number, time=last.header.time, why=last.header.why))


app.add_typer(users, name="user")
app.add_typer(tokens, name="token")

app.command()(cli_questions.query)
app.command()(cli_questions.ask)
app.command("import")(cli_imports.import_)
app.command()(cli_imports.undo)
app.command()(cli_workbooks.template)
app.command()(cli_workbooks.collect)

demo = typer.Typer(help="示例网络 · The illustrative network")
app.add_typer(demo, name="demo")


@demo.command("remove")
def demo_remove(data: Data = None) -> None:
    """移除示例网络及其相关内容 · Take the illustrative network out, with what depends on it."""
    settings = _settings(data)
    _check_instance(settings)
    with opened(settings) as repository:
        for quad in dependents(repository):
            say(text("demo-dependent", language(), quad=quad))
        recorded = remove_demo(repository, who=user_name())
    _say_recorded(_recorded(recorded))


@app.command()
def generate(
    number: Annotated[int, typer.Argument(min=1, help="机构数 · institutions")],
    out: Annotated[Path, typer.Option("--out", help="输出 .nt 或 .nt.gz · output")],
    seed: Annotated[int, typer.Option(help="随机种子 · seed")] = 0,
) -> None:
    """生成虚构的联盟网络，用于负载测试 · Write a synthetic alliance network, for load tests."""
    if not out.name.endswith((".nt", ".nt.gz")):
        raise Failure(text("unknown-ending", language(), file=out.name, known="nt"))
    say(text("generated", language(), count=write_network(number, out, seed), file=str(out)))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(
    context: typer.Context,
    size: Annotated[
        list[int] | None, typer.Option(help="机构数，可重复 · institutions; may be repeated")
    ] = None,
    peer: Annotated[
        list[str] | None, typer.Option(help="只比较 disk memory rdflib bare · compare only with these")
    ] = None,
) -> None:
    """与其他 SPARQL 服务比较快慢 · Compare speed with other SPARQL servers (docs/benchmarks.md)."""
    project = Path(__file__).resolve().parent.parent
    if not (project / "tests" / "bench" / "partners").is_dir():
        raise Failure(text("bench-not-here", language()))
    asked = [f"--size={number}" for number in size or ()] + [f"--peer={name}" for name in peer or ()]
    command = [sys.executable, "-m", "tests.bench.partners", *asked, *context.args]
    raise typer.Exit(subprocess.run(command, cwd=project, check=False).returncode)  # noqa: S603 - our own program


def sentence(fault: Exception) -> str:
    """Return what went wrong and what to do, in the user's language."""
    tongue = language()
    match fault:
        case Failure():
            return str(fault)
        case DirectoryInUse() | DamagedStore() | NotEmpty() | AddressTaken():
            return text(_SENTENCES[type(fault)], tongue, what=str(fault))
        case DamagedJournal():
            return text("damaged-journal", tongue, change=fault.change, what=fault.what)
        case WrongSetting():
            return text("wrong-setting", tongue, name=fault.name, value=fault.value, where=fault.where)
        case FileNotFoundError() | IsADirectoryError() | PermissionError():
            return text("cannot-read", tongue, file=str(fault.filename))
        case ServerRefused():
            listed = [_told(one) for one in fault.said.get("findings", [])]
            return "\n".join([*(finding_text(one, tongue) for one in listed), str(fault)])
        case RealDataHeld():
            return text("real-data-held", tongue)
        case ChecksFailed():
            refusal = text("refused", tongue, count=len(fault.findings))
            return "\n".join([*(finding_text(one, tongue) for one in fault.findings), refusal])
    return _problem_sentence(fault, tongue)


_SENTENCES: dict[type[Exception], str] = {
    DirectoryInUse: "directory-in-use",
    DamagedStore: "damaged-store",
    NotEmpty: "not-empty",
    AddressTaken: "port-in-use",
}


def _problem_sentence(fault: Exception, tongue: str) -> str:
    """Return what the same fault would be called over HTTP."""
    problem = problem_of(fault, Settings().query_seconds)
    if problem.name == "internal":
        return text("unexpected", tongue, what=f"{type(fault).__name__}: {fault}")
    said = problem.body(tongue)
    return f"{said['title']}: {said['detail']}"


def finding_text(finding: Finding, tongue: str) -> str:
    """Return a finding as a paragraph: severity, node, rule, what is wrong, what to do."""
    value = f" = {text_of(finding.value)}" if finding.value else ""
    return text(
        "finding",
        tongue,
        severity=text(f"severity-{finding.severity}", tongue),
        node=text_of(finding.node),
        rule=finding.check,
        value=value,
        message=finding.message.get(tongue, ""),
        remedy=finding.remedy.get(tongue, ""),
    )


def _told(said: dict[str, Any]) -> Finding:
    """Return a finding that a server told."""
    renamed = {"check": said["rule"], "graph": said["source"]}
    kept = ("severity", "node", "value", "message", "remedy")
    return Finding(**renamed, **{name: said[name] for name in kept})


@dataclass(frozen=True)
class _Said:
    """What became of a load, wherever it was done."""

    change: int | None
    added: int
    removed: int
    quads: int | None
    findings: tuple[Finding, ...]
    disagreements: tuple[Disagreement, ...]


def _recorded(recorded: Recorded) -> _Said:
    change = recorded.change
    if change is None:
        return _Said(None, 0, 0, None, recorded.findings, recorded.disagreements)
    header = change.header
    return _Said(
        change.number, header.added, header.removed, change.quads, recorded.findings, recorded.disagreements
    )


def _say_recorded(said: _Said) -> None:
    for finding in said.findings:
        if finding.severity != "info":
            _say_finding(finding)
    for one in said.disagreements:
        say(text("disagreement", language(), **{name: text_of(term) for name, term in asdict(one).items()}))
    notes = sum(finding.severity == "info" for finding in said.findings)
    if notes:
        say(text("notes", language(), count=notes))
    if said.change is None:
        say(text("nothing-new", language()))
    else:
        say(
            text(
                "loaded",
                language(),
                change=said.change,
                added=said.added,
                removed=said.removed,
                quads=said.quads,
            )
        )


def _say_finding(finding: Finding) -> None:
    say(finding_text(finding, language()))


def _sent(running: RunningServer, file: SourceFile, graph: str, why: str, *, checked: bool) -> _Said:
    """Let the running server load a file."""
    asked = urlencode(
        {"name": file.name, "why": why, "graph": graph, "checked": "true" if checked else "false"}
    )
    kind = file.media_type or media.media_type_of_file(file.name)
    said: dict[str, Any] = running.ask("POST", f"/api/v1/changes?{asked}", file.data, kind).json()
    return _Said(
        said["change"],
        said["added"],
        said["removed"],
        said["quads"],
        tuple(Finding(**one) for one in said["findings"]),
        tuple(Disagreement(**one) for one in said["disagreements"]),
    )


def _check_instance(settings: Settings) -> None:
    if not (settings.data / "journal.sqlite").exists():
        raise Failure(text("no-instance", language(), data=str(settings.data)))


def _settings(data: Path | None) -> Settings:
    return Settings.read({"data": data})


def _source_file(file: Path) -> SourceFile:
    name = file.name
    if not media.media_type_of_file(name):
        raise Failure(text("unknown-ending", language(), file=name, known=" ".join(media.ENDINGS)))
    data = _read(file)
    if name.lower().endswith(".gz"):
        data, name = _unpacked(data, file), name[:-3]
    return SourceFile(name, data)


def _read(file: Path) -> bytes:
    return file.read_bytes()


def _unpacked(data: bytes, file: Path) -> bytes:
    """Return the content of a gzip file, which may not be larger than any upload."""
    limit = Settings().body_bytes * 16
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            content = packed.read(limit + 1)
    except (OSError, EOFError) as fault:
        raise Failure(text("damaged-archive", language(), file=file.name)) from fault
    if len(content) > limit:
        raise Failure(text("archive-too-large", language(), file=file.name, limit=limit))
    return content


def _write_whole(file: Path, quads: list[Quad], media_type: str) -> None:
    """Write a file under another name first, so that it is there whole or not at all."""
    part = file.with_name(file.name + ".part")
    opener: Callable[[Path], BinaryIO] = _gzip_writer if file.name.endswith(".gz") else _plain_writer
    with opener(part) as sink:
        written_quads(quads, media_type, sink, PREFIXES)
    part.replace(file)


def _plain_writer(file: Path) -> BinaryIO:
    return file.open("wb")


def _gzip_writer(file: Path) -> BinaryIO:
    return gzip.open(file, "wb")  # type: ignore[return-value] # a GzipFile is a binary file


if __name__ == "__main__":
    main()
