"""What settling needs to know beside the data, read from the ontology: rules and compiled checks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import ontology
from graph.findings import Check
from graph.names import Names
from graph.rules import Rule, read_rule
from graph.settle import Knowledge

ONTOLOGY = Path(ontology.__file__).parent


def knowledge_for(names: Names) -> Knowledge:
    """Return the rules and checks in force in an instance; a plain dataset has none."""
    return Knowledge(names, packaged_rules(), packaged_checks()) if names.base else Knowledge(names)


@cache
def packaged_rules() -> tuple[Rule, ...]:
    """Return the rules that come with the program."""
    return tuple(read_rule(file) for file in sorted((ONTOLOGY / "rules").glob("*.rq")))


@cache
def packaged_checks() -> tuple[Check, ...]:
    """Return the checks compiled from the shapes that come with the program."""
    from graph.shapes import (
        compiled_checks,  # reading shapes needs a large library, and most commands no checks
    )

    return compiled_checks(file.read_bytes() for file in sorted((ONTOLOGY / "shapes").glob("*.ttl")))
