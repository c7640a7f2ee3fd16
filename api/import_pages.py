"""The pages of imports, all of plain forms: from an alliance and a list to a preview, a commit, and back again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.access import identity_of, needs
from api.import_choices import Choices, HeldUnits
from api.import_start import Start, new_alliance, refused_start, start_of
from api.import_view import STEPS, ImportView, start_in
from api.pages import frame
from api.templating import page, view_of
from api.uploads import form_of, upload_of
from graph.imports.faults import Conflict, ImportRefused, NotReady
from graph.imports.grid import column_letter
from graph.imports.importer import Importer
from graph.imports.options import Options
from ontology.workbook import workbook

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("import"))])

WORKING = ("reading", "checking")
"""States in which an import is not ready to be looked at."""


@router.get("/import")
def import_page(request: Request) -> Response:
    """Return the page where one begins: the alliance, then the list; and what was imported before."""
    return _start(request, start_of(request))


@router.post("/import/alliance")
async def choose_alliance(request: Request) -> Response:
    """Choose the alliance of the list, or name a new one, and lead back to where the list is dropped."""
    form = await form_of(request)
    said = {name: str(form.get(name, "")).strip() for name in ("alliance", "name_zh", "name_en", "area")}
    if said["alliance"] != "new":
        return _back(request, "/import", {"alliance": said["alliance"], "area": said["area"]})
    made = await run_in_threadpool(new_alliance, request, said["name_zh"], said["name_en"], said["area"])
    if made.mistakes:
        mistaken = await run_in_threadpool(start_of, request, said, made.mistakes)
        return await run_in_threadpool(_start, request, mistaken, 422)
    return _back(request, "/import", {"alliance": made.iri, "area": said["area"]})


@router.post("/import")
async def stage(request: Request) -> Response:
    """Read the files that were sent, and lead to what was found in them."""
    upload = await upload_of(request)
    said = {
        name: upload.fields.get(name, "").strip() for name in ("alliance", "area", "source", "dated", "crs")
    }
    who = identity_of(request).name
    if not upload.files:
        return _back(request, "/import", {"alliance": said["alliance"], "area": said["area"]})
    try:
        report = await run_in_threadpool(
            _importer(request).stage, upload.files, Options().revised(said), who=who
        )
    except ImportRefused as refused:
        return await run_in_threadpool(_start, request, refused_start(request, said, refused), 422)
    return _back(request, f"/import/{report['id']}")


@router.get("/import/{id}")
def staged(request: Request, id: str) -> Response:  # noqa: A002 - what the address calls it
    """Return the step of an import that the address asks for, or what became of it."""
    return _shown(request, _importer(request).report(id))


@router.post("/import/{id}/columns")
async def columns(request: Request, id: str) -> Response:  # noqa: A002
    """Correct what the list and its tables and columns are, and who may see them."""
    form = await form_of(request)
    said = {name: str(form.get(name, "")).strip() for name in ("source", "dated", "alliance", "area", "crs")}
    tables = table_choices(form)
    kinds = {one["key"]: one["kind"] for one in await run_in_threadpool(_tables, _importer(request), id)}
    # Another kind of table has other columns: they are to be looked at first.
    is_same = all(choice["kind"] == kinds.get(key) for key, choice in tables.items())
    return await _decided(request, id, {**said, "mapping": tables}, _going(form) if is_same else "columns")


@router.post("/import/{id}/names")
async def names(request: Request, id: str) -> Response:  # noqa: A002
    """Decide what the names of one page stand for."""
    form = await form_of(request)
    decided = decisions(form)
    more = list(decided.values()).count("later") if form.get("go") == "more" else 0
    return await _decided(request, id, {"decisions": decided}, _going(form), more)


@router.post("/import/{id}/new-names")
async def new_names(request: Request, id: str) -> Response:  # noqa: A002
    """Take all names that nothing on record is like as new units."""
    await form_of(request)
    unlike = await run_in_threadpool(_unlike, _importer(request), id)
    return await _decided(request, id, {"decisions": dict.fromkeys(unlike, "new")})


@router.post("/import/{id}/commit")
async def commit(request: Request, id: str) -> Response:  # noqa: A002
    """Write the import into the graph as one change."""
    form = await form_of(request)
    said = {name: str(form.get(name, "")) for name in ("digest", "why")}
    leave_out = bool(form.get("leave_out_errors"))
    return await run_in_threadpool(_committed, request, id, said, leave_out_errors=leave_out)


@router.post("/import/{id}/discard")
async def discard(request: Request, id: str) -> Response:  # noqa: A002
    """Give an import up."""
    await form_of(request)
    await run_in_threadpool(_importer(request).discard, id)
    return _back(request, f"/import/{id}")


@router.post("/import/{id}/undo")
async def undo(request: Request, id: str) -> Response:  # noqa: A002
    """Take a committed import back."""
    why = str((await form_of(request)).get("why", "")).strip()
    await run_in_threadpool(_undone, request, id, why)
    return _back(request, f"/import/{id}")


# --- What forms say ---------------------------------------------------------------------------------------


def decisions(form: FormData) -> Mapping[str, str]:
    """Return what a page of names decides: key of each mention to an IRI, ``new`` or ``later``."""
    numbers = [name.removeprefix("key") for name in form if name.startswith("key")]
    return {str(form[f"key{number}"]): str(form[f"d{number}"]) for number in numbers if f"d{number}" in form}


def table_choices(form: FormData) -> Mapping[str, Mapping[str, Any]]:
    """Return what a form says of tables: key of each to its kind, columns, who may see them, and if it is used."""
    said: dict[str, dict[str, str]] = {}
    for name, value in form.items():
        number, dot, field = name.partition(".")
        if dot and number.isdecimal():
            said.setdefault(number, {})[field] = str(value)
    return {one["table"]: _table_choice(one) for one in said.values() if "table" in one}


def _table_choice(said: Mapping[str, str]) -> Mapping[str, Any]:
    kind = said.get("kind", "")
    known = {one.key for one in workbook().sheet(kind).columns} if workbook().has_sheet(kind) else set()
    # What a column of another kind of table was called means nothing here.
    kept = {number: key for number, key in _numbered(said, "c") if not key or key in known}
    return {
        "kind": kind,
        "columns": kept,
        "visibility": {kept[number]: who for number, who in _numbered(said, "v") if kept.get(number)},
        "used": bool(said.get("used")),
    }


def _numbered(said: Mapping[str, str], letter: str) -> list[tuple[str, str]]:
    """Return the numbers and values of fields called by a letter and a number."""
    return [(name[1:], value) for name, value in said.items() if name[:1] == letter and name[1:].isdecimal()]


def _going(form: FormData) -> str:
    """Return the step that a form leads to; empty: the same."""
    go = str(form.get("go", ""))
    return go if go in STEPS else ""


# --- Answers ----------------------------------------------------------------------------------------------


def _start(request: Request, start: Start, status: int = 200) -> Response:
    return page(request, "import.html", status, start=start, **frame(request))


def _shown(request: Request, report: Mapping[str, Any], status: int = 200) -> Response:
    importer, name = _importer(request), str(report["id"])

    def part(which: str, offset: int, limit: int, show: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = importer.part(name, which, offset, limit, show)
        return found

    shown = ImportView(report, part, view_of(request), request.query_params)
    if shown.state in WORKING:
        return page(request, "import_working.html", status, import_=shown, **frame(request))
    if shown.state == "refused":
        return page(request, "import_refused.html", status, import_=shown, **frame(request))
    if not shown.is_staged:
        return page(request, "import_done.html", status, import_=shown, **frame(request))
    return page(
        request,
        f"import_{shown.step}.html",
        status,
        import_=shown,
        choices=Choices.of(request, report),
        held=HeldUnits(request.app.state.engine, _offered(shown)),
        letter=column_letter,
        several_files=len(report["files"]) > 1,
        **frame(request),
    )


def _offered(shown: ImportView) -> Iterable[str]:
    """Return the units of which a page of names shows what is on record."""
    if shown.step != "names":
        return []
    _, names_ = shown.names
    return [
        iri for one in names_ for iri in (one["iri"], *(each["iri"] for each in one["candidates"])) if iri
    ]


async def _decided(
    request: Request, name: str, said: Mapping[str, Any], step: str = "", more: int = 0
) -> Response:
    """Tell the importer what a form says, and lead to a step, or back to the same page, or ``more`` entries on."""
    await run_in_threadpool(_importer(request).decide, name, said)
    asked = {key: value for key, value in request.query_params.items() if key in ("step", "show", "start")}
    if step and step != asked.get("step", STEPS[0]):
        asked = {"step": step}
    if more:
        asked["start"] = str(start_in(asked) + more)
    return _back(request, f"/import/{name}", asked)


def _tables(importer: Importer, name: str) -> Sequence[Mapping[str, Any]]:
    tables: Sequence[Mapping[str, Any]] = importer.report(name)["tables"]
    return tables


def _committed(request: Request, name: str, said: Mapping[str, str], *, leave_out_errors: bool) -> Response:
    importer = _importer(request)
    before = importer.report(name)
    digest = said["digest"]
    if bool(before["options"]["leave_out_errors"]) != leave_out_errors:
        # Leaving errors out changes no more than what the form says: what was seen stays what is written.
        decided = importer.decide(name, {"leave_out_errors": leave_out_errors})
        digest = decided["digest"] if before["digest"] == digest else digest
    try:
        importer.commit(name, digest=digest, why=said["why"].strip(), who=identity_of(request).name)
    except Conflict as conflict:
        changes = {"id": name, "changes": conflict.changes}
        return page(request, "import_conflict.html", 409, **changes, **frame(request))
    except NotReady:
        return _shown(request, importer.report(name), 422)
    return _back(request, f"/import/{name}")


def _undone(request: Request, name: str, why: str) -> None:
    importer = _importer(request)
    change = importer.report(name)["change"]
    if change:
        importer.undo(int(change), why=why, who=identity_of(request).name)


def _unlike(importer: Importer, name: str) -> list[str]:
    total = importer.part(name, "resolutions", 0, 1, "unlike")["total"]
    found = importer.part(name, "resolutions", 0, total, "unlike")["items"]
    return [str(one["key"]) for one in found]


def _back(request: Request, path: str, asked: Mapping[str, str] | None = None) -> Response:
    """Return the answer to a form: the page to look at next."""
    said = {name: value for name, value in (asked or {}).items() if value}
    return RedirectResponse(view_of(request).local(f"{path}?{urlencode(said)}" if said else path), 303)


def _importer(request: Request) -> Importer:
    importer: Importer = request.app.state.importer
    return importer
