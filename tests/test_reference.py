"""The reference pages are what the code says."""

import pytest

from api.reference import PAGES, reference_pages


@pytest.mark.parametrize("name", reference_pages())
def test_a_reference_page_is_fresh(name: str) -> None:
    assert (PAGES / name).read_text(encoding="utf-8") == reference_pages()[name], (
        "run python -m api.reference"
    )


def test_every_command_setting_problem_and_query_has_its_entry() -> None:
    pages = reference_pages()
    assert "`serve`" in pages["commands.md"]
    assert "`token create`" in pages["commands.md"]
    assert "`admin`" in pages["permissions.md"]
    assert "`query_seconds`" in pages["settings.md"]
    assert "`query-timeout`" in pages["problems.md"]
    assert "`disagreements`" in pages["queries.md"]
