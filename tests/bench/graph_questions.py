"""How long questions about the graph take, below HTTP: the projection, neighbourhoods, descriptions, paths.

    python tests/bench/graph_questions.py --data DIR [--rounds 40]

Prints milliseconds as median and 95th percentile. ``DIR`` is a data directory that holds a network; a copy of it is
opened, because a small change is made to it over and over.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from graph.data_directory import DataDirectory  # noqa: E402 - the path is set first
from graph.edges import EdgeBook, described_edges  # noqa: E402
from graph.nursery import ForkNursery  # noqa: E402
from graph.paths import common, shortest_paths  # noqa: E402
from graph.projection import Filters, Projection  # noqa: E402
from graph.repository import Repository  # noqa: E402
from graph.settle import UpdateRequest  # noqa: E402

BASE = "http://127.0.0.1:8000/"
TODAY = Filters(date(2026, 11, 24))
LIMIT = 100
Row = tuple[str, list[float]]


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def repeated(rounds: int, work: Callable[[], object]) -> list[float]:
    """Return how long some work takes each time, after a first time that is not counted."""
    work()
    return [milliseconds(work) for _ in range(rounds)]


def things(projection: Projection) -> tuple[str, str]:
    """Return the thing with most relations, and an ordinary hospital."""
    nodes = [projection.node(name) for name in projection.network.things.iris]
    hub = max(nodes, key=lambda node: node.degree)
    units = sorted((node for node in nodes if node.kind == "hospital"), key=lambda node: node.degree)
    return hub.iri, units[len(units) // 2].iri


def building(repository: Repository) -> Iterator[Row]:
    """Yield how long a projection takes: read whole, and after a change of one membership's date."""
    engine = repository.engine
    yield "projection, read whole", [milliseconds(lambda: Projection.of(engine)) for _ in range(3)]
    held, taken = Projection.of(engine), []
    for year in range(1990, 1996):
        repository.update(UpdateRequest(CHANGE.format(year=year)), who="bench", why="a small change")
        begin = time.perf_counter()
        held = held.updated(engine, repository.changed_between)
        taken.append((time.perf_counter() - begin) * 1000)
    yield "projection, after a small change", taken


CHANGE = """PREFIX ma: <https://w3id.org/medalliance/ontology#> PREFIX org: <http://www.w3.org/ns/org#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
INSERT {{ ?one ma:startStated "{year}"^^xsd:gYear }} WHERE {{
  {{ SELECT ?one {{ ?one a ma:AllianceMembership }} ORDER BY ?one LIMIT 1 }}
}}"""


def around(repository: Repository, projection: Projection, rounds: int) -> Iterator[Row]:
    """Yield how long neighbourhoods and their descriptions take, at the hub and at an ordinary hospital."""
    for name, iri in zip(("hub", "leaf"), things(projection), strict=True):
        around_it = partial(projection.neighbourhood, iri, limit=LIMIT)
        yield f"neighbourhood, {name}", repeated(rounds, around_it)
        on_a_date = partial(around_it, filters=TODAY)
        yield f"neighbourhood on a date, {name}", repeated(rounds, on_a_date)
        yield f"neighbourhood on a date, 2 hops, {name}", repeated(rounds, partial(on_a_date, hops=2))
        yield f"counts by kind, {name}", repeated(rounds, partial(projection.kind_counts, iri, TODAY))
        edges = on_a_date().edges
        cold = repeated(rounds // 2, partial(described_edges, repository.engine, edges))
        yield f"describing {len(edges)} relations, cold, {name}", cold
        book = EdgeBook(repository.engine)
        warm = repeated(rounds, partial(book.described, edges, projection.version))
        yield f"describing {len(edges)} relations, warm, {name}", warm


def between(projection: Projection, rounds: int, chance: Random) -> Iterator[Row]:
    """Yield how long it takes to find how two units are related, and what they share; each pair is new."""
    iris = projection.network.things.iris
    units = [iris[number] for number in projection.of_kinds({"hospital", "department"}).nonzero()[0]]

    def pairs() -> list[tuple[str, str]]:
        return [(one, other) for one, other in (chance.sample(units, 2) for _ in range(rounds))]

    shortest_paths(projection, *pairs()[0])
    for count in (1, 3, 5):
        questions = [partial(shortest_paths, projection, *pair, count, TODAY) for pair in pairs()]
        yield f"path, {count} chain{'s' if count > 1 else ''}", [milliseconds(work) for work in questions]
    yield "what two share", [milliseconds(partial(common, projection, pair, TODAY)) for pair in pairs()]


def told(row: Row) -> str:
    """Return a line of the table."""
    name, taken = row
    median, high = (quantiles(taken, n=20)[place] for place in (9, 18))
    return f"{name:<46} {median:>9.2f} {high:>9.2f}"


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a data directory that holds a network")
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        copied = shutil.copytree(asked.data, Path(folder) / "data")
        repository = Repository(DataDirectory(copied), ForkNursery, base=BASE)
        projection = Projection.of(repository.engine)
        print(f"{len(projection)} things, {projection.size} relations")
        print(f"{'milliseconds':<46} {'median':>9} {'p95':>9}")
        for row in building(repository):
            print(told(row), flush=True)
        projection = Projection.of(repository.engine)
        for row in (
            *around(repository, projection, asked.rounds),
            *between(projection, asked.rounds, Random(1)),
        ):
            print(told(row), flush=True)
        repository.close()


if __name__ == "__main__":
    main(sys.argv[1:])
