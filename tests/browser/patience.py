"""How long tests wait for what they look at: far longer than it takes, since a machine may have other work."""

import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page, Route

PATIENCE_SECONDS = 60
PATIENCE_MS = PATIENCE_SECONDS * 1000
LOOK_EVERY_MS = 50

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


def stop_the_clock(page: Page) -> None:
    """From here on a pause lasts until time is let pass: nobody is too slow to look at it."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + PATIENCE_SECONDS)


def hold_what_is_sent(page: Page, address: str) -> list[Route]:
    """Keep back what a page sends to that address, and let it look there; gives what came, in a list that grows."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route(address, hold)
    return held
