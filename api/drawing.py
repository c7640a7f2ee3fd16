"""Pictures made on the server: one thing in the middle, what it is related to around it, as plain geometry.

The template ``_drawing.html`` turns a drawing into SVG. Colours are CSS classes, so that dark mode and print work;
shapes differ besides colours; text is wrapped by its measured width, so that no label is clipped.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

MOST_NODES = 25
"""Things in one picture, the one in the middle included."""

SHAPES = {
    "alliance": "M8 0L16 8L8 16L0 8Z",
    "organization": "M8 0A8 8 0 1 1 8 16A8 8 0 1 1 8 0Z",
    "membership": "M0 5A3 3 0 0 1 3 2H13A3 3 0 0 1 16 5V11A3 3 0 0 1 13 14H3A3 3 0 0 1 0 11Z",
    "designation": "M8 0L10.2 5.4L16 5.8L11.6 9.6L13 15.4L8 12.3L3 15.4L4.4 9.6L0 5.8L5.8 5.4Z",
    "programme": "M1 1H15V15H1Z",
    "project": "M4 1H12L16 8L12 15H4L0 8Z",
    "area": "M8 0.5L16 15H0Z",
    "figure": "M0 16V9H4V16ZM6 16V1H10V16ZM12 16V5H16V16Z",
    "claim": "M1 1H15V11H8L4 15.5V11H1Z",
    "source": "M2 0H10L14 4V16H2Z",
    "term": "M8 0A8 8 0 1 1 8 16A8 8 0 1 1 8 0ZM8 4A4 4 0 1 0 8 12A4 4 0 1 0 8 4Z",
    "other": "M5 0H11V5H16V11H11V16H5V11H0V5H5Z",
}
"""Family to outline in a square of 16 by 16."""

OUTLINES = {
    "star": "M9 1L11.3 6.6L17.4 7L12.7 10.9L14.2 16.8L9 13.5L3.8 16.8L5.3 10.9L0.6 7L6.7 6.6Z",
    "dot": "M9 1A8 8 0 1 1 9 17A8 8 0 1 1 9 1Z",
    "square": "M2 2H16V16H2Z",
    "hexagon": "M5 2H13L17 9L13 16H5L1 9Z",
    "diamond": "M9 1L17 9L9 17L1 9Z",
    "triangle": "M9 1L17 16H1Z",
    "triangleDown": "M1 2H17L9 17Z",
    "box": "M2 4H16A1 1 0 0 1 17 5V13A1 1 0 0 1 16 14H2A1 1 0 0 1 1 13V5A1 1 0 0 1 2 4Z",
    "ellipse": "M9 4A8 5 0 1 1 9 14A8 5 0 1 1 9 4Z",
    "round": "M5 3H13A4 4 0 0 1 17 7V11A4 4 0 0 1 13 15H5A4 4 0 0 1 1 11V7A4 4 0 0 1 5 3Z",
}
"""Shape of a kind of thing (``ontology.kinds``) to its outline in a square of 18 by 18."""

_FONT = 14.0
_LINE = 20.0
_PILL = 12.0
_MOST_LINES = 6
_TALL = 12  # things of one group on one side
_ICON = 30.0  # room for the shape in a box
_NOT_FIRST = set("，。、；：？！）》」』”’·…—,.;:?!)]}%")
_NARROW, _WIDE = set("ijltfrI.,;:'|!()[]/· "), set("mwMW@%—")


@dataclass(frozen=True)
class Spoke:
    """One thing around the middle, and the line that leads to it.

    ``source`` is the short text on the line, ``source_href`` where it leads, ``source_title`` the long text;
    ``thing`` is the IRI of what is drawn, empty where it is no thing of the graph's pictures; ``invented_line`` tells
    that the relation is illustrative, as it is wherever one of its ends is.
    """

    label: str
    href: str
    family: str = "other"
    source: str = ""
    source_href: str = ""
    source_title: str = ""
    unsure: bool = False
    illustrative: bool = False
    thing: str = ""
    invented_line: bool = False


@dataclass(frozen=True)
class Group:
    """Things with one relation to the middle; ``more`` are left out and found at ``href``."""

    heading: str
    spokes: tuple[Spoke, ...]
    more: int = 0
    href: str = ""


@dataclass(frozen=True)
class Box:
    """A thing as drawn: its rectangle, lines of text and, at ``line_x``/``line_y``, where its line ends."""

    spoke: Spoke
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[float, float, str], ...]
    shape: str


@dataclass(frozen=True)
class Line:
    """The line to one thing, with the little label that tells its source."""

    spoke: Spoke
    path: str
    pill: tuple[float, float, float] | None
    """Left, top and width of the label; ``None``: there is nothing to say."""


@dataclass(frozen=True)
class Heading:
    """The name of a group."""

    text: str
    href: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class Drawing:
    """A whole picture."""

    width: float
    height: float
    centre: Box
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    headings: tuple[Heading, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """The families that occur, for a legend."""
        return tuple(dict.fromkeys(box.spoke.family for box in (self.centre, *self.boxes)))


def limited(groups: Sequence[Group], most: int = MOST_NODES - 1) -> tuple[Group, ...]:
    """Return groups with at most so many things in all; every group keeps its fair share."""
    shares = [0] * len(groups)
    left = most
    while left and any(share < len(group.spokes) for share, group in zip(shares, groups, strict=True)):
        for index, group in enumerate(groups):
            if left and shares[index] < len(group.spokes):
                shares[index] += 1
                left -= 1
    return tuple(
        replace(group, spokes=group.spokes[:share], more=group.more + len(group.spokes) - share)
        for share, group in zip(shares, groups, strict=True)
        if share
    )


def wide(centre: Spoke, groups: Sequence[Group], width: float = 1120.0) -> Drawing:
    """Return a picture with the groups on both sides of the middle, for screens and paper."""
    side, middle = 304.0, 222.0
    right, left = _balanced([part for group in groups for part in _halves(group)], side)
    heights = [_column_height(column, side) for column in (left, right)]
    box = _box(centre, (width - middle) / 2, 0, middle)
    height = max(*heights, box.height) + 2
    box = _moved(box, (height - box.height) / 2)
    drawn = [
        _column(left, 0.0, side, (height - heights[0]) / 2, box, -1, height),
        _column(right, width - side, side, (height - heights[1]) / 2, box, 1, height),
    ]
    return Drawing(
        width=width,
        height=height,
        centre=box,
        boxes=tuple(one for boxes, _, _ in reversed(drawn) for one in boxes),
        lines=tuple(one for _, lines, _ in reversed(drawn) for one in lines),
        headings=tuple(one for _, _, headings in reversed(drawn) for one in headings),
    )


def narrow(centre: Spoke, groups: Sequence[Group], width: float = 348.0) -> Drawing:
    """Return a picture with everything below the middle, for phones."""
    box = _box(centre, 1, 1, width - 2)
    spine, indent = 12.0, 30.0
    boxes: list[Box] = []
    lines: list[Line] = []
    headings: list[Heading] = []
    y = box.height + 14
    for group in groups:
        headings.append(Heading(_heading_text(group), group.href, indent, y + 14, "start"))
        y += 24
        for spoke in group.spokes:
            one = _box(spoke, indent, y, width - indent - 1, foot=24 if spoke.source else 0)
            path = f"M{spine:g} {box.height + 1:g}V{y + 18:g}H{indent:g}"
            pill_at = (indent + _ICON, y + one.height - 27, text_width(spoke.source, _PILL) + 14)
            boxes.append(one)
            lines.append(Line(spoke, path, pill_at if spoke.source else None))
            y += one.height + 8
        y += 8
    return Drawing(width, y, box, tuple(boxes), tuple(lines), tuple(headings))


def _halves(group: Group) -> tuple[Group, ...]:
    """Return a group that is too tall for one side as two of the same name."""
    if len(group.spokes) <= _TALL:
        return (group,)
    middle = (len(group.spokes) + 1) // 2
    parts = (group.spokes[:middle], group.spokes[middle:])
    return tuple(replace(group, heading=_heading_text(group), spokes=part, more=0) for part in parts)


def _balanced(groups: Sequence[Group], width: float) -> tuple[list[Group], list[Group]]:
    """Split groups so that both sides are about as tall; each side keeps the given order."""
    sides: tuple[set[int], set[int]] = (set(), set())
    heights = [0.0, 0.0]
    for index in sorted(range(len(groups)), key=lambda index: -_column_height([groups[index]], width)):
        shorter = 0 if heights[0] <= heights[1] else 1
        sides[shorter].add(index)
        heights[shorter] += _column_height([groups[index]], width)
    first = 0 if 0 in sides[0] else 1
    right, left = ([groups[index] for index in sorted(side)] for side in (sides[first], sides[1 - first]))
    return right, left


def _column_height(groups: Sequence[Group], width: float) -> float:
    return sum(24 + sum(_height(spoke, width) + 8 for spoke in group.spokes) + 8 for group in groups)


def _column(
    groups: Sequence[Group], x: float, width: float, top: float, centre: Box, side: int, height: float
) -> tuple[list[Box], list[Line], list[Heading]]:
    """Return one side of a wide picture, bent a little around the middle."""
    boxes: list[Box] = []
    lines: list[Line] = []
    headings: list[Heading] = []
    y = top
    for group in groups:
        bent = side * _bend(y + 12, height)
        anchor, at = ("end", x + width - bent) if side < 0 else ("start", x - bent)
        headings.append(Heading(_heading_text(group), group.href, at, y + 15, anchor))
        y += 24
        for spoke in group.spokes:
            tall = _height(spoke, width)
            box = _box(spoke, x - side * _bend(y + tall / 2, height), y, width)
            boxes.append(box)
            lines.append(_line(spoke, box, centre, side))
            y += tall + 8
        y += 8
    return boxes, lines, headings


def _bend(y: float, height: float) -> float:
    """Return how far a row is moved inwards: not at all at half height, most at top and bottom."""
    away = (y - height / 2) / (height / 2)
    return 26.0 * (1 - math.sqrt(max(0.0, 1 - away * away)))


def _line(spoke: Spoke, box: Box, centre: Box, side: int) -> Line:
    """Return a line that bends before the label on it, so that labels keep clear of other lines."""
    inner = box.x if side > 0 else box.x + box.width
    start = centre.x + centre.width if side > 0 else centre.x
    y, middle = box.y + box.height / 2, centre.y + centre.height / 2
    width = text_width(spoke.source, _PILL) + 14 if spoke.source else 0.0
    bent = inner - side * (width + 8)
    half = (bent - start) * 0.6
    path = f"M{start:g} {middle:g}C{start + half:g} {middle:g} {bent - half:g} {y:g} {bent:g} {y:g}H{inner:g}"
    left = bent if side > 0 else inner + 8
    return Line(spoke, path, (left, y - 12, width) if spoke.source else None)


def _box(spoke: Spoke, x: float, y: float, width: float, foot: float = 0) -> Box:
    lines = wrapped(spoke.label, width - _ICON - 12)
    texts = tuple((x + _ICON, y + 8 + _LINE * index + 14, line) for index, line in enumerate(lines))
    return Box(
        spoke, x, y, width, _height(spoke, width) + foot, texts, SHAPES.get(spoke.family, SHAPES["other"])
    )


def _moved(box: Box, down: float) -> Box:
    return replace(box, y=box.y + down, lines=tuple((x, y + down, text) for x, y, text in box.lines))


def _height(spoke: Spoke, width: float) -> float:
    return 16 + _LINE * len(wrapped(spoke.label, width - _ICON - 12))


def _heading_text(group: Group) -> str:
    shown = len(group.spokes)
    return f"{group.heading} {shown}/{shown + group.more}" if group.more else group.heading


def wrapped(text: str, width: float, size: float = _FONT) -> list[str]:
    """Return text in lines that fit a width, broken at the best places.

    Parts between dots stay whole where they fit; Chinese breaks anywhere but before punctuation, Latin between words.
    """
    lines = [""]
    for part in re.findall(r".+?(?: · |：|: |$)", " ".join(text.split())):
        whole = [part] if text_width(part.rstrip(), size) <= width else _pieces(part, width, size)
        for piece in whole:
            if lines[-1] and text_width(lines[-1] + piece.rstrip(), size) > width:
                lines.append("")
            lines[-1] += piece if lines[-1] else piece.lstrip()
    lines = [line.rstrip() for line in lines]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], _shortened(lines[_MOST_LINES - 1], width, size)]
    return lines


def text_width(text: str, size: float = _FONT) -> float:
    """Return how wide text will be at most, whatever the font: better a little room than a clipped label."""
    return sum(map(_em, text)) * size


def _em(sign: str) -> float:
    if ord(sign) > 0x2E7F or sign in "“”‘’…—·":
        return 1.02
    if sign in _NARROW:
        return 0.38
    if sign in _WIDE:
        return 0.98
    return 0.74 if sign.isupper() else 0.61


def _pieces(text: str, width: float, size: float) -> Iterator[str]:
    """Yield the parts of a text between which a line may break."""
    found = re.findall(r"[\u2e80-\U0003ffff]|\s|[^\s\u2e80-\U0003ffff]+", text)
    piece = ""
    for part in found:
        if (
            piece
            and part[0] not in _NOT_FIRST
            and (piece[-1] == " " or _is_cjk(piece[-1]) or _is_cjk(part[0]))
        ):
            yield from _broken(piece, width, size)
            piece = ""
        piece += part
    yield from _broken(piece, width, size)


def _broken(piece: str, width: float, size: float) -> Iterator[str]:
    """Yield a piece that is too long for a line in parts that are not."""
    while text_width(piece, size) > width:
        cut = max(1, next(n for n in range(1, len(piece) + 1) if text_width(piece[:n], size) > width) - 1)
        yield piece[:cut]
        piece = piece[cut:]
    yield piece


def _shortened(line: str, width: float, size: float) -> str:
    while line and text_width(f"{line}…", size) > width:
        line = line[:-1]
    return f"{line}…"


def _is_cjk(sign: str) -> bool:
    return ord(sign) > 0x2E7F
