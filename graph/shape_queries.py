"""Writing the constraints of a shape as SPARQL: one set-based query each, and what its answer depends on.

A constraint becomes a *fault pattern*, which matches a node exactly when the node breaks the constraint. On top it is
joined with the nodes aimed at, for all of them at once. Inside ``sh:node``, ``sh:or`` and the like a value conforms
when no fault pattern matches it; the engine then looks at that value's own triples only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.findings import Check
from graph.focus import FOCUS
from graph.quads import Term
from graph.shape_model import (
    ITSELF,
    Constraint,
    Path,
    Question,
    Repeat,
    Shape,
    Step,
    Targets,
    UnsupportedShape,
    chain,
    edge_starts,
    inverse,
    is_open,
    local_name,
    path_name,
    path_text,
)
from graph.shape_sparql import question_query
from graph.shape_texts import completed, fault_texts, remedy_texts
from graph.shape_values import any_of, every, exactly_one, is_one_of, pair_fault, value_test

TYPE = Step("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SUBCLASSES = Repeat(Step("http://www.w3.org/2000/01/rdf-schema#subClassOf"), "*")
ANY_NEIGHBOUR = "!<urn:none>|!^<urn:none>"
"""One step along any triple, forwards or backwards."""

_LOGIC: Mapping[str, Callable[[Sequence[str]], str]] = {
    "Node": every,
    "And": every,
    "Or": any_of,
    "Xone": exactly_one,
    "Not": lambda tests: f"!({tests[0]})",
}


@dataclass(frozen=True)
class Focus:
    """The nodes a shape is about: those a root shape aims at, or the values of a path from them."""

    targets: Targets
    path: Path = ITSELF

    def pattern(self) -> str:
        """Return the pattern that binds ``?this``, preceded by the line that narrows it."""
        return f"\n{FOCUS}\n{self.target()}"

    def target(self) -> str:
        """Return the pattern that binds ``?this``."""
        if self.path == ITSELF:
            return target_pattern(self.targets, "?this")
        start = target_pattern(self.targets, "?this_root")
        return f"{start}\n?this_root {path_text(self.path)} ?this ."

    def reach(self) -> frozenset[Path]:
        """Return the paths from a changed node to nodes that the change may have put into focus."""
        # Seen from the end of a changed triple on the way, what remains of the path leads into focus.
        backwards = edge_starts(inverse(self.path))
        return frozenset({self.path, *(inverse(start) for start in backwards)})


def target_pattern(targets: Targets, node: str) -> str:
    """Return the pattern that binds a variable to the nodes aimed at."""
    branches = []
    if targets.classes:
        # The classes are found first, in a set of their own; else the engine tries each node with each class.
        listed = f"VALUES {node}_class {{ {' '.join(targets.classes)} }}"
        closure = f"{listed} {node}_type {path_text(SUBCLASSES)} {node}_class"
        branches.append(f"{{ SELECT {node}_type {{ {closure} }} }} {node} a {node}_type .")
    branches += [f"{node} {predicate} {node}_object ." for predicate in targets.subjects_of]
    branches += [f"{node}_subject {predicate} {node} ." for predicate in targets.objects_of]
    if targets.nodes:
        branches.append(f"VALUES {node} {{ {' '.join(targets.nodes)} }}")
    return branches[0] if len(branches) == 1 else " UNION ".join(f"{{ {branch} }}" for branch in branches)


@dataclass(frozen=True)
class Writer:
    """Writes checks.

    ``types_from_any_graph`` lets the type of a value be stated in any graph, while the class hierarchy is read from
    the default graph: a source may name an organization that another source describes.
    """

    types_from_any_graph: bool = True

    def checks(self, root: Shape) -> Iterator[Check]:
        """Yield the checks of a shape and of the property shapes below it."""
        yield from self._checks(root, root, Focus(root.targets))

    def _checks(self, root: Shape, shape: Shape, focus: Focus) -> Iterator[Check]:
        if shape.deactivated:
            return
        for constraint in shape.constraints:
            yield self._constraint_check(root, shape, focus, constraint)
        for question in shape.questions:
            yield _question_check(root, shape, focus, question)
        values = Focus(focus.targets, chain(focus.path, shape.path or ITSELF))
        for inner in shape.properties:
            yield from self._checks(root, inner, values)

    def _constraint_check(self, root: Shape, shape: Shape, focus: Focus, constraint: Constraint) -> Check:
        fault = self.fault(constraint, shape.path, "?this", "?value", f"{focus.pattern()}\n")
        told = "?this ?value ?property" if constraint.component == "Closed" else "?this ?value"
        starts = constraint_starts(constraint, shape.path)
        return Check(
            name=_check_name(root, constraint.component, focus, shape),
            shape=root.name,
            component=constraint.component,
            path=path_text(shape.path or ITSELF),
            severity=shape.severity,
            message=completed(shape.message, fault_texts(constraint, shape.path)),
            remedy=completed(shape.remedy, remedy_texts(constraint, shape.path)),
            query=f"SELECT DISTINCT {told} WHERE {{{fault}\n}}",
            reach=_reach_texts(focus.reach(), (inverse(start) for start in starts)),
            target=focus.target(),
        )

    def conforms(self, shape: Shape, node: str) -> str:
        """Return the expression that is true when a node (a bound variable) conforms to a shape."""
        if shape.questions:
            raise UnsupportedShape(shape.name, "sh:sparql inside sh:node, sh:or, sh:not or the like")
        if shape.deactivated:
            return "true"
        tests = [self._holds(constraint, shape.path, node) for constraint in shape.constraints]
        tests += [self._values_conform(inner, shape.path, node) for inner in shape.properties]
        return every(tests)

    def fault(self, constraint: Constraint, path: Path | None, node: str, value: str, given: str) -> str:
        """Return the fault pattern of a constraint; ``given`` is a pattern that binds the node, or empty."""
        demanded = self._demanded(constraint, path, node)
        if demanded:
            return f"{given} FILTER NOT EXISTS {{ {demanded} }}"
        way = path_text(path or ITSELF)
        match constraint.component:
            case "MaxCount" | "QualifiedMaxCount":
                return self._counted(constraint, way, node, given, ">")
            case "UniqueLang":
                return _repeated_languages(way, node, value, given)
            case "Closed":
                allowed = ", ".join(constraint.terms)
                return f"{given} {node} ?property {value} . FILTER(?property NOT IN ({allowed}))"
            case "Equals" | "Disjoint" | "LessThan" | "LessThanOrEquals":
                return f"{given} {pair_fault(constraint, way, node, value)}"
        if not path:
            return f"{given} FILTER(!({self._accepts(constraint, node)})) BIND({node} AS {value})"
        return f"{given} {node} {way} {value} . FILTER(!({self._accepts(constraint, value)}))"

    def _demanded(self, constraint: Constraint, path: Path | None, node: str) -> str:
        """Return the pattern that must match a node, for constraints that ask for something to be there."""
        way = path_text(path or ITSELF)
        match constraint.component:
            case "MinCount" | "QualifiedMinCount" if constraint.limit == 1:
                return self._counted_values(constraint, way, node)
            case "MinCount" | "QualifiedMinCount":
                return self._counted(constraint, way, node, "", ">=")
            case "HasValue" if path and is_open(path):
                return f"{node} {way} {node}_n . FILTER({is_one_of(f'{node}_n', constraint.terms)})"
            case "HasValue" if path:
                return f"{node} {way} {constraint.terms[0]} ."
        return ""

    def _counted(self, constraint: Constraint, way: str, node: str, given: str, sign: str) -> str:
        values = self._counted_values(constraint, way, node)
        having = f"HAVING(COUNT(DISTINCT {node}_n) {sign} {constraint.limit})"
        return f"{{ SELECT {node} WHERE {{ {given} {values} }} GROUP BY {node} {having} }}"

    def _counted_values(self, constraint: Constraint, way: str, node: str) -> str:
        value = f"{node}_n"
        tests = [self.conforms(shape, value) for shape in constraint.shapes]
        tests += [f"!({self.conforms(sibling, value)})" for sibling in constraint.siblings]
        return f"{node} {way} {value} ." + (f" FILTER({every(tests)})" if tests else "")

    def _holds(self, constraint: Constraint, path: Path | None, node: str) -> str:
        demanded = self._demanded(constraint, path, node)
        if demanded:
            return f"EXISTS {{ {demanded} }}"
        if not path and constraint.component not in ("Closed", "Equals", "Disjoint"):
            return self._accepts(constraint, node)
        return f"NOT EXISTS {{ {self.fault(constraint, path, node, f'{node}_v', '')} }}"

    def _values_conform(self, shape: Shape, path: Path | None, node: str) -> str:
        if not path:
            return self.conforms(shape, node)
        value = f"{node}_v"
        test = self.conforms(shape, value)
        return f"NOT EXISTS {{ {node} {path_text(path)} {value} . FILTER(!({test})) }}"

    def _accepts(self, constraint: Constraint, value: str) -> str:
        """Return the expression that is true when one value meets a constraint."""
        if constraint.component in _LOGIC:
            return _LOGIC[constraint.component]([self.conforms(shape, value) for shape in constraint.shapes])
        if constraint.component == "Class":
            return self._is_instance(value, constraint.terms[0])
        return value_test(constraint, value)

    def _is_instance(self, value: str, class_: Term) -> str:
        kind = f"{value}_t"
        typed = f"{value} {path_text(TYPE)} {kind} ."
        # A filter of its own keeps the engine from listing all subclasses anew for each value.
        fits = f"FILTER EXISTS {{ {kind} {path_text(SUBCLASSES)} {class_} }}"
        here = f"EXISTS {{ {typed} {fits} }}"
        if not self.types_from_any_graph:
            return here
        return f"{here} || EXISTS {{ GRAPH {value}_g {{ {typed} }} {fits} }}"


def constraint_starts(constraint: Constraint, path: Path | None) -> frozenset[Path]:
    """Return the paths from a node to every node whose own triples decide whether a constraint holds for it."""
    values = path or ITSELF
    starts = {ITSELF, *edge_starts(values)}
    if constraint.component in ("Class", "Closed"):
        starts.add(values)
    for shape in (*constraint.shapes, *constraint.siblings):
        starts.update(chain(values, start) for start in _shape_starts(shape))
    return frozenset(starts)


def _shape_starts(shape: Shape) -> frozenset[Path]:
    values = shape.path or ITSELF
    starts = set(edge_starts(values))
    for constraint in shape.constraints:
        starts |= constraint_starts(constraint, shape.path)
    for inner in shape.properties:
        starts.update(chain(values, start) for start in _shape_starts(inner))
    return frozenset(starts)


def _repeated_languages(way: str, node: str, value: str, given: str) -> str:
    text, language = f"{node}_n", f"{node}_l"
    spoken = f"BIND(LCASE(LANG({text})) AS {language}) FILTER({language} != '')"
    rows = f"{given} {node} {way} {text} . FILTER(isLiteral({text})) {spoken}"
    having = f"HAVING(COUNT(DISTINCT {text}) > 1)"
    return (
        f"{{ SELECT {node} ({language} AS {value}) WHERE {{ {rows} }} GROUP BY {node} {language} {having} }}"
    )


def _question_check(root: Shape, shape: Shape, focus: Focus, question: Question) -> Check:
    constraint = Constraint("SPARQL")
    message = {**shape.message, **question.message}
    remedy = {**shape.remedy, **question.remedy}
    way = path_text(shape.path or ITSELF)
    asked = (ANY_NEIGHBOUR,) if question.reach is None else question.reach
    return Check(
        name=_check_name(root, constraint.component, focus, shape),
        shape=root.name,
        component=constraint.component,
        path=way,
        severity=shape.severity,
        message=completed(message, fault_texts(constraint, shape.path)),
        remedy=completed(remedy, remedy_texts(constraint, shape.path)),
        query=question_query(question.select, way, focus.pattern(), shape.name),
        reach=tuple(dict.fromkeys((*_reach_texts(focus.reach()), *asked))),
        target=focus.target(),
    )


def _reach_texts(*groups: Iterable[Path]) -> tuple[str, ...]:
    return tuple(sorted({path_text(path) for group in groups for path in group if path != ITSELF}))


def _check_name(root: Shape, component: str, focus: Focus, shape: Shape) -> str:
    way = path_name(chain(focus.path, shape.path or ITSELF))
    return "/".join(part for part in (local_name(root.name), component, way) if part)
