"""From greeting to greeting by impatient hands, by the way past the head of the page, and with the network lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.gallery.rules import PAGE_SIZE
from greetings.house import House
from tests.browser.conftest import Watched
from tests.browser.patience import find_the_network, hold_back, lose_the_network, until
from tests.browser.site import Site, until_hanging
from tests.factories import make_greeting

pytestmark = pytest.mark.browser

LOST = "No connection. Please try again."


@pytest.fixture(scope="module")
def hanging(store: House, site: Site) -> list[str]:
    """A page of greetings on the wall and some more, newest first."""
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        made = [
            make_greeting(store, session, action, name=f"Янка {number}", text=f"Лісты {number}").id
            for number in range(PAGE_SIZE + 4)
        ]
    until_hanging(site, made[-1])
    return made[::-1]


def open_from_the_wall(page: Page, site: Site, greeting: str) -> None:
    page.goto(f"{site.url}/ales/en/greetings/?lang=be")
    page.locator(f"#g-{greeting}").click()
    page.wait_for_url(f"**/{greeting}")
    page.wait_for_load_state("networkidle")


def test_a_key_pressed_several_times_on_a_slow_line_is_one_step(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("en", 1280).page()
    open_from_the_wall(page, site, hanging[1])
    held = hold_back(page, f"**/greetings/{hanging[2]}")
    before = page.evaluate("history.length")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    until(lambda: held, page=page)
    for _ in range(5):  # were there more of them, they would come now
        while held:
            held.pop().continue_()
        page.wait_for_timeout(100)
    page.wait_for_url(f"**/{hanging[2]}")
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    page.wait_for_url(f"**/{hanging[1]}")


def test_whoever_changes_their_mind_on_a_slow_line_gets_what_was_wished_last(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("en", 1280).page()
    open_from_the_wall(page, site, hanging[2])
    held = hold_back(page, f"**/greetings/{hanging[3]}")
    page.keyboard.press("ArrowRight")
    until(lambda: held, page=page)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**/{hanging[1]}")
    with page.expect_response(f"**/greetings/{hanging[3]}"):
        held[0].continue_()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    assert page.url.endswith(hanging[1])
    expect(page.locator(".prevnext [rel=prev]")).to_have_attribute("href", f"/ales/en/greetings/{hanging[0]}")


def test_the_way_past_the_head_of_the_page_asks_for_nothing_and_escape_still_leads_to_the_wall(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("en", 1280).page()
    open_from_the_wall(page, site, hanging[1])
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/{hanging[2]}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{hanging[2]}#main")
    expect(page.locator("#main")).to_be_focused()
    page.go_back()
    page.wait_for_url(f"**/{hanging[2]}")
    page.go_forward()
    page.wait_for_url(f"**/{hanging[2]}#main")
    assert not [one for one in asked if "/greetings/" in one]
    page.keyboard.press("Escape")
    page.wait_for_url("**/greetings/?lang=be")


def test_with_the_network_lost_what_one_reads_stays_and_reading_goes_on_when_it_is_back(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    watch = visitor("en", 390)
    page = watch.page()
    open_from_the_wall(page, site, hanging[1])
    lose_the_network(page)
    page.keyboard.press("ArrowRight")
    told = page.locator("[data-told]")
    expect(told).to_have_text(LOST)
    expect(told).to_be_in_viewport()
    assert page.url.endswith(hanging[1])
    find_the_network(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/{hanging[2]}")
    expect(told).not_to_have_text(LOST)


def test_with_the_network_lost_a_wall_stays_and_goes_on_when_it_is_back(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    watch = visitor("en", 390)
    page = watch.page()
    page.goto(f"{site.url}/ales/en/greetings/")
    tiles = page.locator("ol.wall > li:not(.next)")
    expect(tiles).to_have_count(PAGE_SIZE)
    page.wait_for_load_state("networkidle")
    lose_the_network(page)
    page.locator(".next a").click()
    expect(page.locator(".next a")).to_have_text(LOST)
    expect(page.locator("[data-told]")).to_have_text(LOST)
    expect(tiles).to_have_count(PAGE_SIZE)
    find_the_network(page)
    page.locator(".next a").click()
    expect(tiles).not_to_have_count(PAGE_SIZE)


@pytest.mark.parametrize("javascript", [True, False])
def test_whoever_goes_back_to_the_whole_wall_finds_nothing_chosen_above_it(
    visitor: Callable[..., Watched], site: Site, hanging: list[str], javascript: bool
) -> None:
    page = visitor("en", 1280, javascript=javascript).page()
    page.goto(f"{site.url}/ales/en/greetings/")
    page.fill("#q", "Лісты")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**/greetings/?*q=*")
    page.go_back()
    page.wait_for_url("**/greetings/")
    expect(page.locator("#q")).to_have_value("")
    page.go_forward()
    page.wait_for_url("**/greetings/?*q=*")
    expect(page.locator("#q")).to_have_value("Лісты")


def test_a_page_out_of_the_browsers_memory_shows_what_was_chosen_for_it(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("en", 1280).page()
    page.goto(f"{site.url}/ales/en/greetings/")
    page.wait_for_load_state("networkidle")
    page.fill("#q", "Лісты")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator("#q")).to_have_value("")
