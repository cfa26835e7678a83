"""Before anything is sent: photos are drawn anew, turned, cropped and covered in the sender's own browser."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Watched
from tests.browser.device import (
    RECORDER,
    choose,
    difference,
    done,
    drag_finger,
    drag_mouse,
    edit,
    fill_in,
    is_ink,
    open_form,
    press_send,
    segments,
    send,
    sent_files,
    sent_parts,
    settle,
    spot,
    upright,
)
from tests.browser.patience import answer_for, hold_back, until
from tests.browser.site import Site

pytestmark = pytest.mark.browser

JFIF, TABLES, FRAMES = 0xE0, {0xDB, 0xC4, 0xDD}, {0xC0, 0xC1, 0xC2}
Visitor = Callable[..., Watched]


@pytest.fixture
def twelve_megapixels(corpus: Path) -> Path:
    """A whole phone photo, 4032 x 3024, with GPS: 4.2 MB."""
    return corpus / "phones" / "samsung-s7-gps.jpg"


@pytest.fixture
def small_photo(corpus: Path) -> Path:
    return corpus / "exif-orientation" / "Portrait_1.jpg"


def test_a_phone_photo_leaves_small_bare_and_true(site: Site, visitor: Visitor, twelve_megapixels: Path):
    page = visitor("en", 390).page()
    open_form(page, site)
    fill_in(page)
    choose(page, twelve_megapixels)
    assert [worker.url.rsplit("/", 1)[-1] for worker in page.workers] == ["worker.js"], (
        "off the page's thread"
    )
    (sent,) = send(page)
    assert sent.name == "photo-1.jpg"
    assert 100_000 < len(sent.data) < 700_000
    assert set(segments(sent.data)) <= {JFIF, *TABLES, *FRAMES}, "nothing but what draws the picture"
    assert sent.picture.size == (2016, 1512)
    assert difference(sent.picture, upright(twelve_megapixels, (2016, 1512))) < 2.5
    expect(page.get_by_role("img", name="Photo 1")).to_be_visible()  # the receipt shows it from memory
    names = [name for name, _, _ in sent_parts(page)]
    assert names[0] == "key"
    assert names[-1] == "photos", "text fields come before files"
    master = max(site.data.rglob("*-master.jpg"), key=lambda path: path.stat().st_ctime_ns)
    with Image.open(master) as kept:
        assert kept.size == (2016, 1512)


def test_every_orientation_comes_out_upright(site: Site, visitor: Visitor, corpus: Path):
    page = visitor("en", 1280).page()
    open_form(page, site)
    fill_in(page)
    photos = [corpus / "exif-orientation" / f"Portrait_{turn}.jpg" for turn in range(1, 9)]
    choose(page, *photos)
    for path, sent in zip(photos, send(page), strict=True):
        assert sent.picture.size == (1200, 1800), path.name
        assert difference(sent.picture, upright(path)) < 3, path.name


# ---------- covers

COVERED = (0.3, 0.3, 0.55, 0.5)
INSIDE = (0.31, 0.31, 0.54, 0.49)


def cover_by_mouse(page: Page, stage: Locator) -> None:
    drag_mouse(page, stage, COVERED[:2], COVERED[2:])


def cover_by_finger(page: Page, stage: Locator) -> None:
    drag_finger(page, stage, COVERED[:2], COVERED[2:])


def cover_by_keyboard(page: Page, stage: Locator) -> None:
    """Add one, then bring its top left corner and its size to where they are wanted, a hundredth at a time."""
    page.locator("[data-do=add]").focus()
    page.keyboard.press("Enter")
    cover = stage.locator(".shape")
    expect(cover).to_be_focused()
    expect(cover).to_have_attribute("aria-label", "Cover 1 of 1")
    for side, keys in (("left", "ArrowLeft ArrowRight"), ("top", "ArrowUp ArrowDown")):
        back, forth = keys.split()
        wanted = COVERED[0] if side == "left" else COVERED[1]
        steps = round((wanted - share(cover, side)) * 100)
        for _ in range(abs(steps)):
            page.keyboard.press(forth if steps > 0 else back)
    for side, keys in (("width", "ArrowLeft ArrowRight"), ("height", "ArrowUp ArrowDown")):
        back, forth = keys.split()
        wanted = COVERED[2] - COVERED[0] if side == "width" else COVERED[3] - COVERED[1]
        steps = round((wanted - share(cover, side)) * 100)
        for _ in range(abs(steps)):
            page.keyboard.press(f"Shift+{forth if steps > 0 else back}")


def share(cover: Locator, side: str) -> float:
    return float(cover.evaluate("(element, side) => element.style[side]", side).rstrip("%")) / 100


@pytest.mark.parametrize(
    ("cover", "width"), [(cover_by_mouse, 1280), (cover_by_finger, 390), (cover_by_keyboard, 1280)]
)
def test_a_face_is_covered_by_mouse_finger_and_keyboard(
    site: Site, visitor: Visitor, small_photo: Path, cover: Callable[[Page, Locator], None], width: int
):
    page = visitor("en", width).page()
    open_form(page, site)
    fill_in(page)
    choose(page, small_photo)
    cover(page, edit(page))
    done(page)
    expect(page.locator("[data-facts]")).to_contain_text("covers: 1")
    (sent,) = send(page)
    assert is_ink(sent.picture, INSIDE)
    around = [(0.3, 0.2, 0.55, 0.28), (0.3, 0.52, 0.55, 0.6), (0.15, 0.3, 0.28, 0.5), (0.57, 0.3, 0.7, 0.5)]
    assert not any(is_ink(sent.picture, box) for box in around)


def test_covers_are_chosen_moved_pulled_taken_away_and_brought_back(
    site: Site, visitor: Visitor, small_photo: Path
):
    page = visitor("en", 1280).page()
    open_form(page, site)
    choose(page, small_photo)
    stage = edit(page)
    covers = stage.locator(".shape")
    said = page.locator("dialog [data-said]")
    drag_mouse(page, stage, (0.1, 0.1), (0.3, 0.3))
    drag_mouse(page, stage, (0.6, 0.6), (0.8, 0.8))
    expect(covers).to_have_count(2)
    expect(said).to_have_text("A cover is there. Covers now: 2")
    drag_mouse(page, stage, (0.2, 0.2), (0.4, 0.2))
    assert share(covers.first, "left") == pytest.approx(0.3, abs=0.01)
    drag_mouse(page, stage, (0.5, 0.3), (0.6, 0.4))
    assert share(covers.first, "width") == pytest.approx(0.3, abs=0.02)
    expect(covers.first).to_be_focused()
    page.keyboard.press("Tab")
    expect(covers.last).to_be_focused()
    page.keyboard.press("Delete")
    expect(covers).to_have_count(1)
    expect(covers.first).to_be_focused()
    expect(said).to_have_text("The cover is taken away. Covers now: 1")
    page.keyboard.press("Control+z")
    expect(covers).to_have_count(2)
    page.keyboard.press("Control+Shift+z")
    expect(covers).to_have_count(1)
    page.mouse.click(*spot(stage, 0.1, 0.9))
    expect(covers).to_have_count(2)
    # whatever a finger drags, buttons do as well: here on the cover that was drawn last, and on the frame
    before = {side: share(covers.last, side) for side in ("left", "top", "width", "height")}
    page.locator("[data-do=steps]").click()
    for step in ("right", "up", "wider", "shorter"):
        page.locator(f"[data-do=step-{step}]").click()
    expect(page.locator("[data-do=step-shorter]")).to_be_focused()
    after = {side: share(covers.last, side) - before[side] for side in before}
    assert after == pytest.approx({"left": 0.015, "top": -0.015, "width": 0.03, "height": -0.03}, abs=0.002)
    page.locator("[data-mode=crop]").click()
    page.locator("[data-do=step-narrower]").click()
    page.locator("[data-do=step-left]").click()
    frame = stage.locator(".frame")
    assert (share(frame, "left"), share(frame, "width")) == pytest.approx((0, 0.97), abs=0.002)


def touch(page: Page, stage: Locator, *hands: list[tuple[float, float]]) -> None:
    """Fingers one after the other: each hand is where the fingers are, in shares of the stage; then all go up."""
    session = page.context.new_cdp_session(page)
    down = 0
    for hand in hands:
        places = [spot(stage, *finger) for finger in hand]
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        kind = "touchStart" if len(hand) > down else "touchMove"
        down = len(hand)
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def test_two_fingers_bring_a_small_face_near_and_cover_nothing_by_themselves(
    site: Site, visitor: Visitor, small_photo: Path
):
    page = visitor("en", 390).page()
    open_form(page, site)
    fill_in(page)
    choose(page, small_photo)
    stage = edit(page)
    apart = [(0.4, 0.5), (0.6, 0.5)]
    touch(page, stage, [(0.4, 0.5)], [(0.42, 0.52)], apart, [(0.2, 0.5), (0.8, 0.5)])
    expect(stage.locator(".shape")).to_have_count(0)
    drag_finger(page, stage, (0.2, 0.2), (0.8, 0.8))
    expect(stage.locator(".shape")).to_have_count(1)
    done(page)
    (sent,) = send(page)
    assert is_ink(sent.picture, (0.41, 0.41, 0.59, 0.59))
    assert not is_ink(sent.picture, (0.3, 0.41, 0.38, 0.59))
    assert not is_ink(sent.picture, (0.62, 0.41, 0.7, 0.59))


def test_by_button_and_wheel_it_comes_nearer_and_tab_follows_a_cover_out_of_sight(
    site: Site, visitor: Visitor, small_photo: Path
):
    page = visitor("en", 1280).page()
    open_form(page, site)
    choose(page, small_photo)
    stage = edit(page)
    covers = stage.locator(".shape")
    drag_mouse(page, stage, (0.05, 0.05), (0.1, 0.1))
    drag_mouse(page, stage, (0.9, 0.9), (0.95, 0.95))
    page.locator("[data-do=closer]").click()
    expect(page.locator("dialog [data-said]")).to_have_text("Shown 2 times as large.")
    assert share(covers.last, "width") == pytest.approx(0.1, abs=0.01)
    assert share(covers.first, "left") < 0, "out of sight"
    covers.last.focus()
    page.keyboard.press("Shift+Tab")
    expect(covers.first).to_be_focused()
    assert 0 <= share(covers.first, "left") <= 0.9
    page.mouse.move(*spot(stage, 0.5, 0.5))
    page.mouse.wheel(0, 2000)
    expect(covers.first).to_have_attribute("style", re.compile(r"width: (4\.9|5)"))


def test_however_the_editor_is_closed_covers_stay_and_focus_comes_back(
    site: Site, visitor: Visitor, small_photo: Path
):
    page = visitor("en", 1280).page()
    open_form(page, site)
    choose(page, small_photo)
    stage = edit(page)
    drag_mouse(page, stage, (0.1, 0.1), (0.3, 0.3))
    page.keyboard.press("Escape")
    expect(page.locator("dialog[data-editor]")).to_be_hidden()
    expect(page.locator(".print [data-do=cover]")).to_be_focused()
    expect(page.locator("[data-facts]")).to_contain_text("covers: 1")
    page.locator(".print [data-do=undo]").click()
    settle(page)
    expect(page.locator("[data-facts]")).not_to_contain_text("covers")


# ---------- turning and cropping


def test_turning_and_cropping_come_out_as_they_were_seen(site: Site, visitor: Visitor, small_photo: Path):
    page = visitor("en", 1280).page()
    open_form(page, site)
    fill_in(page)
    choose(page, small_photo)
    page.locator(".print [data-do=turn-right]").click()
    settle(page)
    stage = edit(page, "crop")
    drag_mouse(page, stage, (0.995, 0.995), (0.5, 0.75))
    frame = stage.locator(".frame")
    expect(frame).to_be_focused()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
    kept = [share(frame, side) for side in ("left", "top", "width", "height")]
    assert kept == pytest.approx([0.05, 0, 0.5, 0.8], abs=0.01)
    page.locator("[data-mode=cover]").click()
    drag_mouse(page, stage, (0.5, 0.5), (0.98, 0.98))
    done(page)
    (sent,) = send(page)
    turned = upright(small_photo).transpose(Image.Transpose.ROTATE_270)
    left, top = round(kept[0] * 1800), round(kept[1] * 1200)
    wanted = turned.crop((left, top, left + sent.picture.width, top + sent.picture.height))
    assert sent.picture.size == pytest.approx((0.5 * 1800, 0.8 * 1200), abs=20)
    half = (0, 0, sent.picture.width, sent.picture.height // 2 - 8)
    assert difference(sent.picture.crop(half), wanted.crop(half)) < 4
    assert is_ink(sent.picture, (0.52, 0.52, 0.96, 0.96))
    assert not is_ink(sent.picture, (0.3, 0.52, 0.48, 0.96))


def test_covers_turn_with_the_photo(site: Site, visitor: Visitor, small_photo: Path):
    page = visitor("en", 1280).page()
    open_form(page, site)
    fill_in(page)
    choose(page, small_photo)
    drag_mouse(page, edit(page), (0.1, 0.2), (0.4, 0.4))
    page.locator("dialog [data-do=turn-left]").click()
    done(page)
    (sent,) = send(page)
    assert sent.picture.size == (1800, 1200)
    assert is_ink(sent.picture, (0.21, 0.61, 0.39, 0.89))


# ---------- browsers that can't


def test_what_the_browser_cannot_draw_goes_as_it_is_and_says_so(site: Site, visitor: Visitor, corpus: Path):
    heic = corpus / "pillow_heif" / "tests" / "images" / "heif" / "zPug_3.heic"
    page = visitor("en", 390).page()
    open_form(page, site)
    fill_in(page)
    choose(page, heic)
    words = page.locator(".print .as-it-is")
    expect(words).to_contain_text("goes as it is")
    expect(words).to_contain_text("misses faces")
    expect(page.locator(".print [data-do=cover]")).to_be_hidden()
    page.locator(".print [data-do=let-us]").click()
    expect(page.locator("input[name=cover_faces]")).to_be_checked()
    page.uncheck("input[name=cover_faces]")
    expect(page.locator(".print [data-do=let-us]")).to_have_attribute("aria-pressed", "false")
    page.locator(".print [data-do=let-us]").click()
    (sent,) = send(page)
    assert sent.name == "photo-1.heic"
    assert sent.data == heic.read_bytes()
    assert ("cover_faces", "1", None) in sent_parts(page)


def test_without_a_thread_the_page_draws_itself(site: Site, visitor: Visitor, corpus: Path):
    page = visitor("en", 1280).page()
    page.add_init_script("delete window.Worker; delete window.OffscreenCanvas;")
    open_form(page, site)
    fill_in(page)
    turned = corpus / "exif-orientation" / "Portrait_7.jpg"
    choose(page, turned)
    drag_mouse(page, edit(page), (0.3, 0.3), (0.55, 0.5))
    done(page)
    (sent,) = send(page)
    assert is_ink(sent.picture, INSIDE)
    below = (0, 1000, 1200, 1800)
    assert difference(sent.picture.crop(below), upright(turned).crop(below)) < 3


NOISE = """
delete window.Worker; delete window.OffscreenCanvas;
const real = HTMLCanvasElement.prototype.toBlob;
HTMLCanvasElement.prototype.toBlob = function (done, ...how) {
  const noise = document.createElement("canvas");
  noise.width = this.width; noise.height = this.height;
  noise.getContext("2d").fillRect(0, 0, noise.width, noise.height);
  return real.call(noise, done, ...how);
};
"""


def test_a_browser_that_gives_back_noise_is_not_trusted_with_a_photo(
    site: Site, visitor: Visitor, small_photo: Path
):
    """Protection against fingerprints, as in Tor Browser, must not turn a greeting into a black picture."""
    page = visitor("en", 1280).page()
    page.add_init_script(NOISE)
    open_form(page, site)
    fill_in(page)
    choose(page, small_photo)
    expect(page.locator(".print .as-it-is")).to_be_visible()
    (sent,) = send(page)
    assert sent.data == small_photo.read_bytes()


def test_a_covered_photo_that_cannot_be_drawn_any_more_is_never_sent(
    site: Site, visitor: Visitor, small_photo: Path
):
    page = visitor("en", 1280).page()
    page.add_init_script("delete window.Worker; delete window.OffscreenCanvas;")
    open_form(page, site)
    fill_in(page)
    choose(page, small_photo)
    drag_mouse(page, edit(page), (0.3, 0.3), (0.55, 0.5))
    page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }")
    done(page)
    expect(page.locator(".print [data-trouble]")).to_contain_text("will not be sent")
    press_send(page)
    expect(page.locator("[data-halt]")).to_contain_text("One photo can’t be sent")
    expect(page.locator(".print [data-do=remove]")).to_be_focused()
    assert page.evaluate("window.sentBodies.length") == 0


def test_what_cannot_be_sent_is_said_before_anything_is_sent(site: Site, visitor: Visitor, tmp_path: Path):
    page = visitor("en", 390).page()
    open_form(page, site)
    fill_in(page)
    for name, size in (("empty.jpg", 0), ("film.mp4", 10), ("raw.heic", 20_000_001)):
        (tmp_path / name).write_bytes(b"\0" * size)
    choose(page, *sorted(tmp_path.iterdir()))
    sentences = " ".join(page.locator(".print [data-trouble]").all_inner_texts()).replace("\u00a0", " ")
    for words in ("This file is empty", "This is a video", "larger than 20 MB"):
        assert words in sentences
    press_send(page)
    expect(page.locator("[data-halt]")).to_be_visible()
    assert page.evaluate("window.sentBodies.length") == 0


def test_a_file_that_was_taken_away_again_is_said_before_anything_is_sent(
    site: Site, visitor: Visitor, tmp_path: Path
):
    page = visitor("en", 1280).page()
    open_form(page, site)
    fill_in(page)
    lent = tmp_path / "lent.heic"
    lent.write_bytes(b"\0" * 5000)
    choose(page, lent)
    expect(page.locator(".print .as-it-is")).to_be_visible()
    lent.unlink()
    press_send(page)
    expect(page.locator(".print [data-trouble]")).to_contain_text("can’t be read any more")
    assert page.evaluate("window.sentBodies.length") == 0


def test_the_eleventh_photo_is_left_out_and_said(site: Site, visitor: Visitor, tmp_path: Path):
    page = visitor("en", 390).page()
    open_form(page, site)
    for number in range(11):
        Image.new("RGB", (40 + number, 30), "white").save(tmp_path / f"{number:02}.png")
    choose(page, *sorted(tmp_path.iterdir()))
    expect(page.locator(".print")).to_have_count(10)
    expect(page.get_by_role("alert").filter(has_text="10 photos fit")).to_be_visible()
    expect(page.locator(".drop")).to_be_hidden()
    page.locator(".print:nth-child(3) [data-do=remove]").click()
    expect(page.locator(".print")).to_have_count(9)
    expect(page.locator(".print:nth-child(3) [data-do=remove]")).to_be_focused()
    expect(page.locator(".drop")).to_be_visible()


# ---------- for everyone


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("be", 390, "light"), ("ru", 390, "dark"), ("en", 1280, "light")]
)
def test_prints_and_editor_are_accessible_and_fit(
    site: Site,
    visitor: Visitor,
    axe: Callable[[Page], None],
    corpus: Path,
    language: str,
    width: int,
    scheme: str,
):
    page = visitor(language, width).page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    open_form(page, site, language)
    heic = corpus / "pillow_heif" / "tests" / "images" / "heif" / "zPug_3.heic"
    choose(page, corpus / "exif-orientation" / "Portrait_6.jpg", heic)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.locator(".print button:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).filter(box => box.width < 44 || box.height < 44).length"
    )
    assert small == 0, "every tool is at least 44 px"
    stage = edit(page)
    drag_mouse(page, stage, (0.2, 0.2), (0.4, 0.4))
    axe(page)
    page.locator("[data-mode=crop]").click()
    axe(page)
    cut = page.locator("dialog .tool:visible, dialog .mode").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent.trim())"
    )
    assert not cut, "no words are cut off"
    assert page.locator("[data-do=done]").is_visible()


def test_no_word_of_a_tool_lies_in_its_neighbour_in_large_type(site: Site, visitor: Visitor, tmp_path: Path):
    photos = [tmp_path / "one.png", tmp_path / "two.png"]
    for photo in photos:
        Image.new("RGB", (90, 60), "white").save(photo)
    page = visitor("be", 320).page()
    open_form(page, site, "be")
    choose(page, *photos)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width in (320, 390, 768):
        page.set_viewport_size({"width": width, "height": 800})
        spilling = page.locator(".print .tool:visible").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent.trim())"
        )
        assert not spilling, width


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_photo_dropped_or_pasted_anywhere_is_a_chosen_photo(site: Site, visitor: Visitor, way: str):
    page = visitor("en", 1280).page()
    open_form(page, site)
    page.evaluate(
        """async (way) => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 30 });
          const held = new DataTransfer();
          held.items.add(new File([await new Promise((done) => canvas.toBlob(done))], "shot.png", { type: "image/png" }));
          const facts = { bubbles: true, cancelable: true };
          document.querySelector("h1").dispatchEvent(way === "drop"
            ? new DragEvent("drop", { ...facts, dataTransfer: held })
            : new ClipboardEvent("paste", { ...facts, clipboardData: held }));
        }""",
        way,
    )
    settle(page)
    expect(page.locator(".print")).to_have_count(1)


# how high its picture is, and where what lies below all of them begins
PLACE_OF_A_PRINT = """window.places = [];
const top = (words) => document.querySelector(words).getBoundingClientRect().top;
new MutationObserver(() => places.push([document.querySelector(".print .canvas").offsetHeight, top(".drop") - top(".prints")]))
    .observe(document.querySelector("[data-prints]"), { subtree: true, childList: true, attributes: true });"""


def test_a_print_has_its_place_before_it_is_drawn(site: Site, visitor: Visitor, tmp_path: Path):
    Image.new("RGB", (1600, 1200), "#c33").save(tmp_path / "wide.jpg")
    page = visitor("en", 390).page()
    open_form(page, site)
    page.evaluate(PLACE_OF_A_PRINT)
    choose(page, tmp_path / "wide.jpg")
    heights, below = zip(*page.evaluate("places"), strict=True)
    assert len(heights) > 1
    assert max(heights) - min(heights) <= 2, heights
    assert max(below) - min(below) <= 2, below
    expect(page.locator("[data-burnt-in]")).to_be_visible()


def test_a_print_has_the_shape_of_its_photo_before_that_is_drawn(site: Site, visitor: Visitor, corpus: Path):
    """A phone held upright writes a picture that lies on its side, and says so in the file."""
    page = visitor("en", 390).page()
    held = hold_back(page, "**/worker.js")
    open_form(page, site)
    page.set_input_files("input[name=photos]", corpus / "exif-orientation" / "Portrait_6.jpg")
    shape = "(([box]) => [box.clientWidth, box.clientHeight])(document.querySelectorAll('.print .canvas'))"
    _wide, high = until(lambda: page.evaluate(shape), lambda size: size[1] > size[0], page)
    expect(page.locator(".print[aria-busy=true]")).to_be_visible()
    until(lambda: held, page=page)
    held[0].continue_()
    settle(page)
    assert abs(page.evaluate(shape)[1] - high) <= 2


def test_every_module_of_the_page_is_asked_for_ahead(site: Site, visitor: Visitor, small_photo: Path):
    """A chain of modules that wait for each other would be slow on a phone; the worker comes when it is needed."""
    page = visitor("en", 390).page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.split("/static/js/")[-1]))
    open_form(page, site)
    page.wait_for_load_state("networkidle")
    ahead = page.locator("link[rel=modulepreload]").evaluate_all(
        "all => all.map(one => one.href.split('/static/js/')[1])"
    )
    scripts = {name for name in asked if name.endswith(".js")}
    assert scripts == set(ahead)
    assert len([name for name in asked if name in scripts]) == len(scripts), "each is asked for once"


def test_the_panel_about_safety_leads_to_the_tool(site: Site, visitor: Visitor, small_photo: Path):
    page = visitor("en", 390).page()
    open_form(page, site)
    page.locator("details.calm summary").click()
    page.locator("[data-cover-mine]").click()
    expect(page.locator("input[name=photos]")).to_be_focused()
    choose(page, small_photo)
    page.locator("[data-cover-mine]").click()
    expect(page.locator("[data-stage]")).to_be_visible()


def test_without_javascript_the_form_is_a_plain_form(site: Site, visitor: Visitor, small_photo: Path):
    page = visitor("en", 390, javascript=False).page()
    page.goto(f"{site.url}/ales/en/send")
    for script_only in ("dialog", "[data-prints]", "[data-waiting]", "[data-cover-mine]", "[data-halt]"):
        expect(page.locator(script_only)).to_be_hidden()
    fill_in(page)
    page.set_input_files("input[name=photos]", small_photo)
    press_send(page)
    expect(page.locator("#receipt-code")).to_be_visible()


def test_sent_files_of_a_page_are_read_as_they_left_it(site: Site, visitor: Visitor, small_photo: Path):
    """The same photo chosen twice is one photo; they go in the order in which they stand on the page."""
    page = visitor("en", 1280).page()
    open_form(page, site)
    fill_in(page)
    choose(page, small_photo)
    choose(page, small_photo, small_photo.with_name("Portrait_6.jpg"))
    expect(page.locator(".print")).to_have_count(2)
    page.locator(".print:nth-child(1) [data-do=later]").click()
    expect(page.locator(".print:nth-child(2) [data-do=later]")).to_be_focused()
    expect(page.locator("form [data-said]")).to_have_text("Now it is photo 2 of 2.")
    expect(page.locator(".print:nth-child(2) [data-number]")).to_have_text("2")
    send(page)
    first, second = sent_files(page)
    assert [first.name, second.name] == ["photo-1.jpg", "photo-2.jpg"]
    assert difference(first.picture, upright(small_photo.with_name("Portrait_6.jpg"))) < 3


def until_all_but_the_script_is_there(page: Page) -> None:
    page.locator("main ~ footer").wait_for(state="attached")
    page.evaluate("document.fonts.ready")


def let_it_come(page: Page, held: list[Route]) -> None:
    until(lambda: held, page=page)
    held[0].continue_()


def test_nothing_moves_under_the_hands_of_whoever_began_before_the_script_came(site: Site, visitor: Visitor):
    page = visitor("be", 390).page()
    held = hold_back(page, "**/js/send.js*")
    page.goto(f"{site.url}/ales/be/send?kind=photo", wait_until="commit")
    words = page.locator("textarea[name=text]")
    words.fill("Дарагі Алесь!")
    until_all_but_the_script_is_there(page)
    place = words.bounding_box()
    let_it_come(page, held)
    page.wait_for_selector("[data-with-script]:not([hidden])", state="attached")
    assert words.bounding_box() == place
    assert words.input_value() == "Дарагі Алесь!"


def test_a_photo_chosen_before_the_script_came_is_drawn_and_sent(
    site: Site, visitor: Visitor, phone_photo: Path
):
    page = visitor("en", 390).page()
    page.add_init_script(RECORDER)
    held = hold_back(page, "**/js/send.js*")
    page.goto(f"{site.url}/ales/en/send?kind=photo", wait_until="commit")
    page.set_input_files("input[name=photos]", phone_photo)
    until_all_but_the_script_is_there(page)
    let_it_come(page, held)
    expect(page.locator(".print img")).to_be_visible()
    settle(page)
    fill_in(page)
    [sent] = send(page)
    assert sent.name == "photo-1.jpg"
    assert segments(sent.data), "bare, as any other"


@pytest.mark.parametrize("kind", ["photo", "text", "drawing"])
def test_nothing_on_the_form_jumps_when_the_script_comes(site: Site, visitor: Visitor, kind: str):
    page = visitor("ru", 390).page()
    held = hold_back(page, "**/js/send.js*")
    page.goto(f"{site.url}/ales/ru/send?kind={kind}", wait_until="commit")
    until_all_but_the_script_is_there(page)

    def places() -> dict[str, object]:
        names = ("#text", "#name", "[data-photos] .drop", "#agreed", "#uses", "#send [type=submit]")
        return {name: page.locator(name).bounding_box() for name in names}

    before = places()
    let_it_come(page, held)
    page.wait_for_selector("[data-with-script]:not([hidden])", state="attached")
    assert places() == before
    order = (
        "a => a.map(name => [...document.querySelectorAll('#send *')].indexOf(document.querySelector(name)))"
    )
    words, drop = page.evaluate(order, ["#text", "[data-photos] .drop"])
    assert (words < drop) == (kind == "text"), "the keys go the way that the eyes go"


def test_without_its_script_the_form_is_the_plain_one_again(site: Site, visitor: Visitor):
    page = visitor("en", 390).page()
    answer_for(page, "**/js/send.js*", lambda route: route.abort("internetdisconnected"))
    page.goto(f"{site.url}/ales/en/send?kind=photo")
    expect(page.locator("html.able")).to_have_count(0)
    assert page.locator("#text").bounding_box()["y"] < page.locator("#photos").bounding_box()["y"]  # type: ignore[index]


def test_the_summary_names_what_is_missing_in_the_order_in_which_one_comes_to_it(
    site: Site, visitor: Visitor
):
    page = visitor("en", 390).page()
    open_form(page, site)
    page.fill("#name", "n" * 81)
    page.check("#children")
    press_send(page)
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    named = summary.locator("a").evaluate_all("all => all.map(link => link.hash)")
    assert named == ["#guardian", "#text", "#name", "#uses"]
