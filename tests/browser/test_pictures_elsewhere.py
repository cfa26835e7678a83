"""Pictures of the wall in a feed reader: a page of another origin, in a real Chromium."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.house import House
from greetings.submissions.rules import State
from tests.browser.patience import PATIENCE_SECONDS, until
from tests.browser.site import Site
from tests.factories import make_greeting

pytestmark = pytest.mark.browser


@contextmanager
def reader(html: str) -> Iterator[str]:
    """The address of a page that somebody else has, on another name and port than the site."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed/reader"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def look(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens a page of somebody else's and waits for whatever pictures it gets."""
    context = browser.new_context()

    def at(html: str) -> Page:
        page = context.new_page()
        with reader(html) as address:
            page.goto(address, wait_until="load")
        return page

    yield at
    context.close()


def entry_of(site: Site, greeting_id: str) -> dict[str, Any]:
    """A greeting in the feed; the server has two seconds to notice what another process hung up."""

    def entries() -> list[dict[str, Any]]:
        feed = requests.get(f"{site.url}/ales/be/feed.json", timeout=PATIENCE_SECONDS).json()
        return [item for item in feed["items"] if item["id"].endswith(greeting_id)]

    return until(entries)[0]


def shown(page: Page) -> list[bool]:
    return page.locator("img").evaluate_all("pictures => pictures.map((one) => one.naturalWidth > 0)")


def test_a_feed_reader_shows_what_is_public_and_nothing_else(
    look: Callable[[str], Page], site: Site, store: House
) -> None:
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        greeting = make_greeting(store, session, action, photos=2, text="Пішу з Вільні")
        waiting = make_greeting(store, session, action, photos=1, state=State.PENDING)
    entry = entry_of(site, greeting.id)
    cards = (
        f"{site.url}/embed/ales/be/card.jpg",
        f"{site.url}/embed/ales/be/greetings/{greeting.id}/card.jpg",
    )
    page = look(entry["content_html"] + "".join(f'<img src="{url}">' for url in cards))
    assert shown(page) == [True] * 4
    assert "Пішу з Вільні" in page.inner_text("body")
    held_back = (
        f"media/{waiting.photos[0].private_name}-thumb.webp",
        f"desk/pictures/{waiting.photos[0].private_name}/thumb",
        f"embed/ales/be/greetings/{waiting.id}/card.jpg",
    )
    # there for whoever asks, but not for the pages of others: one by a consent to events, one drawn for ours
    for_us = (f"ales/be/screen/{greeting.id}-0.webp", "static/images/favicon.svg")
    assert [requests.get(f"{site.url}/{path}", timeout=PATIENCE_SECONDS).status_code for path in for_us] == [
        200,
        200,
    ]
    page = look("".join(f'<img src="{site.url}/{path}">' for path in (*held_back, *for_us)))
    assert shown(page) == [False] * 5


def test_a_picture_in_a_feed_does_not_tell_us_who_reads_it(
    look: Callable[[str], Page], site: Site, store: House
) -> None:
    with store.database.work() as session:
        greeting = make_greeting(store, session, session.scalars(select(Action)).one(), photos=1)
    picture = re.search(r"<img [^>]+>", entry_of(site, greeting.id)["content_html"])
    assert picture
    html = f'<meta name="referrer" content="unsafe-url">{picture[0]}'
    page = look("")
    with reader(html) as address, page.expect_request("**/media/**") as asked:
        page.goto(address)
    assert "referer" not in asked.value.all_headers()
