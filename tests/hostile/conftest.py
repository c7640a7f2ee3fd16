"""What hostile files point at, and what must not change: a port nobody may come to, folders nothing may appear in."""

from __future__ import annotations

import os
import resource
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MEGABYTE = 1024  # the kernel tells sizes of processes in kilobytes
CANARY = "hostile-canary"
"""How files are called that hostile names try to write."""


@dataclass
class Target:
    """A port of this machine that files point at, and who came."""

    address: str = ""
    visitors: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def target() -> Iterator[Target]:
    """A listening port; a visitor is remembered."""
    found = Target()
    listening = socket.create_server(("127.0.0.1", 0))
    found.address = f"http://127.0.0.1:{listening.getsockname()[1]}"

    def listen() -> None:
        while True:
            try:
                visitor, address = listening.accept()
            except OSError:
                return
            found.visitors.append(str(address))
            visitor.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield found
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


@pytest.fixture(autouse=True)
def _harmless(target: Target) -> Iterator[None]:
    """Nobody came, nothing appeared."""
    before = _names()
    yield
    assert not target.visitors
    assert _names() == before


@pytest.fixture
def within_bounds() -> Callable[[], AbstractContextManager[None]]:
    """Watches what is done to a file that was made: within ten seconds, 512 MB there and little here."""

    @contextmanager
    def watched() -> Iterator[None]:
        mine, started = _own_peak(), time.monotonic()
        with _children() as theirs:
            yield
        took = time.monotonic() - started
        assert took < 10, f"{took:.1f} s"
        assert (
            max(theirs.values(), default=0) < 560 * MEGABYTE
        )  # an interpreter of 40 MB, and what it may use
        assert _own_peak() - mine < 400 * MEGABYTE

    return watched


def _own_peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@contextmanager
def _children() -> Iterator[dict[int, int]]:
    """Watch how large the processes below this one grow: by process id, the largest so far."""
    peaks: dict[int, int] = {}
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(0.02):
            for process in _below(os.getpid()):
                with suppress(OSError, IndexError):
                    status = Path(f"/proc/{process}/status").read_text("utf-8")
                    peaks[process] = int(status.partition("VmHWM:")[2].split()[0])

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peaks
    finally:
        is_over.set()
        thread.join()


def _below(process: int) -> Iterator[int]:
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in map(int, (task / "children").read_text("utf-8").split()):
                yield child
                yield from _below(child)


def _names() -> set[Path]:
    """Return what lies in the project's folder, and canaries where hostile names would put them."""
    places = (Path(tempfile.gettempdir()), Path("/"), Path("/etc"), Path.home(), ROOT.parent)
    return {*ROOT.iterdir(), *(found for place in places for found in place.glob(f"*{CANARY}*"))}
