import subprocess
import sys

import pytest
from remote_texts import REMOTE

from graph import guard
from graph.guard import MAX_CHAIN, MAX_DEPTH, RemoteAccess, TooDeep, TooLarge, precheck

QUESTION = """
PREFIX ma: <https://w3id.org/medalliance/ontology#>
SELECT ?hospital (COUNT(?member) AS ?members) WHERE {
  ?hospital a ma:Hospital ; ma:hasMembership ?member .
  OPTIONAL { ?member ma:startStated ?start FILTER(?start >= "2010" && ?start < "2020") }
} GROUP BY ?hospital ORDER BY DESC(?members)
"""


@pytest.mark.parametrize("text", REMOTE)
def test_nothing_that_opens_a_connection_passes(text: str) -> None:
    with pytest.raises(RemoteAccess):
        precheck(text)


HARMLESS = [
    QUESTION,
    "SELECT * { ?service ?load ?SERVICE }",
    "SELECT * { ?s ?p 'SERVICE <http://x/> { }' } # SERVICE <http://x/> {}",
    'SELECT * { ?s ?p """\nSERVICE <http://x/> {"""@zh }',
    "SELECT * { ?s <http://x/SERVICE?load> ?o . ?o a ma:service, service:thing, load:x }",
    "PREFIX service: <http://x/> SELECT * { GRAPH service:g { ?s service:p ?o } }",
    "PREFIX load: <http://x/> INSERT DATA { <http://x/a> load:p 1 ; load:q 2 . load:s load:p 1 }",
    "PREFIX load: <http://x/> COPY load:a TO load:b ; CLEAR GRAPH load:c",
    "SELECT * FROM <http://x/> FROM NAMED <http://x/service> { ?s ?p ?o }",
    "DELETE { ?s ?p ?o } USING <http://x/> WHERE { ?s ?p ?o . FILTER(?o<1) }",
    "PREFIX filter: <http://x/> SELECT * { ?s filter:p (1 <http://x/a#>) }",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_words_that_only_look_like_remote_access_pass(text: str) -> None:
    precheck(text)


def test_an_allowed_endpoint_passes_however_it_is_written() -> None:
    allowed = frozenset(("http://x/sparql",))
    precheck("SELECT * { SERVICE SILENT <http://x/sparql> { ?s ?p ?o } }", allow_service=allowed)
    for same in ("<http://x/sparql>", "x:sparql", "<sparql>", "<http://x/spar\\u0071l>"):
        text = f"BASE <http://x/> PREFIX x: <> SELECT * {{ SERVICE {same} {{}} }}"
        (clause,) = precheck(text, allow_service=allowed)
        assert (clause.iri, clause.endpoint.text, clause.inner) == ("http://x/sparql", same, False)
    for other in ("<http://x/other>", "?x", "y:sparql", "x:other", "<\\U00110000>"):
        with pytest.raises(RemoteAccess):
            precheck(f"PREFIX x: <http://x/> SELECT * {{ SERVICE {other} {{}} }}", allow_service=allowed)
    with pytest.raises(RemoteAccess):
        precheck("SELECT * { SERVICE <sparql> {} }", allow_service=allowed)
    (clause,) = precheck("SELECT * { SERVICE <sparql> {} }", allow_service=allowed, base="http://x/y")
    assert clause.iri == "http://x/sparql"
    both = "SELECT * { SERVICE <http://x/sparql> {} SERVICE <http://x/other> {} }"
    with pytest.raises(RemoteAccess):
        precheck(both, allow_service=allowed)


def test_clauses_inside_others_are_told_apart() -> None:
    text = (
        "SELECT * { SERVICE <http://x/a> { ?s ?p ?o SERVICE <http://x/b> { { } } } SERVICE <http://x/a> {} }"
    )
    found = precheck(text, allow_service=frozenset(("http://x/a", "http://x/b")))
    assert [(clause.iri[-1], clause.inner) for clause in found] == [("a", False), ("b", True), ("a", False)]


def test_the_place_and_the_keyword_of_remote_access_are_told() -> None:
    with pytest.raises(RemoteAccess) as refused:
        precheck("# 中文\nSELECT * {\n  SERVICE <http://x/> {} }")
    assert (refused.value.keyword, refused.value.line, refused.value.column) == ("SERVICE", 3, 3)


def test_a_text_is_measured_in_bytes() -> None:
    precheck("中" * 10, max_bytes=30)
    with pytest.raises(TooLarge) as refused:
        precheck("中" * 11, max_bytes=32)
    assert refused.value.limit == 32


NESTS = {
    "groups": lambda n: "SELECT * " + "{" * n + "}" * n,
    "brackets": lambda n: "SELECT * {FILTER" + "(" * (n - 1) + "1" + ")" * (n - 1) + "}",
    "lists": lambda n: "SELECT * {?a ?b " + "(" * (n - 1) + "1" + ")" * (n - 1) + "}",
    "blank nodes": lambda n: "SELECT * {" + "[?a " * (n - 1) + "1" + "]" * (n - 1) + " ?b ?c}",
    "functions": lambda n: "SELECT * {FILTER(" + "STR(" * (n - 2) + "1" + ")" * (n - 2) + ")}",
    "quoted triples": lambda n: "SELECT * {" + "<<" * (n - 1) + "?a ?b ?c" + ">> ?b ?c" * (n - 1) + "}",
    "triple terms": lambda n: "SELECT * {?a ?b " + "<<(?a ?b " * (n - 1) + "1" + ")>>" * (n - 1) + "}",
    "annotations": lambda n: "SELECT * {?a ?b 1" + "{|?b 1" * (n - 1) + "|}" * (n - 1) + "}",
    "template": lambda n: "INSERT DATA {<urn:a> <urn:b> " + "(" * (n - 1) + ")" * (n - 1) + "}",
}


@pytest.mark.parametrize("nest", NESTS.values(), ids=NESTS)
def test_brackets_may_be_nested_to_the_limit_and_not_beyond(nest) -> None:
    precheck(nest(MAX_DEPTH))
    with pytest.raises(TooDeep):
        precheck(nest(MAX_DEPTH + 1))


# How many links each makes beside the chain itself: the FILTER( or SELECT ( around, the group around.
CHAINS = {
    "!": lambda n: "SELECT * {FILTER(" + "!" * n + "1)}",
    "||": lambda n: "SELECT * {FILTER(1" + "||1" * n + ")}",
    "&&": lambda n: "SELECT * {FILTER(1" + "&&1" * n + ")}",
    "-": lambda n: "SELECT * {FILTER(1" + "-1" * n + ")}",
    "UNION": lambda n: "SELECT * {{}" + "UNION{}" * n + "}",
    "OPTIONAL": lambda n: "SELECT * {" + "OPTIONAL{}" * n + "}",
    "FILTER": lambda n: "SELECT * {" + "FILTER(1)" * n + "}",
    "BIND": lambda n: "SELECT * {" + "".join(f"BIND(1 AS ?x{i})" for i in range(n)) + "}",
    "AS": lambda n: "SELECT " + "".join(f"(1 AS ?x{i})" for i in range(n)) + "{}",
    "|": lambda n: "SELECT * {?a <urn:a>" + "|<urn:a>" * n + " ?b}",
    "/": lambda n: "SELECT * {?a <urn:a>" + "/<urn:a>" * n + " ?b}",
    "in brackets": lambda n: "SELECT * {FILTER(" + "(" * 50 + "1" + ("||1" * (n // 50) + ")") * 50 + ")}",
    "beside": lambda n: "SELECT * {FILTER((1" + "||1" * (n // 2) + ")" + "||1" * (n // 2) + ")}",
}


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_a_chain_may_be_as_long_as_the_limit_and_no_longer(chain) -> None:
    precheck(chain(MAX_CHAIN - 50))
    with pytest.raises(TooDeep):
        precheck(chain(MAX_CHAIN + 50))


LONG = {
    "values": "SELECT * { VALUES ?x {" + " -1" * 5000 + "} }",
    "rows": "SELECT * { VALUES (?x ?y) {" + "(1 <urn:a>)" * 5000 + "} }",
    "arguments": "SELECT * { FILTER(?x IN (" + ",".join(["-1+2"] * 3000) + ")) }",
    "prefixes": "".join(f"PREFIX a{i}: <http://x/a/{i}> " for i in range(3000)) + "SELECT * {}",
    "data": "INSERT DATA {"
    + "<urn:a> <urn:b> -1, (1 -2) . GRAPH <http://x/g> { <urn:a> <urn:b> 1 }" * 2000
    + "}",
    "template": "INSERT {" + "?a ?b (-1 -1) . GRAPH ?g { ?a ?b ?c } " * 2000 + "} WHERE { ?a ?b ?c }",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_what_stands_side_by_side_may_be_long(text: str) -> None:
    precheck(text, max_bytes=1 << 20)


def test_a_text_with_too_many_words_is_not_looked_at_to_its_end() -> None:
    text = "SELECT * { VALUES (?x ?y) {" + "(1 2)" * 1_000 + "} }"
    precheck(text)
    with pytest.raises(TooDeep):
        precheck(text, max_tokens=3_000)


def test_the_place_where_nesting_goes_too_far_is_told() -> None:
    with pytest.raises(TooDeep) as refused:
        precheck("SELECT *\n{{{}}}", max_depth=2)
    assert (refused.value.line, refused.value.column) == (2, 3)


def test_an_ordinary_query_is_not_tokenised(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(text: str) -> None:
        raise AssertionError(text)

    monkeypatch.setattr(guard, "tokens", never)
    precheck(QUESTION)
    precheck(QUESTION.replace("ma:Hospital", "ma:serviceArea 'a service', 'workload' "))


ENGINE = """
import sys, pyoxigraph
for text in sys.stdin.read().split("\\0"):
    list(pyoxigraph.Store().query(text))
print("alive")
"""


def engine_on(*texts: str) -> subprocess.CompletedProcess[str]:
    """Let the engine answer queries in a process that may die."""
    return subprocess.run(
        [sys.executable, "-c", ENGINE], input="\0".join(texts), capture_output=True, text=True, timeout=60
    )


def test_the_engine_survives_what_passes() -> None:
    inner = "FILTER(" + "!" * (MAX_CHAIN - 160) + "1)" + "".join(f"BIND(1 AS ?x{i})" for i in range(100))
    exists = "SELECT * {" + "FILTER(EXISTS{" * 49 + inner + "})" * 49 + "}"
    passing = [NESTS["groups"](MAX_DEPTH), NESTS["functions"](MAX_DEPTH), exists]
    passing += [
        CHAINS[name](MAX_CHAIN - 50) for name in ("!", "||", "-", "UNION", "BIND", "AS", "|", "in brackets")
    ]
    for text in passing:
        precheck(text)
    assert engine_on(*passing).stdout == "alive\n"


def test_the_engine_dies_of_what_is_refused() -> None:
    deadly = NESTS["groups"](20_000)
    with pytest.raises(TooDeep):
        precheck(deadly)
    assert engine_on(deadly).returncode < 0
