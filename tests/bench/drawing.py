"""How long the explorer takes to draw, in headless Chromium: from the view's JSON to the first whole frame.

    python tests/bench/drawing.py --data DIR [--rounds 9]

The page measures itself (``explore-drawn``). Each round is a browser context of its own. ``DIR`` is a data directory
that holds a generated network; it is only read.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from statistics import median
from urllib.parse import quote

from playwright.sync_api import Browser, sync_playwright

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from graph.generate import HUB  # noqa: E402 - the path is set first
from servers import served  # noqa: E402

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SIZES = (50, 300, 1000, 1500)
MEASURED = "performance.getEntriesByName('explore-drawn').map(entry => entry.duration)"


def milliseconds(browser: Browser, address: str, size: int) -> float:
    """Return how long one drawing of so many things takes."""
    context = browser.new_context(base_url=address, viewport={"width": 1400, "height": 900})
    try:
        page = context.new_page()
        page.goto(f"/explore?expand={quote(HUB, safe='/:')}&limit={size}", timeout=120_000)
        page.wait_for_selector("html[data-ready]", timeout=60_000)
        taken: list[float] = page.evaluate(MEASURED)
        return taken[0]
    finally:
        context.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    with served(asked.data) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        print(f"{'things':>6} {'median ms':>10} {'least':>7} {'most':>7}")
        for size in SIZES:
            milliseconds(
                browser, server.address, size
            )  # what the server makes once is not the browser's time
            taken = [milliseconds(browser, server.address, size) for _ in range(asked.rounds)]
            print(f"{size:6} {median(taken):10.0f} {min(taken):7.0f} {max(taken):7.0f}")
        browser.close()


if __name__ == "__main__":
    main()
