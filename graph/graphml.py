"""A part of the graph as GraphML, for Gephi, yEd, Cytoscape and the like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO

import networkx as nx

Value = str | int | float | bool


def graphml(
    things: Iterable[tuple[str, Mapping[str, Value]]],
    relations: Iterable[tuple[str, str, str, Mapping[str, Value]]],
) -> bytes:
    """Return a directed multigraph as GraphML.

    Args:
        things: names with their attributes.
        relations: from, to and key, with their attributes.
    """
    graph = nx.MultiDiGraph()
    for name, about in things:
        graph.add_node(_clean(name), **_cleaned(about))
    for start, end, key, about in relations:
        graph.add_edge(_clean(start), _clean(end), key=_clean(key), **_cleaned(about))
    written = BytesIO()
    nx.write_graphml_xml(graph, written)
    return written.getvalue()


def _cleaned(about: Mapping[str, Value]) -> Mapping[str, Value]:
    return {name: _clean(value) if isinstance(value, str) else value for name, value in about.items()}


def _clean(text: str) -> str:
    """Return a text without the signs that XML cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff"))
