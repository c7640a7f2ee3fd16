import pytest

from graph.sparql_update import (
    Add,
    Clear,
    Copy,
    Create,
    DeleteData,
    Drop,
    InsertData,
    Load,
    Modify,
    Move,
    Operation,
    operations,
)
from graph.store import SyntaxFault


def only(text: str) -> Operation:
    (operation,) = operations(text)
    return operation


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("INSERT DATA {}", InsertData),
        ("insert\n#c\ndata{}", InsertData),
        ("DELETE DATA { <urn:a> <urn:b> 1 }", DeleteData),
        ("DELETE WHERE { ?s ?p ?o }", Modify),
        ("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", Modify),
        ("INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }", Modify),
        ("WITH <urn:g> DELETE {} INSERT {} USING <urn:a> USING NAMED <urn:b> WHERE {}", Modify),
        ("CLEAR SILENT GRAPH <urn:g>", Clear),
        ("CLEAR DEFAULT", Clear),
        ("DROP NAMED", Drop),
        ("CREATE GRAPH <urn:g>", Create),
        ("ADD DEFAULT TO <urn:g>", Add),
        ("COPY GRAPH <urn:g> TO DEFAULT", Copy),
        ("MOVE SILENT <urn:g> TO GRAPH <urn:h>", Move),
    ],
)
def test_each_operation_is_told_by_its_class(text: str, kind: type[Operation]) -> None:
    assert type(only(text)) is kind


def test_the_parts_of_a_modification_are_pieces_of_the_text() -> None:
    modify = only(
        "WITH <urn:g> DELETE { ?s ?p 1 } INSERT { ?s ?p '}' } "
        "USING <urn:a> USING NAMED <urn:b> USING <urn:c> WHERE { ?s ?p ?o { FILTER(?o != '}') } # }\n }"
    )
    assert isinstance(modify, Modify)
    assert (str(modify.with_graph), str(modify.where)) == (
        "<urn:g>",
        "{ ?s ?p ?o { FILTER(?o != '}') } # }\n }",
    )
    assert modify.deletes
    assert modify.inserts
    assert (str(modify.deletes.excerpt), str(modify.inserts.excerpt)) == (" ?s ?p 1 ", " ?s ?p '}' ")
    assert [str(name) for name in modify.using] == ["<urn:a>", "<urn:c>"]
    assert [str(name) for name in modify.using_named] == ["<urn:b>"]


def test_delete_where_uses_one_text_twice() -> None:
    modify = only("DELETE WHERE { GRAPH ?g { ?s ?p 1 } }")
    assert isinstance(modify, Modify)
    assert modify.deletes
    assert str(modify.where) == f"{{{modify.deletes.excerpt}}}" == "{ GRAPH ?g { ?s ?p 1 } }"


def test_declarations_hold_from_where_they_stand() -> None:
    first, second = operations(
        "PREFIX a: <urn:a> INSERT DATA {} ; PREFIX a: <urn:b> BASE <urn:c> INSERT DATA {} ; PREFIX b: <urn:d>"
    )
    assert [str(declaration) for declaration in first.prologue] == ["PREFIX a: <urn:a>"]
    assert [str(declaration) for declaration in second.prologue][1:] == ["PREFIX a: <urn:b>", "BASE <urn:c>"]


@pytest.mark.parametrize(
    "text", ["", " # nothing\n", "PREFIX a: <urn:a>", "CLEAR ALL;", "CLEAR ALL ; ;".replace("; ;", ";")]
)
def test_a_request_may_end_anywhere_between_operations(text: str) -> None:
    assert len(operations(text)) == text.count("CLEAR")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("CLEAR ALL ;; CLEAR ALL", 1, 12),
        ("CLEAR ALL CLEAR ALL", 1, 11),
        ("SELECT * {}", 1, 1),
        ("INSERT DATA", 1, 12),
        ("INSERT DATA {", 1, 14),
        ("INSERT DATA { <urn:a> <urn:b> ?x }", 1, 31),
        ("INSERT DATA { GRAPH ?g { } }", 1, 21),
        ("INSERT DATA { GRAPH _:g { } }", 1, 21),
        ("INSERT DATA { GRAPH <urn:g> { GRAPH <urn:h> {} } }", 1, 31),
        ("INSERT DATA { <urn:a> <urn:b> (1 2 }", 1, 36),
        ("INSERT DATA { <urn:a> <urn:b> { } }", 1, 31),
        ("DELETE DATA { <urn:a> <urn:b> _:c }", 1, 31),
        ("DELETE { ?s ?p [] } WHERE {}", 1, 16),
        ("DELETE { ?s ?p (1) } WHERE {}", 1, 16),
        ("DELETE WHERE { ?s ?p [ ?q 1 ] }", 1, 22),
        ("DELETE { ?s ?p ?o }", 1, 20),
        ("DELETE { ?s ?p ?o } { ?s ?p ?o }", 1, 21),
        ("INSERT {} DELETE {} WHERE {}", 1, 11),
        ("WITH <urn:g> DELETE WHERE {}", 1, 21),
        ("WITH <urn:g> CLEAR ALL", 1, 14),
        ("DELETE {} USING ?g WHERE {}", 1, 17),
        ("INSERT {} WHERE { ?s ?p ?o", 1, 27),
        ("CLEAR <urn:g>", 1, 7),
        ("CREATE <urn:g>", 1, 8),
        ("COPY DEFAULT <urn:g>", 1, 14),
        ("COPY GRAPH DEFAULT TO <urn:g>", 1, 12),
        ("PREFIX a:b <urn:a>", 1, 8),
        ("PREFIX <urn:a>", 1, 8),
        ("BASE a:", 1, 6),
        ("# 中文\nINSERT DATA { <urn:a> <urn:b> 'open }", 2, 31),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(SyntaxFault) as found:
        operations(text)
    assert (found.value.line, found.value.column) == (line, column)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:a> <urn:b> <<( <urn:a> <urn:b> 1 )>> }",
        "INSERT DATA { << <urn:a> <urn:b> 1 >> <urn:b> 1 }",
        "INSERT DATA { <urn:a> <urn:b> 1 {| <urn:b> 1 |} }",
        "INSERT DATA { <urn:a> <urn:b> 1 ~ <urn:r> }",
        'INSERT DATA { <urn:a> <urn:b> "a"@en--ltr }',
        "INSERT { ?s ?p ?o } WHERE { ?s ?p <<( ?a ?b ?c )>> }",
        'VERSION "1.2" CLEAR ALL',
    ],
)
def test_rdf_1_2_is_not_accepted(text: str) -> None:
    with pytest.raises(SyntaxFault, match=r"RDF 1\.2 is not accepted"):
        operations(text)


def test_load_names_a_document_and_a_graph() -> None:
    _, silent, plain = operations("CLEAR ALL ;\n LOAD SILENT <http://x/> INTO GRAPH x:g ; LOAD x:d")
    assert isinstance(silent, Load)
    assert isinstance(plain, Load)
    assert (str(silent.source), str(silent.target), silent.silent) == ("<http://x/>", "x:g", True)
    assert (str(plain.source), plain.target, plain.silent) == ("x:d", None, False)
    assert (silent.keyword.place.line, silent.keyword.place.column) == (2, 2)


def test_a_label_means_one_blank_node_in_one_insert_data() -> None:
    operations(
        "INSERT DATA { _:a <urn:b> _:a } ; INSERT { _:a ?p _:c } WHERE { ?s ?p _:d } ; DELETE WHERE {}"
    )
    with pytest.raises(SyntaxFault) as found:
        operations("INSERT DATA { _:a <urn:b> 1 } ;\nINSERT DATA { _:a <urn:b> 2 }")
    assert found.value.line == 2


def test_nesting_has_no_limit_in_data() -> None:
    assert only("INSERT DATA { <urn:a> <urn:b> " + "(" * 50_000 + "1" + ")" * 50_000 + " }")
