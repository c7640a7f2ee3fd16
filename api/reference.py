"""Writes the reference pages of the documentation from the code: ``python -m api.reference``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

from api.cli import app
from api.problems import kinds
from api.settings import Settings
from ontology.library import queries

PAGES = Path(__file__).parent.parent / "docs" / "reference"


def reference_pages() -> Mapping[str, str]:
    """Return the pages by file name."""
    return {
        "settings.md": "\n".join(_settings()),
        "problems.md": "\n".join(_problems()),
        "commands.md": "\n".join(_commands()),
        "queries.md": "\n".join(_queries()),
    }


def _settings() -> Iterator[str]:
    yield "# 设置 · Settings\n"
    yield "命令行优先于环境变量，环境变量优先于 `medalliance.toml`（数据目录或当前目录中）。\n"
    yield "The command line goes before the environment, the environment before `medalliance.toml` (in the data"
    yield "directory or the current folder).\n"
    yield "| 名称 · name | 环境变量 · variable | 默认 · default | 作用 · what for |"
    yield "|---|---|---|---|"
    for one in fields(Settings):
        told = f"{one.metadata['zh']} · {one.metadata['en']}"
        yield f"| `{one.name}` | `MEDALLIANCE_{one.name.upper()}` | `{one.default}` | {told} |"
    yield ""


def _problems() -> Iterator[str]:
    yield "# 错误 · Problems\n"
    yield "HTTP 错误以 `application/problem+json` 给出，`type` 为 `/problems/名称`，语言随 `Accept-Language`。\n"
    yield "HTTP errors come as `application/problem+json`; `type` is `/problems/NAME`, the language follows"
    yield "`Accept-Language`.\n"
    yield "| 名称 · name | 状态 · status | 含义 · meaning |"
    yield "|---|---|---|"
    for name, kind in sorted(kinds().items()):
        yield f"| `{name}` | {kind.status} | {kind.title['zh']} · {kind.title['en']} |"
    yield ""


def _commands() -> Iterator[str]:
    yield "# 命令 · Commands\n"
    yield "`medalliance COMMAND --help` 列出全部选项；`--data DIR` 指定数据目录。出错时退出码为 1，用法有误为 2。\n"
    yield "`medalliance COMMAND --help` lists all options; `--data DIR` names the data directory. The exit code is 1"
    yield "for errors and 2 for wrong usage.\n"
    yield "| 命令 · command | 作用 · what it does |"
    yield "|---|---|"
    for command in app.registered_commands:
        if command.callback:
            yield f"| `{command.callback.__name__}` | {inspect.getdoc(command.callback)} |"
    yield ""


def _queries() -> Iterator[str]:
    yield "# 查询库 · Query library\n"
    yield "产品回答的每个问题都是 `ontology/queries` 中的一个文件，可直接运行。\n"
    yield "Every question the product answers is a file in `ontology/queries` that runs as it stands.\n"
    yield "| 名称 · name | 问题 · question | 用途 · purpose |"
    yield "|---|---|---|"
    for name, query in queries().items():
        titles = f"{query.title['zh']} · {query.title['en']}"
        yield f"| `{name}` | {titles} | {query.purpose['zh']} · {query.purpose['en']} |"
    yield ""


def main() -> None:
    """Write the pages."""
    for name, text in reference_pages().items():
        (PAGES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
