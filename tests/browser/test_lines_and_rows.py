"""Small things that were mended once: lines that hold, rows without holes, what stands beside a postmark."""

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.house import House
from greetings.languages import LANGUAGES
from greetings.submissions.codes import code_digest
from greetings.submissions.rules import State, Step
from greetings.submissions.steps import greeting_to_change, take_step
from tests.browser.conftest import Watched
from tests.browser.patience import arrive, until
from tests.browser.site import Site, until_hanging
from tests.browser.test_first_screen import ALL_LETTERS
from tests.factories import make_action, make_greeting

pytestmark = pytest.mark.browser

SMALL_TELEPHONES = (320, 360, 390)
WIDE_CODE = "QQMQ QQQQ QQQM QQQQ"  # wider than all of a few hundred thousand


# on how many lines the words of each one stand
LINES = """all => all.map((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    const middles = boxes.map((box) => (box.top + box.bottom) / 2).sort((one, other) => one - other);
    const step = parseFloat(getComputedStyle(one).fontSize) / 2;
    return middles.filter((middle, place) => !place || middle - middles[place - 1] > step).length;
})"""


@pytest.fixture
def page(visitor: Callable[..., Watched]) -> Page:
    return visitor("en", 390).page()


def lines_of(page: Page, chosen: str) -> list[int]:
    page.evaluate(ALL_LETTERS)
    found: list[int] = page.locator(chosen).evaluate_all(LINES)
    assert found, chosen
    return found


def resized(page: Page, *widths: int) -> Iterator[int]:
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        yield width


def test_a_wide_code_stays_within_its_slip(page: Page, site: Site, store: House) -> None:
    """One in a hundred ran past the lines above and below it."""
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        make_greeting(store, session, action, code_digest=code_digest(store.keys, WIDE_CODE))
    page.goto(f"{site.url}/ales/en/receipt")
    page.fill("input[name=code]", WIDE_CODE)
    page.locator("form:has(input[name=code]) button").first.click()
    code = arrive(page, "#receipt-code")
    page.evaluate(ALL_LETTERS)
    for width in resized(page, *SMALL_TELEPHONES, 768, 1280):
        assert code.inner_text().strip() == WIDE_CODE
        needed, there = code.evaluate("one => [one.scrollWidth, one.clientWidth]")
        assert needed <= there, width
        assert lines_of(page, "#receipt-code") == [1], width


def test_no_row_of_the_desks_figures_has_a_hole_and_its_panels_are_as_high_as_each_other(
    desk: BrowserContext, site: Site, store: House
) -> None:
    with store.database.work() as session:
        make_greeting(store, session, session.scalars(select(Action)).one())
    page = desk.new_page()
    page.goto(f"{site.url}/desk/figures?lang=en")
    for width in resized(page, 390, 768, 900, 1280):
        groups = page.locator(".quarters").evaluate_all(
            """groups => groups.map((group) => [group, ...group.children].map((one) => {
                const { left, right, top, bottom } = one.getBoundingClientRect();
                return [left, right, top, bottom];
            }))"""
        )
        assert groups
        for (_left, end, *_), *panels in groups:
            for row in {round(top) for _left, _right, top, _bottom in panels}:
                own = [panel for panel in panels if round(panel[2]) == row]
                assert max(right for _left, right, *_ in own) == pytest.approx(end, abs=1), (width, row)
                assert len({round(bottom) for *_, bottom in own}) == 1, (width, row)
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_of_an_error_ends_where_its_postmark_begins(page: Page, site: Site, language: str) -> None:
    """So its lines are as long as each other: beneath the mark, balance reckons with room that isn't there."""
    page.goto(f"{site.url}/ales/{language}/nothing")
    page.evaluate(ALL_LETTERS)
    for width in resized(page, 390, 768):
        title, mark = (
            page.locator(f".returned > {one}").evaluate("one => one.getBoundingClientRect().toJSON()")
            for one in ("h1", ".pm")
        )
        assert title["right"] <= mark["left"] + 1, width


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_partners_are_told_breaks_no_address_and_its_title_stands_on_one_line(
    page: Page, site: Site, language: str
) -> None:
    page.goto(f"{site.url}/ales/{language}/posters/")
    page.locator(".embed summary").click()
    for width in resized(page, *SMALL_TELEPHONES):
        assert lines_of(page, ".embed summary h2") == [1], width
        assert lines_of(page, ".embed p code") == [1, 1], width


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_button_beside_a_title_takes_more_than_two_lines(page: Page, site: Site, language: str) -> None:
    page.goto(f"{site.url}/ales/{language}/posters/")
    for width in resized(page, *SMALL_TELEPHONES, 768):
        assert max(lines_of(page, ".gallery-head .btn")) <= (2 if width < 768 else 1), width


@pytest.fixture
def empty_wall(site: Site, store: House) -> Iterator[str]:
    """The strip of an action for which nothing hangs."""
    with store.database.work() as session:
        action_id = make_action(session, "pusta").id
    url = f"{site.url}/embed/pusta/ru/strip"
    yield url
    with store.database.work() as session:
        session.delete(session.get_one(Action, action_id))


def test_an_empty_strip_shows_whole_lines_however_low_its_frame(page: Page, empty_wall: str) -> None:
    """Its first line in a low frame; in the lowest nothing: the way in stands above it."""
    until(lambda: page.goto(empty_wall), lambda answer: answer and answer.status == 200)
    page.evaluate(ALL_LETTERS)
    for size in ((640, 360), (640, 200), (640, 150), (320, 200), (640, 90), (320, 120)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        seen, room = page.evaluate(
            """() => {
                const room = document.querySelector("main").getBoundingClientRect();
                const seen = [...document.querySelectorAll("main .empty h2, main .empty p")]
                    .map((one) => one.getBoundingClientRect()).filter((box) => box.height);
                return [seen.map((box) => [box.top, box.bottom]), [room.top, room.bottom]];
            }"""
        )
        for top, bottom in seen:
            assert room[0] - 1 <= top, size
            assert bottom <= room[1] + 1, size
        assert seen or room[1] - room[0] < 60, size


def test_a_sheet_with_words_hangs_in_the_middle_of_the_screen(page: Page, site: Site, store: House) -> None:
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        shown = make_greeting(store, session, action, text="Трымайцеся!").id
    until_hanging(site, shown)
    for width, height in ((1280, 720), (1600, 600), (800, 1200)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{site.url}/ales/be/screen?show={shown}&still=1")
        place, sheet = (
            page.locator(one).first.evaluate("one => one.getBoundingClientRect().toJSON()")
            for one in (".words-alone", ".words-alone .sheet")
        )
        for start, end in (("left", "right"), ("top", "bottom")):
            assert sheet[start] - place[start] == pytest.approx(place[end] - sheet[end], abs=1.5), width


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tools_below_a_picture_fill_a_telephones_row(
    desk: BrowserContext, site: Site, store: House, language: str
) -> None:
    """As any row of buttons does there, with no word cut and room enough for a thumb."""
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        waiting = make_greeting(store, session, action, state=State.PENDING, photos=1).id
    page = desk.new_page()
    page.goto(f"{site.url}/desk/greetings/{waiting}?lang={language}")
    page.evaluate(ALL_LETTERS)
    for width in resized(page, *SMALL_TELEPHONES):
        start, end, tools = page.locator(".mat .strip").evaluate(
            """row => [row.getBoundingClientRect().left, row.getBoundingClientRect().right,
                [...row.querySelectorAll(".chipbtn")].map((one) => {
                    const { left, right, top, height } = one.getBoundingClientRect();
                    return { left, right, top, height, cut: one.scrollWidth - one.clientWidth };
                })]"""
        )
        assert len(tools) == 2
        assert len({round(tool["top"]) for tool in tools}) == 1, f"both in one row at {width}"
        assert [tools[0]["left"], tools[-1]["right"]] == pytest.approx([start, end], abs=1), width
        for tool in tools:
            assert tool["height"] >= 40, width
            assert tool["cut"] <= 0, width
    page.close()
    with store.database.work() as session:
        take_step(store, session, greeting_to_change(session, waiting), Step.WITHDRAW, actor="sender")


@pytest.mark.parametrize("path", ["", "posters/"])
def test_white_posters_do_not_glare_where_everything_else_is_dark(page: Page, site: Site, path: str) -> None:
    page.goto(f"{site.url}/ales/be/{path}")
    poster = page.locator(".poster img").first
    poster.scroll_into_view_if_needed()
    poster.evaluate("one => one.decode()")
    for scheme, is_dimmed in (("light", False), ("dark", True)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        seen = Image.open(io.BytesIO(poster.screenshot(animations="disabled"))).convert("L")
        middle = seen.crop((seen.width // 4, seen.height // 4, seen.width * 3 // 4, seen.height * 3 // 4))
        lightest = max(middle.tobytes())
        assert lightest < 230 if is_dimmed else lightest == 255, scheme


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_of_a_field_breaks_where_a_part_of_the_editor_says_what_it_holds(
    desk: BrowserContext, site: Site, language: str
) -> None:
    """And no dot between two of them stands at the end of a line, or before the first of one."""
    page = desk.new_page()
    page.goto(f"{site.url}/desk/actions/ales?lang={language}")
    for width in resized(page, 390, 768, 1280):
        lines = lines_of(page, ".names > span")
        assert len(lines) > 10
        assert set(lines) == {1}, width
    # the dot of whatever begins a line is cut off at the edge
    edges = page.locator(".names").evaluate_all(
        """all => all.map((one) => [getComputedStyle(one).overflowX, Math.min(...[...one.children].map((name) =>
            name.getBoundingClientRect().left)) - one.getBoundingClientRect().left])"""
    )
    assert all(overflow == "hidden" and abs(before) < 1 for overflow, before in edges), edges
    page.close()


def test_no_photo_at_the_end_of_a_high_strip_stands_beside_a_far_wider_sheet(
    page: Page, site: Site, store: House
) -> None:
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        hung = make_greeting(store, session, action, photos=1).id
    until_hanging(site, hung)
    until(
        lambda: page.goto(f"{site.url}/embed/ales/be/strip") and page.locator(f"#g-{hung}").count(),
        lambda found: found == 1,
    )
    page.set_viewport_size({"width": 1248, "height": 620})
    photo, sheet = page.evaluate(
        """(hung) => {
            const photo = document.querySelector(`#g-${hung}`).closest("li");
            const sheet = document.querySelector(".wall > .next");
            for (const one of document.querySelectorAll(".wall > li")) {
                if (one !== photo && one !== sheet) one.remove();
            }
            photo.style.setProperty("--r", "1.5");
            for (let before = 0; before < 4; before += 1) photo.before(photo.cloneNode(true)); // a whole row
            return [photo, sheet].map((one) => one.getBoundingClientRect().toJSON());
        }""",
        hung,
    )
    assert photo["top"] == sheet["top"]
    assert sheet["width"] <= 2.5 * photo["width"]
    assert sheet["right"] == pytest.approx(1248 - 18, abs=2), "and the row is filled"


def test_a_long_word_in_a_neighbours_name_stays_whole_on_a_tablet(
    visitor: Callable[..., Watched], site: Site, store: House
) -> None:
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        named = make_greeting(store, session, action, photos=1, name="Преподавательствующая философии").id
        shown = make_greeting(store, session, action, text="Чакаем").id
    until_hanging(site, named, shown)
    page = visitor("ru", 768).page()
    until(
        lambda: (
            page.goto(f"{site.url}/ales/ru/greetings/{shown}") and page.locator(f"a[href$='{named}']").count()
        ),
        bool,
    )
    page.evaluate(ALL_LETTERS)
    # as wide as it is on a wall of hundreds
    page.locator(".prevnext .place").evaluate("one => { one.style.minWidth = '12.5rem'; }")
    name = page.locator(".prevnext b bdi", has_text="Преподавательствующая").first
    parts = name.evaluate(
        """one => {
            const word = document.createRange();
            word.setStart(one.firstChild, 0);
            word.setEnd(one.firstChild, one.textContent.indexOf(" "));
            return word.getClientRects().length;
        }"""
    )
    assert parts == 1


def test_no_word_breaks_on_the_small_card_of_a_neighbour(
    visitor: Callable[..., Watched], site: Site, store: House
) -> None:
    """It is as narrow as a stamp, where words broke anywhere, and without a hyphen."""
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        written = make_greeting(store, session, action, text="Настаўніца", name="Ядвіга").id
        shown = make_greeting(store, session, action, text="Чакаем").id
    page = visitor("be", 1280).page()
    for width in resized(page, 840, 1280):
        page.goto(f"{site.url}/ales/be/greetings/{shown}")
        assert lines_of(page, f"a[href$='{written}'] .mini") == [1], width


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_of_posters_side_by_side_stand_in_line_whatever_their_names_take(
    page: Page, site: Site, language: str
) -> None:
    page.goto(f"{site.url}/ales/{language}/posters/")
    page.locator(".poster-sheets h3").last.evaluate("one => { one.textContent += ' ' + one.textContent; }")
    for width in resized(page, 320, 768, 1280):
        rows = page.locator(".poster").evaluate_all(
            """all => Map.groupBy(all, (one) => Math.round(one.getBoundingClientRect().top)).values().map((row) =>
                [".opens", ".links > :last-child"].map((file) => new Set(row.map((one) =>
                    Math.round(one.querySelector(file).getBoundingClientRect().top))).size)).toArray()"""
        )
        assert rows
        assert all(places == [1, 1] for places in rows), width


def test_on_a_tablet_the_line_above_the_wall_moves_no_button_however_long_it_is(
    page: Page, site: Site, store: House
) -> None:
    """Else it did when our letters came, which are a little wider: for some figures it just had room."""
    with store.database.work() as session:
        make_greeting(store, session, session.scalars(select(Action)).one())
    page.goto(f"{site.url}/ales/en/greetings/")
    lengthen = "(one, times) => { one.textContent = 'From 5 countries, newest first. '.repeat(times); }"
    for width in resized(page, 641, 768, 1024):
        tops = set()
        for times in (1, 2, 4):
            page.locator(".gallery-head p").evaluate(lengthen, times)
            tops.add(round(page.locator(".gallery-head .btns").bounding_box()["y"]))  # type: ignore[index]
        assert len(tops) == 1, (width, tops)
