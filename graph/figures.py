"""Figures about a thing: totals, their parts, and what a source leaves unsaid, kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from graph.engine import Engine
from graph.nodes import Named, Nodes
from graph.provenance import Provenance, Provenances, documents_of
from graph.quads import iri, text_of
from ontology.library import query


@dataclass(frozen=True)
class Observation:
    """One figure as one source states it; ``unstated`` when it counts what the source leaves without a class."""

    iri: str
    indicator: Named
    value: Decimal
    unit: Named | None
    provenance: Provenance
    unstated: bool = False


@dataclass(frozen=True)
class Breakdown:
    """One way of splitting a figure; ``remainder`` is computed here, never stated (``None``: nothing is left)."""

    name: Named
    parts: tuple[Observation, ...]
    remainder: Decimal | None
    exhaustive: bool


@dataclass(frozen=True)
class Figure:
    """A figure with the breakdowns that its own source gives; ``disagrees`` when another source says otherwise."""

    total: Observation
    breakdowns: tuple[Breakdown, ...] = ()
    disagrees: bool = False


@dataclass(frozen=True)
class Split:
    """A breakdown as the vocabulary defines it: a whole indicator and its parts."""

    iri: str
    whole: str
    parts: tuple[str, ...]
    exhaustive: bool


def figures_about(
    engine: Engine, nodes: Nodes, provenances: Provenances, name: str, *, real: bool = False
) -> tuple[Figure, ...]:
    """Return the figures about a thing (``real``: not the illustrative ones); parts stand with their whole."""
    rows = engine.select(query("entity-figures").bound({"this": iri(name)}))
    statistics = list(dict.fromkeys(text_of(row["statistic"]) for row in rows))
    if not statistics:
        return ()
    provenances.read(statistics)
    statistics = [one for one in statistics if not (real and nodes.is_illustrative(one))]
    splits = splits_of(engine)
    nodes.read(split.iri for split in splits)
    seen = [found for one in statistics if (found := _observation(nodes, provenances, one))]
    figures = [_figure(one, seen, splits, nodes) for one in seen]
    parts = {part.iri for figure in figures for split in figure.breakdowns for part in split.parts}
    return tuple(sorted((one for one in figures if one.total.iri not in parts), key=_source_order))


def splits_of(engine: Engine) -> tuple[Split, ...]:
    """Return all ways of splitting an indicator."""
    found: dict[str, Split] = {}
    for row in engine.select(query("entity-breakdowns").text):
        name, part = text_of(row["breakdown"]), text_of(row["part"])
        known = found.get(name)
        found[name] = Split(
            iri=name,
            whole=text_of(row["whole"]),
            parts=(*(known.parts if known else ()), part),
            exhaustive=text_of(row.get("exhaustive", "")) == "true",
        )
    return tuple(found.values())


def _observation(nodes: Nodes, provenances: Provenances, name: str) -> Observation | None:
    try:
        value = Decimal(nodes.text(name, "value"))
    except InvalidOperation:
        return None
    indicator = nodes.named(nodes.linked(name, "indicator")[0])
    units = nodes.linked(name, "unit")
    return Observation(
        iri=name,
        indicator=indicator,
        value=value,
        unit=nodes.named(units[0]) if units and units[0] not in nodes.table.plain_units else None,
        provenance=provenances.of(name),
        unstated=indicator.iri in nodes.table.unstated,
    )


def _figure(total: Observation, seen: list[Observation], splits: tuple[Split, ...], nodes: Nodes) -> Figure:
    own = [one for one in seen if _same_account(one, total)]
    breakdowns = [
        _breakdown(total, own, split, nodes) for split in splits if split.whole == total.indicator.iri
    ]
    others = [one for one in seen if one.indicator.iri == total.indicator.iri and _same_time(one, total)]
    return Figure(
        total=total,
        breakdowns=tuple(found for found in breakdowns if found.parts),
        disagrees=any(one.value != total.value for one in others),
    )


def _breakdown(total: Observation, own: list[Observation], split: Split, nodes: Nodes) -> Breakdown:
    by_indicator: Mapping[str, Observation] = {one.indicator.iri: one for one in own}
    parts = [by_indicator[part] for part in split.parts if part in by_indicator]
    rest = total.value - sum((part.value for part in parts), Decimal(0))
    return Breakdown(
        name=nodes.named(split.iri),
        parts=tuple(sorted(parts, key=lambda part: part.unstated)),
        remainder=rest if rest > 0 else None,
        exhaustive=split.exhaustive,
    )


def _source_order(figure: Figure) -> tuple[str, int, str]:
    sources = figure.total.provenance.sources
    document = sources[0].document.iri if sources else ""
    return document, min((source.sentence or 0 for source in sources), default=0), figure.total.indicator.iri


def _same_account(one: Observation, other: Observation) -> bool:
    """Tell whether two figures come from one document and speak of one time."""
    documents = {document.iri for document in documents_of([one.provenance])}
    shared = documents & {document.iri for document in documents_of([other.provenance])}
    return bool(shared or one.iri == other.iri) and _same_time(one, other)


def _same_time(one: Observation, other: Observation) -> bool:
    return one.provenance.period == other.provenance.period
