"""Federation: queries that ask other servers (SERVICE), updates that fetch documents (LOAD), where a list allows it.

The engine opens connections to whatever a query names. So the names are taken out of the text before the engine sees
it: each SERVICE gets the address of a forwarder in this process, which asks the endpoint in its stead, if the list
allows it, at a pinned address and within bounds (``graph.pinned_client``). Endpoints inside the part of another one
are asked by that; they too must be on the list, and stand in the engine's text as something that it cannot ask.

The engine cannot ask endpoints that come out of the data (``SERVICE ?endpoint``), so the query is asked twice: first
without such clauses, for the endpoints alone; then with a UNION over these in their place, each of which must be on
the list. That works where the clause stands in the outermost group.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from graph import media, tsv
from graph.allow_list import AllowList, Lookup, looked_up
from graph.composition import Composition, composed
from graph.endpoints_in_data import endpoints_query, extent
from graph.engine import MEGABYTE, Answer
from graph.guard import NotAccepted, RemoteAccess, ServiceClause, service_clauses
from graph.pinned_client import EndpointRefused, PinnedClient, RemoteFailed, Reply
from graph.quads import iri, text_of
from graph.reach import DocumentWanted, Fetched, Reach
from graph.settle import Outcome, Part, Proposal, UpdateRequest
from graph.sparql_tokens import Place, Token, place_of
from graph.sparql_update import Edit
from graph.store import QueryFault, SyntaxFault

Begun = Callable[[str, Sequence[str]], Answer]
"""Starts the answer to a query, in the first of the media types that fits."""

MOST_ENDPOINTS = 20
"""How many endpoints a variable may stand for."""
MOST_DOCUMENTS = 20
"""How many documents one update may load."""
MOST_CALLS = 200
"""How often one query may ask other servers; the same question asked again does not count."""
MOST_QUESTION = 1 * MEGABYTE
"""The longest question that is passed on, in bytes."""
_ACCEPTED = {
    "Accept": f"{media.RESULTS_JSON}, {media.RESULTS_XML};q=0.9",
    "Content-Type": "application/sparql-query",
}
_RESULTS = (media.RESULTS_JSON, media.RESULTS_XML, "application/json", "application/xml", "text/xml")
_DOCUMENTS = ", ".join(f"{kind};q={1 - number / 10:.1f}" for number, kind in enumerate(media.RDF_TYPES))


class _Writing:
    """A text for the engine that is being written: addresses of the forwarder in place of endpoints."""

    def __init__(self, text: str, root: str) -> None:
        self._text, self.root = text, root
        self._edits: list[Edit] = []
        self.endpoints: list[str] = []
        self.inner: dict[str, str] = {}

    @property
    def text(self) -> Composition:
        """The text as it stands."""
        return composed(self._text, self._edits)

    def write(self, clause: ServiceClause, found: Sequence[str] | None) -> None:
        """Replace the endpoint of a clause, or the clause by one for each endpoint that its variable stands for."""
        if clause.inner:
            self._replace(clause.endpoint, self._placeholder(clause.iri))
        elif clause.iri:
            self._replace(clause.endpoint, self._address(clause.iri))
        elif found is not None:
            self._spread(clause, found)
        else:
            raise RemoteAccess("SERVICE", place_of(self._text, clause.keyword.start))

    def _spread(self, clause: ServiceClause, found: Sequence[str]) -> None:
        start, stop = extent(self._text, clause)
        variable, pattern = clause.endpoint.text, self._text[clause.endpoint.end : stop]
        keyword = self._text[start : clause.endpoint.start]
        alternatives = [
            f"{{ VALUES {variable} {{ {iri(endpoint)} }} {keyword} {self._address(endpoint)} {pattern} }}"
            for endpoint in found
        ]
        self._edits.append(Edit(start, stop, " UNION ".join(alternatives) or f"VALUES {variable} {{ }}"))

    def _replace(self, token: Token, term: str) -> None:
        self._edits.append(Edit(token.start, token.end, term))

    def _address(self, endpoint: str) -> str:
        self.endpoints.append(endpoint)
        return f"<{self.root}/{len(self.endpoints) - 1}>"

    def _placeholder(self, endpoint: str) -> str:
        placeholder = f"urn:x-endpoint:{self.root.rpartition('/')[2]}:{len(self.inner)}:"
        self.inner[placeholder] = endpoint
        return f"<{placeholder}>"


@dataclass
class Call:
    """What one query may ask through the forwarder; over when it is closed.

    Attributes:
        text: what the engine gets.
        forwarder: who asks.
        root: what the forwarder's addresses for this call begin with.
        endpoints: who may be asked.
        inner: what stands in the engine's text for endpoints that other endpoints ask.
        fault: why a question got no answer (the first time).
    """

    text: Composition
    forwarder: _Forwarder
    root: str
    endpoints: tuple[str, ...]
    inner: Mapping[str, str]
    fault: RemoteFailed | EndpointRefused | None = None
    _replies: dict[tuple[str, bytes], Reply] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def addresses(self) -> frozenset[str]:
        """The addresses that stand in the engine's text."""
        return frozenset(f"{self.root}/{number}" for number in range(len(self.endpoints))) | self.inner.keys()

    @property
    def secret(self) -> str:
        """What tells this call's questions from others."""
        return self.root.rpartition("/")[2]

    def close(self) -> None:
        """Let nothing more be asked."""
        self.forwarder.forget(self)

    def reply(self, number: int, question: bytes) -> Reply:
        """Return what an endpoint answers to a question; asked once for each question."""
        endpoint = self.endpoints[number]
        for placeholder, endpoint_inside in self.inner.items():
            question = question.replace(placeholder.encode(), endpoint_inside.encode())
        with self._lock:
            held = self._replies.get((endpoint, question))
            total = sum(len(reply.body) for reply in self._replies.values())
            if held is None and (
                len(self._replies) >= MOST_CALLS or total > self.forwarder.client.bytes_at_most
            ):
                raise RemoteFailed(endpoint, "too many questions")
        if held is None:
            held = self.forwarder.client.asked("POST", endpoint, _ACCEPTED, question)
            if held.media_type not in _RESULTS:
                raise RemoteFailed(endpoint, held.media_type)
            with self._lock:
                self._replies[endpoint, question] = held
        return held

    def blamed(self, fault: Exception) -> Exception:
        """Return what is to be told of a fault of the engine's: its true cause, in the places of the query."""
        if isinstance(fault, QueryFault) and self.fault:
            return self.fault
        try:
            with self.text.blamed():
                raise fault
        except (SyntaxFault, NotAccepted) as moved:
            return moved


class ReachingAnswer:
    """An answer for which other servers are asked; ``Answer`` as others."""

    def __init__(self, answer: Answer, call: Call) -> None:
        self._answer, self._call = answer, call
        self.media_type, self.version = answer.media_type, answer.version

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in pieces."""
        try:
            yield from self._answer
        except (QueryFault, SyntaxFault) as fault:
            raise self._call.blamed(fault) from fault
        finally:
            self._call.close()

    def body(self) -> bytes:
        """Return all bytes."""
        return b"".join(self)

    def close(self) -> None:
        """Give up the rest."""
        self._call.close()
        self._answer.close()


class Federation:
    """Asks other servers on behalf of queries and updates; closed unless the list names somebody."""

    def __init__(
        self,
        allowed: AllowList,
        *,
        base: str = "",
        bytes_at_most: int = 16 * MEGABYTE,
        seconds: float = 10.0,
        lookup: Lookup = looked_up,
    ) -> None:
        """Take the list and the bounds.

        Args:
            allowed: who may be asked.
            base: what relative IRIs of endpoints are resolved against.
            bytes_at_most: the largest answer, and the largest sum of answers for one query.
            seconds: how long one exchange may take.
            lookup: resolves names.
        """
        self.allowed, self._base = allowed, base
        self._bounds = (bytes_at_most, seconds, lookup)
        self._lock = threading.Lock()
        self._forwarder: _Forwarder | None = None

    def answer(self, text: str, media_types: Sequence[str], begun: Begun, base: str = "") -> Answer:
        """Return the answer to a query that asks other servers.

        Args:
            text: the query.
            media_types: see ``Engine.answer``.
            begun: starts the answer to a text without names of other servers, by a worker that reaches the forwarder.
            base: what relative IRIs of endpoints are resolved against; empty: the base of the service.

        Raises:
            RemoteAccess, EndpointRefused: the list does not allow an endpoint.
            RemoteFailed: an endpoint gave no answer.
        """
        clauses = service_clauses(text, self.allowed, base=base or self._base)
        variable = [clause for clause in clauses if not clause.iri]
        found = {
            one: self._endpoints(endpoints_query(text, variable, one), one.endpoint.text[1:], begun, base)
            for one in variable
        }
        return self._answer(self._call(text, clauses, found), media_types, begun)

    def drafted(self, proposal: Proposal, draft: Callable[[Proposal], Outcome]) -> Outcome:
        """Return the outcome of a proposal whose updates may ask other servers, as ``draft`` works it out.

        Raises:
            as ``answer``, and what ``draft`` raises.
        """
        if not self.allowed:
            return draft(proposal)
        with ExitStack() as closing:
            calls: list[Call] = []
            parts = [self._within_reach(part, calls) for part in proposal.parts]
            for call in calls:
                closing.callback(call.close)
            try:
                return self._drafted(replace(proposal, parts=tuple(parts)), draft)
            except (QueryFault, SyntaxFault, NotAccepted) as fault:
                raise (calls[0].blamed(fault) if len(calls) == 1 else fault) from fault

    def _drafted(self, proposal: Proposal, draft: Callable[[Proposal], Outcome]) -> Outcome:
        """Work a proposal out again and again, until all documents are there that it names."""
        for _ in range(MOST_DOCUMENTS):
            try:
                return draft(proposal)
            except DocumentWanted as wanted:
                document = self._wanted(wanted)
                parts = tuple(_with_document(part, wanted.iri, document) for part in proposal.parts)
                proposal = replace(proposal, parts=parts)
        return draft(proposal)

    def _within_reach(self, part: Part, calls: list[Call]) -> Part:
        """Return a part that may ask for what the list allows."""
        if not isinstance(part, UpdateRequest):
            return part
        clauses = service_clauses(part.text, self.allowed, base=part.base or self._base, loads=True)
        if not clauses:
            return replace(part, reach=Reach(is_open=True))
        calls.append(self._call(part.text, clauses, {}))
        return replace(part, text=calls[-1].text.text, reach=Reach(calls[-1].addresses, is_open=True))

    def _wanted(self, wanted: DocumentWanted) -> Fetched | None:
        """Return a document that LOAD names; ``None``: it cannot be had, and need not."""
        try:
            return self.fetched(wanted.iri)
        except (EndpointRefused, RemoteFailed) as fault:
            if wanted.silent:
                return None
            if isinstance(fault, RemoteFailed):
                raise
            raise RemoteAccess("LOAD", Place(wanted.line, wanted.column)) from fault

    def _endpoints(self, query: str, variable: str, begun: Begun, base: str) -> list[str]:
        """Return the endpoints that a query finds."""
        rows = tsv.rows(self.answer(query, (media.TSV,), begun, base).body())
        found = [text_of(row[variable]) if variable in row else "" for row in rows]
        if refused := [endpoint for endpoint in found if endpoint not in self.allowed]:
            raise EndpointRefused(refused[0])
        if len(found) > MOST_ENDPOINTS:
            raise RemoteFailed(f"?{variable}", f"more than {MOST_ENDPOINTS} endpoints")
        return found

    def _answer(self, call: Call, media_types: Sequence[str], begun: Begun) -> Answer:
        try:
            return ReachingAnswer(begun(call.text.text, media_types), call)
        except (QueryFault, SyntaxFault, NotAccepted) as fault:
            call.close()
            raise call.blamed(fault) from fault
        except BaseException:
            call.close()
            raise

    def _call(
        self, text: str, clauses: Sequence[ServiceClause], found: Mapping[ServiceClause, Sequence[str]]
    ) -> Call:
        """Return the text for the engine, and what may be asked through the forwarder until it is closed."""
        forwarder = self._running()
        writing = _Writing(text, f"{forwarder.address}/{secrets.token_hex(16)}")
        for clause in clauses:
            writing.write(clause, found.get(clause))
        call = Call(writing.text, forwarder, writing.root, tuple(writing.endpoints), writing.inner)
        forwarder.expect(call)
        return call

    def fetched(self, iri: str) -> Fetched:
        """Return a document that LOAD names.

        Raises:
            EndpointRefused: the list does not allow it.
            RemoteFailed: it cannot be had, or is no RDF.
        """
        if iri not in self.allowed:
            raise EndpointRefused(iri)
        reply = self._running().client.asked("GET", iri, {"Accept": _DOCUMENTS})
        kind = media.SYNONYMS.get(reply.media_type, reply.media_type)
        if kind not in media.RDF_TYPES:
            kind = media.media_type_of_file(iri)
        if not kind:
            raise RemoteFailed(iri, reply.media_type)
        return Fetched(reply.body, kind)

    def close(self) -> None:
        """Stop; questions that wait for another server get no answer."""
        with self._lock:
            if self._forwarder:
                self._forwarder.close()
                self._forwarder = None

    def _running(self) -> _Forwarder:
        """Return the forwarder, which is started when it is needed first."""
        with self._lock:
            if self._forwarder is None:
                bytes_at_most, seconds, lookup = self._bounds
                client = PinnedClient(
                    self.allowed, bytes_at_most=bytes_at_most, seconds=seconds, lookup=lookup
                )
                self._forwarder = _Forwarder(client)
            return self._forwarder


class _Forwarder:
    """A server for our own workers only: its addresses hold a secret that ends with the query."""

    def __init__(self, client: PinnedClient) -> None:
        self.client = client
        self._calls: dict[str, Call] = {}
        self._server = _Listener(("127.0.0.1", 0), _Exchange)
        self._server.forwarder = self
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="forwarder", daemon=True
        )
        self._thread.start()

    def expect(self, call: Call) -> None:
        """Pass on the questions of a call from now on."""
        self._calls[call.secret] = call

    def forget(self, call: Call) -> None:
        """Pass on no more questions of a call."""
        self._calls.pop(call.secret, None)

    def passed_on(self, path: str, question: bytes) -> Reply | None:
        """Return the answer to a question; ``None``: there is none, and the call knows why."""
        _, secret, number = path.split("/") if path.count("/") == 2 else ("", "", "")
        call = self._calls.get(secret)
        if call is None or not number.isdecimal() or int(number) >= len(call.endpoints):
            return None
        try:
            return call.reply(int(number), question)
        except (RemoteFailed, EndpointRefused) as fault:
            call.fault = call.fault or fault
            return None

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.client.close()


class _Listener(ThreadingHTTPServer):
    """Listens for the workers."""

    daemon_threads = True
    forwarder: _Forwarder


class _Exchange(BaseHTTPRequestHandler):
    """One question of the engine."""

    server: _Listener
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_POST(self) -> None:
        """Pass a question on."""
        length = int(self.headers.get("Content-Length") or 0)
        reply = None
        if length <= MOST_QUESTION:
            reply = self.server.forwarder.passed_on(self.path, self.rfile.read(length))
        body = reply.body if reply else b""
        self.send_response(200 if reply else 502)
        self.send_header("Content-Type", reply.media_type if reply else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: faults are told to whoever asked."""


def _with_document(part: Part, address: str, document: Fetched | None) -> Part:
    """Return a part that has one more document within reach."""
    if not isinstance(part, UpdateRequest):
        return part
    documents = {**part.reach.documents, address: document}
    return replace(part, reach=replace(part.reach, documents=documents))
