"""Commands that ask: a query from a file, or a question of the library by its name.

They open a stopped instance themselves, and ask the server of one that runs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from api.cli_speech import Data, Failure, language
from api.instance import open_repository
from api.progress import print_answer, print_rows, progress
from api.running import RunningServer
from api.settings import Settings
from api.texts import text
from graph import media
from graph.data_directory import DirectoryInUse
from graph.question_values import EXPECTED, check_known, filled, given_by
from graph.repository import Repository
from graph.tsv import rows
from ontology.library import Parameter, Query, offered

RESULTS = {"json": media.RESULTS_JSON, "xml": media.RESULTS_XML, "csv": media.CSV, "tsv": media.TSV}
"""Formats of rows as SPARQL has them."""
GRAPHS = {"ttl": media.TURTLE, "nt": media.NTRIPLES, "jsonld": media.JSONLD, "rdf": media.RDFXML}
"""Formats of graphs."""

PLAIN = ("json", "csv", "tsv")
"""Formats in which the rows of a question are as its address gives them."""

Format = Annotated[
    str, typer.Option("--format", help="table json csv tsv xml；图 · graphs: ttl nt jsonld rdf")
]


@dataclass(frozen=True)
class Reply:
    """What was answered, wherever that was done."""

    media_type: str
    body: bytes


def query(
    file: Annotated[str, typer.Argument(help="查询文件，- 为标准输入 · query file, - for standard input")],
    data: Data = None,
    form: Format = "table",
) -> None:
    """执行查询 · Run a query."""
    kinds = _media_types(form)
    asked = (sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()).decode()
    settings = Settings.read({"data": data})
    try:
        reply = _answered_here(settings, asked, kinds)
    except DirectoryInUse:
        reply = _answered_there(_running(settings), asked, kinds)
    _show(reply, form)


def ask(
    name: Annotated[str, typer.Argument(help="问题名称 · name of the question")] = "",
    values: Annotated[list[str] | None, typer.Argument(help="参数=值 · parameter=value")] = None,
    data: Data = None,
    form: Format = "table",
    listing: Annotated[bool, typer.Option("--list", help="列出全部问题 · list the questions")] = False,
) -> None:
    """按名称提问 · Ask a question of the query library; --list names them."""
    if listing:
        _list_questions()
        return
    if not name:
        raise typer.BadParameter("--list", param_hint="NAME")
    question, given = _question(name), _given(values or ())
    kinds = _media_types("tsv" if form in PLAIN else form)
    settings = Settings.read({"data": data})
    try:
        reply = _asked_here(settings, question, given, kinds)
    except DirectoryInUse:
        reply = _asked_there(_running(settings), question, given, kinds)
    _show(reply, form, question)


def _media_types(form: str) -> tuple[str, ...]:
    """Return what a format means: rows as wished, a graph as Turtle unless it is wished otherwise."""
    if form == "table":
        return media.RESULTS_JSON, media.TURTLE
    if form in RESULTS:
        return tuple(dict.fromkeys((RESULTS[form], media.RESULTS_JSON, media.TURTLE)))
    if form in GRAPHS:
        return GRAPHS[form], media.RESULTS_JSON, media.TURTLE
    raise typer.BadParameter(form, param_hint="--format")


@contextmanager
def opened(settings: Settings) -> Iterator[Repository]:
    """Yield the repository of a stopped instance; raises DirectoryInUse when it runs."""
    with progress(language()) as report:
        repository = open_repository(settings, report)
    try:
        yield repository
    finally:
        repository.close()


def _answered_here(settings: Settings, asked: str, kinds: Sequence[str]) -> Reply:
    with opened(settings) as repository:
        return _answered(repository, asked, kinds)


def _asked_here(
    settings: Settings, question: Query, given: Mapping[str, Sequence[str]], kinds: Sequence[str]
) -> Reply:
    # What cannot be read is said before the graph is loaded.
    filled(question, given, "", settings.today())
    with opened(settings) as repository:
        asked = filled(question, given, repository.names.base, settings.today())
        check_known(repository.engine, asked)
        return _answered(repository, asked.text, kinds)


def _answered(repository: Repository, asked: str, kinds: Sequence[str]) -> Reply:
    answer = repository.engine.answer(asked, kinds)
    body = answer.body()  # the media type is known only when the answer has begun
    return Reply(answer.media_type, body)


def _asked_there(
    running: RunningServer, question: Query, given: Mapping[str, Sequence[str]], kinds: Sequence[str]
) -> Reply:
    body = json.dumps(dict(given), ensure_ascii=False).encode()
    address = f"/api/v1/questions/{question.name}?format=rq"
    asked = running.ask("POST", address, body, "application/json").body.decode()
    return _answered_there(running, asked, kinds)


def _answered_there(running: RunningServer, asked: str, kinds: Sequence[str]) -> Reply:
    accept = ", ".join(f"{kind};q={1 - place / 10:.1f}" for place, kind in enumerate(kinds))
    told = running.ask("POST", "/sparql", asked.encode(), "application/sparql-query", accept=accept)
    return Reply(told.media_type, told.body)


def _running(settings: Settings) -> RunningServer:
    running = RunningServer.of(settings.data, language())
    if running is None:
        raise DirectoryInUse(str(settings.data))
    return running


def _question(name: str) -> Query:
    try:
        return offered()[name]
    except KeyError:
        near = ", ".join(get_close_matches(name, offered(), 3, 0.5)) or "ask --list"
        raise Failure(text("no-question", language(), name=name, near=near)) from None


def _given(values: Sequence[str]) -> Mapping[str, list[str]]:
    pairs = [value.partition("=") for value in values]
    wrong = next((value for value, (_, sign, _) in zip(values, pairs, strict=True) if not sign), None)
    if wrong is not None:
        raise typer.BadParameter(f"{wrong}: key=value", param_hint="VALUES")
    return given_by([(name.strip(), value) for name, _, value in pairs])


def _list_questions() -> None:
    tongue = language()
    listed = [
        [one.name, one.title[tongue], " ".join(map(_written, one.parameters))] for one in offered().values()
    ]
    print_rows([text(name, tongue) for name in ("question", "question-title", "question-parameters")], listed)


def _written(parameter: Parameter) -> str:
    example = parameter.default or EXPECTED[parameter.kind].partition(",")[0] or parameter.of
    said = f"{parameter.name}={example}"
    return said if parameter.is_required else f"[{said}]"


def _show(reply: Reply, form: str, question: Query | None = None) -> None:
    if form == "table" and reply.media_type == media.RESULTS_JSON:
        print_answer(json.loads(reply.body))
        return
    is_plain = question is not None and question.form == "SELECT" and form in PLAIN
    sys.stdout.buffer.write(_plain(question, reply.body, form) if question and is_plain else reply.body)
    sys.stdout.buffer.flush()


def _plain(question: Query, body: bytes, form: str) -> bytes:
    """Return the rows of a question as its address gives them: things with their names, numbers as numbers."""
    from api.question_rows import columns_of, csv_bytes, row_json, tsv_bytes

    found = rows(body)
    if form == "csv":
        return csv_bytes(question.columns, found)
    if form == "tsv":
        return tsv_bytes(question.columns, found)
    listed = [row_json(row, columns_of(question)) for row in found]
    return json.dumps(listed, ensure_ascii=False, indent=1).encode() + b"\n"
