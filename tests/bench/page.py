"""A page of the wall for a crowd: from the program alone, behind nginx, and made anew, beside nginx serving the
same bytes and beside Jinja alone.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import Context
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import requests
from flask import Flask, g
from werkzeug.test import EnvironBuilder

from greetings.app import create_app
from greetings.gallery.queries import WallFilter, page_of_greetings, pictures_of
from greetings.gallery.rules import encode_cursor
from greetings.gallery.tiles import make_tiles
from greetings.house import House
from greetings.operations.proxy import ProxyPlace, nginx_configuration
from greetings.settings import load_settings
from greetings.submissions.models import WallTally
from greetings.submissions.rules import Kind
from greetings.web.context import session
from tests.bench.measuring import Cost, Spread, alternating, ratio
from tests.bench.report import Report, ToolMissing
from tests.bench.wall_store import open_wall
from tests.browser.site import Site
from tests.servers import NginxServer

PATH = "/ales/en/greetings/"
_GREETINGS = 1_000
_ROUNDS = 7
_SECONDS = 3
_CONNECTIONS = 16
_PAGES = 40
_STATIC = """
user @USER@;
worker_processes auto;
pid @FOLDER@/nginx.pid;
error_log stderr emerg;
events { worker_connections 1024; }
http {
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 10000; open_file_cache max=10;
    client_body_temp_path @FOLDER@/b; proxy_temp_path @FOLDER@/p; fastcgi_temp_path @FOLDER@/f;
    uwsgi_temp_path @FOLDER@/u; scgi_temp_path @FOLDER@/s;
    server { listen @LISTEN@; root @FOLDER@; default_type text/html; }
}
"""


def run(report: Report) -> None:
    """Requests a second of one page, and what a page made anew costs."""
    if shutil.which("wrk") is None or shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        raise ToolMissing("This needs wrk and nginx: make system-bench.")
    with tempfile.TemporaryDirectory(prefix="greetings-page-", dir="/tmp") as folder:
        data = Path(folder) / "data"
        house = open_wall(data, _GREETINGS)
        try:
            _crowd(report, data)
            _made_anew(report, house)
        finally:
            house.close()


def _crowd(report: Report, data: Path) -> None:
    """Load and server on one processor each, the same for everyone, in turns."""
    with ExitStack() as held:
        site = Site.start(data, GREETINGS_TRUSTED_PROXIES="1")
        held.callback(site.stop)
        settings = load_settings({"GREETINGS_DATA": str(data), "GREETINGS_PORT": site.url.rpartition(":")[2]})
        front = NginxServer.start(
            lambda user, where, port: nginx_configuration(
                settings, ProxyPlace(user, where, f"127.0.0.1:{port}")
            )
        )
        assert front is not None
        held.callback(front.stop)
        page = requests.get(site.url + PATH, headers={"Accept-Encoding": "identity"}, timeout=30).content
        static = NginxServer.start(lambda user, where, port: _static(user, where, port, page))
        assert static is not None
        held.callback(static.stop)
        addresses = {
            "nginx, the same bytes as a file": f"{static.url}/page.html",
            "the program alone": site.url + PATH,
            "the program behind nginx, as deploy/ ships it": front.url + PATH,
        }
        for url in addresses.values():
            assert requests.get(url, headers={"Accept-Encoding": "identity"}, timeout=30).content == page, url
        rounds: dict[str, list[float]] = {name: [] for name in addresses}
        for _ in range(_ROUNDS):
            for name, url in addresses.items():
                rounds[name].append(_requests_a_second(url))
    baseline, alone, behind = rounds.values()
    report.table(
        f"One page of the wall ({len(page) / 1000:.1f} kB), requests a second, {_CONNECTIONS} connections",
        ["who", "requests/s", "of nginx"],
        [(name, Spread(values).text(0), _against(values, baseline)) for name, values in rounds.items()],
    )
    report.goal("page_vs_nginx", _against(alone, baseline).median, ">=", 0.50)
    report.goal("page_behind_nginx", _against(behind, baseline).median, ">=", 0.95)


def _against(values: list[float], others: list[float]) -> Spread:
    return Share([mine / its for mine, its in zip(values, others, strict=True)])


class Share(Spread):
    """A spread of ratios."""

    def __str__(self) -> str:
        return self.text(2)


def _static(user: str, folder: Path, port: int, page: bytes) -> str:
    (folder / "page.html").write_bytes(page)
    values = {"USER": user, "FOLDER": str(folder), "LISTEN": f"127.0.0.1:{port}"}
    return re.sub(r"@([A-Z]+)@", lambda found: values[found[1]], _STATIC)


def _requests_a_second(url: str) -> float:
    said = subprocess.run(
        ["wrk", "-t1", f"-c{_CONNECTIONS}", f"-d{_SECONDS}s", url], check=True, capture_output=True, text=True
    ).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found is not None, said
    assert "Non-2xx" not in said, said
    return float(found[1])


# ---- made anew


def _made_anew(report: Report, house: House) -> None:
    """Other pages of a wall that was looked at: none of them kept, their tiles and the frame around them are.
    And the newest page just after a publication, when counts and filters are drawn anew, too.
    """
    app = create_app(replace(house.settings, page_cache_bytes=0), house)
    cursors = [encode_cursor(place) for place in range(_GREETINGS, _GREETINGS - _PAGES, -1)]
    others = cycle([_environ(f"after={cursor}") for cursor in cursors])
    newest = _environ()
    with _bare(app) as bare:
        work = {
            "page": lambda: _cost(lambda: _ask(app, next(others))),
            "published": lambda: _cost(lambda: _ask(app, newest), before=lambda: _publish(house)),
            "bare": lambda: _cost(bare),
            "bare, as far apart": lambda: _cost(bare, before=lambda: _publish(house)),
        }
        costs = alternating(work, _ROUNDS)
    against = ratio(costs["page"], costs["bare"])
    published = ratio(costs["published"], costs["bare, as far apart"])
    report.table(
        "A page of 24 made anew, processor time",
        ["what", "ms", "of Jinja alone"],
        [
            ("request, database, kept tiles, kept frame", _ms(costs["page"]), against.text(2)),
            ("the newest just after a publication", _ms(costs["published"]), published.text(2)),
            ("Jinja alone: the same tiles from rows", _ms(costs["bare"]), ""),
            ("the same, each after a publication", _ms(costs["bare, as far apart"]), ""),
        ],
    )
    report.goal("page_fresh", against.median, "<=", 0.5)


def _environ(query: str = "") -> dict[str, Any]:
    return EnvironBuilder(path=PATH, query_string=query).get_environ()


def _ask(app: Flask, environ: dict[str, Any]) -> None:
    """One request, apart from the context in which Jinja alone is measured."""

    def page() -> None:
        answer = app.wsgi_app(dict(environ), lambda *_: lambda _: None)
        assert len(b"".join(answer)) > 10_000
        answer.close()  # type: ignore[attr-defined]

    Context().run(page)


def _publish(house: House) -> None:
    """One more written greeting from Lithuania, counted and told, as far as pages see it."""
    with house.database.work() as session:
        session.get_one(WallTally, (1, Kind.TEXT, "LT", "be")).greetings += 1


@contextmanager
def _bare(app: Flask) -> Iterator[Callable[[], str]]:
    """Tiles from rows and their template, without request, database or frame."""
    with app.test_request_context(PATH):
        app.preprocess_request()
        template = app.jinja_env.from_string('{% from "macros/wall.html" import wall %}{{ wall(tiles) }}')
        greetings = page_of_greetings(session(), g.action.id, WallFilter())
        pictures = pictures_of(session(), greetings)
        yield lambda: template.render(tiles=make_tiles(g.action, greetings, pictures))


def _cost(work: Callable[[], object], before: Callable[[], object] = lambda: None) -> Cost:
    work()
    cpu = wall = 0.0
    for _ in range(_PAGES):
        before()
        cpu_began, wall_began = time.process_time(), time.perf_counter()
        work()
        cpu += time.process_time() - cpu_began
        wall += time.perf_counter() - wall_began
    return Cost(cpu / _PAGES, wall / _PAGES)


def _ms(costs: list[Cost]) -> str:
    return Spread([cost.cpu_seconds * 1000 for cost in costs]).text(2)
