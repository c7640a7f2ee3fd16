"""The table of how things are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_data import packaged_engine

from ontology.display import display, read_display
from ontology.library import queries

TABLE = display()


def test_every_word_has_both_languages() -> None:
    rows = [*TABLE.labels.values(), *TABLE.incoming.values(), *TABLE.wording.values()]
    rows += [wanted.labels for listed in TABLE.expected.values() for wanted in listed]
    assert not [row for row in rows if set(row) != {"zh", "en"} or not all(row.values())]


def test_words_are_given_only_where_the_graph_has_none() -> None:
    naming = " ".join(f"<{iri}>" for iri in TABLE.properties["label"])
    rows = packaged_engine().select(
        f"SELECT ?term {{ VALUES ?naming {{ {naming} }} ?term ?naming ?label FILTER(LANG(?label) = 'zh') }}"
    )
    assert not set(TABLE.labels) & {row["term"][1:-1] for row in rows}


def test_every_term_of_ours_exists() -> None:
    held = {row["term"][1:-1] for row in packaged_engine().select("SELECT DISTINCT ?term { ?term a ?kind }")}
    named = {*TABLE.families, *TABLE.names, *TABLE.expected, *TABLE.unstated}
    named |= {iri for parts in TABLE.names.values() for part in parts for iri in part}
    named |= {iri for properties in TABLE.properties.values() for iri in properties}
    named |= {
        iri for rows in TABLE.expected.values() for row in rows for iri in (*row.outgoing, *row.incoming)
    }
    named |= {row.indicator or row.identifier for rows in TABLE.expected.values() for row in rows} - {""}
    assert not {name for name in named if name.startswith("https://w3id.org/medalliance/")} - held


def test_what_is_asked_is_a_question_of_the_library() -> None:
    asked = {wanted.ask for listed in TABLE.expected.values() for wanted in listed} - {""}
    assert asked
    assert asked <= set(queries())


def test_the_main_kind_is_the_most_telling_one() -> None:
    org = "http://www.w3.org/ns/org#FormalOrganization"
    hospital = "https://schema.org/Hospital"
    assert TABLE.main_kind([org, hospital]) == hospital
    assert TABLE.main_kind(["x:b", "x:a"]) == "x:a"
    assert TABLE.main_kind([]) == ""
    assert (TABLE.family(hospital), TABLE.family("x:a")) == ("organization", "other")


def test_a_name_of_a_known_vocabulary_is_written_short() -> None:
    assert TABLE.compact("http://www.w3.org/ns/org#Organization") == "org:Organization"
    assert TABLE.compact("http://example.org/Organization") == "http://example.org/Organization"


def test_an_unknown_prefix_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "table.toml"
    file.write_text('[prefix]\n[properties]\nlabel = ["nowhere:label"]\n', encoding="utf-8")
    with pytest.raises(KeyError, match="nowhere"):
        read_display(file)
