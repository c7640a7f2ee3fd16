"""The process that validates by shapes of strangers; it is confined, opens nothing, and may be killed at any moment.

It reads the length of the shapes, the shapes, and the data as N-Triples; it answers the report as N-Triples. The only
module that knows pyshacl.
"""

from __future__ import annotations

import json
import struct
import sys
import warnings
from collections.abc import Iterable
from typing import BinaryIO

import pyshacl
import rdflib
from pyshacl.errors import ReportableRuntimeError
from rdflib import Graph

from graph.confinement import confine
from graph.frames import DONE, FAULT, PIECE, write_frame
from graph.oxigraph import quads_as_written
from graph.quads import XSD, Quad, literal, nquads, read_nquads
from graph.reference import node_of, term_of
from graph.store import SyntaxFault

SH = "http://www.w3.org/ns/shacl#"
LENGTH = struct.Struct("<Q")
"""How the length of the shapes is written."""

_REHEARSAL = b"""
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
<urn:node> <urn:p> 1, "2026-11-24"^^xsd:date, "<p>x</p>"^^rdf:HTML, "<x/>"^^rdf:XMLLiteral, "{}"^^rdf:JSON .
<urn:prefixes> sh:declare [ sh:prefix "u" ; sh:namespace "urn:"^^xsd:anyURI ] .
<urn:shape> a sh:NodeShape ; sh:targetNode <urn:node> ; sh:property [
    sh:path ( <urn:p> [ sh:inversePath <urn:p> ] ) ; sh:minCount 1 ; sh:datatype xsd:date ; sh:pattern "x" ;
    sh:nodeKind sh:IRI ; sh:class <urn:class> ; sh:languageIn ( "en" ) ; sh:minInclusive 1 ; sh:in ( 1 ) ] ;
  sh:sparql [
    sh:prefixes <urn:prefixes> ;
    sh:select "SELECT $this (1 AS ?value) { FILTER(NOW() > NOW()) $this u:p ?o }" ] .
"""


_NOT_UNIQUE = (f"<{SH}uniqueLang>", literal("1", datatype=XSD + "boolean"))
"""Means nothing: the recommendation asks for the literal ``true``, and the library takes this for it."""


class ShapesRefused(Exception):
    """The shapes cannot be carried out; the message says why."""


def main(media_type: str, memory: int, seconds: float) -> None:
    """Validate what comes on standard input, and write the report as frames."""
    write = sys.stdout.buffer.write
    try:
        warnings.simplefilter("ignore")  # nobody reads them, and showing one opens files
        # What the libraries load when first used has to be at hand before nothing can be opened any more.
        rehearsal = quads_as_written(_REHEARSAL, "text/turtle")
        report(rehearsal, rehearsal)
        confine(memory, seconds)
        write_frame(write, PIECE, nquads(_answer(sys.stdin.buffer, media_type)))
    except SyntaxFault as fault:
        said = {"code": "malformed-document", "message": fault.message}
        _refuse({**said, "line": fault.line, "column": fault.column})
    except ShapesRefused as refusal:
        _refuse({"code": "malformed-shapes", "message": str(refusal)})
    write_frame(write, DONE)
    sys.stdout.buffer.flush()


def _refuse(said: dict[str, object]) -> None:
    write_frame(sys.stdout.buffer.write, FAULT, json.dumps(said).encode())


def _answer(given: BinaryIO, media_type: str) -> list[Quad]:
    (length,) = LENGTH.unpack(given.read(LENGTH.size))
    # A literal in a shape means what is written there: an ill-formed one, too.
    shapes = [quad for quad in quads_as_written(given.read(length), media_type) if quad[1:3] != _NOT_UNIQUE]
    return report(read_nquads(given.read()), shapes)


def report(data: Iterable[Quad], shapes: Iterable[Quad]) -> list[Quad]:
    """Return the validation report on data by shapes. Nothing is fetched: imports and scripts are left alone.

    Raises:
        ShapesRefused: the shapes are ill-formed.
    """
    try:
        _, found, _ = pyshacl.validate(
            _graph(data),
            shacl_graph=_graph(shapes),
            advanced=False,
            inference="none",
            do_owl_imports=False,
            js=False,
        )
    except (ReportableRuntimeError, RecursionError) as fault:
        raise ShapesRefused(_sentence(fault)) from fault
    except MemoryError:
        raise
    except Exception as fault:
        # Shapes that the library does not expect fail in many ways, each of them in the shapes' own text.
        raise ShapesRefused(type(fault).__name__) from fault
    if not isinstance(found, Graph):
        raise ShapesRefused(_sentence(found))
    return [Quad(term_of(s), term_of(p), term_of(o)) for s, p, o in found]


def _graph(quads: Iterable[Quad]) -> Graph:
    # What is validated is what is written: rdflib would make "none"^^xsd:boolean a well-formed false. The validator
    # switches this on again when it is done.
    rdflib.NORMALIZE_LITERALS = False
    graph = Graph()
    try:
        for s, p, o, _ in quads:
            graph.add((node_of(s), node_of(p), node_of(o)))
    except (ValueError, AssertionError) as fault:
        raise ShapesRefused("RDF 1.2") from fault
    return graph


def _sentence(fault: object) -> str:
    """Return the first line of what the library says, which is meant for readers."""
    message = getattr(fault, "message", "") or str(fault)
    return next((line.strip() for line in str(message).splitlines() if line.strip()), type(fault).__name__)[
        :500
    ]
