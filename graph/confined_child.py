"""A confined child: a process of ours that looks at what strangers wrote, answers in frames, and may be killed.

The child itself gives up what it could do harm with (``graph.confinement``) before it looks; here it is started, fed,
watched and ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from graph.frames import DONE, FAULT, read_frame

_PROJECT = Path(__file__).resolve().parent.parent
# Isolated and without site: no variable of the environment and no file of a folder has a say, and it starts in 40 ms.
_START = """
import importlib, json, sys
paths, module, arguments, memory, seconds = json.loads(sys.argv[1])
sys.path[:0] = paths
importlib.import_module(module).main(*arguments, memory, seconds)
"""
_OUT_OF_TIME = (-14, -24)
"""How a process ends at SIGALRM and SIGXCPU."""

Ending = Literal["time", "memory", "damage"]


@dataclass(frozen=True)
class Bounds:
    """What a child may use: bytes of memory, seconds, and bytes that it may answer with."""

    memory: int
    seconds: float
    answer: int


class ChildFault(Exception):
    """The child says what is wrong with what it was given; ``said`` is its JSON."""

    def __init__(self, said: dict[str, object]) -> None:
        super().__init__(said)
        self.said = said


class ConfinedChild:
    """A child at work. It has to be closed, which ends it."""

    def __init__(self, module: str, arguments: Sequence[str], bounds: Bounds) -> None:
        """Start ``main(*arguments, memory, seconds)`` of a module of ours."""
        self._bounds, self._is_late = bounds, threading.Event()
        self._process = _started(module, arguments, bounds)
        self._timer = threading.Timer(bounds.seconds, self._end_late)
        self._timer.daemon = True
        self._timer.start()

    def frames(self, data: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Hand over what it shall look at, then yield what it answers.

        Raises:
            ChildFault: it refuses what it was given.
            ChannelClosed: it ended before its answer did; see ``ending``.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None  # noqa: S101, PT018 - both are pipes
        with contextlib.suppress(OSError):  # it may have seen enough
            for piece in data:
                stdin.write(piece)
            stdin.close()
        read = _metered(stdout.read, self._bounds.answer)
        while True:
            kind, content = read_frame(read)
            if kind == DONE:
                return
            if kind == FAULT:
                raise ChildFault(json.loads(content))
            yield kind, content

    def ending(self) -> Ending:
        """Return why a child did not answer to the end."""
        try:
            ended = self._process.wait(1)
        except subprocess.TimeoutExpired:  # it answers, but nothing that makes sense
            return "damage"
        if self._is_late.is_set() or ended in _OUT_OF_TIME:
            return "time"
        return "damage" if ended > 0 else "memory"

    def close(self) -> None:
        """End it, whatever it is doing."""
        self._timer.cancel()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _end_late(self) -> None:
        self._is_late.set()
        self._process.kill()


def _started(module: str, arguments: Sequence[str], bounds: Bounds) -> subprocess.Popen[bytes]:
    paths = [str(_PROJECT), *(path for path in sys.path if path)]
    task = json.dumps([paths, module, arguments, bounds.memory, bounds.seconds])
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-I", "-S", "-c", _START, task],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
        cwd=_PROJECT,
    )


def _metered(read: Callable[[int], bytes], limit: int) -> Callable[[int], bytes]:
    """Return a way to read that ends after so much: the process may have fallen into the hands of what it reads."""
    left = limit

    def metered(size: int) -> bytes:
        nonlocal left
        part = read(min(size, 1 << 20))
        left -= len(part)
        return part if left >= 0 else b""

    return metered
