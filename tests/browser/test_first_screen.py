"""What is in view before anybody scrolls, and where a page that is shorter than its window ends."""

import time

import pytest
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.house import House
from tests.browser.patience import answer_for, until
from tests.browser.site import Site, until_hanging
from tests.factories import make_greeting

pytestmark = pytest.mark.browser

ALL_LETTERS = "Promise.all([...document.fonts].map((face) => face.load().catch(() => null)))"
LAPTOPS = ((1280, 800), (1366, 768), (1440, 900))
PHONE_WITH_ITS_BARS = (390, 664)
LATE_SECONDS = 0.4
SLIVER_PX = 20  # so much of a picture says that there is more


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_photos_begin_in_the_first_screen_and_both_ways_to_take_part_are_in_it(
    browser: Browser, site: Site, store: House, language: str
) -> None:
    """On a laptop; a phone has room for what can be done there."""
    with store.database.work() as session:
        shown = make_greeting(store, session, session.scalars(select(Action)).one(), photos=1).id
    until_hanging(site, shown)
    page = browser.new_page()
    page.goto(f"{site.url}/ales/{language}/")
    page.evaluate(ALL_LETTERS)
    for width, height in LAPTOPS:
        page.set_viewport_size({"width": width, "height": height})
        wall = page.locator("#wall .wall").bounding_box()
        assert wall, width
        assert wall["y"] + SLIVER_PX <= height, width
    width, height = PHONE_WITH_ITS_BARS
    page.set_viewport_size({"width": width, "height": height})
    ways = page.locator(".postcard .btn").evaluate_all(
        "(ways) => ways.map((one) => one.getBoundingClientRect().bottom)"
    )
    page.close()
    assert len(ways) == 2
    assert max(ways) <= height, ways


TWO_LINES_PX = 64
HEAD = """() => {
    const middle = (one) => (one.getBoundingClientRect().top + one.getBoundingClientRect().bottom) / 2
    const [mark, languages] = [".mark", ".langs"].map((name) => document.querySelector(name))
    const buttons = [...document.querySelectorAll(".gallery-head .btn")]
    return {
        beside: Math.abs(middle(mark) - middle(languages)) < 4,
        height: Math.max(...buttons.map((one) => one.offsetHeight)),
        pair: buttons[0].offsetTop === buttons[1].offsetTop,
    }
}"""


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_head_of_a_page_keeps_its_rows_at_every_width(
    browser: Browser, site: Site, language: str
) -> None:
    """The languages stand beside the title, and the buttons in pairs, none so narrow that it takes three lines."""
    page = browser.new_page()
    page.emulate_media(reduced_motion="reduce")  # a button takes its new width at once
    page.goto(f"{site.url}/ales/{language}/posters/")
    page.evaluate(ALL_LETTERS)
    seen = {}
    for width in range(320, 1300, 16):
        page.set_viewport_size({"width": width, "height": 800})
        seen[width] = page.evaluate(HEAD)
    page.close()
    narrow = {
        width: head
        for width, head in seen.items()
        if not (head["beside"] and head["pair"]) or head["height"] > TWO_LINES_PX
    }
    assert not narrow


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_several_buttons_fill_their_rows_on_a_telephone(browser: Browser, site: Site, language: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{site.url}/ales/{language}/nothing")
    page.evaluate(ALL_LETTERS)
    ends = page.eval_on_selector_all(
        ".btns, .btns > .btn", "all => all.map((one) => Math.round(one.getBoundingClientRect().right))"
    )
    page.close()
    assert len(ends) == 3
    assert ends[0] == ends[-1]


FADES = "document.addEventListener('transitionrun', (event) => (window.faded ??= []).push(event.propertyName), true)"


def test_no_button_fades_in_while_the_styles_load(browser: Browser, site: Site) -> None:
    """What is drawn before them is a link; seen on most loads of a short page whose styles came late."""

    def late(route: Route) -> None:
        time.sleep(LATE_SECONDS)
        route.continue_()

    for path in ("/ales/be/nothing", "/desk/sign-in") * 3:
        page = browser.new_page()
        page.add_init_script(FADES)
        answer_for(page, "**/css/base.css*", late)
        page.goto(site.url + path)
        assert page.evaluate("window.faded ?? []") == []
        page.locator(".btn.primary").hover()
        page.wait_for_function("() => window.faded")
        page.close()


@pytest.mark.parametrize("path", ["be/nobody-lives-here", "ru/receipt"])
def test_the_foot_of_a_short_page_is_at_the_foot_of_the_window(
    browser: Browser, site: Site, path: str
) -> None:
    """And a long page ends with it, as ever."""
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.goto(f"{site.url}/ales/{path}")
    page.evaluate(ALL_LETTERS)
    ends = "[document.querySelector('.foot').getBoundingClientRect().bottom, document.documentElement.scrollHeight]"
    assert page.evaluate(ends) == pytest.approx([1600, 1600], abs=1)
    page.set_viewport_size({"width": 1280, "height": 300})
    foot, whole = page.evaluate(ends)
    page.close()
    assert foot == pytest.approx(whole, abs=1)
    assert whole > 300


def on_a_line(page: Page, line: str) -> None:
    """What the browser says of its line: by itself it takes a busy machine for a slow one."""
    page.add_init_script(f"Object.defineProperty(navigator, 'connection', {{ get: () => ({line}) }})")


STILL_WAITING = "document.querySelectorAll('img[loading=lazy]').length"


def test_pictures_further_down_come_by_themselves_at_a_desk(browser: Browser, site: Site) -> None:
    """So that nobody scrolls onto empty sheets, or prints them."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    on_a_line(page, "{ effectiveType: '4g' }")
    page.goto(f"{site.url}/ales/be/")
    until(lambda: page.evaluate(STILL_WAITING), lambda waiting: waiting == 0)
    there = (
        "[...document.querySelectorAll('.poster img')].every((one) => one.complete && one.naturalWidth > 0)"
    )
    until(lambda: page.evaluate(there), bool)
    page.close()


@pytest.mark.parametrize(
    ("width", "line"), [(390, "{}"), (1280, "{ saveData: true }"), (1280, "{ effectiveType: '3g' }")]
)
def test_a_dear_line_brings_them_only_when_they_are_near(
    browser: Browser, site: Site, width: int, line: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    on_a_line(page, line)
    page.goto(f"{site.url}/ales/be/")
    page.wait_for_timeout(1000)  # longer than the page waits for a calm moment, which may never come
    waiting = page.evaluate(STILL_WAITING)
    page.close()
    assert waiting >= 6, "the posters"
