"""The reader's language, and the catalogue of sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from starlette.requests import Request

from api.i18n import LANGUAGES, LOCALE, asked_language, language_of, preferred_language, sentences, translator

API = Path(__file__).resolve().parent.parent / "api"
KEYWORDS = {"_": None, "ngettext": (1, 2), "text": None, "plural": (1, 2)}
BLANK = re.compile(r"\{(\w+)\}")


def request(query: str = "", accept: str = "") -> Request:
    headers = [(b"accept-language", accept.encode())] if accept else []
    return Request(
        {"type": "http", "query_string": query.encode(), "headers": headers, "path": "/", "method": "GET"}
    )


def said() -> dict[str, tuple[str, ...]]:
    """Return each sentence of templates and code by its key: all forms of it."""
    speaking = [
        file.name
        for file in API.glob("*.py")
        if re.search(r"translator\.(text|plural)\(", file.read_text("utf-8"))
    ]
    methods = [("templates/**.*", "jinja2.ext.babel_extract"), *((name, "python") for name in speaking)]
    options = {"templates/**.*": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
    found = extract_from_dir(API, methods, options, KEYWORDS)
    forms = [message if isinstance(message, tuple) else (message,) for _, _, message, _, _ in found]
    return {one[0]: one for one in forms}


def entries() -> Iterator[Message]:
    with (LOCALE / "zh.po").open("rb") as file:
        yield from (message for message in read_po(file, locale="zh") if message.id)


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def test_every_sentence_has_its_chinese_one() -> None:
    assert not set(said()) - set(sentences("zh"))
    assert len(said()) > 100


def test_the_catalogue_holds_no_sentence_that_nobody_says() -> None:
    assert not {key(message) for message in entries()} - set(said())


def test_no_sentence_is_half_translated() -> None:
    for message in entries():
        forms = message.string if isinstance(message.string, tuple | list) else [message.string]
        assert all(forms), message.id
        assert not message.fuzzy, message.id


def test_blanks_are_the_same_in_both_languages() -> None:
    chinese = sentences("zh")
    for name, forms in said().items():
        assert {*BLANK.findall(chinese[name])} == {
            blank for form in forms for blank in BLANK.findall(form)
        }, name


def test_chinese_sentences_are_chinese() -> None:
    same = {name for name, sentence in sentences("zh").items() if name == sentence}
    assert same == set()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("fr, en;q=0.5, zh;q=0.6", "zh"),
        ("fr", "zh"),
        ("en;q=0, zh;q=0.1", "zh"),
        ("en;q=0", "zh"),
        ("*", "zh"),
        ("en;q=nonsense", "en"),
        (";;;,,,", "zh"),
    ],
)
def test_the_browser_is_listened_to(header: str, language: str) -> None:
    assert preferred_language(header) == language


def test_the_address_goes_before_the_browser() -> None:
    assert language_of(request("lang=en", "zh")) == "en"
    assert language_of(request("", "en")) == "en"
    assert language_of(request("lang=xx", "en")) == "en"
    assert asked_language(request("lang=xx")) == ""


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("1992", "1992年", "1992"),
        ("2021-05", "2021年5月", "May 2021"),
        ("2021-05-03", "2021年5月3日", "3 May 2021"),
        ("2021-05-03T10:00:00Z", "2021年5月3日", "3 May 2021"),
        ("2021-13", "2021-13", "2021-13"),
        ("0000-01", "0000-01", "0000-01"),
        ("about 2020", "about 2020", "about 2020"),
        ("", "", ""),
    ],
)
def test_a_date_is_written_with_its_own_precision(text: str, zh: str, en: str) -> None:
    assert (translator("zh").date(text), translator("en").date(text)) == (zh, en)


def test_english_has_a_form_for_one_and_chinese_does_not_need_it() -> None:
    one, many = "{number} fact stated", "{number} facts stated"
    assert [translator("en").plural(one, many, number) for number in (1, 2, 0)] == [
        "1 fact stated",
        "2 facts stated",
        "0 facts stated",
    ]
    assert translator("zh").plural(one, many, 1) == "已载明事实 1 条"


def test_numbers_are_grouped() -> None:
    assert translator("zh").number(12345) == "12,345"
    assert translator("en").number(Decimal("0.5")) == "0.5"


def test_a_value_with_braces_stays_text() -> None:
    assert (
        translator("en").text("Back to {name}", name="{number} {0.__class__}")
        == "Back to {number} {0.__class__}"
    )


def test_a_language_that_we_do_not_speak_is_the_default_one() -> None:
    assert translator("fr").language == LANGUAGES[0]
