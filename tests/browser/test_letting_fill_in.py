"""A form that asks browsers to keep nothing, and whoever would rather be helped by theirs."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("place", "written"), [("send?kind=text", "text"), ("posters/own", "wish")])
def test_it_is_chosen_in_the_page_and_nothing_typed_is_lost(
    browser: Browser, site: Site, place: str, written: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.url}/ales/en/{place}")
        page.fill(f"[name={written}]", "Трымайцеся")
        line = page.locator("[data-fill]")
        before = line.inner_text()
        for autocomplete, has_fill in (("name", True), ("off", False)):
            line.get_by_role("link").click()
            expect(page.locator("#name")).to_have_attribute("autocomplete", autocomplete)
            assert ("fill=1" in line.evaluate("line => line.closest('form').action")) == has_fill
            assert (line.inner_text() != before) == has_fill
            expect(line.get_by_role("link")).to_be_focused()
        expect(page.locator(f"[name={written}]")).to_have_value("Трымайцеся")


def test_it_is_chosen_as_well_in_a_form_that_came_back(browser: Browser, site: Site) -> None:
    """A form that lacks something comes back in this page's place; its link is another one."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.url}/ales/en/send?kind=text")
        page.fill("[name=name]", "Ганна")
        page.locator("#send [type=submit]").click()
        expect(page.locator("#error-summary")).to_be_visible()
        page.locator("[data-fill] a").click()
        expect(page.locator("#name")).to_have_attribute("autocomplete", "name")
        expect(page.locator("#name")).to_have_value("Ганна")
        assert page.url.endswith("/send?kind=text")
