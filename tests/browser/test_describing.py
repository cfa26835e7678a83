"""What a sender says can be seen in a photo goes wherever the photo goes, and is lost by nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.device import choose, fill_in, open_form, press_send, sent_parts
from tests.browser.patience import answer_for
from tests.browser.site import Site
from tests.factories import picture_bytes

Visitor = Callable[..., Watched]


@pytest.fixture
def three(tmp_path: Path) -> list[Path]:
    files = [tmp_path / f"{name}.jpg" for name in ("one", "two", "three")]
    for place, file in enumerate(files):
        file.write_bytes(picture_bytes(size=(300 + 40 * place, 240)))
    return files


def describe(page: Page, place: int, words: str) -> None:
    print_of_it = page.locator(f".print:nth-child({place})")
    if not print_of_it.locator("textarea").is_visible():
        print_of_it.locator("summary").click()
    print_of_it.locator("textarea").fill(words)


def lines_sent(page: Page) -> list[str]:
    (lines,) = [value for name, value, _ in sent_parts(page) if name == "descriptions"]
    return lines.splitlines()


def test_a_description_goes_with_its_photo_when_that_is_moved_and_with_it_when_it_is_removed(
    site: Site, visitor: Visitor, three: list[Path]
):
    page = visitor("en", 390).page()
    open_form(page, site)
    expect(page.locator("[data-descriptions]")).to_be_hidden()
    fill_in(page)
    choose(page, *three)
    for place, words in enumerate(("The first", "The second\nin two lines", "The third"), start=1):
        describe(page, place, words)
    page.locator(".print:nth-child(1) [data-do=later]").click()
    field = page.locator(".print:nth-child(2) textarea")
    expect(field).to_have_value("The first")
    expect(field).to_have_accessible_name("What can be seen (optional) Photo 2")
    page.locator(".print:nth-child(3) [data-do=remove]").click()
    expect(page.locator(".print")).to_have_count(2)
    press_send(page)
    expect(page.locator("#receipt-descriptions li")).to_have_text(["The second in two lines", "The first"])
    assert lines_sent(page) == ["The second in two lines", "The first"]
    names = [name for name, _, _ in sent_parts(page)]
    assert names.index("descriptions") < names.index("photos"), "text comes before files"


def test_a_refusal_loses_no_description_and_leads_to_the_one_that_is_too_long(
    site: Site, visitor: Visitor, three: list[Path]
):
    page = visitor("en", 390).page()
    open_form(page, site)
    fill_in(page)
    choose(page, *three[:2])
    describe(page, 1, "A poster")
    describe(page, 2, "a" * 312)
    press_send(page)
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("[data-descriptions]")).to_be_hidden()
    field = page.locator(".print:nth-child(2) textarea")
    page.locator("#error-summary a", has_text="Photo 2").click()
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(
        "It is read out to people who can’t see the picture: say what is there, and what stands on the "
        "poster. No names, please, and nothing by which somebody who covered their face could be recognised. "
        "A little shorter, please. 300 characters fit, this is 12 too many."
    )
    expect(page.locator(".print:nth-child(1) textarea")).to_have_value("A poster")
    field.fill("Candles")
    page.locator(".print:nth-child(2) [data-do=earlier]").click()
    press_send(page)
    expect(page.locator("#receipt-descriptions li")).to_have_text(["Candles", "A poster"])


def test_lines_that_were_written_without_the_script_are_handed_out_to_the_photos(
    site: Site, visitor: Visitor, three: list[Path]
):
    """It was lost on the way the first time, and came with the form that was given back."""
    page = visitor("en", 390).page()
    answer_for(page, "**/js/send.js*", lambda route: route.abort("internetdisconnected"))
    open_form(page, site)
    page.locator("[data-descriptions] summary").click()
    page.fill("[name=descriptions]", "A poster\nCandles\nA lake")
    page.unroute("**/js/send.js*")
    press_send(page)
    expect(page.locator("#error-summary")).to_be_visible()
    page.wait_for_selector("[data-with-script]:not([hidden])", state="attached")
    fill_in(page)
    choose(page, *three[:2])
    expect(page.locator(".print:nth-child(2) textarea")).to_have_value("Candles")
    expect(page.locator("[name=descriptions]")).to_have_value("A lake")
    expect(page.locator("[data-descriptions]")).to_be_visible()
    choose(page, three[2])
    expect(page.locator("[data-descriptions]")).to_be_hidden()
    press_send(page)
    expect(page.locator("#receipt-descriptions li")).to_have_text(["A poster", "Candles", "A lake"])
