"""What a literal looks like when it comes back: as it was written, or the load said what it would become."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import media
from graph.engine import Engine
from graph.journal import Header, Journal
from graph.literals import REWRITTEN
from graph.local import LocalEngine
from graph.oxigraph import OxigraphStore, written_quads
from graph.quads import XSD, Quad, Term, iri, literal, literal_parts, nquads, text_of
from graph.settle import Document, Knowledge, Outcome, Proposal, UpdateRequest
from samples import HOSTILE, NAMES

SUBJECT, PREDICATE = "<http://example.org/a>", "<http://example.org/code>"
CODES = (
    "007",
    "0431-8878 2114",
    "130021",
    "1.50",
    "+86",
    "1e5",
    "true",
    " 12 ",
    "12\t34",
    "第007号",
    *HOSTILE,
)
"""Strings that look like something else, or are hostile."""
NUMBERED = [Quad(SUBJECT, f"{PREDICATE[:-1]}{n}>", literal(code)) for n, code in enumerate(CODES)]


def engine() -> LocalEngine:
    return LocalEngine(OxigraphStore(), Knowledge(NAMES))


def draft(*parts: Document | UpdateRequest) -> Outcome:
    return engine().draft(Proposal(parts))


def document(*objects: Term) -> Document:
    return Document(nquads(Quad(SUBJECT, PREDICATE, one) for one in objects), media.NTRIPLES)


def rewritten(outcome: Outcome) -> dict[Term, str]:
    """Return the literals that were warned about, and what was said in English."""
    return {
        finding.value or "": finding.message["en"]
        for finding in outcome.findings
        if finding.check == REWRITTEN and finding.severity == "warning"
    }


def stated(outcome: Outcome) -> list[Term]:
    return [quad.object for quad in outcome.delta.added if quad.predicate == PREDICATE]


REWRITES = [
    ("007", "integer", "7", "integer"),
    ("1.50", "decimal", "1.5", "decimal"),
    ("-5", "negativeInteger", "-5", "integer"),
    ("1", "boolean", "true", "boolean"),
    ("2020-01-01T00:00:00.000Z", "dateTime", "2020-01-01T00:00:00Z", "dateTime"),
    ("1.0E0", "double", "1", "double"),
]


@pytest.mark.parametrize(("written", "kind", "kept", "as_kind"), REWRITES)
def test_a_literal_kept_otherwise_is_warned_about_with_what_it_becomes(
    written: str, kind: str, kept: str, as_kind: str
) -> None:
    one = literal(written, datatype=XSD + kind)
    outcome = draft(document(one))
    assert stated(outcome) == [literal(kept, datatype=XSD + as_kind)]
    (finding,) = outcome.findings
    assert (finding.node, finding.value, finding.path) == (SUBJECT, one, PREDICATE[1:-1])
    assert finding.graph == NAMES.local
    for said in finding.message.values():
        assert f'"{written}"^^{kind}' in said
        assert f'"{kept}"^^{as_kind}' in said
    assert set(finding.message) == set(finding.remedy) == {"zh", "en"}


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <http://example.org/a> <http://example.org/code> 007 }",
        "INSERT { <http://example.org/a> <http://example.org/code> 007 } WHERE {}",
    ],
)
def test_updates_are_warned_about_as_documents_are(text: str) -> None:
    outcome = draft(UpdateRequest(text))
    assert rewritten(outcome) == {
        literal(
            "007", datatype=XSD + "integer"
        ): 'The value of http://example.org/code is written as "007"^^integer, kept as "7"^^integer.'
    }


def test_a_variable_of_a_template_is_called_by_its_name() -> None:
    outcome = draft(UpdateRequest("INSERT { ?thing <urn:p> 1.50 } WHERE { BIND(<urn:s> AS ?thing) }"))
    assert [finding.node for finding in outcome.findings] == ["?thing"]


def test_what_is_only_taken_away_is_not_warned_about() -> None:
    assert not draft(UpdateRequest("DELETE DATA { <urn:a> <urn:b> 007 }")).findings
    assert not draft(UpdateRequest("DELETE { ?s <urn:b> 007 } WHERE { ?s ?p ?o }")).findings


def test_nobody_is_warned_where_checks_are_left_out_or_the_dataset_is_plain() -> None:
    one = document(literal("007", datatype=XSD + "integer"))
    assert not engine().draft(Proposal((one,), checked=False)).findings
    assert not LocalEngine(OxigraphStore()).draft(Proposal((one,))).findings


def test_very_many_are_counted_rather_than_listed() -> None:
    outcome = draft(document(*(literal(f"0{n}", datatype=XSD + "integer") for n in range(1_000))))
    assert len(outcome.findings) == 200
    assert outcome.more[REWRITTEN] == 800


LEXICAL = st.one_of(
    st.from_regex(r"[+-]?[0-9]{1,4}(\.[0-9]{0,4})?([eE][+-]?[0-9]{1,2})?", fullmatch=True),
    st.from_regex(
        r"-?[0-9]{4,5}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9])(T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,4})?)?"
        r"(Z|[+-](0[0-9]|1[0-4]):00)?",
        fullmatch=True,
    ),
    st.from_regex(r"-?P([0-9]Y)?([0-9]{1,2}M)?(T[0-9]{1,3}S)?", fullmatch=True),
    st.sampled_from(
        ("true", "false", "1", "0", "INF", "-INF", "+INF", "NaN", "", " 1", "24:00:00", "--02-29")
    ),
    st.text(max_size=5),
)
DATATYPES = """
anyURI base64Binary boolean byte date dateTime dateTimeStamp dayTimeDuration decimal double duration float gDay gMonth
gMonthDay gYear gYearMonth hexBinary int integer language long negativeInteger nonNegativeInteger nonPositiveInteger
normalizedString positiveInteger short string time token unsignedByte unsignedInt unsignedLong unsignedShort
yearMonthDuration
"""
KINDS = st.sampled_from(DATATYPES.split())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(LEXICAL, KINDS), min_size=1, max_size=20, unique=True))
def test_every_literal_comes_back_as_written_or_was_warned_about(written: list[tuple[str, str]]) -> None:
    terms = {literal(text, datatype=XSD + kind) for text, kind in written}
    outcome = draft(document(*terms))
    kept, warned = set(stated(outcome)), rewritten(outcome)
    assert terms - kept <= warned.keys() <= terms
    for term, said in warned.items():
        assert term not in kept or any(
            f'kept as "{literal_parts(one).lexical}"' in said for one in kept - {term}
        )
    assert kept - terms == {one for one in kept if one not in terms}
    assert len(kept) <= len(terms)


def from_json(body: bytes) -> set[str]:
    return {row["o"]["value"] for row in json.loads(body)["results"]["bindings"]}


def from_xml(body: bytes) -> set[str]:
    return {
        one.text or "" for one in ET.fromstring(body).iter("{http://www.w3.org/2005/sparql-results#}literal")
    }


def from_csv(body: bytes) -> set[str]:
    return {row[0] for row in list(csv.reader(io.StringIO(body.decode(), newline="")))[1:]}


def from_tsv(body: bytes) -> set[str]:
    return {text_of(line) for line in body.decode().split("\n")[1:] if line}


ROWS = {media.RESULTS_JSON: from_json, media.RESULTS_XML: from_xml, media.CSV: from_csv, media.TSV: from_tsv}
GRAPHS = {
    media.TURTLE: "turtle",
    media.NTRIPLES: "nt",
    media.RDFXML: "xml",
    media.JSONLD: "json-ld",
    media.TRIG: "trig",
    media.NQUADS: "nquads",
}


@pytest.fixture(scope="module")
def holding() -> Engine:
    """An engine that was given the codes by a document."""
    made = engine()
    made.apply(made.draft(Proposal((Document(nquads(NUMBERED), media.NTRIPLES),))).delta, 1)
    return made


@pytest.mark.parametrize("kind", ROWS)
def test_strings_survive_every_format_of_rows(kind: str, holding: Engine) -> None:
    body = holding.answer(f"SELECT ?o {{ GRAPH {NAMES.local} {{ ?s ?p ?o }} }}", (kind,)).body()
    assert ROWS[kind](body) == set(CODES)


def read_by_another_library(body: bytes, name: str) -> set[str]:
    graph = rdflib.Dataset(default_union=True)
    graph.parse(io.BytesIO(body), format=name)
    return {str(one) for one in graph.objects() if isinstance(one, rdflib.Literal) and one.datatype is None}


@pytest.mark.parametrize("kind", GRAPHS)
def test_strings_survive_every_format_of_graphs(kind: str, holding: Engine) -> None:
    query = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {NAMES.local} {{ ?s ?p ?o }} }}"
    assert read_by_another_library(holding.answer(query, (kind,)).body(), GRAPHS[kind]) == set(CODES)
    written = io.BytesIO()
    written_quads(NUMBERED, kind, written, {})
    assert read_by_another_library(written.getvalue(), GRAPHS[kind]) == set(CODES)


@pytest.mark.parametrize("kind", GRAPHS)
def test_strings_survive_being_loaded_from_every_format(kind: str) -> None:
    written = io.BytesIO()
    written_quads(NUMBERED, kind, written, {})
    outcome = draft(Document(written.getvalue(), kind))
    assert {text_of(quad.object) for quad in outcome.delta.added} == set(CODES)
    assert not outcome.findings


def test_strings_survive_an_update_and_the_journal(tmp_path) -> None:
    data = " ".join(str(quad._replace(graph="")) for quad in NUMBERED)
    delta = draft(UpdateRequest(f"INSERT DATA {{ {data} }}")).delta
    journal = Journal(tmp_path / "journal.sqlite", meta={"base": "http://127.0.0.1:8000/"})
    try:
        number = journal.append(Header("", "", ""), delta, ()).number
        held = journal.delta(number).added
    finally:
        journal.close()
    assert {text_of(quad.object) for quad in held if quad.graph == NAMES.local} == set(CODES)
    assert {quad.object for quad in held} >= {literal(code) for code in CODES}
    assert iri("http://example.org/a") in {quad.subject for quad in held}
