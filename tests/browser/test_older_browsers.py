"""Pages in browsers from before 2022 and 2023, as old telephones and beamers have them: acted by Chromium, from which
what came later is taken away. In styles `:has()` and container units, in scripts what is named below.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.gallery.rules import PAGE_SIZE
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State
from tests.browser.conftest import Watched
from tests.browser.patience import PATIENCE_MS, arrive, until
from tests.browser.site import Site, until_hanging
from tests.factories import make_greeting

pytestmark = pytest.mark.browser

CONTAINER_UNIT = re.compile(r"(?<=\d)cq(?:i|b|w|h|min|max)\b")
LATER = """delete Array.prototype.at
delete AbortSignal.timeout
delete SubmitEvent.prototype.submitter
delete HTMLElement.prototype.inert
delete window.requestIdleCallback
delete window.OffscreenCanvas"""
PHONE, LANDSCAPE, DESK, BEAMER = (390, 844), (844, 390), (1280, 900), (1024, 768)
LONG_WORDS = (
    "Пішу з дачы: вяргіні стаяць па плячо, яблыкі падаюць уначы на дах. Кожны гучыць як «пара дадому»."
)
CUT = """() => [...document.querySelectorAll(".card:not(.c4) .face")]
    .filter((face) => face.scrollHeight > face.clientHeight + 1 && getComputedStyle(face.querySelector(".words")).position === "static")
    .map((face) => face.textContent.trim())"""


def as_it_was(css: str) -> str:
    """The sheet as those browsers read it: they skip a rule that they don't know, as with a name that nobody has."""
    css = css.replace(":has(", ":unknown(").replace("@container", "@unknown")
    return CONTAINER_UNIT.sub("unknown", css)


def as_it_was_in_2018(css: str) -> str:
    """Nor did they know functions that compare, corners by one word, and a gap in a row (a grid had one)."""
    css = re.sub(r"\b(min|max|clamp)\(", r"un\1(", as_it_was(css))
    return re.sub(r"(?<![\w-])(inset|aspect-ratio|gap):", r"un\1:", css).replace(":focus-visible", ":unknown")


def make_older(context: BrowserContext, read: Callable[[str], str] = as_it_was) -> BrowserContext:
    def answer(route: Route) -> None:
        sheet = route.fetch()
        route.fulfill(response=sheet, body=read(sheet.text()))

    context.route("**/*.css*", answer)
    context.add_init_script(LATER)
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture
def older(browser: Browser) -> Iterator[Callable[[tuple[int, int]], Page]]:
    """A page of an older browser, of that width and height; no script of ours may fail in it."""
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def make(size: tuple[int, int]) -> Page:
        context = make_older(
            browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB")
        )
        context.on("weberror", lambda fault: faults.append(str(fault.error)))
        opened.append(context)
        return context.new_page()

    yield make
    for context in opened:
        context.close()
    assert not faults, faults


@pytest.fixture(scope="module")
def hanging(store: House, site: Site) -> list[str]:
    """A page of greetings on the wall and some more, newest first."""
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        made = [make_greeting(store, session, action, text=LONG_WORDS).id for _ in range(PAGE_SIZE + 2)]
    until_hanging(site, made[-1])
    return made[::-1]


def test_they_are_old(older: Callable[..., Page], site: Site) -> None:
    """Else all that follows would look at a new browser."""
    page = older(PHONE)
    page.goto(f"{site.url}/ales/en/send?kind=text")
    assert page.evaluate("[Array.prototype.at, AbortSignal.timeout].every((one) => one === undefined)")
    left = page.evaluate(
        "[...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).map((rule) => rule.cssText).join()"
    )
    assert ".chip" in left
    assert ":has(" not in left
    assert not CONTAINER_UNIT.search(left)


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_wider_than_the_screen(
    older: Callable[..., Page], site: Site, hanging: list[str], width: int
) -> None:
    page = older((width, 800))
    rooms = (
        "",
        "send?kind=text",
        "receipt",
        "greetings/",
        f"greetings/{hanging[0]}",
        "posters/",
        "posters/own",
    )
    for room in (*rooms, "posters/phone", "privacy", "screen"):
        page.goto(f"{site.url}/ales/be/{room}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, room


def test_what_was_chosen_and_where_the_keys_are_is_seen(older: Callable[..., Page], site: Site) -> None:
    page = older(PHONE)
    page.goto(f"{site.url}/ales/en/send?kind=text")
    look = "(one) => { const { boxShadow, fontWeight } = getComputedStyle(one); return [boxShadow, fontWeight]; }"
    chosen, other = page.locator(".chip :checked + span"), page.locator(".chip :not(:checked) + span").first
    assert chosen.evaluate(look) != other.evaluate(look)
    ring = "(one) => getComputedStyle(one).outlineStyle"
    assert other.evaluate(ring) == "none"
    page.locator(".chip :checked").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".chip :focus + span")).to_have_css("outline-style", "solid")
    page.locator(".drop input").focus()
    expect(page.locator(".drop")).to_have_css("outline-style", "solid")


@pytest.mark.parametrize("size", [PHONE, LANDSCAPE, DESK])
def test_a_poster_fills_the_phone_that_is_held_up(
    older: Callable[..., Page], visitor: Callable[..., Watched], site: Site, size: tuple[int, int]
) -> None:
    """Nearly as large as in a browser that measures by the poster itself, and never beyond its edge."""
    new = visitor("en").page()
    new.set_viewport_size({"width": size[0], "height": size[1]})
    page = older(size)
    for look in ("", "?look=red"):
        sizes = []
        for one in (new, page):
            one.goto(f"{site.url}/ales/be/posters/phone{look}")
            sizes.append(one.locator("h1").evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)"))
        assert 0.75 < sizes[1] / sizes[0] <= 1.05, sizes
        wide, high = page.locator("main").evaluate(
            "(one) => [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight]"
        )
        assert (wide, high) == (0, 0)


def test_the_stamp_and_its_mark_keep_their_sizes(older: Callable[..., Page], site: Site) -> None:
    page = older(DESK)
    page.goto(f"{site.url}/ales/en/")
    for part in (".stamp", ".pm"):
        box = page.locator(f".to .franking {part}").bounding_box()
        assert box
        assert 60 < box["width"] < 170, (part, box)


def test_a_code_stands_on_one_line_and_large(older: Callable[..., Page], site: Site) -> None:
    page = older(PHONE)
    page.goto(f"{site.url}/ales/en/send?kind=text")
    page.fill("textarea[name=text]", "Жыве надзея")
    page.check("input[name=uses][value=gallery]")
    page.locator(".send [type=submit]").click()
    code = arrive(page, "#receipt-code")
    size, high, wide, room = code.evaluate(
        """(one) => { const style = getComputedStyle(one); return [parseFloat(style.fontSize),
            one.clientHeight - parseFloat(style.paddingTop) * 2, one.scrollWidth, one.clientWidth]; }"""
    )
    assert size > 20
    assert high < 1.5 * size
    assert wide <= room


@pytest.mark.parametrize("size", [(1000, 300), (700, 700), DESK])
def test_no_words_are_cut_on_the_strip(
    older: Callable[..., Page], site: Site, hanging: list[str], size: tuple[int, int]
) -> None:
    page = older(size)
    page.goto(f"{site.url}/embed/ales/en/strip")
    expect(page.locator(".card").first).to_be_visible()
    assert page.evaluate(CUT) == []
    faces = page.locator(".card .face").evaluate_all("(all) => all.map((one) => one.clientHeight)")
    assert min(faces) > 80


def test_words_are_read_from_the_back_of_a_hall(
    older: Callable[..., Page], site: Site, hanging: list[str]
) -> None:
    page = older(BEAMER)
    page.goto(f"{site.url}/ales/en/screen?still=1&show={hanging[0]}")
    size, high, wide = page.locator(".said").evaluate(
        "(one) => [parseFloat(getComputedStyle(one).fontSize), one.closest('.sheet').scrollHeight - one.closest('.sheet').clientHeight, one.offsetWidth]"
    )
    assert size > BEAMER[1] / 30
    assert high <= 0
    assert wide > BEAMER[0] / 3


def test_older_greetings_come_in_below(older: Callable[..., Page], site: Site, hanging: list[str]) -> None:
    page = older(DESK)
    page.goto(f"{site.url}/ales/en/greetings/")
    page.locator("[rel=next]").click()
    expect(page.locator(f"#g-{hanging[-1]}")).to_be_attached()
    expect(page.locator(f"#g-{hanging[0]}")).to_be_attached()


@pytest.mark.parametrize(
    "missing", ["HTMLDialogElement", "createImageBitmap", "Element.prototype.replaceChildren"]
)
def test_the_plain_form_is_left_to_whoever_cannot_read_its_scripts(
    older: Callable[..., Page], site: Site, missing: str
) -> None:
    """Its own field for files says what was chosen: nothing lies over it that a script would have to fill."""
    page = older(PHONE)
    page.add_init_script(f"delete {missing}")
    page.goto(f"{site.url}/ales/en/send?kind=photo")
    page.wait_for_load_state("networkidle")
    expect(page.locator("html")).not_to_have_class("able")
    expect(page.locator("input[name=photos]")).to_have_css("opacity", "1")


def test_leaving_asks_as_older_browsers_want_it_said(older: Callable[..., Page], site: Site) -> None:
    """Until 2023 Chrome asked only where an answer was set, too."""
    page = older(PHONE)
    page.goto(f"{site.url}/ales/en/send?kind=text")
    page.wait_for_load_state("networkidle")
    answer = """() => {
      const leaving = document.createEvent("BeforeUnloadEvent");
      leaving.initEvent("beforeunload", false, true);
      dispatchEvent(leaving);
      return leaving.returnValue;
    }"""
    assert page.evaluate(answer) == ""
    page.locator("textarea[name=text]").press_sequentially("Жыве")
    assert page.evaluate(answer) != ""


def test_a_telephone_of_2018_has_room_around_words_and_between_links(browser: Browser, site: Site) -> None:
    context = make_older(
        browser.new_context(viewport={"width": 375, "height": 667}, java_script_enabled=False),
        as_it_was_in_2018,
    )
    page = context.new_page()
    for room in ("", "send", "greetings/", "receipt"):
        page.goto(f"{site.url}/ales/be/{room}")
        box = page.locator("h1").bounding_box()
        assert box
        assert box["x"] >= 12, room
        at = [box["x"] + 4, box["y"] + box["height"] / 2]
        assert page.evaluate("(at) => document.elementFromPoint(...at).closest('h1') !== null", at), room
        ends = page.locator("header nav li a").evaluate_all(
            "(all) => all.map((one) => { const box = one.getBoundingClientRect(); return [box.top, box.left, box.right]; })"
        )
        for (top, _, right), (next_top, left, _) in pairwise(sorted(ends)):
            assert top != next_top or left - right >= 0, room
        rooms = sorted(end for end in ends if end[0] == max(top for top, _, _ in ends))
        assert all(two[1] - one[2] >= 8 for one, two in pairwise(rooms)), (room, rooms)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, room
    context.close()


def test_the_desk_decides_where_a_form_does_not_say_by_which_button(
    desk: BrowserContext, browser: Browser, site: Site, store: House
) -> None:
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        waits = make_greeting(store, session, action, state=State.PENDING).id
    context = make_older(browser.new_context(storage_state=desk.storage_state(), locale="en-GB"))
    page = context.new_page()
    page.goto(f"{site.url}/desk/queue?at={waits}&lang=en")
    page.wait_for_load_state("networkidle")
    page.locator(".key.yes").click()

    def state() -> State:
        with store.database.reading() as session:
            return session.scalars(select(Greeting.state).where(Greeting.id == waits)).one()

    until(state, lambda now: now == State.APPROVED, page)
    context.close()
