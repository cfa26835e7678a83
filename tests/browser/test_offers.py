"""What only scripts can serve stands on the page from the first: nothing makes room for it later."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from greetings.house import House
from tests.browser.patience import hold_back, until
from tests.browser.site import Site
from tests.browser.test_late_letters import NOTE_SHIFTS, TWO_FRAMES, hang_up

pytestmark = pytest.mark.browser

# a page, the script that serves what it offers, and the button
OFFERS = [
    ("", "copy", "[data-copy]"),
    ("greetings/{}", "one", "[data-share]"),
    ("posters/phone", "phone-poster", "[data-fill]"),
    ("screen", "screen", "[data-fill]"),
]
# what a script does by itself, so that its button is put aside
ASIDE = ("posters/own", "own-poster", "button[value=png]")
CAN_SHARE = "navigator.share ??= async () => {};"  # as telephones can


@pytest.fixture(scope="module")
def greeting(site: Site, store: House) -> str:
    return hang_up(site, store)[1]


def open_without_script(
    browser: Browser, site: Site, path: str, script: str, button: str
) -> tuple[Page, list[Route]]:
    """A page with its button, seen or put aside, while the script that serves it is still on its way."""
    page = browser.new_page(viewport={"width": 390, "height": 4000})
    page.add_init_script(CAN_SHARE)
    page.add_init_script(NOTE_SHIFTS)
    held = hold_back(page, f"**/js/{script}.js*")
    page.goto(f"{site.url}/ales/be/{path}", wait_until="commit")
    page.locator(button).first.wait_for(state="attached")
    until(lambda: held, page=page)
    return page, held


@pytest.mark.parametrize(("path", "script", "button"), [*OFFERS, ASIDE])
def test_nothing_makes_room_when_a_script_comes(
    browser: Browser, site: Site, greeting: str, path: str, script: str, button: str
) -> None:
    page, held = open_without_script(browser, site, path.format(greeting), script, button)
    page.evaluate(TWO_FRAMES)
    is_seen = page.locator(button).first.is_visible()
    assert is_seen == ((path, script, button) != ASIDE)
    while held:
        held.pop().continue_()
    page.wait_for_load_state("load")
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("window.shifts") == []
    assert page.locator(button).first.is_visible() == is_seen
    page.close()


@pytest.mark.parametrize(("path", "script", "button"), OFFERS)
def test_what_no_script_serves_is_not_offered(
    browser: Browser, site: Site, greeting: str, path: str, script: str, button: str
) -> None:
    page, held = open_without_script(browser, site, path.format(greeting), script, button)
    while held:
        held.pop().abort()
    page.locator(button).first.wait_for(state="detached")
    page.close()


def test_what_no_script_does_by_itself_has_its_button(browser: Browser, site: Site) -> None:
    page, held = open_without_script(browser, site, *ASIDE)
    expect(page.locator(ASIDE[2])).to_be_hidden()
    while held:
        held.pop().abort()
    expect(page.locator(ASIDE[2])).to_be_visible()
    page.close()
