"""The benchmark of partner systems: its mix is well-formed, what it draws is safe, and its figures are right."""

import io
import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.oxigraph import OxigraphStore
from graph.quads import literal
from tests.bench.partners import report
from tests.bench.partners.answers import comparable, comparable_of_service
from tests.bench.partners.client import Connection
from tests.bench.partners.figures import geometric_mean, mean, percentile, ratios
from tests.bench.partners.mix import HERE, Kind, Pools, Questions, filled, kinds
from tests.bench.partners.peers import DISK, MEMORY, OURS

HOSTILE = '示例"} ; DROP ALL ; <script>\n\\ \u2028 $date {'
VALUES = {"most": "100", "south": "20.5", "west": "99.1", "date": '"2026-01-01"'}


def run_on_nothing(query: str) -> None:
    kinds_of_answer = ("text/turtle", "text/csv", "application/sparql-results+json")
    OxigraphStore().answer(query, kinds_of_answer, lambda _: io.BytesIO())


def test_there_are_twelve_kinds_and_their_weights_are_shares_of_a_hundred() -> None:
    assert len(kinds()) == 12
    assert sum(kind.weight for kind in kinds()) == 100


def test_every_file_of_the_mix_is_used() -> None:
    assert {file.stem for file in (HERE / "kinds").iterdir()} == {kind.name for kind in kinds()}
    asked = {blank for kind in kinds() for blank in kind.blanks}
    assert {file.stem for file in (HERE / "pools").iterdir()} <= asked


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_a_kind_filled_with_anything_is_one_valid_query(kind: Kind) -> None:
    values = {blank: VALUES.get(blank, "<https://example.org/x>") for blank in kind.blanks}
    values |= {blank: literal(HOSTILE) for blank in kind.blanks if blank in ("beginning", "identifier")}
    asked = filled(kind, values)
    run_on_nothing(asked.text)
    assert "GRAPH" not in asked.text
    assert not set(asked.service) & set('<>"\n {}')


def pools() -> Pools:
    return Pools(lambda _: iter(f"<https://example.org/{number}>" for number in range(40)))


def test_no_text_is_asked_twice_where_it_has_to_be_new() -> None:
    questions = Questions(pools(), seed=1)
    texts = [one.text for _ in range(3) for one in questions.fresh("description-of-unit", 10)]
    assert len(set(texts)) == len(texts) == 30
    assert len(questions.fresh("description-of-unit", 30)) == 10


def test_equal_seeds_ask_the_same() -> None:
    drawn = [[one.text for one in Questions(pools(), seed=5).fresh("member-on-date", 8)] for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert pools().drawn("most", Random(1)).isdigit()


def test_the_first_of_a_pool_is_repeated_most() -> None:
    questions = Questions(pools(), seed=2)
    pool = questions.fresh("description-of-unit", 10)
    drawn = questions.repeated(pool, 3000)
    assert drawn.count(pool[0]) > drawn.count(pool[1]) > drawn.count(pool[9]) > 0


@given(st.lists(st.floats(0.001, 1000), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-6


def test_percentiles_of_a_hundred_values() -> None:
    values = [float(number) for number in range(1, 101)]
    assert [percentile(values, share) for share in (0.5, 0.95, 0.99)] == [50.0, 95.0, 99.0]
    assert percentile([], 0.5) == mean([]) == 0.0


def test_geometric_means_and_ratios() -> None:
    assert geometric_mean({"a": 2, "b": 8}) == pytest.approx(4)
    assert geometric_mean({"a": 2, "b": 8}, {"a": 1, "b": 3}) == pytest.approx(2 * 4**0.75)
    assert ratios({"a": 6.0, "b": 1.0}, {"a": 2.0, "c": 1.0}) == {"a": 3.0}


def test_rows_are_compared_whatever_their_order_but_not_their_number() -> None:
    def said(*values: str) -> bytes:
        rows = [{"x": {"type": "literal", "value": value}} for value in values]
        return json.dumps({"results": {"bindings": rows}}).encode()

    assert comparable(said("a", "b"), is_graph=False) == comparable(said("b", "a"), is_graph=False)
    assert comparable(said("a"), is_graph=False) != comparable(said("a", "a"), is_graph=False)
    assert comparable(b'{"boolean": true}', is_graph=False) is True


def test_a_search_of_ours_reads_as_the_rows_of_its_query() -> None:
    body = json.dumps({"items": [{"iri": "https://example.org/1", "labels": {"zh": "示例"}}]}).encode()
    rows = {"thing": {"type": "uri", "value": "https://example.org/1"}}
    rows["name"] = {"type": "literal", "value": "示例", "xml:lang": "zh"}
    expected = json.dumps({"results": {"bindings": [rows]}}).encode()
    assert comparable_of_service("names-beginning-with", body) == comparable(expected, is_graph=False)


class Pieces:
    """A socket that gives an answer in pieces."""

    def __init__(self, answer: bytes, size: int) -> None:
        self.pieces = [answer[at : at + size] for at in range(0, len(answer), size)]

    def sendall(self, _: bytes) -> None: ...

    def recv(self, _: int) -> bytes:
        return self.pieces.pop(0)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5), st.integers(1, 30))
def test_the_client_reads_an_answer_in_chunks_however_it_is_cut(chunks: list[bytes], size: int) -> None:
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    connection = Connection.__new__(Connection)
    connection.socket = Pieces(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body, size)
    connection.send(0, b"")
    while not connection.receive():
        pass
    assert b"".join(connection.parts) == b"".join(chunks)
    assert not connection.socket.pieces


def figures(ours: float, theirs: float) -> dict:
    def cells(value: float) -> dict:
        told = dict.fromkeys(("mean", "p50", "p95", "p99", "cpu", "client", "throughput"), value)
        return {kind.name: {"n": 3, "hits": 1, "misses": 1, **told} for kind in kinds()}

    by_server = {OURS: cells(ours), MEMORY: cells(theirs), DISK: cells(theirs)}
    server = {"seconds": 1.0, "memory_before": 1, "memory_after": 2, "disk": 0}
    machine = dict.fromkeys(
        ("processor", "cores", "memory", "python", "pyoxigraph", "oxigraph", "rdflib-endpoint", "rdflib"), "x"
    )
    said = {"triples": 5, "servers": {OURS: server}, "cells": {"cold-1": by_server, "warm-1": by_server}}
    return {"machine": machine, "date": "2026-01-01", "sizes": {"30000": said}}


def test_a_target_is_met_only_when_we_are_so_many_times_as_fast() -> None:
    met = [row[6] for row in report.target_rows(figures(1.0, 2.0))]
    assert met == ["是 yes", "是 yes", "否 no", "否 no"]


def test_the_page_and_the_picture_hold_every_kind() -> None:
    results = figures(1.0, 2.0)
    assert all(kind.name in report.section(results) for kind in kinds())
    assert all(kind.titles["zh"] in report.picture(results) for kind in kinds())
    assert list(report.tables(results))
