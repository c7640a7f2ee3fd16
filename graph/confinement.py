"""Confinement: what a worker process may still do once it is about to read what strangers wrote.

The kernel keeps these limits, so that they hold whatever the text makes a library do, and when the server is gone.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

try:
    import resource
    import signal
except ImportError:  # Windows has neither; there the server's watch over time alone ends a worker
    resource = None  # type: ignore[assignment]
"""POSIX limits."""


def lock_in(connections: int = 0) -> None:
    """Let this process open nothing any more: no connection, no file. What it has open stays open.

    Args:
        connections: how many files and connections it may have open all the same; more than none is for what was
            allowed to reach other servers.
    """
    memory_use()  # opens the file that it reads later on
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (connections, connections))


def confine(memory: int, seconds: float) -> None:
    """Lock this process in for good: it writes no file, leaves no image of itself, and ends when a limit is passed.

    Args:
        memory: bytes that it may use beyond what it uses now.
        seconds: how long it may live, by the clock and by the processor.
    """
    lock_in()
    if resource is None:
        return
    bound = memory_use() + memory
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    # The default action of the alarm ends the process even inside a library's code.
    signal.setitimer(signal.ITIMER_REAL, seconds)


@cache
def _own_size() -> int:
    """Return an open file that tells the size of this process; -1 where there is none."""
    statm = Path("/proc/self/statm")
    return os.open(statm, os.O_RDONLY) if statm.exists() else -1


@cache
def _page() -> int:
    return resource.getpagesize()


def memory_use() -> int:
    """Return the address space that this process uses, in bytes."""
    opened = _own_size()
    if opened < 0:
        return 0  # not Linux: the bound is then on the whole
    return int(os.pread(opened, 100, 0).partition(b" ")[0]) * _page()
