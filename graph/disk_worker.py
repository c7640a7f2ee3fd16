"""A worker as a program: ``python -m graph.disk_worker DIRECTORY read|write`` serves a store over its pipes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from graph.oxigraph import OxigraphStore
from graph.worker import serve


def main(directory: str, mode: str) -> None:
    """Serve a store on disk over standard input and output."""
    store = OxigraphStore(Path(directory), read_only=mode == "read")
    output = sys.stdout.buffer

    def read(size: int) -> bytes:
        return os.read(sys.stdin.fileno(), size)

    def write(data: bytes) -> None:
        output.write(data)
        output.flush()

    serve(store, read, write)


if __name__ == "__main__":
    main(*sys.argv[1:3])
