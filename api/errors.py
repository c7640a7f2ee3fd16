"""HTTP errors: every problem in one shape (RFC 9457), in the reader's language, as JSON or as a page."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.i18n import asked_language, language_of
from api.negotiation import prefers_html
from api.problems import EXPECTED, Problem, problem_of
from api.settings import Settings

PROBLEM_JSON = "application/problem+json"

HANDLED = (*EXPECTED, Problem, HTTPException, RequestValidationError, Exception)
"""What the one handler is registered for."""

Page = Callable[[Request, dict[str, Any]], str]
"""Renders a problem as an HTML page."""


def problem_response(request: Request, problem: Problem, page: Page | None = None) -> Response:
    """Return a problem as the reader wants it: a page for a browser, JSON for programs.

    A browser that asks for a page which needs signing in is led to where one signs in.
    """
    if problem.name == "unauthorized" and request.method in ("GET", "HEAD") and prefers_html(request):
        return _sign_in(request)
    language = language_of(request)
    body = problem.body(language)
    headers = {**problem.headers, "Content-Language": language, "Vary": "Accept, Accept-Language"}
    if page is not None and prefers_html(request):
        return Response(page(request, body), problem.status, headers, media_type="text/html")
    content = json.dumps(body, ensure_ascii=False).encode()
    return Response(content, problem.status, headers, media_type=PROBLEM_JSON)


def _sign_in(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    asked = {"next": request.url.path + query}
    if lang := asked_language(request):
        asked["lang"] = lang
    return RedirectResponse(f"/signin?{urlencode(asked)}", 303, headers={"Cache-Control": "no-store"})


def handler(page: Page, settings: Settings) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return the one handler of all exceptions."""

    async def handle(request: Request, fault: Exception) -> Response:
        problem = _problem(fault, settings)
        if problem.name == "not-found" and not problem.said.get("what"):
            problem = Problem("not-found", what=request.url.path)
        if problem.name == "method-not-allowed":
            problem = Problem(problem.name, method=request.method, headers=problem.headers)
        return problem_response(request, problem, page)

    return handle


def _problem(fault: Exception, settings: Settings) -> Problem:
    match fault:
        case HTTPException(__cause__=Problem() as cause):
            return cause  # what kept the framework from reading a body
        case RequestValidationError():
            return Problem("malformed-request", message=_first_mistake(fault))
        case HTTPException():
            return _of_http(fault)
    return problem_of(fault, settings.query_seconds)


def _first_mistake(fault: RequestValidationError) -> str:
    """Return which parameter is wrong and how, as the validator puts it."""
    mistake = fault.errors()[0]
    return f"{'.'.join(str(part) for part in mistake['loc'][1:])}: {mistake['msg']}"


def _of_http(fault: HTTPException) -> Problem:
    names = {404: "not-found", 405: "method-not-allowed"}
    name = names.get(fault.status_code, "malformed-request")
    return Problem(name, message=fault.detail, what="", method="", headers=fault.headers)
