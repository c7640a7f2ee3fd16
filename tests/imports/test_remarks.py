"""The texts of remarks: complete, in both languages, and all in use."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.imports.remarks import Remark, remark_texts

SOURCES = sorted((Path(__file__).resolve().parents[2] / "graph" / "imports").glob("*.py"))
SAYING = {"error", "warning", "info", "refused", "Remark", "FileRefused", "Note", "_remark", "_as_text"}
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
CODES = sorted(remark_texts())


def literals(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def said_codes(tree: ast.AST) -> Iterator[str]:
    """Yield the codes that a module says, where it writes them out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in SAYING:
                yield from (text for text in literals(node.args[0]) if CODE.fullmatch(text))


def patterns(tree: ast.AST) -> Iterator[re.Pattern[str]]:
    """Yield the forms of codes that a module puts together, such as unstated-{reason}."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and any(
            "-" in text and " " not in text for text in literals(node)
        ):
            parts = (
                re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in node.values
            )
            yield re.compile("".join(parts))


def test_every_code_that_is_said_has_its_texts() -> None:
    said = {(file.name, code) for file in SOURCES for code in said_codes(ast.parse(file.read_text("utf-8")))}
    assert len(said) > 50
    assert not [(file, code) for file, code in said if code not in remark_texts()]


def test_every_text_is_said_somewhere() -> None:
    trees = [ast.parse(file.read_text("utf-8")) for file in SOURCES]
    written = {text for tree in trees for text in literals(tree)}
    made = [pattern for tree in trees for pattern in patterns(tree)]
    unsaid = [code for code in CODES if code not in written]
    assert not [code for code in unsaid if not any(pattern.fullmatch(code) for pattern in made)]


@pytest.mark.parametrize("code", CODES)
def test_a_remark_says_what_is_wrong_and_what_to_do_in_both_languages(code: str) -> None:
    texts = remark_texts()[code]
    assert set(texts) == {"what", "remedy"}
    for part in texts.values():
        assert set(part) == {"zh", "en"}
        assert all(text.strip() and text[-1] in "。.！!？?）)}」”" for text in part.values())
        assert blanks(part["zh"]) == blanks(part["en"])


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_blanks_of_a_remark_are_filled_in_the_language_asked_for() -> None:
    remark = Remark(
        "column-unused-near", "warning", heading="职{务}", said={"nearest": {"zh": "角色", "en": "Role"}}
    )
    assert remark.what("zh") == "列“职{务}”没有用到；它也许是：角色。"
    assert remark.what("en") == "The column “职{务}” was not used; perhaps it is: Role."
