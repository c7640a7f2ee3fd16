"""Answers drawn: which lines, points and bars an answer has, how many are left out, and that nothing falls off."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.answer_chart import MOST_BARS, chart_of
from api.answer_graph import MOST_THINGS, drawn_things, links_of, picture
from api.answer_map import MOST_POINTS, Located, located, map_of
from api.answer_rows import Cell, Rows, rows_of_graph, rows_of_results
from graph.nodes import Named
from ontology.terms import RDF, XSD


def thing(name: str) -> Cell:
    return Cell("iri", f"x:{name}")


def number(value: object) -> Cell:
    return Cell("literal", str(value), datatype=XSD.decimal)


def text(value: str, datatype: str = "") -> Cell:
    return Cell("literal", value, datatype=datatype)


def rows(columns: str, *listed: Sequence[Cell | None], is_graph: bool = False) -> Rows:
    return Rows(tuple(columns.split()), tuple(map(tuple, listed)), is_graph)


def said(cell: Cell) -> str:
    return cell.text


def nowhere(_names: Sequence[str]) -> Mapping[str, tuple[float, float]]:
    return {}


def chart(answer: Rows):
    return chart_of(answer, said, lambda value: f"{value:g}")


# Rows ------------------------------------------------------------------------------------------------------------


def test_rows_are_read_from_results_with_unbound_values_and_all_kinds_of_terms() -> None:
    inner = {"type": "uri", "value": "x:a"}
    triple = {"subject": inner, "predicate": inner, "object": inner}
    bindings = [
        {"a": {"type": "uri", "value": "x:a"}, "b": {"type": "literal", "value": "é", "xml:lang": "fr"}},
        {"a": {"type": "bnode", "value": "b0"}, "b": {"type": "triple", "value": triple}},
        {"b": {"type": "literal", "value": "7", "datatype": XSD.integer}},
    ]
    answer = rows_of_results({"head": {"vars": ["a", "b"]}, "results": {"bindings": bindings}})
    assert answer.rows[0] == (Cell("iri", "x:a"), Cell("literal", "é", language="fr"))
    assert answer.rows[1][1] == Cell("triple", "<<( x:a x:a x:a )>>")
    assert answer.rows[2][0] is None
    assert answer.rows[2][1] is not None
    assert answer.rows[2][1].number == 7
    assert answer.iris() == ["x:a"]


def test_the_triples_of_a_graph_are_rows_of_three() -> None:
    triples = b'<x:a> <x:p> "a\\n\\"b\\""@zh .\n<x:a> <x:p> _:b0 .\n<x:a> <x:p> "s" .\n'
    answer = rows_of_graph(triples)
    assert answer.is_graph
    assert [row[2] for row in answer.rows] == [
        Cell("literal", 'a\n"b"', language="zh"),
        Cell("blank", "b0"),
        Cell("literal", "s"),
    ]


@pytest.mark.parametrize("value", ["NaN", "INF", "-INF", "x", ""])
def test_what_no_chart_can_show_is_no_number(value: str) -> None:
    assert Cell("literal", value, datatype=XSD.decimal).number is None


# Graph -----------------------------------------------------------------------------------------------------------


def test_triples_of_things_are_lines_and_texts_are_counted() -> None:
    listed = [(thing("a"), thing("p"), thing("b")), (thing("a"), thing("p"), text("t"))]
    links = links_of(rows("s p o", *listed))
    assert [(link.start, link.end, link.kind) for link in links.links] == [("x:a", "x:b", "x:p")]
    assert links.unlinked == 1


def test_that_a_thing_has_a_class_is_no_line_beside_others() -> None:
    typed = (thing("a"), Cell("iri", RDF.type), thing("K"))
    other = (thing("a"), thing("p"), thing("b"))
    assert [link.kind for link in links_of(rows("s p o", typed, other)).links] == ["x:p"]
    assert [link.kind for link in links_of(rows("s p o", typed)).links] == [RDF.type]


def test_other_rows_link_their_first_thing_to_the_rest() -> None:
    links = links_of(
        rows("unit n kind level", (thing("u"), number(1), thing("k"), None), (None, number(1), None, None))
    )
    assert [(link.start, link.end, link.kind) for link in links.links] == [("x:u", "x:k", "?kind")]
    assert links.unlinked == 1


def test_a_picture_is_bounded_and_tells_what_it_leaves_out() -> None:
    star = [(thing("middle"), thing("p"), thing(f"n{place}")) for place in range(MOST_THINGS + 30)]
    links = links_of(rows("s p o", *star))
    named = {name: Named(name, {"": name}) for name in drawn_things(links.links)}
    drawn = picture(links, named, str)
    assert drawn is not None
    assert len(drawn.dots) == MOST_THINGS
    assert drawn.dots[0].named.iri == "x:middle"
    assert (drawn.things_left_out, drawn.lines_left_out) == (31, 31)
    assert drawn.kinds == (("x:p", MOST_THINGS - 1),)
    for dot in drawn.dots:
        assert drawn.left < dot.x < drawn.left + drawn.width
        assert drawn.top < dot.y < drawn.top + drawn.height
        assert max(y for _, y, _ in dot.lines) < drawn.top + drawn.height


def test_a_line_to_itself_or_none_at_all_draws_nothing_wrong() -> None:
    itself = links_of(rows("s p o", (thing("a"), thing("p"), thing("a"))))
    drawn = picture(itself, {"x:a": Named("x:a", {"": "a"})}, str)
    assert drawn is not None
    assert (len(drawn.dots), drawn.arrows) == (1, ())
    assert picture(links_of(rows("a", (number(1),))), {}, str) is None


# Map -------------------------------------------------------------------------------------------------------------


def test_columns_of_latitude_and_longitude_place_rows() -> None:
    answer = rows(
        "name lat long", (text("a"), number(43.8), number(125.3)), (text("b"), number(99), number(1))
    )
    assert located(answer, nowhere, said) == [Located("a", "", (125.3, 43.8))]


@pytest.mark.parametrize(
    "name", ["lat lng", "latitude longitude", "unit_lat unit_lon", "纬度 经度", "placeLat placeLong"]
)
def test_they_may_be_called_in_several_ways(name: str) -> None:
    assert located(rows(name, (number(43), number(125))), nowhere, said)[0].place == (125, 43)


@pytest.mark.parametrize(
    "written", ["POINT(125.3 43.8)", "<http://crs> point ( 125.3  43.8 )", " Point(1.253e2 43.8)"]
)
def test_points_in_wkt_place_rows(written: str) -> None:
    point = text(written, "http://www.opengis.net/ont/geosparql#wktLiteral")
    assert located(rows("unit at", (thing("u"), point)), nowhere, said) == [
        Located("x:u", "x:u", (125.3, 43.8))
    ]


def test_things_lie_where_the_graph_knows_them_to_lie() -> None:
    answer = rows("membership unit", (thing("m"), thing("u")), (thing("m2"), thing("lost")))
    found = located(answer, lambda _: {"x:u": (125.0, 43.0)}, said)
    assert found == [Located("x:u", "x:u", (125.0, 43.0))]
    drawn = map_of(found, 2)
    assert drawn is not None
    assert (drawn.shown, drawn.left_out, drawn.nowhere) == (1, 0, 1)


def test_a_map_is_bounded_and_gathers_what_lies_together() -> None:
    found = [Located("a", "x:a", (125.0, 43.0))] * (MOST_POINTS + 5)
    drawn = map_of(found, len(found) + 2)
    assert drawn is not None
    assert (len(drawn.points), drawn.shown, drawn.left_out, drawn.nowhere) == (1, MOST_POINTS, 5, 2)
    assert map_of([], 3) is None


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=30))
@example([(0.0, 90.0)])
@example([(-180.0, -90.0), (180.0, -90.0)])
@example([(-180.0, -90.0), (180.0, 90.0)])
def test_every_row_with_a_place_is_on_the_map_wherever_it_lies(
    places: list[tuple[float, float]],
) -> None:
    drawn = map_of(
        [Located(f"示例{index}医院", "", place) for index, place in enumerate(places)], len(places)
    )
    assert drawn is not None
    assert sum(len(point.things) for point in drawn.points) == len(places)
    for point in drawn.points:
        assert 0 <= point.x <= drawn.width
        assert 0 <= point.y <= drawn.height
    assert len(drawn.grid) < 40


# Chart -----------------------------------------------------------------------------------------------------------


def test_columns_of_numbers_are_bars_and_the_others_name_them() -> None:
    made = chart(
        rows(
            "area role n m",
            (text("甲"), text("成员"), number(3), number(1)),
            (text("乙"), None, number(5), None),
        )
    )
    assert made is not None
    assert made.series == ("n", "m")
    assert [one.name for one in made.categories] == ["甲 · 成员", "乙"]
    first, second = made.categories
    assert len(first.bars) == 2
    assert first.bars[0].width * 5 == pytest.approx(second.bars[0].width * 3)


def test_a_chart_is_bounded_and_tells_what_it_leaves_out() -> None:
    listed = [(text(str(place)), number(place) if place else None) for place in range(MOST_BARS + 9)]
    made = chart(rows("name n", *listed))
    assert made is not None
    assert (made.shown, made.left_out, made.numberless) == (MOST_BARS, 8, 1)


def test_moments_in_time_are_a_line_in_order() -> None:
    made = chart(
        rows(
            "year n",
            *[(text(year), number(value)) for year, value in (("2021", 3), ("2019", 1), ("2020", 2))],
        )
    )
    assert made is not None
    assert not made.categories
    points = made.traces[0].points
    assert [name for _, _, name, _ in points] == ["2019", "2020", "2021"]
    assert all(one[0] < other[0] and one[1] > other[1] for one, other in pairwise(points))


def test_numbers_alone_still_have_something_that_names_them() -> None:
    made = chart(rows("code n", (number(1), number(7)), (number(2), number(9))))
    assert made is not None
    assert made.series == ("n",)
    assert [one.name for one in made.categories] == ["1", "2"]


def test_without_numbers_there_is_no_chart() -> None:
    assert chart(rows("a", (text("x"),))) is None
    assert chart(rows("a n", (text("x"), number(1)), (text("y"), text("?")))) is None
    assert chart(rows("a")) is None


@given(
    st.lists(
        st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3)), min_size=1, max_size=20
    )
)
def test_every_bar_stays_inside_and_is_as_long_as_its_number(values: list[float]) -> None:
    made = chart(rows("name n", *[(text(f"行{place}"), number(value)) for place, value in enumerate(values)]))
    assert made is not None
    for one in made.categories:
        for bar in one.bars:
            assert bar.x >= 0
            assert bar.x + bar.width <= made.width + 0.01
            assert (bar.x >= made.zero - 0.01) == (bar.value >= 0)
    assert all(re.fullmatch(r"-?[\d.e+-]+", tick.text) for tick in made.ticks)
