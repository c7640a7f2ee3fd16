"""What a tree of processes uses: processor time and memory, as Linux counts them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def tree(root: int) -> list[int]:
    """Return a process and all below it that live now."""
    parents: dict[int, list[int]] = {}
    for process in PROC.iterdir():
        if process.name.isdigit():
            parent = _parent(process)
            if parent is not None:
                parents.setdefault(parent, []).append(int(process.name))
    found, waiting = [], [root]
    while waiting:
        process_id = waiting.pop()
        found.append(process_id)
        waiting += parents.get(process_id, [])
    return found


def _parent(process: Path) -> int | None:
    try:
        # The name of the program, in brackets, may hold anything.
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return None


class Clock:
    """The processor time of a tree. What a process used counts on after its end, up to the last look."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._used: dict[int, int] = {}

    def read(self) -> int:
        """Return the nanoseconds that the tree has used so far."""
        for process_id in tree(self._root):
            try:
                # The clock that Linux keeps for a process, its threads included; see clock_getcpuclockid(3).
                self._used[process_id] = time.clock_gettime_ns((~process_id << 3) | 2)
            except OSError:
                continue
        return sum(self._used.values())


def memory(root: int) -> int:
    """Return the bytes that a tree holds; what several share counts once (proportional set size)."""
    return sum(_proportional(process_id) for process_id in tree(root))


def _proportional(process_id: int) -> int:
    for line in _lines(PROC / str(process_id) / "smaps_rollup"):
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _lines(file: Path) -> Iterator[str]:
    try:
        yield from file.read_text().splitlines()
    except OSError:
        return


def size_on_disk(place: Path) -> int:
    """Return the bytes that a file, or all files below a folder, take up."""
    files = place.rglob("*") if place.is_dir() else [place]
    return sum(file.stat().st_blocks * 512 for file in files if file.is_file())
