"""The servers that are compared: ours, and those that people would use otherwise. All serve on 127.0.0.1."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from tests.bench.partners.mix import Asked
from tests.bench.partners.processes import Clock, memory

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = ROOT / ".venv-bench"
NO_BUDGET = {"MEDALLIANCE_BUDGET_SECONDS": "0", "MEDALLIANCE_BUDGET_ERRORS": "0"}
"""All requests come from one address here; the budget of an address is for one partner."""

OURS, BARE, DISK, MEMORY, RDFLIB = (
    "medalliance",
    "medalliance --bare",
    "oxigraph disk",
    "oxigraph memory",
    "rdflib-endpoint",
)


IDLE = 50_000_000
"""Nanoseconds of processor time in a second below which a server counts as idle."""


class NotStarted(Exception):
    """A server did not answer in time; says what it printed last."""


@dataclass
class Server:
    """A running server.

    Attributes:
        name: what it is called in the tables.
        port: where it listens.
        path: where its SPARQL endpoint is.
        process: its process, the root of its tree.
        seconds: from its start to its first answer, its data there.
        clock: the processor time of its tree.
        held: bytes of memory before the first question.
    """

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]
    log: Path
    seconds: float = 0.0
    held: int = 0
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(self.process.pid)

    def request(self, asked: Asked, *, is_graph: bool, through_service: bool = False) -> bytes:
        """Return the request for a query as it goes over the wire."""
        if through_service and asked.service:
            return wire(self.port, asked.service, "application/json")
        accept = "text/turtle" if is_graph else "application/sparql-results+json"
        return wire(self.port, f"{self.path}?query={quote(asked.text, safe='')}", accept)

    def settle(self, seconds: float = 120) -> None:
        """Wait until it has nothing left to do of its own, such as lists made in the background after its start."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            before = self.clock.read()
            time.sleep(1)
            if self.clock.read() - before < IDLE:
                return

    def memory(self) -> int:
        """Return the bytes of memory that its tree holds."""
        return memory(self.process.pid)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def wire(port: int, target: str, accept: str) -> bytes:
    """Return a GET request."""
    head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: {accept}\r\nUser-Agent: bench\r\n\r\n"
    return head.encode()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(
    name: str,
    path: str,
    command: Callable[[int], Sequence[str]],
    folder: Path,
    *,
    env: Mapping[str, str] | None = None,
    fill: Callable[[int], None] = lambda port: None,
    port: int = 0,
) -> Server:
    """Start a server, fill it, and return it once it has answered a query.

    Args:
        name: its name.
        path: its endpoint.
        command: returns the command that starts it on a port.
        folder: where what it prints is kept.
        env: further variables of its environment.
        fill: loads the data, where that is done over HTTP.
        port: where to listen; any free one when 0.
    """
    port = port or free_port()
    log = folder / f"{name.replace(' ', '-')}.log"
    begun = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command(port), cwd=ROOT, env=os.environ | dict(env or {}), stdout=output, stderr=output
        )
    server = Server(name, port, path, process, log)
    try:
        _wait(server, lambda: _listens(port))
        fill(port)
        _wait(server, lambda: _answers(server))
    except BaseException:
        server.stop()
        raise
    server.seconds = time.monotonic() - begun
    server.held = server.memory()
    return server


def _wait(server: Server, is_so: Callable[[], bool], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        if server.process.poll() is not None or time.monotonic() > end:
            raise NotStarted(f"{server.name}: {server.log.read_text(errors='replace')[-600:]}")
        time.sleep(0.01)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(server: Server) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request(
            "GET",
            f"{server.path}?query={quote('SELECT ?s WHERE { ?s ?p ?o } LIMIT 1')}",
            headers={"Accept": "application/sparql-results+json"},
        )
        answer = connection.getresponse()
        return answer.status == 200 and b'"s"' in answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def ours(data: Path, folder: Path, *, bare: bool = False, port: int = 0) -> Server:
    """Start our server on a data directory; a plain dataset when ``bare``."""

    def command(listening: int) -> list[str]:
        options = ["--data", str(data), "--port", str(listening), *(["--bare"] if bare else [])]
        return [sys.executable, "-m", "api", "serve", *options]

    return started(BARE if bare else OURS, "/sparql", command, folder, env=NO_BUDGET, port=port)


def oxigraph_on_disk(triples: Path, folder: Path, port: int = 0) -> Server:
    """Start Oxigraph on a directory that its own bulk loader filled; loading does not count as starting."""
    place = folder / "oxigraph"
    shutil.rmtree(place, ignore_errors=True)
    load = [program("oxigraph"), "load", "--location", str(place), "--file", str(triples)]
    subprocess.run(load, check=True, capture_output=True, timeout=600)

    def command(listening: int) -> list[str]:
        return [program("oxigraph"), "serve", "--location", str(place), "--bind", f"127.0.0.1:{listening}"]

    return started(DISK, "/query", command, folder, port=port)


def oxigraph_in_memory(triples: Path, folder: Path, port: int = 0) -> Server:
    """Start Oxigraph without a directory and load the data over HTTP, as one has to at every start."""

    def fill(listening: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", listening, timeout=600)
        with triples.open("rb") as file:
            headers = {"Content-Type": "application/n-triples", "Content-Length": str(triples.stat().st_size)}
            connection.request("POST", "/store?default&no_transaction", file, headers)
            answer = connection.getresponse()
            if answer.status >= 300:
                raise NotStarted(f"{MEMORY}: {answer.read()[:300]!r}")
        connection.close()

    def command(listening: int) -> list[str]:
        return [program("oxigraph"), "serve", "--bind", f"127.0.0.1:{listening}"]

    return started(MEMORY, "/query", command, folder, fill=fill, port=port)


def rdflib_endpoint(triples: Path, folder: Path, port: int = 0) -> Server:
    """Start rdflib-endpoint on the file, with rdflib's own store."""

    def command(listening: int) -> list[str]:
        return [
            *(program("rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(listening)),
            str(triples),
        ]

    return started(RDFLIB, "/", command, folder, port=port)


def program(name: str) -> str:
    """Return a program of the environment of the peers."""
    return str(ENVIRONMENT / "bin" / name)
