"""Faults on their way from a worker to the server: an exception as JSON, and back."""

from __future__ import annotations

import json

from graph.capture import GraphExists, GraphMissing
from graph.guard import NotAccepted, RemoteAccess, TooDeep, TooLarge
from graph.reach import DocumentWanted
from graph.settle import Refused
from graph.sparql_tokens import Place
from graph.sparql_update import NotAnUpdate
from graph.store import NotAQuery, QueryFault, SyntaxFault, UnsupportedMediaType

EXPECTED = (SyntaxFault, QueryFault, UnsupportedMediaType, Refused, NotAccepted, DocumentWanted)
"""What a request may do wrong; everything else is a fault of the program and ends the worker."""


def written_fault(fault: Exception) -> bytes:
    """Return one of the expected exceptions as JSON."""
    said: dict[str, object] = {"kind": type(fault).__name__, "message": str(fault)}
    match fault:
        case SyntaxFault() | NotAccepted():
            said |= {"line": fault.line, "column": fault.column}
        case GraphMissing() | GraphExists():
            said |= {"graph": fault.graph}
        case Refused():
            said |= {"message": fault.reason, "graphs": list(fault.graphs)}
        case DocumentWanted():
            said |= {"line": fault.line, "column": fault.column, "silent": fault.silent}
    if isinstance(fault, TooLarge):
        said["limit"] = fault.limit
    if isinstance(fault, RemoteAccess):
        said["keyword"] = fault.keyword
    return json.dumps(said).encode()


def read_fault(data: bytes) -> Exception:  # noqa: C901 - one case a line
    """Return the exception that was written; raises ValueError for what ``written_fault`` did not write."""
    said = json.loads(data)
    message, place = said["message"], Place(said.get("line", 0), said.get("column", 0))
    match said["kind"]:
        case "NotAnUpdate":
            return NotAnUpdate(message, *place)
        case "NotAQuery":
            return NotAQuery(message, *place)
        case "SyntaxFault":
            return SyntaxFault(message, *place)
        case "GraphMissing":
            return GraphMissing(said["graph"])
        case "GraphExists":
            return GraphExists(said["graph"])
        case "QueryFault":
            return QueryFault(message)
        case "UnsupportedMediaType":
            return UnsupportedMediaType(message)
        case "Refused":
            return Refused(message, tuple(said["graphs"]))
        case "TooLarge":
            return TooLarge(said["limit"])
        case "TooDeep":
            return TooDeep(message, place)
        case "RemoteAccess":
            return RemoteAccess(said["keyword"], place)
        case "DocumentWanted":
            return DocumentWanted(message, *place, silent=said["silent"])
    raise ValueError(f"unknown fault: {said['kind']}")
