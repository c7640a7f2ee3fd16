"""The benchmark of partner systems: ``python -m tests.bench.partners``, or ``make bench``.

Ours, Oxigraph on disk and in memory, and (at small sizes) rdflib-endpoint hold the same triples and are asked the
same partner mix in turn, in one run. See docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import platform
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench.partners import peers, report
from tests.bench.partners.bare import filled_bare
from tests.bench.partners.dataset import Data, prepared
from tests.bench.partners.measuring import AnswersDiffer, Run, described
from tests.bench.partners.processes import size_on_disk

PEERS = ("disk", "memory", "rdflib", "bare")
SMALL = 2000
"""Up to this many institutions rdflib-endpoint takes part, and lookups are measured on a plain dataset."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, keep the figures; return the exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are ended too
    options = _options(arguments)
    if options.report:
        results = json.loads(options.report.read_text("utf-8"))
    else:
        if not Path(peers.program("oxigraph")).exists():
            print("请先运行 make bench · run `make bench`, which installs what is compared", file=sys.stderr)
            return 1
        try:
            results = measured(options)
        except (AnswersDiffer, peers.NotStarted, RuntimeError) as fault:
            print(fault, file=sys.stderr)
            return 1
        options.out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
        print(f"{options.out}")
    for line in report.tables(results):
        print(line)
    if options.write_docs:
        report.write_docs(results)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="medalliance bench", description=__doc__)
    parser.add_argument("--size", type=int, action="append", help="institutions; 1000 and 30000 without")
    parser.add_argument("--peer", choices=PEERS, action="append", help="only these; all without")
    parser.add_argument("--minutes", type=float, default=10.0, help="time for measuring, all sizes together")
    parser.add_argument("--seed", type=int, default=11, help="what drawing values begins with")
    parser.add_argument(
        "--folder", type=Path, default=peers.ROOT / ".bench", help="data and logs; kept for next time"
    )
    parser.add_argument("--out", type=Path, help="file for the figures; results.json in the folder without")
    parser.add_argument("--report", type=Path, help="measure nothing, show the figures of this file")
    parser.add_argument("--write-docs", action="store_true", help="put the figures into docs/benchmarks.md")
    parser.add_argument("--port", type=int, default=0, help="first of up to five ports; free ones without")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    options.out = options.out or options.folder / "results.json"
    return options


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """Return all figures of a run."""
    begun = time.monotonic()

    def say(line: str) -> None:
        print(f"[{time.monotonic() - begun:6.1f} s] {line}", flush=True)

    sizes = options.size or [1000, 30000]
    results: dict[str, Any] = {"machine": _machine(), "date": time.strftime("%Y-%m-%d"), "sizes": {}}
    for size in sizes:
        # The large one needs most of the time: its slow kinds take a second each.
        share = (
            options.minutes * 60 / len(sizes) * (1.0 if len(sizes) == 1 else 0.6 if size <= SMALL else 1.4)
        )
        results["sizes"][str(size)] = _one_size(size, options, share, say)
    return results


def _one_size(
    size: int, options: argparse.Namespace, seconds: float, say: Callable[[str], None]
) -> dict[str, Any]:
    data = prepared(size, options.folder, say)
    with ExitStack() as stack:
        servers = []
        for index, start in enumerate(_starts(size, data, options)):
            server = start(options.port + index if options.port else 0)
            stack.callback(server.stop)
            say(f"{size}: {server.name} {server.seconds:.1f} s")
            servers.append(server)
        for server in servers:
            server.settle()
        say(f"{size}: 各服务已空闲 · all servers are at rest")
        run = Run(servers, options.seed, seconds, lambda line: say(f"{size}: {line}"))
        stack.callback(run.close)
        run.compare()
        say(f"{size}: 各服务回答相同 · all servers give the same answers")
        run.measure()
        places = {
            peers.OURS: data.instance,
            peers.DISK: options.folder / "oxigraph",
            peers.MEMORY: data.triples,
        }
        disk = {name: size_on_disk(place) for name, place in places.items() if place.exists()}
        return {"triples": data.count, "servers": described(servers, disk), "cells": run.results()}


def _starts(size: int, data: Data, options: argparse.Namespace) -> list[Callable[[int], peers.Server]]:
    folder, asked = options.folder, options.peer or PEERS
    starts: list[Callable[[int], peers.Server]] = [lambda port: peers.ours(data.instance, folder, port=port)]
    if "memory" in asked:
        starts.append(lambda port: peers.oxigraph_in_memory(data.triples, folder, port))
    if "disk" in asked:
        starts.append(lambda port: peers.oxigraph_on_disk(data.triples, folder, port))
    if "rdflib" in asked and size <= SMALL:
        starts.append(lambda port: peers.rdflib_endpoint(data.triples, folder, port))
    if "bare" in asked and size <= SMALL:
        starts.append(lambda port: filled_bare(data.triples, folder, port))
    return starts


def _machine() -> dict[str, str]:
    memory = Path("/proc/meminfo").read_text().split("\n", 1)[0].split()[1]
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    processor = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")
    return {
        "processor": processor,
        "cores": str(len([line for line in lines if line.startswith("processor")])),
        "memory": f"{int(memory) / 2**20:.0f} GB",
        "python": platform.python_version(),
        "system": platform.system(),
        "medalliance": version("medalliance"),
        "pyoxigraph": version("pyoxigraph"),
        **report.peer_versions(),
    }


if __name__ == "__main__":
    sys.exit(main())
