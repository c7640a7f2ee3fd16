"""Short names of things in addresses: ``org/…`` below ``…/id/``, ``vocab/…`` for concepts, else the whole IRI."""

from __future__ import annotations

from graph.names import PACKAGED

_ID, _VOCAB, _OWN = "id/", "vocab/", "_"


def key_of(name: str, base: str) -> str:
    """Return the short name of an IRI in an instance with this base; ``iri_of`` leads back."""
    short = _shortened(name, base)
    return short if iri_of(short, base) == name else name


def iri_of(key: str, base: str) -> str:
    """Return the IRI of a short name."""
    if ":" in key:
        return key
    if key.startswith(_OWN):
        return f"{base}{_ID}{key.removeprefix(_OWN)}"
    return PACKAGED + key if key.startswith(_VOCAB) else f"{PACKAGED}{_ID}{key}"


def _shortened(name: str, base: str) -> str:
    if name.startswith(PACKAGED + _VOCAB):
        return name.removeprefix(PACKAGED)
    if name.startswith(PACKAGED + _ID):
        return name.removeprefix(PACKAGED + _ID)
    own = base + _ID
    return _OWN + name.removeprefix(own) if base and name.startswith(own) else name
