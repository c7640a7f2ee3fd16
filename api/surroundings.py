"""What is drawn around a thing: its relations as groups of spokes, each line leading to its source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby, takewhile

from api.drawing import Group, Spoke, limited
from api.templating import View
from graph.cards import Card, Fact, Relation
from graph.figures import Breakdown, Figure, Observation
from graph.nodes import Named
from graph.provenance import Provenance, Source
from graph.summary import AllianceSummary, Count
from ontology.kinds import kinds

MEMBER = "http://www.w3.org/ns/org#member"
INITIATED = "https://w3id.org/medalliance/ontology#initiatedBy"


def neighbourhood(shown: Card, view: View) -> tuple[Group, ...]:
    """Return what is drawn on the page of a thing; every line of an illustrative thing is illustrative."""
    groups = limited(
        [*_fact_groups(shown, view), *(_relation_group(one, shown, view) for one in shown.relations)]
    )
    return _with_invented_lines(groups) if shown.illustrative else groups


def home_groups(unit: Card, alliances: Iterable[AllianceSummary], view: View) -> tuple[Group, ...]:
    """Return what is drawn on the home page around the unit that started an alliance; it leads to the explorer."""
    told = {MEMBER, INITIATED}
    rest = [_relation_group(one, unit, view) for one in unit.relations if one.property.iri not in told]
    started = [_alliance_group(one, unit, view) for one in alliances]
    groups = limited([*started, *_fact_groups(unit, view), *rest, *_figure_groups(unit, view)])
    drawn = _with_invented_lines(groups) if unit.illustrative else groups
    return tuple(replace(group, spokes=tuple(explored(one, view) for one in group.spokes)) for group in drawn)


def middle(named: Named, view: View) -> Spoke:
    """Return the thing in the middle."""
    return Spoke(
        view.label(named.labels),
        view.href(named.iri),
        named.family,
        illustrative=named.illustrative,
        thing=_drawn(named),
    )


def explored(drawn: Spoke, view: View) -> Spoke:
    """Return a thing that leads to the explorer, where the explorer has it, instead of to its page."""
    return replace(drawn, href=view.explore(drawn.thing)) if drawn.thing else drawn


def spoke(named: Named, told: Provenance, view: View, label: str = "") -> Spoke:
    """Return a thing with the line to it; the label on the line leads to the sentence, document or graph."""
    source = told.sources[0] if told.sources else None
    return Spoke(
        label=label or view.label(named.labels),
        href=view.href(named.iri),
        family=named.family,
        source=_short(source, view) if source else "",
        source_href=view.href(source.position or source.document.iri) if source else "",
        source_title=_long(source, told, view) if source else "",
        unsure=bool(told.basis and told.basis.iri.endswith("/interpreted")),
        illustrative=named.illustrative,
        thing=_drawn(named),
        invented_line=named.illustrative or told.illustrative,
    )


def count_text(count: Count, view: View) -> str:
    """Return a number; where some of it is illustrative, that and what is real apart."""
    if not count.illustrative:
        return view.translator.number(count.real)
    return view.translator.text(
        "real {real} · illustrative {illustrative}",
        real=view.translator.number(count.real),
        illustrative=view.translator.number(count.illustrative),
    )


def breakdown_text(total: Observation, split: Breakdown, view: View) -> str:
    """Return a figure with its parts in one line; what the source leaves unsaid is a part of its own."""
    name = view.label(total.indicator.labels)
    parts = [f"{_part_name(name, part, view)} {view.translator.number(part.value)}" for part in split.parts]
    if split.remainder is not None:
        parts.append(f"{view.translator.text('not stated')} {view.translator.number(split.remainder)}")
    whole = f"{name} {view.translator.number(total.value)}"
    return view.translator.text("{whole}: {parts}", whole=whole, parts=" · ".join(parts))


def _fact_groups(shown: Card, view: View) -> list[Group]:
    """Return the single things that a thing points at; concepts are told beside the picture."""
    linked = [fact for fact in shown.facts if isinstance(fact.value, Named) and _is_thing(fact, shown)]
    return [
        Group(heading, tuple(_fact_spoke(fact, view) for fact in facts))
        for heading, facts in groupby(linked, key=lambda fact: view.label(fact.property.labels))
    ]


def _is_thing(fact: Fact, shown: Card) -> bool:
    value = fact.value
    if not isinstance(value, Named) or not value.described:
        return False
    return value.family != "term" or shown.named.family == "term"


def _fact_spoke(fact: Fact, view: View) -> Spoke:
    if not isinstance(fact.value, Named):
        raise TypeError("only things are drawn")
    return spoke(fact.value, fact.provenance, view)


def _relation_group(relation: Relation, shown: Card, view: View) -> Group:
    spokes = tuple(
        spoke(item.entity, item.provenance, view) for item in relation.items if item.entity.described
    )
    return Group(view.label(relation.heading), spokes, relation.total - len(spokes), view.href(shown.iri))


def _alliance_group(told: AllianceSummary, unit: Card, view: View) -> Group:
    """Return an alliance with its known members by role; the line to it tells who says who started it."""
    memberships = {
        item.entity.iri: item.provenance
        for relation in unit.relations
        if relation.property.iri == MEMBER
        for item in relation.items
    }
    who_says = next((memberships[one] for one in told.initiations if one in memberships), Provenance())
    members = [
        Spoke(
            f"{view.label(role.labels)} {count_text(number, view)}",
            view.members(told.alliance.iri, role.iri),
            "organization",
            illustrative=not number.real,
            invented_line=not number.real,
        )
        for role, number in told.roles
        if told.members
    ]
    heading = view.translator.text("alliance initiated")
    return Group(heading, (spoke(told.alliance, who_says, view), *members))


def _figure_groups(unit: Card, view: View) -> list[Group]:
    spokes = tuple(_figure_spoke(figure, view) for figure in unit.figures if figure.breakdowns)
    return [Group(view.translator.text("figures"), spokes)] if spokes else []


def _figure_spoke(figure: Figure, view: View) -> Spoke:
    text = breakdown_text(figure.total, figure.breakdowns[0], view)
    drawn = spoke(figure.total.indicator, figure.total.provenance, view, text)
    return replace(
        drawn,
        href=view.href(figure.total.iri),
        family="figure",
        thing="",
        illustrative=figure.total.provenance.illustrative,
    )


def _part_name(whole: str, part: Observation, view: View) -> str:
    """Return the name of a part without the words that it shares with the whole (国家级项目数 -> 国家级)."""
    if part.unstated:
        return view.translator.text("not stated")
    name = view.label(part.indicator.labels)
    shared = _shared_ending(whole, name)
    if view.language == "en":
        shared = shared[shared.find(" ") :] if " " in shared else ""
    return name.removesuffix(shared).strip() or name


def _shared_ending(one: str, other: str) -> str:
    pairs = zip(reversed(one), reversed(other), strict=False)
    return "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))[::-1]


def _with_invented_lines(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(
        replace(group, spokes=tuple(replace(one, invented_line=True) for one in group.spokes))
        for group in groups
    )


def _drawn(named: Named) -> str:
    return named.iri if named.kind in kinds().classes else ""


def _short(source: Source, view: View) -> str:
    if source.sentence is None:
        return view.translator.text("source")
    return view.translator.text("sentence {number}", number=source.sentence)


def _long(source: Source, told: Provenance, view: View) -> str:
    parts = [view.label(source.document.labels)]
    if source.sentence is not None:
        parts.append(view.translator.text("sentence {number}", number=source.sentence))
    if told.basis:
        parts.append(view.label(told.basis.labels))
    return " · ".join(parts)
