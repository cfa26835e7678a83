"""The pure parts of the photo tools, run where they run: in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"{site.url}/ales/en/send")
    yield page
    page.close()


BOXES = """async () => {
  const { around, fromView, inView, moved, pixels, pulled, sized, spanned, turnedRight } = await import("/static/js/photo/boxes.js");
  let seed = 20120925;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const some = () => spanned({ x: chance() * 1.4 - 0.2, y: chance() * 1.4 - 0.2 }, { x: chance(), y: chance() });
  const near = (one, other) => ["x", "y", "w", "h"].every((side) => Math.abs(one[side] - other[side]) < 1e-9);
  const onPhoto = (box) => box.x >= -1e-9 && box.y >= -1e-9 && box.w >= 0 && box.h >= 0
    && box.x + box.w <= 1 + 1e-9 && box.y + box.h <= 1 + 1e-9;
  const least = { w: 0.05, h: 0.05 };
  const wrong = [];
  for (let round = 0; round < 2000; round += 1) {
    const box = { ...some(), shape: "oval" };
    const view = around({ x: chance(), y: chance() }, 0.1 + chance() * 0.9, 0.1 + chance() * 0.9);
    const grip = ["n", "e", "s", "w", "nw", "ne", "sw", "se"][round % 8];
    const large = around({ x: chance(), y: chance() }, 0.05 + chance() * 0.5, 0.05 + chance() * 0.5);
    const stretched = pulled(large, grip, { x: chance() * 2 - 0.5, y: chance() * 2 - 0.5 }, least);
    const there = pixels(box, 4032, 3024);
    const checks = {
      "spanned stays on the photo": onPhoto(box),
      "moved stays on the photo": onPhoto(moved(box, chance() * 2 - 1, chance() * 2 - 1)),
      "moved keeps its size": Math.abs(moved(box, chance(), chance()).w - box.w) < 1e-9,
      "four quarters are none": near(turnedRight(turnedRight(turnedRight(turnedRight(box)))), box),
      "turning keeps the shape": turnedRight(box).shape === "oval",
      "a view and back": near(fromView(inView(box, view), view), box),
      "pulled stays on the photo": onPhoto(stretched),
      "pulled never turns inside out": stretched.w >= least.w - 1e-9 && stretched.h >= least.h - 1e-9,
      "sized stays on the photo": onPhoto(sized(large, chance() * 2 - 1, chance() * 2 - 1, least)),
      "sized keeps its middle where there is room": near(sized(sized(large, -0.04, 0, least), 0.04, 0, least), large)
        || large.w < least.w + 0.04,
      "pixels are on the picture": there.left >= 0 && there.top >= 0 && there.width >= 1 && there.height >= 1
        && there.left + there.width <= 4032 && there.top + there.height <= 3024,
    };
    for (const [name, isRight] of Object.entries(checks)) if (!isRight) wrong.push(name);
  }
  return [...new Set(wrong)];
}"""


def test_boxes_stay_on_the_photo_whatever_is_done_to_them(page: Page):
    assert page.evaluate(BOXES) == []


SIZES = [
    ((4032, 3024), [[2016, 1512]]),
    ((8160, 6120), [[4080, 3060], [2040, 1530]]),
    ((3264, 2448), [[2048, 1536]]),
    ((6000, 4000), [[3000, 2000], [2048, 1365]]),
    ((2048, 100), [[2048, 100]]),
    ((640, 480), [[640, 480]]),
    ((100000, 10), [[50000, 5], [25000, 3], [12500, 1], [6250, 1], [3125, 1], [2048, 1]]),
]


@pytest.mark.parametrize(("size", "way"), SIZES)
def test_a_photo_is_halved_on_its_way_down_and_never_enlarged(page: Page, size, way):
    script = 'async ([w, h]) => (await import("/static/js/photo/darkroom.js")).sizesDown(w, h, 2048)'
    assert page.evaluate(script, size) == way


JPEG = """async () => {
  const { bareJpeg } = await import("/static/js/photo/jpeg.js");
  const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
  const plain = new Uint8Array(await drawn.arrayBuffer());
  const secret = [...new TextEncoder().encode("GPS 53.9N 27.6E")];
  const segment = (code) => [0xff, code, 0, secret.length + 2, ...secret];
  const marked = new Uint8Array([...plain.slice(0, 2), ...segment(0xe1), ...segment(0xed), ...segment(0xfe), ...plain.slice(2)]);
  const bare = new Uint8Array(await bareJpeg(marked).arrayBuffer());
  const text = new TextDecoder("latin1");
  const refused = [new Uint8Array([1, 2, 3]), new Uint8Array(), plain.slice(0, 30)].map((bytes) => {
    try { bareJpeg(bytes); return "taken"; } catch { return "refused"; }
  });
  await createImageBitmap(new Blob([bare]));
  return [text.decode(marked).includes("GPS"), text.decode(bare).includes("GPS"), text.decode(bare).includes("ICC"), refused];
}"""


def test_a_jpeg_is_stripped_to_what_draws_the_picture(page: Page):
    assert page.evaluate(JPEG) == [True, False, False, ["refused"] * 3]


HISTORY = """async () => {
  const { History, UNTOUCHED, turned, withCover } = await import("/static/js/photo/edits.js");
  const history = new History();
  history.change(turned(history.now, "left"));
  history.change(withCover(history.now, 0, { x: 0.1, y: 0.1, w: 0.1, h: 0.1, shape: "oval" }));
  for (let press = 0; press < 20; press += 1) history.change({ ...history.now }, "0-place");
  const steps = history.past.length;
  history.undo(); history.undo();
  const afterTwo = [history.now.turn, history.now.covers.length];
  history.redo();
  history.change(turned(history.now, "right"));
  const couldRedo = history.redo();
  while (history.undo());
  return [steps, afterTwo, couldRedo, history.now === UNTOUCHED];
}"""


def test_a_held_key_is_undone_as_one_step_and_a_new_edit_ends_what_could_be_redone(page: Page):
    assert page.evaluate(HISTORY) == [3, [3, 0], False, True]


WORDS = """async () => {
  const { Words } = await import("/static/js/photo/words.js");
  const speaker = document.createElement("p");
  const words = new Words(document.createElement("p"), speaker);
  const saidAfter = async () => (await new Promise((done) => setTimeout(done, 60)), speaker.textContent);
  words.sayLater(() => "where it is", 20);
  const alone = await saidAfter();
  words.sayLater(() => "where it was", 20);
  words.say("taken away");
  return [alone, await saidAfter()];
}"""


def test_where_a_cover_was_is_not_said_over_what_was_done_with_it_since(page: Page):
    assert page.evaluate(WORDS) == ["where it is", "taken away"]
