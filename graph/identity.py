"""Identity: opaque names for things, and what the keys of sources stand for.

A name is random, or as good as random, never readable as a label or a row, so that it stays right when the thing is
renamed. It has at most 64 characters of ``A-Z a-z 0-9 - .``, so that it is also a valid FHIR id.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

from graph.journal import Identity, Journal

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Digits and letters that nobody mistakes for one another."""
_LENGTH = 12
"""About 59 bits: a collision among a million names has a chance below one in a million."""
_FAIR = len(_ALPHABET) * (256 // len(_ALPHABET))
_LETTERS = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
_UNFAIR = bytes(range(_FAIR, 256))
"""Bytes that would make some letters likelier than others."""


@dataclass
class Identities:
    """The identities of one instance, with those given since the last change was written.

    Attributes:
        journal: where the identities of earlier changes are.
        base: IRI base of new names.
        seed: makes the names that are given the same whenever the same keys are named; empty: names are random.
        given: what keys (scheme and key) stand for since the last change.
        held: what keys stand for that the journal does not know, because their things came in another way.
    """

    journal: Journal
    base: str
    seed: bytes = b""
    given: dict[tuple[str, str], str] = field(default_factory=dict)
    held: dict[tuple[str, str], str] = field(default_factory=dict)
    _schemes: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    def iri(self, kind: str, scheme: str, key: str) -> str:
        """Return the IRI that a key of a scheme stands for; a new one is minted for a new key.

        Args:
            kind: the kind of thing, as in ``/id/{kind}/``; used when a name is minted.
            scheme: whose key it is, for example ``uscc`` or the IRI of a source document.
            key: the key itself.
        """
        known = self.known(scheme, key)
        if known is None:
            known = self.given[scheme, key] = self.held.get((scheme, key)) or self._minted(kind, scheme, key)
        return known

    def _minted(self, kind: str, scheme: str, key: str) -> str:
        name = named_after(self.seed, scheme, key) if self.seed else minted_name()
        return f"{self.base}id/{kind}/{name}"

    def known(self, scheme: str, key: str) -> str | None:
        """Return the IRI that a key of a scheme stands for, if it has one."""
        given = self.given.get((scheme, key))
        if given is not None:
            return given
        loaded = self._schemes.get(scheme)
        return self.journal.identity(scheme, key) if loaded is None else loaded.get(key)

    def load(self, scheme: str) -> None:
        """Read all keys of a scheme at once, before asking for many of them."""
        if scheme not in self._schemes:
            self._schemes[scheme] = self.journal.identities(scheme)

    def remember(self, scheme: str, key: str, iri: str) -> None:
        """Let a key stand for an IRI from the next change on."""
        if self.known(scheme, key) != iri:
            self.given[scheme, key] = iri

    def part(self, kind: str, scheme: str, key: str) -> str:
        """Return the IRI of what has no identity of its own: always the same for its key."""
        return f"{self.base}id/{kind}/{named_after(b'part', scheme, key)}"

    def to_write(self) -> list[Identity]:
        """Return the identities that the next change has to write."""
        return [Identity(scheme, key, iri) for (scheme, key), iri in self.given.items()]


def minted_name() -> str:
    """Return a new opaque name."""
    return _name(secrets.token_bytes(3 * _LENGTH))


def named_after(seed: bytes, scheme: str, key: str) -> str:
    """Return an opaque name that is always the same for a seed, a scheme and a key."""
    text = f"{scheme}\n{key}".encode()
    return _name(hashlib.blake2b(text, key=seed[:64], digest_size=3 * _LENGTH).digest())


def _name(noise: bytes) -> str:
    # Three times the bytes needed: that too few of them are fair does not happen in the life of a universe.
    return noise.translate(_LETTERS, _UNFAIR)[:_LENGTH].decode()
