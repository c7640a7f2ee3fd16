"""A report of an import with something of everything, and an importer that holds it: for tests of the pages alone."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from page_data import ALLIANCE, DEPARTMENT, HOSPITAL

Json = dict[str, Any]

TABLE = "members.xlsx#1.1"
OTHER = "members.xlsx#2.1"


def column(number: int, heading: str, key: str, by: str = "name", **more: object) -> Json:
    """Return a column of a table."""
    return {
        "column": number,
        "heading": heading,
        "key": key,
        "recognised_by": by,
        "visibility": "public",
        "filled": 38,
        "sample": [f"{heading}甲", f"{heading}乙"],
        **more,
    }


def remark(severity: str, row: int, col: int, field: str, value: str, what: str, remedy: str) -> Json:
    """Return a remark on a cell."""
    return {
        "code": "sample",
        "severity": severity,
        "file": "members.xlsx",
        "sheet": "名单",
        "table": TABLE,
        "row": row,
        "column": col,
        "field": field,
        "value": value,
        "what": {"zh": what, "en": f"{what} (en)"},
        "remedy": {"zh": remedy, "en": f"{remedy} (en)"},
    }


def candidate(iri: str, name: str, *reasons: str, area: str = "长春市") -> Json:
    """Return a unit that a name may mean."""
    return {
        "iri": iri,
        "labels": {"zh": name},
        "matched": name,
        "score": 80,
        "reasons": list(reasons),
        "area": {"zh": area} if area else {},
    }


def resolution(number: int, text: str, how: str, *candidates: Json, **more: object) -> Json:
    """Return what a name stands for, or may."""
    return {
        "key": f"organization|{text}|220100",
        "to": "organization",
        "text": text,
        "how": how,
        "iri": "",
        "is_new": False,
        "kept_back": how in ("candidates", "ambiguous", "new"),
        "within": "",
        "labels": {},
        "places_total": 1,
        "places": [{"table": TABLE, "row": number, "column": "name_zh"}],
        "candidates": list(candidates),
        "identifiers": {},
        "other_names": [],
        "area": {"zh": "长春市", "en": "Changchun"},
        **more,
    }


def fact(name: str, before: str, after: str, **more: object) -> Json:
    """Return a fact that comes, changes or goes."""

    def said(text: str) -> Json:
        return {"zh": text} if text else {}

    return {
        "property": {"zh": name, "en": name},
        "before": said(before),
        "after": said(after),
        "source": {},
        "restricted": False,
        **more,
    }


def entity(what: str, name: str, *facts: Json, **more: object) -> Json:
    """Return what becomes of a thing."""
    return {
        "what": what,
        "iri": HOSPITAL if what != "added" else "",
        "labels": {"zh": name},
        "rows": [{"table": TABLE, "row": 5}],
        "facts": list(facts),
        "disagreements": [],
        **more,
    }


def report(**more: object) -> Json:
    """Return the report of an import of 40 rows with errors, open names and a plan."""
    remarks = [
        remark(
            "error",
            9,
            5,
            "加入时间",
            "2021.13",
            "月份只有 1 到 12。",
            "改成 2021-03 这样的写法；不知道就留空。",
        ),
        remark(
            "warning",
            6,
            2,
            "医院等级",
            "三甲",
            "按“三级甲等”理解。",
            "确认无误即可，或在表中改成“三级甲等”。",
        ),
        remark("info", 12, 0, "", "", "这一行没有所在市县。", "知道时补上。"),
    ]
    resolutions = [
        resolution(
            7,
            "吉大一院",
            "candidates",
            candidate(HOSPITAL, "吉林大学第一医院", "short-form", "same-place"),
            candidate(DEPARTMENT, "吉林大学第二医院", "similar", "other-place", area="吉林市"),
        ),
        resolution(
            8,
            "示例医院分院",
            "ambiguous",
            candidate(HOSPITAL, "示例医院", "similar", "branch"),
            candidate(DEPARTMENT, "示例医院东院", "similar", "place-unknown", area=""),
        ),
        *(resolution(20 + n, f"示例第{n}医院", "new") for n in range(1, 13)),
        resolution(5, "吉林大学第一医院", "name", iri=HOSPITAL),
    ]
    entities = [
        entity(
            "added",
            "示例第一医院",
            fact("医院等级", "", "三级甲等"),
            fact("加入时间", "", "2021-03"),
            fact("联系人", "", "联系人甲", restricted=True),
        ),
        entity(
            "changed",
            "吉林大学第一医院",
            fact("新生儿床位", "150", "160"),
            disagreements=[fact("医院等级", "三级甲等", "三级", source={"zh": "科室资料"})],
        ),
        entity("left", "示例旧医院", fact("加入时间", "2019", "")),
        entity("kept-back", "吉大一院"),
        entity("same", "示例同医院"),
    ]
    made: Json = {
        "id": "k7m2",
        "state": "staged",
        "version": 3,
        "digest": "d1",
        "made": "2026-11-23T08:00:00+00:00",
        "by": "协调员",
        "why": "",
        "title": "联盟成员单位一览表",
        "received": [{"name": "members.xlsx", "sha256": "0" * 64, "bytes": 24_500}],
        "source": {
            "title": "联盟成员单位一览表",
            "document": "http://127.0.0.1:8000/source/list",
            "dated": "2026-03",
            "alliance": ALLIANCE,
            "area": "220000",
            "crs": "",
            "why": "",
        },
        "files": [
            {
                "name": "members.xlsx",
                "sha256": "0" * 64,
                "bytes": 24_500,
                "sheets": [
                    {"sheet": "名单", "hidden": False, "tables": [TABLE]},
                    {"sheet": "旧表", "hidden": True, "tables": [OTHER]},
                    {"sheet": "说明", "hidden": False, "tables": []},
                ],
            }
        ],
        "tables": [
            {
                "key": TABLE,
                "file": "members.xlsx",
                "sheet": "名单",
                "titles": ["联盟成员单位一览表", "2026年3月"],
                "header_row": 3,
                "rows": 40,
                "kind": "members",
                "recognised_by": "heads",
                "columns": [
                    column(1, "序号", "", "ignored"),
                    column(2, "单位名称", "name_zh"),
                    column(3, "等级", "grade", "alias"),
                    column(4, "联系人", "contact", visibility="internal"),
                    column(5, "主任手机", "", "none"),
                    column(6, "住院号", "", "refused"),
                ],
                "left_out": [{"row": 44, "reason": "total"}, {"row": 45, "reason": "note"}],
                "used": True,
            },
            {
                "key": OTHER,
                "file": "members.xlsx",
                "sheet": "旧表",
                "titles": [],
                "header_row": 1,
                "rows": 3,
                "kind": "",
                "recognised_by": "none",
                "columns": [column(1, "甲", "", "none")],
                "left_out": [],
                "used": False,
            },
        ],
        "remarks": {"errors": 1, "warnings": 1, "infos": 1, "items": remarks, "total": 3},
        "unknown": [
            {"field": {"zh": "加入时间", "en": "Joined"}, "key": "start", "blank": 12, "of": 40},
            {"field": {"zh": "所在市县", "en": "Place"}, "key": "place", "blank": 3, "of": 40},
        ],
        "resolutions": resolutions,
        "resolution_counts": {"open": 2, "unlike": 12, "decided": 0, "found": 1},
        "options": {"accept_new": False, "leave_out_errors": False},
        "plan": {
            "added": 120,
            "removed": 4,
            "counts": {"added": 1, "changed": 1, "same": 1, "left": 1, "kept-back": 1, "disagreeing": 1},
            "entities": entities,
            "withdrawn": ["联盟成员单位一览表 2025"],
        },
        "findings": [],
        "can_commit": False,
        "why_not": [{"zh": "有 1 处错误。先改正，或勾选先不导入。", "en": "There is 1 error."}],
        "change": None,
        "undone_by": None,
        "progress": None,
    }
    return {**made, **more}


class SampleImporter:
    """An importer that holds one report and remembers what it was told."""

    def __init__(self, held: Json) -> None:
        self.held = held
        self.told: list[tuple[str, Any]] = []
        self.fault: Exception | None = None

    def stage(self, files: Sequence[tuple[str, bytes]], options: object, *, who: str) -> Json:
        self.told.append(("stage", (list(files), options, who)))
        if self.fault:
            raise self.fault
        return self.held

    def listed(self) -> list[Json]:
        keys = ("id", "state", "made", "by", "change", "undone_by")
        return [{**{key: self.held[key] for key in keys}, "source": {"title": self.held["source"]["title"]}}]

    def report(self, _: str) -> Json:
        return copy.deepcopy(self.held)

    def part(self, _: str, name: str, offset: int, limit: int, show: str = "") -> Json:
        items = [one for one in self._items(name) if self._is_shown(name, one, show)]
        return {"total": len(items), "offset": offset, "items": items[offset : offset + limit]}

    def decide(self, _: str, said: Mapping[str, Any]) -> Json:
        self.told.append(("decide", said))
        return self.held

    def commit(self, _: str, *, digest: str, why: str, who: str) -> Json:
        self.told.append(("commit", (digest, why, who)))
        if self.fault:
            raise self.fault
        self.held["state"], self.held["change"] = "committed", 4
        return {"change": 4}

    def discard(self, _: str) -> None:
        self.held["state"] = "discarded"

    def undo(self, change: int, *, why: str, who: str) -> Json:
        self.told.append(("undo", (change, why, who)))
        self.held["state"] = "undone"
        return {"change": 5}

    def _items(self, name: str) -> list[Json]:
        if name == "remarks":
            return list(self.held["remarks"]["items"])
        return list(self.held["plan"]["entities"] if name == "entities" else self.held["resolutions"])

    @staticmethod
    def _is_shown(name: str, one: Json, show: str) -> bool:
        if name == "remarks":
            return show in ("", one["severity"])
        if name == "entities":
            if show == "disagreeing":
                return bool(one["disagreements"])
            return one["what"] == show if show else one["what"] != "same"
        if one["kept_back"]:
            return show in ("", "unlike" if one["how"] == "new" else "open")
        return show in ("", "decided" if one["is_new"] or one["how"] == "decided" else "found")
