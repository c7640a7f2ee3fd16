"""Program texts that ask a query: whatever the query holds, each language reads the very same text."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.snippets import (
    answer_shape,
    javascript_string,
    python_string,
    r_string,
    shell_string,
    snippets,
)
from samples import HOSTILE

NODE = shutil.which("node") or str(Path(sys.executable).with_name("node"))
"""What built the pages."""
ENDPOINT = "http://127.0.0.1:8000/sparql"
ROWS = "SELECT * {\n  ?s ?p '''it's \"quoted\"''' # \\ `${x}` «query»\n}"
NASTY = (
    *HOSTILE,
    ROWS,
    'ends with "',
    '\n"""',
    "\\",
    "a\r\nb\rc",
    ')"',
    ')-"\n)"',
    "'; rm -rf ~; '",
    "$(id) `id` ${PATH}\n!!",
    "\u2028\u2029\n\\u0041",
)
texts = st.text(
    st.sampled_from("\"'\\`${}()-\n\r#«» ab\u2028汉𠮷") | st.characters(exclude_categories=["Cs"])
)


@given(texts)
@example('\n"""')
@example('\n"')
@example('\n\\"')
def test_python_reads_the_same_text(text: str) -> None:
    assert ast.literal_eval(python_string(text)) == text


@given(texts.filter(lambda text: "\0" not in text))
def test_a_shell_reads_one_word(text: str) -> None:
    assert shlex.split(shell_string(text)) == [text]


@given(texts)
@example(')"')
@example(')-"\n)"')
def test_r_reads_what_stands_between_the_first_delimiters(text: str) -> None:
    written = r_string(text)
    raw = re.match(r'r"(-*)\(', written)
    if raw is None:
        assert written == f'"{text}"'
        assert not set(text) & set('"\\\n')
        return
    start, end = raw.end(), written.index(f'){raw[1]}"', raw.end())
    assert written[start:end] == text
    assert end + len(raw[1]) + 2 == len(written)


def test_javascript_and_a_real_shell_read_the_same_texts() -> None:
    program = f"console.log(JSON.stringify([{','.join(map(javascript_string, NASTY))}]))"
    said = subprocess.run([NODE, "-e", program], capture_output=True, text=True, check=True)
    assert tuple(json.loads(said.stdout)) == NASTY
    words = " ".join(map(shell_string, NASTY))
    said = subprocess.run(["sh", "-c", f"printf '%s\\0' {words}"], capture_output=True, check=True)
    assert tuple(said.stdout.decode().split("\0")[:-1]) == NASTY


@pytest.mark.parametrize("query", NASTY)
def test_every_program_asks_the_query_as_it_is(query: str) -> None:
    by_name = {one.name: one.text for one in snippets(ENDPOINT, query)}
    assert list(by_name) == ["curl", "sparqlwrapper", "rdflib", "r", "javascript"]
    curl = shlex.split(by_name["curl"].replace("\\\n", ""))
    assert curl[-1] == f"query={query}"
    assert ENDPOINT in curl
    for name in ("sparqlwrapper", "rdflib"):
        assigned = next(node for node in ast.parse(by_name[name]).body if isinstance(node, ast.Assign))
        assert ast.literal_eval(assigned.value) == query
    assert r_string(query) in by_name["r"]
    assert javascript_string(query) in by_name["javascript"]


@pytest.mark.parametrize(
    ("query", "shape"),
    [
        ("SELECT * {}", "rows"),
        ("# ASK\nPREFIX ask: <http://ask/>\nselect * {}", "rows"),
        ("ASK {}", "boolean"),
        ("BASE <http://SELECT/>\nConstruct {} {}", "graph"),
        ("DESCRIBE <x:SELECT>", "graph"),
        ("SELECT (EXISTS { SELECT * {} } AS ?ASK) {}", "rows"),
        ("", "rows"),
    ],
)
def test_the_form_of_a_query_decides_what_is_done_with_the_answer(query: str, shape: str) -> None:
    assert answer_shape(query) == shape
    texts = {one.name: one.text for one in snippets(ENDPOINT, query)}
    said = {"rows": ".bindings", "boolean": ".boolean", "graph": "answer.text()"}
    assert said[shape] in texts["javascript"]
    assert ("text/turtle" in texts["curl"]) == (shape == "graph")
