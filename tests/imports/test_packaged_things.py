"""Packaged things keep their names when a spreadsheet speaks of them."""

from __future__ import annotations

from pathlib import Path

from page_data import ALLIANCE, DEPARTMENT, MEMBERSHIP, PACKAGED, packaged_engine

from graph.identity import Identities
from graph.imports.packaged_things import recognise_packaged
from graph.journal import Journal
from ontology.workbook import workbook
from samples import BASE, NAMES

DESIGNATION = f"{PACKAGED}id/designation/jl-neonatal-qcc"


def test_what_packaged_things_go_by_stands_for_them(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite", meta={"base": BASE})
    identities = Identities(journal, BASE)
    recognise_packaged(identities, packaged_engine(), NAMES, workbook())
    assert identities.iri("membership", "membership", f"{ALLIANCE} {DEPARTMENT} 1") == MEMBERSHIP
    assert (
        identities.iri("designation", "designation", f"{DEPARTMENT} 吉林省新生儿质量控制中心 1")
        == DESIGNATION
    )
    journal.close()


def test_what_a_key_stands_for_already_stays(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite", meta={"base": BASE})
    identities = Identities(journal, BASE)
    identities.remember("membership", f"{ALLIANCE} {DEPARTMENT} 1", "http://x/other")
    recognise_packaged(identities, packaged_engine(), NAMES, workbook())
    assert identities.iri("membership", "membership", f"{ALLIANCE} {DEPARTMENT} 1") == "http://x/other"
    journal.close()


def test_only_what_a_spreadsheet_speaks_of_is_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite", meta={"base": BASE})
    identities = Identities(journal, BASE)
    recognise_packaged(identities, packaged_engine(), NAMES, workbook())
    identities.iri("membership", "membership", f"{ALLIANCE} {DEPARTMENT} 1")
    assert [one.iri for one in identities.to_write()] == [MEMBERSHIP]
    journal.close()
