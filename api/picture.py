"""The picture of a neighbourhood as one file: it opens offline, can be mailed, and runs nothing but its own script.

pyvis makes the network and brings the script that draws it; the page around it is ours, escaped, and holds the
same content as tables. A policy inside the file allows exactly the scripts and styles that it carries.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from api.drawing import OUTLINES
from api.i18n import TAGS, Translator, translator
from api.templating import TEMPLATES, environment
from graph.edges import DescribedEdge
from graph.layout import Position
from graph.nodes import in_language
from graph.projection import Neighbourhood, Node, RelationCount
from graph.provenance import Provenance, Source
from ontology.display import Labels
from ontology.kinds import Kinds, kinds

MOST_NAMED_EDGES = 25
"""Lines carry their names only in pictures with so few of them: more would hide each other."""

DASHED, DOTTED = (8, 5), (2, 4)
_VIS_SHAPES = {"round": "box"}  # its boxes are round already
_LINE_CELLS, _MOST_LINES = 16, 3  # a name in the picture: half-width cells in a line, and lines
_EDGE_CELLS = 24
_NODE_SIZE, _CENTRE_SIZE = 12, 18
_BEND = 0.24
_FONT = {
    "face": "system-ui, Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, PingFang SC, sans-serif",
    "size": 14,
}
_OPTIONS = {
    "physics": {"enabled": False},
    "interaction": {"hover": True, "tooltipDelay": 150, "selectConnectedEdges": True},
    "nodes": {"font": _FONT, "labelHighlightBold": False, "borderWidth": 1},
    "edges": {
        "font": {**_FONT, "size": 12, "strokeWidth": 0},
        "labelHighlightBold": False,
        "width": 1.5,
    },
}

Value = str | int | float | bool | Mapping[str, "Value"] | Sequence["Value"]
"""What the drawing script reads of a node or line."""


@dataclass(frozen=True)
class Picture:
    """A page in one file, and the CSP hashes (``sha256-…``) of the scripts and styles that it carries."""

    html: str
    script_hashes: tuple[str, ...]
    style_hashes: tuple[str, ...]

    @property
    def policy(self) -> str:
        """The Content-Security-Policy under which the page works and nothing else does."""
        return _policy(self.script_hashes, self.style_hashes)


@dataclass(frozen=True)
class _Row:
    """One relation in words, for the table and for the text at its line."""

    start: str
    name: str
    end: str
    period: str
    basis: str
    note: str
    sources: tuple[str, ...]
    illustrative: bool
    interpreted: bool

    def lines(self) -> str:
        """Return the relation as the lines of a tooltip."""
        dated = " · ".join(part for part in (self.period, self.basis) if part)
        return "\n".join((f"{self.start} → {self.end}", self.name, dated, *self.sources))


@dataclass(frozen=True)
class _Line:
    """A kind of line in the legend."""

    label: str
    colour: str
    dashes: str = ""


@dataclass(frozen=True)
class _Words:
    """The words of a picture in one language."""

    translator: Translator
    said: Mapping[str, str]
    table: Kinds

    @property
    def language(self) -> str:
        return self.translator.language

    def label(self, labels: Labels) -> str:
        return in_language(labels, self.language)

    def text(self, key: str, **values: object) -> str:
        return self.said[key].format(**values)

    def node(self, node: Node) -> str:
        return self.label(node.labels) or node.iri

    def row(self, described: DescribedEdge, names: Mapping[str, str]) -> _Row:
        known = described.provenance
        return _Row(
            start=names[described.edge.from_iri],
            name=self.relation(described),
            end=names[described.edge.to_iri],
            period=self.period(known),
            basis=self.label(known.basis.labels) if known.basis else self.said["unknown"],
            note=self.label(known.notes) if known.notes else "",
            sources=tuple(dict.fromkeys(self.source(source) for source in known.sources)),
            illustrative=known.illustrative,
            interpreted=bool(known.basis and known.basis.iri.endswith("/interpreted")),
        )

    def relation(self, described: DescribedEdge, most: int | None = None) -> str:
        """Return the name of a relation with its qualifiers, or so many of them."""
        name = self.label(described.labels)
        qualifiers = [self.label(one.labels) for one in described.qualifiers[:most]]
        if not qualifiers:
            return name
        return name + self.said["opening"] + self.said["separator"].join(qualifiers) + self.said["closing"]

    def period(self, known: Provenance) -> str:
        stated = known.period
        said = [
            self.text(key, **{name: self.translator.date(value)})
            for key, name, value in (("since", "start", stated.start), ("until", "end", stated.end))
            if value
        ]
        return self.said["separator"].join(said) or self.said["unknown"]

    def source(self, source: Source) -> str:
        document = self.label(source.document.labels)
        if source.sentence is None:
            return document
        return document + self.said["separator"] + self.text("sentence", number=source.sentence)

    def left_out(self, counted: RelationCount, labels: Mapping[str, tuple[Labels, Labels]]) -> str:
        along, against = labels.get(counted.relation) or self._of_kind(counted.relation)
        name = self.label(along if counted.direction == "out" else against)
        if along == against and counted.direction == "in":
            name = self.text("incoming", relation=name)
        return self.text("left_out_item", relation=name, count=self.translator.number(counted.count))

    def _of_kind(self, relation: str) -> tuple[Labels, Labels]:
        kind = self.table.relation_of(relation)
        return kind.labels, kind.inverse


def picture(
    neighbourhood: Neighbourhood,
    edges: Sequence[DescribedEdge],
    positions: Mapping[str, Position],
    language: str,
    *,
    drawn_on: date,
    relations: Mapping[str, tuple[Labels, Labels]] | None = None,
    address: str = "",
) -> Picture:
    """Return the picture of a neighbourhood as one page that needs nothing but a browser.

    Args:
        neighbourhood: what to show.
        edges: its edges with names and sources.
        positions: where each node stands.
        language: ``zh`` or ``en``.
        drawn_on: the date below the picture.
        relations: names, along the arrow and against it, of the relations that were left out.
        address: where the picture can be had again, shown as text.
    """
    words = _Words(translator(language), _texts()[language], kinds())
    names = {node.iri: words.node(node) for node in neighbourhood.nodes}
    rows = [words.row(described, names) for described in edges]
    library, script, style = _library(), _file("picture.js"), _file("picture.css")
    hashes = (_hash(library), _hash(script)), (_hash(style),)
    html = (
        environment()
        .get_template("picture.html")
        .render(
            **_about(neighbourhood, rows, words, drawn_on),
            kinds=_kinds_in(neighbourhood, words.table),
            lines=_lines_in(edges, rows, words),
            left_out=[words.left_out(counted, relations or {}) for counted in neighbourhood.left_out],
            edges=rows,
            nodes=list(_node_rows(neighbourhood, words)),
            sources=_documents(edges, words),
            outlines=OUTLINES,
            address=address,
            policy=_policy(*hashes),
            data=_embedded(_network(neighbourhood, edges, rows, positions, words)),
            library=library,
            script=script,
            style=style,
        )
    )
    return Picture(html, *hashes)


def _about(
    neighbourhood: Neighbourhood, rows: Sequence[_Row], words: _Words, drawn_on: date
) -> Mapping[str, object]:
    """Return what the page says of itself."""
    name, number = words.node(neighbourhood.centre), words.translator.number
    return {
        "tag": TAGS[words.language],
        "language": words.language,
        "words": words.said,
        "title": words.text("title", name=name),
        "described": words.text("picture", name=name),
        "caption": words.text(
            "caption",
            name=name,
            hops=neighbourhood.hops,
            nodes=number(len(neighbourhood.nodes)),
            edges=number(len(neighbourhood.edges)),
        ),
        "drawn": words.text(
            "drawn", date=words.translator.date(drawn_on.isoformat()), version=neighbourhood.version
        ),
        "illustrative": any(node.illustrative for node in neighbourhood.nodes)
        or any(row.illustrative for row in rows),
    }


def _network(
    neighbourhood: Neighbourhood,
    edges: Sequence[DescribedEdge],
    rows: Sequence[_Row],
    positions: Mapping[str, Position],
    words: _Words,
) -> Mapping[str, object]:
    """Return nodes, lines and options as the drawing script reads them."""
    from pyvis.network import Network  # it imports all of IPython: only whoever draws shall pay for that

    network = Network(directed=True, cdn_resources="in_line")
    network.options = _OPTIONS
    undrawn = _undrawn(neighbourhood)
    places = {name: (round(x), round(y)) for name, (x, y) in positions.items()}
    for number, node in enumerate(neighbourhood.nodes):
        network.add_node(number, **_drawn_node(node, places[node.iri], undrawn[node.iri], words))
    numbers = {node.iri: number for number, node in enumerate(neighbourhood.nodes)}
    for described, row, bend in zip(edges, rows, _bends(edges), strict=True):
        edge = described.edge
        line = dict(_drawn_line(row, words.table.relation_of(edge.relation).colour, bend))
        if len(edges) <= MOST_NAMED_EDGES:
            is_level = places[edge.from_iri][1] == places[edge.to_iri][1]
            line |= _named_line(words.relation(described, 1), is_level)
        network.add_edge(numbers[edge.from_iri], numbers[edge.to_iri], **line)
    nodes, lines, _, _, _, options = network.get_network_data()
    return {"nodes": nodes, "edges": lines, "options": json.loads(options)}


def _drawn_node(node: Node, place: tuple[int, int], undrawn: int, words: _Words) -> Mapping[str, Value]:
    kind = words.table.node(node.kind)
    name = words.node(node)
    marked = f"{name} [{words.said['illustrative_mark']}]" if node.illustrative else name
    title = [marked, words.label(kind.labels)]
    if undrawn:
        title.append(words.text("undrawn", number=words.translator.number(undrawn)))
    drawn: dict[str, Value] = {
        "label": wrapped(marked),
        "title": "\n".join(title),
        "shape": _VIS_SHAPES.get(kind.shape, kind.shape),
        "color": kind.colour,
        "size": _NODE_SIZE if node.distance else _CENTRE_SIZE,
        "x": place[0],
        "y": place[1],
    }
    if kind.shape in ("box", "ellipse", "round"):  # the name stands on the colour
        drawn["font"] = {"color": "#ffffff", "background": "none"}
    return drawn


def _drawn_line(row: _Row, colour: str, bend: float) -> Mapping[str, Value]:
    dashes = DASHED if row.illustrative else DOTTED if row.interpreted else ()
    curve: Value = {"enabled": True, "type": "curvedCW" if bend > 0 else "curvedCCW", "roundness": abs(bend)}
    return {
        "title": row.lines(),
        "color": {"color": colour, "highlight": colour, "hover": colour},
        "dashes": list(dashes) or False,
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.3}},
        "smooth": curve if bend else False,
    }


def _named_line(name: str, is_level: bool) -> Mapping[str, Value]:
    """Return what adds its name to a line: along it, but for level lines, whose names vis would misplace."""
    return {
        "label": name if _cells(name) <= _EDGE_CELLS else wrapped(name),
        "font": {"align": "horizontal" if is_level else "middle"},
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.6}},
    }


def _bends(edges: Sequence[DescribedEdge]) -> Iterator[float]:
    """Yield how much each line is bent, and to which side, so that those between the same two things lie apart."""
    pairs = [tuple(sorted((one.edge.from_iri, one.edge.to_iri))) for one in edges]
    total, seen = Counter(pairs), Counter[tuple[str, ...]]()
    for one, pair in zip(edges, pairs, strict=True):
        side = seen[pair] - (total[pair] - 1) / 2
        seen[pair] += 1
        yield _BEND * side * (1 if one.edge.from_iri == pair[0] else -1)


def _undrawn(neighbourhood: Neighbourhood) -> Mapping[str, int]:
    """Return how many edges of each node lead out of the picture."""
    left = {node.iri: node.degree for node in neighbourhood.nodes}
    for edge in neighbourhood.edges:
        left[edge.from_iri] -= 1
        left[edge.to_iri] -= 1
    return left


def wrapped(name: str) -> str:
    """Return a name in at most three lines of like length that fit below a node; the rest becomes an ellipsis."""
    parts = list(_words_of(" ".join(name.split())))
    lines = _filled(parts, _LINE_CELLS)
    if len(lines) > _MOST_LINES:
        return "\n".join([*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1] + "…"])
    widths = range(1, _LINE_CELLS + 1)
    return "\n".join(next(even for width in widths if len(even := _filled(parts, width)) == len(lines)))


def _filled(parts: Iterable[str], width: int) -> list[str]:
    """Return lines with as many parts as fit in so many cells; a longer part has a line of its own."""
    lines = [""]
    for part in parts:
        if lines[-1] and _cells((lines[-1] + part).rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return [line.rstrip() for line in lines]


def _words_of(text: str) -> Iterator[str]:
    """Yield the parts between which a line may break: Chinese characters, Latin words, pieces of long ones."""
    word = ""
    for character in text:
        wide = _cells(character) == 2
        if word and (wide or word.endswith(" ") or _cells(word) >= _LINE_CELLS):
            yield word
            word = ""
        word += character
        if wide:
            yield word
            word = ""
    if word:
        yield word


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _kinds_in(neighbourhood: Neighbourhood, table: Kinds) -> list[object]:
    present = {node.kind for node in neighbourhood.nodes}
    return [kind for kind in table.nodes if kind.name in present]


def _lines_in(edges: Sequence[DescribedEdge], rows: Sequence[_Row], words: _Words) -> list[_Line]:
    """Return the legend of lines: the relations of each colour, and what dashes and dots mean."""
    labels: dict[str, dict[str, None]] = {}
    for one in edges:
        colour = words.table.relation_of(one.edge.relation).colour
        labels.setdefault(colour, {})[words.label(one.labels)] = None
    lines = [_Line(words.said["listing"].join(names), colour) for colour, names in labels.items()]
    plain = words.table.relation("other").colour
    if any(row.illustrative for row in rows):
        lines.append(_Line(words.said["line_illustrative"], plain, " ".join(map(str, DASHED))))
    dotted = next((row.basis for row in rows if row.interpreted and not row.illustrative), "")
    if dotted:
        lines.append(_Line(words.text("line_interpreted", basis=dotted), plain, " ".join(map(str, DOTTED))))
    return lines


def _node_rows(neighbourhood: Neighbourhood, words: _Words) -> Iterator[Mapping[str, object]]:
    for node in neighbourhood.nodes:
        kind = words.label(words.table.node(node.kind).labels)
        yield {
            "name": words.node(node),
            "kind": kind,
            "distance": node.distance,
            "iri": node.iri,
            "illustrative": node.illustrative,
        }


def _documents(edges: Iterable[DescribedEdge], words: _Words) -> list[Mapping[str, str]]:
    found = {source.document.iri: source.document for one in edges for source in one.provenance.sources}
    return [{"iri": iri, "label": words.label(found[iri].labels)} for iri in sorted(found)]


def _embedded(data: Mapping[str, object]) -> str:
    """Return data as JSON that no HTML parser takes for anything but text."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@cache
def _library() -> str:
    """Return the drawing script that pyvis ships, ready to stand inside a page."""
    import pyvis

    folder = Path(pyvis.__file__).parent / "lib"
    newest = max(folder.glob("vis-*/vis-network.min.js"), key=lambda file: _version(file.parent.name))
    script = _lines_as_parsed(newest.read_text(encoding="utf-8"))
    if "</script" in script.lower() or "<!--" in script:
        raise ValueError(f"{newest.name} cannot stand inside a page")
    return "\n".join(line for line in script.split("\n") if not line.startswith("//# sourceMappingURL="))


def _version(folder: str) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.removeprefix("vis-").split("."))


@cache
def _file(name: str) -> str:
    return _lines_as_parsed((TEMPLATES / name).read_text(encoding="utf-8"))


def _lines_as_parsed(text: str) -> str:
    """Return text with the line ends that an HTML parser makes of any: hashes are of what it sees."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((TEMPLATES / "picture.toml").read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    quoted = {
        name: " ".join(f"'{one}'" for one in hashes)
        for name, hashes in (("script", scripts), ("style", styles))
    }
    return (
        f"default-src 'none'; script-src {quoted['script']}; style-src {quoted['style']}; "
        "base-uri 'none'; form-action 'none'"
    )
