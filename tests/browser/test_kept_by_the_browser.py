"""What a browser writes to the disk of a device that may be taken away: of a greeting, nothing."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import ARGUMENTS
from tests.browser.patience import until
from tests.browser.site import Site
from tests.conftest import must_not_skip

pytestmark = pytest.mark.browser

FIELDS = ("text", "name", "town", "organisation", "office")
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
    yield context
    context.close()


def fill(page: Page, word: str) -> None:
    """Key by key, as only what a hand typed is kept."""
    page.locator("details.unfolds summary").click()
    for field in FIELDS:
        page.locator(f"#send [name={field}]").press_sequentially(word + field)


def kept(profile: Path, word: str) -> set[str]:
    """The fields whose words lie in any file of the profile, in either of the encodings that Chromium writes."""
    everything = b""
    for path in profile.rglob("*"):
        with suppress(FileNotFoundError):  # it comes and goes meanwhile
            everything += path.read_bytes() if path.is_file() else b""
    typed = {field: word + field for field in FIELDS}
    return {
        field
        for field, words in typed.items()
        if words.encode() in everything or words.encode("utf-16-le") in everything
    }


def test_a_browser_keeps_nothing_of_a_greeting(own: BrowserContext, profile: Path, site: Site) -> None:
    page = own.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site.url}/ales/en/send")
    fill(page, "written")
    page.locator("header a").first.click()  # and left, in the middle of it
    page.wait_for_url(f"{site.url}/ales/en/")
    page.goto(f"{site.url}/ales/en/send")
    fill(page, "brought")
    page.check("#send [name=uses][value=gallery]")
    page.click("#send [type=submit]")
    expect(page.locator("#receipt-code")).to_be_visible()
    # where a form allows it Chromium keeps all: only so is it known that this looks in the right place
    other = own.new_page()
    other.goto(f"{site.url}/ales/en/send")
    other.eval_on_selector_all(
        "[autocomplete]", "all => all.forEach((one) => one.removeAttribute('autocomplete'))"
    )
    fill(other, "careless")
    until(lambda: kept(profile, "careless"), lambda fields: fields == set(FIELDS), other)
    own.close()
    assert kept(profile, "written") == kept(profile, "brought") == set()
