"""The client of the benchmark, a program of its own: as lean as Python allows, and the same for every server.

It reads plans from standard input, one JSON object a line, and answers each with one line of what it measured.
Requests are sent over connections that are kept, as many at once as the plan says; a connection sends its next
request when it has its answer.
"""

from __future__ import annotations

import base64
import json
import select
import socket
import sys
import time
from itertools import islice
from typing import Any

RECEIVED = 1 << 18


class Connection:
    """One kept connection, and the answer that is coming in on it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connect()

    def connect(self) -> None:
        """Connect anew."""
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, number: int, request: bytes) -> None:
        """Send one request whole."""
        self.number, self.head, self.parts, self.left = number, b"", [], -1
        self.buffer = b""
        self.chunked = self.closing = False
        self.started = time.perf_counter_ns()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take in what came, and say whether the answer is complete."""
        data = self.socket.recv(RECEIVED)
        if not data:
            if self.head and self.left < 0 and not self.chunked:
                self.closing = True
                return True
            raise ConnectionError("the server closed the connection in the middle of an answer")
        if not self.head:
            self.buffer += data
            head, found, data = self.buffer.partition(b"\r\n\r\n")
            if not found:
                return False
            self.head = head.lower()
            self.buffer = b""
            self._read_head()
        if self.chunked:
            return self._take_chunks(data)
        self.parts.append(data)
        if self.left >= 0:
            self.left -= len(data)
            return self.left <= 0
        return False

    def _read_head(self) -> None:
        self.closing = b"\r\nconnection: close" in self.head
        at = self.head.find(b"\r\ncontent-length:")
        if at >= 0:
            self.left = int(self.head[at + 17 :].split(b"\r", 1)[0])
        elif b"\r\ntransfer-encoding: chunked" in self.head:
            self.chunked, self.left = True, 0

    def _take_chunks(self, data: bytes) -> bool:
        """Take chunks; ``left`` is what is missing of the current one, its line end included."""
        self.buffer += data
        while True:
            if self.left:
                part = self.buffer[: self.left]
                self.buffer = self.buffer[len(part) :]
                self.parts.append(part[: max(0, self.left - 2)])
                self.left -= len(part)
                if self.left:
                    return False
            line, found, rest = self.buffer.partition(b"\r\n")
            if not found:
                return False
            size = int(line.split(b";")[0], 16)
            if size == 0:
                return rest.startswith(b"\r\n")
            self.buffer, self.left = rest, size + 2


class Work:
    """A plan being carried out: ``port``, ``requests`` (Base64), ``concurrency``, ``keep`` (return answers too)."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._port, self._keep = plan["port"], plan.get("keep", False)
        requests = [base64.b64decode(request) for request in plan["requests"]]
        self._waiting = iter(enumerate(requests))
        self._watch = select.epoll()
        self._open: dict[int, Connection] = {}
        self._bodies = [b""] * len(requests)
        self.measured: dict[str, Any] = {"walls": [0] * len(requests), "statuses": [0] * len(requests)}
        self.measured |= {"hits": 0, "misses": 0, "bytes": 0}
        self._concurrency = plan["concurrency"]

    def run(self) -> dict[str, Any]:
        """Send everything, and return what was measured (nanoseconds)."""
        cpu, started = time.process_time_ns(), time.perf_counter_ns()
        for number, request in islice(self._waiting, self._concurrency):
            connection = Connection(self._port)
            self._watched(connection)
            connection.send(number, request)
        while self._open:
            events = self._watch.poll(90)
            if not events:
                raise TimeoutError("no answer within 90 seconds")
            for descriptor, _ in events:
                connection = self._open[descriptor]
                if connection.receive():
                    self._take(connection)
                    self._go_on(connection, descriptor)
        self.measured["elapsed"] = time.perf_counter_ns() - started
        self.measured["cpu"] = time.process_time_ns() - cpu
        self.measured["bodies"] = [base64.b64encode(body).decode() for body in self._bodies if self._keep]
        return self.measured

    def _watched(self, connection: Connection) -> None:
        self._open[connection.socket.fileno()] = connection
        self._watch.register(connection.socket, select.EPOLLIN)

    def _take(self, connection: Connection) -> None:
        self.measured["walls"][connection.number] = time.perf_counter_ns() - connection.started
        self.measured["statuses"][connection.number] = int(connection.head[9:12])
        _count(self.measured, connection)
        if self._keep:
            self._bodies[connection.number] = b"".join(connection.parts)

    def _go_on(self, connection: Connection, descriptor: int) -> None:
        following = next(self._waiting, None)
        if following is None or connection.closing:
            self._watch.unregister(descriptor)
            del self._open[descriptor]
            connection.socket.close()
        if following is not None:
            if connection.closing:
                connection.connect()
                self._watched(connection)
            connection.send(*following)


def _count(answered: dict[str, Any], connection: Connection) -> None:
    answered["bytes"] += sum(map(len, connection.parts))
    at = connection.head.find(b"\r\ncache-status:")
    if at >= 0:
        field = connection.head[at + 15 :].split(b"\r", 1)[0]
        answered["hits" if b"; hit" in field or b";hit" in field else "misses"] += 1


def main() -> None:
    """Answer plans until the input ends."""
    for line in sys.stdin:
        try:
            said = Work(json.loads(line)).run()
        except (OSError, TimeoutError) as fault:
            said = {"fault": f"{type(fault).__name__}: {fault}"}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
