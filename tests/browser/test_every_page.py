"""Every page of the map in a real browser: nothing that axe finds, no wider than the screen, and a way
through it by keyboard, in three languages.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import pairwise

import pytest
import requests
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.actions.rules import ActionState, is_accepting
from greetings.house import open_house
from greetings.operations.wiring import wire_rooms
from greetings.settings import load_settings
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State
from tests.addresses import addresses
from tests.browser.conftest import Watched
from tests.browser.patience import PATIENCE_SECONDS, answer_for, until
from tests.browser.site import Site
from tests.factories import make_greeting

pytestmark = pytest.mark.browser

LANGUAGES = ("be", "en", "ru")
SMALLEST, PHONE, TABLET, LAPTOP, DESKTOP = (320, 568), (390, 844), (768, 1024), (1024, 768), (1280, 900)
WIDE, PAPER = (1920, 1080), (703, 1000)  # A4 between margins of 12 mm
LONG = "Дарагі Алесь! " + "Мы пра Вас помнім, пішам і чакаем дома, у Ракуцёўшчыне і ў Вільні. " * 6
MONTH_IN_ENGLISH = re.compile(
    r"\d (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
MOST_TABS = 250
PARTS_OF_A_FIELD = 5
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("svg"))
    .slice(0, 5).map((one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 30)}`)"""
OUT_OF_BUTTONS = """() => [...document.querySelectorAll(".btn, .state-line")]
    .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
    .map((one) => one.textContent.trim())"""
# whatever moves now, or could once it is pointed at, pressed or changed
MOVES = """() => {
    const moving = document.getAnimations().map((one) => `now: ${one.effect?.target?.className}`)
    for (const one of document.querySelectorAll("*")) for (const part of [null, "::before", "::after"]) {
        const style = getComputedStyle(one, part)
        const lasts = [style.transitionDuration, style.animationDuration].join().split(",").some((time) => parseFloat(time) > 0)
        if (lasts || style.scrollBehavior === "smooth") moving.push(`${one.tagName}.${one.className}${part ?? ""}`)
    }
    return [...new Set(moving)]
}"""
FOCUS = """() => {
    const at = document.activeElement
    if (!at || at === document.body) return null
    const box = at.getBoundingClientRect()
    // a ring on the element, on what holds it, or on what stands for it
    const ring = (element) => {
        const style = getComputedStyle(element)
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || /0px 0px 0px [2-9]px/.test(style.boxShadow)
    }
    const holders = [at, at.nextElementSibling ?? at]
    for (let holder = at.parentElement; holder && holders.length < 6; holder = holder.parentElement) holders.push(holder)
    return {
        name: at.tagName.toLowerCase() + "." + at.className + " " + (at.textContent || at.name || "").trim().slice(0, 30),
        seen: holders.some(ring),
        onScreen: box.bottom > 0 && box.right > 0 && box.width > 0,
        skips: at.getAttribute("href") === "#main",
        number: [...document.querySelectorAll("*")].indexOf(at),
    }
}"""


@pytest.fixture(scope="session")
def known(site: Site) -> dict[str, str]:
    """A greeting of each sort in the running site, and what stands for the parts of an address."""
    wire_rooms()
    house = open_house(load_settings({"GREETINGS_DATA": str(site.data), "GREETINGS_RATE_LIMITS": "off"}))
    with house.database.work() as session:
        action = session.scalars(select(Action)).one()
        shown = make_greeting(
            house,
            session,
            action,
            photos=2,
            descriptions=["Хор з плакатам «Happy Birthday, Ales!»", "Ноты"],
            name="Параскева Сцяпанаўна",
            organisation="Хор",
        )
        make_greeting(house, session, action, text=LONG, name="", town="")
        make_greeting(house, session, action, text="З юбілеем!")
        make_greeting(house, session, action, state=State.REJECTED)
        session.flush()
        greeting_id = session.scalars(select(Greeting.id).where(Greeting.sequence == shown.sequence)).one()
    house.close()
    return {
        "action_slug": "ales", "slug": "ales", "greeting_id": greeting_id, "token": "nobody", "session_id": "nobody", "passkey_id": "nobody",
        "moderator_id": "nobody", "private_name": "nobody", "rendition_name": "thumb", "code": "risk", "filename": "none",
        "name": "none",
    }  # fmt: skip


@pytest.fixture
def one_waits(site: Site, known: dict[str, str]) -> None:
    """A greeting on the table, whatever other tests have answered meanwhile."""
    settings = load_settings({"GREETINGS_DATA": str(site.data), "GREETINGS_RATE_LIMITS": "off"})
    with closing(open_house(settings)) as house, house.database.work() as session:
        action = session.scalars(select(Action)).one()
        make_greeting(
            house, session, action, state=State.PENDING, photos=1, descriptions=["Свечкі"], text=LONG
        )


def pages(app: Flask, known: dict[str, str], language: str, context: BrowserContext, site: Site) -> list[str]:
    """Addresses of every page that this browser may open: of the desk, or of the public."""
    found = [address for _endpoint, address in addresses(app, {**known, "language": language})]
    found.append(f"/ales/{language}/greetings/nobody")
    found += [f"/ales/{language}/send?fill=1", f"/ales/{language}/posters/own?fill=1"]
    is_inside = bool(context.cookies())
    return [
        one for one in found if one.startswith("/desk") == is_inside and _is_page(context, site.url + one)
    ]


def _is_page(context: BrowserContext, address: str) -> bool:
    return context.request.get(address).headers.get("content-type", "").startswith("text/html")


def assert_fits(page: Page, where: str) -> None:
    wide, view = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if wide > view:
        raise AssertionError(f"{where} is {wide} px wide on a screen of {view}: {page.evaluate(TOO_WIDE)}")


def assert_fits_any_reader(page: Page, where: str) -> None:
    """On paper, on the widest screen and on the smallest phone, and with letters of twice the size."""
    for width, height in (WIDE, TABLET, PAPER, SMALLEST):
        page.emulate_media(media="print" if (width, height) == PAPER else "screen")
        page.set_viewport_size({"width": width, "height": height})
        assert_fits(page, f"{where} at {width}")
    assert_fits_in_large_type(page, where, SMALLEST)
    assert not page.evaluate(OUT_OF_BUTTONS), f"{where} in large type"
    assert_fits_in_large_type(page, where, PHONE, TABLET, DESKTOP, WIDE)


def assert_fits_in_large_type(page: Page, where: str, *windows: tuple[int, int]) -> None:
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width, height in windows:
        page.set_viewport_size({"width": width, "height": height})
        assert_fits(page, f"{where} in large type")


def assert_headings_step_down(page: Page, where: str) -> None:
    levels = page.locator("h1:visible, h2:visible, h3:visible, h4:visible").evaluate_all(
        "all => all.map(one => Number(one.tagName[1]))"
    )
    assert levels[:1] == [1], f"{where} begins with {levels[:1]}"
    assert levels.count(1) == 1, f"{where} has {levels.count(1)} titles"
    assert all(later - former <= 1 for former, later in pairwise(levels)), f"{where}: {levels}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_public_page_is_accessible_and_fits(
    site: Site,
    visitor: Callable[..., Watched],
    axe: Callable[[Page], None],
    app: Flask,
    known: dict[str, str],
    language: str,
):
    """Light and dark: nothing but colours differs, so what fits in one fits in both."""
    watched = visitor(language, PHONE[0])
    page = watched.page()
    page.emulate_media(reduced_motion="reduce")
    still = f"/ales/{language}/screen?still=1"
    for path in [*pages(app, known, language, watched.context, site), still]:
        for width, height in (PHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(site.url + path)
            assert_fits(page, path)
            if width == PHONE[0]:
                assert page.evaluate(MOVES) == [], f"{path} moves where less motion is asked for"
                axe(page)
                page.emulate_media(color_scheme="dark")
                axe(page)
                page.emulate_media(color_scheme="light")
                assert_headings_step_down(page, path)
                if "/screen" not in path:  # made for a beamer, and for nobody's own device
                    assert_fits_any_reader(page, path)


@pytest.fixture
def in_state(site: Site, known: dict[str, str]) -> Iterator[Callable[[ActionState], None]]:
    """Puts the action of the running site into a state; afterwards it is open again, for whoever comes next."""
    house = open_house(load_settings({"GREETINGS_DATA": str(site.data), "GREETINGS_RATE_LIMITS": "off"}))

    def become(state: ActionState) -> None:
        with house.database.work() as session:
            session.scalars(select(Action)).one().state = state

    yield become
    become(ActionState.OPEN)
    house.close()
    until(lambda: "/ales/be/send?" in requests.get(f"{site.url}/ales/be/", timeout=PATIENCE_SECONDS).text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_an_action_fits_and_is_accessible(
    site: Site,
    visitor: Callable[..., Watched],
    axe: Callable[[Page], None],
    in_state: Callable[[ActionState], None],
    language: str,
):
    """Its own page, and that of the form, which says what to do where it takes nothing."""
    page = visitor(language, PHONE[0]).page()
    signs = {
        ActionState.ANNOUNCED: ".fate-line",
        ActionState.CLOSED: "#ways .envelope",
        ActionState.RELEASED: ".home",
        ActionState.ARCHIVED: ".to .figures",
    }
    for state, sign in signs.items():
        in_state(state)
        for path in ("", "send"):
            page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
            until(
                partial(is_shown, page, f"{site.url}/ales/{language}/{path}", state, "main" if path else sign)
            )
            assert_fits(page, state)
            axe(page)
            assert_headings_step_down(page, state)
            assert_fits_any_reader(page, state)


@pytest.mark.parametrize(("language", "width"), [("ru", 390), ("be", 440), ("be", 768), ("ru", 1440)])
def test_the_title_breaks_alike_before_and_after_its_letters_come(
    browser: Browser, site: Site, language: str, width: int
) -> None:
    """Whichever of their files are there: none of them, one, all."""
    heights = set()
    for late in ("nothing", "serif-600-accents", "serif-600-mixed", "woff2"):
        page = browser.new_page(viewport={"width": width, "height": 844})
        answer_for(page, f"**/*{late}*", lambda route: route.abort())
        page.goto(f"{site.url}/ales/{language}/")
        page.evaluate("async () => { await document.fonts.ready; }")
        heights.add(page.evaluate("document.querySelector('#title').offsetHeight"))
        page.close()
    assert len(heights) == 1


def is_shown(page: Page, address: str, state: ActionState, sign: str) -> bool:
    page.goto(address)
    can_send = page.locator("main a[href*='/send'], form#send").count() > 0
    return page.locator(sign).count() > 0 and can_send == is_accepting(state)


@pytest.mark.parametrize("turn", [0, *(pytest.param(turn, marks=pytest.mark.matrix) for turn in (1, 2))])
def test_every_page_of_the_desk_is_accessible_and_fits(
    site: Site,
    desk: BrowserContext,
    axe: Callable[[Page], None],
    app: Flask,
    known: dict[str, str],
    one_waits: None,
    turn: int,
):
    """Each in another language than the one before; in three turns each in all of them."""
    page = desk.new_page()
    page.emulate_media(reduced_motion="reduce")
    for place, path in enumerate(pages(app, known, "en", desk, site)):
        for width, height in (DESKTOP, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            language = LANGUAGES[(place + turn + (width == PHONE[0])) % 3]
            page.goto(f"{site.url}{path}?lang={language}")
            assert_fits(page, f"{path} in {language}")
            if language != "en":
                said = MONTH_IN_ENGLISH.search(page.locator("main").inner_text())
                assert not said, f"{path} in {language} says {said}"
            if width == DESKTOP[0]:
                assert page.evaluate(MOVES) == [], f"{path} moves where less motion is asked for"
                axe(page)
                assert_fits_in_large_type(page, f"{path} in {language}", DESKTOP, LAPTOP, TABLET)
    page.close()


def walk_by_tab(page: Page, where: str, least: int = 4) -> None:
    """From the top to the bottom by Tab: the first stop leads past the head, every stop is seen, none holds one."""
    visited: list[int] = []
    has_head = page.locator("header a").count() > 1
    for stop in range(MOST_TABS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at is None or (visited and at["number"] == visited[0]):
            break
        assert stop or at["skips"] or not has_head, f"{where}: the first stop is {at['name']}"
        assert at["seen"], f"{where}: nothing shows that {at['name']} has the focus"
        assert at["onScreen"], f"{where}: {at['name']} has the focus and isn't to be seen"
        # a field for a day has a stop for each of its parts
        assert visited[-PARTS_OF_A_FIELD:] != [at["number"]] * PARTS_OF_A_FIELD, (
            f"{where}: {at['name']} lets nobody go"
        )
        visited.append(at["number"])
    else:
        raise AssertionError(f"{where}: no end after {MOST_TABS} stops")
    assert len(visited) >= least, where


def test_every_page_can_be_walked_by_keyboard(
    site: Site,
    visitor: Callable[..., Watched],
    desk: BrowserContext,
    app: Flask,
    known: dict[str, str],
    one_waits: None,
):
    watched = visitor("be", DESKTOP[0])
    page = watched.page()
    for path in pages(app, known, "be", watched.context, site):
        page.goto(site.url + path)
        if page.locator("[autofocus]").count() == 0:
            walk_by_tab(page, path)
    page = desk.new_page()
    for path in pages(app, known, "be", desk, site):
        page.goto(site.url + path)
        if page.locator("[autofocus]").count() == 0:
            walk_by_tab(page, path)
    page.close()
