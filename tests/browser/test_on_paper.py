"""Pages that people print hold on as few sheets as they need: none goes out with a few lines on it."""

import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Page
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.actions.rules import ActionState
from greetings.house import House
from greetings.submissions.codes import code_digest
from greetings.submissions.rules import State
from tests.browser.patience import PATIENCE_SECONDS, until
from tests.browser.site import Site
from tests.factories import make_greeting

pytestmark = pytest.mark.browser

CODES = {State.PENDING: "PAPR" * 4, State.REJECTED: "RAPP" * 4}
WORDS = (
    "Дарагі Алесь! Мы пра Вас помнім, пішам і чакаем дома, у Ракуцёўшчыне і ў Вільні.\n\nЗ днём нараджэння!"
)
LANGUAGES = ("be", "en", "ru")
MARGIN = 0.4 * 96  # pixels: what browsers leave unless they are told otherwise


@pytest.fixture
def page(visitor) -> Page:
    return visitor().page()


@pytest.fixture
def announced(site: Site, store: House) -> Iterator[None]:
    """The action isn't open yet; afterwards it is again, for whoever comes next."""

    def become(state: ActionState, sign: str) -> None:
        with store.database.work() as session:
            session.scalars(select(Action)).one().state = state
        until(lambda: sign in requests.get(f"{site.url}/ales/en/", timeout=PATIENCE_SECONDS).text)

    become(ActionState.ANNOUNCED, "Opens soon")
    yield
    become(ActionState.OPEN, "/ales/en/send?")


def sheets(page: Page, paper: str) -> int:
    """How many it takes, with all its pictures and letters there."""
    page.evaluate("document.querySelectorAll('img').forEach((one) => { one.loading = 'eager'; })")
    page.evaluate("Promise.all([...document.images].map((one) => one.decode().catch(() => null)))")
    page.evaluate("document.fonts.ready.then(() => null)")
    printed = page.pdf(
        format=paper, margin={"top": MARGIN, "right": MARGIN, "bottom": MARGIN, "left": MARGIN}
    )
    return len(re.findall(rb"/Type\s*/Page\b", printed))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_posters_are_seen_on_one_sheet(page: Page, site: Site, language: str) -> None:
    page.goto(f"{site.url}/ales/{language}/posters/")
    assert [sheets(page, paper) for paper in ("A4", "Letter")] == [1, 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_s_own_poster_stands_beside_its_form_on_paper_too(page: Page, site: Site, language: str) -> None:
    page.goto(f"{site.url}/ales/{language}/posters/own")
    assert [sheets(page, paper) for paper in ("A4", "Letter")] == [1, 1]


def test_a_receipt_with_a_few_words_holds_on_one_sheet(page: Page, site: Site, store: House) -> None:
    for state, code in CODES.items():
        with store.database.work() as session:
            action = session.scalars(select(Action)).one()
            digest = code_digest(store.keys, code)
            make_greeting(store, session, action, state=state, photos=2, text=WORDS, code_digest=digest)
        for language in LANGUAGES:
            page.goto(f"{site.url}/ales/{language}/receipt")
            page.fill("input[name=code]", code)
            page.locator("main form button").click()
            page.locator(f"[data-state={state}]").wait_for()
            assert sheets(page, "A4") == 1, (state, language)


@pytest.mark.parametrize(
    ("language", "paper"), [(language, paper) for language in LANGUAGES for paper in ("A4", "Letter")]
)
def test_an_action_that_is_announced_holds_on_two_sheets(
    page: Page, site: Site, announced: None, language: str, paper: str
) -> None:
    page.goto(f"{site.url}/ales/{language}/")
    assert sheets(page, paper) == 2
