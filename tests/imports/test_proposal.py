"""The proposal of an import replaces what its document said, and what the catalogue says of it."""

from dataclasses import replace
from pathlib import Path

import pytest
from import_rows import SOURCE, instance, row, version

from graph.catalogue import entries
from graph.imports.proposal import current_versions
from graph.quads import iri
from ontology.terms import DCTERMS
from samples import NAMES

ROWS = [row(3, name_zh="示例第一医院", note="备注一")]


def test_a_new_version_withdraws_the_earlier_one_with_what_it_said_in_private(tmp_path: Path) -> None:
    with instance(tmp_path) as here:
        here.bring(ROWS)
        here.bring([row(3, name_zh="示例第一医院", note="备注二")], source=version("b"))
        assert [one.graph for one in current_versions(SOURCE, here.engine, NAMES)] == [version("b").graph]
        assert {fact.graph for fact in here.restricted.all()} == {iri(version("b").graph)}
        here.bring(ROWS)  # the first file once more
        assert [one.graph for one in current_versions(SOURCE, here.engine, NAMES)] == [SOURCE.graph]
        assert {fact.graph for fact in here.restricted.all()} == {iri(SOURCE.graph)}


def test_the_same_file_read_otherwise_replaces_what_its_graph_says(tmp_path: Path) -> None:
    with instance(tmp_path) as here:
        here.bring([row(3, name_zh="示例第一医院", beds=30)])
        here.bring([row(3, name_zh="示例第一医院", beds_nicu=30)])
        texts = [
            quad.object for quad in here.engine.store.match(graph=iri(SOURCE.graph)) if "beds" in quad.object
        ]
        assert texts == [iri("https://w3id.org/medalliance/vocab/indicator/beds-nicu")]
        assert len(current_versions(SOURCE, here.engine, NAMES)) == 1


@pytest.mark.parametrize("dated", ["2025", "2025-03", "2025-03-05"])
def test_the_catalogue_says_the_date_that_the_document_bears(tmp_path: Path, dated: str) -> None:
    with instance(tmp_path) as here:
        first = replace(SOURCE, dated=dated)
        here.bring(ROWS, source=first)
        (entry,) = [one for one in entries(here.engine, NAMES) if one.graph == SOURCE.graph]
        assert entry.dated == dated
        assert here.bring(ROWS, source=first).change is None
        assert here.bring(ROWS, source=replace(SOURCE, dated="2026")).change
        here.bring(ROWS, source=replace(version("b"), dated="2027"))
        dates = here.engine.store.match(iri(SOURCE.document), iri(DCTERMS.issued), graph=NAMES.catalogue)
        assert [quad.object[:6] for quad in dates] == ['"2027"']
