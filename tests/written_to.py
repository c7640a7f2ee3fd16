"""Instances in this process that a test may write to, and callers who may."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from in_process import client_of

from api.settings import Settings

SECRET = "secret of the control file"
MAY_WRITE = {"Authorization": f"Bearer {SECRET}"}
"""The headers of somebody who may write."""
UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}


@contextmanager
def plain_dataset(folder: Path, **settings: object) -> Iterator[httpx.Client]:
    """Serve an empty plain dataset, ``serve --bare``, to programs on this machine."""
    from api.app import create_app  # most tests need no application

    given = {"data": folder / "plain", "bare": True, "workers": 2, **settings}
    with client_of(create_app(Settings(**given)), lifespan=True) as client:
        yield client


@contextmanager
def whole_instance(folder: Path, started: Path, **settings: object) -> Iterator[httpx.Client]:
    """Serve an instance with the packaged data."""
    from api.app import create_app

    (folder / "data").mkdir()
    shutil.copy(started, folder / "data")
    app = create_app(Settings(data=folder / "data", workers=2, **settings))
    app.state.control_secret = SECRET
    with client_of(app, lifespan=True) as client:
        yield client


def asked(client: httpx.Client, query: str) -> bool:
    """Return the answer of an ASK query about the dataset."""
    text = f"PREFIX : <http://x/> ASK {query}"
    reply = client.post("/sparql", content=text, headers={"Content-Type": "application/sparql-query"})
    assert reply.status_code == 200, reply.text
    return bool(reply.json()["boolean"])


def updated(client: httpx.Client, text: str, **headers: str) -> httpx.Response:
    """Send an update, with ``http://x/`` as the empty prefix."""
    return client.post("/update", content=f"PREFIX : <http://x/> {text}", headers={**UPDATE, **headers})


def graph_at(iri: str) -> str:
    """Return the address of a graph in the graph store."""
    return f"/graph-store?graph={quote(iri, safe='')}"


def problem(reply: httpx.Response) -> tuple[int, str]:
    """Return status and name of a problem."""
    return reply.status_code, str(reply.json()["type"]).removeprefix("/problems/")
