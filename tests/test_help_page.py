"""The page of help: how to search, how to read the marks, what the limits are, how to take the invented out."""

from __future__ import annotations

import re

import httpx
import pytest
from fastapi import FastAPI
from page_data import member, packaged_engine, served, service, state

from api.settings import Settings
from graph.engine import Engine
from graph.local import LocalEngine
from graph.oxigraph import OxigraphStore

REMOVE = "medalliance demo remove"
INVENTED = (
    member(1, more="; ma:illustrative true")
    + "<id/org/x> a ma:MedicalAlliance ; skos:prefLabel '示例联盟'@zh ; ma:illustrative true ."
)


def texts(app: FastAPI, *paths: str) -> list[str]:
    """Return pages as they are sent."""
    with served(app) as address, httpx.Client(base_url=address, trust_env=False) as client:
        answers = [client.get(path, headers={"Accept": "text/html"}) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.text for answer in answers]


def shown(engine: Engine, path: str = "/help") -> str:
    return texts(service(engine), path)[0]


@pytest.mark.parametrize("path", ["/help", "/help?lang=en", "/help?real=1"])
def test_there_is_help_in_both_languages_also_where_nothing_is_known(path: str) -> None:
    for engine in (packaged_engine(), LocalEngine(OxigraphStore())):
        html = shown(engine, path)
        for part in ("here", "typing", "marks", "limits", "examples", "remove"):
            assert f'id="{part}"' in html
            assert f'href="#{part}"' in html


def test_what_may_be_typed_can_be_tried() -> None:
    app = service(packaged_engine())
    tried = re.findall(r'<li><a href="(/search\?q=[^"]+)"><code>', texts(app, "/help")[0])
    assert len(tried) >= 6
    for address, found in zip(tried, texts(app, *tried), strict=True):
        assert '<ol class="things hits"' in found, address


def test_the_way_to_take_the_illustrative_network_out_is_told_where_there_is_one() -> None:
    assert REMOVE not in shown(packaged_engine())
    html = shown(state(packaged_engine(), INVENTED))
    assert REMOVE in html
    assert "本实例含 2 条示例内容" in html
    assert "示例联盟" in html


def test_the_limits_are_those_of_the_settings() -> None:
    app = service(packaged_engine())
    app.state.settings = Settings(query_seconds=7)
    assert "最长 7 秒" in texts(app, "/help")[0]


def test_every_text_to_copy_stands_where_its_button_says() -> None:
    html = shown(packaged_engine())
    assert sorted(re.findall(r'data-copy="([^"]+)"', html)) == sorted(re.findall(r'<pre id="([^"]+)"', html))
