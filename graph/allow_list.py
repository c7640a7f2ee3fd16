"""Which other servers this one may ask, and at which network addresses; nobody by default.

An entry of the list is one of

- ``https://host/path``: this endpoint and no other,
- ``https://host/`` or any other IRI that ends in a slash: everything below it,
- ``host`` or ``host:8443``: everything on that server, by https,
- ``10.20.0.0/16``: a network that names of hosts may lead into although it is not public.

>>> allowed = AllowList.of(["https://example.org/sparql", "sparql.example.com"])
>>> "https://example.org/sparql" in allowed, "http://example.org/sparql" in allowed, "https://example.org/" in allowed
(True, False, False)
>>> "https://sparql.example.com/any/path?x=1" in allowed
True
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
PORTS = {"http": 80, "https": 443}
"""The schemes that are spoken, and their ports."""


class WrongEntry(ValueError):
    """An entry of the list that is none of the four kinds."""


@dataclass(frozen=True)
class Place:
    """Where an IRI leads: the server, and what is asked for there."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def of(cls, iri: str) -> Place | None:
        """Return the place of an IRI, or ``None`` for one that is never asked.

        That is what http(s) does not know, names somebody who signs in, or steps up and down in its path: two
        programs might take it for two places.
        """
        try:
            parts = urlsplit(iri)
            port = parts.port
        except ValueError:
            return None
        if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc or _HIDDEN.search(iri):
            return None
        return cls(parts.scheme, parts.hostname, port or PORTS[parts.scheme], _target(parts))

    def is_below(self, other: Place) -> bool:
        """Tell whether this is the other place, or below it where that ends in a slash."""
        if (self.scheme, self.host, self.port) != (other.scheme, other.host, other.port):
            return False
        return self.target == other.target or (
            other.target.endswith("/") and self.target.startswith(other.target)
        )

    @property
    def server(self) -> str:
        """Host and port as HTTP names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


# Other letters than ASCII are written in two ways, and a step up ("..", also as %2e) leads out of what was allowed.
_HIDDEN = re.compile(r"[^\x21-\x7e]|\\|/(?:\.|%2e){1,2}(?:[/?#]|$)", re.IGNORECASE)


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@dataclass(frozen=True)
class AllowList:
    """Endpoints that may be asked, and networks that are not public but may be led to."""

    places: tuple[Place, ...] = ()
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> AllowList:
        """Return the list that entries make.

        Raises:
            WrongEntry: one is none of the kinds; the message is the entry.
        """
        networks, places = list[Network](), list[Place]()
        for entry in entries:
            if network := _network(entry):
                networks.append(network)
            elif place := Place.of(entry if "://" in entry else f"https://{entry}/"):
                places.append(place)
            else:
                raise WrongEntry(entry)
        return cls(tuple(places), tuple(networks))

    def __bool__(self) -> bool:
        return bool(self.places)

    def __contains__(self, iri: object) -> bool:
        """Tell whether an endpoint may be asked; a variable (``?x``) is looked at once it has a value."""
        if not isinstance(iri, str):
            return False
        if iri[:1] in ("?", "$"):
            return bool(self)
        place = Place.of(iri)
        return place is not None and any(place.is_below(allowed) for allowed in self.places)

    def may_lead_to(self, address: Address, host: str) -> bool:
        """Tell whether a host's name may lead to an address: a public one, or one that the list itself names."""
        if _literal(host) == address:
            return True  # the list names no names here, but this very address
        mapped = getattr(address, "ipv4_mapped", None) or address
        if any(mapped in network for network in self.networks if network.version == mapped.version):
            return True
        return mapped.is_global and not mapped.is_multicast and not _is_tunnel(mapped)


def _network(entry: str) -> Network | None:
    if "/" not in entry:
        return None
    try:
        return ip_network(entry)
    except ValueError:
        return None


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_tunnel(address: Address) -> bool:
    """Tell whether an address of version 6 stands for one of version 4, whatever that may be."""
    if address.version == 4:
        return False
    return bool(address.sixtofour or address.teredo or address in ip_network("64:ff9b::/96"))


Lookup = Callable[[str, int], list[str]]
"""Returns the addresses of a host, as text."""


def looked_up(host: str, port: int) -> list[str]:
    """Return the addresses that the machine's resolver gives for a host; raises OSError when it gives none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Pins:
    """The addresses of hosts, resolved once: what a name server says later leads nowhere else."""

    def __init__(self, allowed: AllowList, lookup: Lookup = looked_up) -> None:
        self._allowed, self._lookup = allowed, lookup
        self._held: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()

    def of(self, place: Place) -> tuple[str, ...]:
        """Return the addresses of a place's host that may be connected to; none: the list allows none of them.

        Raises:
            OSError: the name cannot be resolved now.
        """
        with self._lock:
            held = self._held.get(place.host)
        if held is not None:
            return held
        found = self._lookup(place.host, place.port)
        # The part behind % names a network card; such addresses are never public.
        kept = tuple(
            a for a in found if "%" not in a and self._allowed.may_lead_to(ip_address(a), place.host)
        )
        with self._lock:
            return self._held.setdefault(place.host, kept)
