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
