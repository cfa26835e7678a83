"""What a first visit to the wall brings over the line: a phone, 390 px wide, two pixels each, not scrolled.

The site is the demo, from the program alone; bytes as they come, headers included.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from greetings.settings import CHECKOUT
from tests.bench.report import Report, ToolMissing
from tests.browser.site import Site

CHROMIUM = "/usr/bin/chromium"
_QUIET_MS = 3_000


def run(report: Report) -> None:
    """By kind of what is loaded; pages in the three languages, the heaviest counts."""
    if not Path(CHROMIUM).exists():
        raise ToolMissing("This needs Chromium: make system.")
    with tempfile.TemporaryDirectory(prefix="greetings-visit-", dir="/tmp") as folder:
        data = Path(folder) / "data"
        environ = {**os.environ, "GREETINGS_DATA": str(data), "GREETINGS_RATE_LIMITS": "off"}
        command = [sys.executable, "-m", "greetings", "demo"]
        subprocess.run(command, cwd=CHECKOUT, env=environ, check=True, capture_output=True)
        site = Site.start(data)
        try:
            visits = {
                language: _visit(f"{site.url}/ales/{language}/greetings/") for language in ("be", "en", "ru")
            }
        finally:
            site.stop()
    kinds = sorted({kind for _, sizes in visits.values() for kind in sizes})
    report.table(
        "First visit to the wall, kB (requests)",
        ["language", *kinds, "all"],
        [
            (
                language,
                *(f"{sizes[kind] / 1000:.1f} ({counts[kind]})" for kind in kinds),
                f"{sizes.total() / 1000:.1f} ({counts.total()})",
            )
            for language, (counts, sizes) in visits.items()
        ],
    )
    report.goal("first_visit_kb", max(sizes.total() for _, sizes in visits.values()) / 1000, "<=", 400)


def _visit(url: str) -> tuple[Counter[str], Counter[str]]:
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    kind_of: dict[str, str] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True, has_touch=True
        )
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")

        def begun(event: dict[str, Any]) -> None:
            kind_of[event["requestId"]] = event["type"].lower()

        def finished(event: dict[str, Any]) -> None:
            kind = kind_of.get(event["requestId"], "other")
            counts[kind] += 1
            sizes[kind] += int(event["encodedDataLength"])

        line.on("Network.responseReceived", begun)
        line.on("Network.loadingFinished", finished)
        page.goto(url)
        page.wait_for_timeout(_QUIET_MS)
        browser.close()
    return counts, sizes
