"""The address for cards by post, copied and picked up as it is written; and the code that a hall reads."""

import re
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.patience import until
from tests.browser.site import Site
from tests.browser.test_first_screen import ALL_LETTERS

pytestmark = pytest.mark.browser

LATIN, CYRILLIC = re.compile("[A-Za-z]{3}"), re.compile("[А-Яа-яЎўІіЁё]{3}")


def unfolded(page: Page) -> int:
    """How many addresses there are, all of them to be seen."""
    page.locator(".envelope details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    return page.locator(".envelope address").count()


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_each_address_is_copied_line_by_line_and_one_is_in_either_alphabet(
    visitor: Callable[..., Watched], site: Site, language: str
) -> None:
    page = visitor(language).page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site.url}/ales/{language}/")
    copied = []
    for place in range(unfolded(page)):
        written = page.locator(".envelope address").nth(place).locator("span").all_inner_texts()
        assert len(written) >= 3
        page.evaluate("navigator.clipboard.writeText('')")
        copies = page.locator(".envelope .copy-line").nth(place)
        copies.get_by_role("button").click()
        expect(copies.get_by_role("status")).not_to_have_text("")
        copied.append(until(lambda: page.evaluate("navigator.clipboard.readText()")))
        assert copied[-1].splitlines() == [line.strip() for line in written]
    assert [one for one in copied if LATIN.search(one) and not CYRILLIC.search(one)]
    assert [one for one in copied if CYRILLIC.search(one) and not LATIN.search(one)]


def test_without_a_script_one_touch_selects_the_whole_address(
    visitor: Callable[..., Watched], site: Site
) -> None:
    page = visitor("en", 390, javascript=False).page()
    page.goto(f"{site.url}/ales/en/")
    address = page.locator(".envelope address").first
    assert address.evaluate("one => getComputedStyle(one).userSelect") == "all"


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_a_telephone_in_the_hall_reads_where_one_takes_part(
    visitor: Callable[..., Watched], site: Site, language: str
) -> None:
    page = visitor(language, 1280).page()
    page.goto(f"{site.url}/ales/{language}/screen?still=1")
    page.evaluate(ALL_LETTERS)
    seen = cv2.imdecode(np.frombuffer(page.screenshot(animations="disabled"), np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None
    read, *_ = cv2.QRCodeDetector().detectAndDecode(seen)
    assert read == f"{site.url}/ales/{language}/"
    answer = page.request.get(read)
    assert (answer.status, answer.url) == (200, read)
