"""What a browser may do with our pages, and who may write."""

from __future__ import annotations

import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing from elsewhere, and no script or style but those in our own files."""

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SecurityHeaders:
    """Middleware that adds the headers to every answer which does not bring its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add headers to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, sent)


def require(request: Request, scope: str) -> None:
    """Let a request pass whose bearer token gives a scope.

    Raises:
        Problem: there is no such token, or the instance is read only.
    """
    if request.app.state.settings.read_only:
        raise Problem("read-only")
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    secret = request.app.state.control_secret
    is_known = bool(secret) and secrets.compare_digest(token.encode(), secret.encode())
    if kind.lower() != "bearer" or not is_known:
        raise Problem("unauthorized", scope=scope, headers={"WWW-Authenticate": "Bearer"})
