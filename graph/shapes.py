"""Reading SHACL shapes, and compiling them to checks. With ``Shape`` in between, only this module knows rdflib.

What a shape asks for is either compiled or refused by name when it is read; nothing is passed over in silence.
Sentences (``sh:message``, ``ma:remedy``) belong to the node or property shape on which they stand, as in SHACL: a
property shape does not inherit them from its node shape.

``ma:reach``, on a ``sh:sparql`` constraint or its shape, is a property path in the prefixes of ``sh:prefixes``. It
leads from a changed node to nodes whose answer may change with it. Several may be given; an empty text says that
only a node's own triples matter. Without any, every neighbour of a changed node is looked at again, which is costly
near a node that thousands refer to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyparsing import ParseException
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.term import Node

from graph.findings import Check, Severity
from graph.quads import Term, iri, literal
from graph.shape_model import (
    Choice,
    Constraint,
    Path,
    Question,
    Repeat,
    Shape,
    ShapeFault,
    Step,
    Targets,
    Texts,
    UnsupportedShape,
    chain,
    inverse,
    local_name,
)
from graph.shape_queries import Writer
from graph.shape_sparql import tokenised, undeclared_prefixes
from graph.shape_values import NODE_KINDS

REMEDY = URIRef("https://w3id.org/medalliance/ontology#remedy")
REACH = URIRef("https://w3id.org/medalliance/ontology#reach")
BASE = "urn:x-medalliance:shapes/"
"""What relative IRIs in a document of shapes are read against."""

_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
_IRIS = ("class", "equals", "disjoint", "lessThan", "lessThanOrEquals", "datatype", "nodeKind")
_BOUNDS = ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")
_LISTS = ("in", "languageIn")
_NUMBERS = ("minCount", "maxCount", "minLength", "maxLength")
_LOGIC = ("node", "not", "and", "or", "xone")
_SINGLE = (*_BOUNDS, *_LISTS, *_NUMBERS, "datatype", "nodeKind", "uniqueLang", "closed", "severity", "path")
_PROPERTY_ONLY = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape")
_KNOWN = frozenset(
    (
        *(*_IRIS, *_BOUNDS, *_LISTS, *_NUMBERS, *_LOGIC, *_SINGLE, *_PROPERTY_ONLY),
        *("hasValue", "pattern", "flags", "ignoredProperties", "property", "sparql"),
        *("qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"),
        *("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode"),
        *("message", "deactivated", "name", "description", "order", "group", "defaultValue"),
        # a shape may at the same time be its own sh:sparql constraint and set of prefixes
        *("select", "prefixes", "declare"),
    )
)
_SEVERITIES: dict[Node, Severity] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
_REPEATS: dict[Node, str] = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
_BEYOND_PLAIN_PATTERNS = re.compile(r"\(\?[=!<]|\\[1-9]")


def compiled_checks(
    turtle_documents: Iterable[bytes], *, types_from_any_graph: bool = True
) -> tuple[Check, ...]:
    """Return the checks that the shapes of some Turtle documents ask for, ordered by shape.

    Args:
        turtle_documents: the shapes; they may refer to each other.
        types_from_any_graph: see ``graph.shape_queries.Writer``.

    Raises:
        UnsupportedShape: a shape asks for something that is not compiled.
        ShapeFault: a shape is not well-formed.
    """
    writer = Writer(types_from_any_graph)
    checks = (check for shape in read_shapes(turtle_documents) for check in writer.checks(shape))
    return tuple(_with_names_of_their_own(checks))


def read_shapes(turtle_documents: Iterable[bytes]) -> tuple[Shape, ...]:
    """Return the shapes that aim at something, each with all that it refers to."""
    graph = Graph(bind_namespaces="none")
    for document in turtle_documents:
        graph.parse(data=document, format="turtle", publicID=BASE)
    _refuse_extensions(graph)
    reader = _Reader(graph)
    return tuple(replace(reader.shape(node), targets=reader.targets(node)) for node in reader.roots())


def _refuse_extensions(graph: Graph) -> None:
    for name in ("parameter", "validator", "nodeValidator", "propertyValidator", "entailment"):
        for extension in graph.subjects(SH[name], None):
            raise UnsupportedShape(str(extension), f"sh:{name}")


def _with_names_of_their_own(checks: Iterable[Check]) -> Iterator[Check]:
    taken: dict[str, int] = {}
    for check in checks:
        number = taken[check.name] = taken.get(check.name, 0) + 1
        yield check if number == 1 else replace(check, name=f"{check.name}-{number}")


class _Reader:
    """Reads the shapes of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def roots(self) -> list[Node]:
        """Return the shapes that aim at something, ordered by name."""
        aiming = {node for target in _TARGETS for node in self.graph.subjects(target, None)}
        kinds = (SH.NodeShape, SH.PropertyShape)
        shapes = {node for kind in kinds for node in self.graph.subjects(RDF.type, kind)}
        roots = aiming | {node for node in shapes if self._is_class(node)}
        return sorted(roots, key=str)

    def targets(self, node: Node) -> Targets:
        """Return what a shape aims at."""
        itself = (_term(node, node),) if self._is_class(node) else ()
        return Targets(
            classes=(*self._terms(node, "targetClass"), *itself),
            subjects_of=self._terms(node, "targetSubjectsOf"),
            objects_of=self._terms(node, "targetObjectsOf"),
            nodes=self._terms(node, "targetNode"),
        )

    def shape(self, node: Node, above: tuple[Node, ...] = ()) -> Shape:
        """Return a shape with the shapes below it; ``above`` are those that it is read for."""
        if node in above:
            raise UnsupportedShape(str(node), "a shape that refers to itself")
        above = (*above, node)
        self._refuse_unknown(node)
        way = self._single(node, "path")
        if way is None:
            self._refuse_property_parameters(node)
        return Shape(
            name=str(node) if isinstance(node, URIRef) else "",
            path=None if way is None else self._path(node, way),
            constraints=tuple(self._constraints(node, above)),
            properties=tuple(self._property_shapes(node, above)),
            questions=tuple(self._questions(node)),
            severity=self._severity(node),
            message=self._texts(node, SH.message),
            remedy=self._texts(node, REMEDY),
            deactivated=self._flag(node, "deactivated"),
        )

    def _constraints(self, node: Node, above: tuple[Node, ...]) -> Iterator[Constraint]:
        yield from self._term_constraints(node)
        yield from self._number_constraints(node)
        yield from self._list_constraints(node)
        yield from self._pattern_constraints(node)
        yield from self._logic_constraints(node, above)
        yield from self._qualified_constraints(node, above)
        if self._flag(node, "uniqueLang"):
            yield Constraint("UniqueLang")
        if self._flag(node, "closed"):
            yield Constraint("Closed", self._allowed_properties(node))

    def _term_constraints(self, node: Node) -> Iterator[Constraint]:
        for name in (*_IRIS, *_BOUNDS, "hasValue"):
            for value in self.graph.objects(node, SH[name]):
                if name in _IRIS and not isinstance(value, URIRef):
                    raise ShapeFault(str(node), f"sh:{name} needs an IRI")
                if name == "nodeKind" and local_name(str(value)) not in NODE_KINDS:
                    raise ShapeFault(str(node), f"sh:nodeKind knows no {value}")
                yield Constraint(_component(name), (_term(node, value),))

    def _number_constraints(self, node: Node) -> Iterator[Constraint]:
        for name in _NUMBERS:
            limit = self._number(node, name)
            if limit is not None and (name, limit) != ("minCount", 0):
                yield Constraint(_component(name), limit=limit)

    def _list_constraints(self, node: Node) -> Iterator[Constraint]:
        for name in _LISTS:
            for head in self.graph.objects(node, SH[name]):
                members = tuple(_term(node, member) for member in self._members(node, head))
                yield Constraint(_component(name), members)

    def _pattern_constraints(self, node: Node) -> Iterator[Constraint]:
        flags = self._terms(node, "flags")
        for pattern in self.graph.objects(node, SH.pattern):
            if _BEYOND_PLAIN_PATTERNS.search(str(pattern)):
                raise UnsupportedShape(str(node), f"looking around or back in sh:pattern {pattern}")
            yield Constraint("Pattern", (_term(node, pattern), *flags))

    def _logic_constraints(self, node: Node, above: tuple[Node, ...]) -> Iterator[Constraint]:
        for name in _LOGIC:
            for value in self.graph.objects(node, SH[name]):
                members = [value] if name in ("node", "not") else self._members(node, value)
                shapes = tuple(self.shape(member, above) for member in members)
                yield Constraint(_component(name), shapes=shapes)

    def _qualified_constraints(self, node: Node, above: tuple[Node, ...]) -> Iterator[Constraint]:
        siblings = self._siblings(node) if self._flag(node, "qualifiedValueShapesDisjoint") else ()
        for value in self.graph.objects(node, SH.qualifiedValueShape):
            shapes = (self.shape(value, above),)
            others = tuple(self.shape(other, above) for other in siblings if other != value)
            for name in ("qualifiedMinCount", "qualifiedMaxCount"):
                limit = self._number(node, name)
                if limit is not None and (name, limit) != ("qualifiedMinCount", 0):
                    yield Constraint(_component(name), shapes=shapes, siblings=others, limit=limit)

    def _siblings(self, node: Node) -> tuple[Node, ...]:
        """Return the qualified shapes of all property shapes beside this one."""
        beside = (
            p for parent in self.graph.subjects(SH.property, node) for p in self._of(parent, "property")
        )
        return tuple(dict.fromkeys(value for p in beside for value in self._of(p, "qualifiedValueShape")))

    def _property_shapes(self, node: Node, above: tuple[Node, ...]) -> Iterator[Shape]:
        for value in self.graph.objects(node, SH.property):
            shape = self.shape(value, above)
            if shape.path is None:
                raise ShapeFault(str(node), "sh:property needs a shape with sh:path")
            yield shape

    def _allowed_properties(self, node: Node) -> tuple[Term, ...]:
        paths = [path for value in self._of(node, "property") for path in self._of(value, "path")]
        for head in self.graph.objects(node, SH.ignoredProperties):
            paths += self._members(node, head)
        return tuple(dict.fromkeys(_term(node, path) for path in paths if isinstance(path, URIRef)))

    def _questions(self, node: Node) -> Iterator[Question]:
        for value in self.graph.objects(node, SH.sparql):
            if self._flag(value, "deactivated"):
                continue
            self._refuse_unknown(value)
            prefixes = self._prefixes(value)
            select = self._single(value, "select")
            if select is None:
                raise UnsupportedShape(str(node), "sh:sparql without sh:select")
            text = "".join(f"PREFIX {name}: <{space}>\n" for name, space in prefixes.items()) + str(select)
            _refuse_malformed(text, node)
            yield Question(
                select=text,
                message=self._texts(value, SH.message),
                remedy=self._texts(value, REMEDY),
                reach=self._reach((value, node), prefixes),
            )

    def _prefixes(self, node: Node) -> dict[str, str]:
        graph, found = self.graph, {}
        for holder in graph.objects(node, SH.prefixes):
            for ontology in graph.transitive_objects(holder, OWL.imports):
                for declared in graph.objects(ontology, SH.declare):
                    found[str(graph.value(declared, SH.prefix))] = str(graph.value(declared, SH.namespace))
        return found

    def _reach(self, nodes: Iterable[Node], prefixes: dict[str, str]) -> tuple[str, ...] | None:
        stated = [(node, str(value)) for node in nodes for value in self.graph.objects(node, REACH)]
        paths = tuple(_full_path(path, prefixes, node) for node, path in stated if path.strip())
        return paths if stated else None

    def _path(self, shape: Node, node: Node) -> Path:
        if isinstance(node, URIRef):
            return Step(_term(shape, node)[1:-1])
        if (node, RDF.first, None) in self.graph:
            return chain(*self._paths(shape, node))
        match [(p, o) for p, o in self.graph.predicate_objects(node) if p != RDF.type]:
            case [(SH.inversePath, inner)]:
                return inverse(self._path(shape, inner))
            case [(SH.alternativePath, options)]:
                return Choice(self._paths(shape, options))
            case [(kind, inner)] if kind in _REPEATS:
                return Repeat(self._path(shape, inner), _REPEATS[kind])
        raise ShapeFault(str(shape), "sh:path is not a property path")

    def _paths(self, shape: Node, head: Node) -> tuple[Path, ...]:
        paths = tuple(self._path(shape, member) for member in self._members(shape, head))
        if len(paths) < 2:
            raise ShapeFault(str(shape), "a sequence or choice of paths needs at least two")
        return paths

    def _severity(self, node: Node) -> Severity:
        value = self._single(node, "severity") or SH.Violation
        if value not in _SEVERITIES:
            raise UnsupportedShape(str(node), f"sh:severity {value}")
        return _SEVERITIES[value]

    def _texts(self, node: Node, predicate: URIRef) -> Texts:
        texts = [value for value in self.graph.objects(node, predicate) if isinstance(value, Literal)]
        return {(text.language or "").split("-")[0]: str(text) for text in texts}

    def _refuse_unknown(self, node: Node) -> None:
        for predicate in self.graph.predicates(node, None):
            if str(predicate).startswith(str(SH)) and local_name(str(predicate)) not in _KNOWN:
                raise UnsupportedShape(str(node), f"sh:{local_name(str(predicate))}")
        for name in _SINGLE:
            self._single(node, name)

    def _refuse_property_parameters(self, node: Node) -> None:
        for name in _PROPERTY_ONLY:
            if (node, SH[name], None) in self.graph:
                raise ShapeFault(str(node), f"sh:{name} needs sh:path")

    def _is_class(self, node: Node) -> bool:
        is_shape = any((node, RDF.type, kind) in self.graph for kind in (SH.NodeShape, SH.PropertyShape))
        return is_shape and any((node, RDF.type, kind) in self.graph for kind in (RDFS.Class, OWL.Class))

    def _of(self, node: Node, name: str) -> list[Node]:
        return list(self.graph.objects(node, SH[name]))

    def _single(self, node: Node, name: str) -> Node | None:
        values = self._of(node, name)
        if len(values) > 1:
            raise ShapeFault(str(node), f"more than one sh:{name}")
        return values[0] if values else None

    def _number(self, node: Node, name: str) -> int | None:
        value = self._single(node, name)
        if value is None:
            return None
        if not (isinstance(value, Literal) and isinstance(value.value, int) and value.value >= 0):
            raise ShapeFault(str(node), f"sh:{name} needs a whole number, not {value}")
        return int(value.value)

    def _flag(self, node: Node, name: str) -> bool:
        return any(isinstance(value, Literal) and value.value is True for value in self._of(node, name))

    def _terms(self, node: Node, name: str) -> tuple[Term, ...]:
        return tuple(_term(node, value) for value in self._of(node, name))

    def _members(self, node: Node, head: Node) -> list[Node]:
        if head != RDF.nil and (head, RDF.first, None) not in self.graph:
            raise ShapeFault(str(node), "a list was expected")
        try:
            return list(Collection(self.graph, head))
        except ValueError as fault:
            raise ShapeFault(str(node), "a list that does not end") from fault


def _component(name: str) -> str:
    return name[0].upper() + name[1:]


def _term(shape: Node, node: Node) -> Term:
    if isinstance(node, URIRef):
        return iri(str(node))
    if isinstance(node, BNode) or not isinstance(node, Literal):
        raise UnsupportedShape(str(shape), "a blank node as a value: no query can name it")
    return literal(str(node), language=node.language or "", datatype=str(node.datatype or ""))


def _refuse_malformed(query: str, shape: Node) -> None:
    try:
        parseQuery(query)
    except ParseException as fault:
        raise ShapeFault(str(shape), f"sh:sparql or ma:reach cannot be parsed: {fault}") from fault
    for prefix in sorted(undeclared_prefixes(query)):
        raise ShapeFault(str(shape), f"sh:sparql or ma:reach uses the unknown prefix {prefix}:")


def _full_path(path: str, prefixes: dict[str, str], shape: Node) -> str:
    """Return a path with full IRIs in place of prefixed names."""
    lines = "".join(f"PREFIX {name}: <{space}>\n" for name, space in prefixes.items())
    _refuse_malformed(f"{lines}ASK {{ ?from {path} ?this }}", shape)
    written = []
    for token in tokenised(path):
        name, _, rest = token.text.partition(":")
        written.append(iri(prefixes[name] + rest) if token.kind == "name" else token.text)
    return "".join(written)
