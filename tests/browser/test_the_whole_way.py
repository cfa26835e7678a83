"""The whole way of a greeting in a real browser: send, receipt, decide, see, withdraw."""

from collections.abc import Callable
from contextlib import closing
from itertools import count, product
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from greetings.house import open_house
from greetings.operations.wiring import wire_rooms
from greetings.settings import load_settings
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Reason, State, Step
from greetings.submissions.steps import take_step
from tests.browser.conftest import Watched
from tests.browser.patience import arrive
from tests.browser.site import Site

pytestmark = pytest.mark.browser

ALWAYS = {
    ("be", 390, True),
    ("be", 1280, False),
    ("en", 1280, True),
    ("en", 390, False),
    ("ru", 390, True),
    ("ru", 390, False),
}
WAYS = [
    pytest.param(*way, marks=() if way in ALWAYS else pytest.mark.matrix)
    for way in product(("be", "en", "ru"), (390, 1280), (True, False))
]
_numbers = count(1)


@pytest.fixture(autouse=True)
def nothing_else_waits(site: Site) -> None:
    """What other tests left in the queue, dozens of cards perhaps, is answered before this one sends."""
    wire_rooms()
    settings = load_settings({"GREETINGS_DATA": str(site.data), "GREETINGS_RATE_LIMITS": "off"})
    with closing(open_house(settings)) as house, house.database.work() as session:
        for left in session.scalars(select(Greeting).where(Greeting.state == State.PENDING)).all():
            take_step(house, session, left, Step.REJECT, actor="system", reason=Reason.NOT_A_GREETING)


def send(page: Page, site: Site, language: str, words: str, photo: Path | None) -> str:
    """Fill the form as a supporter would and return the code of the receipt."""
    page.goto(f"{site.url}/ales/{language}/")
    page.locator(f"a[href*='/ales/{language}/send']").first.click()
    page.fill("textarea[name=text]", words)
    page.fill("input[name=name]", "Ганна")
    page.fill("input[name=town]", "Вільня")
    page.select_option("select[name=country]", "LT")
    page.check("input[name=uses][value=gallery]")
    page.check("input[name=uses][value=post]")
    if photo:
        page.set_input_files("input[name=photos]", photo)
        page.check("input[name=agreed]")
    page.locator("form:has(textarea) button[type=submit], form:has(textarea) .send button").last.click()
    code = page.locator("#receipt-code")
    expect(code).to_be_visible()
    expect(page.locator("[data-state=pending]")).to_have_count(1)
    return code.inner_text().strip()


def approve(desk: BrowserContext, site: Site, words: str) -> None:
    """Go through the queue by key until these words are on the table, and approve them."""
    page = desk.new_page()
    page.goto(f"{site.url}/desk/queue")
    for _ in range(40):
        main = page.locator("main")
        if words in main.inner_text():
            page.wait_for_function(
                "() => [...document.querySelectorAll('#bench .mat img')].every((one) => one.complete)"
            )
            press_and_hear(page, "approve", "a")
            expect(main).not_to_contain_text(words)
            page.close()
            return
        before = main.inner_text()
        page.keyboard.press("s")
        expect(main).not_to_have_text(before, use_inner_text=True)
    raise AssertionError("The greeting never came to the table.")


def press_and_hear(page: Page, act: str, *keys: str) -> None:
    """Press keys, and wait until the server has answered: the page goes on before that."""
    with page.expect_response(f"**/{act}") as heard:
        for key in keys:
            page.keyboard.press(key)
    assert heard.value.ok


@pytest.mark.parametrize(("language", "width", "javascript"), WAYS)
def test_a_greeting_goes_its_whole_way(
    site: Site,
    desk: BrowserContext,
    visitor: Callable[..., Watched],
    axe: Callable[[Page], None],
    phone_photo: Path,
    language: str,
    width: int,
    javascript: bool,
):
    words = f"Трымайцеся, Алесь! Проба{next(_numbers)}{language}{width}{javascript}"
    watched = visitor(language, width, javascript=javascript)
    page = watched.page()
    code = send(page, site, language, words, phone_photo)
    if javascript:
        axe(page)

    page.goto(f"{site.url}/ales/{language}/greetings/")
    assert words not in page.locator("main").inner_text(), "nothing shows before a decision"
    approve(desk, site, words)

    page.goto(f"{site.url}/ales/{language}/greetings/?q={words.rsplit(maxsplit=1)[-1]}")
    tile = page.locator("ol.wall > li a.g").first
    picture = tile.locator("img")
    expect(picture).to_be_visible()
    assert (picture.get_attribute("alt") or "").strip()
    tile.click()
    expect(page.locator("article")).to_contain_text(words)
    permalink = page.url
    picture_url = page.locator("article img").first.get_attribute("src") or ""
    assert page.request.get(f"{site.url}{picture_url}").status == 200
    if javascript:
        axe(page)

    page.goto(f"{site.url}/ales/{language}/receipt")
    page.fill("input[name=code]", code)
    page.locator("form:has(input[name=code]) button").first.click()
    expect(page.locator("[data-state=approved]")).to_have_count(1)
    form = page.locator("form:has([name=do][value=withdraw])")
    for tick in form.locator("input[type=checkbox]").all():
        tick.check()
    form.locator("button").last.click()
    expect(page.locator("[data-state=withdrawn]")).to_have_count(1)
    assert page.request.get(permalink).status == 410
    assert page.request.get(f"{site.url}{picture_url}").status == 410


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_what_was_typed_survives_a_refusal(
    site: Site,
    visitor: Callable[..., Watched],
    language: str,
    javascript: bool,
    tmp_path: Path,
):
    page = visitor(language, 390, javascript=javascript).page()
    page.goto(f"{site.url}/ales/{language}/send")
    page.fill("textarea[name=text]", "Першы радок\n\n<b>другі</b> & «трэці»")
    page.fill("input[name=name]", 'Імя "з двукоссямі"')
    page.check("input[name=uses][value=press]")
    not_a_picture = tmp_path / "holiday.jpg"
    not_a_picture.write_text("this is no picture")
    page.set_input_files("input[name=photos]", not_a_picture)
    page.locator("form:has(textarea) button[type=submit], form:has(textarea) .send button").last.click()
    arrive(page, "[role=alert]")
    assert (
        page.input_value("textarea[name=text]").replace("\r\n", "\n")
        == "Першы радок\n\n<b>другі</b> & «трэці»"
    )
    assert page.input_value("input[name=name]") == 'Імя "з двукоссямі"'
    assert page.is_checked("input[name=uses][value=press]")
    assert not page.is_checked("input[name=uses][value=gallery]")


def test_photos_that_are_together_too_large_leave_all_that_was_typed(
    site: Site, visitor: Callable[..., Watched], tmp_path: Path
):
    page = visitor("ru", 390, javascript=False).page()
    page.goto(f"{site.url}/ales/ru/send")
    page.fill("textarea[name=text]", "Першы радок")
    page.fill("input[name=name]", "Ганна")
    page.check("input[name=uses][value=post]")
    photos = [tmp_path / f"{number}.jpg" for number in range(4)]
    for photo in photos:
        photo.write_bytes(bytes(16_000_000))
    page.set_input_files("input[name=photos]", photos)
    page.locator("#send .send button").click()
    expect(page.locator("#error-summary")).to_contain_text("слишком велики")
    expect(page.locator("textarea[name=text]")).to_have_value("Першы радок")
    expect(page.locator("input[name=name]")).to_have_value("Ганна")
    expect(page.locator("input[name=uses][value=post]")).to_be_checked()


def test_whoever_goes_back_from_the_receipt_and_presses_again_sends_nothing_twice(
    site: Site, visitor: Callable[..., Watched]
):
    """Without scripts, where nothing asks first: what a browser brings back would be sent under a new key."""
    page = visitor("be", 390, javascript=False).page()
    send(page, site, "be", "Адзін раз", None)
    page.go_back()
    page.locator("#send .send button").click()
    expect(page.locator("#error-summary")).to_be_visible()
    expect(page.locator("#receipt-code")).to_have_count(0)


def test_the_queue_is_cleared_by_key_and_undone(
    site: Site, desk: BrowserContext, visitor: Callable[..., Watched]
):
    page = visitor("en", 1280).page()
    words = [f"Key {number}" for number in ("one", "two")]
    codes = [send(page, site, "en", text, None) for text in words]
    desk_page = desk.new_page()
    desk_page.goto(f"{site.url}/desk/queue")
    main = desk_page.locator("main")
    for text in words:
        for _ in range(40):
            if text in main.inner_text():
                break
            before = main.inner_text()
            desk_page.keyboard.press("s")
            expect(main).not_to_have_text(before, use_inner_text=True)
        if text == words[0]:
            press_and_hear(desk_page, "reject", "r", "3")
        else:
            press_and_hear(desk_page, "approve", "a")
        expect(main).not_to_contain_text(text)
    assert state_of(page, site, codes[0]) == "rejected"
    assert state_of(page, site, codes[1]) == "approved"
    press_and_hear(desk_page, "undo", "u")
    expect(main).to_contain_text(words[1])
    assert state_of(page, site, codes[1]) == "pending"
    desk_page.close()


def state_of(page: Page, site: Site, code: str) -> str:
    page.goto(f"{site.url}/ales/en/receipt")
    page.fill("input[name=code]", code)
    page.locator("form:has(input[name=code]) button").first.click()
    return page.locator("[data-state]").first.get_attribute("data-state") or ""
