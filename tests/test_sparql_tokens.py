import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.sparql_tokens import Place, offset_of, place_of, tokens


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(text)]


def texts(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


ONE_TOKEN = {
    "string": [
        '"a"',
        "'a'",
        '""',
        '"""a"b""c"""',
        "'''a\n'b'''",
        '"\\" }"',
        '"\\u0022"',
        '"{ SERVICE # ; }"',
        '"中文"',
    ],
    "iri": [
        "<http://example.org/a#b>",
        "<>",
        "<../a?b=c&d>",
        "<http://example.org/\\u00e9>",
        "<http://x/一>",
    ],
    "variable": ["?a", "$a", "?1", "?一", "?a_b"],
    "blank": ["_:b", "_:b.c", "_:1-2"],
    "name": [
        "a:",
        ":",
        ":a",
        "a:b",
        "a:b.c",
        "a.b:c",
        "a:b:c",
        ":1",
        "a:%20",
        "a:\\.",
        "a:b\\(c\\)",
        "ex:一",
        ":a\\.b.c",
    ],
    "word": ["SELECT", "a", "true", "ENCODE_FOR_URI"],
    "number": ["1", "1.5", ".5", "1e5", "1.e-5", ".5E+1"],
    "language": ["@zh", "@zh-Hant-CN", "@en--ltr"],
    "mark": [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ".",
        ",",
        ";",
        "^^",
        "&&",
        "||",
        "<=",
        "!=",
        "<<",
        "<<(",
        ")>>",
        "{|",
        "|}",
    ],
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, all_ in ONE_TOKEN.items() for text in all_]
)
def test_each_form_of_the_grammar_is_one_token_of_its_kind(kind: str, text: str) -> None:
    assert kinds(f" {text} ") == [(kind, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?s ?p 1.", ["?s", "?p", "1", "."]),
        ("a:b.", ["a:b", "."]),
        ("_:b. _:c", ["_:b", ".", "_:c"]),
        ('"x"@zh.', ['"x"', "@zh", "."]),
        ('"1"^^xsd:integer', ['"1"', "^^", "xsd:integer"]),
        (":a/:b|^:c*", [":a", "/", ":b", "|", "^", ":c", "*"]),
        (":p?", [":p", "?"]),
        ("?a-1", ["?a", "-", "1"]),
        ("{?s?p?o}", ["{", "?s", "?p", "?o", "}"]),
        ("?s # } SERVICE\n?p", ["?s", "?p"]),
        ("?s # carriage return\r?p", ["?s", "?p"]),
        ("<a#b>?x", ["<a#b>", "?x"]),
        ('"""x"', ['""', '"x"']),
        ('""""a""""', ['""""a"""', '"']),
        ("", []),
        ("# only a comment", []),
    ],
)
def test_neighbours_are_told_apart(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize("text", ['"open', "'a\nb'", "§", "\u00a0", '"\\q"', "<http://x/\\q>"])
def test_what_sparql_cannot_contain_is_called_unknown(text: str) -> None:
    assert "unknown" in {token.kind for token in tokens(text)}


def test_an_escape_that_strings_do_not_have_ends_the_attempt_to_read_one() -> None:
    assert texts('("""a" :x\\-) } #"""') == ["(", '""', '"a"', ":x\\-", ")", "}"]


COMPARISONS = [
    "FILTER(?a<?b&&?c>?d)",
    "FILTER(?a <?b&&?c> ?d)",
    "FILTER NOT EXISTS { FILTER(?a<?b&&?c>?d) }",
    "FILTER STRLEN(?a<?b&&?c>?d)",
    "FILTERSTRLEN(?a<?b&&?c>?d)",
    "FILTER ex:f((?a)<?b&&?c>?d)",
    "BIND(1<?b&&?c>?d AS ?x)",
    "SELECT (1 AS ?y) (true<?b&&?c>?d AS ?x)",
    "SELECTDISTINCT('a'<?b&&?c>?d AS ?x)",
    "{} GROUP BY (?a<?b&&?c>?d) HAVING (?e) (?a<?b&&?c>?d)",
    "{} ORDER BY DESC(ex:a<?b&&?c>?d)",
    "FILTER(EXISTS { ?s <p> ?o }<?b&&?c>?d)",
]


@pytest.mark.parametrize("text", COMPARISONS)
def test_two_operands_of_an_expression_are_compared(text: str) -> None:
    assert "<?b&&?c>" not in texts(text)
    assert {"<", ">"} <= set(texts(text))


def test_at_most_and_at_least_are_not_an_iri() -> None:
    assert texts("FILTER(?a<=?b&&?c>=?d)")[3:8] == ["<=", "?b", "&&", "?c", ">="]


IRIS = [
    "?s <http://x/a#b> ?o",
    "(?a <http://x/a#b>)",
    "VALUES (?a ?b) { (1 <http://x/a#b>) }",
    "SELECT * {} HAVING(1) VALUES (?a ?b) { (1 <http://x/a#b>) }",
    "FILTER(?a) (1 <http://x/a#b>) ?p ?o",
    "FILTER NOT EXISTS { ?s ?p ?o } (1 <http://x/a#b>) ?p ?o",
    "FILTER EXISTS { (1 <http://x/a#b>) ?p ?o }",
    "FILTER(?a = <http://x/a#b>)",
    "FILTER(?a IN (<http://x/>,<http://x/a#b>))",
    "FILTER(?a < <http://x/a#b>)",
    "FILTER(?a<<http://x/a#b>)",
    'FILTER("a"^^<http://x/a#b> = ?b)',
    "BIND(<<( ?s <http://x/a#b> ?o )>> AS ?t)",
    "SELECT (COUNT(DISTINCT<http://x/a#b>) AS ?n) {}",
    "FILTER <http://x/a#b>(?x)",
]


@pytest.mark.parametrize("text", IRIS)
def test_an_iri_stays_an_iri_where_no_comparison_can_be(text: str) -> None:
    assert "<http://x/a#b>" in texts(text)


def test_tokens_know_whether_they_are_part_of_an_expression() -> None:
    inside = [
        token.text for token in tokens("{ ?s :p (1 2) FILTER(?a + EXISTS { ?b }) }") if token.expression
    ]
    assert inside == ["(", "?a", "+", "EXISTS", "}"]


PIECES = st.sampled_from([text for kind, all_ in ONE_TOKEN.items() for text in all_ if kind != "mark"])
GAPS = st.sampled_from([" ", "\n", "\t\r\n", " # a comment with ' \" < { \n", "#\r"])


@given(st.lists(st.tuples(GAPS, PIECES)))
def test_what_was_put_together_is_taken_apart_again(pairs: list[tuple[str, str]]) -> None:
    text = "".join(gap + piece for gap, piece in pairs)
    assert texts(text) == [piece for _, piece in pairs]


@given(st.text("ab<>{}()[]\"'\\#?:@.&| \n\r1_-中", max_size=60))
def test_every_character_is_in_a_token_or_between_two(text: str) -> None:
    end = 0
    for token in tokens(text):
        between = text[end : token.start]
        assert not between.strip(" \t\r\n") or between.lstrip(" \t\r\n").startswith("#")
        assert text[token.start : token.end] == token.text
        end = token.end


@given(st.text("ab\n中"), st.integers(min_value=0, max_value=30))
def test_a_place_leads_back_to_its_offset(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    assert offset_of(text, place_of(text, offset)) == offset


def test_lines_and_columns_are_counted_from_one() -> None:
    assert place_of("ab\ncd", 0) == Place(1, 1)
    assert place_of("中文\ncd", 4) == Place(2, 2)
