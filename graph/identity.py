"""Identity: opaque names for things, and what the keys of sources stand for.

A name is random, never made from a label or a row, so that it stays right when the thing is renamed. It has at most
64 characters of ``A-Z a-z 0-9 - .``, so that it is also a valid FHIR id.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from graph.journal import Identity, Journal

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Digits and letters that nobody mistakes for one another."""
_LENGTH = 12
"""About 59 bits: a collision among a million names has a chance below one in a million."""


@dataclass
class Identities:
    """The identities of one instance, with those given since the last change was written."""

    journal: Journal
    base: str
    given: dict[tuple[str, str], str] = field(default_factory=dict)

    def iri(self, kind: str, scheme: str, key: str) -> str:
        """Return the IRI that a key of a scheme stands for; a new one is minted for a new key.

        Args:
            kind: the kind of thing, as in ``/id/{kind}/``; used when a name is minted.
            scheme: whose key it is, for example ``uscc`` or the IRI of a source document.
            key: the key itself.
        """
        known = self.given.get((scheme, key)) or self.journal.identity(scheme, key)
        if known is None:
            known = self.given[scheme, key] = f"{self.base}id/{kind}/{minted_name()}"
        return known

    def to_write(self) -> list[Identity]:
        """Return the identities that the next change has to write."""
        return [Identity(scheme, key, iri) for (scheme, key), iri in self.given.items()]


def minted_name() -> str:
    """Return a new opaque name."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
