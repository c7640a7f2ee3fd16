"""The one way in which this program asks another server: only one of the list, at pinned addresses, within bounds.

Redirects are not followed, proxies of the environment are not used, nothing is unpacked, and no cookie or password is
sent.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from graph.allow_list import AllowList, Lookup, Pins, Place, looked_up
from graph.watchdog import Deadline, Watchdog

AT_ONCE = 8
"""Exchanges with other servers that may be under way at the same time."""


class RemoteFailed(Exception):
    """Another server gave no answer that can be used; says which endpoint, and why in one word or a status."""

    def __init__(self, endpoint: str, reason: str) -> None:
        super().__init__(f"{endpoint}: {reason}")
        self.endpoint, self.reason = endpoint, reason


class EndpointRefused(Exception):
    """An endpoint that is not on the list, or whose name leads to an address that may not be connected to."""

    def __init__(self, endpoint: str) -> None:
        super().__init__(endpoint)
        self.endpoint = endpoint


@dataclass(frozen=True)
class Reply:
    """What another server answered with status 200."""

    media_type: str
    body: bytes


class PinnedClient:
    """Asks the endpoints of a list."""

    def __init__(
        self, allowed: AllowList, *, bytes_at_most: int, seconds: float, lookup: Lookup = looked_up
    ) -> None:
        """Take the list and the bounds.

        Args:
            allowed: who may be asked.
            bytes_at_most: the largest answer.
            seconds: how long one exchange may take in all.
            lookup: resolves names.
        """
        self.bytes_at_most, self._seconds = bytes_at_most, seconds
        self._allowed, self._pins = allowed, Pins(allowed, lookup)
        self._places = threading.Semaphore(AT_ONCE)
        self._tls = ssl.create_default_context()
        self._watchdog = Watchdog()

    def asked(
        self, method: str, endpoint: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Reply:
        """Return the answer to one request.

        Raises:
            EndpointRefused: it may not be asked; no connection was opened.
            RemoteFailed: it gave no answer within the bounds.
        """
        place = Place.of(endpoint)
        if place is None or endpoint not in self._allowed:
            raise EndpointRefused(endpoint)
        if not self._places.acquire(timeout=self._seconds):
            raise RemoteFailed(endpoint, "busy")
        try:
            return self._exchange(endpoint, place, method, headers, body)
        finally:
            self._places.release()

    def close(self) -> None:
        """Stop watching over time."""
        self._watchdog.close()

    def _exchange(
        self, endpoint: str, place: Place, method: str, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        deadline: Deadline | None = None
        try:
            addresses = self._pins.of(place)
            if not addresses:
                raise EndpointRefused(endpoint)
            connection = _Connection(place, addresses, self._tls, self._seconds)
            # An other side that sends a byte now and then keeps every single wait short.
            deadline = self._watchdog.watch(self._seconds, connection.break_off)
            with contextlib.closing(connection):
                connection.request(method, place.target, body, dict(headers))
                with connection.getresponse() as response:
                    reply = self._read(endpoint, response)
                if deadline.has_fired:  # what came until then looks whole where no length was announced
                    raise TimeoutError
                return reply
        except (OSError, http.client.HTTPException) as fault:
            is_late = isinstance(fault, TimeoutError) or (deadline is not None and deadline.has_fired)
            raise RemoteFailed(endpoint, "timeout" if is_late else "unreachable") from fault
        finally:
            if deadline is not None:
                deadline.call_off()

    def _read(self, endpoint: str, response: http.client.HTTPResponse) -> Reply:
        if response.status != 200:
            raise RemoteFailed(endpoint, f"HTTP {response.status}")
        body = response.read(self.bytes_at_most + 1)
        if len(body) > self.bytes_at_most:
            raise RemoteFailed(endpoint, "too large")
        if response.length:  # ended before the length that it had announced
            raise RemoteFailed(endpoint, "cut off")
        return Reply(response.headers.get_content_type(), body)


class _Connection(http.client.HTTPConnection):
    """A connection to one of the pinned addresses of a place, with TLS for the place's own name."""

    def __init__(self, place: Place, addresses: tuple[str, ...], tls: ssl.SSLContext, seconds: float) -> None:
        super().__init__(place.host, place.port, timeout=seconds)
        self._place, self._addresses, self._tls = place, addresses, tls
        self._is_broken_off = False
        self._open: socket.socket | None = None  # the library forgets its own once an answer has begun

    def connect(self) -> None:
        """Connect to the first address that answers."""
        self.sock = self._open = self._connected()
        if self._place.scheme == "https":
            secured = self._tls.wrap_socket(
                self.sock, server_hostname=self._place.host, do_handshake_on_connect=False
            )
            self.sock = self._open = secured
            secured.do_handshake()

    def break_off(self) -> None:
        """End the exchange, whoever is waiting for what."""
        self._is_broken_off = True
        with contextlib.suppress(OSError):
            if self._open:
                self._open.shutdown(socket.SHUT_RDWR)

    def _connected(self) -> socket.socket:
        fault: OSError = TimeoutError()
        for address in self._addresses:
            if self._is_broken_off:
                break
            try:
                return socket.create_connection((address, self._place.port), self.timeout)
            except OSError as found:
                fault = found
        raise fault
