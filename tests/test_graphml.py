"""GraphML: what is written can be read again, whatever the names."""

from __future__ import annotations

from io import BytesIO

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from graph.graphml import graphml
from samples import HOSTILE

texts = st.text(max_size=8)
names = st.lists(st.text("abc<&\"'院\x00\x1f", min_size=1, max_size=5), min_size=1, max_size=5, unique=True)


def read(written: bytes) -> nx.MultiDiGraph:
    return nx.read_graphml(BytesIO(written), force_multigraph=True)


@given(names, texts)
def test_things_and_relations_come_back(listed: list[str], label: str) -> None:
    things = [
        (f"{place}-{name}", {"label": label, "x": 1.5, "real": True}) for place, name in enumerate(listed)
    ]
    relations = [
        (things[0][0], name, f"k{place}", {"label": label}) for place, (name, _) in enumerate(things)
    ]
    found = read(graphml(things, relations))
    assert len(found) == len(things)
    assert found.number_of_edges() == len(relations)
    assert {about["x"] for _, about in found.nodes(data=True)} == {1.5}


def test_hostile_labels_are_kept_as_text() -> None:
    things = [(f"n{place}", {"label": label}) for place, label in enumerate(HOSTILE)]
    assert [about["label"] for _, about in read(graphml(things, [])).nodes(data=True)] == list(HOSTILE)


def test_nothing_is_a_file_too() -> None:
    assert len(read(graphml([], []))) == 0
