"""What tests in a real browser share: a page in a context of its own, and an address in a language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """Open a page in a context of its own, for a Chinese reader unless said otherwise."""
    context = browser.new_context(base_url=address, **({"locale": "zh-CN"} | options))
    try:
        yield context.new_page()
    finally:
        context.close()


def in_language(path: str, language: str) -> str:
    """Return an address with the language that is asked for."""
    return f"{path}{'&' if '?' in path else '?'}lang={language}"
