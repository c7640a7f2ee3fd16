"""Dumps: the public graph of one version as files, whole and graph by graph, made once and kept until a newer one is.

Equal graphs make equal files: statements are sorted, and nothing of when or where a file was written is in it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from graph.catalogue import Entry, entries
from graph.dump_process import Plan, Written
from graph.engine import Engine, EngineClosed
from graph.frames import DONE, PIECE, ChannelClosed, read_frame, write_frame
from graph.names import Names

FOLDER = "downloads"
"""Folder of the data directory."""
_MANIFEST = "manifest.json"
_PROJECT = Path(__file__).resolve().parent.parent
_TRIES = 5


class TooBusy(OSError):
    """The graph changed each time while it was being written out."""


@dataclass(frozen=True)
class Dumps:
    """The files of one version.

    Attributes:
        version: number of the last change in them.
        folder: where they are.
        files: what they are; those with all of it come first.
        entries: what the catalogue said of the graphs then.
    """

    version: int
    folder: Path
    files: tuple[Written, ...]
    entries: tuple[Entry, ...]

    def file(self, name: str) -> Written | None:
        """Return the file of a name, if there is one."""
        return next((one for one in self.files if one.name == name), None)

    def entry(self, graph: str) -> Entry | None:
        """Return what the catalogue says of a graph, if it lists it."""
        return next((one for one in self.entries if one.graph == graph), None)

    def of_graph(self, graph: str) -> tuple[Written, ...]:
        """Return the files that hold one graph alone."""
        return tuple(one for one in self.files if one.graph == graph)


class Dumper:
    """Writes dumps into the data directory, and clears older ones away."""

    def __init__(self, engine: Engine, names: Names, home: Path, state: Callable[[int], str]) -> None:
        """Take an instance.

        Args:
            engine: the graph.
            names: the graphs that the instance keeps for itself.
            home: folder of the dumps; made when needed.
            state: returns a digest of all that is held at a version, so that files of another history are not taken
                for those of this one.
        """
        self._engine, self._names, self._home, self._state = engine, names, home, state
        self._process: subprocess.Popen[bytes] | None = None
        self._is_open = True
        self._lock = threading.Lock()

    def next_one(self, before: Dumps | None) -> Dumps:
        """Return the dumps of the version now, those in the folder if they are.

        Raises:
            EngineClosed: the service is closing.
            OSError: they cannot be written.
        """
        for _ in range(_TRIES):
            version = self._engine.version
            folder = self._home / f"{version}-{self._state(version)[:12]}"
            if (folder / _MANIFEST).is_file():
                return self._cleared(_read(folder, version), before)
            made = self._made(version, folder)
            if made is not None:
                return self._cleared(made, before)
        raise TooBusy("the graph keeps changing")

    def close(self) -> None:
        """Give up what is being written."""
        with self._lock:
            self._is_open = False
            if self._process is not None:
                self._process.kill()

    def _made(self, version: int, folder: Path) -> Dumps | None:
        """Write the dumps of a version; ``None``: there is a newer one."""
        listed = tuple(entries(self._engine, self._names))
        if self._engine.version != version:
            return None
        draft = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        try:
            files = self._written(version, draft, listed)
            if files is None:
                return None
            said = {"files": [asdict(one) for one in files], "entries": [asdict(one) for one in listed]}
            (draft / _MANIFEST).write_text(json.dumps(said, ensure_ascii=False), "utf-8")
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return Dumps(version, folder, tuple(files), listed)

    def _written(self, version: int, folder: Path, listed: Sequence[Entry]) -> list[Written] | None:
        texts = self._engine.texts(None)
        if self._engine.version != version:  # who answers may hold a newer one
            return None
        names = file_stems(entry.graph for entry in listed)
        plan = Plan(str(folder), names, [entry.graph for entry in listed if entry.merged])
        process = self._started()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
        try:
            write = process.stdin.write
            write_frame(write, PIECE, json.dumps(asdict(plan)).encode())
            for piece in texts:
                write_frame(write, PIECE, piece)
            write_frame(write, DONE)
            process.stdin.flush()
            _, content = read_frame(process.stdout.read)
            return [Written(**one) for one in json.loads(content)]
        except ChannelClosed as fault:
            if not self._is_open:
                raise EngineClosed from fault
            raise OSError("the dumps could not be written") from fault
        finally:
            self._ended(process)

    def _started(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if not self._is_open:
                raise EngineClosed
            path = os.pathsep.join(filter(None, (str(_PROJECT), os.environ.get("PYTHONPATH", ""))))
            self._process = subprocess.Popen(
                [sys.executable, "-m", "graph.dump_process"],
                env=os.environ | {"PYTHONPATH": path},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            return self._process

    def _ended(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        with self._lock:
            self._process = None

    def _cleared(self, made: Dumps, before: Dumps | None) -> Dumps:
        """Return dumps after removing all but them and those before, which somebody may be fetching."""
        kept = {made.folder, before.folder if before else made.folder}
        for folder in self._home.iterdir():
            if folder not in kept:
                shutil.rmtree(folder, ignore_errors=True)
        return made


def file_stems(graphs: Iterable[str]) -> dict[str, str]:
    """Return a file name, without ending, for each graph: what its IRI says last, with a number where that is taken.

    >>> file_stems(["http://example.org/source/ror/1a2b", "https://w3id.org/x/source/ror/1a2b", "urn:a"])
    {'http://example.org/source/ror/1a2b': 'source-ror-1a2b', 'https://w3id.org/x/source/ror/1a2b': \
'source-ror-1a2b-2', 'urn:a': 'urn-a'}
    """
    taken, stems = {"all", "default"}, {}
    for graph in sorted(graphs):
        stems[graph] = _free(_stem(graph), taken)
    return stems


def _free(stem: str, taken: set[str]) -> str:
    for name in _numbered(stem):
        if name not in taken:
            taken.add(name)
            return name
    raise AssertionError  # there is always a further number


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1


def _stem(graph: str) -> str:
    parts = [
        part for part in re.split(r"[^A-Za-z0-9.]+", graph.partition("://")[2] or graph) if part.strip(".")
    ]
    kinds = ("source", "graph", "vocab", "ontology", "shapes")
    begin = next((at for at, part in enumerate(parts) if part in kinds), 0)
    return "-".join(parts[begin:])[:100].strip(".-") or "graph"


def _read(folder: Path, version: int) -> Dumps:
    said = json.loads((folder / _MANIFEST).read_text("utf-8"))
    files = tuple(Written(**one) for one in said["files"])
    return Dumps(version, folder, files, tuple(Entry(**one) for one in said["entries"]))
