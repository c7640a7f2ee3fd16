"""The figures told: tables for a terminal, the section of docs/benchmarks.md, and its picture."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

from tests.bench.partners import peers
from tests.bench.partners.figures import geometric_mean, ratios
from tests.bench.partners.mix import Kind, kinds

PAGE = peers.ROOT / "docs" / "benchmarks.md"
PICTURE = peers.ROOT / "docs" / "images" / "bench-partners.svg"
BEGIN, END = "<!-- partners: begin -->", "<!-- partners: end -->"
COMMAND = "make bench"
OWN_ADDRESS = f"{peers.OURS}, own address"

Cells = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Target:
    """What is to be reached: times as fast as a peer, by the geometric mean over the kinds of a phase."""

    phase: str
    peer: str
    at_least: float
    large: bool


TARGETS = (
    Target("cold-1", peers.RDFLIB, 50, large=False),
    Target("cold-1", peers.DISK, 2, large=True),
    Target("cold-1", peers.MEMORY, 1, large=True),
    Target("warm-1", peers.DISK, 8, large=True),
    Target("warm-1", peers.MEMORY, 3, large=True),
)
BARE_AT_MOST = 4.5
"""How many times as long a lookup may take on our plain dataset as on Oxigraph in memory."""


def means(cells: Cells, name: str) -> dict[str, float]:
    """Return the mean wall time of each kind of a contender (ms)."""
    return {kind: cell["mean"] for kind, cell in cells.get(name, {}).items()}


def as_offered(cells: Cells) -> dict[str, float]:
    """Return our times with each question put where we keep its answer, by SPARQL otherwise (ms)."""
    return means(cells, peers.OURS) | means(cells, OWN_ADDRESS)


def speedups(cells: Cells, peer: str, *, offered: bool) -> dict[str, float]:
    """Return how many times as fast as a peer we are, by kind."""
    return ratios(means(cells, peer), as_offered(cells) if offered else means(cells, peers.OURS))


def weights() -> dict[str, float]:
    """Return the weights of the kinds."""
    return {kind.name: kind.weight for kind in kinds()}


def hit_rate(cells: Cells) -> float | None:
    """Return the share of our answers that came from the cache; nothing when the server does not say."""
    counted = cells.get(peers.OURS, {}).values()
    hits = sum(cell["hits"] for cell in counted)
    total = hits + sum(cell["misses"] for cell in counted)
    return hits / total if total else None


def target_rows(results: Mapping[str, Any]) -> list[list[str]]:
    """Return a row for each target: what was wanted, what was reached three ways, met or not, and by which kinds."""
    rows = []
    for target in TARGETS:
        for size, said in results["sizes"].items():
            cells = said["cells"].get(target.phase, {})
            if target.large == (int(size) > 2000) and target.peer in cells:
                rows.append(_target_row(target, size, cells))
    return rows


def _target_row(target: Target, size: str, cells: Cells) -> list[str]:
    same, offered = (speedups(cells, target.peer, offered=way) for way in (False, True))
    reached = geometric_mean(same)
    missed = [name for name, ratio in same.items() if ratio < target.at_least]
    return [
        f"{target.phase.partition('-')[0]}, {target.peer}, {int(size):,}",
        f"≥ {target.at_least:g}",
        f"{reached:.2f}",
        f"{geometric_mean(same, weights()):.2f}",
        f"{geometric_mean(offered):.2f}",
        f"{geometric_mean(offered, weights()):.2f}",
        _verdict(reached >= target.at_least, geometric_mean(offered) >= target.at_least),
        f"{len(same) - len(missed)}/{len(same)}",
        ", ".join(f"`{name}`" for name in missed) or "—",
    ]


def _verdict(same: bool, offered: bool) -> str:
    if same:
        return "是 yes"
    return "仅自有地址 own address only" if offered else "否 no"


def bare_rows(results: Mapping[str, Any]) -> list[list[str]]:
    """Return a row for each lookup on our plain dataset against Oxigraph in memory."""
    rows = []
    for said in results["sizes"].values():
        cells = said["cells"].get("cold-1", {})
        slower = ratios(means(cells, peers.BARE), means(cells, peers.MEMORY)) if peers.BARE in cells else {}
        for name, ratio in slower.items():
            both = [f"{means(cells, server)[name]:.3f}" for server in (peers.BARE, peers.MEMORY)]
            rows.append([f"`{name}`", *both, f"{ratio:.2f}", "是 yes" if ratio <= BARE_AT_MOST else "否 no"])
        if slower:
            mean = geometric_mean(slower)
            rows.append(
                [
                    "几何平均 geometric mean",
                    "",
                    "",
                    f"{mean:.2f}",
                    "是 yes" if mean <= BARE_AT_MOST else "否 no",
                ]
            )
    return rows


def kind_rows(cells: Cells) -> list[list[str]]:
    """Return a row for each kind: percentiles, processor time and throughput of each contender."""
    rows = []
    for kind in kinds():
        for name, by_kind in cells.items():
            if cell := by_kind.get(kind.name):
                times = [f"{cell[key]:.2f}" for key in ("mean", "p50", "p95", "p99", "cpu")]
                rows.append([f"`{kind.name}`", name, str(cell["n"]), *times, f"{cell['throughput']:.0f}"])
    return rows


def server_rows(said: Mapping[str, Any]) -> list[list[str]]:
    """Return a row for each server: start-up, memory, disk."""
    return [
        [
            name,
            f"{server['seconds']:.2f}",
            *(f"{server[key] / 1e6:,.0f}" for key in ("memory_before", "memory_after")),
            f"{server['disk'] / 1e6:,.0f}" if server["disk"] else "—",
        ]
        for name, server in said["servers"].items()
    ]


TARGET_HEAD = (
    *("目标 · target", "要求 wanted", "同文 same text", "加权 weighted", "自有地址 own address"),
    *("加权 weighted", "达到 met", "达到的种类 kinds met", "未达到的种类 · kinds that miss it"),
)
KIND_HEAD = ("种类 · kind", "服务 · server", "n", "mean", "p50", "p95", "p99", "CPU", "1/s")
SERVER_HEAD = (
    "服务 · server",
    "启动 s · start-up",
    "内存 MB · memory",
    "之后 MB · after the mix",
    "磁盘 MB · disk",
)
BARE_HEAD = ("种类 · kind", "--bare ms", "oxigraph memory ms", "倍 · ratio", f"≤ {BARE_AT_MOST}")


def tables(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the tables for a terminal."""
    for size, said in results["sizes"].items():
        for phase, cells in said["cells"].items():
            yield ""
            yield f"{int(size):,} · {phase} (ms)"
            yield from _aligned(KIND_HEAD, kind_rows(cells))
        yield ""
        yield from _aligned(SERVER_HEAD, server_rows(said))
    yield ""
    yield from _aligned(BARE_HEAD, bare_rows(results))
    yield ""
    yield from _aligned(TARGET_HEAD, target_rows(results))


def _aligned(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(_width, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        yield "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))


def _width(text: str) -> int:
    return sum(2 if "⺀" <= character <= "￮" else 1 for character in text)


# The page --------------------------------------------------------------------------------------------------------


def write_docs(results: Mapping[str, Any]) -> None:
    """Put the figures into the page, between its marks, and draw the picture."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{section(results)}\n{END}{after}", "utf-8")
    PICTURE.write_text(picture(results), "utf-8")


def section(results: Mapping[str, Any]) -> str:
    """Return the part of the page that the figures make."""
    machine = results["machine"]
    parts = [
        f"{results['date']}，{machine['cores']} 核 cores ({machine['processor']})，{machine['memory']}，"
        f"Python {machine['python']}，pyoxigraph {machine['pyoxigraph']}，oxigraph {machine['oxigraph']}，"
        f"rdflib-endpoint {machine['rdflib-endpoint']}（rdflib {machine['rdflib']}）。",
        "",
        "![](images/bench-partners.svg)",
        "",
        "### 目标 · Targets",
        "",
        *_markdown(TARGET_HEAD, target_rows(results)),
    ]
    if lookups := bare_rows(results):
        parts += ["", "### 纯数据集上的查找 · Lookups on a plain dataset", "", *_markdown(BARE_HEAD, lookups)]
    for size, said in results["sizes"].items():
        parts += ["", f"### {int(size):,} 家 · {said['triples']:,} triples", ""]
        parts += [*_markdown(SERVER_HEAD, server_rows(said))]
        parts += [*_phases(said["cells"])]
    return "\n".join(parts)


def _phases(all_cells: Mapping[str, Cells]) -> Iterator[str]:
    for phase, cells in all_cells.items():
        name, _, concurrency = phase.partition("-")
        rate = hit_rate(cells)
        told = f"缓存命中 cache hits {rate:.0%}" if rate is not None else "没有缓存的说明 no word of a cache"
        yield from ("", f"**{name}，并发 concurrency {concurrency}**；{told}；ms", "")
        yield from _markdown(KIND_HEAD, kind_rows(cells))


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "|".join("---" if index == 0 else "---:" for index in range(len(head))) + "|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


# The picture -----------------------------------------------------------------------------------------------------

_STYLE = """
text { font: 13px system-ui, "Noto Sans CJK SC", sans-serif; fill: #1f2328 }
.small { font-size: 11px } .line { stroke: #8c959f } .even { stroke: #1f2328; stroke-dasharray: 4 3 }
.disk { fill: #b35900 } .memory { fill: #0a6ebd } .rdflib { fill: #6b4fbb }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .line { stroke: #6e7681 } .even { stroke: #e6edf3 }
  .disk { fill: #f0a04b } .memory { fill: #58b0f5 } .rdflib { fill: #b39ddb }
}
""".strip()
_LEFT, _WIDTH, _ROW, _TOP = 300, 460, 44, 78
_LOW, _HIGH = -1.5, 3.5
"""Ends of the axis, as powers of ten."""
_MARKS = {peers.DISK: "disk", peers.MEMORY: "memory", peers.RDFLIB: "rdflib"}


def picture(results: Mapping[str, Any]) -> str:
    """Return an SVG: for each kind, how many times as fast as each peer we are, cold (full) and warm (ring)."""
    listed = kinds()
    height = _TOP + _ROW * len(listed) + 40
    body = [line for index, kind in enumerate(listed) for line in _kind_marks(index, kind, results)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 40} {height}" role="img">',
            "<title>快几倍 · times as fast as the peers, by kind</title>",
            f"<style>{_STYLE}</style>",
            *_legend(),
            *_axis(height),
            *body,
            "</svg>",
            "",
        ]
    )


def _legend() -> Iterator[str]:
    told = "快几倍（对数）· times as fast (log); 实心 full: cold, 空心 ring: warm; 并发 concurrency 1"
    yield f'<text x="12" y="22">{told}</text>'
    for index, (name, style) in enumerate(_MARKS.items()):
        x = 18 + index * 210
        size = "1,000" if name == peers.RDFLIB else "30,000"
        yield f'<circle class="{style}" cx="{x}" cy="44" r="6"/><text x="{x + 12}" y="49">{name}, {size}</text>'


def _axis(height: int) -> Iterator[str]:
    for power in range(-1, 4):
        x = _place(10**power)
        style = "even" if power == 0 else "line"
        yield f'<line class="{style}" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 10}" y2="{height - 34}"/>'
        yield f'<text class="small" x="{x:.1f}" y="{height - 16}" text-anchor="middle">{10**power:g}×</text>'


def _kind_marks(index: int, kind: Kind, results: Mapping[str, Any]) -> Iterator[str]:
    y = _TOP + _ROW * index + 12
    yield f'<text x="12" y="{y}">{kind.titles["zh"]}</text>'
    yield f'<text class="small" x="12" y="{y + 16}">{kind.titles["en"]}</text>'
    for size, said in results["sizes"].items():
        for name, style in _MARKS.items():
            if (name == peers.RDFLIB) != (int(size) <= 2000):
                continue
            for phase, filled in (("cold-1", True), ("warm-1", False)):
                ratio = speedups(said["cells"].get(phase, {}), name, offered=False).get(kind.name)
                if ratio:
                    yield _mark(_place(ratio), y + 4, style, filled=filled)


def _mark(x: float, y: float, style: str, *, filled: bool) -> str:
    if filled:
        return f'<circle class="{style}" cx="{x:.1f}" cy="{y}" r="5.5"/>'
    return f'<path class="{style}" fill-rule="evenodd" d="{_circle(x, y, 6.5)} {_circle(x, y, 4)}"/>'


def _circle(x: float, y: float, r: float) -> str:
    return f"M{x - r:.1f} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"


def _place(ratio: float) -> float:
    power = min(max(log10(ratio), _LOW), _HIGH)
    return _LEFT + _WIDTH * (power - _LOW) / (_HIGH - _LOW)


def peer_versions() -> dict[str, str]:
    """Return the versions of what the environment of the peers holds."""
    names = ("oxigraph", "rdflib-endpoint", "rdflib")
    code = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    command = [peers.program("python"), "-c", code, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(zip(names, done.stdout.split(), strict=True))
