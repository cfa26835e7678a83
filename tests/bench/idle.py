"""Memory of all processes of one installation at rest: what they share counted once (PSS)."""

import tempfile
import time
from pathlib import Path

import requests

from tests.bench.measuring import descendants_of
from tests.bench.report import Report
from tests.browser.site import Site

_REST_SECONDS = 3
_KB_A_MB = 1024


def run(report: Report) -> None:
    """After some pages and a sending's form, with nothing more to do."""
    with tempfile.TemporaryDirectory(prefix="greetings-memory-", dir="/tmp") as folder:
        site = Site.start(Path(folder) / "data")
        try:
            for path in (
                "/ales/be/",
                "/ales/en/greetings/",
                "/ales/ru/posters/",
                "/ales/be/send",
                "/desk/sign-in",
            ):
                requests.get(site.url + path, timeout=30).raise_for_status()
            time.sleep(_REST_SECONDS)
            processes = [site.process.pid, *descendants_of(site.process.pid)]
            sizes = {process: _pss_mb(process) for process in processes}
        finally:
            site.stop()
    report.table(
        "Memory at rest, megabytes (PSS)",
        ["process", "MB"],
        [(_name(place), f"{size:.1f}") for place, size in enumerate(sizes.values())],
    )
    report.goal("idle_mb", sum(sizes.values()), "<=", 150)


def _name(place: int) -> str:
    return "the first" if place == 0 else f"its child {place}"


def _pss_mb(process: int) -> float:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / _KB_A_MB
    return 0.0
