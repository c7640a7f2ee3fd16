"""A fault arrives as it was raised."""

import pytest

from graph.capture import GraphExists, GraphMissing
from graph.faults import EXPECTED, read_fault, written_fault
from graph.guard import RemoteAccess, TooDeep, TooLarge
from graph.reach import DocumentWanted
from graph.settle import Refused
from graph.sparql_tokens import Place
from graph.sparql_update import NotAnUpdate
from graph.store import NotAQuery, QueryFault, SyntaxFault, UnsupportedMediaType

FAULTS = [
    SyntaxFault("大括号 expected", 3, 7),
    QueryFault("unknown function"),
    UnsupportedMediaType("text/x"),
    Refused("held-by-sources", ("http://example.org/g",)),
    GraphMissing("<http://example.org/g>"),
    GraphExists("<http://example.org/g>"),
    TooLarge(5),
    TooDeep("too deep", Place(1, 2)),
    RemoteAccess("SERVICE", Place(4, 5)),
    NotAnUpdate("SELECT", 1, 9),
    NotAQuery("this is an update", 1, 9),
    DocumentWanted("http://example.org/d", 6, 7, silent=True),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_fault_is_read_back_as_it_was_written(fault: Exception) -> None:
    again = read_fault(written_fault(fault))
    assert type(again) is type(fault)
    assert str(again) == str(fault)
    assert vars(again) == vars(fault)


def test_every_expected_fault_and_its_kinds_are_covered() -> None:
    def kinds(of: type[Exception]) -> set[type[Exception]]:
        return {of} | {kind for below in of.__subclasses__() for kind in kinds(below)}

    wanted = {kind for one in EXPECTED for kind in kinds(one)}
    assert {kind.__name__ for kind in wanted} - {type(fault).__name__ for fault in FAULTS} == {"NotAccepted"}


def test_an_unknown_fault_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        read_fault(b'{"kind": "Surprise", "message": ""}')
