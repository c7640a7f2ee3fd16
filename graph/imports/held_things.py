"""Held things: memberships, designations and the like that are held already, and that no import named.

They came with the program or were loaded as RDF. A row that speaks of one of them has to mean that one, so its name
is given to the keys that a row would go by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from graph.engine import Engine
from graph.identity import Identities
from graph.imports.things import identity_key
from graph.quads import Term, iri, literal_parts, text_of
from ontology.library import query
from ontology.terms import SKOS
from ontology.workbook import IdentityKind, Workbook

MOST = 5_000
"""Units up to which it is asked what belongs to them; a longer list was imported before, or is new."""
_FEW = 1000
"""Units that are asked about in one query."""

_Said = Mapping[Term, Sequence[Term]]
"""Property to values."""


def adopt_held(identities: Identities, engine: Engine, workbook: Workbook, units: Collection[str]) -> None:
    """Let the keys of what belongs to some units stand for what is held, where they stand for nothing yet.

    Args:
        identities: takes the names.
        engine: what is held.
        workbook: what classes of things go by.
        units: IRIs of organizations and departments that rows speak of.
    """
    if len(units) > MOST:
        return
    for identity in workbook.identities.values():
        if identity.own and len(identity.by) > 1:
            _adopt(identities, identity, _held(engine, identity, sorted(units)))


def _held(engine: Engine, identity: IdentityKind, units: Sequence[str]) -> dict[Term, dict[Term, list[Term]]]:
    """Return the things of a class that belong to some units, with what they go by."""
    found: dict[Term, dict[Term, list[Term]]] = defaultdict(lambda: defaultdict(list))
    links = [iri(said) for said in identity.by if said != SKOS.prefLabel]
    blanks = {
        "class": iri(identity.type),
        "link": links,
        "property": [iri(said) for said in (*identity.by, *identity.apart)],
    }
    for start in range(0, len(units), _FEW):
        few = [iri(unit) for unit in units[start : start + _FEW]]
        for row in engine.select(query("own-things").bound({**blanks, "holder": few})):
            found[row["node"]][row["property"]].append(row["value"])
    return found


def _adopt(
    identities: Identities, identity: IdentityKind, held: Mapping[Term, Mapping[Term, list[Term]]]
) -> None:
    groups: dict[tuple[str, ...], list[Term]] = defaultdict(list)
    for node, said in held.items():
        if all(iri(property_) in said for property_ in identity.by):
            groups[tuple(_by(said, property_) for property_ in identity.by)].append(node)
    for values, nodes in groups.items():
        ordered = sorted(nodes, key=lambda node: _order(identity, held[node]))
        for number, node in enumerate(ordered if identity.apart else ordered[:1], 1):
            key = identity_key(identity, values, number)
            if identities.known(identity.scheme, key) is None:
                identities.held.setdefault((identity.scheme, key), text_of(node))


def _by(said: _Said, property_: str) -> str:
    """Return the value of a property that a thing goes by; of several names, the Chinese one."""
    values = said[iri(property_)]
    if property_ != SKOS.prefLabel:
        return text_of(values[0])
    return next(
        (text_of(value) for value in values if literal_parts(value).language == "zh"), text_of(values[0])
    )


def _order(identity: IdentityKind, said: _Said) -> list[tuple[Term, ...]]:
    return [tuple(sorted(said.get(iri(property_), ()))) for property_ in identity.apart]
