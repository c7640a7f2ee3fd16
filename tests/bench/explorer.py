"""How long the explorer takes to answer: a real server, asked as a browser asks, one request after the other.

    python tests/bench/explorer.py --data DIR [--rounds 40]

Prints milliseconds until the whole answer is there, as median and 95th percentile: cold (each address for the first
time, nothing of it remembered) and warm (the same addresses again). ``DIR`` is a data directory that holds a network;
it is only read.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from statistics import quantiles
from urllib.parse import quote

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from graph.keys import key_of  # noqa: E402 - the path is set first
from servers import Server, served  # noqa: E402

PREFIXES = """
PREFIX ma: <https://w3id.org/medalliance/ontology#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX schema: <https://schema.org/>
"""
VIEW = "/api/v1/graph/view?"
LEVEL = "vocab/hospital-grade/"
GRADES = ("3a", "3b", "2a", "2b", "unknown")


def milliseconds(server: Server, target: str) -> float:
    """Return how long one answer takes."""
    begin = time.perf_counter()
    reply = server.get(target, accept="text/html" if target.startswith("/explore") else "application/json")
    taken = (time.perf_counter() - begin) * 1000
    if reply.status != 200:
        raise RuntimeError(f"{target}: {reply.status} {reply.text[:200]}")
    return taken


def rows(server: Server, query: str) -> list[dict[str, str]]:
    """Return the rows of a query, as texts."""
    reply = server.get(f"/sparql?format=json&query={quote(query)}")
    return [{name: cell["value"] for name, cell in row.items()} for row in reply.json["results"]["bindings"]]


def keys(server: Server, pattern: str) -> list[str]:
    """Return the keys of what a pattern gives for ``?x``, in a fixed order."""
    found = rows(server, f"{PREFIXES} SELECT DISTINCT ?x {{ {pattern} }} ORDER BY ?x LIMIT 100000")
    return [quote(key_of(row["x"], server.address + "/"), safe="/:") for row in found]


def questions(server: Server, rounds: int, chance: Random) -> Iterator[tuple[str, list[str]]]:
    """Yield kinds of requests, each with different addresses."""
    units = keys(server, "?m org:member ?x")
    (hub, *_) = sorted(
        keys(server, "?x a ma:MedicalAlliance ; ma:illustrative true"),
        key=lambda key: not key.endswith("hub"),
    )
    counties = keys(server, "?u schema:location ?x . ?x ma:areaLevel ?l")
    prefectures = sorted({key[: -len("00")] + "00" for key in counties})

    def some(make: Callable[[int], str]) -> list[str]:
        return [make(number) for number in range(rounds)]

    def unit() -> str:
        return chance.choice(units)

    days = [f"{year}-{month:02d}-01" for year in range(2014, 2027) for month in range(1, 13)]
    yield "start, another date each time", some(lambda n: f"{VIEW}group=prefecture&as_of={days[-n - 1]}")
    yield "open a group", [f"{VIEW}group=prefecture&open={key}" for key in prefectures[:rounds]]
    yield (
        "facet: grade and date",
        some(lambda n: f"{VIEW}group=prefecture&grade={LEVEL}{GRADES[n % 5]}&as_of={days[-n - 1]}"),
    )
    yield "expand a unit", some(lambda _: f"{VIEW}expand={unit()}")
    yield "expand a unit, 2 steps", some(lambda _: f"{VIEW}expand={unit()}~~2&limit=100")
    yield "expand the hub, 100 things", some(lambda n: f"{VIEW}expand={hub}&limit=100&as_of={days[-n - 1]}")
    yield "expand the hub, 300 things", some(lambda n: f"{VIEW}expand={hub}&limit=300&as_of={days[-n - 1]}")
    yield "path between two units", some(lambda _: f"{VIEW}path={unit()}~{unit()}")
    yield "page: start", some(lambda n: f"/explore?group=role&as_of={days[-n - 1]}")
    yield (
        "page: a unit, expanded and selected",
        some(lambda _: (lambda u: f"/explore?expand={u}&select={u}")(unit())),
    )


def summary(taken: Sequence[float]) -> str:
    """Return median and 95th percentile."""
    parts = quantiles(taken, n=20, method="inclusive")
    return f"{parts[9]:7.1f} {parts[18]:7.1f}"


def warmed(server: Server) -> None:
    """Wait until what is made after the start is there."""
    server.get("/explore", accept="text/html", timeout=300)
    server.get(f"{VIEW}group=prefecture", timeout=300)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    with served(asked.data) as server:
        warmed(server)
        health = json.loads(server.get("/readyz").text)
        print(f"quads: {health['quads']}; milliseconds, {asked.rounds} addresses of each kind")
        print(f"{'':38} {'cold p50':>8} {'p95':>6} {'warm p50':>9} {'p95':>6}")
        for name, targets in questions(server, asked.rounds, Random(1)):
            cold = [milliseconds(server, target) for target in targets]
            warm = [milliseconds(server, target) for target in targets]
            print(f"{name:38} {summary(cold)}  {summary(warm)}")


if __name__ == "__main__":
    main()
