"""Serving: from settings to a running server, and its clean end."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

import uvicorn

from api.control import ControlFile
from api.instance import AddressTaken, open_repository
from api.progress import progress
from api.settings import Settings
from api.texts import text
from graph.engine import EngineClosed, MemoryLimitReached
from graph.illustration import add_demo
from graph.nursery import KeeperLost
from graph.repository import Report, Repository

if TYPE_CHECKING:
    from fastapi import FastAPI


def serve_until_stopped(settings: Settings, language: str, say: Callable[[str], object]) -> None:
    """Serve an instance until SIGINT or SIGTERM.

    The address is taken before the data is opened, so that nothing is loaded in vain.

    Raises:
        AddressTaken: somebody else listens there.
    """
    listening = _listening(settings.host, settings.port)
    # The web server gives the signal back after its clean end; then there is nothing left to do.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # The data is opened while the web application is imported: either takes about a second.
    with progress(language) as report, ThreadPoolExecutor(1) as opener:
        opening = opener.submit(_opened, settings, report)
        from api.app import create_app
        from api.sparql import SparqlFirst

        repository = opening.result()
    control = ControlFile(settings.data)
    address = _address(listening)
    app = create_app(settings, opened=lambda: repository)
    app.state.control_secret = control.write(address)

    def ready() -> None:
        say(text("ready", language, address=address))
        if code := app.state.first_run.code:
            say(text("first-run", language, address=address, code=code))
        # No daemon: one that still works while the interpreter ends makes it crash. It stops when the engine closes.
        Thread(target=_warm, args=(app, repository)).start()

    # What a request says of the address before a proxy is not believed: anybody can say it.
    ahead = SparqlFirst(app, sparql=app.state.sparql, whole=app)
    config = uvicorn.Config(
        ahead, log_level="warning", access_log=False, server_header=False, lifespan="on", proxy_headers=False
    )
    try:
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(_Server(config, ready).serve([listening]))
    finally:
        control.remove()
        repository.close()


def _warm(app: FastAPI, repository: Repository) -> None:
    """Make what answers need before anybody asks; a service that stops meanwhile needs none of it."""
    with suppress(EngineClosed, KeeperLost, MemoryLimitReached):
        app.state.search.current()
        app.state.projections.current()
        app.state.tables.current()
        repository.engine.keep_ready(min(app.state.settings.workers, os.cpu_count() or 1))


def _opened(settings: Settings, report: Report) -> Repository:
    """Return the repository, with the illustrative network if it is wanted; one that may not have it is closed."""
    repository = open_repository(settings, report)
    try:
        if settings.demo:
            add_demo(repository)
    except BaseException:
        repository.close()
        raise
    return repository


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only where the protocol is named does asyncio send at once; else answers on a kept connection wait 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as fault:
        listening.close()
        raise AddressTaken(f"{host}:{port}") from fault
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"
