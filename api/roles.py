"""Roles, and what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

Scope = Literal[
    "open",
    "read",
    "account",
    "alliance",
    "internal",
    "import",
    "edit",
    "update",
    "backup",
    "audit",
    "admin",
]
"""What an address may demand. ``open`` is for signing in and for being alive; ``read`` for what is public;
``account`` for one's own account."""

_ALL: Final[tuple[Scope, ...]] = get_args(Scope)

Role = Literal["public", "member", "partner", "curator", "admin", "auditor"]

ROLES: Final[Mapping[Role, frozenset[Scope]]] = {
    "public": frozenset({"open", "read", "account"}),
    "member": frozenset({"open", "read", "account", "alliance"}),
    "partner": frozenset({"open", "read", "account", "alliance"}),
    "curator": frozenset({"open", "read", "account", "alliance", "internal", "import", "edit", "update"}),
    "admin": frozenset(_ALL),
    "auditor": frozenset({"open", "read", "account", "audit"}),
}
"""What each role may do."""

GRANTED: Final[tuple[Scope, ...]] = tuple(scope for scope in _ALL if scope not in ("open", "account"))
"""What a token may be given."""
