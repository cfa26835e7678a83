"""A page of the wall for a crowd: from the program alone, behind nginx, and made anew, beside nginx serving the
same bytes and beside Jinja alone.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import Context
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any

import requests
from flask import Flask, g
from werkzeug.test import EnvironBuilder

from greetings.actions.service import ActionPage
from greetings.app import create_app
from greetings.gallery.cursors import Cursors
from greetings.gallery.queries import PublicGreeting, WallFilter, page_of_greetings
from greetings.gallery.rules import card_class, stocks
from greetings.gallery.tiles import Tile, make_tile
from greetings.house import House
from greetings.operations.memory import set_apart_what_is_loaded
from greetings.operations.proxy import ProxyPlace, nginx_configuration
from greetings.settings import Settings, load_settings
from greetings.submissions.models import WallTally
from greetings.submissions.rules import Kind
from greetings.web.context import reading
from greetings.web.headers import fixed_headers
from tests.bench.measuring import Cost, Spread, alternating, cpu_seconds_of, descendants_of, ratio
from tests.bench.report import Report, ToolMissing
from tests.bench.wall_store import ACTION_ID, open_wall
from tests.browser.site import Site
from tests.servers import NginxServer

PATH = "/ales/en/greetings/"
_GREETINGS = 1_000
_ROUNDS, _PLAIN_ROUNDS = 80, 10
_FRESH_ROUNDS = 15
_SECONDS = 1  # short and often: a round's connections are dealt out to the workers of nginx by chance
_NOW_AND_THEN = 5  # what no goal speaks of is measured in every fifth round
_CONNECTIONS = 16
_PAGES = 40
# how nginx sends a file: as it does when Debian has set it up, and what is quicker for one so small
_USUAL, _READ_AND_WRITTEN = "sendfile on; tcp_nopush on;", "sendfile off;"
_FILE, _ASIDE = "nginx, the same answer as a file", "the same, read and written (sendfile off)"
# where each nginx has its folder: in memory, as docs/operating.md wants it, so that no file system of a disk is measured
_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"
_STATIC = """
user @USER@;
worker_processes auto;
pid @FOLDER@/nginx.pid;
error_log stderr emerg;
events { worker_connections 1024; }
http {
    access_log off; @SENDING@ keepalive_requests 10000; open_file_cache max=10;
    client_body_temp_path @FOLDER@/b; proxy_temp_path @FOLDER@/p; fastcgi_temp_path @FOLDER@/f;
    uwsgi_temp_path @FOLDER@/u; scgi_temp_path @FOLDER@/s;
    server { listen @LISTEN@; root @FOLDER@; default_type text/html; @HEADERS@ }
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
            _crowd(report, house)
            _made_anew(report, house)
        finally:
            house.close()


def _crowd(report: Report, house: House) -> None:
    """Load and servers share the machine, the same for everyone, in turns; each may use every processor."""
    with ExitStack() as held:
        data = house.settings.data
        site = Site.start(data, GREETINGS_TRUSTED_PROXIES="1")
        held.callback(site.stop)
        settings = load_settings({"GREETINGS_DATA": str(data), "GREETINGS_PORT": site.url.rpartition(":")[2]})
        front = NginxServer.start(
            lambda user, where, port: nginx_configuration(
                settings, ProxyPlace(user, where, f"127.0.0.1:{port}"), house.keys
            ),
            _MEMORY,
        )
        assert front is not None
        held.callback(front.stop)
        for way, encoding, rounds in (
            ("as browsers ask", "gzip, deflate, br", _ROUNDS),
            ("uncompressed", "identity", _PLAIN_ROUNDS),
        ):
            alone, behind = _measure(report, settings, site, front, (way, encoding, rounds))
            if encoding != "identity":
                report.goal("page_vs_nginx", alone, ">=", 0.50)
                report.goal("page_behind_nginx", behind, ">=", 0.95)


def _measure(
    report: Report, settings: Settings, site: Site, front: NginxServer, asking: tuple[str, str, int]
) -> tuple[float, float]:
    """One table: the medians of the program alone and behind nginx, against the same answer as a file."""
    way, encoding, rounds = asking
    page, headers = _answer(site.url + PATH, encoding)
    same_headers = _same_headers(settings, headers)
    with ExitStack() as held:
        file, read = (
            _file_server(held, page, same_headers, sending) for sending in (_USUAL, _READ_AND_WRITTEN)
        )
        # who is compared stands side by side
        places = {
            "the program alone": (site.url + PATH, site.process.pid),
            _FILE: (f"{file.url}/page.html", file.process.pid),
            "the program behind nginx, as deploy/ ships it": (front.url + PATH, front.process.pid),
            _ASIDE: (f"{read.url}/page.html", read.process.pid),
        }
        for url, _ in places.values():
            assert _answer(url, encoding)[0] == page, url
        loads: dict[str, dict[int, Load]] = {name: {} for name in places}
        for number in range(rounds):
            there_and_back = list(places.items())[:: 1 if number % 2 else -1]
            for name, (url, process) in there_and_back:
                if name != _ASIDE or number % _NOW_AND_THEN == 0:
                    loads[name][number] = _load(url, encoding, process)
    against = {name: _against(some, loads[_FILE]) for name, some in loads.items()}
    report.table(
        f"One page of the wall {way} ({len(page) / 1000:.1f} kB), {_CONNECTIONS} connections",
        ["who", "requests/s", "of nginx", "its CPU, µs a request"],
        [
            (
                name,
                Spread([one.requests_a_second for one in some.values()]).text(0),
                against[name],
                Spread([one.cpu_microseconds for one in some.values()]).text(1),
            )
            for name, some in loads.items()
        ],
    )
    alone, _, behind, _ = (share.median for share in against.values())
    return alone, behind


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did under load. Behind nginx, its processor time is nginx's: the program has none."""

    requests_a_second: float
    cpu_microseconds: float


def _answer(url: str, encoding: str) -> tuple[bytes, Mapping[str, str]]:
    """The page as it comes over the line."""
    answer = requests.get(url, headers={"Accept-Encoding": encoding}, timeout=30, stream=True)
    return answer.raw.read(decode_content=False), answer.headers


def _same_headers(settings: Settings, headers: Mapping[str, str]) -> str:
    names = [*fixed_headers(settings), "Cache-Control", "Vary", "Content-Encoding"]
    return " ".join(f'add_header {name} "{headers[name]}";' for name in names if name in headers)


def _against(loads: Mapping[int, Load], others: Mapping[int, Load]) -> Spread:
    """Round by round."""
    return Share(
        [mine.requests_a_second / others[number].requests_a_second for number, mine in loads.items()]
    )


class Share(Spread):
    """A spread of ratios."""

    def __str__(self) -> str:
        return self.text(2)


def _file_server(held: ExitStack, page: bytes, headers: str, sending: str) -> NginxServer:
    """nginx with the page as a file."""

    def configure(user: str, folder: Path, port: int) -> str:
        (folder / "page.html").write_bytes(page)
        listen = f"127.0.0.1:{port}"
        values = {
            "USER": user,
            "FOLDER": str(folder),
            "LISTEN": listen,
            "HEADERS": headers,
            "SENDING": sending,
        }
        return re.sub(r"@([A-Z]+)@", lambda found: values[found[1]], _STATIC)

    server = NginxServer.start(configure, _MEMORY)
    assert server is not None
    held.callback(server.stop)
    return server


def _load(url: str, encoding: str, process: int) -> Load:
    """What wrk gets from a server in some seconds, and what that cost the server and its children."""
    before = _cpu_seconds(process)
    said = subprocess.run(
        [
            *("wrk", "-t1", f"-c{_CONNECTIONS}", f"-d{_SECONDS}s"),
            *("-H", f"Accept-Encoding: {encoding}", url),
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    cost = _cpu_seconds(process) - before
    speed = re.search(r"Requests/sec:\s+([\d.]+)", said)
    number = re.search(r"(\d+) requests in", said)
    assert speed is not None, said
    assert number is not None, said
    assert "Non-2xx" not in said, said
    return Load(float(speed[1]), cost / int(number[1]) * 1_000_000)


def _cpu_seconds(process: int) -> float:
    """Of a server and its children. One that ended meanwhile (nginx has such) counts with its parent."""
    return sum(map(cpu_seconds_of, [process, *descendants_of(process)]))


# ---- made anew


def _made_anew(report: Report, house: House) -> None:
    """Other pages of a wall that was looked at: none of them kept, their tiles and the frame around them are.
    And the newest page just after a publication, when counts and filters are drawn anew, too.
    """
    app = create_app(replace(house.settings, page_cache_bytes=0), house)
    cursors = Cursors(house.keys)
    places = range(_GREETINGS, _GREETINGS - _PAGES, -1)
    others = cycle([_environ(f"after={cursors.write(ACTION_ID, place)}") for place in places])
    newest = _environ()
    set_apart_what_is_loaded()  # as the server does when it starts
    with _bare(app) as bare:
        work = {
            "page": lambda: _cost(lambda: _ask(app, next(others))),
            "published": lambda: _cost(lambda: _ask(app, newest), before=lambda: _publish(house)),
            "bare": lambda: _cost(bare),
            "bare, as far apart": lambda: _cost(bare, before=lambda: _publish(house)),
        }
        costs = alternating(work, _FRESH_ROUNDS)
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


_BARE_WALL = """{% from "macros/wall.html" import tile -%}
<ol class="wall">
{% for one in tiles %}{{ tile(one, loop.index <= 6) }}
{% endfor %}</ol>"""


@contextmanager
def _bare(app: Flask) -> Iterator[Callable[[], str]]:
    """Tiles from rows and their template, without request, database or frame."""
    with app.test_request_context(PATH):
        app.preprocess_request()
        template = app.jinja_env.from_string(_BARE_WALL)
        greetings = page_of_greetings(reading(), g.action.id, WallFilter())
        yield lambda: template.render(tiles=_tiles(g.action, greetings))


def _tiles(action: ActionPage, greetings: Sequence[PublicGreeting]) -> list[Tile]:
    """The tiles of one page; paper is dealt out over the page as a whole."""
    tiles = [make_tile(action, greeting) for greeting in greetings]
    cards = [None if tile.image_url else (tile.id, card_class(tile.text_excerpt)) for tile in tiles]
    return [replace(tile, stock=stock) for tile, stock in zip(tiles, stocks(cards), strict=True)]


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
