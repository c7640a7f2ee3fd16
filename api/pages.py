"""The pages: home, search, ontology, and the page of any thing. Each shows what the graph says, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api.access import needs
from api.drawing import Drawing, Group, Spoke, narrow, wide
from api.i18n import language_of
from api.restricted_view import restricted_rows
from api.review_view import lately
from api.surroundings import explored, home_groups, middle, neighbourhood
from api.templating import downloads, is_real_only, page, rendered, view_of
from graph.cards import Card, card, relation_page
from graph.engine import Engine
from graph.imports.unclear import unclear_facts
from graph.links import Direction
from graph.names import PACKAGED
from graph.nodes import Nodes, is_iri_text
from graph.provenance import graph_entry
from graph.quads import text_of
from graph.search import search
from graph.search_index import Counted, SearchIndex
from graph.summary import Summary, holds_illustrative, site_name
from ontology.display import display
from ontology.library import query

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("read"))])

HITS = 25
"""Hits on one page."""
MOST_OFFSET = 1000
"""How far pages of hits go: who has not found it by then needs another word."""


@router.get("/")
def home(request: Request) -> Response:
    """Return the home page."""
    engine = _engine(request)
    whole: Summary = request.app.state.summaries.current()
    real = is_real_only(request)
    known = whole.real() if real else whole
    unit = _unit(engine, known, real=real)
    alliances = [card(engine, one.alliance.iri, real=real) for one in known.alliances[:1]]
    return page(
        request,
        "home.html",
        known=known,
        unit=unit,
        alliance=alliances[0] if alliances else None,
        drawings=_home_drawings(request, unit, known),
        changes=_changes(request),
        lately=lately(request),
        **frame(request),
    )


@router.get("/search")
def search_page(request: Request, q: str = "", kind: str = "", start: int = 0) -> Response:
    """Return what is called so, of all kinds or of one, with the number of each kind."""
    offset = min(max(0, start), MOST_OFFSET)
    index: SearchIndex = request.app.state.search.current()
    families, real = display().family_order, is_real_only(request)
    chosen = kind if kind in families else ""
    found = search(
        _engine(request),
        q,
        families=[chosen] if chosen else (),
        limit=HITS,
        offset=offset,
        real=real,
        index=index,
        language=language_of(request),
    )
    counted = {name: count for name, count in index.counts(q, families, real=real).items() if count.number}
    return page(
        request,
        "search.html",
        q=q,
        kind=chosen,
        found=found,
        counted=counted,
        total=total_of([counted[chosen]] if chosen in counted else [] if chosen else counted.values()),
        offset=offset,
        hits=HITS,
        **frame(request),
    )


def total_of(counts: Iterable[Counted]) -> Counted:
    """Return the sum of several numbers of things."""
    listed = list(counts)
    return Counted(sum(one.number for one in listed), any(one.at_least for one in listed))


def ontology_page(request: Request) -> Response:
    """Return the list of classes, properties and vocabularies, with the numbers of things they have here."""
    engine = _engine(request)
    nodes = Nodes(engine)
    listed = {name: _listed(engine, name) for name in ("class-list", "class-properties", "class-schemes")}
    nodes.read(value for rows in listed.values() for row in rows for value in row.values() if ":" in value)
    return page(
        request,
        "ontology.html",
        nodes=nodes,
        classes=_by_class(listed["class-list"]),
        properties=listed["class-properties"],
        schemes=listed["class-schemes"],
        families=nodes.table.families,
        downloads=downloads(f"{PACKAGED}ontology", request.app.state.base),
        **frame(request),
    )


def resource_page(request: Request, name: str) -> Response:
    """Return the page of any thing that the graph speaks of; 404 when it does not."""
    engine = _engine(request)
    more = _asked_relation(request)
    if more:
        return _relation(request, engine, name, *more)
    shown = card(engine, name, real=is_real_only(request))
    if shown is None:
        return _graph_or_nothing(request, engine, name)
    view = view_of(request)
    centre = middle(shown.named, view)
    return page(
        request,
        "resource.html",
        card=shown,
        drawings=_drawings(centre, neighbourhood(shown, view)),
        drawn_in_explorer=bool(centre.thing),
        restricted=restricted_rows(request, name),
        unclear=unclear_facts(engine, name) if shown.named.family == "organization" else [],
        downloads=downloads(name, request.app.state.base),
        **frame(request),
    )


def problem_page(request: Request, body: Mapping[str, Any]) -> str:
    """Return the page of a problem; it asks the engine nothing, which may be the trouble."""
    return rendered(
        request, "problem.html", problem=body, site=_title(request), illustrative=False, version=None
    )


def _relation(
    request: Request, engine: Engine, name: str, direction: Direction, property_: str, after: str
) -> Response:
    nodes = Nodes(engine)
    nodes.read([name])
    relation = relation_page(engine, name, direction, property_, after, real=is_real_only(request))
    return page(
        request, "relation.html", thing_=nodes.named(name), relation=relation, after=after, **frame(request)
    )


def _graph_or_nothing(request: Request, engine: Engine, name: str) -> Response:
    """Return the page of a named graph, which nothing may speak of though it speaks; else 404."""
    found = graph_entry(engine, name)
    if found is None:
        return page(request, "unknown.html", 404, name=name, **frame(request))
    kind, document = found
    listed = downloads(name, request.app.state.base)
    return page(
        request, "graph.html", name=name, kind=kind, document=document, downloads=listed, **frame(request)
    )


def _asked_relation(request: Request) -> tuple[Direction, str, str] | None:
    """Return which relation the address asks for: ``?out=PROPERTY`` or ``?in=PROPERTY``, ``&after=IRI``."""
    directions: tuple[Direction, ...] = ("in", "out")
    for direction in directions:
        property_ = request.query_params.get(direction, "")
        if is_iri_text(property_):
            return direction, property_, request.query_params.get("after", "")
    return None


def _unit(engine: Engine, known: Summary, *, real: bool) -> Card | None:
    """Return the card of the unit that the home page is built around: who started the first alliance."""
    initiators = [unit for one in known.alliances for unit in one.initiators]
    return card(engine, initiators[0].iri, real=real) if initiators else None


def _home_drawings(request: Request, unit: Card | None, known: Summary) -> list[Drawing]:
    if unit is None:
        return []
    view = view_of(request)
    started = [one for one in known.alliances if unit.iri in {who.iri for who in one.initiators}]
    return _drawings(explored(middle(unit.named, view), view), home_groups(unit, started, view))


def _drawings(around: Spoke, groups: Sequence[Group]) -> list[Drawing]:
    """Return the picture for wide and the one for narrow screens; none when there is nothing around a thing."""
    return [wide(around, groups), narrow(around, groups)] if groups else []


def _listed(engine: Engine, name: str) -> list[dict[str, str]]:
    return [{key: text_of(term) for key, term in row.items()} for row in engine.select(query(name).text)]


def _by_class(rows: Sequence[Mapping[str, str]]) -> dict[str, tuple[list[str], int]]:
    """Return for each class its parents and its number of instances."""
    found: dict[str, tuple[list[str], int]] = {}
    for row in rows:
        parents, _ = found.get(row["class"], ([], 0))
        found[row["class"]] = ([*parents, row["parent"]] if "parent" in row else parents, int(row["count"]))
    return found


def _changes(request: Request) -> list[Any]:
    """Return the latest changes where the instance keeps a history."""
    history = getattr(request.app.state, "changes", None)
    return list(history())[:5] if history else []


def frame(request: Request) -> dict[str, Any]:
    """Return what every page shows around its content: the site's name, the state, and if anything is invented."""
    engine = _engine(request)
    return {
        "site": _title(request) or view_of(request).label(site_name(engine)),
        "illustrative": holds_illustrative(engine),
        "version": engine.version,
    }


def _title(request: Request) -> str:
    return str(request.app.state.settings.title)


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine
