"""An instance with an imported workbook, and a coordinator who looks at its pages: for tests of what these answer."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path

import httpx
import openpyxl
from fastapi import FastAPI
from in_process import client_of
from page_data import ALLIANCE
from people import quick, signed_in

from api.app import create_app
from api.settings import Settings
from engines import nursery
from graph.data_directory import DataDirectory
from graph.imports.importer import Importer
from graph.imports.options import Options
from graph.repository import Repository
from samples import BASE

TODAY = date(2026, 11, 23)

OTHER_ALLIANCE = "某某儿科联盟"

SHEETS = {
    "联盟成员单位一览表": """
吉林省新生儿专科医疗联盟成员单位资料（2026年3月）
单位名称,医院等级,所在市县,联盟角色,加入时间,科室名称,新生儿床位,NICU床位,科室负责人,联系人,办公电话,备注
某某第一医院,三级甲等,长春市,牵头单位,2019.5,新生儿科,120,40,主任甲,联系人甲,0431-80000001,
某某县医院,二级甲等,梨树县,成员单位,2026年1月,儿科,20,4,,联系人乙,13900000002；0434-5000002,周三可联系
某某市妇幼保健院,三级,吉林市,理事单位,2020/6/1,新生儿科,,8,,,,
某某区医院,,,成员单位,,,,,,,,
""",
    "联盟成员": f"""
联盟,单位名称,角色,加入日期,退出日期,协议文号,状态
吉林省新生儿专科医疗联盟,某某旧医院,成员单位,2018,2026-05-31,,退出
{OTHER_ALLIANCE},某某市妇幼保健院,成员单位,2021,,,
{OTHER_ALLIANCE},某某儿童医院,牵头单位,2021,,,
""",
    "科室": """
所属机构,科室名称,病房分级,开放床位,NICU床位,统计截止日期
某某第一医院,新生儿科,Ⅲ级a,110,40,2026-02-28
某某县医院,儿科,Ⅱ级a,,,
""",
    "资质": """
持有单位,资质名称,类别,级别,生效日期,有效期至,状态
某某县医院,某某县危重新生儿救治中心,危重新生儿救治中心,县级,2022,,有效
某某第一医院,某某市危重新生儿救治中心,危重新生儿救治中心,市级,2020,,有效
某某市妇幼保健院,某某市妇幼危重新生儿救治中心,危重新生儿救治中心,市级,2021,,有效
""",
    "能力": """
科室,能力项,是否开展
某某第一医院新生儿科,亚低温治疗,是
某某第一医院新生儿科,高频通气,24小时
某某市妇幼保健院新生儿科,亚低温治疗,否
""",
}
"""Sheets of one workbook, as comma-separated values."""

RENEWED = """联盟续签情况（2026年6月）
单位名称,加入日期,退出日期,协议文号,状态
某某县医院,2026年1月,2027-01-15,某联发〔2026〕1号,有效
"""

UNTIDY_TITLE = "吉林省新生儿专科医疗联盟成员单位一览表"

UNTIDY = f"""
{UNTIDY_TITLE}（2026年3月）
序号,单位名称,等级,所在市县,联盟角色,加入时间,科室名称,新生儿床位,NICU床位,科室主任,联系人,手机,备注
1,吉林大学第一医院,三甲,长春市,牵头单位,2019.5,新生儿科,120,40,主任甲,联系人甲,0431-80000001,
2,某某县第一人民医院,二级甲等,四平市,成员单位,2021年3月,儿科,20,4,主任乙,联系人乙,13900000001；0434-5000001,周三上午可联系
3,某某市妇幼保健院,三级,吉林市,理事单位,2020/6/1,新生儿科,３０,8,,联系人丙,13900000002,
4,吉林大学第一医院,,长春市,成员单位,2021,,,,,,,
5,某某市中心医院,三级乙等,通化市,成员单位,2021.13,新生儿科,25,,,,,
6,吉林大学第一临床医院,,长春市,成员单位,2022,,,,,,,
合计,,,,,,,195,52,,,,
"""
"""A list as people write it: title, numbers, a sum, an impossible month, a unit twice and under another name."""


def workbook() -> bytes:
    """Return the workbook as a file."""
    return _written(SHEETS)


def untidy_list() -> bytes:
    """Return the untidy list as a file."""
    return _written({"名单": UNTIDY})


def _written(sheets: Mapping[str, str]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, text in sheets.items():
        sheet = made.create_sheet(name)
        for line in text.strip().splitlines():
            sheet.append([cell or None for cell in line.split(",")])
    with BytesIO() as file:
        made.save(file)
        return file.getvalue()


@dataclass
class Coordinator:
    """Somebody who looks at pages and sends their forms."""

    client: httpx.Client
    csrf: str
    app: FastAPI

    def sees(self, path: str, status: int = 200) -> str:
        """Return the text of a page, without tags and with single blanks."""
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:400])
        return text_of(answer.text)

    def html(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:400])
        return answer.text

    def sends(self, path: str, status: int = 303, **fields: str) -> httpx.Response:
        answer = self.client.post(path, data={"csrf": self.csrf, **fields})
        assert answer.status_code == status, (path, answer.status_code, text_of(answer.text)[:600])
        return answer

    def unit(self, name: str) -> str:
        """Return the IRI of a unit by its name."""
        found = self.client.get("/api/v1/search", params={"q": name, "kind": "organization"}).json()
        return next(one["iri"] for one in found["items"] if name in one["labels"].values())

    def imports(self, options: Options, name: str, content: bytes) -> int:
        """Import a file as it is, and return the number of the change."""
        importer: Importer = self.app.state.importer
        return int(importer.run([(name, content)], options, who="测试")["change"] or 0)

    def imports_workbook(self) -> None:
        """Name the other alliance, and import the workbook and the list of renewals."""
        self.sends("/import/alliance", alliance="new", name_zh=OTHER_ALLIANCE)
        said = Options(
            alliance=ALLIANCE, area="220000", accept_new=True, leave_out_errors=True, why="年度名单"
        )
        self.imports(said, "成员资料.xlsx", workbook())
        self.imports(said, "续签.csv", RENEWED.encode())


def text_of(html: str) -> str:
    """Return what a page says, without tags and with single blanks."""
    body = html[html.index("<main") :] if "<main" in html else html
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def instance(folder: Path, started: Path) -> FastAPI:
    """Return an instance with the packaged data in a folder, where nobody can sign in yet."""
    shutil.copy(started, folder)
    repository = Repository(DataDirectory(folder), nursery, base=BASE, workers=2)
    app = quick(create_app(Settings(data=folder), opened=lambda: repository))
    app.state.today = lambda: TODAY
    return app


@contextmanager
def coordinator(folder: Path, started: Path, role: str = "curator") -> Iterator[Coordinator]:
    """Open an instance with the packaged data in a folder, with a coordinator before it."""
    app = instance(folder, started)
    caller = signed_in(app.state.accounts, role)
    with client_of(app, lifespan=True, Accept="text/html", **dict(caller.headers)) as client:
        yield Coordinator(client, caller.csrf, app)
