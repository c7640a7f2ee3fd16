"""The command line: plain sentences, exit codes, and whole results."""

import gzip
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph import media
from graph.oxigraph import OxigraphStore
from servers import ROOT, command, served

TURTLE = '@prefix x: <http://example.org/> . x:a x:p "值 <b>[red]&\\"quoted\\"</b>"@zh .\n'
BAD = """@prefix ma: <https://w3id.org/medalliance/ontology#> . @prefix x: <http://example.org/> .
x:d a ma:Designation . x:m a ma:AllianceMembership .
"""


@pytest.fixture
def data(tmp_path: Path, started: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(started, folder)
    return folder


def write(folder: Path, name: str, text: str) -> str:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_load_query_export_and_check_go_together(tmp_path: Path, data: Path) -> None:
    said = command("load", write(tmp_path, "a.ttl", TURTLE), "--why", "a test", data=data, alone=True)
    assert (said.returncode, "Change 2" in said.stdout) == (0, True), said
    again = command("load", str(tmp_path / "a.ttl"), data=data)
    assert (again.returncode, "nothing was changed" in again.stdout) == (0, True), again
    asked = write(tmp_path, "q.rq", "SELECT ?o { <http://example.org/a> <http://example.org/p> ?o }")
    rows = json.loads(command("query", asked, "--format", "json", data=data).stdout)["results"]["bindings"]
    assert [row["o"]["value"] for row in rows] == ['值 <b>[red]&"quoted"</b>']
    assert '值 <b>[red]&"quoted"</b>' in command("query", asked, data=data).stdout
    out = tmp_path / "all.nq.gz"
    assert command("export", str(out), data=data).returncode == 0
    quads = OxigraphStore().read(gzip.decompress(out.read_bytes()), media.NQUADS)
    checked = command("check", data=data)
    assert (checked.returncode, f"{len(quads)} quads" in checked.stdout) == (0, True), checked


@pytest.mark.parametrize("ending", ["ttl", "nt", "trig", "rdf", "jsonld"])
def test_a_graph_is_exported_in_every_format(tmp_path: Path, data: Path, ending: str) -> None:
    out = tmp_path / f"vocab.{ending}"
    said = command("export", str(out), "--graph", "https://w3id.org/medalliance/vocab", data=data)
    assert said.returncode == 0, said.stderr
    assert OxigraphStore().read(out.read_bytes(), media.ENDINGS[ending])
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("tongue", "words"),
    [
        ("en", ("Violation", "rule", "remedy", "nothing was changed")),
        ("zh", ("违规", "规则", "处理", "未作任何修改")),
    ],
)
def test_a_file_with_two_violations_names_node_rule_and_remedy(
    tmp_path: Path, data: Path, tongue: str, words: tuple[str, ...]
) -> None:
    said = command("load", write(tmp_path, "bad.ttl", BAD), data=data, env={"MEDALLIANCE_LANG": tongue})
    assert (said.returncode, said.stdout) == (1, "")
    for word in (*words, "http://example.org/d", "http://example.org/m"):
        assert word in said.stderr
    assert "Traceback" not in said.stderr
    assert "1 changes" in command("check", data=data).stdout


def test_validate_says_the_same_and_needs_no_instance(tmp_path: Path) -> None:
    bad = command("validate", write(tmp_path, "bad.ttl", BAD), data=tmp_path / "none")
    assert (bad.returncode, "Violation" in bad.stdout) == (1, True), bad
    good = command("validate", write(tmp_path, "good.ttl", TURTLE), data=tmp_path / "none")
    assert (good.returncode, "0 violations" in good.stdout) == (0, True), good
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["load", "missing.ttl"], "Cannot read"),
        (["load", "README.md"], "does not tell the format"),
        (["query", "missing.rq"], "Cannot read"),
        (["export", "out.docx"], "does not tell the format"),
    ],
)
def test_a_mistake_is_one_plain_sentence(data: Path, arguments: list[str], words: str) -> None:
    said = command(*arguments, data=data, alone=True)
    assert (said.returncode, words in said.stderr) == (1, True), said
    assert "Traceback" not in said.stderr


def test_a_malformed_file_is_placed(tmp_path: Path, data: Path) -> None:
    said = command(
        "load", write(tmp_path, "broken.ttl", "@prefix x: <http://example.org/> .\nx:a x:b .\n"), data=data
    )
    assert (said.returncode, "Line 2" in said.stderr) == (1, True), said


def test_a_malformed_query_is_placed(tmp_path: Path, data: Path) -> None:
    said = command("query", write(tmp_path, "q.rq", "SELECT *\n{ ?s ?p }"), data=data)
    assert (said.returncode, "Line 2" in said.stderr) == (1, True), said


def test_a_remote_context_or_entity_is_not_fetched(tmp_path: Path, data: Path) -> None:
    for name, text in (
        ("a.jsonld", '{"@context": "http://127.0.0.1:9/context", "@id": "http://example.org/a"}'),
        ("a.rdf", '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>'),
    ):
        said = command("load", write(tmp_path, name, text), data=data)
        assert said.returncode == 1
        assert "root:" not in said.stderr


def test_wrong_usage_is_code_two(data: Path) -> None:
    assert command("load", "--no-such-option", data=data).returncode == 2
    assert command("query", "x.rq", "--format", "pdf", data=data).returncode == 2
    assert command("serve", "--bare", "--demo", data=data).returncode == 2


def test_check_where_nothing_is_says_so(tmp_path: Path) -> None:
    said = command("check", data=tmp_path / "nothing")
    assert (said.returncode, "no instance" in said.stderr) == (1, True)
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("delay", [0.8, 1.4])
def test_a_load_that_is_killed_is_whole_or_absent(tmp_path: Path, data: Path, delay: float) -> None:
    many = "".join(f'<http://example.org/{n}> <http://example.org/p> "{n}" .\n' for n in range(20_000))
    file = write(tmp_path, "many.nt", many)
    loading = subprocess.Popen(
        [sys.executable, "-m", "api", "load", file, "--skip-checks", "--data", str(data)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(delay)  # somewhere in the work; the law holds wherever it falls
    loading.send_signal(signal.SIGKILL)
    loading.wait()
    checked = command("check", data=data)
    assert checked.returncode == 0, checked.stderr
    whole = "2 changes" in checked.stdout
    asked = write(tmp_path, "q.rq", "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/p> ?o }")
    (row,) = json.loads(command("query", asked, "--format", "json", data=data).stdout)["results"]["bindings"]
    assert int(row["n"]["value"]) == (20_000 if whole else 0)


def test_a_synthetic_network_is_written_and_loads(tmp_path: Path, data: Path) -> None:
    out = tmp_path / "network.nt.gz"
    assert (
        command("generate", "5", "--out", str(out), "--seed", "1", data=data, data_option=False).returncode
        == 0
    )
    said = command("load", str(out), data=data)
    assert (said.returncode, "Violation" in said.stdout) == (0, False), said


def test_the_illustrative_network_is_taken_out_on_the_command_line(data: Path) -> None:
    with served(data, "--demo") as server:
        page = server.get("/?lang=en", "text/html").text
        assert "Contains illustrative data" in page
        assert server.stop() == 0
    said = command("demo", "remove", data=data)
    assert said.returncode == 0, said.stderr
    with served(data) as server:
        assert "Contains illustrative data" not in server.get("/?lang=en", "text/html").text
