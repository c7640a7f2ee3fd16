"""Access: who asks, what they may do, and what every address demands. Nothing is open that does not say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from starlette.requests import Request

from api.problems import Problem

Scope = Literal[
    "open", "read", "alliance", "internal", "import", "edit", "update", "backup", "audit", "admin"
]
"""What an address may demand. ``open`` is for signing in and for being alive; ``read`` for what is public."""

Role = Literal["public", "member", "partner", "curator", "admin", "auditor"]

ROLES: Final[Mapping[Role, frozenset[Scope]]] = {
    "public": frozenset({"open", "read"}),
    "member": frozenset({"open", "read", "alliance"}),
    "partner": frozenset({"open", "read", "alliance"}),
    "curator": frozenset({"open", "read", "alliance", "internal", "import", "edit", "update"}),
    "admin": frozenset(
        {"open", "read", "alliance", "internal", "import", "edit", "update", "backup", "audit", "admin"}
    ),
    "auditor": frozenset({"open", "read", "audit"}),
}
"""What each role may do."""


@dataclass(frozen=True)
class Identity:
    """Who asks: a person who signed in, a token, the command line of this machine, or nobody in particular.

    Attributes:
        name: as it stands in the history (empty: nobody in particular).
        role: the role of a person; ``public`` for nobody.
        scopes: what they may do.
        csrf: what a form must send back (empty: no session).
    """

    name: str
    role: Role
    scopes: frozenset[Scope]
    csrf: str = ""

    def may(self, scope: Scope) -> bool:
        """Tell whether they may do what a scope allows."""
        return scope in self.scopes


NOBODY = Identity("", "public", ROLES["public"])


class needs:  # noqa: N801 - read as a word: Depends(needs("import"))
    """A dependency of a route: it lets pass who has a scope. Every route has one; ``create_app`` checks it."""

    def __init__(self, scope: Scope) -> None:
        self.scope: Scope = scope

    async def __call__(self, request: Request) -> None:
        """Let the request pass, or raise the problem ``unauthorized`` or ``forbidden``."""
        if not identity_of(request).may(self.scope):
            raise Problem("unauthorized", scope=self.scope, headers={"WWW-Authenticate": "Bearer"})


def identity_of(request: Request) -> Identity:
    """Return who sent a request."""
    known: Identity = getattr(request.state, "identity", NOBODY)
    return known
