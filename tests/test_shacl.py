"""Validation by anybody's shapes: what is reported, what is refused, and that nothing comes of what shapes say."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from graph.confined_child import Bounds, ChildFault, ConfinedChild
from graph.frames import ChannelClosed
from graph.local import LocalEngine
from graph.oxigraph import OxigraphStore, quads_as_written
from graph.quads import Quad, iri, literal
from graph.shacl_process import ShapesRefused, report
from graph.shacl_report import Validation
from servers import Server

SH = "http://www.w3.org/ns/shacl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
HEAD = f"@prefix sh: <{SH}> . @prefix xsd: <{XSD}> . @prefix ma: <https://w3id.org/medalliance/ontology#> .\n"
ALLIANCE = """<urn:shape> a sh:NodeShape ; sh:targetClass ma:MedicalAlliance ;
  sh:property [ sh:path <urn:示例> ; sh:minCount 1 ; sh:message "<script>alert(1)</script>" ] ."""
TURTLE = {"Content-Type": "text/turtle", "Accept": "text/turtle"}


def shapes(text: str) -> list[Quad]:
    return quads_as_written((HEAD + text).encode(), "text/turtle")


def said(quads: list[Quad], name: str) -> list[str]:
    return sorted(quad.object for quad in quads if quad.predicate == f"<{SH}{name}>")


def conforms(data: list[Quad], text: str) -> bool:
    return said(report(data, shapes(text)), "conforms") == [f'"true"^^<{XSD}boolean>']


def test_the_report_comes_in_the_format_that_is_wanted(server: Server) -> None:
    reply = server.ask("POST", "/shacl?graph=default", TURTLE, (HEAD + ALLIANCE).encode())
    assert (reply.status, reply.media_type) == (200, "text/turtle"), reply.text
    quads = OxigraphStore().read(reply.body, "text/turtle")
    assert said(quads, "conforms") == [f'"false"^^<{XSD}boolean>']
    assert said(quads, "focusNode") == ["<https://w3id.org/medalliance/id/org/jl-neonatal-alliance>"]
    assert said(quads, "resultMessage") == ['"<script>alert(1)</script>"']


def test_a_graph_is_validated_by_itself(server: Server) -> None:
    graph = "https://w3id.org/medalliance/vocab"
    wanted = {**TURTLE, "Accept": "application/ld+json"}
    reply = server.ask("POST", f"/shacl?graph={graph}", wanted, (HEAD + ALLIANCE).encode())
    assert (reply.status, reply.media_type) == (200, "application/ld+json")
    assert b'"true"' in reply.body or b":true" in reply.body  # no alliance in the vocabularies


@pytest.mark.parametrize(
    ("target", "headers", "body", "status", "problem"),
    [
        ("/shacl?graph=urn:none", TURTLE, HEAD + ALLIANCE, 404, "graph-missing"),
        ("/shacl?graph=no%20iri", TURTLE, HEAD + ALLIANCE, 400, "malformed-request"),
        ("/shacl", TURTLE, "  ", 422, "malformed-shapes"),
        ("/shacl", TURTLE, "<urn:a> <urn:b", 400, "malformed-document"),
        ("/shacl", {**TURTLE, "Content-Type": "text/html"}, "x", 415, "unsupported-media-type"),
        ("/shacl", {**TURTLE, "Accept": "image/png"}, "x", 406, "not-acceptable"),
        ("/shacl", TURTLE, "#" * 1_048_577, 413, "body-too-large"),
    ],
)
def test_what_cannot_be_validated_is_a_problem(
    server: Server, target: str, headers: dict[str, str], body: str, status: int, problem: str
) -> None:
    reply = server.ask("POST", target, headers, body.encode())
    assert (reply.status, reply.json["type"]) == (status, f"/problems/{problem}"), reply.text
    assert "Traceback" not in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "<urn:s> a sh:NodeShape ; sh:targetNode <urn:a> ; sh:property [ sh:minCount 1 ] .",
        '<urn:s> a sh:NodeShape ; sh:targetNode <urn:a> ; sh:sparql [ sh:select "SELECT $this {" ] .',
        "<urn:s> a sh:NodeShape ; sh:targetNode <urn:a> ; "
        'sh:sparql [ sh:select "SELECT $this { SERVICE <urn:x> {} }" ] .',
    ],
)
def test_ill_formed_shapes_are_refused(text: str) -> None:
    with pytest.raises(ShapesRefused):
        report([Quad("<urn:a>", "<urn:b>", '"c"')], shapes(text))


def test_what_is_written_is_validated_not_what_a_library_makes_of_it() -> None:
    day = Quad("<urn:a>", "<urn:p>", literal("2011-01-01", datatype=f"{XSD}dateTime"))
    text = """<urn:s> a sh:NodeShape ; sh:targetNode <urn:a> ;
      sh:property [ sh:path <urn:p> ; sh:datatype xsd:date ] ."""
    assert said(report([day], shapes(text)), "value") == [day.object]
    assert conforms([day._replace(object=literal("2011-01-01", datatype=f"{XSD}date"))], text)


def test_imports_and_scripts_are_left_alone(tmp_path: Path) -> None:
    extra = tmp_path / "more.ttl"
    extra.write_text("<urn:s2> a <http://www.w3.org/ns/shacl#NodeShape> .", "utf-8")
    text = f"""<urn:o> a <http://www.w3.org/2002/07/owl#Ontology> ;
        <http://www.w3.org/2002/07/owl#imports> <{extra.as_uri()}> , <http://127.0.0.1:9/shapes.ttl> .
      <urn:s> a sh:NodeShape ; sh:targetNode <urn:a> ;
        sh:js [ sh:jsLibrary [ sh:jsLibraryURL "http://127.0.0.1:9/x.js"^^xsd:anyURI ] ; sh:jsFunctionName "f" ] ."""
    assert conforms([Quad("<urn:a>", "<urn:b>", '"c"')], text)


CHILD_TALKS = """
import socket, sys
from graph.confinement import confine
from graph.frames import DONE, PIECE, write_frame
def main(memory, seconds):
    confine(memory, seconds)
    try:
        socket.create_connection(("127.0.0.1", int(sys.stdin.buffer.read())))
        said = b"connected"
    except OSError:
        said = b"refused"
    write_frame(sys.stdout.buffer.write, PIECE, said)
    write_frame(sys.stdout.buffer.write, DONE)
    sys.stdout.buffer.flush()
"""


def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, **bounds: float) -> ConfinedChild:
    (tmp_path / "a_child.py").write_text(code, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return ConfinedChild(
        "a_child", (), Bounds(int(bounds.get("memory", 1 << 28)), bounds.get("seconds", 5), 1 << 20)
    )


def test_a_confined_child_opens_no_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = child(tmp_path, monkeypatch, CHILD_TALKS)
        port = str(listening.getsockname()[1]).encode()
        assert [content for _, content in made.frames([port])] == [b"refused"]
        made.close()


@pytest.mark.parametrize(
    ("body", "ending"),
    [
        ("while True: pass", "time"),
        ("confine(memory, seconds); bytearray(1 << 30)", "damage"),
        ("raise SystemExit(3)", "damage"),
    ],
)
def test_a_child_that_does_not_answer_tells_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, ending: str
) -> None:
    code = f"from graph.confinement import confine\ndef main(memory, seconds):\n    {body}\n"
    made = child(tmp_path, monkeypatch, code, seconds=0.5)
    with pytest.raises(ChannelClosed):
        list(made.frames([b""]))
    assert made.ending() == ending
    made.close()


def test_what_a_child_refuses_comes_with_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
import sys
from graph.frames import FAULT, write_frame
def main(memory, seconds):
    write_frame(sys.stdout.buffer.write, FAULT, b'{"code": "x"}')
    sys.stdout.buffer.flush()
"""
    made = child(tmp_path, monkeypatch, code)
    with pytest.raises(ChildFault) as fault:
        list(made.frames([b""]))
    assert fault.value.said == {"code": "x"}
    made.close()


def test_a_validation_that_takes_too_long_is_stopped() -> None:
    from graph.engine import Limits, TimeLimitReached

    store = OxigraphStore()
    store.add(Quad(iri(f"urn:{n}"), iri("urn:p"), literal("x" * 30)) for n in range(50))
    text = (
        HEAD
        + "<urn:s> a sh:NodeShape ; sh:targetSubjectsOf <urn:p> ; sh:property [ sh:path <urn:p> ; sh:minCount 1 ] ."
    )
    with pytest.raises(TimeLimitReached):
        Validation(LocalEngine(store)).report("", text.encode(), "text/turtle", Limits(0.1, 1 << 29))
