"""What the reader says of an import: kept as it was said, and refused where it has no meaning."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.imports.faults import WrongOption
from graph.imports.options import Options, TableChoice

TEXT = st.text(max_size=8).map(str.strip)
OPTIONS = st.builds(
    Options,
    why=TEXT,
    accept_new=st.booleans(),
    decisions=st.dictionaries(TEXT, TEXT, max_size=3),
    mapping=st.dictionaries(
        TEXT,
        st.builds(
            TableChoice,
            kind=TEXT,
            columns=st.dictionaries(st.integers(1, 99), TEXT, max_size=3),
            visibility=st.dictionaries(TEXT, TEXT, max_size=3),
            used=st.booleans(),
        ),
        max_size=3,
    ),
    sources=st.dictionaries(TEXT, st.just({"source": "名单"}), max_size=2),
)


@given(OPTIONS)
def test_options_come_back_from_json_as_they_were(options: Options) -> None:
    assert Options.of(json.loads(json.dumps(options.said()))) == options


def test_what_is_not_named_stays_as_it_was() -> None:
    options = Options(why="a", decisions={"x": "new"}).revised({"decisions": {"y": "later"}})
    assert (options.why, options.decisions) == ("a", {"x": "new", "y": "later"})
    assert options.revised({"why": "b", "accept_new": True}).decisions == options.decisions


def test_a_file_may_have_its_own_title() -> None:
    options = Options(source="all", sources={"b.csv": {"source": "second", "dated": "2026"}})
    assert options.of_file("a.csv") == options
    assert (options.of_file("b.csv").source, options.of_file("b.csv").dated) == ("second", "2026")


def test_the_source_may_be_said_in_one_piece() -> None:
    options = Options(area="220000").revised(
        {"source": {"title": "名单", "dated": "2026-03", "crs": "GCJ02"}}
    )
    assert (options.source, options.dated, options.crs, options.area) == (
        "名单",
        "2026-03",
        "GCJ02",
        "220000",
    )


@pytest.mark.parametrize(
    "said",
    [
        {"unknown": 1},
        {"accept_new": "yes"},
        {"why": 3},
        {"decisions": ["a"]},
        {"decisions": {"a": 1}},
        {"mapping": {"a": {"columns": {"B": "name_zh"}}}},
        {"mapping": {"a": {"sort": "members"}}},
        {"mapping": {"a": "members"}},
        {"sources": {"a": {"graph": "x"}}},
        {"sources": {"a": {"dated": "last week"}}},
        {"dated": "2026/03"},
        {"area": "Jilin"},
        {"crs": "mercator"},
        {"supersedes": "urn:a b"},
        {"why": "x" * 2000},
        {"source": {"name": "x"}},
    ],
)
def test_what_has_no_meaning_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(WrongOption):
        Options().revised(said)
