"""Pages at a million public greetings against pages at a thousand: the newest, deep ones, chosen ones.

Pages are made anew each time by the program in this process, and draw all their tiles: of a small wall every tile
is soon kept, of a large one hardly any, and that would be compared instead. Requests of both stores take turns,
so that whatever else the machine does meets both.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from werkzeug.test import EnvironBuilder

from greetings.app import create_app
from greetings.gallery.cursors import Cursors
from greetings.gallery.fragments import EXTENSION as TILES
from greetings.house import House
from tests.bench.report import Report
from tests.bench.wall_store import ACTION_ID, open_wall
from tests.servers import PostgresqlServer

_SMALL = 1_000
# fewer for a first look: GREETINGS_BENCH_LARGE=100000
_LARGE = int(os.environ.get("GREETINGS_BENCH_LARGE", "1000000"))
_ASKED = 300
_P99 = 0.99
_KINDS: dict[str, str] = {
    "newest": "?x={n}",
    "deep": "?after={deep}",
    "one kind": "?kind=drawing&after={deep}",
    "one country": "?country=LT&x={n}",
    "one country, deep": "?country=PL&after={deep}",
    "kind, country and language": "?kind=drawing&country=UA&lang=ru&x={n}",
}

Ask = Callable[[str, int], float]  # a query, and the place that its page is to begin behind


def run(report: Report) -> None:
    """One table a database; the goal is the worse of them."""
    worst = _measure(report, "SQLite", lambda: "")
    server = PostgresqlServer.start()
    if server is None:
        report.note("PostgreSQL is not on this machine (make system): left out.")
    else:
        try:
            worst = max(worst, _measure(report, "PostgreSQL", server.new_database))
        finally:
            server.stop()
    report.goal("million", worst, "<=", 1.3)


def _measure(report: Report, database: str, new_database: Callable[[], str]) -> float:
    chance = random.Random(5)
    with ExitStack() as held:
        folder = Path(
            held.enter_context(tempfile.TemporaryDirectory(prefix="greetings-million-", dir="/tmp"))
        )
        small = held.enter_context(_pages(folder / "small", _SMALL, new_database()))
        large = held.enter_context(_pages(folder / "large", _LARGE, new_database()))
        rows, ratios = [], []
        all_small: list[float] = []
        all_large: list[float] = []
        for kind, query in _KINDS.items():
            times: tuple[list[float], list[float]] = ([], [])
            for number in range(_ASKED):
                for which, ask, greetings in ((0, small, _SMALL), (1, large, _LARGE)):
                    deep = chance.randint(greetings // 2, greetings)
                    times[which].append(ask(query.replace("{n}", str(number)), deep))
            rows.append(
                (kind, *(f"{_p99(one):.2f}" for one in times), f"{_p99(times[1]) / _p99(times[0]):.2f}")
            )
            ratios.append(_p99(times[1]) / _p99(times[0]))
            all_small += times[0]
            all_large += times[1]
    overall = _p99(all_large) / _p99(all_small)
    rows.append(("all", f"{_p99(all_small):.2f}", f"{_p99(all_large):.2f}", f"{overall:.2f}"))
    report.table(
        f"{database}: p99 of whole pages, milliseconds",
        ["page", f"{_SMALL:,}", f"{_LARGE:,}", "ratio"],
        rows,
    )
    return overall


@contextmanager
def _pages(data: Path, greetings: int, database_url: str) -> Iterator[Ask]:
    house: House = open_wall(data, greetings, database_url)
    app = create_app(replace(house.settings, page_cache_bytes=0), house)
    cursors = Cursors(house.keys)

    def ask(query: str, deep: int) -> float:
        query = query.replace("{deep}", cursors.write(ACTION_ID, deep))
        environ = EnvironBuilder(
            path="/ales/en/greetings/", query_string=query.removeprefix("?")
        ).get_environ()
        for _ in range(2):
            app.extensions[TILES].settle()
        began = time.perf_counter()
        answer = app.wsgi_app(environ, lambda *_: lambda _: None)
        page = b"".join(answer)
        answer.close()  # type: ignore[attr-defined]
        took = (time.perf_counter() - began) * 1000
        assert b'class="wall' in page, query
        return took

    try:
        for query in _KINDS.values():
            ask(query.replace("{n}", "warm"), greetings)
        yield ask
    finally:
        house.close()


def _p99(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * _P99))]
