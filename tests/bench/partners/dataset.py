"""The data of the benchmark: an instance of ours with a generated network, and its merged default graph as a file.

Peers get exactly the triples that our default graph answers from, derived facts included, and nothing else. What was
made is kept for the next run as long as the ontology, its data and rules, and the generator are the same.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.partners.peers import ROOT

SEED = 7
_EXPORT = """
import sys
from pathlib import Path
from api.instance import open_repository
from api.settings import Settings
from graph import media
from graph.engine import OWN_WORK
repository = open_repository(Settings.read({"data": Path(sys.argv[1])}))
all_of_it = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
with open(sys.argv[2], "wb") as file:
    for piece in repository.engine.answer(all_of_it, (media.NTRIPLES,), limits=OWN_WORK):
        file.write(piece)
repository.close()
"""


@dataclass(frozen=True)
class Data:
    """What servers are started on: our data directory, the triples of its default graph, and how many these are."""

    instance: Path
    triples: Path
    count: int


def prepared(size: int, folder: Path, say: Callable[[str], None]) -> Data:
    """Return the data for so many institutions, made where it is missing or old."""
    place = folder / f"data-{size}"
    stamp, instance, triples = place / "stamp", place / "instance", place / "default.nt"
    fits = _digest(size)
    if not (stamp.is_file() and stamp.read_text("utf-8").split()[0] == fits):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        say(f"{size}: 生成并载入数据 · generating and loading the data")
        network = place / "network.nt"
        _run("-m", "api", "generate", str(size), "--seed", str(SEED), "--out", str(network))
        load = ("load", str(network), "--data", str(instance), "--skip-checks", "--why", "benchmark")
        _run("-m", "api", *load)
        network.unlink()
        _run("-c", _EXPORT, str(instance), str(triples))
        with triples.open("rb") as file:
            count = sum(1 for _ in file)
        stamp.write_text(f"{fits} {count}\n", "utf-8")
    return Data(instance, triples, int(stamp.read_text("utf-8").split()[1]))


def _digest(size: int) -> str:
    """Return what changes when the data would: words, packaged data and rules, and the generator."""
    digest = hashlib.sha256(f"{size} {SEED}".encode())
    files = [ROOT / "graph" / "generate.py", *(ROOT / "ontology").rglob("*.ttl")]
    files += [*(ROOT / "ontology" / "rules").glob("*.rq"), *(ROOT / "ontology" / "data").rglob("*")]
    for file in sorted(files):
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


def _run(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=1200
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
