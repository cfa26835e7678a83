"""How chosen photos lie on the form: rows without holes, tools in line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.device import choose, fill_in, open_form, press_send
from tests.browser.site import Site
from tests.browser.test_first_screen import ALL_LETTERS

pytestmark = pytest.mark.browser


def open_set(page: Page, site: Site, language: str = "en") -> None:
    """The form, with all letters there: one that comes while it is measured would move the one box and not the other."""
    open_form(page, site, language)
    page.evaluate(ALL_LETTERS)


def test_photos_side_by_side_on_the_form_end_alike(
    visitor: Callable[..., Watched], site: Site, tmp_path: Path
) -> None:
    """The lower one stands on a mat, so that no hole gapes below it, and the tools of both are in line."""
    page = visitor("en", 1280).page()
    for name, size in (("1-wide", (600, 300)), ("2-tall", (300, 500)), ("3-square", (300, 300))):
        Image.new("RGB", size, "#9a5").save(tmp_path / f"{name}.png")
    open_set(page, site)
    choose(page, *sorted(tmp_path.iterdir()))
    boxes = page.locator(".print").evaluate_all(
        """all => all.map((one) => {
            const of = (found) => found.getBoundingClientRect();
            return [of(one).top, of(one).bottom, of(one.querySelector(".tools")).top, of(one.querySelector("img")).height];
        })"""
    )
    wide, tall, _square = boxes
    assert wide[0] == tall[0], "the first two stand side by side"
    assert tall[3] > wide[3] + 50, "and are not equally high"
    assert wide[1:3] == pytest.approx(tall[1:3], abs=1)


def test_the_way_to_another_photo_fills_what_an_odd_last_one_leaves_of_its_row(
    visitor: Callable[..., Watched], site: Site, tmp_path: Path
) -> None:
    """Else half a row was empty; below whole rows it is as wide as they are."""
    page = visitor("ru", 1280).page()
    for number in range(4):
        Image.new("RGB", (300, 200 + 50 * number), "#9a5").save(tmp_path / f"{number}.png")
    first, second, third, fourth = sorted(tmp_path.iterdir())
    open_set(page, site, "ru")
    choose(page, first)
    single, drop = _boxes(page, ".print", ".drop")
    assert (drop["left"], drop["right"]) == (single["left"], single["right"])
    choose(page, second)
    left, right, drop = _boxes(page, ".print:nth-child(1)", ".print:nth-child(2)", ".drop")
    assert (drop["left"], drop["right"]) == (left["left"], right["right"])
    assert drop["top"] > right["bottom"]
    choose(page, third)
    odd, drop, note = _boxes(page, ".print:nth-child(3)", ".drop", "[data-burnt-in]")
    assert (drop["left"], drop["right"]) == (right["left"], right["right"])
    assert (drop["top"], drop["bottom"]) == (odd["top"], odd["bottom"])
    assert note["top"] > odd["bottom"]
    choose(page, fourth)
    even, drop = _boxes(page, ".print:nth-child(4)", ".drop")
    assert drop["top"] > even["bottom"]


def _boxes(page: Page, *chosen: str) -> list[dict[str, float]]:
    """The first of each, at one moment."""
    boxes: list[dict[str, float]] = page.evaluate(
        "all => all.map((one) => document.querySelector(one).getBoundingClientRect().toJSON())", chosen
    )
    return [{side: round(length) for side, length in box.items()} for box in boxes]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_tools_below_a_photo_end_in_the_last_column(
    visitor: Callable[..., Watched], site: Site, tmp_path: Path, width: int
) -> None:
    page = visitor("be", width).page()
    for name in ("1", "2"):
        Image.new("RGB", (300, 200), "#9a5").save(tmp_path / f"{name}.png")
    open_set(page, site, "be")
    choose(page, *sorted(tmp_path.iterdir()))
    crop, earlier, later = _boxes(
        page, *(f".print [data-do={tool}]" for tool in ("crop", "earlier", "later"))
    )
    assert later["right"] == crop["right"]
    assert later["top"] == earlier["top"]


def test_what_a_refusal_said_leaves_no_hole_above_the_photos(
    visitor: Callable[..., Watched], site: Site, tmp_path: Path
) -> None:
    """It stands at its photo, and nothing where the page without scripts has it."""
    page = visitor("en", 1280).page()
    good, broken = tmp_path / "good.png", tmp_path / "broken.jpg"
    Image.new("RGB", (300, 200), "#9a5").save(good)
    broken.write_bytes(b"\xff\xd8\xff\xe0" + b"nothing of a picture" * 50)
    open_set(page, site)
    choose(page, good, broken)
    before = _room_above(page)
    fill_in(page)
    press_send(page)
    expect(page.locator(".print.failed")).to_have_count(1)
    assert _room_above(page) == pytest.approx(before, abs=1)


def _room_above(page: Page) -> float:
    first, legend = _boxes(page, ".print", "[data-photos] > legend")
    return first["top"] - legend["bottom"]
