"""Options: what the reader of an import has said about it so far, and how that is written down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from graph.imports.faults import WrongOption

NONE = "none"
"""Said of an alliance or of an earlier document: there is none, whatever would be proposed."""

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_AREA = re.compile(r"\d{6}|https?://[^\s<>\"{}|^`\\]+")
_IRI = re.compile(r"[^\s<>\"{}|^`\\]*")
_FORMS = {"dated": _DATE, "area": _AREA, "supersedes": _IRI, "crs": re.compile(r"(?i)wgs84|gcj02|bd09")}
"""How some options have to be written."""
_LONGEST = 1000
"""Characters of a text."""


@dataclass(frozen=True)
class TableChoice:
    """What the reader says of one table.

    Attributes:
        kind: key of the sheet of the workbook that it is (empty: as recognised).
        columns: column of the sheet, from 1, to the key of what it holds (empty: nothing of use).
        visibility: key of a column to who may see it: ``public``, ``alliance`` or ``internal``; only made stricter.
        used: whether its rows count.
    """

    kind: str = ""
    columns: Mapping[int, str] = field(default_factory=dict)
    visibility: Mapping[str, str] = field(default_factory=dict)
    used: bool = True


@dataclass(frozen=True)
class Options:
    """What holds for an import as a whole; what is empty is proposed from the files.

    Attributes:
        why: why it is made; goes into the history.
        alliance: the alliance that the members are in: its IRI or name; ``none``: none.
        area: code or IRI of the division that it is about.
        source: title of the document.
        dated: the date that the document bears: ``2026``, ``2026-03`` or ``2026-03-05``.
        crs: coordinate system of coordinates that name none.
        supersedes: IRI of the document that this is a new version of; ``none``: of no other.
        accept_new: whether names without a match are new things.
        leave_out_errors: whether what cannot be kept is left out, rather than standing in the way.
        decisions: key of a mention to what it stands for: an IRI, ``new`` or ``later``.
        mapping: key of a table to what the reader says of it.
        sources: name of a file to its own ``source``, ``dated``, ``supersedes``, where there are several files.
    """

    why: str = ""
    alliance: str = ""
    area: str = ""
    source: str = ""
    dated: str = ""
    crs: str = ""
    supersedes: str = ""
    accept_new: bool = False
    leave_out_errors: bool = False
    decisions: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, TableChoice] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def said(self) -> dict[str, Any]:
        """Return the options as JSON holds them."""
        return asdict(self)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Options:
        """Return the options that JSON holds.

        Raises:
            WrongOption: a name is unknown, or a value is of the wrong kind.
        """
        return cls().revised(said)

    def revised(self, said: Mapping[str, Any]) -> Options:
        """Return the options after the reader said more; what is not named stays as it was.

        Raises:
            WrongOption: a name is unknown, or a value is of the wrong kind.
        """
        known = {one.name for one in fields(self)}
        said = _flat(said)
        for name in said:
            if name not in known:
                raise WrongOption(name, said[name])
        revised: dict[str, Any] = {name: _revised(self, name, value) for name, value in said.items()}
        return replace(self, **revised)

    def of_file(self, file: str) -> Options:
        """Return the options that hold for one file."""
        own: dict[str, Any] = dict(self.sources.get(file, {}))
        return replace(self, **own)


_OF_A_FILE = ("source", "dated", "supersedes")


def _flat(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what was said, with what was said of the source beside the rest: there its title is ``source``."""
    source = said.get("source")
    if not isinstance(source, Mapping):
        return said
    rest = {name: value for name, value in said.items() if name != "source"}
    return rest | {"source" if name == "title" else name: value for name, value in source.items()}


def _revised(options: Options, name: str, value: object) -> object:
    """Return the new value of one option."""
    match name:
        case "accept_new" | "leave_out_errors":
            return _of_kind(name, value, bool)
        case "decisions":
            return {**options.decisions, **_texts(name, value)}
        case "mapping":
            return {**options.mapping, **{key: _choice(key, one) for key, one in _items(name, value)}}
        case "sources":
            return {**options.sources, **{key: _of_file(key, one) for key, one in _items(name, value)}}
    return _written(name, _of_kind(name, value, str).strip())


def _written(name: str, value: str) -> str:
    """Return a text option that is written as it has to be."""
    if len(value) > _LONGEST or (value and name in _FORMS and not _FORMS[name].fullmatch(value)):
        raise WrongOption(name, value[:80])
    return value


def _choice(key: str, said: object) -> TableChoice:
    given = dict(_items(key, said))
    if unknown := given.keys() - {one.name for one in fields(TableChoice)}:
        raise WrongOption(key, sorted(unknown)[0])
    return TableChoice(
        kind=_of_kind(key, given.get("kind", ""), str),
        columns={_column(key, name): value for name, value in _texts(key, given.get("columns", {})).items()},
        visibility=_texts(key, given.get("visibility", {})),
        used=_of_kind(key, given.get("used", True), bool),
    )


def _of_file(key: str, said: object) -> dict[str, str]:
    given = _texts(key, said)
    if unknown := given.keys() - set(_OF_A_FILE):
        raise WrongOption(key, sorted(unknown)[0])
    return {name: _written(name, value.strip()) for name, value in given.items()}


def _items(name: str, value: object) -> list[tuple[str, object]]:
    if not isinstance(value, Mapping):
        raise WrongOption(name, value)
    return [(str(key), one) for key, one in value.items()]


def _texts(name: str, value: object) -> dict[str, str]:
    return {key: _of_kind(name, one, str) for key, one in _items(name, value)}


def _column(name: str, said: str) -> int:
    if not said.isdecimal():
        raise WrongOption(name, said)
    return int(said)


def _of_kind(name: str, value: object, kind: type[Any]) -> Any:
    if not isinstance(value, kind):
        raise WrongOption(name, value)
    return value
