"""Where workers come from: forked off a zygote, or started on copies of a store on disk.

Both hold the one current state of the graph (the *keeper*), bring workers to life on it, and carry out journaled
changes. Forking is the quick way and POSIX only; disk copies work everywhere and for graphs larger than memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from graph.frames import DONE, FAULT, ChannelClosed, read_frame, write_frame
from graph.packed import Packed
from graph.quads import Term
from graph.worker import Applying, Copying, Holding, Loading, Merging, Order, Request, written_order

_PROJECT = Path(__file__).resolve().parent.parent
_FORK, _FORK_REMOTE, _ORDER = b"F", b"R", b"O"
SLOWED = 5
"""How nice a worker is that takes long: it gets a third of the processor that another gets.

With 10, a tenth, long questions reached their time limit when many were asked at once.
"""


@dataclass(frozen=True)
class Tally:
    """Number of quads in a store, and the order-free sum over them."""

    quads: int
    sum: int


class KeeperLost(Exception):
    """The process that holds the graph is gone."""


class Worker:
    """A worker process, seen from the server: a channel of frames, and the means to end it.

    ``is_new`` tells that it has answered nothing yet.
    """

    def __init__(
        self,
        read: Callable[[int], bytes | None],
        write: Callable[[bytes], object],
        end: Callable[[], None],
        close: Callable[[], None],
        *,
        process: int = 0,
        channel: socket.socket | None = None,
    ) -> None:
        """Take a process.

        Args:
            read: reads from the channel.
            write: writes to it.
            end: ends the process and whatever waits for it.
            close: gives back what the channel takes.
            process: its number.
            channel: the socket, where there is one that an event loop may listen to.
        """
        self._read, self._write, self._end, self._close = read, write, end, close
        self._process, self._channel = process, channel
        self._lock = threading.Lock()
        self._is_alive = self._is_open = self.is_new = True

    def send(self, order: Order) -> None:
        """Give an order; raises ChannelClosed when the worker is gone."""
        write_frame(self._write, b"Q", written_order(order))

    def receive(self) -> tuple[bytes, bytes]:
        """Return the next frame; raises ChannelClosed when the worker is gone."""
        return read_frame(self._read)

    def heard_channel(self) -> socket.socket:
        """Return the socket for an event loop to listen to; only nurseries that say ``is_heard`` have one."""
        if self._channel is None:
            raise KeeperLost
        return self._channel

    def slow_down(self) -> None:
        """Let the worker have only what others leave of the processors; it stays so."""
        if self._process and hasattr(os, "setpriority"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.setpriority(os.PRIO_PROCESS, self._process, SLOWED)

    def end(self) -> None:
        """End the worker at once, whatever it is doing; whoever waits for it finds the channel closed."""
        with self._lock:
            if self._is_alive:
                self._is_alive = False
                self._end()

    def kill(self) -> None:
        """End the worker at once, and give back its channel: nobody may wait for it in an event loop any more."""
        self.end()
        with self._lock:
            if self._is_open:
                self._is_open = False
                self._close()


class Nursery(Protocol):
    """Holds the current graph and brings workers to life on it. Calls are serialised by the nursery itself."""

    def load(self, pieces: Iterable[tuple[int, bytes]], catalogue: Term) -> Tally:
        """Take over the whole journal (sign and N-Quads, in order) and return the tally of what is held."""
        ...

    def apply(self, delta: Packed, catalogue: Term) -> None:
        """Carry out one journaled change; workers born later see it."""
        ...

    def hold(self, graph: Term, data: bytes) -> None:
        """Hold a graph (N-Quads) beside the journaled ones, in place of what was held under its name."""
        ...

    @property
    def is_heard(self) -> bool:
        """Tell whether an event loop can listen to the workers."""
        ...

    def birth(self, *, writable: bool = False, remote: bool = False) -> Worker:
        """Return a new worker on the current graph.

        Args:
            writable: it has a copy of its own to change.
            remote: it may open connections.
        """
        ...

    def close(self) -> None:
        """End the keeper. Workers end when their channel closes."""
        ...


class ForkNursery:
    """Workers forked off a zygote that holds the graph in memory."""

    is_heard = True

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = _python("graph.zygote", str(theirs.fileno()), pass_fds=(theirs.fileno(),))

    def load(self, pieces: Iterable[tuple[int, bytes]], catalogue: Term) -> Tally:
        """Take over the whole journal and return the tally of what is held."""
        for sign, data in pieces:
            self._order(Loading(sign, data))
        return _tally(self._order(Merging(catalogue)))

    def apply(self, delta: Packed, catalogue: Term) -> None:
        """Carry out one journaled change."""
        self._order(Applying(delta, catalogue))

    def hold(self, graph: Term, data: bytes) -> None:
        """Hold a graph beside the journaled ones."""
        self._order(Holding(graph, data))

    def birth(self, *, writable: bool = False, remote: bool = False) -> Worker:
        """Return a new worker; every fork has a copy of its own."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                socket.send_fds(self._control, [_FORK_REMOTE if remote else _FORK], [theirs.fileno()])
                (process,) = struct.unpack("<I", _exactly(self._control, 4))
            except OSError as fault:
                ours.close()
                raise KeeperLost from fault

        killed = _ending(process)

        def end() -> None:
            killed()
            with contextlib.suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)

        return Worker(ours.recv, ours.sendall, end, ours.close, process=process, channel=ours)

    def close(self) -> None:
        """End the zygote."""
        with self._lock:
            self._control.close()
            self._process.kill()
            self._process.wait()

    def _order(self, request: Request) -> bytes:
        with self._lock:
            try:
                self._control.sendall(_ORDER)
                write_frame(self._control.sendall, b"Q", pickle.dumps(Order(request)))
                return _reply(self._control.recv)
            except (OSError, ChannelClosed) as fault:
                raise KeeperLost from fault


class DiskNursery:
    """Workers started as programs of their own, on copies of a store on disk."""

    is_heard = False

    def __init__(self, directory: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._home = Path(tempfile.mkdtemp(prefix="graph-", dir=directory))
        self._copies = 0
        self._current: Path | None = None
        self._process = _program(self._home / "keeper", "write")

    def load(self, pieces: Iterable[tuple[int, bytes]], catalogue: Term) -> Tally:
        """Take over the whole journal and return the tally of what is held."""
        for sign, data in pieces:
            self._order(Loading(sign, data))
        return _tally(self._order(Merging(catalogue)))

    def apply(self, delta: Packed, catalogue: Term) -> None:
        """Carry out one journaled change."""
        self._order(Applying(delta, catalogue))
        with self._lock:
            self._current = None

    def hold(self, graph: Term, data: bytes) -> None:
        """Hold a graph beside the journaled ones."""
        self._order(Holding(graph, data))
        with self._lock:
            self._current = None

    def birth(self, *, writable: bool = False, remote: bool = False) -> Worker:
        """Return a new worker on a copy, which may open connections anyway; readers of one version share theirs."""
        if writable:
            return _program_worker(self._copy(), "write")
        with self._lock:
            shared = self._current
        if shared is None:
            shared = self._copy()
            with self._lock:
                self._current = shared
        return _program_worker(shared, "read")

    def close(self) -> None:
        """End the keeper and remove all copies."""
        with self._lock:
            _end(self._process)
            shutil.rmtree(self._home, ignore_errors=True)

    def _copy(self) -> Path:
        with self._lock:
            self._copies += 1
            copy = self._home / f"copy-{self._copies}"
        self._order(Copying(str(copy)))
        return copy

    def _order(self, request: Request) -> bytes:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None  # noqa: S101, PT018 - both are pipes, see _program
        with self._lock:
            try:
                write_frame(stdin.write, b"Q", pickle.dumps(Order(request)))
                stdin.flush()
                return _reply(stdout.read)
            except (OSError, ChannelClosed) as fault:
                raise KeeperLost from fault


def _ending(process: int) -> Callable[[], None]:
    """Return what ends a process that is not our child, and never another one that got its number later."""
    if not hasattr(os, "pidfd_open"):

        def by_number() -> None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

        return by_number
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return lambda: None

    def by_handle() -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        os.close(handle)

    return by_handle


def _reply(read: Callable[[int], bytes | None]) -> bytes:
    parts: list[bytes] = []
    while True:
        kind, content = read_frame(read)
        if kind == DONE:
            return b"".join(parts)
        if kind == FAULT:
            raise KeeperLost(content.decode())
        parts.append(content)


def _tally(answer: bytes) -> Tally:
    said = json.loads(answer)
    return Tally(int(said["quads"]), int(said["sum"]))


def _exactly(channel: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = channel.recv(size - len(data))
        if not part:
            raise ConnectionResetError
        data += part
    return data


def _program(directory: Path, mode: str) -> subprocess.Popen[bytes]:
    return _python("graph.disk_worker", str(directory), mode, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _program_worker(directory: Path, mode: str) -> Worker:
    process = _program(directory, mode)
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None and stdout is not None  # noqa: S101, PT018 - both are pipes, see _program

    def write(data: bytes) -> None:
        stdin.write(data)
        stdin.flush()

    def end() -> None:
        process.kill()
        process.wait()

    def close() -> None:
        _end(process)
        if mode == "write":
            shutil.rmtree(directory, ignore_errors=True)

    return Worker(stdout.read, write, end, close, process=process.pid)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a child, which may have ended before, and close its pipes."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # what could not be sent any more is of no use
                pipe.close()


def _python(module: str, *arguments: str, **options: object) -> subprocess.Popen[bytes]:
    """Start a module of ours as a program, with this interpreter."""
    path = os.pathsep.join(filter(None, (str(_PROJECT), os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return] # noqa: S603 - a module of ours
        [sys.executable, "-m", module, *arguments],
        env=os.environ | {"PYTHONPATH": path},
        **options,
    )
