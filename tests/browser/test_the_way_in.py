"""Passkeys in a real browser, with the authenticator that Chromium brings for tests: made, used, removed, copied."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Route, expect

from tests.browser.patience import answer_for, arrive, until
from tests.browser.site import PASSWORD, Site, enrol

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Keys:
    """The authenticator of one page: what it holds, and what it does when it is asked."""

    def __init__(self, page: Page, **more: object) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        made = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {**AUTHENTICATOR, **more}})
        self.id = made["authenticatorId"]

    @property
    def held(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._do("getCredentials")["credentials"]
        return found

    def set_back(self, sign_count: int) -> None:
        """What a copy made earlier would be: the same key with a smaller count."""
        (one,) = self.held
        self._do("clearCredentials")
        self._do("addCredential", credential={**one, "signCount": sign_count})

    def owner_is_there(self, *, is_there: bool) -> None:
        self._do("setUserVerified", isUserVerified=is_there)

    def _do(self, what: str, **facts: object) -> dict[str, Any]:
        answer: dict[str, Any] = self._cdp.send(f"WebAuthn.{what}", {"authenticatorId": self.id, **facts})
        return answer


_numbers = count(1)


@pytest.fixture
def member(browser: Browser, desk: BrowserContext, site: Site) -> Iterator[tuple[BrowserContext, list[str]]]:
    """Somebody who has joined, and the recovery codes they wrote down."""
    page = desk.new_page()
    page.goto(f"{site.url}/desk/people?lang=en")
    page.click("text=Make an invitation link")
    link = arrive(page, "#invitation-link").inner_text()
    page.close()
    context = enrol(browser, link, f"vera{next(_numbers)}@example.org", "Vera")
    page = context.new_page()
    page.goto(f"{site.url}/desk/account?lang=en")
    page.click("#recovery > summary")
    page.fill("#recovery-current", PASSWORD)
    page.click("text=Make new recovery codes")
    arrive(page, "#recovery-codes li")
    codes = page.locator("#recovery-codes li").all_inner_texts()
    page.close()
    yield context, codes
    context.close()


def show_that_it_is_you(page: Page, site: Site, code: str) -> None:
    page.goto(f"{site.url}/desk/account?lang=en")
    page.click("#passkeys > summary")
    page.fill("#passkey-current", PASSWORD)
    page.fill("#passkey-code", code)
    page.locator("form", has=page.locator("#passkey-code")).locator("button").click()


def make(page: Page, site: Site, code: str, name: str = "my phone") -> None:
    show_that_it_is_you(page, site, code)
    page.fill("#name", name)
    page.click("text=Make the passkey")


def sign_out(page: Page) -> None:
    page.click(".own.wide-only >> text=Sign out")
    arrive(page, "text=Sign in with a passkey")


def test_a_passkey_is_made_signs_in_with_one_press_and_is_removed(
    member: tuple[BrowserContext, list[str]], site: Site, axe: Callable[[Page], None]
):
    context, codes = member
    page = context.new_page()
    keys, said = Keys(page), page.get_by_role("status").first
    make(page, site, codes.pop())
    expect(said).to_contain_text("The passkey is added")
    (made,) = keys.held
    assert made["rpId"] == "localhost"
    assert made["isResidentCredential"]
    axe(page)
    make(page, site, codes.pop())
    expect(page.locator("[data-passkey-said]")).to_have_text("This device has a passkey of yours already.")

    sign_out(page)
    axe(page)
    page.locator("text=Sign in with a passkey").focus()
    page_language = page.locator("html").get_attribute("lang")
    with (
        page.expect_request("**/desk/sign-in/question") as asked,
        page.expect_request(lambda request: request.method == "POST") as sent,
    ):
        page.keyboard.press("Enter")
    assert asked.value.headers["page-language"] == page_language, "in the language of the page, as all do"
    page.wait_for_url("**/desk/queue")
    sign_out(page)
    again = context.request.post(
        sent.value.url,
        data=sent.value.post_data,
        headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": site.url},
    )
    assert again.status == 422, "an answer works once"

    keys.set_back(0)
    page.goto(f"{site.url}/desk/sign-in?lang=en")
    page.click("text=Sign in with a passkey")
    expect(page.locator("#error-summary")).to_contain_text("there seems to be a copy of it")
    keys.set_back(100)
    keys.owner_is_there(is_there=False)
    page.click("text=Sign in with a passkey")
    expect(page.locator("[data-passkey-said]")).to_contain_text("Nothing happened")
    keys.owner_is_there(is_there=True)
    page.click("text=Sign in with a passkey")
    page.wait_for_url("**/desk/queue")

    page.goto(f"{site.url}/desk/account?lang=en")
    page.click("#passkeys > summary")
    page.click("text=Confirm with a passkey")
    expect(page.locator("h1")).to_have_text("Add a passkey")
    axe(page)
    page.click("text=Back to your account")
    page.click("#passkeys > summary")
    page.click("main >> text=Change…")
    arrive(page, "#remove-current")
    axe(page)
    page.fill("#remove-current", PASSWORD)
    page.click("text=Remove the passkey")
    expect(said).to_contain_text("is removed")
    sign_out(page)
    page.click("text=Sign in with a passkey")
    expect(page.locator("#error-summary")).to_contain_text("didn’t open the desk")
    page.close()


def test_on_a_slow_line_nobody_can_press_what_nothing_hears_yet(
    member: tuple[BrowserContext, list[str]], site: Site
):
    """Sent by hand the form would lack the device's answer, and everything would have to be shown once more."""
    context, codes = member
    page = context.new_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "/desk/account/passkeys" in (route.request.headers.get("referer") or ""):
            held.append(route)
        else:
            route.continue_()

    answer_for(page, "**/js/passkey.js*", hold)
    show_that_it_is_you(page, site, codes.pop())
    expect(page.locator("h1")).to_have_text("Add a passkey")
    button = page.get_by_role("button", name="Make the passkey")
    expect(button).to_have_count(0)
    until(lambda: held, page=page)
    held[0].continue_()
    expect(button).to_be_visible()
    expect(page.locator("#name")).to_be_focused()
    page.close()


def test_a_passkey_is_offered_only_where_the_browser_can_use_it(browser: Browser, site: Site):
    offer = "text=Sign in with a passkey"
    here, elsewhere = f"{site.url}/desk/sign-in?lang=en", site.url.replace("localhost", "127.0.0.1")
    for address, javascript, is_offered in [
        (here, True, True),
        (here, False, False),
        (f"{elsewhere}/desk/sign-in?lang=en", True, False),
    ]:
        context = browser.new_context(java_script_enabled=javascript)
        page = context.new_page()
        page.goto(address)
        expect(page.locator("input[name=password]")).to_be_visible()
        expect(page.locator(offer)).to_be_visible(visible=is_offered)
        context.close()


def test_the_secret_stands_in_fours_and_is_copied_as_it_is(desk: BrowserContext, site: Site):
    page = desk.new_page()
    page.goto(f"{site.url}/desk/account?lang=en")
    page.click("#device > summary")
    page.fill("#device-current", PASSWORD)
    page.click("text=Connect another one")
    secret = page.get_by_role("group", name="Or type this secret into it:")
    arrive(page, "a[href^='otpauth:']")
    fours = secret.locator("span").all_inner_texts()
    assert {len(four) for four in fours} == {4}
    secret.locator("span").nth(2).click()
    assert page.evaluate("String(getSelection())") == "".join(fours), (
        "one touch selects all of it, with no space"
    )
    link = page.locator("a[href^='otpauth:']").get_attribute("href") or ""
    assert f"secret={''.join(fours)}&" in link
    page.close()
