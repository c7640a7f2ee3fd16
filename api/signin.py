"""Signing in and out, and the first run: from a one-time code to the first administrator."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.access import COOKIE, identity_of, needs
from api.accounts import Accounts
from api.credentials import Credentials, FirstRun
from api.i18n import language_of
from api.pages import frame
from api.problems import Problem
from api.templating import page, view_of
from api.uploads import form_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(needs("open"))])

LARGEST_FORM = 64 * 1024
"""Bytes of a form that anybody may send."""

AFTER_FIRST_RUN = "/import"
"""Where the first administrator goes on."""

_LOCAL = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*")


@router.get("/signin")
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the word that addresses use
    """Return the page; who is signed in already goes on at once."""
    if identity_of(request).csrf:
        return RedirectResponse(local_path(next), 303)
    return _form(request, {"next": local_path(next)})


@router.post("/signin")
async def sign_in(request: Request) -> Response:
    """Open a session for a name and password, and lead to where the reader wanted to go."""
    sent = await fields_of(request)
    credentials: Credentials = request.app.state.credentials
    try:
        person = await run_in_threadpool(
            credentials.person, sent.get("name", ""), sent.get("password", ""), address_of(request)
        )
    except Problem as problem:
        return await run_in_threadpool(_form, request, sent, problem)
    return await run_in_threadpool(_signed_in, request, person.name, local_path(sent.get("next", "")))


@router.post("/signin/first")
async def make_administrator(request: Request) -> Response:
    """Make the first administrator of somebody who knows the one-time code, and sign them in."""
    sent = await fields_of(request)
    first_run: FirstRun = request.app.state.first_run
    try:
        person = await run_in_threadpool(
            first_run.administrator,
            sent.get("code", ""),
            sent.get("name", ""),
            sent.get("password", ""),
            sent.get("again", ""),
            address_of(request),
        )
    except Problem as problem:
        return await run_in_threadpool(_form, request, sent, problem)
    return await run_in_threadpool(_signed_in, request, person.name, AFTER_FIRST_RUN)


@router.post("/signout")
def sign_out(request: Request) -> Response:
    """End the session."""
    accounts: Accounts = request.app.state.accounts
    if secret := request.cookies.get(COOKIE):
        accounts.end_session(secret)
    response = RedirectResponse(view_of(request).local("/"), 303, headers={"Cache-Control": "no-store"})
    response.delete_cookie(COOKIE, secure=_is_encrypted(request), httponly=True, samesite="lax")
    return response


def local_path(address: str) -> str:
    """Return an address if it is a path of this service, else the home page; nobody is led elsewhere."""
    is_signing = address.partition("?")[0] in ("/signin", "/signout")
    return address if _LOCAL.fullmatch(address) and not is_signing else "/"


async def fields_of(request: Request) -> dict[str, str]:
    """Return the fields of a form by name; files are left out."""
    form = await form_of(request, limit=LARGEST_FORM)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def address_of(request: Request) -> str:
    """Return the network address that a request comes from."""
    return request.client.host if request.client else ""


def with_session(response: Response, request: Request, secret: str) -> Response:
    """Return a response that gives the browser a session: no script reads it, no other site's form sends it."""
    accounts: Accounts = request.app.state.accounts
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(accounts.lasting.total_seconds()),
        secure=_is_encrypted(request),
        httponly=True,
        samesite="lax",
    )
    return response


def _signed_in(request: Request, name: str, following: str) -> Response:
    accounts: Accounts = request.app.state.accounts
    if before := request.cookies.get(COOKIE):
        accounts.end_session(before)
    response = RedirectResponse(view_of(request).local(following), 303, headers={"Cache-Control": "no-store"})
    return with_session(response, request, accounts.open_session(name))


def _form(request: Request, sent: Mapping[str, str], problem: Problem | None = None) -> Response:
    """Return the page with what was sent, but for secrets, and with what was wrong with it."""
    first_run: FirstRun = request.app.state.first_run
    request.state.shown_at = "/signin"
    response = page(
        request,
        "signin.html",
        problem.status if problem else 200,
        is_first=first_run.is_open,
        problem=problem.body(language_of(request)) if problem else None,
        name=sent.get("name", ""),
        following=local_path(sent.get("next", "")),
        **frame(request),
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(problem.headers if problem else {})
    return response


def _is_encrypted(request: Request) -> bool:
    return request.url.scheme == "https"
