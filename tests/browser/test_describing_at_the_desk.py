"""Photos described at the desk by a key or two: what will be said stands in the field before it is saved."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.db.session import begin_writing
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State, Step
from greetings.submissions.steps import greeting_to_change, take_step
from tests.browser.patience import until
from tests.browser.site import Site
from tests.factories import make_greeting

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


@pytest.fixture
def photos(store: House) -> Iterator[Callable[..., str]]:
    """Makes a greeting with photos, on no wall and in no queue, and erases it in the end."""
    made: list[str] = []

    def make(count: int, *descriptions: str) -> str:
        with store.database.work() as session:
            action = session.scalars(select(Action).where(Action.slug == "ales")).one()
            greeting = make_greeting(
                store,
                session,
                action,
                state=State.REJECTED,
                photos=count,
                descriptions=descriptions,
                language="en",
            )
            made.append(greeting.id)
        return made[-1]

    yield make
    for one in made:
        with store.database.work() as session:
            begin_writing(session)
            take_step(store, session, greeting_to_change(session, one), Step.ERASE, actor="system")


@pytest.fixture
def open_page(browser: Browser, desk: BrowserContext, site: Site) -> Iterator[Open]:
    """Opens the page on which a greeting's photos are described, in a browser that keeps nothing of others."""
    opened: list[BrowserContext] = []

    def open_it(greeting_id: str, **facts: object) -> Page:
        cookies = {"cookies": desk.cookies(), "origins": []}
        opened.append(browser.new_context(storage_state=cookies, **facts))  # type: ignore[arg-type]
        page = opened[-1].new_page()
        page.goto(f"{site.url}/desk/greetings/{greeting_id}/describe?lang=en")
        if facts.get("java_script_enabled", True):
            expect(page.locator(".keys-line")).to_be_attached()  # the script has come
        return page

    yield open_it
    for context in opened:
        context.close()


def field(page: Page, place: int = 1) -> Locator:
    return page.locator(f"#description-{place}")


def box(page: Page, key: int, place: int = 1) -> Locator:
    return page.locator(f"#also-{place}-{key}")


def sentence(page: Page, key: int, place: int = 1) -> str:
    return box(page, key, place).get_attribute("value") or ""


def until_described(store: House, greeting_id: str, *wanted: str) -> None:
    """Wait until this is said of its photos."""

    def said() -> tuple[str, ...]:
        with store.database.reading() as session:
            greeting = session.scalars(select(Greeting).where(Greeting.id == greeting_id)).one()
            return tuple(photo.description for photo in greeting.photos)

    until(said, lambda now: now == wanted)


def test_a_key_puts_the_words_of_a_poster_in_and_takes_them_out_and_enter_saves(
    store: House, photos: Callable[..., str], open_page: Open
):
    greeting_id = photos(1)
    page = open_page(greeting_id)
    first, second = sentence(page, 1), sentence(page, 2)
    page.keyboard.press("1")
    expect(field(page)).to_have_value(first)
    expect(box(page, 1)).to_be_checked()
    page.keyboard.press("1")
    expect(field(page)).to_have_value("")
    expect(box(page, 1)).not_to_be_checked()
    page.keyboard.press("d")
    expect(field(page)).to_be_focused()
    page.keyboard.type("Group of 12 by a lake")
    expect(field(page)).to_have_value("Group of 12 by a lake")  # there a digit is a digit
    box(page, 3).focus()
    page.keyboard.press("2")
    expect(field(page)).to_have_value(f"Group of 12 by a lake. {second}")
    page.keyboard.press("1")
    expect(field(page)).to_have_value(f"Group of 12 by a lake. {second} {first}")
    page.keyboard.press("2")
    expect(field(page)).to_have_value(f"Group of 12 by a lake. {first}")
    page.keyboard.press("Enter")
    expect(page.locator(".descriptions")).to_have_text(f"Group of 12 by a lake. {first}")
    until_described(store, greeting_id, f"Group of 12 by a lake. {first}")


def test_enter_saves_wherever_one_is_but_in_a_field(
    store: House, photos: Callable[..., str], open_page: Open
):
    greeting_id = photos(1, "Candles")
    page = open_page(greeting_id)
    field(page).fill("Two candles")
    field(page).blur()
    page.keyboard.press("Enter")
    expect(page.locator(".descriptions")).to_have_text("Two candles")
    until_described(store, greeting_id, "Two candles")


def test_keys_are_for_the_photo_one_is_at(store: House, photos: Callable[..., str], open_page: Open):
    greeting_id = photos(3)
    page = open_page(greeting_id)
    said = [sentence(page, key) for key in (1, 2)]
    for key in ("1", "n", "2", "n"):
        page.keyboard.press(key)
    expect(box(page, 1, place=3)).to_be_focused()
    page.keyboard.press("d")
    expect(field(page, 3)).to_be_focused()
    page.keyboard.type("Snow")
    expect(field(page, 1)).to_have_value(said[0])
    expect(field(page, 2)).to_have_value(said[1])
    box(page, 1, place=3).focus()
    page.keyboard.press("n")
    expect(box(page, 1, place=1)).to_be_focused()
    page.locator("#describe [type=submit]").click()
    expect(page.locator(".descriptions li")).to_have_text([*said, "Snow"])
    until_described(store, greeting_id, *said, "Snow")


def test_a_digit_is_for_the_photo_one_came_to_in_whichever_way(photos: Callable[..., str], open_page: Open):
    page = open_page(photos(3))
    said = [sentence(page, key) for key in (1, 2)]
    box(page, 1, place=3).focus()  # as by Tab
    page.keyboard.press("2")
    expect(field(page, 3)).to_have_value(said[1])
    field(page, 2).click()
    field(page, 2).blur()
    page.keyboard.press("1")
    expect(field(page, 2)).to_have_value(said[0])
    expect(field(page, 1)).to_have_value("")
    expect(field(page, 3)).to_have_value(said[1])


def test_a_sentence_that_was_changed_by_hand_is_not_said_once_more(
    store: House, photos: Callable[..., str], open_page: Open
):
    greeting_id = photos(1)
    page = open_page(greeting_id)
    box(page, 1).check()
    changed = sentence(page, 1).replace("On the poster", "On both posters")
    field(page).fill(changed)
    expect(box(page, 1)).not_to_be_checked()
    page.locator("#describe [type=submit]").click()
    expect(page.locator(".descriptions")).to_have_text(changed)
    until_described(store, greeting_id, changed)


def test_by_thumb_the_whole_line_is_the_button_and_no_keys_are_spoken_of(
    photos: Callable[..., str], open_page: Open
):
    page = open_page(photos(1), viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    expect(page.locator(".keys-line")).to_be_hidden()
    expect(page.locator(".at-hand kbd").first).to_be_hidden()
    line = page.locator("label[for=also-1-1]")
    shape = line.bounding_box()
    assert shape
    assert shape["height"] >= 40
    line.locator("b").tap()
    expect(field(page)).to_have_value(sentence(page, 1))


def test_without_a_script_a_tick_does_the_same(store: House, photos: Callable[..., str], open_page: Open):
    greeting_id = photos(2, "Candles")
    page = open_page(greeting_id, java_script_enabled=False)
    box(page, 1).check()
    box(page, 2, place=2).check()
    said = sentence(page, 1), sentence(page, 2, place=2)
    page.locator("#describe [type=submit]").click()
    until_described(store, greeting_id, f"Candles. {said[0]}", said[1])
