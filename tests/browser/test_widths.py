"""One wall at five widths, in light and dark, in type twice as large and on paper: it is composed in all of them."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any, Literal

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.gallery.rules import PAGE_SIZE
from greetings.house import House
from greetings.submissions.rules import Step
from greetings.submissions.steps import greeting_to_change, take_step
from tests.browser.conftest import Watched
from tests.browser.patience import until
from tests.browser.site import Site, until_hanging
from tests.browser.test_first_screen import ALL_LETTERS
from tests.factories import make_greeting

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 768, 1280, 1920)
FIRST_WITH_ROWS = 641  # below, a telephone's sheet gives a card a row of its own
PAPER = 703  # pixels: A4 between margins of 12 mm
WORDS = ("З юбілеем!", "Чакаем Вас дома, у Ракуцёўшчыне. " * 3, "Мы пра Вас помнім і пішам. " * 12)
SHAPES = ((60, 40), (40, 60), (60, 60), (100, 40), (30, 70))

# each face of the wall: where it is, how much of its picture is cut off, and what of its words runs out of it
SEEN = """() => [...document.querySelectorAll("ol.wall > li:not(.next)")].map((tile) => {
    const box = (one) => { const { left, top, right, bottom } = one.getBoundingClientRect(); return { left, top, right, bottom } }
    const face = tile.querySelector(".face"), words = tile.querySelector("blockquote"), picture = tile.querySelector("img")
    let cut = 0
    if (picture) {
        const shape = picture.getAttribute("width") / picture.getAttribute("height")
        const room = picture.clientWidth / picture.clientHeight
        cut = getComputedStyle(picture).objectFit === "cover" ? 1 - Math.min(shape / room, room / shape) : 0
    }
    return { id: tile.querySelector("a").id, face: box(face), cut, seen: Boolean(picture) || words.innerText.trim() !== "",
        out: words ? Math.max(0, words.getBoundingClientRect().bottom - face.getBoundingClientRect().bottom,
            words.scrollWidth - words.clientWidth) : 0 }
})"""


@pytest.fixture(scope="module")
def hung(store: House, site: Site) -> Iterator[list[str]]:
    """A page of photos of every shape and of words of every length; afterwards they are gone."""
    made = []
    with store.database.work() as session:
        action = session.scalars(select(Action)).one()
        for number in range(PAGE_SIZE):
            is_photo = number % 2
            greeting = make_greeting(
                store,
                session,
                action,
                photos=is_photo,
                language="uk",
                text="" if is_photo else WORDS[number % 3],
            )
            for photo in greeting.photos:
                photo.width_px, photo.height_px = (20 * edge for edge in SHAPES[number % len(SHAPES)])
            made.append(greeting.id)
    until_hanging(site, made[-1])
    yield made
    with store.database.work() as session:
        for one in made:
            take_step(store, session, greeting_to_change(session, one), Step.WITHDRAW, actor="sender")


def faces(page: Page, where: object) -> list[dict[str, Any]]:
    """All of a wall, of which nothing is cut off, runs out of its card or lies on anything else."""
    seen: list[dict[str, Any]] = page.evaluate(SEEN)
    assert len(seen) == PAGE_SIZE, where
    for one in seen:
        assert one["seen"], (where, one)
        assert one["cut"] <= (0.02 if where == "paper" else 0.011), (where, one)  # there it has an edge drawn
        assert one["out"] <= 1, (where, one)
    for one, other in combinations([one["face"] for one in seen], 2):
        beside = one["right"] <= other["left"] + 1 or other["right"] <= one["left"] + 1
        assert beside or one["bottom"] <= other["top"] + 1 or other["bottom"] <= one["top"] + 1, (
            where,
            one,
            other,
        )
    return seen


def seen_in(page: Page, light: Literal["light", "dark"]) -> object:
    page.emulate_media(color_scheme=light)
    return page.evaluate(SEEN)


def rows_of(seen: list[dict[str, Any]]) -> list[list[dict[str, float]]]:
    rows: dict[int, list[dict[str, float]]] = {}
    for one in seen:
        rows.setdefault(round(one["face"]["top"]), []).append(one["face"])
    return list(rows.values())


@pytest.mark.parametrize("width", WIDTHS)
def test_a_wall_of_photos_and_words_is_composed_at_every_width_in_every_light_and_in_large_type(
    visitor: Callable[..., Watched], site: Site, hung: list[str], width: int
) -> None:
    page = visitor("be").page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site.url}/ales/be/greetings/?lang=uk")
    page.evaluate(ALL_LETTERS)
    seen = faces(page, width)
    if width >= FIRST_WITH_ROWS:
        start, end = page.locator("ol.wall").evaluate(
            "one => [one.getBoundingClientRect().left, one.getBoundingClientRect().right]"
        )
        rows = rows_of(seen)
        assert len(rows) < PAGE_SIZE / 2
        for row in rows:
            assert {round(face["bottom"] - row[0]["bottom"]) for face in row} == {0}, "as high as each other"
            assert row[0]["left"] == pytest.approx(start, abs=1)
            assert row is rows[-1] or row[-1]["right"] == pytest.approx(end, abs=1), "and the row is filled"
    until(lambda: seen_in(page, "dark") == seen_in(page, "light"))  # another light moves nothing
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    faces(page, f"{width} in large type")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_wall_of_photos_and_words_is_composed_on_paper(
    visitor: Callable[..., Watched], site: Site, hung: list[str]
) -> None:
    page = visitor("be").page()
    page.goto(f"{site.url}/ales/be/greetings/?lang=uk")
    page.evaluate(ALL_LETTERS)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 1000})
    rows = rows_of(faces(page, "paper"))
    assert max(map(len, rows)) >= 4
    for row in rows[:-1]:
        assert len(row) > 1
        assert {round(face["bottom"] - row[0]["bottom"]) for face in row} == {0}


def test_a_full_strip_takes_the_sides_of_the_widest_screen_and_leaves_them_in_large_type(
    visitor: Callable[..., Watched], site: Site, hung: list[str]
) -> None:
    page = visitor("be").page()
    page.set_viewport_size({"width": WIDTHS[-1], "height": 1080})
    page.goto(f"{site.url}/ales/be/")
    page.evaluate(ALL_LETTERS)
    sides = """() => [".wall.full", "#wall-title"].map((one) => document.querySelector(one).getBoundingClientRect().left)"""
    strip, title = page.evaluate(sides)
    assert title - strip == pytest.approx(176, abs=1)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    strip, title = page.evaluate(sides)
    assert strip >= 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
