"""Where an import begins: which alliance the list is of, where it may be dropped, and what was imported before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.requests import Request

from api.access import identity_of
from api.import_choices import area_labels, provinces, real_alliances
from api.templating import view_of
from graph.alliances import alliance_quads
from graph.identity import Identities
from graph.imports.faults import ImportRefused
from graph.imports.importer import Importer
from graph.imports.remarks import Remark
from graph.nodes import Named
from graph.repository import Repository
from graph.settle import Proposal
from graph.summary import holds_illustrative
from ontology.areas import AREA
from ontology.display import Labels

EARLIER = 30
"""Earlier imports that are listed."""


@dataclass(frozen=True)
class Offered:
    """An alliance that a list may be of, and how many members it has on record."""

    iri: str
    labels: Labels
    members: int


@dataclass(frozen=True)
class Earlier:
    """An import that was made before."""

    id: str
    title: str
    made: str
    by: str
    state: str
    change: int | None


@dataclass(frozen=True)
class Start:
    """What the page says where an import begins.

    Attributes:
        refused: why no list can be imported here: ``illustrative``, ``plain``, ``read-only`` (empty: it can).
        alliances: the alliances to choose from.
        alliance: the one that was chosen (``None``: none yet).
        chosen: what the form has chosen: an IRI, or ``new``.
        area: code of the area.
        area_labels: what that is called.
        provinces: the areas to choose from.
        earlier: imports made before, the newest first.
        mistakes: what was wrong with what the form said.
        refusals: why the files that were sent cannot be read: what is wrong and what to do.
    """

    refused: str
    alliances: Sequence[Offered]
    alliance: Named | None
    chosen: str
    area: str
    area_labels: Labels
    provinces: Sequence[tuple[str, Labels]]
    earlier: Sequence[Earlier]
    name_zh: str = ""
    name_en: str = ""
    mistakes: Sequence[str] = ()
    refusals: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class NewAlliance:
    """An alliance that was named: its IRI, or what was wrong."""

    iri: str = ""
    mistakes: Sequence[str] = field(default=())


def start_of(request: Request, said: Mapping[str, str] | None = None, mistakes: Sequence[str] = ()) -> Start:
    """Return what the page says; ``said`` is what a form said that has mistakes."""
    asked = said or request.query_params
    engine = request.app.state.engine
    listed = real_alliances(request)
    chosen = asked.get("alliance", "")
    found = next((one.alliance for one in listed if one.alliance.iri == chosen), None)
    area = asked.get("area", "" if found or said else request.app.state.settings.area)
    return Start(
        refused=_refused(request),
        alliances=[Offered(one.alliance.iri, one.alliance.labels, one.members.real) for one in listed],
        alliance=None if mistakes else found,
        chosen=chosen,
        area=area,
        area_labels=area_labels(engine, area),
        provinces=provinces(engine),
        earlier=[_earlier(one) for one in _importer(request).listed()[:EARLIER]],
        name_zh=asked.get("name_zh", ""),
        name_en=asked.get("name_en", ""),
        mistakes=mistakes,
    )


def refused_start(request: Request, said: Mapping[str, str], refused: ImportRefused) -> Start:
    """Return what the page says when nothing of what was sent can be read."""
    language = view_of(request).language
    told = [(_located(remark, language), remark.remedy(language)) for remark in refused.remarks]
    return replace(start_of(request, said), refusals=told)


def _located(remark: Remark, language: str) -> str:
    """Return what is wrong, with the file that it is wrong with."""
    what = remark.what(language)
    return f"{remark.file}{': ' if language == 'en' else '：'}{what}" if remark.file else what


def new_alliance(request: Request, zh: str, en: str, area: str) -> NewAlliance:
    """Name an alliance that no source speaks of yet, as one change; or say what is wrong."""
    translator = view_of(request).translator
    if not zh:
        return NewAlliance(mistakes=[translator.text("Give the Chinese name of the alliance.")])
    held = next((one.alliance for one in real_alliances(request) if zh in one.alliance.labels.values()), None)
    if held is not None:
        return NewAlliance(held.iri)
    repository: Repository = request.app.state.repository
    identities = Identities(repository.journal, repository.base)
    place = AREA + area if area.isdecimal() else ""
    made, quads = alliance_quads(identities, repository.names, zh, en, place)
    why = translator.text("New alliance: {name}", name=zh)
    repository.propose(
        Proposal(added=quads), who=identity_of(request).name, why=why, identities=identities.to_write()
    )
    return NewAlliance(made)


def _refused(request: Request) -> str:
    repository: Repository = request.app.state.repository
    if request.app.state.settings.read_only:
        return "read-only"
    if repository.plain:
        return "plain"
    return "illustrative" if holds_illustrative(request.app.state.engine) else ""


def _earlier(said: Mapping[str, Any]) -> Earlier:
    return Earlier(
        id=said["id"],
        title=said["source"]["title"],
        made=said["made"],
        by=said["by"],
        state=said["state"],
        change=said["change"],
    )


def _importer(request: Request) -> Importer:
    importer: Importer = request.app.state.importer
    return importer
