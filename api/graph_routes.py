"""The graph over REST: what surrounds a thing, how two are related, and what several share."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.i18n import LANGUAGES, translator
from api.problems import Problem
from api.rest import as_json
from graph.edges import DescribedEdge, EdgeBook
from graph.layout import positions
from graph.paths import MOST_CHAINS, MOST_SHARING, Chain, common, shortest_paths
from graph.projection import Edge, Filters, Neighbourhood, Node, Projection, ProjectionCache, UnknownNode
from graph.quads import text_of
from graph.sentences import sentence, unrelated
from graph.sides import DIRECTIONS, Direction
from graph.tallies import Grouping, Tally, tallies
from graph.times import Held
from ontology.display import Labels
from ontology.kinds import kinds
from ontology.library import query

router = APIRouter(prefix="/api/v1/graph", tags=["core"], dependencies=[Depends(needs("read"))])

AsOf = Annotated[date | None, Query(description="日期，默认今天 · date, today by default")]
Real = Annotated[bool, Query(description="不含示例 · without what is illustrative")]
Answers = Annotated[
    list[Held] | None,
    Query(
        description="当日是否成立，默认 yes 与 unknown · whether it holds then; yes and unknown by default"
    ),
]
Relations = Annotated[
    list[str] | None,
    Query(description="只看这些关系（IRI 或种类名） · only these relations, by IRI or name of their kind"),
]


def asked_filters(
    request: Request,
    relation: Relations = None,
    as_of: AsOf = None,
    held: Answers = None,
    real: Real = False,
) -> Filters:
    """Return which relations a request asks about: by default those that hold today, or may hold."""
    return Filters(
        as_of=as_of or request.app.state.today(),
        held=frozenset(held or ("yes", "unknown")),
        real_only=real,
        relations=frozenset(relation) if relation else None,
    )


Asked = Annotated[Filters, Depends(asked_filters)]
Thing = Annotated[str, Query(description="资源 IRI · IRI of the thing")]


@router.get("/neighbourhood", summary="The graph around a thing")
def neighbourhood(
    request: Request,
    iri: Thing,
    filters: Asked,
    hops: Annotated[int, Query(ge=1, le=3, description="步数 · steps")] = 1,
    direction: Literal["both", "in", "out"] = "both",
    group_by: Annotated[
        Grouping | None, Query(description="另按此计数，含未列出的 · also count all there is by this")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1500, description="节点上限 · most nodes")] = 100,
) -> Response:
    """Return nodes and edges around a thing, each edge with sources and dates, and how much was left out."""
    projection = _projection(request)
    with known_things():
        found = projection.neighbourhood(iri, hops, direction, limit, filters)
    described = _book(request).described(found.edges, found.version)
    body = neighbourhood_json(found, described, filters)
    if group_by:
        ways: Collection[Direction] = DIRECTIONS if direction == "both" else (direction,)
        prefectures = _prefectures(request) if group_by == "prefecture" else ()
        counted = tallies(projection, iri, group_by, hops, ways, filters, prefectures)
        body["groups"] = [_group_json(one, group_by, projection) for one in counted]
    return as_json(request, body)


@router.get("/path", summary="How two things are related")
def path(
    request: Request,
    filters: Asked,
    from_iri: Annotated[str, Query(alias="from", description="起点 IRI · IRI of the one thing")],
    to_iri: Annotated[str, Query(alias="to", description="终点 IRI · IRI of the other thing")],
    k: Annotated[int, Query(ge=1, le=MOST_CHAINS, description="条数上限 · most chains")] = 1,
) -> Response:
    """Return the shortest chains of relations between two things, each with one sentence and its sources.

    Chains through what lies in one area are told only where there is no other of like length. Where there is no
    chain at all the list is empty, and ``sentence`` says so.
    """
    projection, book = _projection(request), _book(request)
    with known_things():
        chains = shortest_paths(projection, from_iri, to_iri, k, filters)
        ends = projection.node(from_iri, filters), projection.node(to_iri, filters)
    found = [_chain_json(chain, book.described(chain.edges, projection.version)) for chain in chains]
    told = {language: unrelated(*ends, language) for language in LANGUAGES}
    return as_json(
        request,
        {
            "version": projection.version,
            **_asked_json(filters),
            "from": node_json(ends[0]),
            "to": node_json(ends[1]),
            "sentence": found[0]["sentence"] if found else told,
            "chains": found,
        },
    )


@router.get("/common", summary="What several things share")
def shared(
    request: Request,
    filters: Asked,
    iri: Annotated[
        list[str],
        Query(min_length=2, max_length=MOST_SHARING, description="2–5 个资源 IRI · IRIs of 2 to 5 things"),
    ],
    limit: Annotated[int, Query(ge=1, le=1500, description="条数上限 · most things")] = 100,
) -> Response:
    """Return what all of several things are related to, with the relations that lead there."""
    projection = _projection(request)
    with known_things():
        found = common(projection, iri, filters, limit)
        asked = [projection.node(name, filters) for name in dict.fromkeys(iri)]
    edges = _book(request).described(found.edges, projection.version)
    return as_json(
        request,
        {
            "version": projection.version,
            **_asked_json(filters),
            "things": [node_json(node) for node in asked],
            "total": found.total,
            "truncated": found.truncated,
            "nodes": [node_json(node) for node in found.nodes],
            "edges": [edge_json(one) for one in edges],
        },
    )


@contextmanager
def known_things() -> Iterator[None]:
    """Answer "not found" for a thing that the graph does not know."""
    try:
        yield
    except UnknownNode as fault:
        raise Problem("not-found", what=str(fault)) from fault


def neighbourhood_json(
    found: Neighbourhood, edges: Sequence[DescribedEdge], filters: Filters
) -> dict[str, Any]:
    """Return a neighbourhood as JSON: nodes with positions, edges with sources and dates, and what was left out."""
    places = positions(found)
    return {
        "centre": found.centre.iri,
        "hops": found.hops,
        "version": found.version,
        **_asked_json(filters),
        "truncated": found.truncated,
        "nodes": [
            {**node_json(node), "x": places[node.iri][0], "y": places[node.iri][1]} for node in found.nodes
        ],
        "edges": [edge_json(one) for one in edges],
        "left_out": [asdict(counted) for counted in found.left_out],
    }


def node_json(node: Node) -> dict[str, Any]:
    """Return a thing as JSON."""
    return asdict(node)


def edge_json(one: DescribedEdge) -> dict[str, Any]:
    """Return a relation as JSON, with what is known of it and who says so."""
    edge: Edge = one.edge
    return {
        "from": edge.from_iri,
        "to": edge.to_iri,
        "relation": edge.relation,
        "kind": kinds().relation_of(edge.relation).name,
        "fact": edge.fact or None,
        "held": edge.held,
        "illustrative": one.provenance.illustrative,
        "labels": one.labels,
        "inverse": one.inverse,
        "qualifiers": [asdict(qualifier) for qualifier in one.qualifiers],
        "provenance": asdict(one.provenance),
    }


def _chain_json(chain: Chain, described: Sequence[DescribedEdge]) -> dict[str, Any]:
    return {
        "length": chain.length,
        "sentence": {
            language: sentence(chain, described, language, translator(language).date)
            for language in LANGUAGES
        },
        "nodes": [node_json(node) for node in chain.nodes],
        "edges": [edge_json(one) for one in described],
    }


def _asked_json(filters: Filters) -> dict[str, Any]:
    return {
        "as_of": filters.as_of.isoformat() if filters.as_of else None,
        "held": sorted(filters.held),
        "real": filters.real_only,
    }


def _group_json(tally: Tally, grouping: Grouping, projection: Projection) -> dict[str, Any]:
    return {
        "group": tally.group or None,
        "labels": _group_labels(tally.group, grouping, projection),
        "count": tally.count,
    }


def _group_labels(group: str, grouping: Grouping, projection: Projection) -> Labels:
    table = kinds()
    if grouping == "kind":
        return table.node(group).labels
    if grouping == "relation":
        return table.relation(group).title
    return projection.node(group).labels if group else table.words["placeless"]


def _prefectures(request: Request) -> list[str]:
    rows: list[Mapping[str, str]] = request.app.state.engine.select(query("areas-of-level").text)
    return [text_of(row["area"]) for row in rows]


def _projection(request: Request) -> Projection:
    projections: ProjectionCache = request.app.state.projections
    return projections.current()


def _book(request: Request) -> EdgeBook:
    book: EdgeBook = request.app.state.edges
    return book
