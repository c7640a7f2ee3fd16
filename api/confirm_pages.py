"""The pages on which a unit's data is confirmed, corrected or called unclear; the answers become a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.access import identity_of, needs
from api.confirm_view import Confirming
from api.i18n import translator as translator_of
from api.list_cells import cell
from api.pages import frame
from api.problems import Problem
from api.templating import page, view_of
from api.uploads import form_of
from graph.engine import Engine
from graph.facets import Selection, listing
from graph.findings import Finding
from graph.identity import Identities
from graph.imports.confirmation import confirmation_source, confirmed
from graph.imports.importer import refuse_among_invented
from graph.imports.proposal import import_proposal
from graph.nodes import in_language, is_iri_text
from graph.quads import text_of
from graph.repository import Repository
from graph.restricted import RestrictedDelta
from graph.settle import Proposal
from graph.tables import Tables
from ontology.display import Labels
from ontology.library import query

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("import"))])

LISTED = 200
"""Members that are listed to choose from."""


@dataclass(frozen=True)
class Choice:
    """A unit that may be confirmed: its names, where it is, and when it last answered (empty: never)."""

    iri: str
    labels: Labels
    place: Labels
    last: str


@dataclass(frozen=True)
class Made:
    """What a form becomes: what is asked of the graph, and what the checks say of it."""

    proposal: Proposal
    restricted: RestrictedDelta
    identities: Identities
    title: str
    findings: tuple[Finding, ...]

    @property
    def violations(self) -> list[Finding]:
        """What stands in the way."""
        return [one for one in self.findings if one.severity == "violation"]


@router.get("/confirm")
def confirm_page(
    request: Request, unit: str = "", source: str = "", q: str = "", change: str = ""
) -> Response:
    """Return the facts on record about a unit to be confirmed, or the units to choose from."""
    if not unit:
        return page(request, "confirm_choose.html", choices=choices(request, q), q=q, **frame(request))
    asked = _confirming(request, unit, source, {})
    number = int(change) if change.isdecimal() and change.isascii() and len(change) < 10 else 0
    undone = number and _repository(request).undone_by(number)
    return page(request, "confirm.html", asked=asked, change=number, undone=undone, **frame(request))


@router.post("/confirm/preview")
async def preview(request: Request) -> Response:
    """Return what the answers of a form would state; nothing is written."""
    return await run_in_threadpool(_previewed, request, await _said(request))


@router.post("/confirm")
async def commit(request: Request) -> Response:
    """Write the answers of a form into the graph as a source of their own."""
    return await run_in_threadpool(_committed, request, await _said(request))


@router.post("/confirm/undo")
async def undo(request: Request) -> Response:
    """Take the answers of a form back."""
    said = await _said(request)
    number = said.get("change", "")
    if number.isdecimal() and number.isascii():
        who, why = identity_of(request).name, said.get("why", "").strip()
        await run_in_threadpool(_repository(request).undo, int(number), who=who, why=why)
    return _back(request, {"unit": said.get("unit", ""), "change": number})


def choices(request: Request, words: str) -> list[Choice]:
    """Return the members to choose from: those that never answered come first."""
    tables: Tables = request.app.state.tables.current()
    view, columns = view_of(request), tables["members"].definition.columns
    selection = Selection({"held": ("yes", "unknown")}, text=" ".join(words.split()), real_only=True)
    found = listing(tables["members"], selection, request.app.state.today())
    last = _last_confirmed(request.app.state.engine)
    listed: dict[str, Choice] = {}
    for row in found.rows(language=view.language).tolist():
        for unit in cell(found, row, columns["unit"], view.language):
            places = cell(found, row, columns["prefecture"], view.language)
            listed.setdefault(
                unit.iri,
                Choice(unit.iri, unit.labels, places[0].labels if places else {}, last.get(unit.iri, "")),
            )
    return sorted(listed.values(), key=lambda one: one.last)[:LISTED]


def _last_confirmed(engine: Engine) -> Mapping[str, str]:
    rows = engine.select(query("last-confirmed").text)
    return {text_of(row["unit"]): text_of(row["last"]) for row in rows if "unit" in row}


async def _said(request: Request) -> Mapping[str, str]:
    return {name: value for name, value in (await form_of(request)).items() if isinstance(value, str)}


def _confirming(request: Request, unit: str, source: str, said: Mapping[str, str]) -> Confirming:
    """Return what is asked about a unit; raises Problem where there is no such unit."""
    if not is_iri_text(unit) or (source and not is_iri_text(source)):
        raise Problem("not-found", what=unit)
    asked = Confirming(request, unit, source, said)
    if not asked.named.described or asked.named.family != "organization" or asked.named.illustrative:
        raise Problem("not-found", what=unit)
    return asked


def _previewed(request: Request, said: Mapping[str, str]) -> Response:
    asked = _confirming(request, said.get("unit", ""), said.get("source", ""), said)
    if said.get("again") or asked.mistakes or not asked.answered:
        return _again(request, asked)
    made = _made(request, asked)
    return page(request, "confirm_preview.html", asked=asked, made=made, said=said, **frame(request))


def _committed(request: Request, said: Mapping[str, str]) -> Response:
    asked = _confirming(request, said.get("unit", ""), said.get("source", ""), said)
    if asked.mistakes or not asked.answered:
        return _again(request, asked)
    made = _made(request, asked)
    recorded = _repository(request).propose(
        made.proposal,
        who=identity_of(request).name,
        why=made.title,
        source=made.title,
        restricted=made.restricted,
        identities=made.identities.to_write(),
    )
    number = recorded.change.number if recorded.change else 0
    return _back(request, {"unit": asked.unit, "change": str(number)})


def _again(request: Request, asked: Confirming) -> Response:
    """Return the form as it was filled in."""
    status = 422 if asked.mistakes else 200
    return page(request, "confirm.html", status, asked=asked, change=0, undone=0, **frame(request))


def _made(request: Request, asked: Confirming) -> Made:
    repository = _repository(request)
    refuse_among_invented(repository)
    name = in_language(asked.named.labels, "zh")
    day = request.app.state.today().isoformat()
    translator = translator_of("zh")  # what a source is called does not depend on who reads
    title = translator.text("Confirmation: {name} {day}", name=name, day=day)
    form = asked.form(title)
    identities = Identities(repository.journal, repository.base)
    source = confirmation_source(form, repository.engine, repository.names)
    stated = confirmed(form, source, identities, asked.introductions)
    proposal, restricted = import_proposal(
        stated, source, repository.engine, repository.names, repository.restricted
    )
    return Made(proposal, restricted, identities, title, repository.engine.draft(proposal).findings)


def _back(request: Request, asked: Mapping[str, str]) -> Response:
    said = {name: value for name, value in asked.items() if value}
    return RedirectResponse(view_of(request).local(f"/confirm?{urlencode(said)}"), 303)


def _repository(request: Request) -> Repository:
    repository: Repository = request.app.state.repository
    return repository
