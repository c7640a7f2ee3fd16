"""Roles, and what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

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

Role = Literal["public", "member", "partner", "curator", "admin", "auditor"]

ROLES: Final[Mapping[Role, frozenset[Scope]]] = {
    "public": frozenset({"open", "read", "account"}),
    "member": frozenset({"open", "read", "account", "alliance"}),
    "partner": frozenset({"open", "read", "account", "alliance"}),
    "curator": frozenset({"open", "read", "account", "alliance", "internal", "import", "edit", "update"}),
    "admin": frozenset(
        {
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
        }
    ),
    "auditor": frozenset({"open", "read", "account", "audit"}),
}
"""What each role may do."""

GRANTED: Final[tuple[Scope, ...]] = (
    "read",
    "alliance",
    "internal",
    "import",
    "edit",
    "update",
    "backup",
    "audit",
    "admin",
)
"""What a token may be given."""
