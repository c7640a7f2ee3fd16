"""Reconciliation: what the names of an import stand for among what is held.

An exact name, a known other name or an identifier resolves; a similar name is only a candidate; a tie stays
ambiguous; places weigh in; nothing merges by itself; what was decided is remembered. See
``docs/explanation/name-matching.md``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.imports.candidates import (
    TELLING,
    Candidates,
    Hint,
    Places,
    conflicts,
    department_name,
    department_names,
    departments_like,
    identifier_hint,
    name_hint,
)
from graph.imports.known_names import Held, KnownNames
from graph.imports.resolution import LATER, NEW, Candidate, How, Mention, Resolution
from graph.imports.written_names import identifier_key, is_branch, is_relative, normalised

Remembered = Callable[[str, str], str | None]
"""Told a scheme and a key, returns the IRI that they stand for."""

BY_NAME = "name"
"""The scheme under which decisions about names are remembered beyond their document."""

_DEPARTMENT = "department"
_OPEN = ("candidates", "ambiguous", "new")
_SURE_TIE = 80
_IDENTIFIER = re.compile(r"[0-9A-Z]{8,}")
_LIKE_AN_ID = re.compile(r"[a-z]{0,6}[-_.]?\d[\w.\-]*", re.ASCII)


def resolved(
    mentions: Sequence[Mention],
    known: KnownNames,
    *,
    decisions: Mapping[str, str] | None = None,
    remembered: Remembered = lambda _scheme, _key: None,
    documents: Sequence[str] = (),
    area: str = "",
    accept_new: bool = False,
) -> list[Resolution]:
    """Return what mentions stand for, in their order.

    Args:
        mentions: what the files name.
        known: what is held.
        decisions: key of a mention to what it stands for: an IRI, ``new``, ``later``, or the key of another mention.
        remembered: what was decided before, and what identifiers stand for.
        documents: IRIs of the documents that the files are versions of: what was decided about them holds.
        area: IRI of the division that the import is about (empty: none).
        accept_new: whether open names are new things; ambiguous ones stay open.
    """
    matching = _Matching(mentions, known, decisions or {}, remembered, documents, area)
    found = matching.outcomes()
    offered = matching.offered(found)
    units = {
        mention.key: _resolution(mention, found[mention.key], offered.get(mention.key, ()), accept_new)
        for mention in mentions
        if mention.to != _DEPARTMENT
    }
    units = _same_resolved(units, matching.same(units))
    return [
        units[mention.key] if mention.key in units else matching.department(mention, units)
        for mention in mentions
    ]


def remembrance(resolutions: Iterable[Resolution], documents: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return what is to be remembered of decisions: schemes, keys and IRIs.

    A decision holds for later versions of its document; and, where the name alone tells what is meant, for lists of
    other documents, too.
    """
    kept = []
    for one in resolutions:
        if one.how == "decided" and one.iri:
            kept += [(document, one.mention.key, one.iri) for document in documents]
            name = _name_key(one.mention)
            if name and not one.is_new:
                kept.append((BY_NAME, name, one.iri))
    return kept


@dataclass(frozen=True)
class _Outcome:
    """What is found about a mention before candidates are looked for."""

    how: How
    iri: str = ""
    hints: tuple[Hint, ...] = ()
    decision: str = ""


_NOTHING = _Outcome("new")


class _Matching:
    """The mentions of one import, being matched with what is held."""

    def __init__(
        self,
        mentions: Sequence[Mention],
        known: KnownNames,
        decisions: Mapping[str, str],
        remembered: Remembered,
        documents: Sequence[str],
        area: str,
    ) -> None:
        self._mentions, self._known, self._decisions = mentions, known, decisions
        self._remembered, self._documents = remembered, documents
        self._places = Places(known, area)
        self._keys = {mention.key: mention for mention in mentions}

    def outcomes(self) -> dict[str, _Outcome]:
        """Return what is found about everything that is no department."""
        units = [mention for mention in self._mentions if mention.to != _DEPARTMENT]
        found = {mention.key: self._outcome(mention) for mention in units}
        return {**found, **self._apart(units, found)}

    def offered(self, found: Mapping[str, _Outcome]) -> dict[str, tuple[Candidate, ...]]:
        """Return the candidates of what is open, or was decided in spite of some."""
        due = [key for key, one in found.items() if one.how in _OPEN or one.decision]
        open_ones = [self._keys[key] for key in due]
        candidates = Candidates(self._known, self._places, open_ones)
        return {mention.key: candidates.of(mention, found[mention.key].hints) for mention in open_ones}

    def same(self, units: Mapping[str, Resolution]) -> dict[str, str]:
        """Return the keys of mentions decided to be another one, with the key of the last in the chain."""
        chosen = {
            key: decision
            for key, decision in self._decisions.items()
            if key in units and decision in units and self._keys[key].to == self._keys[decision].to
        }
        ends = {key: _end_of(key, chosen) for key in chosen}
        return {key: end for key, end in ends.items() if end and end != key}

    # --- Organizations, alliances, programmes ---------------------------------------------------------------

    def _outcome(self, mention: Mention) -> _Outcome:
        found = self._by_identifier(mention) or self._by_name(mention)
        decision = self._decided(mention)
        if decision in (NEW, LATER):
            return _Outcome("decided", "", found.hints, decision)
        if decision:
            return _Outcome("decided", decision, found.hints, decision)
        before = self._decided_before(mention)
        if before and before != found.iri:
            return _Outcome("decided", before)
        return found

    def _decided(self, mention: Mention) -> str:
        """Return the decision about a mention; one that means nothing counts as none."""
        decision = self._decisions.get(mention.key, "")
        if decision in (NEW, LATER) or self._is_thing(decision, mention.to):
            return decision
        return ""

    def _is_thing(self, iri: str, to: str) -> bool:
        held = self._known.get(iri)
        return held is not None and held.to == to

    def _decided_before(self, mention: Mention) -> str:
        """Return what a mention was decided to be, in its document or by its name in another one."""
        found = [self._remembered(document, mention.key) for document in self._documents]
        listed = {iri for iri in found if iri and self._may_mean(iri, mention)}
        if len(listed) == 1:
            return listed.pop()
        name = _name_key(mention)
        by_name = self._remembered(BY_NAME, name) if name and not listed else None
        held = self._known.get(by_name) if by_name else None
        return held.iri if held and held.to == mention.to and not conflicts(mention, held) else ""

    def _may_mean(self, iri: str, mention: Mention) -> bool:
        held = self._known.get(iri)
        return held.to == mention.to if held else not self._known.is_illustrative(iri)

    def _by_identifier(self, mention: Mention) -> _Outcome | None:
        """Return what the identifiers of a mention stand for; ``None``: they say nothing."""
        found = self._identified(mention)
        if not found:
            return None
        hints = tuple(identifier_hint(held, mention) for held in found.values())
        named = self._known.named(mention.to, normalised(mention.text))
        others = [name_hint(held, normalised(mention.text)) for held in named if held.iri not in found]
        held = next(iter(found.values()))
        if len(found) > 1 or _differs(mention, held) or (others and len(others) == len(named)):
            return _Outcome("ambiguous", "", (*hints, *others))
        if is_branch(mention.text) != _has_branch_name(held):
            return _Outcome("candidates", "", (*hints, *others))
        return _Outcome("identifier", held.iri, hints)

    def _identified(self, mention: Mention) -> dict[str, Held]:
        pairs = [(scheme, value) for scheme, value in mention.identifiers.items() if scheme in TELLING]
        if not mention.defining and _IDENTIFIER.fullmatch(identifier_key(mention.text)):
            pairs.append(("", mention.text))  # a reference may be an identifier itself
        return {
            held.iri: held
            for scheme, value in pairs
            for held in self._known.identified(scheme, value)
            if held.to == mention.to
        }

    def _by_name(self, mention: Mention) -> _Outcome:
        name = normalised(mention.text)
        named = self._known.named(mention.to, name)
        if not named:
            return _NOTHING
        hints = tuple(name_hint(held, name) for held in named)
        own = [held for held in named if held.kind_of(name) == "name"]
        meant, how = self._meant(mention, name, own or named)
        if meant and (own or is_branch(mention.text) == _has_branch_name(meant)):
            return _Outcome("name" if own else "alias", meant.iri, hints)
        return _Outcome("candidates" if meant else how, "", hints)

    def _meant(self, mention: Mention, name: str, named: Sequence[Held]) -> tuple[Held | None, How]:
        """Return the one of several things of a name that is meant, or how it stays open."""
        near = [held for held in named if not self._places.contradict(mention, held, name)]
        if not near:
            return None, "candidates"
        fitting = [held for held in near if not conflicts(mention, held)]
        if len(near) == 1 and fitting:
            return fitting[0], "name"
        return None, "ambiguous"

    def _apart(self, units: Sequence[Mention], found: Mapping[str, _Outcome]) -> dict[str, _Outcome]:
        """Return what becomes of mentions that a name leads to one thing, though the file tells them apart."""
        by_thing: dict[tuple[str, str], list[Mention]] = defaultdict(list)
        for mention in units:
            one = found[mention.key]
            if one.how in ("name", "alias"):
                by_thing[one.iri, normalised(mention.text)].append(mention)
        changed: dict[str, _Outcome] = {}
        for (iri, _), same in by_thing.items():
            if len(same) < 2:
                continue
            held = self._known.get(iri)
            sure = [mention for mention in same if held and self._places.agree(mention, held)]
            for mention in same:
                if sure != [mention]:
                    changed[mention.key] = replace(found[mention.key], how="ambiguous", iri="")
        return changed

    # --- Departments ----------------------------------------------------------------------------------------

    def department(self, mention: Mention, units: Mapping[str, Resolution]) -> Resolution:
        """Return what a department stands for, its organization being settled."""
        decision = self._decided(mention)
        if decision == LATER:
            return Resolution(mention, "decided", kept_back=True)
        whole = units.get(mention.within)
        if decision == NEW:
            return Resolution(mention, "decided", is_new=True, kept_back=bool(whole and whole.kept_back))
        if decision or (before := self._decided_before(mention)):
            return Resolution(mention, "decided", decision or before)
        organization = self._known.get(whole.iri) if whole else self._organization_of(mention)
        if organization is None:
            return self._without_held_organization(mention, whole)
        return self._within(mention, organization, is_listed=whole is not None)

    def _within(self, mention: Mention, organization: Held, *, is_listed: bool) -> Resolution:
        name = department_name(mention, organization)
        same = [
            held
            for held in self._known.departments(organization.iri)
            if name in department_names(held, organization)
        ]
        if len(same) == 1:
            return Resolution(mention, "name", same[0].iri)
        offered = departments_like(mention, organization, self._known)
        if same:
            return Resolution(mention, "ambiguous", "", offered, kept_back=True)
        how: How = "candidates" if offered else "new"
        return Resolution(mention, how, "", offered, is_new=is_listed, kept_back=not is_listed)

    def _without_held_organization(self, mention: Mention, whole: Resolution | None) -> Resolution:
        if whole is None:
            named = self._known.named(_DEPARTMENT, normalised(mention.text))
            if len(named) == 1:
                return Resolution(mention, "name", named[0].iri)
            return Resolution(mention, "new", kept_back=not mention.may_stay_text)
        is_settled = whole.is_new or bool(whole.iri)
        return Resolution(mention, "new", is_new=is_settled, kept_back=not is_settled)

    def _organization_of(self, mention: Mention) -> Held | None:
        """Return the organization with the name of which that of a department begins."""
        name = normalised(mention.text)
        for end in range(len(name) - 1, 1, -1):
            named = self._known.named("organization", name[:end])
            if named:
                return named[0] if len(named) == 1 else None
        return None


def _resolution(
    mention: Mention, found: _Outcome, offered: tuple[Candidate, ...], accept_new: bool
) -> Resolution:
    """Return the resolution that an outcome leads to."""
    if found.decision in (NEW, LATER):
        is_new = found.decision == NEW
        return Resolution(mention, "decided", "", offered, is_new=is_new, kept_back=not is_new)
    if found.how not in _OPEN:
        return Resolution(mention, found.how, found.iri, offered)
    how = _how_open(found.how, offered)
    if mention.may_stay_text:
        return Resolution(mention, how, "", offered)
    is_new = accept_new and how != "ambiguous" and _is_name(mention)
    return Resolution(mention, how, "", offered, is_new=is_new, kept_back=not is_new)


def _how_open(how: How, offered: Sequence[Candidate]) -> How:
    """Return how a mention stays open: candidates that fit equally well make it ambiguous."""
    if how == "ambiguous" or not offered:
        return how if offered else "new"
    held = [one for one in offered if "same-file" not in one.reasons]
    if len(held) > 1 and held[0].score == held[1].score >= _SURE_TIE and "similar" not in held[0].reasons:
        return "ambiguous"
    return "candidates"


def _same_resolved(units: Mapping[str, Resolution], same: Mapping[str, str]) -> dict[str, Resolution]:
    """Return the resolutions, those that were decided to be the same as another one resolved as that one is."""
    return {
        key: replace(
            one,
            how="decided",
            iri=units[same[key]].iri,
            is_new=units[same[key]].is_new,
            kept_back=units[same[key]].kept_back,
            same_as=same[key],
        )
        if key in same
        else one
        for key, one in units.items()
    }


def _end_of(key: str, chosen: Mapping[str, str]) -> str:
    """Return where a chain of decisions ends; an empty text where it leads in a circle."""
    seen = {key}
    while (next_ := chosen.get(key)) is not None:
        if next_ in seen:
            return ""
        seen.add(next_)
        key = next_
    return key


def _differs(mention: Mention, held: Held) -> bool:
    """Tell whether of one kind of identifier the two have different ones, though another is the same."""
    values: dict[str, set[str]] = defaultdict(set)
    for scheme, value in held.identifiers:
        values[scheme].add(value)
    return any(
        scheme in TELLING and scheme in values and identifier_key(value) not in values[scheme]
        for scheme, value in mention.identifiers.items()
    )


def _has_branch_name(held: Held) -> bool:
    return any(is_branch(name.text) for name in held.names if name.kind == "name")


def _is_name(mention: Mention) -> bool:
    """Tell whether a text can be a name: an id that no sheet explains is none."""
    return mention.defining or not _LIKE_AN_ID.fullmatch(normalised(mention.text))


def _name_key(mention: Mention) -> str:
    """Return the key of a name that tells what is meant in any list; an empty text where it does not."""
    name = normalised(mention.text)
    if mention.to == _DEPARTMENT or (is_relative(name) and not mention.area):
        return ""
    return " ".join((mention.to, name, mention.area.rpartition("/")[2])).strip()
