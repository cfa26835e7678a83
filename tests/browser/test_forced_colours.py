"""Pages in the few colours that a reader's system forces on them: shadows and grounds are gone there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.house import House
from greetings.submissions.rules import State
from tests.browser.conftest import Watched
from tests.browser.site import Site
from tests.factories import make_greeting

pytestmark = pytest.mark.browser

GROUND = "(one) => getComputedStyle(one).backgroundColor"
RING = "(one) => { const { outlineStyle, outlineWidth } = getComputedStyle(one); return [outlineStyle, outlineWidth]; }"


@pytest.fixture(params=["light", "dark"])
def page(visitor: Callable[..., Watched], request: pytest.FixtureRequest) -> Page:
    page = visitor("en").page()
    page.emulate_media(forced_colors="active", color_scheme=request.param)
    return page


def test_the_chosen_one_of_several_is_told_from_the_others(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/ales/en/send?kind=text")
    chosen = page.locator(".chip :checked + span").first
    other = page.locator(".chip :not(:checked) + span").first
    expect(chosen).to_be_visible()
    assert chosen.evaluate(GROUND) != other.evaluate(GROUND)


def test_the_focus_is_seen_on_what_is_marked_as_current(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/ales/en/greetings/")
    for current in page.locator("header [aria-current]").all():
        resting = current.evaluate(RING)
        page.keyboard.press("Tab")  # from here on the keyboard leads
        current.focus()
        assert resting != current.evaluate(RING) == ["solid", "3px"]


def test_a_poster_on_a_phone_keeps_its_own_two_colours(page: Page, site: Site) -> None:
    for look, ground in (("", "rgb(255, 255, 255)"), ("?look=red", "rgb(179, 19, 28)")):
        page.goto(f"{site.url}/ales/en/posters/phone{look}")
        poster = page.locator("main")
        assert poster.evaluate(GROUND) == ground
        assert poster.evaluate("(one) => getComputedStyle(one).color") != ground


def test_the_focus_is_seen_on_a_card_of_the_contact_sheet(
    desk: BrowserContext, site: Site, store: House
) -> None:
    """Elsewhere its ring is a shadow around the whole card."""
    with store.database.work() as session:
        make_greeting(store, session, session.scalars(select(Action)).one(), state=State.PENDING)
    page = desk.new_page()
    page.emulate_media(forced_colors="active")
    page.goto(f"{site.url}/desk/sheet?lang=en")
    page.keyboard.press("Tab")
    tick = page.locator(".cell:not(.taken) input").first
    tick.focus()
    style, width, colour = tick.evaluate(
        "(one) => { const ring = getComputedStyle(one); return [ring.outlineStyle, ring.outlineWidth, ring.outlineColor]; }"
    )
    assert (style, width) == ("solid", "3px")
    assert colour != "rgba(0, 0, 0, 0)"
    page.close()


def test_the_postmark_of_a_red_card_is_as_dark_as_its_words(page: Page, site: Site) -> None:
    """Its red is gone, and with it the ground for a mark that is nearly white."""
    page.goto(f"{site.url}/ales/be/greetings/")
    colours = page.evaluate(
        """() => {
            const card = document.createElement("div");
            card.className = "card kr";
            card.innerHTML = '<p class="face">.</p><svg class="pm"></svg>';
            document.querySelector("main").append(card);
            return [...card.children].map((part) => getComputedStyle(part).color);
        }"""
    )
    assert colours[0] == colours[1]
