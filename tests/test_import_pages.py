"""The pages of imports over a report that a test holds: what they show, and what their forms say."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from import_report import SampleImporter, report
from in_process import client_of
from list_data import demo_engine
from page_data import ALLIANCE, packaged_engine, service
from people import accounts_in, signed_in

from api.import_view import STEPS
from graph.engine import Engine
from graph.imports.faults import Conflict, ImportRefused, NotReady
from graph.imports.options import Options
from graph.imports.remarks import Remark
from samples import HOSTILE

PAGE = "/import/k7m2"


@dataclass
class Site:
    """The pages, who visits them, and the importer behind."""

    client: httpx.Client
    csrf: str
    importer: SampleImporter
    app: FastAPI

    def holding(self, held: dict[str, Any]) -> Site:
        """Return the same pages over another report."""
        self.app.state.importer = self.importer = SampleImporter(held)
        return self

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.text[:300])
        return answer.text

    def post(self, path: str, **fields: str) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf, **fields})

    def told(self, what: str) -> Any:
        return [said for name, said in self.importer.told if name == what]


@contextmanager
def opened(folder: Path, engine: Engine, role: str = "curator") -> Iterator[Site]:
    accounts = accounts_in(folder)
    app = service(engine, accounts=accounts)
    app.state.repository = SimpleNamespace(plain=False)
    app.state.importer = SampleImporter(report())
    caller = signed_in(accounts, role)
    with client_of(app, Accept="text/html", **dict(caller.headers)) as client:
        yield Site(client, caller.csrf, app.state.importer, app)
    accounts.close()


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The pages over the packaged graph, which no test changes."""
    with opened(tmp_path_factory.mktemp("pages"), packaged_engine()) as made:
        yield made


@pytest.fixture
def site(instance: Site) -> Site:
    """The same with a report of its own."""
    return instance.holding(report())


def test_who_may_not_import_sees_no_page_of_imports(tmp_path: Path) -> None:
    with opened(tmp_path, packaged_engine(), "member") as reader:
        reader.get("/import", 403)
        reader.get(PAGE, 403)
        assert 'href="/import"' not in reader.get("/help").split("</nav>")[0]


def test_who_may_import_finds_it_in_the_navigation(site: Site) -> None:
    assert 'href="/import?lang=zh">导入' in site.get("/help?lang=zh").split("</nav>")[0]


def test_who_is_nobody_is_led_to_the_sign_in_and_back(tmp_path: Path) -> None:
    app = service(packaged_engine(), accounts=accounts_in(tmp_path))
    with client_of(app, Accept="text/html") as client:
        answer = client.get("/import?lang=zh")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/signin?next=%2Fimport%3Flang%3Dzh")
    app.state.accounts.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_a_small_page_that_keeps_the_language(site: Site, step: str, language: str) -> None:
    html = site.get(f"{PAGE}?step={step}&lang={language}")
    assert len(gzip.compress(html.encode())) < 40_000
    own = re.findall(r'(?:href|action)="(/import[^"]*)"', html[html.index("<main") :])
    assert own
    assert all(f"lang={language}" in link for link in own)
    assert html.count('name="csrf"') == html.count('method="post"') > 0


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_cells_names_and_titles_stay_text_on_every_page(instance: Site, label: str) -> None:
    said = report()
    said["source"]["title"] = said["files"][0]["name"] = said["title"] = label
    said["by"] = said["plan"]["withdrawn"][0] = label
    table = said["tables"][0]
    table["sheet"] = label
    table["titles"] = [label]
    for column in table["columns"]:
        column["heading"], column["sample"] = label, [label]
    for one in said["remarks"]["items"]:
        one["value"] = one["field"] = one["sheet"] = label
        one["what"] = one["remedy"] = {"zh": label, "en": label}
    for one in said["resolutions"]:
        one["text"] = one["key"] = label
        for candidate in one["candidates"]:
            candidate["matched"], candidate["labels"], candidate["iri"] = label, {"zh": label}, label
    for one in said["plan"]["entities"]:
        one["labels"] = {"zh": label}
        for fact in (*one["facts"], *one["disagreements"]):
            fact["before"] = fact["after"] = fact["property"] = fact["source"] = {"zh": label}
    site = instance.holding(said)
    for path in ("/import", f"/import?alliance={ALLIANCE}", *(f"{PAGE}?step={step}" for step in STEPS)):
        html = site.get(path)
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<svg onload" not in html
        assert 'href="javascript' not in html
    said["state"] = "committed"
    assert "<script>alert" not in site.get(PAGE)


def test_the_beginning_asks_for_the_alliance_and_then_for_the_list(site: Site) -> None:
    html = site.get("/import?lang=zh")
    assert "这是哪个联盟的名单？" in html
    assert '<li class="now" aria-current="step">' in html
    chosen = site.post("/import/alliance?lang=zh", alliance=ALLIANCE, area="220000")
    assert chosen.status_code == 303
    dropped = site.get(chosen.headers["location"])
    assert 'type="file"' in dropped
    assert f'name="alliance" value="{ALLIANCE}"' in dropped
    assert "吉林省" in dropped
    assert 'href="/api/v1/template.xlsx?lang=zh"' in dropped


def test_a_new_alliance_needs_a_chinese_name(site: Site) -> None:
    answer = site.post("/import/alliance?lang=zh", alliance="new", name_en="Example Alliance")
    assert answer.status_code == 422
    assert "请填写联盟的中文名称。" in answer.text
    assert 'value="Example Alliance"' in answer.text


def test_a_list_is_staged_with_what_was_said_of_it(site: Site) -> None:
    fields = {"csrf": site.csrf, "alliance": ALLIANCE, "area": "220000", "source": "名单", "dated": "2026-03"}
    answer = site.client.post("/import?lang=zh", data=fields, files={"file": ("名单.csv", b"a,b")})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?lang=zh")
    ((files, options, who),) = site.told("stage")
    assert files == [("名单.csv", b"a,b")]
    assert options == Options(alliance=ALLIANCE, area="220000", source="名单", dated="2026-03")
    assert who == "curator甲"


def test_a_form_without_a_file_leads_back(site: Site) -> None:
    fields = {"csrf": site.csrf, "alliance": ALLIANCE}
    answer = site.client.post("/import", data=fields, files={"file": ("", b"")})
    assert answer.headers["location"].startswith("/import?alliance=")
    assert not site.told("stage")


def test_files_that_cannot_be_read_are_told_of_where_they_were_dropped(site: Site) -> None:
    site.importer.fault = ImportRefused([Remark("file-empty", "error", file="空.xlsx")])
    fields = {"csrf": site.csrf, "alliance": ALLIANCE}
    answer = site.client.post("/import?lang=zh", data=fields, files={"file": ("空.xlsx", b"x")})
    assert answer.status_code == 422
    assert "空.xlsx：文件是空的" in answer.text
    assert 'role="alert"' in answer.text


def test_the_columns_say_what_each_is_and_who_will_see_it(site: Site) -> None:
    html = site.get(f"{PAGE}?lang=zh")
    assert '<option value="grade" selected>医院等级</option>' in html
    assert '<select name="1.v3"' in html
    assert '<option value="public" selected>公开</option>' in html
    # What every row must have, and what is never public, cannot be changed.
    assert 'name="1.v2"' not in html
    assert 'name="1.v4"' not in html
    assert 'class="badge seen-internal">仅协调员' in html
    assert "不收：像是患者信息" in html
    assert "合计行" in html
    assert "40 行中 12 行空着" in html


def test_what_the_form_of_columns_says_is_decided(site: Site) -> None:
    answer = site.post(
        f"{PAGE}/columns?lang=zh",
        **{
            "source": " 名单 ",
            "dated": "2026",
            "alliance": ALLIANCE,
            "area": "220000",
            "crs": "",
            "go": "problems",
            "1.table": "t",
            "1.kind": "members",
            "1.used": "1",
            "1.c2": "name_zh",
            "1.c3": "grade",
            "1.c5": "",
            "1.c6": "nothing-of-this-kind",
            "1.v3": "alliance",
            "1.v5": "internal",
        },
    )
    (said,) = site.told("decide")
    assert said["source"] == "名单"
    assert said["mapping"] == {
        "t": {
            "kind": "members",
            "columns": {"2": "name_zh", "3": "grade", "5": ""},
            "visibility": {"grade": "alliance"},
            "used": True,
        }
    }
    # The kind of the table is another one than the report says: its columns are to be looked at first.
    assert answer.headers["location"] == f"{PAGE}?lang=zh"


def test_the_next_step_comes_when_the_tables_are_of_the_same_kind(site: Site) -> None:
    tables = site.importer.held["tables"]
    fields = {f"{n}.table": table["key"] for n, table in enumerate(tables, 1)}
    fields |= {f"{n}.kind": table["kind"] for n, table in enumerate(tables, 1)}
    answer = site.post(f"{PAGE}/columns?lang=zh", go="problems", source="x", **fields)
    assert answer.headers["location"] == f"{PAGE}?step=problems&lang=zh"


def test_problems_are_told_by_row_and_can_be_narrowed(site: Site) -> None:
    html = site.get(f"{PAGE}?step=problems&lang=zh")
    assert html.count('<tr class="') == 3
    assert "月份只有 1 到 12。" in html
    assert 'href="/api/v1/imports/k7m2/corrected.xlsx?lang=zh"' in html
    only = site.get(f"{PAGE}?step=problems&show=error&lang=zh")
    assert only.count('<tr class="') == 1
    assert site.get(f"{PAGE}?step=problems&show=warning&lang=en").count('<tr class="warning"') == 1


def test_a_name_stands_beside_what_it_may_mean_with_the_difference_marked(site: Site) -> None:
    html = site.get(f"{PAGE}?step=names&lang=zh")
    assert "吉大一院" in html
    assert "<mark>林</mark>" in html
    assert "地点不同" in html
    assert html.count('type="radio"') == 2 * 2 + 2 * 2
    assert html.count('value="later" checked') == 2
    assert "没有相近名称的 12 个全部作为新单位" in html


def test_the_names_of_a_page_are_decided_together(site: Site) -> None:
    answer = site.post(
        f"{PAGE}/names?step=names&lang=zh", key1="a", d1="http://example.org/1", key2="b", d2="new", key3="c"
    )
    assert site.told("decide") == [{"decisions": {"a": "http://example.org/1", "b": "new"}}]
    assert answer.headers["location"] == f"{PAGE}?step=names&lang=zh"


def test_the_next_names_are_those_after_what_was_put_off(site: Site) -> None:
    answer = site.post(
        f"{PAGE}/names?step=names&show=open&start=20&lang=zh",
        key1="a",
        d1="later",
        key2="b",
        d2="new",
        go="more",
    )
    assert answer.headers["location"] == f"{PAGE}?step=names&show=open&start=21&lang=zh"


def test_only_what_nothing_is_like_becomes_new_all_at_once(site: Site) -> None:
    site.post(f"{PAGE}/new-names?step=names")
    (said,) = site.told("decide")
    assert len(said["decisions"]) == 12
    assert set(said["decisions"].values()) == {"new"}
    assert not any("吉大一院" in key for key in said["decisions"])


def test_the_preview_tells_before_and_after_and_who_else_says_otherwise(site: Site) -> None:
    html = site.get(f"{PAGE}?step=preview&lang=zh")
    assert "<del>150</del>" in html
    assert "<ins>160</ins>" in html
    assert "科室资料：<strong>三级甲等</strong>" in html
    assert "联盟成员单位一览表 2025" in html
    assert "示例同医院" not in html
    assert "示例同医院" in site.get(f"{PAGE}?step=preview&show=same&lang=zh")
    assert site.get(f"{PAGE}?step=preview&show=disagreeing&lang=zh").count("来源不一致</span>") == 1


def test_the_commit_says_what_stands_in_the_way_and_what_was_seen(site: Site) -> None:
    html = site.get(f"{PAGE}?step=commit&lang=zh")
    assert "有 1 处错误。" in html
    assert 'name="digest" value="d1"' in html
    assert "1 处错误先不导入" in html
    assert 'value="导入：联盟成员单位一览表"' in html


def test_errors_are_left_out_when_the_form_says_so(site: Site) -> None:
    answer = site.post(f"{PAGE}/commit?lang=zh", digest="d1", why="年度名单", leave_out_errors="1")
    assert site.told("decide") == [{"leave_out_errors": True}]
    assert site.told("commit") == [("d1", "年度名单", "curator甲")]
    done = site.get(answer.headers["location"])
    assert "这是第 4 次修改。" in done
    assert "/members?alliance=" in done
    assert "撤销这次导入" in done


def test_what_others_changed_meanwhile_is_told_and_nothing_is_written(site: Site) -> None:
    change = {
        "number": 9,
        "time": "2026-11-23T09:00:00+00:00",
        "who": "乙",
        "why": "另一份名单",
        "added": 3,
        "removed": 1,
    }
    site.importer.fault = Conflict("d2", 9, [change])
    answer = site.post(f"{PAGE}/commit?lang=zh", digest="d1", why="x")
    assert answer.status_code == 409
    assert "另一份名单" in answer.text
    assert f'href="{PAGE}?step=preview&amp;lang=zh"' in answer.text


def test_an_import_that_is_not_ready_shows_why(site: Site) -> None:
    site.importer.fault = NotReady(report())
    answer = site.post(f"{PAGE}/commit?step=commit&lang=zh", digest="d1", why="x")
    assert answer.status_code == 422
    assert "有 1 处错误。" in answer.text


def test_a_committed_import_is_undone_with_a_reason(site: Site) -> None:
    site.importer.held |= {"state": "committed", "change": 4}
    answer = site.post(f"{PAGE}/undo?lang=zh", why="发错了")
    assert site.told("undo") == [(4, "发错了", "curator甲")]
    assert "这次导入已撤销" in site.get(answer.headers["location"])


def test_an_import_can_be_given_up(site: Site) -> None:
    answer = site.post(f"{PAGE}/discard?lang=zh")
    assert "这次导入已放弃" in site.get(answer.headers["location"])


def test_while_files_are_read_the_page_asks_again_without_scripts(instance: Site) -> None:
    held = {"id": "k7m2", "state": "reading", "received": [{"name": "名单.xlsx"}]}
    html = instance.holding(held | {"progress": {"done": 1, "of": 4}}).get(f"{PAGE}?lang=zh")
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in html
    assert '<progress max="100" value="25.0"' in html


def test_a_form_of_another_page_is_refused(site: Site) -> None:
    answer = site.client.post(f"{PAGE}/commit", data={"csrf": "x", "digest": "d1", "why": "x"})
    assert answer.status_code == 403
    assert not site.told("commit")


def test_an_illustrative_instance_takes_no_list_and_says_why(tmp_path: Path) -> None:
    with opened(tmp_path, demo_engine()) as site:
        html = site.get("/import?lang=zh")
        assert "这里不能导入名单" in html
        assert 'type="file"' not in html
