"""Questions in SPARQL are asked of many nodes at once, with the same answers as one by one."""

import pytest

from graph.shape_model import UnsupportedShape
from graph.shape_sparql import question_query, tokenised, undeclared_prefixes

GIVEN = "#FOCUS\n?this a <urn:x:C> ."


def groups_given(query: str) -> int:
    return question_query(query, "", GIVEN, "urn:x:S").count(GIVEN)


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        ("SELECT $this WHERE { $this ?p ?o }", 1),
        ("SELECT $this { { $this ?p 1 } UNION { $this ?p 2 } }", 3),
        ("SELECT $this { $this ?p ?o . OPTIONAL { $this ?q 1 } FILTER NOT EXISTS { $this ?q 2 } }", 1),
        ("SELECT $this { $this ?p ?o . GRAPH ?g { $this ?q 1 . { ?o ?q 1 } } }", 1),
        ("SELECT $this { { SELECT $this (MAX(?o) AS ?most) { $this ?p ?o } GROUP BY $this } }", 2),
        ('SELECT $this { $this ?p "{ not a group }" } # nor { this', 1),
        ("SELECT $this { $this <urn:x:{> 1 }", 1),
    ],
)
def test_the_nodes_are_given_in_each_group_that_is_evaluated_by_itself(query: str, groups: int) -> None:
    if "urn:x:{" in query:
        query = query.replace("<urn:x:{>", "<urn:x:p>")
    assert groups_given(query) == groups


def test_a_node_aimed_at_twice_is_not_counted_twice() -> None:
    query = question_query(
        "SELECT $this (COUNT(?o) AS ?n) { $this ?p ?o } GROUP BY $this", "", GIVEN, "urn:x:S"
    )
    assert "{ SELECT DISTINCT ?this {" in query


def test_the_path_of_a_property_shape_is_written_in() -> None:
    query = question_query(
        "SELECT $this ?value { $this $PATH ?value }", "<urn:x:a>/<urn:x:b>", GIVEN, "urn:x:S"
    )
    assert "?this (<urn:x:a>/<urn:x:b>) ?value" in query


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT $this { $this ?p ?o MINUS { $this ?q 1 } }", "MINUS"),
        ("SELECT $this { VALUES ?o { 1 } $this ?p ?o }", "VALUES"),
        ("SELECT $this { SERVICE <urn:x:s> { $this ?p ?o } }", "SERVICE"),
        ("SELECT $this FROM <urn:x:g> { $this ?p ?o }", "FROM"),
        ("SELECT $this { $this ?p ?o } LIMIT 1", "LIMIT"),
        ("SELECT $this { BIND(1 AS $this) }", "binds"),
        ("SELECT $this { { SELECT ?o { $this ?p ?o } } }", "leaves"),
        ("SELECT ?value { $this ?p ?value }", "leaves"),
        ("SELECT $this { GRAPH $shapesGraph { $currentShape ?p ?o } }", "shapesGraph"),
        ("SELECT $this { $this $PATH ?o }", "PATH"),
    ],
)
def test_what_means_something_else_when_asked_of_many_is_refused(query: str, reason: str) -> None:
    with pytest.raises(UnsupportedShape, match=reason):
        groups_given(query)


def test_words_in_texts_names_and_comments_are_not_refused() -> None:
    assert groups_given('SELECT $this { $this ma:MINUS "VALUES" ; <urn:LIMIT> 1 } # SERVICE') == 1


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?x { ?x ma:p """a "quoted" {text}""" ; <urn:x#y> 1.5e3 . FILTER(?x < 2 && ?y>3) }',
        "SELECT ?x { ?x ex:p 'it\\'s' ; :q _:b }",
    ],
)
def test_the_pieces_of_a_query_make_up_the_query(query: str) -> None:
    assert "".join(token.text for token in tokenised(query)) == query


def test_prefixes_that_nothing_declares_are_named() -> None:
    assert undeclared_prefixes("PREFIX a: <urn:a:> SELECT ?x { ?x a:p b:q ; c: _:d }") == {"b", "c"}
