"""The look at a document before it is parsed: what is deep, grows or is endless is refused with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.document_guard import MAX_DEPTH, check_document
from graph.media import JSONLD, NTRIPLES, RDFXML, TRIG, TURTLE
from graph.store import SyntaxFault

MANY = MAX_DEPTH + 1


@pytest.mark.parametrize(
    ("document", "media_type", "message"),
    [
        (b"<a> <b>\n" + b"(" * MANY, TURTLE, f"nested more than {MAX_DEPTH} levels deep"),
        (b"<a> <b>\n" + b"[ <b> " * MANY, TRIG, f"nested more than {MAX_DEPTH} levels deep"),
        (b"\n" + b"<<" * MANY, TURTLE, f"nested more than {MAX_DEPTH} levels deep"),
        (b"<r>\n" + b"<e a='>'>" * MANY, RDFXML, f"nested more than {MAX_DEPTH} levels deep"),
        (
            b'<?xml version="1.0"?>\n<!DOCTYPE a []><r/>',
            RDFXML,
            "a document type declaration (<!DOCTYPE>) is not accepted",
        ),
        (
            b"<a> <b>\n<http://e.org/" + b"x" * 5000 + b">.",
            NTRIPLES,
            "an address of more than 4096 characters",
        ),
        (
            b'{"@context":\n{"a":"http://e.org/' + b"x" * 5000 + b'"}}',
            JSONLD,
            "an address of more than 4096 characters",
        ),
    ],
)
def test_what_nobody_writes_is_refused_with_its_place(document: bytes, media_type: str, message: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        check_document(document, media_type)
    assert str(caught.value) == message
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("document", "media_type"),
    [
        (b"<a> <b> ( [ ] ) , ( [ ] ) .\n" * 5000, TURTLE),
        (b'<a> <b> "((((" , \'[[[[\' , """(" ((""" . # ((((\n<a((> <b> 1 .\n' * 2000, TURTLE),
        (b"<r>" + b"<e a='x/>'/><e b=\"/>\">x</e><!-- <e> --><![CDATA[<e>]]>" * 3000 + b"</r>", RDFXML),
        (b"<r>" + "<单位>x</单位>".encode() * 3000 + b"</r>", RDFXML),
        (b"(" * 5000, NTRIPLES),
    ],
)
def test_what_is_long_but_not_deep_passes(document: bytes, media_type: str) -> None:
    check_document(document, media_type)


@given(st.binary(max_size=200), st.sampled_from([TURTLE, TRIG, RDFXML, NTRIPLES, JSONLD]))
def test_short_documents_pass_unless_they_have_a_document_type(document: bytes, media_type: str) -> None:
    if b"<!DOCTYPE" not in document:
        check_document(document, media_type)
