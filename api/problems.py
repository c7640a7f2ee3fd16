"""Problems: everything that an answer can report, named once, in both languages.

They stand in ``problems.toml``. Code raises ``Problem`` with a name from there, or lets an exception of the graph
pass, which ``problem_of`` knows. ``api.errors`` writes them as HTTP answers, the command line as sentences.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from graph.capture import GraphExists, GraphMissing
from graph.engine import Busy, EngineClosed, MemoryLimitReached, TimeLimitReached
from graph.guard import NotAccepted, RemoteAccess, TooDeep, TooLarge
from graph.imports.faults import (
    Conflict,
    ImportFault,
    ImportRefused,
    NotReady,
    NotStaged,
    StagingFull,
    WrongOption,
)
from graph.nursery import KeeperLost
from graph.pinned_client import EndpointRefused, RemoteFailed
from graph.question_values import WrongValue
from graph.repository import ChecksFailed, LaterChanges, NothingToUndo
from graph.settle import Refused
from graph.sparql_update import NotAnUpdate
from graph.store import NotAQuery, QueryFault, SyntaxFault, UnsupportedMediaType

EXPECTED = (
    Busy,
    ChecksFailed,
    EndpointRefused,
    EngineClosed,
    ImportFault,
    KeeperLost,
    LaterChanges,
    MemoryLimitReached,
    NotAccepted,
    NothingToUndo,
    QueryFault,
    Refused,
    RemoteFailed,
    SyntaxFault,
    TimeLimitReached,
    UnsupportedMediaType,
    WrongValue,
)
"""Exceptions of the graph that may happen to any request; others are faults of the program."""


@dataclass(frozen=True)
class Kind:
    """One kind of problem: its status, and title and detail by language."""

    status: int
    title: Mapping[str, str]
    detail: Mapping[str, str]


class Problem(Exception):
    """A request that cannot be answered: the kind of problem and what fills the blanks of its text."""

    def __init__(self, name: str, *, headers: Mapping[str, str] | None = None, **said: object) -> None:
        super().__init__(name)
        self.name, self.said, self.headers = name, said, dict(headers or {})

    @property
    def status(self) -> int:
        """The HTTP status."""
        return kinds()[self.name].status

    def body(self, language: str) -> dict[str, Any]:
        """Return the problem as RFC 9457 writes it, with what was said as extra members."""
        kind = kinds()[self.name]
        return {
            "type": f"/problems/{self.name}",
            "title": kind.title[language],
            "status": kind.status,
            "detail": kind.detail[language].format_map(_Said(self.said)),
            **{key: value for key, value in self.said.items() if key not in ("message", "limit")},
        }


class _Said(dict[str, object]):
    """What was said, with lists joined and an unknown place written as a dash."""

    def __getitem__(self, key: str) -> object:
        value = self.get(key)
        if isinstance(value, list | tuple):
            return ", ".join(str(one) for one in value)
        return "–" if value in (None, "") or (key in ("line", "column") and value == 0) else value


@cache
def kinds() -> Mapping[str, Kind]:
    """Return all kinds of problems by name."""
    listed = tomllib.loads((Path(__file__).parent / "problems.toml").read_text(encoding="utf-8"))
    return {
        name: Kind(
            said["status"],
            {language: said[language][0] for language in ("zh", "en")},
            {language: said[language][1] for language in ("zh", "en")},
        )
        for name, said in listed.items()
    }


def problem_of(fault: Exception, seconds: float) -> Problem:  # noqa: C901 - one case a line
    """Return the problem that an exception of the graph stands for; ``seconds`` is the limit that was in force."""
    match fault:
        case Problem():
            return fault
        case NotAnUpdate():
            return Problem("query-not-here", line=fault.line, column=fault.column, keyword=fault.message)
        case NotAQuery():
            return Problem("update-not-here", line=fault.line, column=fault.column)
        case SyntaxFault():
            return Problem("malformed-query", line=fault.line, column=fault.column, message=fault.message)
        case GraphMissing():
            return Problem("graph-missing", graph=fault.graph)
        case GraphExists():
            return Problem("graph-exists", graph=fault.graph)
        case QueryFault():
            return Problem("query-not-evaluated", message=str(fault))
        case TooLarge():
            return Problem("query-too-large", limit=fault.limit)
        case TooDeep():
            return Problem("query-too-deep", line=fault.line, column=fault.column)
        case RemoteAccess():
            return Problem("remote-access", line=fault.line, column=fault.column, keyword=fault.keyword)
        case EndpointRefused():
            return Problem("remote-refused", endpoint=fault.endpoint)
        case RemoteFailed():
            return Problem("remote-failed", endpoint=fault.endpoint, reason=fault.reason)
        case WrongValue():
            return Problem(fault.reason, field=fault.parameter, value=fault.given, expected=fault.expected)
        case UnsupportedMediaType():
            return Problem("not-acceptable", offered=str(fault))
        case TimeLimitReached():
            return Problem("query-timeout", limit=f"{seconds:g}", headers={"Retry-After": "60"})
        case MemoryLimitReached():
            return Problem("query-memory", headers={"Retry-After": "60"})
        case Refused():
            return Problem(fault.reason, graphs=list(fault.graphs))
        case ChecksFailed():
            return Problem("checks-failed", count=len(fault.findings), findings=_findings(fault))
        case ImportFault():
            return import_problem(fault)
        case NothingToUndo():
            return Problem("nothing-to-undo", number=fault.number, undone_by=fault.undone_by)
        case LaterChanges():
            return Problem("undo-conflict", numbers=list(fault.numbers))
        case Busy():
            return Problem("busy", headers={"Retry-After": "5"})
        case EngineClosed() | KeeperLost():
            return Problem("unavailable", headers={"Retry-After": "5"})
        case _:
            return Problem("internal", time=datetime.now(UTC).isoformat(timespec="seconds"))


@contextmanager
def document_faults() -> Iterator[None]:
    """Tell faults of a document that is read inside as such, not as faults of a query.

    Raises:
        Problem: ``malformed-document`` or ``document-too-heavy``.
    """
    try:
        yield
    except SyntaxFault as fault:
        raise Problem(
            "malformed-document", line=fault.line, column=fault.column, message=fault.message
        ) from fault
    except (TimeLimitReached, MemoryLimitReached) as fault:
        raise Problem("document-too-heavy") from fault


def import_problem(fault: ImportFault) -> Problem:
    """Return the problem that a fault of an import stands for."""
    match fault:
        case NotStaged():
            return Problem("not-found", what=fault.name)
        case WrongOption():
            return Problem("malformed-request", message=f"{fault.name}: {fault.value}")
        case StagingFull():
            return Problem("staging-full", most=fault.most, counted=fault.limit)
        case ImportRefused():
            remarks = [remark.said_in_both() for remark in fault.remarks]
            return Problem("import-refused", count=len(remarks), remarks=remarks)
        case NotReady():
            said = {name: fault.report.get(name) for name in ("why_not", "remarks", "digest", "version")}
            return Problem("import-not-ready", **said)
        case Conflict():
            said = {"digest": fault.digest, "version": fault.version, "changes": fault.changes}
            return Problem("import-conflict", count=len(fault.changes), **said)
    raise fault


def _findings(fault: ChecksFailed) -> list[dict[str, object]]:
    return [
        {
            "severity": finding.severity,
            "node": finding.node,
            "value": finding.value,
            "path": finding.path,
            "rule": finding.check,
            "message": finding.message,
            "remedy": finding.remedy,
            "source": finding.graph,
        }
        for finding in fault.findings
    ]
