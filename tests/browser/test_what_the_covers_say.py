"""What the page of covers says stands beside what is pressed next, not over it, on any screen and in large type."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.house import House
from greetings.submissions.rules import State, Step
from greetings.submissions.steps import greeting_to_change, take_step
from tests.browser.patience import hold_what_is_sent, until
from tests.browser.site import Site
from tests.factories import make_greeting

pytestmark = pytest.mark.browser

# brings each into view; those that lie below what is said, even in part
BELOW_IT = """(controls) => controls.filter((one) => {
    if (!one.checkVisibility()) return false
    one.scrollIntoView({ block: "nearest", behavior: "instant" })
    const [box, said] = [one, document.querySelector("[data-said]")].map((each) => each.getBoundingClientRect())
    const isApart = box.right <= said.left || box.left >= said.right || box.bottom <= said.top || box.top >= said.bottom
    return !isApart
}).map((one) => one.outerHTML.slice(0, 99))"""


@pytest.fixture
def to_cover(store: House) -> Iterator[str]:
    """A greeting whose faces wait for their covers; taken back when the test is over."""
    with store.database.work() as session:
        action = session.scalars(select(Action).where(Action.slug == "ales")).one()
        made = make_greeting(
            store, session, action, state=State.PENDING, photos=1, wants_faces_covered=True
        ).id
    yield made
    with store.database.work() as session:
        take_step(store, session, greeting_to_change(session, made), Step.WITHDRAW, actor="sender")


@pytest.fixture
def own(desk: BrowserContext, browser: Browser) -> Iterator[BrowserContext]:
    """The organiser's browser once more, to be signed out in."""
    context = browser.new_context(storage_state=desk.storage_state(), locale="en-GB")
    yield context
    context.close()


def say_the_longest(page: Page) -> None:
    """That one is signed out: a sentence of three parts, and a link."""
    page.context.clear_cookies()
    page.click("[data-burn]")
    expect(page.locator("[data-said] a")).to_have_count(1)


def test_what_is_said_meanwhile_outlives_the_looking_for_faces(
    own: BrowserContext, site: Site, to_cover: str
):
    """On a busy server it takes seconds: whoever is signed out by then still hears that, and how to go on."""
    page = own.new_page()
    held = hold_what_is_sent(page, "**/cover")
    page.goto(f"{site.url}/desk/greetings/{to_cover}/cover?lang=en")
    page.keyboard.press("f")
    until(lambda: held, page=page)
    say_the_longest(page)
    with page.expect_event("requestfinished", lambda request: request.method == "POST"):
        held[0].fulfill(json={"faces": {}})
    page.evaluate("new Promise((done) => setTimeout(done))")  # what it has found is told before
    expect(page.locator("[data-said] a")).to_have_attribute("href", "/desk/sign-in")


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_what_is_said_lies_over_nothing_that_is_pressed(
    own: BrowserContext, site: Site, to_cover: str, language: str
):
    page = own.new_page()
    page.goto(f"{site.url}/desk/greetings/{to_cover}/cover?lang={language}")
    page.locator("[data-tools]").wait_for()
    say_the_longest(page)
    controls = page.locator("#covers :is(button, input, select, summary)")
    for percent in (100, 200):
        page.evaluate("(percent) => document.documentElement.style.fontSize = `${percent}%`", percent)
        for width, height in ((320, 664), (390, 664), (390, 844), (768, 1024), (1280, 800)):
            page.set_viewport_size({"width": width, "height": height})
            where = f"{width} x {height} at {percent} %"
            assert controls.evaluate_all(BELOW_IT) == [], where
            page.locator("[data-burn]").scroll_into_view_if_needed()
            expect(page.locator("[data-said]"), where).to_be_in_viewport(
                ratio=0.99 if percent == 100 else 0.1
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= width, where
