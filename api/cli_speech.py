"""What the modules of the command line share: the user's language, how something is said, and the data directory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path | None, typer.Option("--data", help="数据目录 · data directory (default ./data)")]


class Failure(Exception):
    """Something that a command cannot do, as one plain sentence."""


def language() -> str:
    """Return the user's language: zh, unless the environment says otherwise."""
    said = os.environ.get("MEDALLIANCE_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "en" if said.lower().startswith("en") else "zh"


def user_name() -> str:
    """Return who gives the command, as it stands in the history."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or "command line"


def say(sentence: str, *, error: bool = False) -> None:
    """Print one line."""
    typer.echo(sentence, err=error)


def named_commands(of: typer.Typer, before: str = "") -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield the commands with their names, those of groups after the others."""
    for command in of.registered_commands:
        if command.callback:
            yield before + (command.name or command.callback.__name__), command.callback
    for group in of.registered_groups:
        if group.typer_instance:
            yield from named_commands(group.typer_instance, f"{before}{group.name} ")
