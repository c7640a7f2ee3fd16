"""Our server as a plain SPARQL dataset (``--bare``), with the triples put into it over HTTP."""

from __future__ import annotations

import http.client
import shutil
from pathlib import Path

from tests.bench.partners.peers import BARE, NotStarted, Server, ours


def filled_bare(triples: Path, folder: Path, port: int = 0) -> Server:
    """Start it on an empty directory and put the triples into its default graph."""
    place = folder / "bare"
    shutil.rmtree(place, ignore_errors=True)
    server = ours(place, folder, bare=True, port=port)
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        headers = {"Content-Type": "application/n-triples"}
        connection.request("PUT", "/graph-store?default", triples.read_bytes(), headers)
        answer = connection.getresponse()
        if answer.status >= 300:
            raise NotStarted(f"{BARE}: {answer.status} {answer.read()[:300]!r}")
        connection.close()
    except BaseException:
        server.stop()
        raise
    server.held = server.memory()
    return server
