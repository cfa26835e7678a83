"""Pages that people print hold on as few sheets as they need: none goes out with a few lines on it."""

import io
import re
from collections.abc import Callable, Iterator

import pytest
import requests
from PIL import Image
from playwright.sync_api import Page
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.actions.rules import ActionState
from greetings.house import House
from greetings.submissions.codes import code_digest
from greetings.submissions.rules import State, Step
from greetings.submissions.steps import greeting_to_change, take_step
from tests.browser.patience import PATIENCE_SECONDS, answer_for, arrive, until
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
def hanging(store: House) -> Iterator[None]:
    """More on the wall than one page of it has room for; afterwards they are gone."""
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        hung = [make_greeting(store, session, action, photos=place % 2, text=WORDS).id for place in range(26)]
    yield
    with store.database.work() as session:
        for greeting_id in hung:
            take_step(store, session, greeting_to_change(session, greeting_id), Step.WITHDRAW, actor="sender")


@pytest.fixture
def become(site: Site, store: House) -> Iterator[Callable[[ActionState], None]]:
    """Brings the action into a state, and its page has it; afterwards it is open, for whoever comes next."""
    signs = {
        ActionState.ANNOUNCED: "Opens soon", ActionState.OPEN: "Write a greeting", ActionState.CLOSED: "The action is over",
        ActionState.RELEASED: "Send a welcome", ActionState.ARCHIVED: "From the archive",
    }  # fmt: skip

    def into(state: ActionState) -> None:
        with store.database.work() as session:
            session.scalars(select(Action)).one().state = state
        until(lambda: signs[state] in requests.get(f"{site.url}/ales/en/", timeout=PATIENCE_SECONDS).text)

    yield into
    into(ActionState.OPEN)


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
            arrive(page, f"[data-state={state}]")
            assert sheets(page, "A4") == 1, (state, language)


@pytest.mark.parametrize("state", list(ActionState))
def test_an_action_holds_on_two_sheets(
    page: Page, site: Site, hanging: None, become: Callable[[ActionState], None], state: ActionState
) -> None:
    become(state)
    for language in LANGUAGES:
        page.goto(f"{site.url}/ales/{language}/")
        assert [sheets(page, paper) for paper in ("A4", "Letter")] == [2, 2], language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_sheet_of_an_archived_action_is_its_wall(
    page: Page, site: Site, hanging: None, become: Callable[[ActionState], None], language: str
) -> None:
    """All words hold on the first; else a few of them would be alone on the second."""
    become(ActionState.ARCHIVED)
    page.goto(f"{site.url}/ales/{language}/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 739, "height": 979})  # Letter between its margins
    page.evaluate("document.fonts.ready")
    about, wall = (
        page.locator(one).evaluate("one => one.getBoundingClientRect().toJSON()")
        for one in ("#about", "#wall")
    )
    assert about["bottom"] <= 979
    assert wall["top"] >= about["bottom"]
    assert page.locator("#wall").evaluate("one => getComputedStyle(one).breakBefore") == "page"
    assert 979 / 2 <= wall["height"] <= 979


def test_a_greeting_alone_in_the_last_row_of_a_page_fills_no_sheet(
    page: Page, site: Site, hanging: None
) -> None:
    page.goto(f"{site.url}/ales/en/greetings/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})
    faces = page.locator(".wall > li:not(.next) .face")
    in_rows = [faces.nth(place).evaluate("one => one.offsetHeight") for place in range(6)]
    page.eval_on_selector_all(
        ".wall > li:not(:first-child, .next)", "all => all.forEach((one) => one.remove())"
    )
    assert faces.first.evaluate("one => one.offsetHeight") < 1.3 * max(in_rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stamp_lies_clear_of_the_title(page: Page, site: Site, language: str) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})  # A4 between margins of 12 mm
    page.goto(f"{site.url}/ales/{language}/")
    page.evaluate("document.fonts.ready")
    stamp, title = (page.locator(one).first.bounding_box() for one in (".postcard .stamp", ".postcard h1"))
    assert stamp
    assert title
    assert stamp["y"] + stamp["height"] <= title["y"] + 2


@pytest.fixture
def pictured(page: Page, site: Site, store: House) -> Callable[[int, str], None]:
    """Opens a greeting of so many wide pictures, each described, with some words."""
    wide = io.BytesIO()
    Image.new("RGB", (1200, 800), "#9a5").save(wide, "WEBP")

    def opened(photos: int, words: str) -> None:
        with store.database.work() as session:
            action = session.scalars(select(Action)).one()
            said = ["Дзеці паказваюць малюнкі са свечкамі і плакат «З днём нараджэння, Алесь!»"] * photos
            greeting = make_greeting(store, session, action, photos=photos, descriptions=said, text=words)
            for photo in greeting.photos:
                photo.width_px, photo.height_px = 1200, 800
            address = f"{site.url}/ales/be/greetings/{greeting.id}"
        answer_for(
            page,
            "**/media/**",
            lambda route: route.fulfill(body=wide.getvalue(), content_type="image/webp"),
        )
        page.goto(address)

    return opened


@pytest.mark.parametrize(("photos", "rows"), [(3, 1), (6, 3), (8, 4), (10, 5)])
def test_many_pictures_print_on_one_sheet_with_the_words_and_their_sender(
    page: Page, pictured: Callable[[int, str], None], photos: int, rows: int
) -> None:
    """Else a second sheet had the last lines of a greeting, or the edge of its card alone."""
    pictured(photos, WORDS)
    assert page.locator(".album .row").count() == rows
    assert [sheets(page, paper) for paper in ("A4", "Letter")] == [1, 1]


def test_words_that_find_no_room_below_many_pictures_take_the_next_sheet_whole(
    page: Page, pictured: Callable[[int, str], None]
) -> None:
    pictured(6, f"{WORDS} " * 8)
    assert sheets(page, "A4") == 2
    page.emulate_media(media="print")
    assert page.locator(".album .back").evaluate("one => getComputedStyle(one).breakInside") == "avoid"
