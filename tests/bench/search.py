"""How long the index of names takes: ``python tests/bench/search.py --names 400000``.

The names are those of the packaged data and of invented units in real counties. Asked are the golden list and
questions made from names at random: begun, in pinyin, by initials, with a place, in English, with a mistake, made up.
Each question is asked several times in a random order; told is the time of the median of its repetitions.
"""

from __future__ import annotations

import argparse
import csv
import gc
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS.parent), str(TESTS)]

from test_search_index import PREFERRED, full_engine  # noqa: E402

from graph.pinyin import readings  # noqa: E402
from graph.search_index import Name, SearchIndex  # noqa: E402
from ontology.areas import DATA  # noqa: E402

ALTERNATIVE = "http://www.w3.org/2004/02/skos/core#altLabel"
UNIT = "https://example.org/id/unit/"
KINDS = (
    ("人民医院", "People's Hospital"),
    ("中心医院", "Central Hospital"),
    ("妇幼保健院", "Maternal and Child Health Hospital"),
    ("儿童医院", "Children's Hospital"),
    ("中医院", "Hospital of Traditional Chinese Medicine"),
    ("医院新生儿科", "Hospital, Neonatology"),
)
GIVEN = "仁和同济协华康宁安德信爱民惠泽瑞金山明阳光友谊东方长行重乐平福建新春秋正大博雅"
"""Characters that invented units are named with; some are read in several ways."""


def area_rows() -> list[dict[str, str]]:
    with (DATA / "areas.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def units(number: int, chance: random.Random) -> Iterator[Name]:
    """Yield so many names of invented units: each has one in Chinese and one in English, some have an alias."""
    areas = {row["code"]: row for row in area_rows()}
    counties = [code for code in areas if not code.endswith("00")]
    made = 0
    while made < number:
        code = chance.choice(counties)
        county, above = areas[code], areas.get(code[:4] + "00", areas[code])
        kind_zh, kind_en = chance.choice(KINDS)
        given = "".join(chance.sample(GIVEN, 2))
        thing = f"{UNIT}{made}"
        places = tuple(
            dict.fromkeys((county["name_zh"], above["name_zh"], county["name_en"], above["name_en"]))
        )
        said = [
            (PREFERRED, f"示例{county['name_zh']}{given}{kind_zh}", "zh"),
            (PREFERRED, f"Example {county['name_en']} {spelled(given).title()} {kind_en}", "en"),
        ]
        if chance.random() < 0.1:
            said.append((ALTERNATIVE, f"示{given}院", "zh"))
        for property_, text, language in said:
            yield Name(thing, property_, text, language, "organization", places)
            made += 1


def spelled(text: str) -> str:
    return "".join(next(iter(readings(character)), character) for character in text)


def initialled(text: str) -> str:
    return "".join(next(iter(readings(character)), character)[0] for character in text)


def made_up(name: Name, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield questions (kind, text) that somebody may ask who looks for a name."""
    text = name.text
    if name.language == "en":
        word = chance.choice(text.split())
        yield "english word", word.lower()
        yield "english, two words", " ".join(chance.sample(text.split(), 2))
        yield "english typo", word.lower()[1:2] + word.lower()[:1] + word.lower()[2:]
        return
    short = text.removeprefix("示例")
    yield "whole name", text
    yield "begun", text[: chance.randint(3, max(3, len(text) - 2))]
    yield "two characters", short[(at := chance.randrange(len(short) - 1)) : at + 2]
    yield "pinyin", spelled(text)
    yield "pinyin begun", spelled(text)[: chance.randint(3, 12)]
    yield "pinyin within", spelled(short[-5:])
    yield "initials", initialled(text)
    yield "initials begun", initialled(text)[: chance.randint(2, 6)]
    yield "mixed", short[:2] + initialled(short[2:5])
    yield "place and name", f"{name.places[0]} {short[-4:]}"
    place = chance.randrange(len(text))
    yield "typo", text[:place] + chance.choice(GIVEN) + text[place + 1 :]
    pinyin = spelled(short[:6])
    place = chance.randrange(len(pinyin) - 1)
    yield "pinyin typo", pinyin[:place] + pinyin[place + 1] + pinyin[place] + pinyin[place + 2 :]
    yield "nothing", "".join(chance.sample("鑫麟鹏骥骏翱翔鸿鹄", 4))


def questions(names: Sequence[Name], number: int, chance: random.Random) -> list[tuple[str, str]]:
    """Return the golden list, and questions made from some names."""
    with (TESTS / "data" / "search-golden.csv").open(encoding="utf-8", newline="") as file:
        asked = [("golden list", row["query"]) for row in csv.DictReader(file)]
    for name in chance.sample(list(names), number):
        asked += made_up(name, chance)
    return asked


def timed(
    index: SearchIndex, asked: Sequence[tuple[str, str]], repeats: int, chance: random.Random
) -> list[float]:
    """Return the median time of each question in milliseconds."""
    taken: list[list[float]] = [[] for _ in asked]
    order = list(range(len(asked)))
    for _ in range(repeats):
        chance.shuffle(order)
        for place in order:
            begun = time.perf_counter()
            index.search(asked[place][1], limit=8)
            taken[place].append(1000 * (time.perf_counter() - begun))
    return [statistics.median(times) for times in taken]


def row(name: str, times: Sequence[float]) -> str:
    listed = sorted(times)
    at = [listed[min(len(listed) - 1, int(len(listed) * share))] for share in (0.5, 0.95, 0.99)]
    return f"{name:24} {len(listed):6} " + " ".join(f"{one:8.2f}" for one in (*at, listed[-1]))


def memory() -> float:
    """Return the memory of this process in MB, 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    line = next(one for one in status.read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Build an index, ask it, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=400_000)
    parser.add_argument("--sample", type=int, default=120, help="names from which questions are made")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--slowest", type=int, default=0, help="how many of the slowest questions to print")
    given = parser.parse_args()
    chance = random.Random(1)
    packaged = packaged_names()
    invented = list(units(max(0, given.names - len(packaged)), chance))
    asked = questions(invented or packaged, min(given.sample, len(invented or packaged)), chance)
    gc.collect()
    before, begun = memory(), time.perf_counter()
    index = SearchIndex([*packaged, *invented])
    built, size = time.perf_counter() - begun, memory() - before
    print(f"{len(index)} names, built in {built:.1f} s, {size:.0f} MB")
    times = timed(index, asked, given.repeats, chance)
    by_kind: dict[str, list[float]] = defaultdict(list)
    for (kind, _), taken in zip(asked, times, strict=True):
        by_kind[kind].append(taken)
    print(f"{'questions':24} {'number':>6} {'p50 ms':>8} {'p95':>8} {'p99':>8} {'most':>8}")
    for kind, listed in by_kind.items():
        print(row(kind, listed))
    print(row("all", times))
    for taken, (kind, text) in sorted(zip(times, asked, strict=True), reverse=True)[: given.slowest]:
        print(f"{taken:8.2f}  {kind}: {text}")


def packaged_names() -> list[Name]:
    from graph.search_index import names_of  # the index reads an engine's names in this way

    return names_of(full_engine())


if __name__ == "__main__":
    main()
