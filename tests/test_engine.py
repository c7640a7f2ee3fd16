"""One contract, many engines: what ``graph.engine.Engine`` promises, on each of them."""

import socket
from collections.abc import Iterator

import pytest

from engines import ENGINES
from graph import media
from graph.embedded import EmbeddedEngine
from graph.engine import Engine, Limits, MemoryLimitReached, TimeLimitReached
from graph.nursery import ForkNursery
from graph.quads import XSD, Delta, Quad, Term, iri, literal
from graph.settle import Document, Knowledge, Proposal, Refused, UpdateRequest
from graph.store import Dataset, QueryFault, SyntaxFault, UnsupportedMediaType
from samples import HOSTILE, NAMES

EX = "http://example.org/"
G = iri(EX + "g")
FACT = Quad(iri(EX + "a"), iri(EX + "p"), literal("甲", language="zh"), G)
MERGED = Quad(
    G,
    iri("https://w3id.org/medalliance/ontology#merged"),
    literal("true", datatype="http://www.w3.org/2001/XMLSchema#boolean"),
    NAMES.catalogue,
)
NEVER_ENDS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(12)) + " }"


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.apply(Delta(frozenset({FACT, MERGED})), 1)
    return engine


def values(engine: Engine) -> list[str]:
    return [row["o"] for row in engine.select(f"SELECT ?o {{ <{EX}a> <{EX}p> ?o }}")]


def test_a_new_engine_is_empty(engine: Engine) -> None:
    assert engine.version == 0
    assert engine.quads() == []


def test_what_is_applied_is_seen_by_the_next_question(filled: Engine) -> None:
    assert filled.version == 1
    assert values(filled) == [FACT.object]
    later = FACT._replace(object=literal("乙"))
    filled.apply(Delta(frozenset({later}), frozenset({FACT})), 2)
    assert values(filled) == [later.object]


def test_a_graph_is_listed_by_name(filled: Engine) -> None:
    assert filled.quads(G) == [FACT]
    assert set(filled.quads()) == {FACT, MERGED}


@pytest.mark.parametrize(
    ("query", "wished", "given"),
    [
        ("SELECT * { ?s ?p ?o }", [media.CSV, media.RESULTS_JSON], media.CSV),
        ("SELECT * { ?s ?p ?o }", [media.TURTLE, media.RESULTS_XML], media.RESULTS_XML),
        ("SELECT * { ?s ?p ?o }", [media.TSV], media.TSV),
        ("ASK { ?s ?p ?o }", [media.CSV, media.RESULTS_JSON], media.RESULTS_JSON),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", [media.RESULTS_JSON, media.NTRIPLES], media.NTRIPLES),
        (f"DESCRIBE <{EX}a>", [media.TURTLE], media.TURTLE),
    ],
)
def test_an_answer_comes_in_the_first_type_that_fits(
    filled: Engine, query: str, wished: list[str], given: str
) -> None:
    answer = filled.answer(query, wished)
    assert answer.media_type == given
    assert answer.version == 1
    assert answer.body()


def test_an_answer_that_fits_nothing_names_what_would(filled: Engine) -> None:
    with pytest.raises(UnsupportedMediaType, match="turtle"):
        filled.answer("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", [media.CSV])


def test_a_malformed_query_is_a_syntax_fault(filled: Engine) -> None:
    with pytest.raises(SyntaxFault):
        filled.answer("SELECT * {", [media.RESULTS_JSON])


def test_the_dataset_of_a_question_is_honoured(filled: Engine) -> None:
    every = f"SELECT ?o {{ <{EX}a> <{EX}p> ?o }}"
    assert filled.select(every, Dataset(default=(EX + "g",)))
    assert not filled.select(every, Dataset(default=(EX + "other",)))
    named = f"SELECT ?g {{ GRAPH ?g {{ <{EX}a> ?p ?o }} }}"
    assert [row["g"] for row in filled.select(named)] == [G]
    assert not filled.select(named, Dataset(default=(), named=(EX + "other",)))


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_comes_back_as_it_went_in(engine: Engine, label: str) -> None:
    fact = FACT._replace(object=literal(label))
    engine.apply(Delta(frozenset({fact, MERGED})), 1)
    assert values(engine) == [literal(label)]


@pytest.mark.parametrize(
    "term",
    [
        literal("7", datatype=XSD + "integer"),
        literal("1.5", datatype=XSD + "decimal"),
        literal("true", datatype=XSD + "boolean"),
        literal("2019", datatype=XSD + "gYear"),
        literal("7"),
        literal("true"),
        literal(""),
        literal("a\tb\r\nc\x07\x0b"),
        literal("甲", language="zh"),
        iri(EX + "甲"),
    ],
)
def test_a_term_comes_back_as_it_went_in(engine: Engine, term: Term) -> None:
    engine.apply(Delta(frozenset({FACT._replace(object=term), MERGED})), 1)
    (row,) = engine.select(f"SELECT ?s ?o ?none {{ ?s <{EX}p> ?o OPTIONAL {{ ?o <{EX}p> ?none }} }}")
    assert row == {"s": FACT.subject, "o": term}
    assert values(engine) == [term]


def test_a_draft_says_what_would_change_and_keeps_nothing(filled: Engine) -> None:
    turtle = f'<{EX}a> <{EX}p> "甲"@zh, "丙"@zh .'.encode()
    outcome = filled.draft(Proposal((Document(turtle, media.TURTLE, EX + "g"),)))
    assert outcome.delta == Delta(frozenset({FACT._replace(object=literal("丙", language="zh"))}))
    assert set(filled.quads()) == {FACT, MERGED}
    assert values(filled) == [FACT.object]


def test_an_update_acts_on_the_instances_own_graph(filled: Engine) -> None:
    asked = UpdateRequest(f"INSERT DATA {{ <{EX}b> <{EX}p> 1 }}")
    outcome = filled.draft(Proposal((asked,)))
    assert {quad.graph for quad in outcome.delta.added} == {NAMES.local}


def test_a_triple_that_only_sources_hold_is_not_taken_out(filled: Engine) -> None:
    asked = UpdateRequest(f"DELETE {{ ?s ?p ?o }} WHERE {{ ?s <{EX}p> ?o . ?s ?p ?o }}")
    with pytest.raises(Refused) as caught:
        filled.draft(Proposal((asked,)))
    assert (caught.value.reason, caught.value.graphs) == ("held-by-sources", (EX + "g",))


@pytest.mark.parametrize(
    "graph", ["https://w3id.org/medalliance/ontology", NAMES.catalogue[1:-1], NAMES.derived[1:-1]]
)
def test_nobody_writes_to_graphs_that_the_program_keeps(filled: Engine, graph: str) -> None:
    with pytest.raises(Refused) as caught:
        filled.draft(Proposal((UpdateRequest(f"INSERT DATA {{ GRAPH <{graph}> {{ <{EX}a> a <{EX}B> }} }}"),)))
    assert (caught.value.reason, caught.value.graphs) == ("protected-graph", (graph,))
    with pytest.raises(Refused):
        filled.draft(Proposal((Document(b"<a:a> <a:b> <a:c> .", media.TURTLE, graph),)))


def test_blank_nodes_get_names(filled: Engine) -> None:
    outcome = filled.draft(Proposal((Document(b"[] <a:b> [ <a:c> 1 ] .", media.TURTLE, EX + "g"),)))
    assert all("_:" not in str(quad)[:2] for quad in outcome.delta.added)
    assert any("/.well-known/genid/" in quad.object for quad in outcome.delta.added)


@pytest.fixture(params=["forked", "disk"])
def killable(request: pytest.FixtureRequest) -> Iterator[EmbeddedEngine]:
    made = ENGINES[request.param](Knowledge(NAMES))
    assert isinstance(made, EmbeddedEngine)
    many = frozenset(Quad(iri(f"{EX}{n}"), iri(EX + "p"), iri(f"{EX}{n + 1}"), G) for n in range(300))
    made.apply(Delta(many | {FACT, MERGED}), 1)
    yield made
    made.close()


def test_a_question_that_never_ends_is_stopped_and_others_go_on(killable: EmbeddedEngine) -> None:
    for _ in range(3):  # more often than there are workers
        with pytest.raises(TimeLimitReached):
            killable.answer(NEVER_ENDS, [media.RESULTS_JSON], limits=Limits(seconds=0.5))
        assert values(killable) == [FACT.object]


def test_a_question_that_needs_too_much_memory_is_stopped_and_others_go_on(killable: EmbeddedEngine) -> None:
    hungry = "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?a"
    with pytest.raises(MemoryLimitReached):
        killable.answer(hungry, [media.RESULTS_JSON], limits=Limits(seconds=60, memory=64 << 20)).body()
    assert values(killable) == [FACT.object]


def test_a_draft_that_never_ends_is_stopped(killable: EmbeddedEngine) -> None:
    update = UpdateRequest(NEVER_ENDS.replace("SELECT (COUNT(*) AS ?n)", "INSERT { <a:a> <a:b> ?a1 } WHERE"))
    with pytest.raises(TimeLimitReached):
        killable.draft(Proposal((update,)), Limits(seconds=0.5))
    assert values(killable) == [FACT.object]


def test_a_nest_that_ends_a_worker_does_not_end_the_service(killable: EmbeddedEngine) -> None:
    nest = "SELECT * {" + "{" * 20_000 + "?s ?p ?o" + "}" * 20_001
    with pytest.raises((MemoryLimitReached, TimeLimitReached)):
        killable.answer(nest, [media.RESULTS_JSON], limits=Limits(seconds=20))
    assert values(killable) == [FACT.object]


def test_an_answer_given_up_frees_its_place(killable: EmbeddedEngine) -> None:
    for _ in range(5):
        killable.answer("SELECT * { ?a ?b ?c . ?d ?e ?f }", [media.RESULTS_JSON]).close()
    assert values(killable) == [FACT.object]


def test_an_unknown_function_is_a_fault_of_the_query(killable: EmbeddedEngine) -> None:
    with pytest.raises(QueryFault, match="not supported"):
        killable.answer("SELECT (<http://example.org/f>(1) AS ?x) {}", [media.RESULTS_JSON]).body()


def test_a_worker_cannot_open_a_connection_even_past_the_guard() -> None:
    engine = EmbeddedEngine(ForkNursery, NAMES, Knowledge, workers=1)
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.3)
        address = f"http://127.0.0.1:{trap.getsockname()[1]}/"
        answer = engine.answer(
            f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}", [media.RESULTS_JSON]
        )
        assert answer.body()
        with pytest.raises(TimeoutError):
            trap.accept()
    engine.close()


def test_a_graph_held_aside_is_found_by_its_name_and_is_no_part_of_the_rest(engine: Engine) -> None:
    aside, other = "<http://example.org/aside>", Quad("<urn:a>", "<urn:b>", '"c"', "<http://example.org/g>")
    engine.apply(Delta(frozenset({other})), 1)
    before = engine.edition
    for text in ('"示例 <script>"', '"two"'):
        engine.hold_aside(aside, f"<urn:s> <urn:p> {text} {aside} .\n".encode())
        found = engine.select(f"SELECT ?o {{ GRAPH {aside} {{ ?s ?p ?o }} }}")
        assert [row["o"] for row in found] == [text]
    assert engine.edition == before + 2
    assert engine.version == 1
    assert engine.quads() == [other]
    assert engine.select("SELECT ?o { <urn:s> ?p ?o }") == []
