"""Signing in as people meet it in a browser: the first run, the account page, and out again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import opened
from page_data import packaged_engine, served, service
from people import DIGEST, PASSWORD, accounts_in, quick
from playwright.sync_api import Browser, Page

from api.accounts import Accounts

pytestmark = pytest.mark.web

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "api/web/node_modules/axe-core/axe.min.js"


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    made = accounts_in(tmp_path)
    yield made
    made.close()


@pytest.fixture
def site(accounts: Accounts) -> Iterator[tuple[str, str]]:
    """The address of a service where nobody can sign in yet, and its one-time code."""
    app = quick(service(packaged_engine(), accounts=accounts))
    with served(app) as address:
        yield address, app.state.first_run.code


def become_administrator(page: Page, code: str) -> None:
    page.get_by_label("一次性代码").fill(code)
    page.get_by_label("用户名").fill("管理员甲")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输入一次密码").fill(PASSWORD)
    page.get_by_role("button", name="继续").click()


def trouble_of(page: Page) -> list[Any]:
    """Return what axe finds on a page, in light and dark."""
    found: list[Any] = []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    schemes: dict[Any, dict[str, Any]] = {
        "light": {},
        "dark": {"runOnly": ["color-contrast", "link-in-text-block"]},
    }
    for scheme, options in schemes.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += page.evaluate("options => axe.run(document, options).then(r => r.violations)", options)
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_one_time_code_to_the_account_and_out_again(
    browser: Browser, site: tuple[str, str], accounts: Accounts, scripts: bool
) -> None:
    address, code = site
    with opened(browser, address, java_script_enabled=scripts) as page:
        page.goto("/")
        page.get_by_role("link", name="登录").click()
        become_administrator(page, "AAAA-AAAA")
        assert page.get_by_role("alert").get_by_text("一次性代码不对").is_visible()
        assert page.get_by_label("用户名").input_value() == "管理员甲"
        become_administrator(page, code.lower())
        assert page.url == f"{address}/import"
        page.goto("/")
        page.locator("details.who summary").click()
        page.get_by_role("link", name="账户").click()
        assert page.url == f"{address}/account"

        add = page.locator("form", has=page.get_by_role("button", name="添加该用户"))
        add.get_by_label("用户名").fill("资料员乙")
        add.get_by_label("角色").select_option(label="资料管理员")
        add.get_by_label("初始密码", exact=True).fill(PASSWORD)
        add.get_by_label("再输入一次初始密码").fill(PASSWORD)
        add.get_by_role("button").click()
        assert page.get_by_role("status").get_by_text("账户已添加").is_visible()
        assert accounts.person("资料员乙").role == "curator"

        page.get_by_label("给谁或哪个程序").fill("合作系统")
        page.get_by_label("导入").check()
        page.get_by_role("button", name="生成", exact=True).click()
        secret = page.locator("#token-secret").inner_text()
        assert (accounts.token(secret) or pytest.fail("no such token")).scopes == {"read", "import"}
        assert not page.get_by_text(secret).nth(1).is_visible()

        page.locator("details.who summary").click()
        page.get_by_role("button", name="退出登录").last.click()
        page.goto("/account")
        assert page.url == f"{address}/signin?next=%2Faccount"
        page.get_by_label("用户名").fill("资料员乙")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        assert page.url == f"{address}/account"
        assert page.get_by_role("heading", name="修改密码").is_visible()
        assert not page.get_by_role("heading", name="供程序使用的令牌").is_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(
    browser: Browser, site: tuple[str, str], accounts: Accounts, language: str
) -> None:
    address, code = site
    # The policy would keep axe out, too: it is put aside here only.
    with opened(browser, address, bypass_csp=True, viewport={"width": 390, "height": 800}) as page:
        page.goto("/signin")
        assert trouble_of(page) == []
        become_administrator(page, code)
        accounts.add_person("a", "member", DIGEST)
        accounts.disable("a")
        for name in ("x", "y"):
            accounts.add_token(name, ["read", "import"], made_by="管理员甲")
        accounts.revoke(accounts.tokens()[0].id)
        accounts.open_session("管理员甲")
        page.goto(f"/account?lang={language}&done=disabled")
        page.locator("details.who summary").click()
        assert trouble_of(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.context.clear_cookies()
        page.goto(f"/signin?lang={language}")
        assert trouble_of(page) == []
