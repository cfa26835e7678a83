"""How long tests wait for what they look at: far longer than it takes, since a machine may have other work."""

import time
from collections.abc import Callable
from re import Pattern
from typing import Any, TypeVar

from playwright.sync_api import Locator, Page, Route

PATIENCE_SECONDS = 60
PATIENCE_MS = PATIENCE_SECONDS * 1000
LOOK_EVERY_MS = 50
ALWAYS_THERE = "/robots.txt"

Seen = TypeVar("Seen")


def until(look: Callable[[], Seen], is_it: Callable[[Seen], object] = bool, page: Page | None = None) -> Seen:
    """Look again and again until it is what was waited for, and give it. With a page whose requests this
    test answers by itself, they are answered meanwhile.
    """
    patience = time.monotonic() + PATIENCE_SECONDS
    while not is_it(seen := look()):
        assert time.monotonic() < patience, seen
        if page:
            page.wait_for_timeout(LOOK_EVERY_MS)
        else:
            time.sleep(LOOK_EVERY_MS / 1000)
    return seen


def arrive(page: Page, sign: str) -> Locator:
    """Wait for the page that has this, and for all of it: a click or a key only begins the way there. What is read
    of it at once is whole then, and set as it will be, and its keys are heard. Gives the first of what was waited for.
    """
    there = page.locator(sign).first
    there.wait_for()
    page.wait_for_load_state()
    return there


def stop_the_clock(page: Page) -> None:
    """From here on a pause lasts until time is let pass: nobody is too slow to look at it."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + PATIENCE_SECONDS)


def answer_for(page: Page, address: str | Pattern[str], answer: Callable[[Route], Any]) -> None:
    """From here on whatever a page asks of that address is answered by this test. One that is loaded already may
    hear of it later than Chromium says so, and a request sent at once would go past the test: it is asked.
    """
    page.route(address, answer)
    if page.url == "about:blank":
        return
    trial = f"**{ALWAYS_THERE}"
    page.route(trial, lambda route: route.fulfill(status=204))
    until(
        lambda: page.evaluate("(path) => fetch(path).then(({ status }) => status === 204)", ALWAYS_THERE),
        page=page,
    )
    page.unroute(trial)


def lose_the_network(page: Page) -> None:
    """From here on nothing that a page asks for comes."""
    page.context.set_offline(True)
    until(lambda: not _reaches_the_site(page), page=page)


def find_the_network(page: Page) -> None:
    """From here on it comes again."""
    page.context.set_offline(False)
    until(lambda: _reaches_the_site(page), page=page)


def _reaches_the_site(page: Page) -> bool:
    ask = "(path) => fetch(path, { cache: 'no-store' }).then(() => true, () => false)"
    return bool(page.evaluate(ask, ALWAYS_THERE))


def hold_back(page: Page, address: str | Pattern[str]) -> list[Route]:
    """Keep back what a page asks of that address; gives what came, in a list that grows."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    answer_for(page, address, hold)
    return held


def hold_what_is_sent(page: Page, address: str) -> list[Route]:
    """Keep back what a page sends to that address, and let it look there; gives what came, in a list that grows."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    answer_for(page, address, hold)
    return held
