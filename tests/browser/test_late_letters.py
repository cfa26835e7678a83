"""The letters of the house come late on a slow line: until then the device's own stand in, and nothing moves."""

import re
import shutil
from functools import partial
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.gallery.rules import PAGE_SIZE
from greetings.house import House
from greetings.settings import CHECKOUT
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.patience import answer_for, hold_back, until
from tests.browser.site import Site, until_hanging
from tests.factories import make_greeting
from tests.pages import path_of_page

pytestmark = pytest.mark.browser
STATIC = CHECKOUT / "greetings" / "static"


# every sentence of the page in one line, in our letters and in each of those that stand in for them
HOW_WIDE = """async () => {
    const pen = document.createElement("canvas").getContext("2d"), wide = {};
    const sentences = [...document.querySelectorAll("p, li")]
        .map((one) => one.textContent.trim().replace(/\\s+/g, " ")).filter((one) => one.length > 30);
    const measure = async (font) => {
        await document.fonts.load(font, sentences.join(""));
        pen.font = font;
        return sentences.reduce((sum, one) => sum + pen.measureText(one).width, 0);
    };
    for (const role of ["serif", "sans"]) for (const weight of [400, 600]) {
        const families = getComputedStyle(document.documentElement).getPropertyValue(`--${role}`);
        const real = await measure(`${weight} 100px ${families.match(/"Greetings \\w+"/)}`);
        for (const near of families.match(/"\\w+ (Near|Noto)"/g))
            wide[`${weight} ${near}`] = (await measure(`${weight} 100px ${near}`)) / real;
    }
    return wide;
}"""


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_what_stands_in_for_a_face_is_as_wide_in_both_weights(
    browser: Browser, site: Site, language: str
) -> None:
    page = browser.new_page()
    page.goto(f"{site.url}/ales/{language}/privacy")
    wide = page.evaluate(HOW_WIDE)
    page.close()
    assert len(wide) == 8
    assert not {face: ratio for face, ratio in wide.items() if abs(ratio - 1) > 0.012}, wide


WIDTHS = (320, 360, 375, 384, 390, 393, 412, 414, 430, 768, 1280, 1920)
ALL_LETTERS = "Promise.all([...document.fonts].map((face) => face.load().catch(() => null)))"
# what other tests hung up is in nobody's hands, nor how much of it: here the words of the house are looked at
NO_GREETINGS = """() => {
    document.querySelectorAll("[id^=g-]").forEach((one) => one.closest("li").remove());
    const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const isFigure = ({ data }) => /^[\\d\\s,]*\\d[\\d\\s,]*$/.test(data);
    while (texts.nextNode()) if (isFigure(texts.currentNode)) texts.currentNode.data = "5";
}"""
# what of a page is in view at first, and where it stands, in the letters of the device or in ours
STANDING = """(near) => {
    for (const role of ["serif", "sans"])
        if (near) document.documentElement.style.setProperty(`--${role}`, `var(--${role}-near)`);
        else document.documentElement.style.removeProperty(`--${role}`);
    return [...document.querySelectorAll("h1, h2, h3, p, li, a, img, section, address, summary, label")]
        .filter((one) => one.checkVisibility())
        .map((one) => [one.getBoundingClientRect(), one.textContent.trim().slice(0, 50)])
        .map(([box, words]) => [box.y, Math.min(box.bottom, innerHeight), words]);
}"""


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_nothing_in_view_moves_when_the_letters_come(browser: Browser, site: Site, language: str) -> None:
    page = browser.new_page()
    sheets_alone = "**/late-letters*"
    answer_for(page, sheets_alone, lambda route: route.fulfill(content_type="text/javascript"))
    moved = []
    for path in ("", "greetings/", "posters/", "send", "privacy"):
        page.goto(f"{site.url}/ales/{language}/{path}")
        page.evaluate(ALL_LETTERS)
        page.evaluate(NO_GREETINGS)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            before, after = page.evaluate(STANDING, True), page.evaluate(STANDING, False)
            moved += [
                (path, width, words)
                for (top, bottom, words), (new_top, new_bottom, _words) in zip(before, after, strict=True)
                if min(top, new_top) < 844 and max(abs(top - new_top), abs(bottom - new_bottom)) >= 3
            ]
    page.close()
    assert not moved


# letters of which lines break elsewhere in the device's letters, on one phone or another
LETTERS = (
    "Дарагі Алесь! Мы незнаёмыя, але Вашую кнігу я чытаў тройчы: спачатку спяшаючыся, потым уважліва.",
    "Сёлета ў наваколлі гнездавалі дванаццаць пар буслоў. Адну з іх мы паміж сабой завём Вашым імем.",
    "We read your letters aloud at the kitchen table, and the children ask when you will come home.",
    "У нас выпал первый снег, дети слепили снеговика и назвали его Алесем. Ждём Вас дома, и скоро.",
)
PHONES = (360, 390, 412)
# every layout shift that follows nothing the visitor did, with the words that moved
NOTE_SHIFTS = """window.shifts = [];
const wordsOf = ({ node, previousRect: was, currentRect: is }) =>
    `${node?.textContent.trim().slice(0, 50)}: ${was.x},${was.y} -> ${is.x},${is.y}`;
new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push(one.sources.map(wordsOf));
}).observe({ type: "layout-shift", buffered: true });"""
BELOW = """[...document.querySelectorAll(".one blockquote p, .signed, .fate, .wall > li, #wall + section")]
    .map((one) => one.getBoundingClientRect().y)"""
STANDING_NOW = """[...document.querySelectorAll("h1, h2, h3, p, li, dt, dd, footer")]
    .map((one) => [one.getBoundingClientRect().y, one.textContent.trim().slice(0, 50)])"""
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# for each text whether it is in the device's letters
STAND_IN = """(words) => [...document.querySelectorAll(words)]
    .map((one) => !getComputedStyle(one).fontFamily.includes("Greetings"))"""
# how high each text is in the device's letters and in ours, left to itself
HEIGHTS = """(words) => [true, false].map((near) => [...document.querySelectorAll(words)].map((one) => {
    one.style.wordSpacing = one.style.letterSpacing = "";
    one.style.fontFamily = near ? "var(--serif-near)" : "var(--serif)";
    return one.getBoundingClientRect().height;
}))"""


def hang_up(site: Site, store: House) -> tuple[list[str], str]:
    """Those letters and one made of them all: a page of the wall, so that no others stand on it. What other tests
    hung up there may be such that a whole page keeps the device's letters.
    """
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        filling = (LETTERS * PAGE_SIZE)[: PAGE_SIZE - 1]
        each = [make_greeting(store, session, action, text=words).id for words in filling]
        whole = make_greeting(store, session, action, text="\n\n".join(LETTERS)).id
    until_hanging(site, *each, whole)
    return each, whole


def hold_letters(page: Page) -> list[Route]:
    """Keep back all letters that a page asks for; returns them as they come."""
    return hold_back(page, "**/*.woff2")


def let_them_come(page: Page, held: list[Route]) -> None:
    """Whatever was asked for is given, once it has been asked for."""
    until(lambda: held, page=page)
    while page.evaluate("document.fonts.status") == "loading":
        while held:
            held.pop().continue_()
        page.wait_for_timeout(50)


def is_drawn(page: Page) -> bool:
    return bool(page.evaluate("performance.getEntriesByType('paint').length"))


# others than the sheets are tuned to
NOTO = '"Serif Noto", "Sans Noto"'


def stand_in(page: Page, site: Site, near: str) -> None:
    """On that page these letters stand in for ours."""
    sheet = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8").replace("../", f"{site.url}/static/")
    sheet = re.sub(r"(--\w+-near): [^;]+;", rf"\1: {near};", sheet)
    answer_for(page, "**/tokens*.css", lambda route: route.fulfill(body=sheet, content_type="text/css"))


@pytest.mark.parametrize(("language", "near"), [("be", ""), ("en", ""), ("ru", NOTO)])
def test_words_of_people_keep_their_lines_when_the_letters_come(
    browser: Browser, site: Site, store: House, language: str, near: str
) -> None:
    """The letters are held back until the page has been drawn without them."""
    each, whole = hang_up(site, store)
    cards = ", ".join(f"#g-{one} .words" for one in [*each, whole])
    places = {"greetings/": cards, f"greetings/{whole}": ".one blockquote p", "": "#wall .words"}
    left, broke_elsewhere = [], set()
    for (path, words), width in product(places.items(), PHONES):
        page = browser.new_page(viewport={"width": width, "height": 844})
        page.add_init_script(NOTE_SHIFTS)
        if near:
            stand_in(page, site, near)
        held = hold_letters(page)
        page.goto(f"{site.url}/ales/{language}/{path}", wait_until="domcontentloaded")
        page.evaluate(TWO_FRAMES)
        before = page.evaluate(BELOW)
        let_them_come(page, held)
        page.evaluate(TWO_FRAMES)
        assert page.evaluate(BELOW) == before, (path, width)
        assert page.evaluate("window.shifts") == [], (path, width)
        left += page.evaluate(STAND_IN, words)
        theirs, ours = page.evaluate(HEIGHTS, words)
        broke_elsewhere |= {path} if theirs != ours else set()
        page.close()
    assert broke_elsewhere == set(places)
    assert not any(left)


def test_a_name_without_end_keeps_no_words_of_others_in_the_letters_of_the_device(
    browser: Browser, site: Site, store: House
) -> None:
    """What is there for ears alone ends up beside the page, behind a name, and elsewhere in other letters."""
    each, whole = hang_up(site, store)
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        make_greeting(store, session, action, text="Ж" * 300, name="W" * 80, town="Ю" * 60)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    held = hold_letters(page)
    page.goto(f"{site.url}/ales/be/greetings/", wait_until="domcontentloaded")
    page.evaluate(TWO_FRAMES)
    let_them_come(page, held)
    page.evaluate(TWO_FRAMES)
    left = page.evaluate(STAND_IN, ", ".join(f"#g-{one} .words" for one in [*each, whole]))
    page.close()
    assert left
    assert not any(left)


def test_where_no_script_runs_nothing_moves_when_the_letters_come(
    browser: Browser, site: Site, store: House
) -> None:
    """What is not there when the page is drawn waits for the next one."""
    _each, whole = hang_up(site, store)
    pages = ("", "greetings/", f"greetings/{whole}", "posters/phone", "privacy")
    for path, width in [*product(pages, PHONES), *product(["strip"], (*PHONES, 768))]:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, java_script_enabled=path == "strip"
        )
        page = context.new_page()
        held = hold_letters(page)
        page.goto(site.url + path_of_page(path), wait_until="domcontentloaded")
        until(partial(is_drawn, page), page=page)
        before = page.evaluate(STANDING_NOW)
        let_them_come(page, held)
        assert page.evaluate(STANDING_NOW) == before, (path, width)
        context.close()


# sentences of the house that break elsewhere in the device's letters, far below what is in view at first
@pytest.mark.parametrize(
    ("path", "widths"),
    [("be/", (360, 390)), ("be/send", (390,)), ("ru/privacy", (360, 390)), ("en/privacy", (375, 412))],
)
def test_sentences_of_the_house_keep_their_lines_when_the_letters_come(
    browser: Browser, site: Site, path: str, widths: tuple[int, ...]
) -> None:
    for width in widths:
        page = browser.new_page(viewport={"width": width, "height": 844})
        held = hold_letters(page)
        page.goto(f"{site.url}/ales/{path}", wait_until="domcontentloaded")
        page.evaluate(TWO_FRAMES)
        before = page.evaluate(STANDING_NOW)
        let_them_come(page, held)
        page.evaluate(TWO_FRAMES)
        after = page.evaluate(STANDING_NOW)
        moved = [words for (y, words), (now, _words) in zip(before, after, strict=True) if abs(y - now) > 2]
        assert not moved, width
        left = page.locator("[style*='--serif']:not(.wall *)")  # where other tests hang what they like
        assert left.count() == 0, "left in the letters of the device"
        page.close()


# letters that are nothing like ours: a text has to be far closer than it was to keep its line
UNLIKE = """() => {
    document.documentElement.style.setProperty("--serif-near", "monospace");
    window.text = document.querySelector("h1");
}"""


def test_what_does_not_fit_stays_in_the_letters_of_the_device(browser: Browser, site: Site) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    held = hold_letters(page)
    page.goto(f"{site.url}/ales/be/privacy", wait_until="domcontentloaded")
    page.evaluate(UNLIKE)
    page.evaluate(TWO_FRAMES)
    let_them_come(page, held)
    page.evaluate(TWO_FRAMES)
    assert "Greetings" not in page.evaluate("getComputedStyle(text).fontFamily")
    assert "Greetings" in page.evaluate("getComputedStyle(document.body).fontFamily")
    page.close()


# so high that nearly all of a page is in view: what moves out of view is no shift
HIGH = 4000
PATHS = ("", "send", "greetings/", "posters/", "receipt", "privacy")


def shifts_as_letters_come(
    browser: Browser, site: Site, path: str, width: int, near: str = ""
) -> list[list[str]]:
    """What moved on a page of which the letters came after it had been drawn; with others standing in."""
    page = browser.new_page(viewport={"width": width, "height": HIGH})
    page.add_init_script(NOTE_SHIFTS)
    if near:
        stand_in(page, site, near)
    held = hold_letters(page)
    address = f"{site.url}/ales/{path}"
    page.goto(address, wait_until="domcontentloaded")
    until(partial(is_drawn, page), page=page)
    let_them_come(page, held)
    page.evaluate(TWO_FRAMES)
    shifts: list[list[str]] = page.evaluate("window.shifts")
    page.close()
    return shifts


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_nothing_shifts_when_the_letters_come(
    browser: Browser, site: Site, store: House, language: str, width: int
) -> None:
    _each, whole = hang_up(site, store)
    paths = [f"{language}/{path}" for path in (*PATHS, f"greetings/{whole}")]
    shifts = {path: shifts_as_letters_come(browser, site, path, width) for path in paths}
    assert not any(shifts.values()), shifts


@pytest.mark.parametrize("near", [NOTO, "monospace"])
def test_nothing_shifts_whatever_letters_a_device_has(browser: Browser, site: Site, near: str) -> None:
    """Others than the sheets are tuned to, and some that are nothing like ours."""
    for path in ("be/send", "en/", "ru/privacy"):
        assert shifts_as_letters_come(browser, site, path, 390, near) == [], path


LETTER_WIDTHS = """() => [...document.querySelectorAll("h1, p, button")].flatMap((one) => {
    const text = document.createTreeWalker(one, NodeFilter.SHOW_TEXT).nextNode();
    const letter = document.createRange();
    one.style.letterSpacing = "0";
    return [...(text?.data ?? "")].map((_letter, place) => {
        letter.setStart(text, place);
        letter.setEnd(text, place + 1);
        return letter.getBoundingClientRect().width;
    });
})"""


def test_letters_set_closer_run_no_words_together(browser: Browser, site: Site) -> None:
    """A system that rounds the place of each letter would take the hair from the spaces, a whole pixel of each."""
    path = next(filter(None, map(shutil.which, CHROMIUM)))
    plain = [one for one in ARGUMENTS if "hinting" not in one]
    as_set_up = browser.browser_type.launch(executable_path=path, args=plain)
    page = as_set_up.new_page()
    page.goto(f"{site.url}/ales/ru/send")
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    page.evaluate(TWO_FRAMES)
    widths = [width for width in page.evaluate(LETTER_WIDTHS) if width]
    assert len(widths) > 100
    assert sum(width % 1 > 0 for width in widths) > len(widths) / 2
    as_set_up.close()
