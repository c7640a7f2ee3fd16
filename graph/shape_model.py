"""What a shape says, free of any RDF library: paths, targets, constraints."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.findings import Severity
from graph.quads import Term


class ShapeFault(ValueError):
    """A shape that cannot be understood, with the shape and what is wrong with it."""

    def __init__(self, shape: str, reason: str) -> None:
        super().__init__(f"{shape}: {reason}")
        self.shape, self.reason = shape, reason


class UnsupportedShape(ShapeFault):
    """A shape that asks for something that is not compiled; it is refused, since ignoring it would let data pass."""


@dataclass(frozen=True)
class Step:
    """One predicate, forwards or (``inverse``) from object to subject."""

    iri: str
    inverse: bool = False


@dataclass(frozen=True)
class Chain:
    """Paths one after the other; without any, the node itself."""

    parts: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Choice:
    """Any of several paths."""

    options: tuple[Path, ...]


@dataclass(frozen=True)
class Repeat:
    """A path repeated: ``*``, ``+`` or ``?`` times."""

    path: Path
    mark: str


Path = Step | Chain | Choice | Repeat
ITSELF = Chain()
"""The path of no steps."""


def chain(*paths: Path) -> Path:
    """Return the paths one after the other as one path.

    >>> path_text(chain(Step("urn:a"), chain(), Step("urn:b", inverse=True)))
    '<urn:a>/^<urn:b>'
    """
    parts: list[Path] = []
    for path in paths:
        parts.extend(path.parts if isinstance(path, Chain) else (path,))
    return parts[0] if len(parts) == 1 else Chain(tuple(parts))


def inverse(path: Path) -> Path:
    """Return the path that leads back."""
    match path:
        case Step(iri, backwards):
            return Step(iri, not backwards)
        case Chain(parts):
            return chain(*(inverse(part) for part in reversed(parts)))
        case Choice(options):
            return Choice(tuple(inverse(option) for option in options))
        case Repeat(repeated, mark):
            return Repeat(inverse(repeated), mark)


def path_text(path: Path) -> str:
    """Return a path in SPARQL syntax."""
    match path:
        case Step(iri, backwards):
            return f"^<{iri}>" if backwards else f"<{iri}>"
        case Chain(parts):
            return "/".join(path_text(part) for part in parts)
        case Choice(options):
            return f"({'|'.join(path_text(option) for option in options)})"
        case Repeat(repeated, mark):
            return (
                f"{path_text(repeated)}{mark}" if _is_forward(repeated) else f"({path_text(repeated)}){mark}"
            )


def _is_forward(path: Path) -> bool:
    return isinstance(path, Step) and not path.inverse


def path_name(path: Path) -> str:
    """Return a path with local names, for the name of a check.

    >>> path_name(Chain((Step("urn:x#kind"), Step("urn:x#inScheme", inverse=True))))
    'kind/^inScheme'
    """
    return re.sub(r"<([^>]*)>", lambda match: local_name(match[1]), path_text(path))


def last_name(path: Path) -> str:
    """Return the local name of the last predicate of a path, for sentences."""
    predicates = re.findall(r"<([^>]*)>", path_text(path))
    return local_name(predicates[-1]) if predicates else ""


def local_name(iri: str) -> str:
    """Return what follows the last ``#``, ``/`` or ``:`` of an IRI."""
    return re.split(r"[#/:]", iri.rstrip("#/:"))[-1]


def is_open(path: Path) -> bool:
    """Tell whether a path may lead from a node to itself without any triple (``*`` and ``?``)."""
    match path:
        case Step():
            return False
        case Chain(parts):
            return all(is_open(part) for part in parts)
        case Choice(options):
            return any(is_open(option) for option in options)
        case Repeat(repeated, mark):
            return mark != "+" or is_open(repeated)


def edge_starts(path: Path) -> frozenset[Path]:
    """Return the paths from a node to every node where a triple of its path begins.

    A step backwards counts from both its ends: it may begin at a literal, which is no node that a change names.

    A changed triple of ``kind/inScheme`` begins at the node itself or at its kind:

    >>> sorted(path_text(start) for start in edge_starts(Chain((Step("urn:kind"), Step("urn:inScheme")))))
    ['', '<urn:kind>']
    """
    match path:
        case Step(_, backwards):
            return frozenset((ITSELF, path) if backwards else (ITSELF,))
        case Chain(parts):
            befores = (chain(*parts[:place]) for place in range(len(parts)))
            pairs = zip(befores, parts, strict=True)
            return frozenset(chain(before, start) for before, part in pairs for start in edge_starts(part))
        case Choice(options):
            return frozenset(start for option in options for start in edge_starts(option))
        case Repeat(repeated, "?"):
            return edge_starts(repeated)
        case Repeat(repeated):
            looped = Repeat(repeated, "*")
            return frozenset(chain(looped, start) for start in edge_starts(repeated))


Texts = Mapping[str, str]
"""A sentence by language (zh, en); ``""`` holds one without a language."""


@dataclass(frozen=True)
class Targets:
    """Which nodes a shape is about."""

    classes: tuple[Term, ...] = ()
    subjects_of: tuple[Term, ...] = ()
    objects_of: tuple[Term, ...] = ()
    nodes: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.classes or self.subjects_of or self.objects_of or self.nodes)


@dataclass(frozen=True)
class Constraint:
    """One constraint of a shape.

    Attributes:
        component: SHACL component without ``ConstraintComponent``.
        terms: its parameters: the class, the datatype, the members of a list, pattern and flags, …
        shapes: the shapes it names (``sh:or``, ``sh:node``, ``sh:qualifiedValueShape``, …).
        siblings: shapes that a value counted for a disjoint qualified shape must not fit.
        limit: the number, for components that count.
    """

    component: str
    terms: tuple[Term, ...] = ()
    shapes: tuple[Shape, ...] = ()
    siblings: tuple[Shape, ...] = ()
    limit: int = 0


@dataclass(frozen=True)
class Question:
    """A ``sh:sparql`` constraint: its query with prefixes written out, and its own sentences.

    ``reach`` are the paths from a changed node to the nodes asked about, ``None`` when the shape does not say.
    """

    select: str
    message: Texts = field(default_factory=dict)
    remedy: Texts = field(default_factory=dict)
    reach: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Shape:
    """A node shape, or (with a path) a property shape."""

    name: str
    path: Path | None = None
    targets: Targets = field(default_factory=Targets)
    constraints: tuple[Constraint, ...] = ()
    properties: tuple[Shape, ...] = ()
    questions: tuple[Question, ...] = ()
    severity: Severity = "violation"
    message: Texts = field(default_factory=dict)
    remedy: Texts = field(default_factory=dict)
    deactivated: bool = False
