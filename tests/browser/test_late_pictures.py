"""Pictures come late on a slow line: until then a sheet of their own colour lies where they will be."""

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.house import House
from tests.browser.patience import answer_for
from tests.browser.site import Site, until_hanging
from tests.factories import make_greeting

pytestmark = pytest.mark.browser

# what lies beneath each picture, and how far its edges are from the picture's own
BENEATH = """(within) => [...document.querySelectorAll(`${within} img`)].map((picture) => {
    const sheet = picture.parentElement.querySelector("svg");
    const [under, over] = [sheet, picture].map((one) => one.getBoundingClientRect());
    const away = ["left", "top", "right", "bottom"].map((edge) => Math.abs(under[edge] - over[edge]));
    return [sheet.getAttribute("color"), getComputedStyle(sheet).backgroundColor,
        Math.max(...away), getComputedStyle(picture).backgroundColor];
})"""
COLOURS = ["#aa8662", "#889daf"]


def test_a_picture_that_has_not_come_yet_is_a_sheet_of_its_own_colour(
    browser: Browser, site: Site, store: House
) -> None:
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        greeting = make_greeting(store, session, action, photos=2, text="")
        for photo, colour in zip(greeting.photos, COLOURS, strict=True):
            photo.average_colour, photo.width_px, photo.height_px = colour.removeprefix("#"), 1200, 800
        shown = greeting.id
    until_hanging(site, shown)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    answer_for(page, "**/media/**", lambda _route: None)  # on its way, and never there
    page.goto(f"{site.url}/ales/be/greetings/{shown}", wait_until="domcontentloaded")
    large = page.evaluate(BENEATH, "article")
    page.goto(f"{site.url}/ales/be/greetings/", wait_until="domcontentloaded")
    small = page.evaluate(BENEATH, f"#g-{shown}")
    page.close()

    painted = {"#aa8662": "rgb(170, 134, 98)", "#889daf": "rgb(136, 157, 175)"}
    bare = "rgba(0, 0, 0, 0)"
    assert [(tint, paint) for tint, paint, _away, _over in large] == [(one, painted[one]) for one in COLOURS]
    assert [(tint, paint) for tint, paint, _away, _over in small] == [(COLOURS[0], painted[COLOURS[0]])]
    assert all(away < 0.1 and over == bare for _tint, _paint, away, over in large + small), large + small
