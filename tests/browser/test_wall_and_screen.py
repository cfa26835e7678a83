"""The wall, one greeting and the screen at events in a real browser: keys, swipes, focus, a lost network."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.gallery.rules import PAGE_SIZE
from greetings.house import House
from greetings.submissions.rules import Step
from greetings.submissions.steps import greeting_to_change, take_step
from tests.browser.conftest import Watched
from tests.browser.patience import (
    answer_for,
    arrive,
    find_the_network,
    hold_back,
    hold_what_is_sent,
    lose_the_network,
    stop_the_clock,
    until,
)
from tests.browser.site import Site, until_hanging
from tests.factories import make_greeting
from tests.pages import path_of_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hanging(store: House, site: Site) -> list[str]:
    """A page and a half of greetings on the wall, newest first. They alone are in Russian: on the wall of that
    language they are the newest, whatever other tests have hung up meanwhile.
    """
    made = []
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        for number in range(PAGE_SIZE + 10):
            photos = 1 if number % 3 == 0 else 0
            greeting = make_greeting(
                store,
                session,
                action,
                language="ru",
                name=f"Ганна {number}",
                text=f"Стихи {number}",
                photos=photos,
            )
            made.append(greeting.id)
    until_hanging(site, made[-1])
    return made[::-1]


def hang(store: House, words: str) -> str:
    with store.database.work() as session:
        return make_greeting(store, session, session.scalars(select(Action)).one(), text=words).id


# the distances of WCAG 1.4.12, as a reader's own style sheet sets them
SPACED = """(place) => { for (const one of document.querySelectorAll(`${place} *`)) {
    one.style.setProperty("line-height", "1.5", "important");
    one.style.setProperty("letter-spacing", ".12em", "important");
    one.style.setProperty("word-spacing", ".16em", "important");
    if (one.matches("p")) one.style.setProperty("margin-bottom", "2em", "important");
} }"""


def until_true(page: Page, truth: str) -> None:
    """Wait for something that only a script can see; the pages' own policy forbids Playwright's way."""
    until(lambda: page.evaluate(truth), page=page)


def until_told(page: Page, slide: str, *, there: bool) -> None:
    """Wait until the server has noticed what came or went: another process changed its store."""
    until_true(
        page,
        "fetch(document.getElementById('stage').dataset.screen).then((answer) => answer.json())"
        f".then((told) => told.slides.includes({slide!r}) === {'true' if there else 'false'})",
    )


def let_time_pass(page: Page) -> None:
    """Two seconds in the hall, and no more before the line has answered: the screen gives up what takes it longer
    than twelve of them.
    """
    with page.expect_response("**/screen.json"):
        page.clock.run_for(2_000)


def until_another_slide(page: Page, *, is_lost: bool = False) -> None:
    """Let time pass in the hall until the next slide has come, however long the line takes to bring it."""
    before = page.locator("#slide").get_attribute("data-slide")

    def go_on() -> str | None:
        if is_lost:  # nothing answers, at once
            page.clock.run_for(2_000)
        else:
            let_time_pass(page)
        return page.locator("#slide").get_attribute("data-slide")

    until(go_on, lambda now: now != before, page)


def take_back(store: House, greeting_id: str) -> None:
    with store.database.work() as session:
        row = greeting_to_change(session, greeting_id)
        take_step(store, session, row, Step.WITHDRAW, actor="sender")


@pytest.mark.parametrize("size", [(320, 568), (390, 844), (844, 390)])
def test_a_poster_on_a_telephone_fills_it_and_fits_and_its_buttons_rest(
    visitor: Callable[..., Watched], site: Site, size: tuple[int, int]
) -> None:
    page = visitor("be", size[0]).page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.clock.install()
    page.goto(f"{site.url}/ales/be/posters/own")
    stop_the_clock(page)
    page.fill("textarea[name=wish]", "Чакаем Вас дома, спадар Алесь, непераможны наш чалавек! " * 2)
    page.click("button[value=phone]")
    arrive(page, ".controls")
    for path in ("", "phone", "phone?look=red"):
        if path:
            page.goto(f"{site.url}/ales/be/posters/{path}")
        wide, high, inner_wide, inner_high = page.evaluate(
            """() => { const main = document.querySelector("main"), word = document.querySelector("h1");
            return [word.scrollWidth - word.clientWidth, main.scrollHeight - main.clientHeight,
                document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight] }"""
        )
        assert max(wide, high, inner_wide, inner_high) <= 1, (path, wide, high, inner_wide, inner_high)
    controls = page.locator(".controls")
    expect(controls).to_have_css("opacity", "1")
    page.clock.run_for(6_000)
    expect(controls).to_have_css("opacity", "0")
    page.keyboard.press("Tab")
    expect(controls).to_have_css("opacity", "1")


def test_a_wide_word_on_a_telephone_stays_whole(visitor: Callable[..., Watched], site: Site) -> None:
    page = visitor("be", 390).page()
    page.goto(f"{site.url}/ales/be/posters/own")
    page.fill("textarea[name=wish]", "Ждём")
    page.click("button[value=phone]")
    arrive(page, ".controls")
    word = page.locator("h1 span")
    expect(word).to_have_text("Ждём")
    high, line = word.evaluate("(one) => [one.clientHeight, parseFloat(getComputedStyle(one).lineHeight)]")
    assert high < 1.5 * line


def read_on(page: Page) -> None:
    """Ask a wall for its second page and go down to it: where the way on stood differs by what hangs there."""
    page.locator(".next a").click()
    first = page.locator(f"ol.wall > li:nth-child({PAGE_SIZE + 1}) a")
    expect(first).to_be_focused()
    first.evaluate("(first) => first.scrollIntoView()")


# hear of the page that came in below as whoever else watches it in the same way
LISTEN = """(place) => {
    window.heard = 0
    const watch = new IntersectionObserver(() => { window.heard += 1 }, { rootMargin: "0px 0px -40% 0px" })
    watch.observe(document.querySelector(`ol.wall > li:nth-child(${place})`))
}"""
LOOK_AT = "(place) => document.querySelector(`ol.wall > li:nth-child(${place})`).scrollIntoView()"


def test_older_greetings_come_in_below_and_the_address_follows(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("be", 390).page()
    page.goto(f"{site.url}/ales/be/greetings/")
    tiles = page.locator("ol.wall > li:not(.next)")
    expect(tiles).to_have_count(PAGE_SIZE)
    read_on(page)
    expect(tiles).not_to_have_count(PAGE_SIZE)
    expect(page.locator("[data-told]")).to_have_text(re.compile("^Яшчэ"))
    page.wait_for_url("**/greetings/?after=*")
    page.locator("ol.wall > li").first.scroll_into_view_if_needed()
    page.wait_for_url("**/greetings/")


def test_the_way_from_a_choice_back_to_the_whole_wall_adds_nothing_below(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("be", 1280).page()
    page.goto(f"{site.url}/ales/be/greetings/?lang=ru")
    tiles = page.locator("ol.wall > li:not(.next)")
    while page.locator("[rel=next]").count():
        before = tiles.count()
        page.locator("[rel=next]").click()
        expect(tiles).not_to_have_count(before)
    page.locator(".next a").click()
    page.wait_for_url("**/ales/be/greetings/")
    expect(tiles).to_have_count(PAGE_SIZE)


def test_without_a_script_older_greetings_are_a_page(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("en", 390, javascript=False).page()
    page.goto(f"{site.url}/ales/en/greetings/")
    page.locator(".next a").click()
    page.wait_for_url("**/greetings/?after=*")
    page.get_by_role("link", name="Back to the newest").click()
    page.wait_for_url("**/greetings/")


def test_arrow_keys_lead_from_greeting_to_greeting_and_back_leads_back(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("en", 1280).page()
    page.goto(f"{site.url}/ales/en/greetings/{hanging[2]}")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/{hanging[3]}")
    expect(page.locator("#who")).to_be_focused()
    assert "Ганна" in page.title()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/{hanging[4]}")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**/{hanging[3]}")
    page.go_back()
    page.wait_for_url(f"**/{hanging[4]}")
    other_language = page.locator(".langs a[lang=be]")
    expect(other_language).to_have_attribute("href", f"/ales/be/greetings/{hanging[4]}")
    sender = page.title().removeprefix("A greeting from ").split(" · ")[0]
    expect(page.locator("#who")).to_contain_text(sender)


def test_where_one_is_on_the_wall_is_said_once_by_a_line_that_stays(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    """Some browsers say nothing of a line that comes together with its words."""
    page = visitor("en", 1280).page()
    page.goto(f"{site.url}/ales/en/greetings/{hanging[2]}")
    line = page.locator("[data-told]")
    heard = line.evaluate_handle(
        """(line) => { const heard = []; window.line = line;
        new MutationObserver(() => heard.push(line.textContent)).observe(line, { childList: true });
        return heard; }"""
    )
    page.keyboard.press("ArrowRight")
    expect(line).to_have_text(
        re.compile(r"^\d+ of \d+$")
    )  # whose it is, the heading says, which has the focus
    page.locator("a[rel=next]").press("Enter")
    expect(line).to_have_text(re.compile(r"^A greeting .*\. \d+ of \d+$"))  # the link says whose is the next
    assert line.evaluate("(line) => line === window.line")
    assert len(heard.json_value()) == 2


def test_who_presses_the_link_by_keyboard_stays_on_it(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("en", 1280).page()
    page.goto(f"{site.url}/ales/en/greetings/{hanging[2]}")
    page.locator("a[rel=next]").focus()
    for place in (3, 4):
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{hanging[place]}")
        expect(page.locator("a[rel=next]")).to_be_focused()


def test_a_key_is_told_from_a_hand_as_every_browser_says_it(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    """Firefox counts a press of Enter on a link as one click, of no pointer."""
    page = visitor("en", 1280).page()
    page.goto(f"{site.url}/ales/en/greetings/{hanging[2]}")
    page.wait_for_load_state("networkidle")
    press = """(link, pointerType) => link.dispatchEvent(
        new PointerEvent("click", { detail: 1, pointerType, bubbles: true, cancelable: true }))"""
    page.locator("a[rel=next]").evaluate(press, "")
    page.wait_for_url(f"**/{hanging[3]}")
    expect(page.locator("a[rel=next]")).to_be_focused()
    page.locator("a[rel=next]").evaluate(press, "mouse")
    page.wait_for_url(f"**/{hanging[4]}")
    expect(page.locator("#who")).to_be_focused()


def test_escape_leads_back_to_the_tile_one_came_from(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("en", 1280).page()
    page.goto(f"{site.url}/ales/en/greetings/?lang=ru")
    tile = page.locator(f"#g-{hanging[2]}")
    tile.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{hanging[2]}")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/{hanging[3]}")
    page.keyboard.press("Escape")
    page.wait_for_url("**/greetings/?lang=ru")
    expect(tile).to_be_focused()
    page.goto(f"{site.url}/ales/en/greetings/{hanging[30]}")  # by a link from outside
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/greetings/?after=*#g-{hanging[30]}")
    expect(page.locator(f"#g-{hanging[30]}")).to_be_focused()


def test_escape_leads_back_to_the_page_of_a_tile_whatever_else_was_in_view(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("en", 390).page()
    for place, address in ((1, "**/greetings/?lang=ru"), (PAGE_SIZE + 3, "**/greetings/?*after=*")):
        page.goto(f"{site.url}/ales/en/greetings/?lang=ru")
        read_on(page)
        page.wait_for_url("**/greetings/?*after=*")
        tile = page.locator(f"#g-{hanging[place]}")
        tile.dispatch_event("click")  # where one is, without scrolling there
        page.wait_for_url(f"**/{hanging[place]}")
        page.keyboard.press("Escape")
        page.wait_for_url(address)
        expect(tile).to_be_focused()


def test_a_wall_that_glides_on_after_the_click_leaves_the_address_to_come_back_to(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    """A finger lets it glide, and the next page takes its time: here it never comes. Whoever stays after all is
    followed by the address again.
    """
    page = visitor("en", 390).page()
    page.goto(f"{site.url}/ales/en/greetings/?lang=ru")
    read_on(page)
    until_true(page, "location.search.includes('after=')")
    page.evaluate(LISTEN, PAGE_SIZE + 1)
    until_true(page, "window.heard >= 1")
    page.evaluate("addEventListener('click', (event) => event.preventDefault())")
    page.locator(f"#g-{hanging[1]}").dispatch_event("click")
    for heard, place in ((2, 1), (3, PAGE_SIZE + 1)):
        page.evaluate(LOOK_AT, place)
        until_true(page, f"window.heard >= {heard}")
        assert page.evaluate("location.search") == "?lang=ru", "what is in view counts no more"
    page.keyboard.press("Shift")
    until_true(page, "location.search.includes('after=')")


def test_home_and_end_scroll_first_and_then_lead_to_the_ends_of_the_wall(
    visitor: Callable[..., Watched], site: Site, store: House, hanging: list[str]
) -> None:
    long = hang(store, "Радок за радком.\n\n" * 100)
    page = visitor("en", 1280).page()
    page.goto(f"{site.url}/ales/en/greetings/{long}")
    page.keyboard.press("End")
    until_true(page, "scrollY + innerHeight > document.documentElement.scrollHeight - 2")
    assert page.url.endswith(long)
    page.keyboard.press("End")
    expect(page.locator("[rel=last]")).to_have_count(0)
    expect(page.locator("#who")).to_be_focused()
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.press("Home")
    page.wait_for_url(f"**/{long}")
    expect(page.locator("[data-told]")).to_contain_text(" of ")


def test_every_letter_of_a_card_and_its_way_on_can_be_seen(
    visitor: Callable[..., Watched], site: Site, store: House
) -> None:
    """The longest excerpts, short words and long ones: nothing is cut in half, and "Read on" is there."""
    made = [
        hang(store, words)
        for words in ("Памятаем і чакаем у Вільні. " * 12, "непераможнасць " * 30, "а і у " * 60)
    ]
    until_hanging(site, *made)
    page = visitor("be", 768).page()
    for width in (768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{site.url}/ales/be/greetings/")
        for one in made:
            assert page.locator(f"#g-{one}").evaluate(
                """(tile) => {
                    const face = tile.querySelector(".face").getBoundingClientRect();
                    const [words, more] = [".words", ".more"].map((one) => tile.querySelector(one).getBoundingClientRect());
                    const lines = words.height / parseFloat(getComputedStyle(tile.querySelector(".words")).lineHeight);
                    return words.bottom <= more.top + 2 && more.bottom <= face.bottom && more.height > 0 && lines < 9.2;
                }"""
            ), f"{one} at {width}"


def test_no_long_card_is_cut_on_a_narrow_telephone_in_large_type(
    visitor: Callable[..., Watched], site: Site, store: House
) -> None:
    made = [
        hang(store, "непераможнасць " * count) for count in (11, 30)
    ]  # the longest whole, and one that goes on
    until_hanging(site, *made)
    page = visitor("be", 320).page()
    page.goto(f"{site.url}/ales/be/greetings/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for one in made:
        assert page.locator(f"#g-{one}").evaluate(
            """(tile) => {
                const [words, face] = [".words", ".face"].map((one) => tile.querySelector(one).getBoundingClientRect());
                return words.bottom <= face.bottom + 1;
            }"""
        ), one


def test_cards_hold_their_words_however_wide_a_reader_sets_them(
    visitor: Callable[..., Watched], site: Site, store: House
) -> None:
    """WCAG 1.4.12: its distances between lines, words and letters, as a reader's own style sheet sets them."""
    made = [
        hang(store, words)
        for words in (
            "Daudz laimes dzimšanas dienā, Ales!",
            "З юбілеем, Алесь! " * 4,
            "Чакаем Вас дома. " * 10,
        )
    ]
    until_hanging(site, *made)
    page = visitor("be").page()
    for width in (320, 600, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{site.url}/ales/be/greetings/")
        page.evaluate(SPACED, "ol.wall")
        for one in made:
            words, face = page.locator(f"#g-{one}").evaluate(
                """(tile) => ["blockquote", ".face"].map((each) => tile.querySelector(each).getBoundingClientRect().bottom)"""
            )
            assert words <= face, f"{one} at {width}"


def test_the_screen_holds_its_words_however_wide_a_reader_sets_them(
    visitor: Callable[..., Watched], site: Site, store: House
) -> None:
    made = hang(store, "З днем народження, Алесю! Тримайся.")
    until_hanging(site, made)
    page = visitor("be").page()
    for width, height in ((320, 568), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{site.url}/ales/be/screen?still=1&show={made}-w")
        expect(page.locator("#slide")).to_have_attribute("data-slide", f"{made}-w")
        page.evaluate(SPACED, "#slide")
        bottoms = "() => [...document.querySelectorAll('#slide .from, #slide .sheet')].map((one) => one.getBoundingClientRect().bottom)"
        sheet, signed = page.evaluate(bottoms)
        assert signed <= sheet, f"cut off at {width}"
        page.locator("#slide").hover()
        page.mouse.wheel(0, 2 * height)
        until_true(page, f"({bottoms})()[1] <= innerHeight")


WORDS_UNDER_THE_MARK = """() => {
    const mark = document.querySelector("#slide .pm circle").getBoundingClientRect()
    const words = document.createRange()
    words.selectNodeContents(document.querySelector("#slide .said"))
    return [...words.getClientRects()].filter((line) => line.bottom - 0.2 * line.height > mark.top && line.right > mark.left).length
}"""


def test_no_line_of_a_letter_on_the_screen_is_cancelled_by_its_postmark(
    visitor: Callable[..., Watched], site: Site, store: House
) -> None:
    made = hang(store, ("Мы помним про Вас " * 16).strip() + "!")
    until_hanging(site, made)
    page = visitor("be").page()
    for width, height in ((1024, 768), (1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{site.url}/ales/be/screen?still=1&show={made}-w")
        expect(page.locator("#slide.s4")).to_have_attribute("data-slide", f"{made}-w")
        assert page.evaluate(WORDS_UNDER_THE_MARK) == 0, width


def test_a_swipe_leads_on_too(visitor: Callable[..., Watched], site: Site, hanging: list[str]) -> None:
    page = visitor("en", 390).page()
    page.goto(f"{site.url}/ales/en/greetings/{hanging[2]}")
    swipe(page, 300, 100)
    page.wait_for_url(f"**/{hanging[3]}")
    swipe(page, 100, 300)
    page.wait_for_url(f"**/{hanging[2]}")


def test_a_finger_goes_one_way_at_a_time(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    """Where a swipe is the browser's way back as well, only one of both happens; at the edge it is the browser's."""
    page = visitor("en", 390).page()
    finger = page.context.new_cdp_session(page)

    def draw(*places: int) -> None:
        finger.send(
            "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": places[0], "y": 300}]}
        )
        for x in places[1:]:
            finger.send(
                "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": 300}]}
            )
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    page.goto(f"{site.url}/ales/en/posters/")
    page.goto(f"{site.url}/ales/en/greetings/{hanging[2]}")
    draw(*range(320, 60, -30))
    page.wait_for_url(f"**/{hanging[3]}")
    draw(*range(60, 330, 30))
    page.wait_for_url(f"**/{hanging[2]}")
    draw(*range(380, 60, -30))
    page.wait_for_timeout(1_000)
    assert page.url.endswith(hanging[2])


def swipe(page: Page, start_x: int, end_x: int) -> None:
    page.evaluate(
        """([start, end]) => {
            const target = document.querySelector("#main .one");
            const touch = (x) => new Touch({ identifier: 1, target, clientX: x, clientY: 300 });
            const tell = (kind, x, held) => target.dispatchEvent(new TouchEvent(kind, {
                bubbles: true, touches: held ? [touch(x)] : [], changedTouches: [touch(x)],
            }));
            tell("touchstart", start, true);
            tell("touchend", end, false);
        }""",
        [start_x, end_x],
    )


def test_a_poster_is_seen_while_it_is_written(visitor: Callable[..., Watched], site: Site) -> None:
    page = visitor("ru", 1280).page()
    page.goto(f"{site.url}/ales/ru/posters/own")
    page.fill("textarea[name=wish]", "Держись!")
    picture = page.locator("[data-preview]")
    expect(picture).to_have_attribute("src", re.compile("^blob:"))
    expect(picture).to_have_js_property("naturalWidth", 595)


def test_an_own_poster_is_pale_until_the_newest_words_are_on_it(
    visitor: Callable[..., Watched], site: Site
) -> None:
    page = visitor("ru", 1280).page()
    page.goto(f"{site.url}/ales/ru/posters/own")
    held = hold_what_is_sent(page, "**/posters/own")
    picture = page.locator("[data-preview]")
    for number, wish in enumerate(("Держись!", "Держись, Алесь!"), start=1):
        page.fill("textarea[name=wish]", wish)
        until(lambda number=number: len(held) == number, page=page)  # type: ignore[misc]
    expect(picture).to_have_attribute("aria-busy", "true")
    held[-1].continue_()
    expect(picture).not_to_have_attribute("aria-busy", "true")
    expect(picture).to_have_attribute("src", re.compile("^blob:"))


def test_the_sheet_of_an_own_poster_has_its_place_before_it_comes(
    visitor: Callable[..., Watched], site: Site
) -> None:
    page = visitor("ru", 1280).page()
    held = hold_back(page, re.compile(r"\.png"))
    page.goto(f"{site.url}/ales/ru/posters/own", wait_until="domcontentloaded")
    until(lambda: held, page=page)
    page.evaluate("document.fonts.ready")
    caption = page.locator(".preview figcaption")
    before = caption.bounding_box()

    def has_come() -> bool:
        while held:
            held.pop().continue_()
        return bool(page.evaluate("document.querySelector('.preview img').naturalWidth"))

    until(has_come, page=page)
    assert caption.bounding_box() == before


def test_the_screen_goes_on_by_itself_lets_new_ones_in_and_old_ones_go(
    visitor: Callable[..., Watched], site: Site, store: House, hanging: list[str]
) -> None:
    page = visitor("be", 1280).page()
    page.clock.install()
    page.goto(f"{site.url}/ales/be/screen")
    assert page.locator("#slide").get_attribute("data-slide")
    until_another_slide(page)
    new = hang(store, "Толькі што прыйшло")
    until_told(page, f"{new}-w", there=True)
    for _ in range(2):  # the first may have been asked for before
        with page.expect_response("**/screen.json"):
            page.clock.run_for(3_000)
    passed = set()
    while (shown := page.locator("#slide").get_attribute("data-slide")) != f"{new}-w":
        passed.add(shown)
        assert len(passed) <= 3, "what is new comes first"
        let_time_pass(page)
    held = hold_back(page, "**/screen?show=*")  # a line too slow to bring the next one
    take_back(store, new)
    until_told(page, f"{new}-w", there=False)
    page.clock.run_for(3_000)
    expect(page.locator(f".slide[data-slide='{new}-w']:not(.leaving)")).to_have_count(0)
    for route in held:
        route.continue_()
    page.unroute("**/screen?show=*")
    expect(page.locator("#slide")).not_to_have_attribute("data-slide", f"{new}-w")
    assert page.locator(".slide").count() <= 2


def test_a_lost_network_does_not_stop_the_screen(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    watch = visitor("be", 1280)
    page = watch.page()
    page.clock.install()
    page.goto(f"{site.url}/ales/be/screen")
    for _ in range(3):
        until_another_slide(page)
    lose_the_network(page)
    page.clock.run_for(3_000)
    expect(page.locator("[data-line]")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    until_another_slide(page, is_lost=True)
    assert sum("?show=" in one for one in asked) <= 2, "on a line that hangs, each question costs seconds"
    find_the_network(page)
    page.clock.run_for(16_000)
    expect(page.locator("[data-line]")).to_be_hidden()


def test_a_screen_whose_action_is_closed_to_the_public_does_not_hang_on(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("en", 1280).page()
    page.clock.install()
    page.goto(f"{site.url}/ales/en/screen")
    answer_for(page, "**/screen.json", lambda route: route.fulfill(status=404))
    answer_for(page, "**/screen", lambda route: route.fulfill(status=404, body="gone"))
    page.clock.run_for(16_000)
    expect(page.locator("body")).to_have_text("gone")


def test_the_screen_can_be_stopped_and_moved_on_by_keys(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("en", 1280).page()
    page.clock.install()
    page.goto(f"{site.url}/ales/en/screen")
    page.keyboard.press("Space")
    expect(page.locator("[data-pause]")).to_contain_text("Go on")
    before = page.locator("#slide").get_attribute("data-slide") or ""
    page.clock.run_for(120_000)
    expect(page.locator("#slide")).to_have_attribute("data-slide", before)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#slide")).not_to_have_attribute("data-slide", before)


def test_no_letter_changes_the_screen(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    """Whoever dictates would press it by accident (WCAG 2.1.4)."""
    page = visitor("en", 1280).page()
    page.goto(f"{site.url}/ales/en/screen")
    page.evaluate(
        "() => { document.documentElement.requestFullscreen = async () => { document.body.dataset.filled = ''; }; }"
    )
    body = page.locator("body")
    page.get_by_role("button", name="Full screen").wait_for()
    page.keyboard.type("fF")
    expect(body).not_to_have_attribute("data-filled", "")
    page.keyboard.press("Enter")
    expect(body).to_have_attribute("data-filled", "")


def test_a_key_pressed_before_the_screen_knows_its_slides_waits_for_them(
    visitor: Callable[..., Watched], site: Site, hanging: list[str]
) -> None:
    page = visitor("en", 1280).page()
    page.clock.install()
    held: list[Route] = []
    is_slow = True

    def hold(route: Route) -> None:  # a line too slow to say which slides there are
        if is_slow:
            held.append(route)
        else:
            route.continue_()

    answer_for(page, "**/screen.json", hold)
    page.goto(f"{site.url}/ales/en/screen")
    until(lambda: held, page=page)
    shown = page.locator("#slide").get_attribute("data-slide") or ""
    page.evaluate("document.body.dataset.stays = ''")
    page.keyboard.press("ArrowRight")
    is_slow = False
    for route in held:
        route.continue_()
    expect(page.locator("#slide")).not_to_have_attribute("data-slide", shown)
    expect(page.locator("body[data-stays]")).to_have_count(1)  # nobody was thrown out of the full screen


LATE = {"offline": False, "latency": 250, "downloadThroughput": -1, "uploadThroughput": -1}


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_jumps_while_a_page_loads(
    visitor: Callable[..., Watched], site: Site, hanging: list[str], width: int
) -> None:
    """Pictures and fonts come late on purpose, all of them at once; what is read must stay where it is."""
    watch = visitor("be", width)
    page = watch.page()
    line = watch.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LATE)
    page.add_init_script(
        """window.moved = []; new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput)
                window.moved.push([entry.value, ...entry.sources.map((one) => one.node?.parentElement?.outerHTML.slice(0, 80))]);
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    for path in ("", "greetings/", f"greetings/{hanging[0]}", "posters/"):
        page.goto(f"{site.url}/ales/be/{path}")
        page.wait_for_load_state("networkidle")
        moved = page.evaluate("window.moved")
        assert sum(entry[0] for entry in moved) < 0.02, (path, moved)


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_on_a_wide_sheet_a_letter_begins_beside_its_stamp(
    visitor: Callable[..., Watched], site: Site, store: House, medium: Literal["screen", "print"]
) -> None:
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        letter = make_greeting(store, session, action, text="Мы пра Вас помнім і чакаем дома. " * 9).id
    page = visitor("be", 718).page()
    page.emulate_media(media=medium)
    page.goto(f"{site.url}/ales/be/greetings/{letter}")
    first, last, stamp = page.evaluate(
        """() => {
            const words = document.createRange();
            words.selectNodeContents(document.querySelector("blockquote p"));
            const lines = [...words.getClientRects()];
            return [lines[0], lines.at(-2), document.querySelector(".franking").getBoundingClientRect()];
        }"""
    )
    assert first["y"] < stamp["bottom"] < last["y"]
    assert stamp["left"] / 2 < first["width"] < last["width"]


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_several_pictures_fill_the_rows_of_a_wide_sheet_and_the_words_come_below(
    visitor: Callable[..., Watched], site: Site, store: House, medium: Literal["screen", "print"]
) -> None:
    """No column beside them stays empty, and none is pushed out of its row."""
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        shown = make_greeting(store, session, action, photos=4, text="Мы разам").id
    until_hanging(site, shown)
    page = visitor("be", 1280).page()
    page.emulate_media(media=medium)
    page.goto(f"{site.url}/ales/be/greetings/{shown}")
    sheet, words, *pictures = page.evaluate(
        """() => [".one", "blockquote", ".picture"].flatMap(
            (each) => [...document.querySelectorAll(each)].map((one) => one.getBoundingClientRect()))"""
    )
    assert [round(picture["top"]) for picture in pictures] == [
        round(pictures[place]["top"]) for place in (0, 0, 2, 2)
    ]
    assert pictures[1]["bottom"] < pictures[2]["top"]
    assert pictures[3]["bottom"] < words["top"]
    for left, right in (pictures[:2], pictures[2:]):
        assert abs((left["left"] - sheet["left"]) - (sheet["right"] - right["right"])) < 2
        assert left["right"] < right["left"]
        assert left["left"] - sheet["left"] < 30


def test_in_a_low_window_a_sheet_is_as_wide_as_its_picture_and_signed_beside_its_stamp(
    visitor: Callable[..., Watched], site: Site, store: House
) -> None:
    """No empty bands: not at the picture's sides, which the window's height limits, and not beside the stamp."""
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        shown = make_greeting(store, session, action, photos=1, text="").id
    until_hanging(site, shown)
    page = visitor("be", 960).page()
    page.set_viewport_size({"width": 960, "height": 480})
    page.goto(f"{site.url}/ales/be/greetings/{shown}")
    sheet, signed, stamp = page.evaluate(
        """() => [".one", ".signed", ".franking"].map((one) => document.querySelector(one).getBoundingClientRect())"""
    )
    assert 576 <= sheet["width"] < 0.88 * 480 * 1.5 + 50
    assert abs(sheet["left"] + sheet["right"] - 960) < 2
    assert signed["top"] < stamp["top"] + stamp["height"] / 2


def test_type_twice_as_large_fits_a_telephone_on_screen_and_strip_too(
    visitor: Callable[..., Watched], site: Site, store: House, hanging: list[str]
) -> None:
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        words = "Мы пра Вас помнім і чакаем дома, у Ракуцёўшчыне і ў Вільні. " * 5
        shown = make_greeting(store, session, action, photos=1, text=words, name="Каліноўская-Багдановіч").id
    page = visitor("ru", 390).page()
    for path in (f"screen?still=1&show={shown}-0", "strip"):
        page.goto(site.url + path_of_page(path, "ru"))
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        if "screen" in path:  # the picture stays one, and the words are whole
            assert page.evaluate("document.querySelector('.mat').offsetHeight / innerHeight") > 0.3
            assert page.evaluate(
                "document.querySelector('.from').getBoundingClientRect().bottom <= document.querySelector('#stage').getBoundingClientRect().bottom"
            )


CUT_CHOICES = """() => [...document.querySelectorAll(".filters select")].filter((one) => {
    const style = getComputedStyle(one)
    const pencil = document.createElement("canvas").getContext("2d")
    pencil.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
    const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
    return pencil.measureText(one.selectedOptions[0].text).width > room
}).map((one) => one.name)"""


@pytest.mark.parametrize("width", [320, 390])
def test_choices_above_the_wall_are_read_whole_in_type_twice_as_large(
    visitor: Callable[..., Watched], site: Site, store: House, hanging: list[str], width: int
) -> None:
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        made = make_greeting(store, session, action, text="Happy birthday!", language="en", country="DE").id
    until_hanging(site, made)
    page = visitor("be", width).page()
    page.goto(f"{site.url}/ales/be/greetings/")
    expect(page.locator(".filters select")).to_have_count(2)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(CUT_CHOICES) == []


def test_names_without_end_make_no_page_wider_than_its_window(
    visitor: Callable[..., Watched], site: Site, store: House
) -> None:
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        older = make_greeting(store, session, action, text="Ж" * 300, name="W" * 80, town="Ю" * 60).id
        shown = make_greeting(store, session, action, text="Тут", name="Каліноўская-Багдановіч " * 3).id
    until_hanging(site, older, shown)
    page = visitor("ru", 390).page()
    for path in ("greetings/", f"greetings/{shown}", f"greetings/{older}", "screen", "strip"):
        for width in (320, 768):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(site.url + path_of_page(path, "ru"))
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (path, width)


def test_no_card_of_the_strip_collapses_whatever_the_shape_of_its_frame(
    visitor: Callable[..., Watched], site: Site, store: House
) -> None:
    hang(store, "Думаем пра Вас кожны дзень, чытаем Вашыя кнігі ўслых, перадаём прывітанні і чакаем дома.")
    hang(store, "Дарагі Алесь, пішам Вам усёй вуліцай. " * 8)
    page = visitor("be", 600).page()
    for width, height in ((600, 600), (400, 400), (600, 300), (600, 900)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{site.url}/embed/ales/be/strip")
        for kind in ("c3", "c4"):
            room, words = page.evaluate(  # at one moment: letters still coming may move both
                """(kind) => {
                    const face = document.querySelector(`.${kind} .face`);
                    return [face, face.querySelector("blockquote")].map((one) => one.getBoundingClientRect());
                }""",
                kind,
            )
            assert words["y"] > room["y"], (width, height, kind)
            assert words["y"] + 24 < room["bottom"], (width, height, kind)


def test_whoever_goes_by_tab_hears_the_words_of_a_card_and_not_only_who_sent_it(
    visitor: Callable[..., Watched], site: Site, store: House
) -> None:
    """Two without a name would be two links called “No name” that lead to different places."""
    words = ("Слухаем снег", "Лічым дні")
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        made = [
            make_greeting(store, session, action, text=text, name="", town="", country="").id
            for text in words
        ]
    until_hanging(site, *made)
    page = visitor("be", 1280).page()
    page.goto(f"{site.url}/ales/be/greetings/")
    browser = page.context.new_cdp_session(page)
    nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
    links = [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "link"]
    for text in words:
        assert [name for name in links if text in name and "Без імя" in name], text
