"""From an empty instance to a committed list in a browser, by somebody who reads only what the pages say."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import opened
from coordinator import UNTIDY_TITLE, instance, untidy_list
from fastapi import FastAPI
from page_data import served
from people import PASSWORD
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.web


@pytest.fixture
def site(tmp_path: Path, started: Path) -> Iterator[tuple[str, FastAPI]]:
    """The address of an instance where nothing was ever done, and its application."""
    app = instance(tmp_path, started)
    with served(app, lifespan="on") as address:
        yield address, app


def click(page: Page, name: str, *, role: str = "button") -> None:
    """Press a button or follow a link that begins as named, and wait for the page that follows."""
    page.get_by_role("button" if role == "button" else "link", name=re.compile(f"^{name}")).first.click()
    page.wait_for_load_state()


def says(page: Page, text: str) -> None:
    """Expect a text on the page."""
    expect(page.locator("main")).to_contain_text(text)


def put_in(page: Page, content: bytes, *, dropped: bool) -> None:
    """Choose the file, or drop it onto the page."""
    if not dropped:
        page.get_by_label("点这里选择一个或多个文件").set_input_files(
            {"name": "成员名单.xlsx", "mimeType": "application/octet-stream", "buffer": content}
        )
        return
    carried = page.evaluate_handle(
        """packed => {
          const bytes = Uint8Array.from(atob(packed), letter => letter.charCodeAt(0));
          const carried = new DataTransfer();
          carried.items.add(new File([bytes], '成员名单.xlsx'));
          return carried;
        }""",
        base64.b64encode(content).decode(),
    )
    page.dispatch_event("[data-zone]", "drop", {"dataTransfer": carried})
    says(page, "成员名单.xlsx")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_an_empty_instance_to_a_committed_list(
    browser: Browser, site: tuple[str, FastAPI], scripts: bool
) -> None:
    address, app = site
    said: list[str] = []
    with opened(browser, address, java_script_enabled=scripts) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.set_default_timeout(20_000)

        page.goto("/")
        click(page, "上传成员名单", role="link")
        page.get_by_label("一次性代码").fill(app.state.first_run.code)
        page.get_by_label("用户名").fill("协调员甲")
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_label("再输入一次密码").fill(PASSWORD)
        click(page, "继续")

        says(page, "这是哪个联盟的名单？")
        page.get_by_label("吉林省新生儿专科医疗联盟").check()
        click(page, "下一步：放入名单")
        put_in(page, untidy_list(), dropped=scripts)
        click(page, "上传并检查")

        expect(page.get_by_role("heading", level=1)).to_have_text(UNTIDY_TITLE)
        expect(page.get_by_label("标题", exact=True)).to_have_value(UNTIDY_TITLE)
        expect(page.get_by_label("名单日期")).to_have_value("2026-03")
        says(page, "仅协调员")
        says(page, "不是记录，已略去")
        click(page, "下一步：问题")
        says(page, "2021.13")
        says(page, "怎么办")
        click(page, "下一步：名称", role="link")
        click(page, "没有相近名称的 3 个全部作为新单位")
        page.get_by_label("就是它").first.check()
        click(page, "保存，")
        says(page, "预览")
        click(page, "下一步：提交", role="link")
        says(page, "提交")
        page.get_by_label(re.compile("处错误先不导入")).check()
        click(page, "提交这份名单")

        says(page, "名单已写入图谱")
        click(page, "查看成员名单", role="link")
        says(page, "某某县第一人民医院")
        click(page, "某某县第一人民医院", role="link")
        says(page, "联系人乙")
        says(page, "0434-5000001")

        page.context.clear_cookies()
        page.reload()
        assert "联系人乙" not in page.content()
        assert "13900000001" not in page.content()
    assert said == []
