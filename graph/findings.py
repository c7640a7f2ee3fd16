"""Checks and findings: what a shape demands, as one set-based query, and what a check found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.quads import Term

Severity = Literal["violation", "warning", "info"]


MOST: Mapping[Severity, int] = {"violation": 10_000, "warning": 200, "info": 200}
"""Findings of one check that are listed; further ones are counted."""


@dataclass(frozen=True)
class Check:
    """One constraint of one shape.

    Attributes:
        name: stable name, ``shape/component/path``, for messages and tests.
        shape: IRI of the node shape.
        component: SHACL component without ``ConstraintComponent``: ``MinCount``, ``Class``, …
        path: the property path as SPARQL (empty for a constraint on the node itself).
        severity: violation, warning or info.
        message: what is wrong, by language (zh, en).
        remedy: what to do about it, by language.
        query: ``SELECT ?this ?value`` over the data in view; every row is a finding. Holds the line
            ``#FOCUS``.
        reach: property paths that lead from a changed node (``?from``) to the focus nodes (``?this``) whose
            result may change with it, besides the node itself; for example ``org:member`` when the check looks
            from an organization back to its memberships. Full IRIs, SPARQL path syntax.
        target: pattern that binds ``?this`` to the nodes that the check is about (empty: not known); where there are
            none, the check need not be asked.
    """

    name: str
    shape: str
    component: str
    path: str
    severity: Severity
    message: Mapping[str, str]
    remedy: Mapping[str, str]
    query: str
    reach: tuple[str, ...] = ()
    target: str = ""


@dataclass(frozen=True)
class Finding:
    """What a check found: the node, the value at fault (if one), and the source graph looked at."""

    check: str
    severity: Severity
    node: Term
    value: Term | None
    graph: Term
    message: Mapping[str, str] = field(compare=False)
    remedy: Mapping[str, str] = field(compare=False)
    path: str = field(default="", compare=False)


class Listing:
    """Findings as they come, of which each check lists some and counts the others.

    Attributes:
        more: name of a check to how many of its findings are not listed.
    """

    def __init__(self) -> None:
        self._listed: Counter[str] = Counter()
        self.more: Counter[str] = Counter()

    def has_room(self, check: str, severity: Severity) -> bool:
        """Tell whether one more finding of a check is listed, and count it."""
        is_listed = self._listed[check] < MOST[severity]
        (self._listed if is_listed else self.more)[check] += 1
        return is_listed

    def of(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that are listed."""
        return (finding for finding in findings if self.has_room(finding.check, finding.severity))
