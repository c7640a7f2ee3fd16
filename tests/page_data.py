"""Graphs and a small service for the tests of cards and pages: the packaged data, and what a test adds to it."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import uvicorn
from fastapi import FastAPI

from api.accounts import FILE, Accounts
from api.app import furnish
from api.holdings import hold
from api.settings import Settings
from graph.catalogue import Entry, entry_quads
from graph.engine import Engine
from graph.local import LocalEngine
from graph.oxigraph import OxigraphStore
from graph.quads import Quad
from ontology.packaged import packaged_graphs
from samples import BASE, NAMES

PACKAGED = "https://w3id.org/medalliance/"
DEPARTMENT = f"{PACKAGED}id/org/fhjlu-neonatology"
HOSPITAL = f"{PACKAGED}id/org/fhjlu"
ALLIANCE = f"{PACKAGED}id/org/jl-neonatal-alliance"
MEMBERSHIP = f"{PACKAGED}id/membership/jl-neonatal-alliance-fhjlu-neonatology"
PROFILE = f"{PACKAGED}source/department-profile"
MA = f"{PACKAGED}ontology#"
ORG = "http://www.w3.org/ns/org#"
SKOS = "http://www.w3.org/2004/02/skos/core#"

PREFIXES = f"""
@base <{BASE}> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ma: <{MA}> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <{ORG}> .
@prefix p: <{PACKAGED}id/org/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix qudt: <http://qudt.org/schema/qudt/> .
@prefix schema: <https://schema.org/> .
@prefix skos: <{SKOS}> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix unit: <http://qudt.org/vocab/unit/> .
@prefix voc: <{PACKAGED}vocab/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


FAR = re.compile(rf"<{PACKAGED}id/area/(?!15|22|\d\d0000)\d")
"""Areas outside the home region: thousands of quads that no page here needs."""


@cache
def packaged_quads() -> tuple[Quad, ...]:
    """Return the packaged graphs without far areas, the merge of the public ones, and the catalogue."""
    store = OxigraphStore()
    quads: list[Quad] = []
    for graph in packaged_graphs():
        read = store.read(graph.content(), graph.media_type, graph=graph.iri)
        stated = [quad for quad in read if not FAR.match(quad.subject)]
        quads += stated
        quads += [quad._replace(graph="") for quad in stated if graph.merged]
        quads += entry_quads(Entry.of_packaged(graph), NAMES)
    return tuple(quads)


def packaged_engine() -> LocalEngine:
    """Return an engine of its own over the packaged data."""
    return with_quads(packaged_quads())


def with_quads(quads: tuple[Quad, ...]) -> LocalEngine:
    """Return an engine over some quads."""
    store = OxigraphStore()
    store.add(quads)
    return LocalEngine(store)


def state(engine: LocalEngine, turtle: str, name: str = "list") -> LocalEngine:
    """Add a source document that states some Turtle; the prefixes above are at hand."""
    entry = Entry.of_file(f"{name}.ttl", turtle.encode(), NAMES)
    stated = engine.store.read((PREFIXES + turtle).encode(), "text/turtle", graph=entry.graph)
    engine.store.add([*stated, *(quad._replace(graph="") for quad in stated)])
    listed = list(entry_quads(entry, NAMES))
    about_document = [quad._replace(graph="") for quad in listed if quad.subject == f"<{entry.document}>"]
    engine.store.add([*listed, *about_document])
    return engine


def member(number: int, role: str = "member", more: str = "") -> str:
    """Return Turtle of one member unit of the alliance; it derives from a document of its own."""
    return f"""
    <id/org/u{number}> a org:FormalOrganization, schema:Hospital ;
      skos:prefLabel "第{number}医院"@zh, "Hospital {number}"@en {more} .
    <id/membership/m{number}> a ma:AllianceMembership ; org:member <id/org/u{number}> ;
      org:organization p:jl-neonatal-alliance ; org:role <{PACKAGED}vocab/membership-role/{role}> ;
      ma:startStated "2020-0{number % 9 + 1}"^^xsd:gYearMonth ;
      ma:basis <{PACKAGED}vocab/basis/stated> ; prov:wasDerivedFrom <source/list> .
    """


def member_called(number: int, name: str, language: str = "en") -> str:
    """Return Turtle of one member unit of any name."""
    first, _, rest = member(number).partition("skos:prefLabel")
    return f"{first}skos:prefLabel {json.dumps(name)}@{language} .{rest.partition(' .')[2]}"


def service(
    engine: Engine, title: str = "", *, accounts: Accounts | None = None, settings: Settings | None = None
) -> FastAPI:
    """Return the pages over an engine, with the headers, errors and permissions of the real service.

    Nobody can sign in unless ``accounts`` says who (see ``people.py``).
    """
    app = FastAPI(docs_url=None, redoc_url=None)
    app.state.today = lambda: date(2026, 11, 23)
    furnish(app, settings or Settings(title=title), accounts or Accounts(Path("nowhere") / FILE))
    hold(app, engine, BASE)
    return app


@contextmanager
def served(app: FastAPI, lifespan: Literal["on", "off"] = "off") -> Iterator[str]:
    """Serve an application on a free port of this machine; yields its address."""
    listening = socket.socket(proto=socket.IPPROTO_TCP)  # see api.server
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan=lifespan))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()
