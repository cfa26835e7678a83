"""A real Chromium on a real site; whatever it must never see fails the test."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)
from sqlalchemy.orm import Session

from greetings.db.session import Database
from greetings.house import House, open_house
from greetings.operations.wiring import wire_rooms
from greetings.settings import load_settings
from greetings.web.moments import LOOK_AT_LEAST_SECONDS
from tests.browser.patience import PATIENCE_MS
from tests.browser.site import Site, enrol
from tests.conftest import must_not_skip

# the first is the same without tabs and menus, at which no test looks: a page opens in a third of the time
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # letters as wide in the one as in the other
]
expect.set_options(timeout=PATIENCE_MS)
LOCALES = {"be": "be-BY", "en": "en-GB", "ru": "ru-RU"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        must_not_skip("There is no Chromium on this machine: make system brings it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        browser.on("context", lambda context: context.set_default_timeout(PATIENCE_MS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    # a name, for passkeys; a mail server, so that letters are offered (nobody asks for one)
    mail = {"HOST": "localhost", "SECURITY": "none", "PORT": "1", "FROM": "desk@birthday.example"}
    environ = {f"GREETINGS_SMTP_{name}": value for name, value in mail.items()}
    site = Site.start(tmp_path_factory.mktemp("site") / "data", "localhost", prints=False, **environ)
    yield site
    site.stop()


@pytest.fixture(scope="module", autouse=True)
def every_change_is_noticed() -> Iterator[None]:
    """Whoever changes from here what visitors see goes on when the site shows it on each of its pages: whatever is
    asked later than this after a change is made of nothing older, so that no test has to look for it. Only as
    long as tests in a browser run: others ask the process that made the change.
    """
    work = Database.work

    @contextmanager
    def noticed(self: Database) -> Iterator[Session]:
        before = self.own_public_changes
        with work(self) as session:
            yield session
        if self.own_public_changes != before:
            time.sleep(LOOK_AT_LEAST_SECONDS)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "work", noticed)
        yield


@pytest.fixture(scope="module")
def store(site: Site) -> Iterator[House]:
    """The site's own store, opened a second time as a colleague's process would."""
    wire_rooms()
    house = open_house(load_settings({"GREETINGS_DATA": str(site.data)}))
    yield house
    house.close()


@pytest.fixture(scope="session")
def desk(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """The first organiser's signed-in browser."""
    context = enrol(browser, site.sign_in_link)
    yield context
    context.close()


class Watched:
    """A visitor's browser in which every page is watched: no other host, no cookie, no console error."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self.context = context
        self._host = host
        self._faults: list[str] = []
        context.on("request", self._look_at_request)
        context.on("console", self._look_at_console)
        context.on("weberror", lambda error: self._faults.append(f"script error: {error.error}"))

    def page(self) -> Page:
        return self.context.new_page()

    def check(self) -> None:
        """Fail if anything happened that must not."""
        assert not self._faults, self._faults
        assert self.context.cookies() == [], self.context.cookies()

    def _look_at_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"blob", "data"} and parts.netloc != self._host:
            self._faults.append(f"another host: {request.url}")

    def _look_at_console(self, message: ConsoleMessage) -> None:
        # a page that was refused (422, 410 ...) is what the test asked for, and Chromium logs its number;
        # so is a network that was taken away
        asked_for = ("the server responded", "net::ERR_INTERNET_DISCONNECTED")
        is_asked_for = any(f"Failed to load resource: {what}" in message.text for what in asked_for)
        if message.type == "error" and not is_asked_for:
            self._faults.append(f"console: {message.text}")


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Callable[..., Watched]]:
    """Makes watched browsers: `visitor("be", width=390, javascript=False)`."""
    with ExitStack() as open_contexts:

        @contextmanager
        def watched(language: str, width: int, *, javascript: bool) -> Iterator[Watched]:
            context = browser.new_context(
                viewport={"width": width, "height": 844 if width < 600 else 900},
                locale=LOCALES[language],
                java_script_enabled=javascript,
                has_touch=width < 600,
            )
            watch = Watched(context, urlsplit(site.url).netloc)
            yield watch
            watch.check()
            context.close()

        def make(language: str = "en", width: int = 1280, *, javascript: bool = True) -> Watched:
            return open_contexts.enter_context(watched(language, width, javascript=javascript))

        yield make


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails on anything that axe finds."""
    reader = Axe()

    def check(page: Page) -> None:
        page.wait_for_load_state()  # what has not come yet would not be read
        found = reader.run(page).response["violations"]
        said = [
            f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
            for rule in found
            for node in rule["nodes"]
        ]
        assert not said, f"{page.url}: " + "\n".join(said[:10])

    return check


@pytest.fixture
def phone_photo(corpus: Path) -> Path:
    """A whole phone photo with GPS and rotation."""
    return corpus / "phones" / "iphone-5-gps-orientation-3.jpg"
