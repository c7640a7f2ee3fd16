"""The pieces of code of docs/howto/clients.md run as they stand there, and print what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from partners import Partner

from samples import BASE

pytestmark = pytest.mark.clients

HERE = Path(__file__).parent
PAGE = (HERE.parent.parent / "docs" / "howto" / "clients.md").read_text("utf-8")
SNIPPETS = re.findall(r"^```(sh|python|js)\n(.*?)^```\n\n```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
PROGRAMS = {
    "sh": ["sh", "-e"],
    "python": [sys.executable, "-W", "error", "-"],
    "js": ["node", "--input-type=module", "-"],
}


def test_every_piece_of_code_says_what_it_prints() -> None:
    assert len(SNIPPETS) == len(re.findall(r"^```(?!text)[a-z]", PAGE, re.MULTILINE))


@pytest.mark.parametrize(("language", "text", "printed"), SNIPPETS)
def test_it_prints_what_the_page_says(instance: Partner, language: str, text: str, printed: str) -> None:
    done = subprocess.run(
        PROGRAMS[language],
        input=text.replace(BASE.rstrip("/"), instance.address),
        cwd=HERE,  # where the JavaScript clients are
        env=os.environ | {"TOKEN": instance.token},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.returncode) == (printed, 0), done.stderr
