"""How long a search over the words of the wall takes: words that all greetings have, some, one, none; within a
choice, deep, several at once. The search itself, with the rows it shows and the counts above them.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from greetings.gallery.counts import MOST_COUNTED
from greetings.gallery.queries import WallFilter, page_of_greetings, tallies_found
from greetings.gallery.rules import search_words
from greetings.submissions.rules import Kind
from greetings.submissions.search_index import make_index_anew
from tests.bench.million import _p99
from tests.bench.report import Report
from tests.bench.wall_store import WORDS, open_wall
from tests.servers import PostgresqlServer

_GREETINGS = 100_000
# a million takes minutes to index: GREETINGS_BENCH_MILLION=1
_MILLION = 1_000_000
_ASKED = 60


def run(report: Report) -> None:
    """The goal is on the worse database at a hundred thousand."""
    sizes = [_GREETINGS, *([_MILLION] if os.environ.get("GREETINGS_BENCH_MILLION") else [])]
    worst = 0.0
    server = PostgresqlServer.start()
    try:
        for size in sizes:
            found = [_measure(report, "SQLite", size, "")]
            if server is not None:
                found.append(_measure(report, "PostgreSQL", size, server.new_database()))
            worst = max(found) if size == _GREETINGS else worst
    finally:
        if server is not None:
            server.stop()
    if server is None:
        report.note("PostgreSQL is not on this machine (make system): left out.")
    report.goal("search_ms", worst, "<=", 50)


def _measure(report: Report, database: str, greetings: int, database_url: str) -> float:
    chance = random.Random(3)
    kinds: dict[str, Callable[[], tuple[WallFilter, int | None]]] = {
        "a word of every greeting": lambda: (_words("нараджэння"), None),
        "its first letters, deep": lambda: (_words("нар"), chance.randint(greetings // 4, greetings)),
        "a word of many": lambda: (_words(chance.choice(WORDS)), None),
        "two words of many": lambda: (_words(" ".join(chance.sample(WORDS, 2))), None),
        "a word of one": lambda: (_words(f"слова{chance.randint(1, greetings)}"), None),
        "one letter": lambda: (_words(chance.choice("абсзр")), None),
        "a word of none": lambda: (_words("цвіркун"), None),
        "within a country and a kind": lambda: (
            WallFilter(words=_words(chance.choice(WORDS)).words, country="UA", kind=Kind.DRAWING),
            None,
        ),
    }
    with tempfile.TemporaryDirectory(prefix="greetings-search-", dir="/tmp") as folder:
        house = open_wall(Path(folder) / "data", greetings, database_url)
        began = time.perf_counter()
        make_index_anew(house.database)
        taken_in = time.perf_counter() - began
        rows, everything = [], []
        if not house.database.is_sqlite:
            with house.database.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        for kind, choose in kinds.items():
            times = []
            for _ in range(_ASKED):
                wanted, before = choose()
                with house.database.engine.connect() as connection:
                    began = time.perf_counter()
                    page_of_greetings(connection, 1, wanted, before, 25)
                    tallies_found(connection, 1, WallFilter(words=wanted.words), MOST_COUNTED)
                    tallies_found(connection, 1, wanted, MOST_COUNTED)
                    times.append((time.perf_counter() - began) * 1000)
            everything += times
            rows.append((kind, f"{sorted(times)[len(times) // 2]:.2f}", f"{_p99(times):.2f}"))
        house.close()
    rows.append(("all", f"{sorted(everything)[len(everything) // 2]:.2f}", f"{_p99(everything):.2f}"))
    report.table(
        f"{database}, {greetings:,} greetings: milliseconds (taken into the index in {taken_in:.0f} s)",
        ["what is looked for", "median", "p99"],
        rows,
    )
    return _p99(everything)


def _words(query: str) -> WallFilter:
    return WallFilter(words=tuple(search_words(query)))
