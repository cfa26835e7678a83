"""A whole evening in a hall, in a few seconds: the screen's own script among slides that this test makes up."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.house import House
from tests.browser.conftest import Watched
from tests.browser.patience import answer_for, until
from tests.browser.site import Site
from tests.factories import make_greeting

pytestmark = pytest.mark.browser

SECONDS = 60  # far longer than anything takes here, so that no slide passes unseen
SLIDE = (
    '<main id="stage"><article class="slide words-alone s2 k1" id="slide" data-slide="{}" data-seconds="{}">'
    '<div class="sheet"><blockquote class="said">{}</blockquote></div></article></main>'
)


class Evening:
    """A screen whose slides are those of `names`, newest first, and what is seen on it."""

    def __init__(self, page: Page, site: Site, names: list[str]) -> None:
        self.page, self.names, self.seen = page, names, [""]
        self.is_slow = False  # a line that brings no slide yet
        self.held: list[Route] = []
        self.is_lost = False  # no line at all
        page.clock.install()
        page.goto(f"{site.url}/ales/be/screen")
        self._frame = page.locator("#stage").get_attribute("data-frame")
        answer_for(page, "**/screen.json", self._tell)
        answer_for(page, "**/screen?show=*", self._bring)
        page.reload()  # so that the script never heard of any other slides

    def _tell(self, route: Route) -> None:
        route.fulfill(json={"frame": self._frame, "slides": self.names})

    def _bring(self, route: Route) -> None:
        if self.is_lost:
            route.abort("internetdisconnected")
        elif self.is_slow:
            self.held.append(route)
        else:
            bring(route)

    def shown(self) -> str:
        return self.page.locator("#slide").get_attribute("data-slide") or ""

    def tell(self) -> None:
        """Let the screen hear which slides there are: it asks anew once it has taken in what it was told."""
        for _ in range(2):  # the first may have been asked for before
            with self.page.expect_response("**/screen.json"):
                self.page.clock.run_for(2_100)
        with self.page.expect_request("**/screen.json"):
            self.page.clock.run_for(2_100)

    def go_on(self) -> str:
        """Wait for the next slide."""

        def look() -> str:
            # no more before the line has answered: the screen gives up what takes it longer than twelve seconds
            with self.page.expect_response("**/screen.json"):
                self.page.clock.run_for(5_000)
            return self.shown()

        self.seen.append(until(look, lambda now: now != self.seen[-1], self.page))
        return self.seen[-1]


def bring(route: Route) -> None:
    name = parse_qs(urlsplit(route.request.url).query)["show"][0]
    route.fulfill(content_type="text/html", body=SLIDE.format(name, SECONDS, name))


def begin(visitor: Callable[..., Watched], site: Site, slides: int) -> Evening:
    """An evening at whose beginning so many slides are there and the first of them is shown."""
    evening = Evening(visitor("be", 1280).page(), site, [f"old{place}" for place in range(slides)])
    until(evening.go_on, lambda shown: shown == "old0")
    return evening


def test_what_is_new_comes_in_between_and_every_older_one_comes_round_all_the_same(
    visitor: Callable[..., Watched], site: Site
) -> None:
    evening = begin(visitor, site, 6)
    shown = []
    for number in range(6):  # something new comes far more often than the round is long
        evening.names.insert(0, f"new{number}")
        evening.tell()
        until(evening.go_on, lambda now, new=f"new{number}": now == new)  # type: ignore[misc]
        shown.append(evening.go_on())
    older = [name for name in evening.seen[evening.seen.index("old0") :] if name.startswith("old")]
    assert older[:6] == [f"old{place}" for place in range(6)], shown


def test_a_round_goes_on_behind_what_was_taken_back(visitor: Callable[..., Watched], site: Site) -> None:
    evening = begin(visitor, site, 8)
    until(evening.go_on, lambda shown: shown == "old4")
    evening.names.remove("old4")
    evening.names.remove("old3")
    assert evening.go_on() == "old5"


def test_what_is_taken_back_on_its_way_to_the_screen_is_not_shown(
    visitor: Callable[..., Watched], site: Site
) -> None:
    evening = begin(visitor, site, 4)
    evening.is_slow = True

    def asked() -> list[Route]:
        evening.page.clock.run_for(5_000)
        return evening.held

    until(asked, page=evening.page)
    late = evening.held.pop()
    name = parse_qs(urlsplit(late.request.url).query)["show"][0]
    evening.names.remove(name)
    evening.tell()
    evening.page.evaluate(
        """(name) => {
            window.wasSeen = false;
            new MutationObserver(() => { window.wasSeen ||= Boolean(document.querySelector(`[data-slide="${name}"]`)); })
                .observe(document.getElementById("stage"), { childList: true, subtree: true });
        }""",
        name,
    )
    evening.is_slow = False
    for route in [late, *evening.held]:
        bring(route)
    expect(evening.page.locator("#slide")).not_to_have_attribute("data-slide", "old0")
    assert not evening.page.evaluate("window.wasSeen")


def test_what_is_new_waits_for_the_network(visitor: Callable[..., Watched], site: Site) -> None:
    evening = begin(visitor, site, 9)
    until(evening.go_on, lambda shown: shown == "old2")
    evening.is_lost = True
    evening.names.insert(0, "new")
    evening.tell()
    assert evening.go_on() in {"old0", "old1"}, "what was shown before goes round"
    evening.is_lost = False
    assert evening.go_on() == "new"


def test_after_hours_a_screen_holds_no_more_than_it_may(visitor: Callable[..., Watched], site: Site) -> None:
    """However many slides went by: what is on the page stays as much, and of the others only the last are kept."""
    kept = 80  # as static/js/screen.js says
    evening = begin(visitor, site, kept + 10)
    for place in range(1, kept + 10):
        assert press_on(evening) == f"old{place}"
    until(evening.page.locator("#stage .slide").count, lambda slides: slides <= 2, evening.page)
    evening.is_lost = True
    without_network = [press_on(evening) for _ in range(kept + 5)]
    assert len(set(without_network)) == kept


def press_on(evening: Evening) -> str:
    """Wait no longer: somebody asks for the next slide, and another one is shown."""
    before = evening.shown()
    evening.page.keyboard.press("ArrowRight")
    return until(evening.shown, lambda now: now != before, evening.page)


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_a_beamer_with_finer_pixels_shows_everything_as_large(
    visitor: Callable[..., Watched], site: Site, store: House, size: tuple[int, int]
) -> None:
    """A code that is half as wide is not read from the back of a hall."""
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        shown = make_greeting(store, session, action, photos=1, text="Чакаем Вас дома").id
    page = visitor("be", 1280).page()
    high = []
    for times in (1, 2):
        page.set_viewport_size({"width": size[0] * times, "height": size[1] * times})
        page.goto(f"{site.url}/ales/be/screen?still=1&show={shown}-0")
        high.append(
            page.evaluate(
                """async () => {
                    await document.fonts.ready;
                    return [".qr", ".frame h1", ".call", ".where", ".from", ".said", ".controls a"].map(
                        (one) => document.querySelector(one).getBoundingClientRect().height)
                }"""
            )
        )
    assert [round(fine / coarse, 1) for coarse, fine in zip(*high, strict=True)] == pytest.approx(
        [2.0] * 7, abs=0.1
    )
