"""Positions are the same every time, keep names apart, and keep kinds together."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.layout import ARRANGEMENTS, LABEL_HEIGHT, LABEL_WIDTH, Position, Sketch, positions
from graph.projection import Edge, Neighbourhood, Node, Projection

CENTRE = "http://example.org/centre"


def star(size: int, kinds: tuple[str, ...] = ("other",)) -> Neighbourhood:
    names = [f"http://example.org/n{number:03}" for number in range(size)]
    nodes = [Node(name, kinds[place % len(kinds)], {}, False, 0, 0) for place, name in enumerate(names)]
    edges = [Edge(CENTRE, "http://example.org/r", name) for name in names]
    return Projection.made_of(1, [Node(CENTRE, "alliance", {}, False, 0, 0), *nodes], edges).neighbourhood(
        CENTRE, limit=400
    )


@st.composite
def neighbourhoods(draw: st.DrawFn) -> Neighbourhood:
    names = [f"http://example.org/{number}" for number in range(draw(st.integers(1, 60)))]
    ends = st.sampled_from(names)
    edges = draw(st.lists(st.builds(Edge, ends, st.just("http://example.org/r"), ends), max_size=90))
    nodes = [Node(name, "other", {}, False, 0, 0) for name in names]
    return Projection.made_of(1, nodes, edges).neighbourhood(names[0], hops=draw(st.integers(1, 3)))


def overlapping(placed: list[Position]) -> list[tuple[Position, Position]]:
    return [
        (one, other)
        for place, one in enumerate(placed)
        for other in placed[:place]
        if abs(one[0] - other[0]) < LABEL_WIDTH and abs(one[1] - other[1]) < LABEL_HEIGHT
    ]


@given(neighbourhoods())
def test_no_two_names_cover_each_other(found: Neighbourhood) -> None:
    placed = positions(found)
    assert placed.keys() == {node.iri for node in found.nodes}
    assert overlapping(list(placed.values())) == []
    assert placed[found.centre.iri] == (0.0, 0.0)


@given(neighbourhoods())
def test_the_same_neighbourhood_looks_the_same(found: Neighbourhood) -> None:
    assert positions(found) == positions(found)


@pytest.mark.parametrize("size", [0, 1, 2, 14, 20, 21, 100, 299])
def test_a_star_of_any_size_has_room(size: int) -> None:
    placed = list(positions(star(size)).values())
    assert overlapping(placed) == []
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in placed)


def test_a_few_stand_in_one_row() -> None:
    placed = positions(star(14))
    radii = {round(math.hypot(x / 1.5, y)) for name, (x, y) in placed.items() if name != CENTRE}
    assert len(radii) == 1


def test_things_of_one_kind_stand_side_by_side() -> None:
    found = star(12, ("hospital", "area", "programme"))
    placed = positions(found)
    around = sorted(
        found.nodes[1:], key=lambda node: math.atan2(placed[node.iri][1], placed[node.iri][0] / 1.5)
    )
    changes = sum(one.kind != other.kind for one, other in zip(around, [*around[1:], around[0]], strict=True))
    assert changes == 3


def test_each_hop_stands_farther_out_than_the_one_before() -> None:
    names = [f"http://example.org/{letter}" for letter in "abcd"]
    edges = [Edge(one, "http://example.org/r", other) for one, other in pairwise(names)]
    nodes = [Node(name, "other", {}, False, 0, 0) for name in names]
    placed = positions(Projection.made_of(1, nodes, edges).neighbourhood(names[0], hops=3))
    radii = [math.hypot(x / 1.5, y) for x, y in placed.values()]
    assert radii == sorted(set(radii))


def test_what_hangs_on_a_node_stands_beside_it() -> None:
    edges = [
        Edge(CENTRE, "http://example.org/r", "http://example.org/a"),
        Edge(CENTRE, "http://example.org/r", "http://example.org/b"),
        Edge("http://example.org/b", "http://example.org/r", "http://example.org/c"),
    ]
    nodes = [Node(name, "other", {}, False, 0, 0) for name in {e.to_iri for e in edges} | {CENTRE}]
    placed = positions(Projection.made_of(1, nodes, edges).neighbourhood(CENTRE, hops=2))
    (bx, by), (cx, cy) = placed["http://example.org/b"], placed["http://example.org/c"]
    assert math.isclose(math.atan2(by, bx), math.atan2(cy, cx), abs_tol=0.01)


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    names = [f"n{number}" for number in range(draw(st.integers(1, 60)))]
    some = st.sampled_from(names)
    place = st.tuples(st.floats(121, 131), st.floats(40, 46))
    return Sketch(
        names=names,
        lines=draw(st.lists(st.tuples(some, some), max_size=90)),
        centres=draw(st.lists(some, max_size=3, unique=True)),
        blocks=draw(st.dictionaries(some, st.sampled_from(["a", "b", "c"]))),
        places=draw(st.dictionaries(some, place)),
    )


@pytest.mark.parametrize("name", ARRANGEMENTS)
@settings(max_examples=40)
@given(sketches())
def test_every_arrangement_gives_each_thing_a_place_of_its_own(name: str, sketch: Sketch) -> None:
    placed = ARRANGEMENTS[name](sketch)
    assert placed.keys() == set(sketch.names)
    assert overlapping(list(placed.values())) == []
    assert ARRANGEMENTS[name](sketch) == placed


@pytest.mark.parametrize("name", ARRANGEMENTS)
@pytest.mark.parametrize("size", [0, 1, 40, 300])
def test_every_arrangement_has_room_for_a_star_of_any_size(name: str, size: int) -> None:
    names = ["hub", *(f"n{number}" for number in range(size))]
    places = dict.fromkeys(names, (125.0, 43.0))
    sketch = Sketch(names, [("hub", one) for one in names[1:]], ["hub"], places=places)
    placed = ARRANGEMENTS[name](sketch)
    assert len(placed) == size + 1
    assert overlapping(list(placed.values())) == []


def test_layers_stand_one_step_apart() -> None:
    sketch = Sketch(list("abc"), [("a", "b"), ("b", "c")], ["a"])
    placed = ARRANGEMENTS["layered"](sketch)
    assert placed["a"][0] < placed["b"][0] < placed["c"][0]


def test_a_block_is_one_solid_piece() -> None:
    names = [f"n{number}" for number in range(20)]
    sketch = Sketch(names, [], [], {name: "ab"[place % 2] for place, name in enumerate(names)})
    placed = ARRANGEMENTS["grouped"](sketch)
    boxes = []
    for block in "ab":
        xs, ys = zip(*(placed[name] for name in names if sketch.blocks[name] == block), strict=True)
        boxes.append((min(xs), max(xs), min(ys), max(ys)))
    (left, right, top, bottom), (other_left, other_right, other_top, other_bottom) = boxes
    assert right < other_left or other_right < left or bottom < other_top or other_bottom < top


def test_a_map_keeps_north_up_and_east_right() -> None:
    places = {"south": (125.0, 41.0), "north": (125.0, 46.0), "east": (130.0, 43.0), "west": (122.0, 43.0)}
    placed = ARRANGEMENTS["map"](Sketch([*places, "lost"], [], [], places=places))
    assert placed["north"][1] < placed["south"][1]
    assert placed["west"][0] < placed["east"][0]
    assert placed["lost"][1] > placed["south"][1]


def test_what_has_no_place_stands_near_what_it_has_a_line_to() -> None:
    places = {"a": (125.0, 43.0), "b": (131.0, 45.0)}
    placed = ARRANGEMENTS["map"](Sketch(["a", "b", "c"], [("a", "c")], [], places=places))
    assert math.dist(placed["c"], placed["a"]) < math.dist(placed["c"], placed["b"])
