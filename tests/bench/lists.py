"""How long lists take: made, kept in step with a change, and asked for their rows and facets.

    python tests/bench/lists.py --data DIR

Prints milliseconds: of each step of making the lists, and as median and 95th percentile of questions that nobody
asked before (cold), of the same questions again (warm), and of updates after a small change. ``DIR`` is a data
directory that holds a network; a copy of it is opened, because members are added to it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TypeVar

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from api.list_state import Addressing  # noqa: E402 - the path is set first
from api.lists import facet_json, row_json  # noqa: E402
from graph.data_directory import DataDirectory  # noqa: E402
from graph.facets import listing  # noqa: E402
from graph.generate import GENERATED, HUB  # noqa: E402
from graph.nursery import ForkNursery  # noqa: E402
from graph.register import Register, Terms  # noqa: E402
from graph.repository import Repository, SourceFile  # noqa: E402
from graph.tables import TableCache, Tables, _Cells, _named  # noqa: E402
from ontology.lists import lists  # noqa: E402
from ontology.terms import MA, ORG, RDF, SCHEMA, SKOS, XSD  # noqa: E402

T = TypeVar("T")

DAY = date(2026, 11, 23)
BASE = "http://127.0.0.1:8000/"
VOC = "https://w3id.org/medalliance/vocab/"
AREA = "https://w3id.org/medalliance/id/area/"
QUESTIONS, CHANGES = 60, 10


def main() -> None:
    """Measure, and print one line for each figure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(asked.data, Path(folder) / "data"))
        repository = Repository(DataDirectory(copy), ForkNursery, base=BASE, workers=2)
        try:
            measure(repository)
        finally:
            repository.close()


def measure(repository: Repository) -> None:
    """Print how long each step takes."""
    engine = repository.engine
    terms = Terms()
    cells = {}
    for name, one in lists().items():
        took, (cells[name], _) = timed(lambda one=one: _Cells.read(engine, terms, one, ["UNDEF"]))
        print(f"read {name}: {len(cells[name].rows)} rows in {took:.0f} ms")
    wanted = [number for number, named in enumerate(_named(len(terms), cells).tolist()) if named]
    took, (register, version) = timed(lambda: Register.of(engine, terms, wanted))
    print(f"names: {len(wanted)} in {took:.0f} ms")
    print(f"put together: {timed(lambda: Tables(version, register, cells))[0]:.0f} ms")
    cache = TableCache(engine, repository.changed_between)
    print(f"all lists made: {timed(cache.current)[0]:.0f} ms")
    for name in ("members", "units"):
        for warmth, figures in asked(cache, name).items():
            print(f"answer of {name}, {warmth}: {told(figures)}")
    updates, first = zip(*changed(repository, cache), strict=True)
    print(f"update after a small change: {told(updates)}")
    print(f"first answer after it: {told(first)}")


def asked(cache: TableCache, name: str) -> dict[str, list[float]]:
    """Return how long questions take that nobody asked before, and when they are asked again."""
    chance = Random(1)
    questions = list(dict.fromkeys(question(chance) for _ in range(QUESTIONS)))
    return {
        warmth: [timed(lambda q=q: answer(cache, name, q))[0] for q in questions]
        for warmth in ("cold", "warm")
    }


def question(chance: Random) -> str:
    """Return the parameters of one question: facets, words, place and order in any combination."""
    parts = [
        chance.choice(("", "grade=3a", "grade=2a&grade=2b", "grade=unknown")),
        chance.choice(("", "tier=provincial", "tier=unknown", "role=council&role=core")),
        chance.choice(("", f"area={chance.choice(('220000', '220100', '150700', '222400'))}")),
        chance.choice(
            ("", "", "q=renmin", "q=示例", f"q={chance.choice('甲乙丙丁戊')}{chance.choice('子丑寅卯')}")
        ),
        chance.choice(("", "sort=-grade", "sort=prefecture", "lang=en")),
        chance.choice(("", f"offset={50 * chance.randrange(20)}")),
    ]
    return "&".join(filter(None, parts))


def answer(cache: TableCache, name: str, query: str) -> bytes:
    """Return what the interface sends for a question."""
    table = cache.current()[name]
    addressing = Addressing(table, BASE, DAY)
    parameters = [(key, value) for key, _, value in (part.partition("=") for part in query.split("&")) if key]
    state = addressing.read(parameters)
    found = listing(table, state.selection, state.day)
    language = dict(parameters).get("lang", "zh")
    rows = found.rows(state.sort, language, descending=state.descending)
    shown = rows[state.offset : state.offset + state.limit].tolist()
    body = {
        "total": found.total,
        "facets": [facet_json(addressing, facet) for facet in found.facets],
        "items": [row_json(found, row, language) for row in shown],
    }
    return json.dumps(body, ensure_ascii=False).encode()


def changed(repository: Repository, cache: TableCache) -> Iterator[tuple[float, float]]:
    """Yield how long the update after a new member takes, and the first answer after it."""
    for number in range(CHANGES):
        mark = f"bench-{time.time_ns()}-{number}"
        file = SourceFile(f"{mark}.nt", new_member(mark).encode(), "application/n-triples")
        repository.load([file], who="bench", why="bench", checked=False)
        repository.engine.select(
            "SELECT ?s { ?s ?p ?o } LIMIT 1"
        )  # the first worker of a version is born here
        took, _ = timed(cache.current)
        yield took, timed(lambda: answer(cache, "members", "grade=3a"))[0]


def new_member(mark: str) -> str:
    """Return one more institution and its membership as N-Triples."""
    unit, membership = f"<{GENERATED}org/{mark}>", f"<{GENERATED}membership/{mark}>"
    flag = f'<{MA.illustrative}> "true"^^<{XSD.boolean}> .'
    triples = [
        f"{unit} <{RDF.type}> <{ORG.FormalOrganization}> .",
        f"{unit} <{RDF.type}> <{SCHEMA.Hospital}> .",
        f'{unit} <{SKOS.prefLabel}> "示例{mark}医院"@zh .',
        f"{unit} <{SCHEMA.location}> <{AREA}220112> .",
        f"{unit} <{MA.grade}> <{VOC}hospital-grade/3a> .",
        f"{unit} {flag}",
        f"{membership} <{RDF.type}> <{MA.AllianceMembership}> .",
        f"{membership} <{ORG.member}> {unit} .",
        f"{membership} <{ORG.organization}> <{HUB}> .",
        f"{membership} <{ORG.role}> <{VOC}membership-role/member> .",
        f"{membership} <{MA.status}> <{VOC}status/active> .",
        f"{membership} {flag}",
    ]
    return "\n".join(triples) + "\n"


def timed(act: Callable[[], T]) -> tuple[float, T]:
    """Return how many milliseconds something takes, and what it gives."""
    start = time.perf_counter()
    result = act()
    return (time.perf_counter() - start) * 1000, result


def told(figures: Sequence[float]) -> str:
    """Return median and 95th percentile."""
    return f"median {median(figures):.1f} ms, p95 {quantiles(figures, n=20)[-1]:.1f} ms ({len(figures)})"


if __name__ == "__main__":
    main()
