"""Update capture against the engine's own update: the same request, two stores, the same outcome."""

from collections.abc import Iterable

import pyoxigraph
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.capture import (
    Effect,
    GraphExists,
    GraphMissing,
    applying_to,
    captured,
    effect,
    netted,
)
from graph.guard import RemoteAccess, TooDeep
from graph.oxigraph import OxigraphStore
from graph.quads import Delta, Quad, nquads, read_nquads
from graph.sparql_update import Modify, Operation, operations
from graph.store import QueryFault, SyntaxFault

X = "http://x/"
HELD = [
    Quad("<http://x/a>", "<http://x/p>", '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    Quad("<http://x/a>", "<http://x/q>", "<http://x/b>"),
    Quad("<http://x/b>", "<http://x/p>", '"} ; DELETE { ?s"'),
    Quad("_:held", "<http://x/p>", "<http://x/a>"),
    Quad("<http://x/a>", "<http://x/p>", '"1"^^<http://www.w3.org/2001/XMLSchema#integer>', "<http://x/g>"),
    Quad("<http://x/c>", "<http://x/q>", '"中文"@zh', "<http://x/g>"),
    Quad("<http://x/c>", "<http://x/q>", "_:held", "<http://x/g>"),
    Quad("_:held", "<http://x/q>", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>', "<http://x/h>"),
    Quad("<http://x/a>", "<http://x/p>", "<http://x/a>", "<http://x/h>"),
]


def store_of(quads: Iterable[Quad] = HELD) -> OxigraphStore:
    store = OxigraphStore()
    store.add(quads)
    return store


def run(text: str, store: OxigraphStore, **options) -> Delta:
    return captured(f"PREFIX : <{X}>\n{text}", store, applying_to(store), **options)


def quads_of(store: OxigraphStore) -> set[Quad]:
    return set(store.match())


def without_labels(store: OxigraphStore) -> pyoxigraph.Dataset:
    dataset = pyoxigraph.Dataset(store._store)
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def after(text: str, quads: Iterable[Quad] = HELD) -> set[str]:
    """Return what the two stores hold after an update, in short, having seen that it is the same."""
    ours, native = store_of(quads), store_of(quads)
    run(text, ours)
    native._store.update(f"PREFIX : <{X}>\n{text}")
    assert without_labels(ours) == without_labels(native)
    return {str(quad).replace(X, ":").replace("<:", ":").replace(">", "") for quad in quads_of(ours)}


# --- The law ---------------------------------------------------------------------------------------------------

gaps = st.sampled_from([" "] * 5 + ["\n", "\t\r\n", " # } ; DELETE { 'a\n", '#"""<{\n'])
iris = st.sampled_from([":a", ":b", ":c", f"<{X}a>", f"<{X}d#e>", ":a\\.b", ":c.d"])
verbs = st.sampled_from([":p", ":p", ":q", f"<{X}q>", "a"])
names = st.sampled_from([":g", ":h", ":k", f"<{X}g>"])
literals = st.sampled_from(
    [
        "1",
        "-1",
        "1.50",
        ".5e0",
        "true",
        "false",
        '"中文"@zh',
        '"x"@EN-us',
        "'}'",
        '"{ GRAPH ?g"',
        '"""a\n"b"""',
        "'''it's ; #'''",
        '"01"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"t\\u00e9\\n"',
        '"a" ^^ :dt',
        "()",
    ]
)
variables = st.sampled_from(["?s", "?p", "?o", "?g", "$s", "$o", "?unbound", "?一"])
blanks = st.sampled_from(["_:x", "_:y.z", "[]"])


@st.composite
def nodes(draw, *, ground=False, blank=True, depth=1) -> str:
    """A node for an object: sometimes a list or a blank node with properties."""
    kinds = [iris, literals]
    if not ground:
        kinds += [variables, variables]
    if blank:
        kinds.append(blanks)
        if depth:
            inner = nodes(ground=ground, blank=blank, depth=depth - 1)
            verb = verbs if ground else verbs | variables
            kinds.append(st.lists(inner, min_size=1, max_size=3).map(lambda found: f"( {' '.join(found)} )"))
            kinds.append(st.builds("[ {} {} ]".format, verb, inner))
            kinds.append(st.builds("[ {0} {1} ; {0} {2} ]".format, verb, inner, inner))
    return draw(st.one_of(kinds))


@st.composite
def statements(draw, *, ground=False, blank=True) -> str:
    """Triples of one subject, with lists of properties and objects."""
    node = nodes(ground=ground, blank=blank)
    subjects = [iris] if ground else [iris, variables, variables]
    if blank:
        subjects += [blanks, st.lists(node, min_size=1, max_size=2).map(lambda found: f"({' '.join(found)})")]
    if not ground:
        subjects.append(st.sampled_from(["1", '"a"@zh', '"1"^^:dt', "-2.5"]))
    verb = verbs if ground else st.one_of(verbs, verbs, variables)
    properties = draw(
        st.lists(st.tuples(verb, st.lists(node, min_size=1, max_size=2)), min_size=1, max_size=2)
    )
    listed = " ; ".join(f"{verb} {' , '.join(objects)}" for verb, objects in properties)
    alone = st.builds("[ {} {} ]".format, verbs, node) | st.builds("( {} )".format, node)
    if blank and draw(st.integers(0, 5)) == 0:
        return draw(alone)
    return f"{draw(st.one_of(subjects))}{draw(gaps)}{listed}{draw(st.sampled_from(['', ' ;']))}"


@st.composite
def quad_blocks(draw, *, ground=False, blank=True, empty=True) -> str:
    """What stands between the braces of DATA and of templates."""
    parts = []
    triples = st.lists(statements(ground=ground, blank=blank), min_size=1, max_size=2).map(" . ".join)
    for _ in range(draw(st.integers(1, 2))):
        if draw(st.booleans()):
            parts.append(draw(triples) + draw(st.sampled_from([" ", " . "])))
        if draw(st.booleans()):
            graph = draw(names if ground else st.one_of(names, names, variables))
            inside = draw(st.one_of(st.just(""), triples) if empty else triples)
            parts.append(
                f"GRAPH{draw(gaps)}{graph} {{{draw(gaps)}{inside} }}{draw(st.sampled_from(['', ' .']))} "
            )
    text = parts[0] if parts else ""
    for part in parts[1:]:
        text += part if part.startswith("GRAPH") or text.rstrip().endswith((".", "}")) else f" . {part}"
    return f"{{ {text} }}"


@st.composite
def conditions(draw) -> str:
    """A group graph pattern; its triples are few, so that solutions are."""
    patterns = st.sampled_from(
        [
            "?s ?p ?o .",
            "?s :p ?o .",
            "?s :q ?o .",
            ":a ?p ?o .",
            "?s :p/:q ?o .",
            "GRAPH ?g { ?s ?p ?o }",
            "GRAPH :g { ?s :q ?o }",
            "GRAPH ?g { ?s :p ?o }",
            "{ SELECT ?s ?o { ?s ?p ?o } }",
            "[ :p ?o ] .",
            "{ ?s :p ?o } UNION { GRAPH ?g { ?s :q ?o } }",
            "VALUES (?s ?p) { (:a :p) (UNDEF :q) }",
        ]
    )
    extras = st.sampled_from(
        [
            "",
            "",
            "OPTIONAL { ?s :q ?g }",
            "FILTER(?o<5||?o>5)",
            "FILTER(?o != '}')",
            "BIND('x' AS ?一)",
            "FILTER NOT EXISTS { ?s :q :b }",
            "BIND(:k AS ?p2)",
            "MINUS { ?s :p 1 }",
            "BIND(STRLANG('x','ZH') AS ?一)",
        ]
    )
    return f"{{{draw(gaps)}{draw(patterns)}{draw(gaps)}{draw(extras)}{draw(gaps)}}}"


matching = st.sampled_from(
    [
        "{ ?s ?p ?o }",
        "{ ?s :p ?o . ?s :q ?o }",
        "{ GRAPH ?g { ?s ?p ?o } }",
        "{ GRAPH :g { ?s :q ?o } ?s ?p ?o }",
        "{ ?o ?p ?s }",
        "{ ?s ?p ?o ; :p ?s . GRAPH :k { ?s :seen ?g } . }",
        "{GRAPH ?g{:a ?p ?一}?s :q ?o}",
    ]
)
held = st.sampled_from(
    [
        "{ :a :p 1 ; :q :b }",
        "{ :b :p '} ; DELETE { ?s' . GRAPH :g { :a :p 01 . :c :q '中文'@ZH } }",
        "{ :d :p 1 }",
    ]
)


@st.composite
def modifications(draw) -> str:
    """DELETE and INSERT with WHERE."""
    templates = draw(st.sampled_from([("DELETE",), ("INSERT",), ("DELETE", "INSERT")]))
    text = draw(st.sampled_from(["", "", "", "WITH :g ", "WITH :k "]))
    for keyword in templates:
        template = st.one_of(matching, quad_blocks(blank=keyword == "INSERT"))
        text += f"{keyword}{draw(gaps)}{draw(template)}{draw(gaps)}"
    if draw(st.integers(0, 3)) == 0:
        for using in draw(st.lists(st.sampled_from(["USING ", "USING NAMED ", "using named "]), max_size=2)):
            text += f"{using}{draw(names)} "
    return f"{text}WHERE{draw(gaps)}{draw(conditions())}"


silent = st.sampled_from(["", " SILENT"])
ends = st.one_of(names, st.builds("GRAPH {}".format, names), st.just("DEFAULT"))
managements = st.one_of(
    st.builds(
        "{}{} {}".format,
        st.sampled_from(["CLEAR", "DROP", "drop"]),
        silent,
        st.one_of(st.sampled_from(["DEFAULT", "NAMED", "ALL"]), st.builds("GRAPH {}".format, names)),
    ),
    st.builds("CREATE{} GRAPH {}".format, silent, st.sampled_from([":k", ":k", ":g"])),
    st.builds("{}{} {} TO {}".format, st.sampled_from(["ADD", "COPY", "MOVE"]), silent, ends, ends),
)
requests = st.lists(
    st.one_of(
        quad_blocks(ground=True).map("INSERT DATA {}".format),
        st.one_of(held, quad_blocks(ground=True, blank=False)).map("DELETE DATA {}".format),
        # As a condition, GRAPH :k {} asks whether the graph exists; the engine ignores it.
        st.one_of(matching, quad_blocks(blank=False, empty=False)).map("DELETE WHERE {}".format),
        modifications(),
        modifications(),
        modifications(),
        modifications(),
        managements,
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=200, deadline=None)
@given(requests)
def test_a_request_changes_what_the_engines_own_update_changes(requested: list[str]) -> None:
    # A label may stand in one INSERT DATA only.
    text = f"PREFIX : <{X}>\n" + "\n;\n".join(
        one.replace("_:", f"_:n{number}") for number, one in enumerate(requested)
    )
    ours, native = store_of(), store_of()
    before = quads_of(ours)
    try:
        delta = captured(text, ours, applying_to(ours))
    except (GraphExists, GraphMissing):
        assert quads_of(ours) == before
        return
    try:
        native._store.update(text)
    except RuntimeError as fault:  # it remembers graphs that have become empty
        assume("already exists" not in str(fault))
        raise
    assert without_labels(ours) == without_labels(native)
    assert_lawful(delta, before, ours)


def assert_lawful(delta: Delta, before: set[Quad], store: OxigraphStore) -> None:
    assert not delta.added & delta.removed
    assert delta.removed <= before
    assert not delta.added & before
    assert quads_of(store) == (before - delta.removed) | delta.added
    applying_to(store)(delta.inverse())
    assert quads_of(store) == before


# --- Examples --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { :n :p '}', \"a\\\"b\", '''it's''', 1, -1.5, 1e3, true, 'x'@zh-CN, 'y'^^:dt ; a :T ; }",
        "INSERT DATA { ( 1 (2) ) . [ :p [] ] . GRAPH :g { ( _:a ) } _:a :q _:a }",
        "INSERT { ?s :r [ :p ?o ; :q ( ?s 1 ) ] . GRAPH ?o { ?s ?o ?p } } WHERE { ?s ?p ?o }",
        "INSERT { [] :r _:x . GRAPH :k { _:x :r _:y } } WHERE { ?s ?p ?o }",
        "INSERT { :once :r :only } WHERE { ?s ?p ?o }",
        "INSERT { :never :r ?unbound . :always :r 1 } WHERE { ?s ?p ?o OPTIONAL { ?s :none ?unbound } }",
        "INSERT { 'a'@zh :r ?o . -1 :r ?o . 'a'^^:dt :r 1 . true :r 1 . ?o :r ?s } WHERE { ?s ?p ?o }",
        "INSERT { ?g :r ?s } WHERE { GRAPH ?g { ?s ?p _:any . [] ?q ?o } }",
        "INSERT { GRAPH ?g { :a :r :b } } WHERE { VALUES ?g { 1 :k } }",
        "DELETE { ?s ?p ?o } INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "WITH :g DELETE { ?s ?p ?o . GRAPH :h { ?s ?p ?o } . } WHERE { ?s ?p ?o }",
        "WITH :g DELETE { ?s ?p ?o } INSERT { ?s :r ?t } WHERE { ?s ?p ?o OPTIONAL { GRAPH :h { ?s ?q ?t } } }",
        "WITH :g INSERT { ?s :r ?o } USING :h WHERE { ?s ?p ?o }",
        "INSERT { ?s :r ?o } USING :g WHERE { { ?s ?p ?o } UNION { GRAPH ?h { ?s ?p ?o } } }",
        "INSERT { ?s :r ?o } USING NAMED :g WHERE { { ?s ?p ?o } UNION { GRAPH ?h { ?s ?p ?o } } }",
        "INSERT { ?s :r ?o } USING :g USING :h USING NAMED :h WHERE { { ?s ?p ?o } UNION { GRAPH ?h { ?s ?p ?o } } }",
        "DELETE WHERE { ?s :p ?o . GRAPH ?g { ?s :p ?o } } ;",
        "DELETE DATA { :a :p 01 . GRAPH :g { :c :q '中文'@ZH } }",
        "INSERT { ?s :label ?l } WHERE { ?s ?p ?o BIND(STRLANG('x', 'ZH-cn') AS ?l) }",
        "INSERT { ?s :n ?n } WHERE { ?s ?p ?o BIND('007'^^<http://www.w3.org/2001/XMLSchema#integer> AS ?n) }",
        "INSERT { ?s :r ?一 } WHERE { ?s :p ?一 FILTER(?一<5||?一>5) }",
        "INSERT { ?s :m ?m } WHERE { { SELECT ?s (COUNT(?o) AS ?m) { ?s ?p ?o } GROUP BY ?s } }",
        "INSERT DATA { :a :p 2 } ; DELETE { ?s :p ?o } INSERT { ?s :was ?o } WHERE { ?s :p ?o } ; DROP GRAPH :g",
        "CLEAR DEFAULT",
        "CLEAR NAMED",
        "DROP ALL",
        "CLEAR SILENT GRAPH :none ; DROP SILENT GRAPH :none ; CREATE SILENT GRAPH :g ; CREATE GRAPH :none",
        "ADD :g TO :h",
        "COPY :g TO DEFAULT",
        "MOVE DEFAULT TO :g",
        "MOVE GRAPH :g TO GRAPH :g ; COPY :none TO :none",
        "COPY SILENT :none TO :g",
        "MOVE SILENT :none TO :g",
        "ADD SILENT :none TO :g",
        "",
    ],
)
def test_an_example_changes_what_the_engines_own_update_changes(text: str) -> None:
    after(text)


def test_declarations_between_operations_hold_from_there_on() -> None:
    store = store_of([])
    captured(
        "PREFIX a: <urn:a:> INSERT DATA { a:s a:p <x> } ;"
        "BASE <http://y/> PREFIX a: <urn:b:> INSERT DATA { a:s a:p <x> }",
        store,
        applying_to(store),
        base="http://x/",
    )
    assert quads_of(store) == {
        Quad("<urn:a:s>", "<urn:a:p>", "<http://x/x>"),
        Quad("<urn:b:s>", "<urn:b:p>", "<http://y/x>"),
    }


def test_relative_names_of_graphs_are_resolved() -> None:
    store = store_of()
    everything = "WITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o } ; MOVE <h> TO <k> ; COPY <k> TO <l>"
    captured(everything, store, applying_to(store), base="http://x/")
    assert {quad.graph for quad in quads_of(store)} == {"", "<http://x/k>", "<http://x/l>"}


def test_the_net_change_leaves_out_what_was_so_before() -> None:
    store = store_of()
    assert not run("INSERT DATA { :a :p 1 } ; DELETE DATA { :none :p 1 } ; CLEAR SILENT GRAPH :none", store)
    assert not run("INSERT DATA { :new :p 1 } ; DELETE DATA { :new :p 1 }", store)
    assert not run("DELETE DATA { :a :p 1 } ; INSERT DATA { :a :p 1 }", store)
    assert quads_of(store) == set(HELD)


def test_a_large_change_is_netted_like_a_small_one() -> None:
    many = [Quad(f"<{X}{number}>", f"<{X}p>", f'"{number}"', f"<{X}g>") for number in range(1000)]
    more = [Quad(f"<{X}{number}>", f"<{X}p>", f'"{number}"', f"<{X}g>") for number in range(9000, 20000)]
    for held_ in (many[:600], many[:600] + more):
        named = Effect(removed=frozenset(many[:300]), added=frozenset(many[100:]))
        delta = netted(named, store_of(held_))
        assert delta == Delta(added=frozenset(many[600:]), removed=frozenset(many[:100]))


def test_each_operation_is_applied_before_the_next() -> None:
    store, applied = store_of([]), []

    def apply(delta: Delta) -> None:
        applied.append(delta)
        applying_to(store)(delta)

    captured("INSERT DATA { <urn:a> <urn:p> 1 } ; DELETE WHERE { ?s ?p ?o }", store, apply)
    assert applied[1] == applied[0].inverse()
    assert len(applied) == 2


FAILING = [
    ("DELETE WHERE { ?s ?p ?o } ; INSERT DATA { :a :p }", SyntaxFault),
    ("DELETE WHERE { ?s ?p ?o } ; INSERT DATA { GRAPH :new { :a :p :b } } ; DROP GRAPH :none", GraphMissing),
    ("CLEAR ALL ; INSERT {} WHERE { FILTER(<urn:no-such-function>(1)) }", QueryFault),
]


@pytest.mark.parametrize(("text", "fault"), FAILING)
def test_a_request_that_fails_changes_nothing(text: str, fault: type[Exception]) -> None:
    store = store_of()
    with pytest.raises(fault):
        run(text, store)
    assert quads_of(store) == set(HELD)


@pytest.mark.parametrize(
    ("text", "graph"),
    [
        ("CLEAR GRAPH :none", ":none"),
        ("DROP GRAPH :none", ":none"),
        ("ADD :none TO :g", ":none"),
        ("COPY :none TO :g", ":none"),
        ("MOVE :none TO DEFAULT", ":none"),
        ("CLEAR GRAPH :g ; DROP GRAPH :g", ":g"),
    ],
)
def test_a_graph_without_quads_does_not_exist(text: str, graph: str) -> None:
    with pytest.raises(GraphMissing) as missing:
        run(text, store_of())
    assert missing.value.graph == graph.replace(":", f"<{X}") + ">"


def test_a_graph_with_quads_cannot_be_created() -> None:
    with pytest.raises(GraphExists):
        run("CREATE GRAPH :g", store_of())
    assert not run("CREATE SILENT GRAPH :g ; CREATE GRAPH :none", store_of())


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("INSERT DATA {\n :a :p :b .\n :a :p }", 4, 8),
        ("INSERT DATA { :a :p 1 . . :b :p 1 }", 2, 25),
        ("INSERT DATA { '中文' :p 1 }", 2, 15),
        ("INSERT DATA { :a :p <a b> }", 2, 21),
        ("INSERT { ?subject :p ?object . ?s ?p }\nWHERE {}", 2, 38),
        ("INSERT { GRAPH ?g { ?s :p ?o } none:s ?p ?o } WHERE {}", 2, 32),
        ("DELETE { ?s :p/:q ?o } WHERE { ?s ?p ?o }", 2, 15),
        ("DELETE {} WHERE { ?s ?p }", 2, 26),
        ("DELETE {}\nWHERE {\n ?s ?p ?o .\n none:s ?p ?o }", 5, 10),
        ("CLEAR ALL ;\nCLEAR GRAPH none:g", 3, 13),
        ("WITH none:g DELETE {} WHERE {}", 2, 6),
    ],
)
def test_a_fault_found_by_the_store_is_told_with_its_place_in_the_request(text, line, column) -> None:
    with pytest.raises(SyntaxFault) as found:
        run(text, store_of())
    assert (found.value.line, found.value.column) == (line, column)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT { :a :p ?t } WHERE { BIND(TRIPLE(:a, :p, 1) AS ?t) }",
        "INSERT { :a :p ?t } WHERE { BIND(STRLANGDIR('a', 'en', 'ltr') AS ?t) }",
    ],
)
def test_rdf_1_2_cannot_be_computed_either(text: str) -> None:
    with pytest.raises(SyntaxFault, match=r"RDF 1\.2 is not accepted"):
        run(text, store_of())


def test_an_update_cannot_reach_other_servers() -> None:
    store = store_of()
    for text in ("LOAD :x", "CLEAR ALL ; LOAD :x", "INSERT {} WHERE { FILTER(?a<1)SERVICE:e#>\n{} }"):
        with pytest.raises(RemoteAccess) as refused:
            run(text, store)
        assert refused.value.line == 2
    assert quads_of(store) == set(HELD)


def test_a_load_that_may_fail_does_nothing() -> None:
    assert not run("LOAD SILENT :x ; LOAD SILENT :x INTO GRAPH :g", store_of())


# --- RDF 1.2 ---------------------------------------------------------------------------------------------------

ANNOTATED = """
    :a :t <<( :s :p "x y"@en--ltr )>> . :c :t <<( :s :p <<( _:q :p 01 )>> )>> . << :x :y :z >> :q 1 .
    :s :p :o ~ :r {| :k :v |} . :s :p :o2 {| :k "<<( x )>> |}" |} . GRAPH :g { :l :m "abc"@EN--rtl , "z"@en-US }
"""
RDF12 = (
    "DELETE { ?s ?p ?o } INSERT { GRAPH :n { ?s ?p ?o } } WHERE { ?s ?p ?o }",
    "DELETE WHERE { :a :t <<( ?s ?p ?o )>> }",
    "DELETE WHERE { << ?a ?b ?c ~ ?r >> ?p ?o }",
    "DELETE { ?s ?p ?o ~ ?r {| :k :v |} } INSERT { ?r :t <<( ?r ?p <<( ?s ?p ?o )>> )>> }"
    " WHERE { ?s ?p ?o ~ ?r {| ?k ?v |} }",
    "INSERT { :new :t <<( ?o ?p ?s )>> } WHERE { ?s ?p ?o }",
    "INSERT { << ?s ?p ?o ~ _:b >> :says _:b } WHERE { ?s ?p ?o }",
    "INSERT { ?s ?p ?o {| :says _:b |} } WHERE { ?s ?p ?o }",
    "INSERT { ?t ?p ?s . :a :p ?t } WHERE { ?s ?p ?o BIND(TRIPLE(?s, ?p, ?o) AS ?t) }",
    "INSERT { GRAPH ?o { :a :p :b } } WHERE { ?s ?p ?o }",
    "INSERT DATA { << :a :b :c >> }",
    "INSERT DATA { << :a :b :c >> . << << :a :b :c >> :b [] >> :x :y . GRAPH :g { << :a :b :c >> } }",
    "DELETE DATA { :s :p :o ~ :r {| :k :v |} }",
    'DELETE DATA { GRAPH :g { :l :m "abc"@en--rtl } }',
    "COPY DEFAULT TO :w ; MOVE SILENT :w TO :v ; DROP DEFAULT",
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(RDF12), min_size=1, max_size=3))
def test_rdf_1_2_is_changed_as_the_engines_own_update_changes_it(requested: list[str]) -> None:
    text = f"PREFIX : <{X}>\nVERSION '1.2'\n" + "\n;\n".join(
        one.replace("_:", f"_:n{number}")
        for number, one in enumerate([f"INSERT DATA {{ {ANNOTATED} }}", *requested])
    )
    ours, native = store_of(), store_of()
    before = quads_of(ours)
    delta = captured(text, ours, applying_to(ours), rdf12=True)
    native._store.update(text)
    assert without_labels(ours) == without_labels(native)
    assert set(read_nquads(nquads(delta.added))) == delta.added
    assert_lawful(delta, before, ours)


@pytest.mark.parametrize(
    "text",
    [
        "DELETE DATA { :s :p :o {| :k :v |} }",
        "DELETE DATA { << :s :p :o >> :k :v }",
        "DELETE DATA { << :s :p :o ~ >> :k :v }",
        "DELETE DATA { :s :p :o ~ :r {| :k :v |} {| :l :m |} }",
        "DELETE WHERE { << ?a ?b ?c >> ?p ?o }",
        "DELETE { :s :p :o ~ _:b } WHERE {}",
        "INSERT DATA { <<( :a :b :c )>> :p :q }",
        'INSERT DATA { :x :y <<( "a" :b :c )>> }',
        "INSERT DATA { :a :b <<( :a :b ?c )>> }",
    ],
)
def test_what_is_malformed_in_rdf_1_2_is_so_for_the_engine_too(text: str) -> None:
    with pytest.raises(SyntaxFault):
        run(text, store_of(), rdf12=True)
    with pytest.raises(SyntaxError):
        store_of()._store.update(f"PREFIX : <{X}>\n{text}")


@pytest.mark.parametrize(
    "text", ["INSERT DATA { :a :b <<( :a :b :c )>> }", "VERSION '1.2' CLEAR ALL", *RDF12[3:4]]
)
def test_rdf_1_2_is_refused_where_it_is_not_wanted(text: str) -> None:
    with pytest.raises(SyntaxFault, match=r"RDF 1\.2 is not accepted"):
        run(text, store_of())


def test_a_condition_that_would_end_the_process_is_refused() -> None:
    with pytest.raises(TooDeep) as refused:
        run("INSERT {}\nWHERE " + "{" * 20_000 + "}" * 20_000, store_of())
    assert (refused.value.line, refused.value.column) == (3, 107)


def test_data_may_be_nested_deeper_than_conditions() -> None:
    store = store_of([])
    delta = run("INSERT DATA { :a :p " + "(" * 5_000 + ")" * 5_000 + " }", store)
    assert len(delta.added) == 9_999


def test_the_protocol_may_give_the_dataset_of_conditions() -> None:
    text = "INSERT { ?s :r ?o } WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    by_parameters, by_text = store_of(), store_of()
    run(text, by_parameters, using_graphs=[f"{X}g"], using_named_graphs=[f"{X}h"])
    run(text.replace("WHERE", "USING :g USING NAMED :h WHERE"), by_text)
    assert quads_of(by_parameters) == quads_of(by_text) != set(HELD)


@pytest.mark.parametrize("own", ["WITH :g INSERT {}", "INSERT {} USING :g", "INSERT {} USING NAMED :g"])
def test_the_protocols_dataset_and_one_in_the_text_exclude_each_other(own: str) -> None:
    with pytest.raises(SyntaxFault):
        run(f"{own} WHERE {{}}", store_of(), using_graphs=[f"{X}g"])


def test_a_policy_may_send_quads_elsewhere_or_refuse_them() -> None:
    def own_graph_only(operation: Operation, named: Effect) -> Effect:
        if any(quad.graph == f"<{X}h>" for quad in named.added | named.removed):
            raise PermissionError(str(operation.keyword))
        return Effect(
            removed=frozenset(quad._replace(graph=quad.graph or f"<{X}own>") for quad in named.removed),
            added=frozenset(quad._replace(graph=quad.graph or f"<{X}own>") for quad in named.added),
        )

    store = store_of()
    delta = run("INSERT DATA { :a :p 2 }", store, policy=own_graph_only)
    assert {quad.graph for quad in delta.added} == {f"<{X}own>"}
    with pytest.raises(PermissionError, match="drop"):
        run("DELETE WHERE { ?s ?p ?o } ; drop ALL", store, policy=own_graph_only)
    assert quads_of(store) == set(HELD) | delta.added


def test_an_effect_names_quads_without_touching_the_store() -> None:
    store = store_of()
    (operation,) = operations(
        f"PREFIX : <{X}> DELETE {{ ?s :none ?o }} INSERT {{ ?s :p 1 }} WHERE {{ ?s :p ?o }}"
    )
    assert isinstance(operation, Modify)
    named = effect(operation, store)
    assert {quad.predicate for quad in named.removed} == {f"<{X}none>"}
    assert {quad.subject for quad in named.added} == {f"<{X}a>", f"<{X}b>", "_:held"}
    assert quads_of(store) == set(HELD)


def test_blank_nodes_of_a_template_are_new_in_each_solution() -> None:
    store = store_of([])
    run("INSERT DATA { :a :p 1, 2 ; :q 3 } ; INSERT { ?s :r [] } WHERE { ?s :p ?o }", store)
    assert len(list(store.match(predicate=f"<{X}r>"))) == 2
    run("INSERT { ?s :t ?b } WHERE { ?s :r ?b }", store)
    kept = {quad.object for quad in store.match(predicate=f"<{X}t>")}
    assert kept == {quad.object for quad in store.match(predicate=f"<{X}r>")}
