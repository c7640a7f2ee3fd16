"""Pages from templates: the environment, and what every template may say about its request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from api.access import NOBODY, Identity, identity_of
from api.drawing import SHAPES
from api.i18n import LANGUAGES, NAMES, TAGS, Translator, asked_language, language_of, translator
from graph.keys import key_of
from graph.names import PACKAGED
from graph.nodes import Named, in_language, local_name

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"

_LOCAL = ("id/", "vocab/", "source/", "graph/")  # what an address here may begin with
_PLACES = ("start", "page", "offset", "after")  # how far a reader is in a list that gets shorter
FORMATS = {
    "ttl": ("Turtle", "text/turtle"),
    "jsonld": ("JSON-LD", "application/ld+json"),
    "nt": ("N-Triples", "application/n-triples"),
    "rdf": ("RDF/XML", "application/rdf+xml"),
}
"""Suffix of an address to the name and media type of the format."""

_SUFFIXES = tuple(f".{suffix}" for suffix in FORMATS)


@dataclass(frozen=True)
class View:
    """One reader's view: language, and the addresses that fit it."""

    translator: Translator
    base: str
    asked: str
    """The language that the address asks for; links keep it."""
    address: str
    """Path and query of the page."""
    real: bool = False
    """Whether only what is real is shown; links keep it."""
    identity: Identity = NOBODY
    """Who reads."""
    following: str = "/"
    """Where somebody goes on who signs in here: this page, if it can be opened again."""

    @property
    def sign_in(self) -> str:
        """Return where one signs in and then comes back."""
        return self.local(
            f"/signin?{urlencode({'next': self.following})}" if self.following != "/" else "/signin"
        )

    @property
    def csrf(self) -> str:
        """What the reader's forms send back, so that no other site can send them; empty for nobody."""
        return self.identity.csrf

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.translator.language

    def label(self, labels: Mapping[str, str]) -> str:
        """Return a text in the reader's language, or in another one when it has none."""
        return in_language(labels, self.language)

    def other_label(self, labels: Mapping[str, str]) -> str:
        """Return the name in the other language, empty when there is none."""
        shown = self.label(labels)
        return next((labels[lang] for lang in LANGUAGES if labels.get(lang) not in (None, "", shown)), "")

    def language_tag(self, labels: Mapping[str, str]) -> str:
        """Return the language tag of the text that ``label`` shows, where it is not the page's (else empty)."""
        shown = self.label(labels)
        spoken = next((lang for lang, text in labels.items() if text == shown), "")
        return "" if spoken in ("", self.language) else TAGS.get(spoken, spoken)

    @property
    def kept(self) -> Mapping[str, str]:
        """What links and forms keep of the address: the language that was asked for, and only what is real."""
        asked = {"lang": self.asked, "real": "1" if self.real else ""}
        return {name: value for name, value in asked.items() if value}

    def local(self, path: str) -> str:
        """Return an address of ours with what links keep."""
        if not self.kept:
            return path
        address, hash_, part = path.partition("#")
        return f"{address}{'&' if '?' in address else '?'}{urlencode(self.kept)}{hash_}{part}"

    def href(self, name: str) -> str:
        """Return the page of an IRI on this server; whatever the IRI holds, it is only ever a parameter."""
        return self.local(page_address(name, self.base))

    def explore(self, name: str) -> str:
        """Return the explorer with a thing in the middle, selected, and its relations around it."""
        key = key_of(name, self.base)
        return self.local(f"/explore?{urlencode({'expand': key, 'select': key}, safe='/:')}")

    def members(self, alliance: str, role: str = "") -> str:
        """Return the list of an alliance's members, or of those in one role."""
        asked = {"alliance": key_of(alliance, self.base), **({"role": local_name(role)} if role else {})}
        return self.local(f"/members?{urlencode(asked)}")

    def relation(self, name: str, direction: str, property_: str, after: str) -> str:
        """Return the address of one page of one relation of a thing."""
        asked = {direction: property_, **({"after": after} if after else {})}
        address = page_address(name, self.base)
        return self.local(f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}")

    def outside(self, named: Named) -> str:
        """Return the web address of a thing that the graph says nothing of, empty when it has none."""
        is_web = urlsplit(named.iri).scheme in ("http", "https")
        return named.iri if is_web and not named.described else ""

    def in_other_language(self, language: str) -> str:
        """Return this page in a given language."""
        return self._changed({"lang": language}, ("lang",))

    def only_real(self) -> str:
        """Return this page with only what is real, from the first entry of its list."""
        return self._changed({"real": "1"}, ("real", *_PLACES))

    def with_all(self) -> str:
        """Return this page with all that it can show, from the first entry of its list."""
        return self._changed({}, ("real", *_PLACES))

    def _changed(self, new: Mapping[str, str], without: Collection[str]) -> str:
        parts = urlsplit(self.address)
        kept = [(key, value) for key, value in parse_qsl(parts.query) if key not in without]
        query = urlencode([*kept, *new.items()])
        return f"{parts.path}?{query}" if query else parts.path


def page_address(name: str, base: str) -> str:
    """Return the path of the page of an IRI: its own path where it is one of ours, else ``/resource?iri=``."""
    for start in (base, PACKAGED):
        rest = name.removeprefix(start)
        if start and rest != name and _is_plain(rest):
            return "/" + quote(rest)
    return f"/resource?iri={quote(name, safe='')}"


@dataclass(frozen=True)
class Download:
    """One format in which a thing can be had."""

    name: str
    media_type: str
    address: str


def downloads(name: str, base: str) -> list[Download]:
    """Return the formats of a thing: by suffix where it has a path of its own here, else by a query."""
    address = page_address(name, base)
    described = urlencode({"query": f"DESCRIBE <{name}>"})
    return [
        Download(
            said,
            kind,
            f"{address}.{suffix}" if "?" not in address else f"/sparql?{described}&format={suffix}",
        )
        for suffix, (said, kind) in FORMATS.items()
    ]


def _is_plain(rest: str) -> bool:
    if rest == "ontology":
        return True
    fits = rest.startswith(_LOCAL) and not rest.endswith(_SUFFIXES)
    return fits and not any(sign in rest for sign in "?#%\\") and "//" not in rest and "/." not in rest


def is_real_only(request: Request) -> bool:
    """Tell whether the address asks for nothing but what is real (``real=1``)."""
    return request.query_params.get("real", "").lower() in ("1", "true")


def view_of(request: Request) -> View:
    """Return the view of a request."""
    address = shown_at(request)
    can_come_back = address.partition("?")[0] != "/signin"
    return View(
        translator=translator(language_of(request)),
        base=request.app.state.base,
        asked=asked_language(request),
        address=address,
        real=is_real_only(request),
        identity=identity_of(request),
        following=address if can_come_back else "/",
    )


def shown_at(request: Request) -> str:
    """Return the address at which a page can be opened: its own, or for the answer to a form the one of the form."""
    path = request.url.path
    if request.method not in ("GET", "HEAD"):
        path = getattr(request.state, "shown_at", "/")
    return f"{path}?{request.url.query}" if request.url.query else path


def rendered(request: Request, template: str, **said: object) -> str:
    """Return a page as text."""
    view = view_of(request)
    spoken = {"_": view.translator.text, "ngettext": view.translator.plural}
    about = {"view": view, "request": request, "languages": NAMES, "tags": TAGS}
    return environment().get_template(template).render(**spoken, **about, **said)


def page(request: Request, template: str, status: int = 200, **said: object) -> Response:
    """Return a page as a response."""
    language = language_of(request)
    headers = {"Content-Language": language, "Vary": "Accept, Accept-Language, Cookie"}
    return Response(rendered(request, template, **said), status, headers, media_type="text/html")


@cache
def environment() -> Environment:
    """Return the environment of all templates: everything is escaped, and an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = asset
    made.globals["shapes"] = SHAPES
    return made


def asset(name: str) -> str:
    """Return the address of a built file, with a mark of its content so that browsers may keep it."""
    file = STATIC / "dist" / name
    if not file.is_file():
        return f"/static/dist/{name}"
    return f"/static/dist/{name}?v={_mark(file, file.stat().st_mtime_ns)}"


@lru_cache(maxsize=64)
def _mark(file: Path, _changed: int) -> str:
    return sha256(file.read_bytes()).hexdigest()[:10]
