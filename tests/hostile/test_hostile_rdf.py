"""Hostile RDF documents, one case per cause: loaded safely, or refused with a plain reason; nothing is kept of those."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest

from engines import nursery
from graph.data_directory import DataDirectory
from graph.engine import MemoryLimitReached, TimeLimitReached
from graph.media import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE
from graph.repository import Repository, SourceFile
from graph.store import SyntaxFault
from samples import BASE

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@dataclass(frozen=True)
class Case:
    """A hostile document: what is wrong with it, how it is made from an address, its form, whether it may be loaded."""

    cause: str
    made: Callable[[str], str | bytes]
    media_type: str
    loads: bool = False
    heavy: bool = False


def entities(first: str) -> str:
    named = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    return f"<!DOCTYPE r [<!ENTITY a0 {first}>{named}]>"


CASES = (
    Case("a context on a server", lambda a: f'{{"@context": "{a}/context.jsonld", "name": "x"}}', JSONLD),
    Case(
        "a context that brings another", lambda a: f'{{"@context": {{"@import": "{a}/c"}}, "a": 1}}', JSONLD
    ),
    Case("contexts on several servers", lambda a: f'{{"@context": ["{a}/1", "{a}/2"], "a": 1}}', JSONLD),
    Case("objects nested deep", lambda _: '{"http://e.org/a":' * 100_000 + "1" + "}" * 100_000, JSONLD),
    Case("lists nested deep", lambda _: '{"http://e.org/a":' + "[" * 200_000 + "]" * 200_000 + "}", JSONLD),
    Case("contexts nested deep", lambda _: '{"@context":' + "[" * 200_000 + "]" * 200_000 + "}", JSONLD),
    Case(
        "a context that grows",
        lambda _: '{"@context": {"p": "http://e.org/' + "x" * 100_000 + '"}, "p:a": 1}',
        JSONLD,
    ),
    Case(
        "a key a million times",
        lambda _: '{"http://e.org/a": [' + "1," * 300_000 + "1]}",
        JSONLD,
        loads=True,
        heavy=True,
    ),
    Case("JSON that is none", lambda _: '{"@context": {"a": ', JSONLD),
    Case(
        "entities that grow", lambda _: f"{entities('&#39;lol&#39;')}{RDF}<e:a>&a9;</e:a></rdf:RDF>", RDFXML
    ),
    Case(
        "an entity from a file",
        lambda _: entities('SYSTEM "file:///etc/passwd"') + f"{RDF}<e:a>&a0;</e:a></rdf:RDF>",
        RDFXML,
    ),
    Case(
        "an entity from a server",
        lambda a: entities(f'SYSTEM "{a}/x"') + f"{RDF}<e:a>&a0;</e:a></rdf:RDF>",
        RDFXML,
    ),
    Case("a document type on a server", lambda a: f'<!DOCTYPE r SYSTEM "{a}/a.dtd">{RDF}</rdf:RDF>', RDFXML),
    Case(
        "an inclusion",
        lambda a: f'{RDF}<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{a}/x"/></rdf:RDF>',
        RDFXML,
    ),
    Case(
        "a style sheet on a server",
        lambda a: f'<?xml-stylesheet href="{a}/x"?>{RDF}</rdf:RDF>',
        RDFXML,
        loads=True,
    ),
    Case("elements nested deep", lambda _: RDF + "<rdf:Description><e:p>" * 100_000, RDFXML),
    Case(
        "a name that grows",
        lambda _: (
            RDF.replace("http://e.org/", "http://e.org/" + "x" * 100_000) + "<e:a/>" * 9_000 + "</rdf:RDF>"
        ),
        RDFXML,
    ),
    Case(
        "an XML that is UTF-16 and has entities",
        lambda _: f"{entities('&#39;l&#39;')}{RDF}</rdf:RDF>".encode("utf-16"),
        RDFXML,
    ),
    Case(
        "a literal of a million letters",
        lambda _: f"{RDF}<rdf:Description><e:p>{'x' * 1_000_000}</e:p></rdf:Description></rdf:RDF>",
        RDFXML,
        loads=True,
    ),
    Case(
        "collections nested deep",
        lambda _: "<http://e.org/a> <http://e.org/p> " + "(" * 300_000 + ")" * 300_000 + ".",
        TURTLE,
    ),
    Case(
        "blank nodes nested deep",
        lambda _: (
            "<http://e.org/a> <http://e.org/p> " + "[<http://e.org/p> " * 300_000 + "1" + "]" * 300_000 + "."
        ),
        TURTLE,
    ),
    Case(
        "triples within triples",
        lambda _: (
            "<http://e.org/a> <http://e.org/p> "
            + "<<( <http://e.org/a> <http://e.org/p> " * 50_000
            + "1"
            + ")>>" * 50_000
            + "."
        ),
        TURTLE,
    ),
    Case(
        "a prefix that grows",
        lambda _: "@prefix a: <http://e.org/" + "x" * 1_000_000 + "> .\n" + "a:b a:c a:d .\n" * 5_000,
        TURTLE,
    ),
    Case(
        "a number of a million digits",
        lambda _: "<http://e.org/a> <http://e.org/p> " + "9" * 1_000_000 + " .",
        TURTLE,
        loads=True,
    ),
    Case(
        "a language of a million letters",
        lambda _: '<http://e.org/a> <http://e.org/p> "x"@' + "a" * 1_000_000 + " .",
        TURTLE,
    ),
    Case("null characters", lambda _: b"\0" * 1_000, TURTLE),
    Case("halves of characters", lambda _: '<http://e.org/a> <http://e.org/p> "\\uD800" .', NTRIPLES),
    Case("bytes that are no text", lambda _: b'<http://e.org/a> <http://e.org/p> "\xff\xfe" .', NTRIPLES),
    Case(
        "names of files",
        lambda _: "@base <file:///etc/> . <passwd> <http://e.org/p> <shadow> .",
        TURTLE,
        loads=True,
    ),
    Case(
        "names of servers",
        lambda a: f"<{a}/a> <http://www.w3.org/2002/07/owl#imports> <{a}/b> .",
        TURTLE,
        loads=True,
    ),
    Case(
        "scripts as names",
        lambda _: '<http://e.org/a> <http://e.org/p> "<script>alert(1)</script>" .',
        TURTLE,
        loads=True,
    ),
    Case("a compressed document", lambda _: gzip.compress(b" " * (50 << 20)), TURTLE),
    Case(
        "graphs without number",
        lambda _: "".join(
            f"<http://e.org/g{n}> {{<http://e.org/a> <http://e.org/p> 1}}\n" for n in range(20_000)
        ),
        TRIG,
        loads=True,
    ),
    Case(
        "a graph that the program keeps",
        lambda _: f"<http://e.org/a> <http://e.org/p> 1 <{BASE}graph/catalogue> .".replace(" 1 ", ' "1" '),
        NQUADS,
        loads=True,
    ),
    Case(
        "a line of 100 MB",
        lambda _: b'<http://e.org/a> <http://e.org/p> "' + b"x" * (100 << 20) + b'" .\n',
        NTRIPLES,
        heavy=True,
    ),
    Case(
        "a line of 100 MB without end",
        lambda _: b'<http://e.org/a> <http://e.org/p> "' + b"x" * (100 << 20),
        NTRIPLES,
        heavy=True,
    ),
    Case("an address of 100 MB", lambda _: b"<http://e.org/" + b"x" * (100 << 20), NTRIPLES, heavy=True),
    Case(
        "the same triple a million times",
        lambda _: "<http://e.org/a> <http://e.org/p> 1 .\n" * 1_000_000,
        TURTLE,
        loads=True,
        heavy=True,
    ),
)


@pytest.fixture(scope="module")
def loading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    """An instance that holds nothing: what hostile documents meet first is the same in all."""
    folder = tmp_path_factory.mktemp("hostile")
    made = Repository(DataDirectory(folder), nursery, base=BASE, plain=True, workers=2)
    yield made
    made.close()


def refusal_of(loading: Repository, file: SourceFile) -> str:
    """Return why a document is refused, or nothing."""
    try:
        loading.load([file], who="x", why="y")
    except SyntaxFault as fault:
        return str(fault)
    except (TimeLimitReached, MemoryLimitReached) as fault:
        return type(fault).__name__
    return ""


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.cause, marks=[pytest.mark.hostile] * case.heavy) for case in CASES]
)
def test_a_hostile_document_is_loaded_safely_or_refused_whole(
    case: Case, target: Any, loading: Repository, within_bounds: Callable[[], AbstractContextManager[None]]
) -> None:
    made = case.made(target.address)
    data = made.encode() if isinstance(made, str) else made
    before = loading.engine.version, loading.engine.select(COUNT)
    with within_bounds():
        reason = refusal_of(loading, SourceFile("a", data, case.media_type))
    assert bool(reason) != case.loads
    if reason:
        assert (loading.engine.version, loading.engine.select(COUNT)) == before
    assert loading.engine.select("SELECT (1 AS ?n) {}")
