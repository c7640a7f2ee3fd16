"""The reader's language: which one it is, the catalogue of sentences, and how dates and numbers are written in it.

Sentences in code and templates are English and are their own keys; ``locale/zh.po`` holds the Chinese ones. The
catalogue is read at the first use, there is nothing to compile.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from babel.core import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from starlette.requests import Request

LANGUAGES = ("zh", "en")
DEFAULT = "zh"
NAMES: Mapping[str, str] = {"zh": "中文", "en": "English"}
TAGS: Mapping[str, str] = {"zh": "zh-CN", "en": "en"}
"""What ``<html lang>`` and ``hreflang`` say."""

LOCALE = Path(__file__).parent / "locale"

_LOCALES = {"zh": Locale.parse("zh_CN"), "en": Locale.parse("en_GB")}


@dataclass(frozen=True)
class Translator:
    """Says sentences in one language."""

    language: str
    sentences: Mapping[str, str]

    def text(self, message: str, **values: object) -> str:
        """Return a sentence with its blanks (``{name}``) filled."""
        return self._filled(self.sentences.get(message, message), values)

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """Return the sentence for a number; ``{number}`` stands for it. Chinese has one form for all."""
        said = self.sentences.get(one) if self.sentences else (one if number == 1 else many)
        return self._filled(said or many, {"number": self.number(number), **values})

    def number(self, value: Decimal | int | float) -> str:
        """Return a number as it is written here."""
        return _written(value, self.language)

    def date(self, text: str) -> str:
        """Return a date (year, month or day, as stated) as it is written here; other texts stay as they are."""
        if re.fullmatch(r"\d{4}", text):
            return f"{text}年" if self.language == "zh" else text
        parts = (
            [int(part) for part in text[:10].split("-")] if re.match(r"\d{4}-\d{2}(-\d{2})?", text) else []
        )
        try:
            day = date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
        except (IndexError, ValueError):
            return text
        if len(parts) == 2:
            return str(format_skeleton("yMMMM", day, locale=_LOCALES[self.language]))
        return str(format_date(day, "long", locale=_LOCALES[self.language]))

    def _filled(self, sentence: str, values: Mapping[str, object]) -> str:
        return re.sub(r"\{(\w+)\}", lambda blank: str(values.get(blank[1], blank[0])), sentence)


@lru_cache(maxsize=4096, typed=True)
def _written(value: Decimal | int | float, language: str) -> str:
    return str(format_decimal(value, locale=_LOCALES[language]))


@cache
def translator(language: str) -> Translator:
    """Return the translator of a language; of the default one for a language we do not speak."""
    return Translator(language, sentences(language)) if language in LANGUAGES else translator(DEFAULT)


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Return the catalogue of a language by English sentence; empty for English."""
    file = LOCALE / f"{language}.po"
    if not file.is_file():
        return {}
    with file.open("rb") as opened:
        catalogue = read_po(opened, locale=language)
    found: dict[str, str] = {}
    for message in catalogue:
        key = message.id[0] if isinstance(message.id, list | tuple) else message.id
        said = message.string[0] if isinstance(message.string, list | tuple) else message.string
        if key and said:
            found[key] = said
    return found


def language_of(request: Request) -> str:
    """Return the language of a request: what ``?lang=`` says, else what the browser prefers, else Chinese."""
    return asked_language(request) or preferred_language(request.headers.get("accept-language", ""))


def asked_language(request: Request) -> str:
    """Return the language that the address asks for, empty when it does not."""
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else ""


def preferred_language(header: str) -> str:
    """Return the language that an Accept-Language header likes best."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(header.split(",")):
        tag, _, weight = part.partition(";")
        language = tag.strip().lower().split("-")[0]
        quality = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", weight)
        liked = float(quality[1]) if quality else 1.0
        if language in LANGUAGES and liked > 0:
            wanted.append((-liked, position, language))
    return min(wanted)[2] if wanted else DEFAULT
