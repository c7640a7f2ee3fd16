"""Asking from the command line: questions of the library and queries, on a stopped instance and a running one."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app, sentence
from ontology.library import offered
from servers import Server, command

IDENTIFIER = ("ask", "unit-by-identifier", "identifier=034haf133")
HOSPITAL = "https://w3id.org/medalliance/id/org/fhjlu"


def run(*arguments: str, data: Path, stdin: str = "") -> Result:
    """Run a command in this process: starting one takes longer than what is tested here."""
    environment = {"MEDALLIANCE_LANG": "en"}
    return CliRunner().invoke(app, [*arguments, "--data", str(data)], input=stdin, env=environment)


def test_the_questions_are_listed_without_an_instance(tmp_path: Path) -> None:
    said = command("ask", "--list", data=tmp_path / "none")
    lines = [line.split("\t") for line in said.stdout.splitlines()]
    assert (said.returncode, [line[0] for line in lines[1:]]) == (0, list(offered()))
    assert ["is-member-on-date", "Is a unit a member on a date"] in [line[:2] for line in lines]
    assert not (tmp_path / "none").exists()


def test_a_stopped_instance_answers_as_a_running_one_does(
    server: Server, tmp_path: Path, started: Path
) -> None:
    shutil.copy(started, tmp_path)
    here = run(*IDENTIFIER, "--format", "json", data=tmp_path)
    there = run(*IDENTIFIER, "--format", "json", data=server.data)
    assert (here.exit_code, there.exit_code) == (0, 0), there.output
    assert here.stdout == there.stdout
    assert [row["unit"]["value"] for row in json.loads(there.stdout)] == [HOSPITAL]


def test_answers_come_as_lines_that_programs_read_and_as_files(server: Server) -> None:
    header, row = (line.split("\t") for line in run(*IDENTIFIER, data=server.data).stdout.splitlines())
    assert dict(zip(header, row, strict=True))["unit"] == HOSPITAL
    table = run(*IDENTIFIER, "--format", "csv", data=server.data).stdout.removeprefix("\ufeff")
    assert [found["unit"] for found in csv.DictReader(io.StringIO(table))] == [HOSPITAL]
    assert HOSPITAL in run(*IDENTIFIER, "--format", "tsv", data=server.data).stdout.splitlines()[1].split(
        "\t"
    )
    assert "<uri>" in run(*IDENTIFIER, "--format", "xml", data=server.data).stdout


def test_a_question_about_a_graph_gives_rdf(server: Server) -> None:
    alliance = "alliance=org/jl-neonatal-alliance"
    said = run("ask", "alliance-subgraph", alliance, "--format", "nt", data=server.data)
    assert (said.exit_code, "<http://www.w3.org/ns/org#member>" in said.stdout) == (0, True), said.output
    assert "org/ns/org#member>" in run("ask", "alliance-subgraph", alliance, data=server.data).stdout


def test_a_query_is_run_by_the_server_of_a_running_instance(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("SELECT (1 + 1 AS ?two) {}", encoding="utf-8")
    assert run("query", str(file), data=server.data).stdout.split() == ["two", "2"]
    told = json.loads(run("query", str(file), "--format", "json", data=server.data).stdout)
    assert told["results"]["bindings"][0]["two"]["value"] == "2"
    graph = "CONSTRUCT { <x:a> <x:b> ?two } { BIND(1 + 1 AS ?two) }"
    assert "<x:a> <x:b> 2" in run("query", "-", data=server.data, stdin=graph).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "unit-by-identifer", "identifier=1"], "unit-by-identifier"),
        (["ask", "unit-by-identifier"], "identifier"),
        (["ask", "unit-by-identifier", "identifer=1"], "identifer is not a parameter"),
        (
            ["ask", "is-member-on-date", "member=org/nobody", "alliance=org/jl-neonatal-alliance"],
            "org/nobody",
        ),
        (["ask", "designations-on-date", "date=soon"], "YYYY-MM-DD"),
        (["query", "missing.rq"], "missing.rq"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(
    server: Server, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.setenv("MEDALLIANCE_LANG", "en")
    outcome = run(*arguments, data=server.data)
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert isinstance(outcome.exception, Exception)
    told = sentence(outcome.exception)
    assert said in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "unit-by-identifier", "034haf133"], "key=value"),
        (["ask", "unit-by-identifier", "identifier=1", "--format", "pdf"], "pdf"),
        (["ask"], "--list"),
    ],
)
def test_wrong_usage_has_its_own_exit_code(tmp_path: Path, arguments: list[str], said: str) -> None:
    outcome = run(*arguments, data=tmp_path)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert said in outcome.stderr
