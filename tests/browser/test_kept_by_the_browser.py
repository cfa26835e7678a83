"""What a browser writes to the disk of a device that may be taken away: of a greeting and its code, nothing."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.house import House
from tests.browser.conftest import ARGUMENTS
from tests.browser.patience import PATIENCE_MS, answer_for, arrive, until
from tests.browser.site import Site, until_hanging
from tests.conftest import must_not_skip
from tests.factories import make_greeting, picture_bytes
from tests.folders import all_bytes_in

pytestmark = pytest.mark.browser

FIELDS = ("text", "name", "town", "organisation", "office")
WRITTEN_AFTER_MS = 2_000  # a little sooner than Chromium writes down which page was opened
# when, after it was asked for, a page became one that was only looked at
WATCH = """const replace = history.replaceState;
history.replaceState = function (...all) { window.forgotten ??= performance.now(); return replace.apply(this, all); };"""
# the other Chromium, without tabs and menus, has nothing to come back to and keeps nothing of anyone
WITH_TABS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def own(browser: Browser, profile: Path) -> Iterator[BrowserContext]:
    """A browser with a profile on the disk, as people have one."""
    path = next(filter(None, map(shutil.which, WITH_TABS)), None)
    if path is None:
        must_not_skip("There is no Chromium with tabs on this machine: make system brings it.")
    context = browser.browser_type.launch_persistent_context(profile, executable_path=path, args=ARGUMENTS)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(WATCH)
    yield context
    context.close()


def typed(word: str) -> list[str]:
    """What stands in the fields then."""
    return [word + field for field in FIELDS]


def fill(page: Page, word: str) -> None:
    """Key by key, as only what a hand typed is kept."""
    page.locator("fieldset details.unfolds summary", has_text="organisation").click()
    for field, words in zip(FIELDS, typed(word), strict=True):
        page.locator(f"#send [name={field}]").press_sequentially(words)
    picture: FilePayload = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes()}
    page.set_input_files("#photos", picture)
    page.locator(".print summary").click()
    page.locator(".print textarea").press_sequentially(described(word))


def described(word: str) -> str:
    """What is said then of the photo, in a field that only scripts make."""
    return f"{word}description"


def kept(profile: Path, typed: Iterable[str]) -> set[str]:
    """What of it lies in any file of the profile, in either of the encodings that Chromium writes."""
    everything = all_bytes_in(profile)
    return {one for one in typed if one.encode() in everything or one.encode("utf-16-le") in everything}


def let_be_kept(page: Page) -> None:
    page.eval_on_selector_all(
        "[autocomplete]", "all => all.forEach((one) => one.removeAttribute('autocomplete'))"
    )


def send(page: Page, site: Site, word: str) -> str:
    """Send a greeting and give the code of its receipt."""
    page.goto(f"{site.url}/ales/en/send")
    fill(page, word)
    page.check("#send [name=uses][value=gallery]")
    page.check("#send [name=agreed]")
    page.click("#send [type=submit]")
    return page.locator("#receipt-code").inner_text().strip()


def ask(page: Page, site: Site, code: str, profile: Path | None = None, number: int = 0) -> None:
    page.goto(f"{site.url}/ales/en/receipt?{number}")
    page.locator("[name=code]").press_sequentially(code)
    until_written(profile, f"/receipt?{number}")
    page.keyboard.press("Enter")
    arrive(page, "[data-state=pending]")  # its scripts come after what is seen


def until_written(profile: Path | None, address: str) -> None:
    """Wait until the browser has written down that this page lies open: what comes next it writes later."""
    if profile:
        until(lambda: kept(profile, [address]))


def in_time(page: Page, do: Callable[[int], str]) -> str:
    """Send something, anew as often as a machine with other work needs it, until its answer was forgotten before
    the browser could write it down; gives what was sent then.
    """
    numbers = count(1)

    def send_anew() -> tuple[str, bool]:
        return do(next(numbers)), page.evaluate("window.forgotten") < WRITTEN_AFTER_MS

    return until(send_anew, lambda sent: sent[1])[0]


def test_a_browser_keeps_nothing_of_a_greeting(own: BrowserContext, profile: Path, site: Site) -> None:
    page = own.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site.url}/ales/en/send")
    fill(page, "written")
    page.locator("header a").first.click()  # and left, in the middle of it
    page.wait_for_url(f"{site.url}/ales/en/")
    send(page, site, "brought")
    # where a form allows it Chromium keeps all: only so is it known that this looks in the right place
    other = own.new_page()
    other.goto(f"{site.url}/ales/en/send")
    let_be_kept(other)
    fill(other, "careless")
    until(lambda: kept(profile, typed("careless")) == set(typed("careless")), page=other)
    own.close()
    assert not kept(
        profile, typed("written") + typed("brought") + [described("written"), described("brought")]
    )


def test_a_browser_keeps_no_code(own: BrowserContext, profile: Path, site: Site) -> None:
    page = own.new_page()

    def ask_anew(number: int) -> str:
        code = send(page, site, f"one-{number}-")
        ask(page, site, code, profile, number)
        return code

    other_code = send(page, site, "another")
    code = in_time(page, ask_anew)
    with page.expect_request("**/receipt") as again:
        page.reload()
    assert again.value.method == "GET"
    page.goto(f"{site.url}/ales/en/")
    other = own.new_page()
    answer_for(other, "**/js/forget.js*", lambda route: route.abort())
    ask(other, site, other_code)
    until(lambda: kept(profile, [other_code.replace(" ", "+")]), page=other)
    own.close()
    assert not kept(profile, [code, code.replace(" ", "+")])


def test_a_code_is_forgotten_before_any_other_script_has_come(own: BrowserContext, site: Site) -> None:
    page = own.new_page()
    code = send(page, site, "early")
    answer_for(
        page, re.compile(r"/js/(copy|share)\.js"), lambda _route: None
    )  # on their way, and never there
    page.goto(f"{site.url}/ales/en/receipt")
    page.locator("[name=code]").press_sequentially(code)
    page.keyboard.press("Enter")
    expect(page.locator("[data-state=pending]")).to_be_visible()
    page.wait_for_function("() => window.forgotten")


def tell(page: Page, address: str, note: str, profile: Path | None = None) -> str:
    """Tell the moderators what is wrong with a greeting."""
    page.goto(address)
    page.locator("[name=note]").press_sequentially(note)
    page.locator("[name=concern]").first.check()
    until_written(profile, address)
    page.click("main form button")
    arrive(page, "h1:text-is('Thank you for telling us')")
    return note


def test_a_browser_keeps_nothing_of_what_is_told_or_wished(
    own: BrowserContext, profile: Path, site: Site, store: House
) -> None:
    with store.database.work() as session:
        action = session.scalars(select(Action).where(Action.slug == "ales")).one()
        shown = make_greeting(store, session, action).id
    until_hanging(site, shown)
    report = f"{site.url}/ales/en/greetings/{shown}/report"
    page = own.new_page()
    told = in_time(
        page, lambda number: tell(page, f"{report}?{number}", f"told-to-moderators-{number}", profile)
    )
    page.goto(f"{site.url}/ales/en/posters/own")
    page.locator("[name=wish]").press_sequentially("wished-for-a-poster")
    page.goto(f"{site.url}/ales/en/")
    other = own.new_page()
    answer_for(other, "**/js/forget.js*", lambda route: route.abort())
    tell(other, report, "carelesslytold")
    other.goto(f"{site.url}/ales/en/posters/own")
    let_be_kept(other)
    other.locator("[name=wish]").press_sequentially("carelesslywished")
    careless = {"carelesslytold", "carelesslywished"}
    until(lambda: kept(profile, careless) == careless, page=other)
    own.close()
    assert not kept(profile, [told, "wished-for-a-poster"])


def test_a_browser_keeps_nothing_of_what_is_written_at_the_desk(
    own: BrowserContext, profile: Path, site: Site, desk: BrowserContext
) -> None:
    signed_in = next(one["value"] for one in desk.cookies() if one["name"] == "desk")
    own.add_cookies([{"name": "desk", "value": signed_in, "url": f"{site.url}/desk/queue"}])
    page = own.new_page()
    page.goto(f"{site.url}/desk/add")
    for field in ("name", "text"):
        page.locator(f"#add [name={field}]").press_sequentially(f"by-post-{field}")
    page.goto(f"{site.url}/desk/decided")
    other = own.new_page()
    other.goto(f"{site.url}/desk/add")
    let_be_kept(other)
    for field in ("name", "text"):
        other.locator(f"#add [name={field}]").press_sequentially(f"careless-{field}")
    careless = {"careless-name", "careless-text"}
    until(lambda: kept(profile, careless) == careless, page=other)
    own.close()
    assert not kept(profile, ["by-post-name", "by-post-text"])
