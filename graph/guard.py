"""A cheap look at a query before an engine parses it: too long, too deep, or reaching for other servers.

The engine has no limits of its own. Measured with pyoxigraph 0.5.13 on an 8 MB stack (the process dies of a
stack overflow at the second number, and is fine at the first):

=====================================  =======  =======
what is nested                         fine     dies
=====================================  =======  =======
``FILTER EXISTS {``                      832      896
``STR(``, ``IF(…,``                      896      960
``{ SELECT * {``                       1,152    1,216
``{``                                  2,176    2,304
``GRAPH ?g {``                         2,816    3,072
``(``                                  4,608    4,864
``(`` of a path, with ``*``           13,312   14,336
=====================================  =======  =======

=====================================  =======  =======
what follows one another               fine     dies
=====================================  =======  =======
``OPTIONAL {…}``, ``MINUS {…}``        2,560    2,816
``BIND(…)``, ``(… AS ?x)``             2,560    2,816
``{…} UNION``                          6,144    6,656
``+``                                  6,656    7,168
``||``, ``&&``, ``!``, ``FILTER(…)``   9,216    9,728
``|`` of a path                       10,240   11,264
=====================================  =======  =======

Lists of values, function arguments, CONSTRUCT templates and prefixes may be as long as they like. What is slow
to parse or to answer rather than deadly is a matter of time limits; so is everything this look lets through.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Container, Sequence
from typing import NamedTuple, NoReturn
from urllib.parse import urljoin, urlsplit

from graph.sparql_tokens import OPENING, Place, Token, place_of, tokens

MAX_BYTES = 64 * 1024
"""The longest query from outside, in bytes of UTF-8."""
MAX_DEPTH = 100
"""How deep brackets may be nested: an eighth of what the engine survives, and more than people write."""
MAX_CHAIN = 1_000
"""How many operators or groups may follow one another: a third of what the engine survives."""


MAX_TOKENS = 200_000
"""How many words and signs are looked at one by one, in half a second; a text of 64 kB has 65,536 at most."""


class NotAccepted(ValueError):
    """A query that is not handed to the engine; line and column say where (0: the whole of it)."""

    def __init__(self, message: str, place: Place = Place(0, 0)) -> None:  # noqa: B008 - immutable
        super().__init__(message)
        self.line, self.column = place


class TooLarge(NotAccepted):
    """The text is longer than the limit, in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"longer than {limit} bytes")
        self.limit = limit


class TooDeep(NotAccepted):
    """Brackets are nested deeper, or operators follow one another longer, than an engine survives."""


class RemoteAccess(NotAccepted):
    """The text asks the server to open a connection: SERVICE in a query, LOAD in an update."""

    def __init__(self, keyword: str, place: Place) -> None:
        super().__init__(f"{keyword} is not allowed here", place)
        self.keyword = keyword


class ServiceClause(NamedTuple):
    """A SERVICE in a text: the tokens of the keyword and of the endpoint, and the endpoint's IRI.

    ``iri`` is empty where the endpoint is a variable. ``inner`` tells that the clause stands inside another one, so
    that the endpoint of that one is who answers it.
    """

    keyword: Token
    endpoint: Token
    iri: str
    inner: bool


def precheck(
    text: str,
    *,
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
    max_tokens: int = MAX_TOKENS,
    allow_service: Container[str] = frozenset(),
    base: str = "",
) -> list[ServiceClause]:
    """Let a query or an update pass, or say why not; most queries are passed without being tokenised.

    Args:
        text: the query or the update.
        max_bytes: the longest text, in bytes of UTF-8.
        max_depth: the deepest nesting of brackets.
        max_tokens: the most words and signs, where they have to be looked at one by one.
        allow_service: the IRIs of endpoints that SERVICE may name; a variable is asked for as it is written (``?x``).
        base: what relative IRIs are resolved against.

    Returns:
        The SERVICE clauses, all of them allowed.

    Raises:
        TooLarge, TooDeep, RemoteAccess: see there.
    """
    if len(text) > max_bytes or len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        raise TooLarge(max_bytes)
    remote = _RemoteWatch(text, allow_service, base) if _may_reach_out(text) else None
    deep = _DepthWatch(text, max_depth) if _may_be_deep(text, max_depth) else None
    if watches := [watch for watch in (remote, deep) if watch]:
        _watch(text, watches, max_tokens)
    return remote.clauses if remote else []


def service_clauses(
    text: str, allow_service: Container[str], *, base: str = "", loads: bool = False
) -> list[ServiceClause]:
    """Return the SERVICE clauses of a text; raises RemoteAccess as ``precheck`` does, for LOAD unless ``loads``."""
    if not _may_reach_out(text):
        return []
    watch = _RemoteWatch(text, allow_service, base, loads=loads)
    _watch(text, [watch], sys.maxsize)
    return watch.clauses


_REACHING = re.compile(
    r"""service(?:silent)?(?:[\s\#<?$:]|[^\s<>"'{}()]*:)
      | (?<![\w:])load(?:silent)?(?:[\s\#<:]|[^\s<>"'{}()]*:)""",
    re.IGNORECASE | re.VERBOSE,
)


def _may_reach_out(text: str) -> bool:
    """Tell whether SERVICE or LOAD and what may follow them occur, be it in a string or a comment."""
    lowered = text.lower()
    return ("service" in lowered or "load" in lowered) and _REACHING.search(text) is not None


def _may_be_deep(text: str, max_depth: int) -> bool:
    """Tell whether the characters that nest and chain are numerous enough to matter, wherever they stand."""
    brackets = sum(map(text.count, ("(", "{", "[", "<<")))
    return brackets > max_depth or brackets + sum(map(text.count, "|&!=+-*/^<>")) > MAX_CHAIN


def _watch(text: str, watches: Sequence[_RemoteWatch | _DepthWatch], most: int) -> None:
    for number, token in enumerate(tokens(text)):
        if number == most:
            raise TooDeep(
                f"more than {most} words and signs, too many to be looked at", place_of(text, token.start)
            )
        for watch in watches:
            watch.see(token)
    for watch in watches:
        watch.end()


# The engine needs no space behind a keyword: it reads SERVICESILENT<…>, trueSERVICE<…> and, where others see the
# name service:x, SERVICE:x. Such a name stands before a group only behind GRAPH, and hardly before a bracket.
_GLUED = re.compile("(SERVICE)|FILTER|HAVING|(?:^|GROUP|ORDER)BY", re.IGNORECASE)
_LOAD = re.compile("LOAD(?:SILENT)?(?![A-Z0-9_])", re.IGNORECASE)


class _Declarations:
    """The prologue as far as it was read: what names and relative IRIs stand for."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._prefixes: dict[str, str] = {}

    def declared(self, before: Token, last: Token, value: Token) -> None:
        """Note an IRI with the two tokens before it, which tell whether it is declared to stand for something."""
        if last.text.upper() == "BASE":
            self._base = self._absolute(value.text[1:-1])
        elif last.kind == "name" and before.text.upper() == "PREFIX":
            self._prefixes[last.text[:-1]] = self._absolute(value.text[1:-1])

    def iri(self, endpoint: Token) -> str:
        """Return the absolute IRI of an IRI or a name; empty when it cannot be told."""
        if endpoint.kind == "iri":
            return self._absolute(endpoint.text[1:-1])
        prefix, _, local = endpoint.text.partition(":")
        namespace = self._prefixes.get(prefix, "")
        return namespace and namespace + _ESCAPED_IN_NAME.sub(r"\1", local)

    def _absolute(self, written: str) -> str:
        value = _CODE.sub(_character, written)
        whole = value if urlsplit(value).scheme else urljoin(self._base, value)
        return whole if urlsplit(whole).scheme else ""


_CODE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_ESCAPED_IN_NAME = re.compile(r"\\(.)")


def _character(code: re.Match[str]) -> str:
    number = int(code[1] or code[2], 16)
    return chr(number) if number <= sys.maxunicode else "\ufffd"


class _RemoteWatch:
    """Looks for SERVICE anywhere and for LOAD where an operation begins.

    Attributes:
        clauses: the SERVICE clauses that are allowed.
    """

    def __init__(self, text: str, allowed: Container[str], base: str, *, loads: bool = False) -> None:
        self.clauses: list[ServiceClause] = []
        self._loads = loads
        self._text, self._allowed = text, allowed
        self._declarations = _Declarations(base)
        self._depth = 0
        self._outside: int | None = None  # the depth at which the outermost SERVICE stands that is open
        self._service: Token | None = None
        self._before = self._last = Token("end", "", 0)

    def see(self, token: Token) -> None:
        """Look at the next token."""
        if self._service:
            self._look_at_endpoint(self._service, token)
        elif token.kind == "word":
            self._look_at_word(token)
        elif token.kind == "mark":
            self._look_at_mark(token)
        elif token.kind == "iri":
            self._declarations.declared(self._before, self._last, token)
        elif token.kind == "name" and _LOAD.match(token.text) and self._at_operation():
            self._load(token)
        self._before, self._last = self._last, token

    def end(self) -> None:
        """Look at what is left open at the end of the text."""
        if self._service:
            self._refuse("SERVICE", self._service)

    def _look_at_word(self, token: Token) -> None:
        word = token.text.upper()
        if word in ("SERVICE", "SERVICESILENT"):
            self._service = token
        elif "SERVICE" in word:
            self._refuse("SERVICE", token)
        elif _LOAD.match(word):
            self._load(token)

    def _look_at_endpoint(self, service: Token, token: Token) -> None:
        if token.text.upper() == "SILENT":
            return
        iri = self._endpoint(token)
        if (iri or token.text) not in self._allowed:
            self._refuse("SERVICE", service)
        inner = self._outside is not None
        self.clauses.append(ServiceClause(service, token, iri, inner))
        if not inner:
            self._outside = self._depth
        self._service = None

    def _endpoint(self, token: Token) -> str:
        """Return the IRI of an endpoint, empty for a variable; what is neither is refused."""
        if token.kind == "variable":
            return ""
        iri = self._declarations.iri(token) if token.kind in ("iri", "name") else ""
        return iri or self._refuse("SERVICE", token)

    def _look_at_mark(self, token: Token) -> None:
        self._depth += (token.text == "{") - (token.text == "}")
        if token.text == "}" and self._depth == self._outside:
            self._outside = None
        if token.text in ("{", "(") and self._last.kind == "name" and self._before.text.upper() != "GRAPH":
            glued = _GLUED.search(self._last.text.partition(":")[0])
            if glued and (glued[1] is not None) == (token.text == "{"):
                self._refuse("SERVICE", self._last)

    def _at_operation(self) -> bool:
        """Tell whether an update operation may begin here: at first, behind ``;`` and behind the prologue."""
        if self._depth:
            return False
        declared = self._before.text.endswith(":") or self._before.text.upper() == "BASE"
        return self._last.text in ("", ";") or (self._last.kind == "iri" and declared)

    def _load(self, token: Token) -> None:
        if not self._loads:
            self._refuse("LOAD", token)

    def _refuse(self, keyword: str, token: Token) -> NoReturn:
        raise RemoteAccess(keyword, place_of(self._text, token.start))


class _Frame:
    """An open bracket, and how deep a tree a parser makes of what it holds."""

    def __init__(self, closing: str, *, counted: bool, expression: bool) -> None:
        self.closing, self.counted, self.expression = closing, counted, expression
        self._links = self._deepest_inside = self._deepest = 0

    @property
    def height(self) -> int:
        """The longest chain so far, with the longest inside one of its links."""
        return max(self._deepest, self._links + self._deepest_inside)

    def link(self) -> None:
        """Note that the chain goes on."""
        self._links += self.counted

    def end_of_argument(self) -> None:
        """Note that a chain ends: arguments stand side by side."""
        self._deepest, self._links, self._deepest_inside = self.height, 0, 0

    def hold(self, inner: _Frame) -> None:
        """Note a bracket inside."""
        self._deepest_inside = max(self._deepest_inside, inner.height)


_CHAINING = frozenset(("|", "||", "&&", "!", "/", "*", "^", "+", "-", "=", "!=", "<", ">", "<=", ">="))
_SIGNS = frozenset("+-")
# What these open is read as Turtle, without recursion, and may hold any number of graphs and values.
_TEMPLATES = frozenset(("DATA", "INSERT", "DELETE", "INSERTDATA", "DELETEDATA"))


class _DepthWatch:
    """Counts how deep brackets are nested, and how many operators and groups follow one another."""

    def __init__(self, text: str, max_depth: int) -> None:
        self._text, self._max_depth = text, max_depth
        self._frames = [_Frame("", counted=True, expression=False)]
        self._last = ""

    def see(self, token: Token) -> None:
        """Look at the next token."""
        if token.kind == "mark":
            if token.text in OPENING:
                self._open(token)
            elif token.text == self._frames[-1].closing:
                closed = self._frames.pop()
                self._frames[-1].hold(closed)
            elif token.text == "," and token.expression:
                self._frames[-1].end_of_argument()
            elif token.text in _CHAINING and (token.expression or token.text not in _SIGNS):
                self._link(token)
        self._last = token.text.upper()

    def end(self) -> None:
        """Do nothing: brackets left open are a syntax error."""

    def _open(self, token: Token) -> None:
        outer = self._frames[-1]
        if token.text == "{" or (token.expression and not outer.expression):
            self._link(token)
        counted = outer.counted and not (token.text == "{" and self._last in _TEMPLATES)
        self._frames.append(_Frame(OPENING[token.text], counted=counted, expression=token.expression))
        if len(self._frames) > self._max_depth + 1:
            self._refuse(f"brackets are nested more than {self._max_depth} deep", token)

    def _link(self, token: Token) -> None:
        self._frames[-1].link()
        if self._frames[-1].height > MAX_CHAIN:
            self._refuse(f"more than {MAX_CHAIN} operators or groups follow one another", token)

    def _refuse(self, message: str, token: Token) -> None:
        raise TooDeep(message, place_of(self._text, token.start))
