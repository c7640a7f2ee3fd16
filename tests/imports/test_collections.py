"""The register of who was asked and who has returned: it outlives the server."""

from __future__ import annotations

from pathlib import Path

from graph.imports.collect import AskedUnit
from graph.imports.collect_id import CollectId
from graph.imports.collections import Collection, Collections, Return
from samples import HOSTILE

UNITS = (
    AskedUnit("http://x/a", {"zh": HOSTILE[0], "en": "A"}, "a.xlsx"),
    AskedUnit("http://x/b", {"zh": "乙"}, "b.xlsx"),
)


def register(folder: Path) -> Collections:
    made = Collections(folder)
    made.remember(
        Collection("c1", "http://x/alliance", "2026-11-23T01:00:00+00:00", "甲", "2026-12-31"), UNITS
    )
    return made


def sent(unit: str = "http://x/a", collection: str = "c1") -> CollectId:
    return CollectId(collection, "http://x/alliance", unit, 3, "2026-11-23")


def test_who_was_asked_and_has_not_returned_is_waited_for(tmp_path: Path) -> None:
    made = register(tmp_path)
    made.came_back(sent(), "2026-11-25T01:00:00+00:00", "i1", 3)
    (one,) = made.listed()
    assert [unit.labels["zh"] for unit in one.waiting] == ["乙"]
    assert one.asked[0].returned == (Return("2026-11-25T01:00:00+00:00", "i1", 3),)
    assert (one.until, one.who) == ("2026-12-31", "甲")
    made.close()


def test_what_came_back_twice_is_listed_latest_first_and_one_import_counts_once(tmp_path: Path) -> None:
    made = register(tmp_path)
    for time, name in (("2026-11-25", "i1"), ("2026-11-26", "i2"), ("2026-11-27", "i1")):
        made.came_back(sent(), time, name, 0)
    (one,) = made.listed()
    assert [(back.time, back.import_id) for back in one.asked[0].returned] == [
        ("2026-11-27", "i1"),
        ("2026-11-26", "i2"),
    ]
    made.close()


def test_a_discarded_import_counts_as_not_returned(tmp_path: Path) -> None:
    made = register(tmp_path)
    made.came_back(sent(), "2026-11-25", "i1", 0)
    made.forget_import("i1")
    assert len(made.listed()[0].waiting) == 2
    made.close()


def test_only_what_was_sent_from_here_is_known(tmp_path: Path) -> None:
    made = register(tmp_path)
    found = made.asked(sent("http://x/b"))
    assert found
    assert found.file == "b.xlsx"
    assert made.asked(sent("http://x/c")) is None
    assert made.asked(sent(collection="c2")) is None
    made.close()


def test_the_newest_round_comes_first_and_all_are_still_there_after_a_restart(tmp_path: Path) -> None:
    made = register(tmp_path)
    made.remember(Collection("c2", "http://x/alliance", "2026-11-24T01:00:00+00:00", "", ""), UNITS[:1])
    made.close()
    again = Collections(tmp_path)
    assert [(one.id, len(one.asked)) for one in again.listed()] == [("c2", 1), ("c1", 2)]
    again.close()
