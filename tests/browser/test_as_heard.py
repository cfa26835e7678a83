"""The public pages as they are heard, walked through by keyboard, and read where no script runs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
def test_buttons_that_scripts_serve_stand_only_where_scripts_run(
    visitor: Callable[..., Watched], site: Site, *, javascript: bool
) -> None:
    page = visitor("en", javascript=javascript).page()
    for path, button in (
        ("", "Copy the address"),
        ("posters/", "Copy the code"),
        ("posters/phone", "Full screen"),
        ("screen", "Full screen"),
    ):
        page.goto(f"{site.url}/ales/en/{path}")
        expect(page.locator("main").first).to_be_visible()
        found = page.locator("button", has_text=button)
        if javascript:
            expect(found).not_to_have_count(0)
        else:
            expect(found).to_have_count(0)
    if javascript:
        page.goto(f"{site.url}/ales/en/")
        copies = page.locator(".envelope .copy-line").first
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        copies.get_by_role("button").click()
        expect(copies.get_by_role("status")).to_have_text("Copied")


def test_what_becomes_of_a_poster_is_heard_once_while_it_is_written(
    visitor: Callable[..., Watched], site: Site
) -> None:
    page = visitor("en").page()
    page.goto(f"{site.url}/ales/en/posters/own")
    said = page.locator("figure").get_by_role("status")
    expect(said).to_have_text("One of our own, as an example.")
    page.fill("textarea[name=wish]", "Hello")
    expect(said).to_have_text("So it will look on paper.")
    heard = said.evaluate_handle(
        """(line) => { const heard = [];
        new MutationObserver(() => heard.push(line.textContent)).observe(line, { childList: true });
        return heard; }"""
    )
    shown = page.locator("[data-preview]").get_attribute("src")
    page.fill("textarea[name=wish]", "Hello, dear Ales")
    expect(page.locator("[data-preview]")).not_to_have_attribute("src", shown or "")
    assert heard.json_value() == []
    page.fill("textarea[name=wish]", "🎈")
    expect(said).to_contain_text("This can’t be printed as it stands.")


def test_words_that_grow_too_long_are_said_so_once_as_they_are_typed(
    visitor: Callable[..., Watched], site: Site
) -> None:
    page = visitor("en").page()
    page.goto(f"{site.url}/ales/en/send")
    words, said = page.locator("#text"), page.locator("form > [role=status][data-said]")
    expect(page.locator("[data-waiting]")).to_have_count(1)  # the form is the script's now
    words.fill("a" * 2000)
    expect(page.locator("p.left")).to_have_text("2,000 / 2,000")
    expect(said).to_have_text("")
    words.press_sequentially("b")
    expect(said).to_have_text("A little shorter, please: at most 2,000 characters.")
    said.evaluate("(line) => { line.textContent = ''; }")
    words.press_sequentially("b")
    expect(page.locator("p.left")).to_have_text("2,002 / 2,000")
    expect(said).to_have_text("")
    words.fill("a" * 10)
    words.fill("a" * 2001)
    expect(said).to_have_text("A little shorter, please: at most 2,000 characters.")
