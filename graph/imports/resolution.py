"""Resolutions: what a name on a list stands for among what is held, or that nobody can say yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

How = Literal["identifier", "decided", "name", "alias", "candidates", "ambiguous", "new"]
"""By an identifier, a remembered or present decision, the exact name, another exact name (alias, former name, short
form on record); or open: only similar names (candidates), several that fit equally (ambiguous), nothing like it
(new)."""


class Place(NamedTuple):
    """A row that names something: table key, row (from 1), and column key of the workbook."""

    table: str
    row: int
    column: str


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing that a file names, however often: rows that surely mean the same are one mention.

    Attributes:
        key: what it is called in decisions: stable for the same file, e.g. ``organization|吉林示例医院|220100``.
        to: organization, department, alliance or programme.
        text: its name as written.
        within: for a department: key of the mention of its organization (else empty).
        identifiers: scheme (``USCC``, ``Licence``, ``Local``, …) to value.
        other_names: other names that the file gives it (aliases, former names, English).
        area: IRI of the division where it is, as far as stated (else empty).
        places: where it is named.
        defining: whether a row is about it (a row of a member list), not only refers to it.
        may_stay_text: whether it is only named where the text itself will do (a column with ``otherwise``).
        written: other texts that name it, local ids included.
    """

    key: str
    to: str
    text: str
    within: str = ""
    identifiers: Mapping[str, str] = field(default_factory=dict)
    other_names: tuple[str, ...] = ()
    area: str = ""
    places: tuple[Place, ...] = ()
    defining: bool = False
    may_stay_text: bool = False
    written: tuple[str, ...] = ()

    def is_written(self, text: str) -> bool:
        """Tell whether a text is among those that name it."""
        return text == self.text or text in self.written


@dataclass(frozen=True, slots=True)
class Candidate:
    """A held thing that a mention may mean.

    Attributes:
        iri: the thing; for ``same-file`` the key of the other mention.
        labels: its names by language.
        matched: the name of it that is similar.
        score: 0 to 100; what the order is by.
        reasons: codes that say why it is offered or speaks against it: ``same-name``, ``alias``, ``former-name``,
            ``short-form``, ``pinyin``, ``similar``, ``same-place``, ``other-place``, ``place-unknown``, ``branch``,
            ``same-identifier``, ``other-identifier``, ``same-file`` (another row of this file), ``other-number``
            (第一, 第二), ``other-kind`` (妇幼保健院, 妇产医院).
        area: labels of where it is, by language.
    """

    iri: str
    labels: Mapping[str, str]
    matched: str
    score: int
    reasons: tuple[str, ...]
    area: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a mention stands for.

    Attributes:
        mention: the mention.
        how: see ``How``.
        iri: the thing it stands for; empty while open, and for a new thing that has no name yet.
        candidates: what it may mean, the likeliest first.
        is_new: whether it was decided (or accepted) that it is a new thing.
        kept_back: whether its rows wait for a decision.
        same_as: key of another mention of the file that it was decided to be the same as (else empty).

    Open, and neither new nor kept back: the text is kept as a text (``Mention.may_stay_text``).
    """

    mention: Mention
    how: How
    iri: str = ""
    candidates: tuple[Candidate, ...] = ()
    is_new: bool = False
    kept_back: bool = False
    same_as: str = ""

    @property
    def follows(self) -> bool:
        """Whether it is a new department, which waits or comes with its organization: nobody is asked about it."""
        return self.how == "new" and bool(self.mention.within)


NEW = "new"
"""A decision: the mention is a new thing."""
LATER = "later"
"""A decision: not now; its rows are kept back."""
