"""One run over the servers of one size: the same answers first, then rounds in which all take turns."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.partners.answers import Comparable, comparable, comparable_of_service
from tests.bench.partners.figures import mean, percentile
from tests.bench.partners.mix import Asked, Kind, Pools, Questions
from tests.bench.partners.peers import BARE, OURS, RDFLIB, Server

LOOKUPS = ("unit-by-identifier", "names-of-unit", "description-of-unit", "member-on-date")
"""Kinds that a plain dataset (``--bare``) is asked for."""
PHASES = (("cold", 1), ("cold", 16), ("warm", 1), ("warm", 16))
ROUNDS = 4
COMPARED = 4
"""Queries of each kind that all servers answer before anything is measured."""
REPEATED = 16
"""Texts of each kind that the warm phases repeat."""


class AnswersDiffer(Exception):
    """Two servers answered the same query differently: then their times compare nothing."""


@dataclass(frozen=True)
class Contender:
    """A server, asked by SPARQL or, where our server has one, at an address of its own."""

    server: Server
    through_service: bool = False

    @property
    def name(self) -> str:
        """What it is called in the tables."""
        return f"{self.server.name}, own address" if self.through_service else self.server.name

    def takes(self, kind: Kind) -> bool:
        """Say whether it is asked this kind."""
        if self.through_service:
            return bool(kind.service)
        return self.server.name != BARE or kind.name in LOOKUPS


@dataclass
class Cell:
    """What one contender did with one kind in one phase: times and processor time in ms, hits of its cache."""

    walls: list[float] = field(default_factory=list)
    cpu: float = 0.0
    elapsed: float = 0.0
    client: float = 0.0
    hits: int = 0
    misses: int = 0
    bytes: int = 0

    def summary(self) -> dict[str, float]:
        """Return the figures: milliseconds, answers a second, bytes an answer."""
        number = len(self.walls)
        return {
            "n": number,
            "mean": round(mean(self.walls), 4),
            **{f"p{share}": round(percentile(self.walls, share / 100), 4) for share in (50, 95, 99)},
            "cpu": round(self.cpu / max(number, 1), 4),
            "client": round(self.client / max(number, 1), 4),
            "throughput": round(number / self.elapsed * 1000, 2) if self.elapsed else 0.0,
            "hits": self.hits,
            "misses": self.misses,
            "bytes": round(self.bytes / max(number, 1)),
        }


class Client:
    """The program that sends the requests, see ``client.py``."""

    def __init__(self) -> None:
        program = Path(__file__).with_name("client.py")
        self._process = subprocess.Popen(
            [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(
        self, port: int, requests: Sequence[bytes], concurrency: int = 1, *, keep: bool = False
    ) -> dict[str, Any]:
        """Send requests and return what was measured; raises RuntimeError when any was not answered with 200."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        coded = [base64.b64encode(request).decode() for request in requests]
        plan = {"port": port, "requests": coded, "concurrency": concurrency, "keep": keep}
        stdin.write(json.dumps(plan) + "\n")
        stdin.flush()
        said: dict[str, Any] = json.loads(stdout.readline())
        if "fault" in said:
            raise RuntimeError(said["fault"])
        wrong = [number for number, status in enumerate(said["statuses"]) if status != 200]
        if wrong:
            raise RuntimeError(f"status {said['statuses'][wrong[0]]}: {requests[wrong[0]][:1500].decode()}")
        return said

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


class Run:
    """The measurement of one size."""

    def __init__(
        self, servers: Sequence[Server], seed: int, seconds: float, say: Callable[[str], None]
    ) -> None:
        """Prepare.

        Args:
            servers: those that are compared; one of them is ours.
            seed: what the drawing of values begins with.
            seconds: how long the measuring may take, about.
            say: tells the user how far it is.
        """
        ours = next(server for server in servers if server.name == OURS)
        self.contenders = [Contender(server) for server in servers] + [Contender(ours, through_service=True)]
        self.client, self._say, self._seconds = Client(), say, seconds
        self._ours = ours
        self.questions = Questions(Pools(self._selected), seed)
        self._taken: dict[tuple[str, str], float] = {}
        self.cells: dict[tuple[str, int, str, str], Cell] = {}

    def _selected(self, query: str) -> Iterator[str]:
        """Yield the values of ``?value`` as N-Triples terms."""
        request = self._ours.request(Asked("", query), is_graph=False)
        request = request.replace(b"application/sparql-results+json", b"text/tab-separated-values")
        body = base64.b64decode(self.client.ask(self._ours.port, [request], keep=True)["bodies"][0])
        yield from (line for line in body.decode().split("\n")[1:] if line)

    def compare(self) -> None:
        """Ask all servers the same and compare the answers; raises AnswersDiffer."""
        for kind in self.questions.kinds:
            asked = self.questions.fresh(kind.name, COMPARED)
            expected: list[Comparable] = []
            for contender in self.contenders:
                if contender.takes(kind):
                    found = self._answers(contender, kind, asked)
                    expected = expected or found
                    if found != expected:
                        which = next(a.text for a, f, e in zip(asked, found, expected, strict=True) if f != e)
                        raise AnswersDiffer(f"{contender.name}, {kind.name}:\n{which}")

    def _answers(self, contender: Contender, kind: Kind, asked: Sequence[Asked]) -> list[Comparable]:
        begun = time.monotonic()
        bodies = self.client.ask(contender.server.port, self._requests(contender, kind, asked), keep=True)[
            "bodies"
        ]
        self._taken[contender.name, kind.name] = (time.monotonic() - begun) / len(asked)
        if contender.through_service:
            return [comparable_of_service(kind.name, base64.b64decode(body)) for body in bodies]
        return [comparable(base64.b64decode(body), is_graph=kind.is_graph) for body in bodies]

    def _requests(self, contender: Contender, kind: Kind, asked: Sequence[Asked]) -> list[bytes]:
        service = contender.through_service
        return [contender.server.request(a, is_graph=kind.is_graph, through_service=service) for a in asked]

    def measure(self) -> None:
        """Run all phases: rounds over all kinds, in each of which all contenders are asked the same in turn."""
        for phase, concurrency in PHASES:
            pools = {
                kind.name: self.questions.fresh(kind.name, REPEATED) if phase == "warm" else []
                for kind in self.questions.kinds
            }
            for round_ in range(ROUNDS):
                self._say(f"{phase}, {concurrency} at once: {round_ + 1}/{ROUNDS}")
                for kind in self.questions.kinds:
                    self._turns(phase, concurrency, kind, pools[kind.name], round_)

    def _turns(self, phase: str, concurrency: int, kind: Kind, pool: Sequence[Asked], round_: int) -> None:
        number = self._number(kind, concurrency)
        asked = self.questions.repeated(pool, number) if pool else self.questions.fresh(kind.name, number)
        contenders = [contender for contender in self.contenders if contender.takes(kind)]
        shift = round_ % len(contenders)
        for contender in contenders[shift:] + contenders[:shift]:
            # Sixteen at once of what takes rdflib seconds would be its own test.
            if not (concurrency > 1 and contender.server.name == RDFLIB):
                cell = self.cells.setdefault((phase, concurrency, contender.name, kind.name), Cell())
                self._block(contender, kind, asked, concurrency, cell)

    def _block(
        self, contender: Contender, kind: Kind, asked: Sequence[Asked], concurrency: int, cell: Cell
    ) -> None:
        requests = self._requests(contender, kind, asked)
        before = contender.server.clock.read()
        said = self.client.ask(contender.server.port, requests, min(concurrency, len(requests)))
        cell.cpu += (contender.server.clock.read() - before) / 1e6
        cell.walls += [wall / 1e6 for wall in said["walls"]]
        cell.elapsed += said["elapsed"] / 1e6
        cell.client += said["cpu"] / 1e6
        cell.hits += said["hits"]
        cell.misses += said["misses"]
        cell.bytes += said["bytes"]

    def _number(self, kind: Kind, concurrency: int) -> int:
        """Return how many queries of a kind a round asks: as many as its share of the time allows."""
        one = sum(seconds for (_, name), seconds in self._taken.items() if name == kind.name)
        share = self._seconds / len(PHASES) / ROUNDS / len(self.questions.kinds)
        fewest = max(4, min(16, int(3 * share / one))) if concurrency > 1 else 2
        return max(fewest, min(int(share / one), 60 if concurrency == 1 else 160))

    def results(self) -> dict[str, Any]:
        """Return all figures, ready for JSON."""
        cells: dict[str, Any] = {}
        for (phase, concurrency, name, kind), cell in self.cells.items():
            place = cells.setdefault(f"{phase}-{concurrency}", {}).setdefault(name, {})
            place[kind] = cell.summary()
        return cells

    def close(self) -> None:
        """End the client."""
        self.client.close()


def described(servers: Sequence[Server], sizes: Mapping[str, int]) -> dict[str, Any]:
    """Return what is known of the servers: start-up, memory at first and now, size on disk."""
    return {
        server.name: {
            "seconds": round(server.seconds, 3),
            "memory_before": server.held,
            "memory_after": server.memory(),
            "disk": sizes.get(server.name, 0),
        }
        for server in servers
    }
