"""A SPARQL 1.1 Update request read into its operations, without an engine.

What is inside braces is looked at only as far as needed: conditions are left to the engine as they stand, and of
quads it is noted how they become TriG, which the engine reads fast and without recursion.

>>> [type(operation).__name__ for operation in operations("CLEAR ALL ; INSERT DATA { <urn:a> <urn:b> 1 }")]
['Clear', 'InsertData']
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, NoReturn

from graph.quads import Term
from graph.sparql_tokens import OPENING, Place, Token, place_of, tokens
from graph.store import SyntaxFault


class NotAnUpdate(SyntaxFault):
    """A query where an update is wanted; the message is the keyword that tells."""


@dataclass(frozen=True)
class Excerpt:
    """A piece of the request's text that knows where it stood."""

    source: str = field(repr=False)
    start: int
    stop: int

    def __str__(self) -> str:
        return self.source[self.start : self.stop]

    @property
    def place(self) -> Place:
        """Line and column of the first character."""
        return place_of(self.source, self.start)


class Edit(NamedTuple):
    """What to write instead of the characters from ``start`` to ``stop``."""

    start: int
    stop: int
    text: str


@dataclass(frozen=True)
class Template:
    """The quads of a DATA block or of a template: the text between the braces, and what makes it TriG.

    ``opening`` begins the graph that quads outside GRAPH go to; ``variables`` says which placeholder stands for
    which variable. The variable with an empty name is bound by no solution.
    """

    excerpt: Excerpt
    opening: str
    edits: tuple[Edit, ...]
    variables: Mapping[Term, str]


@dataclass(frozen=True)
class Operation:
    """One operation of a request: the PREFIX and BASE declarations in force, and its first keyword."""

    prologue: tuple[Excerpt, ...]
    keyword: Excerpt


@dataclass(frozen=True)
class InsertData(Operation):
    """INSERT DATA."""

    data: Template


@dataclass(frozen=True)
class DeleteData(Operation):
    """DELETE DATA."""

    data: Template


@dataclass(frozen=True)
class Modify(Operation):
    """DELETE and INSERT with WHERE; ``DELETE WHERE { … }`` has the same text as template and as condition."""

    with_graph: Excerpt | None
    deletes: Template | None
    inserts: Template | None
    using: tuple[Excerpt, ...]
    using_named: tuple[Excerpt, ...]
    where: Excerpt


@dataclass(frozen=True)
class Clear(Operation):
    """CLEAR of DEFAULT, NAMED, ALL or the graph of a name."""

    target: Excerpt
    silent: bool


@dataclass(frozen=True)
class Drop(Clear):
    """DROP: the same where empty graphs are not kept."""


@dataclass(frozen=True)
class Create(Operation):
    """CREATE GRAPH."""

    graph: Excerpt
    silent: bool


@dataclass(frozen=True)
class Load(Operation):
    """LOAD: the document at an IRI goes to a graph (``None``: the default graph)."""

    source: Excerpt
    target: Excerpt | None
    silent: bool


@dataclass(frozen=True)
class Transfer(Operation):
    """What ADD, COPY and MOVE have in common: two graphs, each DEFAULT or a name."""

    source: Excerpt
    target: Excerpt
    silent: bool


@dataclass(frozen=True)
class Add(Transfer):
    """ADD: the target also keeps what it holds."""


@dataclass(frozen=True)
class Copy(Transfer):
    """COPY: the target loses what it held."""


@dataclass(frozen=True)
class Move(Transfer):
    """MOVE: the target loses what it held, and the source all."""


def operations(text: str, *, rdf12: bool = False) -> list[Operation]:
    """Return the operations of an update request; what is inside braces is looked at only as far as needed.

    Args:
        text: the request.
        rdf12: whether it may use RDF 1.2.

    Raises:
        SyntaxFault: the request is malformed, or uses RDF 1.2 where it may not.
    """
    reader = _Reader(text, rdf12=rdf12)
    found: list[Operation] = []
    reader.read_prologue()
    while reader.token is not _END:
        found.append(_operation(reader))
        if reader.token is not _END:
            reader.expect(";")
            reader.read_prologue()
    return found


_END = Token("end", "the end of the text", 0)
_NAMES = frozenset(("iri", "name"))
_RDF12 = frozenset(("<<", ">>", "<<(", ")>>", "{|", "|}", "~"))
NO_RDF12 = "RDF 1.2 is not accepted"
"""What is said to triple terms and to literals with a direction, written or computed, where they may not be."""


class _Reader:
    """A request read token by token, and what was learned on the way."""

    def __init__(self, text: str, *, rdf12: bool) -> None:
        self.text = text
        self.rdf12 = rdf12
        self.prologue: tuple[Excerpt, ...] = ()
        self.labels_of_data: set[str] = set()
        # No IRI of the request can be taken for one of the placeholders that begin with this.
        self.placeholder = f"urn:x-variable:{secrets.token_hex(8)}:"
        self._tokens = tokens(text)
        self.token = _END
        self.take()

    def take(self) -> Token:
        """Return the current token and go on to the next."""
        taken = self.token
        self.token = token = next(self._tokens, _END)
        if token.kind == "unknown":
            raise self.fault(f"{token.text} does not belong here, or what it opens has no end")
        if not self.rdf12 and (token.text in _RDF12 or (token.kind == "language" and "--" in token.text)):
            raise self.fault(NO_RDF12)
        return taken

    def at(self, *words: str) -> bool:
        """Tell whether the current token is one of these keywords or marks."""
        return self.token.text.upper() in words

    def skip(self, word: str) -> bool:
        """Go past a keyword or mark if it is there, and tell whether it was."""
        found = self.at(word)
        if found:
            self.take()
        return found

    def expect(self, word: str) -> Token:
        """Go past a keyword or mark that must be there."""
        return self.take() if self.at(word) else self.miss(word)

    def expect_kind(self, what: str, kinds: Collection[str]) -> Token:
        """Go past a token that must be of one of these kinds."""
        return self.take() if self.token.kind in kinds else self.miss(what)

    def miss(self, wanted: str) -> NoReturn:
        """Refuse the current token where something else is wanted."""
        raise self.fault(f"{wanted} expected, not {self.token.text[:80]}")

    def fault(self, message: str, token: Token | None = None) -> SyntaxFault:
        """Return a fault at a token, by default the current one."""
        at = token or self.token
        return SyntaxFault(message, *place_of(self.text, len(self.text) if at is _END else at.start))

    def excerpt(self, token: Token) -> Excerpt:
        """Return a token as a piece of the request."""
        return Excerpt(self.text, token.start, token.end)

    def read_prologue(self) -> None:
        """Read declarations, which hold for all that follows."""
        while self.at("PREFIX", "BASE", "VERSION"):
            keyword = self.take()
            match keyword.text.upper():
                case "VERSION":
                    if not self.rdf12:
                        raise self.fault(NO_RDF12, keyword)
                    value = self.expect_kind("a version", ("string",))
                case "PREFIX":
                    if not self.token.text.endswith(":"):
                        self.miss("a prefix")
                    self.expect_kind("a prefix", ("name",))
                    value = self.expect_kind("an IRI", ("iri",))
                case _:
                    value = self.expect_kind("an IRI", ("iri",))
            self.prologue += (Excerpt(self.text, keyword.start, value.end),)

    def graph_name(self) -> Excerpt:
        """Read the name of a graph."""
        return self.excerpt(self.expect_kind("the name of a graph", _NAMES))

    def group(self) -> Excerpt:
        """Read a group graph pattern, from brace to brace."""
        start = self.expect("{").start
        depth, last = 1, _END
        while depth:
            if self.token is _END:
                self.miss("}")
            last = self.take()
            depth += (last.text == "{") - (last.text == "}")
        return Excerpt(self.text, start, last.end)


class _Head(NamedTuple):
    """What every operation begins with."""

    prologue: tuple[Excerpt, ...]
    keyword: Excerpt


def _operation(reader: _Reader) -> Operation:
    read = _READERS.get(reader.token.text.upper())
    if reader.at("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"):
        raise NotAnUpdate(reader.token.text.upper(), *place_of(reader.text, reader.token.start))
    if read is None:
        reader.miss("an update operation")
    keyword = reader.take()
    return read(reader, _Head(reader.prologue, reader.excerpt(keyword)))


def _read_insert(reader: _Reader, head: _Head) -> Operation:
    if not reader.skip("DATA"):
        return _read_modify(reader, head, deletes=False)
    template = _TemplateReader(reader, ground=True)
    data = template.read()
    for label in template.labels & reader.labels_of_data:
        raise SyntaxFault(f"{label} is used in two INSERT DATA", *head.keyword.place)
    reader.labels_of_data |= template.labels
    return InsertData(*head, data)


def _read_delete(reader: _Reader, head: _Head) -> Operation:
    if reader.skip("DATA"):
        return DeleteData(*head, _TemplateReader(reader, ground=True, blanks=False).read())
    if not reader.skip("WHERE"):
        return _read_modify(reader, head, deletes=True)
    start = reader.token.start
    template = _TemplateReader(reader, blanks=False).read()
    where = Excerpt(reader.text, start, template.excerpt.stop + 1)
    return Modify(*head, None, template, None, (), (), where)


def _read_with(reader: _Reader, head: _Head) -> Operation:
    graph = reader.graph_name()
    if not reader.at("DELETE", "INSERT"):
        reader.miss("DELETE or INSERT")
    return _read_modify(reader, head, graph, deletes=reader.take().text.upper() == "DELETE")


def _read_modify(
    reader: _Reader, head: _Head, with_graph: Excerpt | None = None, *, deletes: bool
) -> Operation:
    """Read what follows the first DELETE or INSERT."""
    opening = f"{with_graph} {{" if with_graph else "{"
    deleted = _TemplateReader(reader, opening, blanks=False).read() if deletes else None
    inserts = not deletes or reader.skip("INSERT")
    inserted = _TemplateReader(reader, opening).read() if inserts else None
    using: dict[bool, tuple[Excerpt, ...]] = {False: (), True: ()}
    while reader.skip("USING"):
        using[reader.skip("NAMED")] += (reader.graph_name(),)
    reader.expect("WHERE")
    return Modify(*head, with_graph, deleted, inserted, using[False], using[True], reader.group())


def _read_clear(reader: _Reader, head: _Head) -> Operation:
    silent = reader.skip("SILENT")
    kind = Drop if str(head.keyword).upper() == "DROP" else Clear
    if reader.at("DEFAULT", "NAMED", "ALL"):
        return kind(*head, reader.excerpt(reader.take()), silent)
    reader.expect("GRAPH")
    return kind(*head, reader.graph_name(), silent)


def _read_create(reader: _Reader, head: _Head) -> Operation:
    silent = reader.skip("SILENT")
    reader.expect("GRAPH")
    return Create(*head, reader.graph_name(), silent)


def _read_transfer(reader: _Reader, head: _Head) -> Operation:
    silent = reader.skip("SILENT")
    source = _graph_or_default(reader)
    reader.expect("TO")
    target = _graph_or_default(reader)
    kind = {"ADD": Add, "COPY": Copy, "MOVE": Move}[str(head.keyword).upper()]
    return kind(*head, source, target, silent)


def _graph_or_default(reader: _Reader) -> Excerpt:
    if reader.at("DEFAULT"):
        return reader.excerpt(reader.take())
    reader.skip("GRAPH")
    return reader.graph_name()


def _read_load(reader: _Reader, head: _Head) -> Operation:
    silent = reader.skip("SILENT")
    source = reader.graph_name()
    if not reader.skip("INTO"):
        return Load(*head, source, None, silent)
    reader.expect("GRAPH")
    return Load(*head, source, reader.graph_name(), silent)


_READERS: Mapping[str, Callable[[_Reader, _Head], Operation]] = {
    "INSERT": _read_insert,
    "DELETE": _read_delete,
    "WITH": _read_with,
    "CLEAR": _read_clear,
    "DROP": _read_clear,
    "CREATE": _read_create,
    "ADD": _read_transfer,
    "COPY": _read_transfer,
    "MOVE": _read_transfer,
    "LOAD": _read_load,
}

UNBOUND = ""
"""The name of a variable that no solution binds: quads that hold it are left out."""
_PLAIN = frozenset(("iri", "name", "string", "number", "language"))
_NAMING = frozenset(("iri", "name", "variable", "blank"))
_LITERALS = frozenset(("string", "number"))


class _Reifier(Enum):
    """How far the reader is in ``~ name``, which names what an annotation or a reified triple speaks through."""

    NONE = 0
    BEGUN = 1
    NAMED = 2


class _TemplateReader:
    """Reads quads between braces, and notes the edits that make TriG of them.

    TriG has no variables, wants each graph in braces of its own, and has two statements less than SPARQL:
    ``(1 2) .`` and, for what may be bound to something else, ``"a" ?p ?o``.
    """

    def __init__(
        self, reader: _Reader, opening: str = "{", *, ground: bool = False, blanks: bool = True
    ) -> None:
        self.labels: set[str] = set()
        self._reader, self._opening = reader, opening
        self._ground, self._blanks = ground, blanks
        self._edits: list[Edit] = []
        self._placeholders: dict[str, Term] = {}
        self._reifier = _Reifier.NONE

    def read(self) -> Template:
        """Read from brace to brace."""
        start = self._reader.expect("{").end
        self._triples()
        while self._reader.at("GRAPH"):
            self._graph()
            self._triples()
        stop = self._reader.expect("}").start
        variables = {placeholder: name for name, placeholder in self._placeholders.items()}
        return Template(Excerpt(self._reader.text, start, stop), self._opening, tuple(self._edits), variables)

    def _graph(self) -> None:
        """Read ``GRAPH name { … }``: end the braces around what came before, begin them anew behind it."""
        reader = self._reader
        keyword = reader.take()
        self._edits.append(Edit(keyword.start, keyword.start, "} "))
        if reader.token.kind == "variable":
            self._variable()
        else:
            reader.graph_name()
        reader.expect("{")
        self._triples()
        closing = reader.expect("}")
        last = reader.take() if reader.at(".") else None
        start, end = (last.start, last.end) if last else (closing.end, closing.end)
        self._edits.append(Edit(start, end, f" {self._opening}"))

    def _triples(self) -> None:
        """Read up to the brace that closes, or to the next GRAPH."""
        while not self._reader.at("}", "GRAPH"):
            self._subject()
            last = self._reader.token
            while not self._at_end_of_statement():
                last = self._reader.token
                self._node()
            if not self._reader.skip("."):
                if last.text == ">>":  # TriG wants a point behind a reified triple that stands alone
                    self._edits.append(Edit(last.end, last.end, " ."))
                return

    def _at_end_of_statement(self) -> bool:
        token = self._reader.token
        return token.text in (".", "}") or (
            token.kind in ("word", "end") and self._reader.at("GRAPH", _END.text)
        )

    def _subject(self) -> None:
        """Read a subject if it is one of the two kinds that TriG does not have."""
        token = self._reader.token
        if token.text == "(":
            end = self._brackets()
            if self._at_end_of_statement() and end > token.start + 2:
                self._edits.append(Edit(end, end, f" {self._placeholder()} {self._placeholder()}"))
        elif not self._ground and (token.kind in _LITERALS or token.text in ("true", "false", "+", "-")):
            self._literal_subject()

    def _literal_subject(self) -> None:
        first = last = self._reader.take()
        if first.text in ("+", "-"):
            last = self._reader.expect_kind("a number", ("number",))
        elif self._reader.token.kind == "language":
            last = self._reader.take()
        elif self._reader.skip("^^"):
            last = self._reader.expect_kind("a datatype", _NAMES)
        self._edits.append(Edit(first.start, last.end, self._placeholder()))

    def _node(self) -> None:
        """Read a term, a bracket with all inside, or a mark between terms."""
        reader = self._reader
        token = reader.token
        self._look_at_reifier(token)
        if token.kind in _PLAIN:
            reader.take()
        elif token.kind == "variable":
            self._variable()
        elif token.kind == "blank":
            self._note_blank(token)
            self.labels.add(reader.take().text)
        elif token.text in ("(", "["):
            self._brackets()
        elif token.text in (")", "]", "{", "}", ".") or token.kind == "end":
            reader.miss("a term")
        else:
            reader.take()

    def _brackets(self) -> int:
        """Read a list or a blank node with all inside, and return where it ends; nesting has no limit."""
        reader = self._reader
        closings: list[str] = []
        while True:
            token = reader.token
            if token.text in ("(", "["):
                closings.append(OPENING[reader.take().text])
                if token.text == "[" or not reader.at(")"):
                    self._note_blank(token)
            elif token.text == closings[-1]:
                closings.pop()
                reader.take()
                if not closings:
                    return token.end
            else:
                self._node()

    def _look_at_reifier(self, token: Token) -> None:
        """Note a blank node where RDF 1.2 makes one: of a reified triple or an annotation without a name."""
        before, self._reifier = self._reifier, _Reifier.NONE
        if token.text == "~":
            self._reifier = _Reifier.BEGUN
        elif before is _Reifier.BEGUN and token.kind in _NAMING:
            self._reifier = _Reifier.NAMED
        elif before is _Reifier.BEGUN or (token.text in ("{|", ">>") and before is _Reifier.NONE):
            self._note_blank(token)

    def _note_blank(self, token: Token) -> None:
        if not self._blanks:
            raise self._reader.fault("blank nodes are not allowed in DELETE", token)

    def _variable(self) -> None:
        token = self._reader.token
        if self._ground:
            raise self._reader.fault("variables are not allowed in DATA")
        self._reader.take()
        self._edits.append(Edit(token.start, token.end, self._placeholder(token.text[1:])))

    def _placeholder(self, name: str = UNBOUND) -> Term:
        """Return the IRI that stands for a variable."""
        return self._placeholders.setdefault(name, f"<{self._reader.placeholder}{len(self._placeholders)}>")
