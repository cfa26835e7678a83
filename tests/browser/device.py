"""What a sender does on the device, and what then leaves it."""

import base64
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageOps, ImageStat
from playwright.sync_api import Locator, Page, expect

from tests.browser.site import Site

INK = (23, 20, 18)
# keeps what the page hands to the network, before the browser makes a request of it
RECORDER = """
window.sentBodies = [];
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (body) { window.sentBodies.push(body); return send.call(this, body); };
"""
READ_SENT = """async () => Promise.all([...window.sentBodies.at(-1)].map(async ([name, value]) => {
  if (typeof value === "string") return [name, value, null];
  const address = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(value);
  });
  return [name, value.name, address.slice(address.indexOf(",") + 1)];
}))"""


@dataclass(frozen=True)
class SentFile:
    """A file as it left the page."""

    name: str
    data: bytes

    @property
    def picture(self) -> Image.Image:
        picture = Image.open(io.BytesIO(self.data))
        picture.load()
        return picture.convert("RGB")


def open_form(page: Page, site: Site, language: str = "en") -> None:
    """The form, with a recorder of what leaves the page."""
    page.add_init_script(RECORDER)
    page.goto(f"{site.url}/ales/{language}/send?kind=photo")


def fill_in(page: Page, words: str = "Жыве надзея") -> None:
    page.fill("textarea[name=text]", words)
    page.check("input[name=uses][value=gallery]")
    page.check("input[name=agreed]")


def choose(page: Page, *photos: Path) -> None:
    """Choose photos and wait until each print shows what will be sent."""
    page.set_input_files("input[name=photos]", photos)
    settle(page)


def settle(page: Page) -> None:
    expect(page.locator("[data-prints] [aria-busy=true]")).to_have_count(0)


def press_send(page: Page) -> None:
    page.locator("form[data-send] button[type=submit]").click()


def send(page: Page) -> list[SentFile]:
    """Send, see the receipt, and say what left the page."""
    press_send(page)
    expect(page.locator("#receipt-code")).to_be_visible()
    return sent_files(page)


def sent_parts(page: Page) -> list[tuple[str, str, str | None]]:
    """Every part of the last sending, in order: name, value or file name, bytes of a file in base64."""
    return [(name, value, data) for name, value, data in page.evaluate(READ_SENT)]


def sent_files(page: Page) -> list[SentFile]:
    return [SentFile(name, base64.b64decode(data)) for _, name, data in sent_parts(page) if data is not None]


def upright(path: Path, size: tuple[int, int] | None = None) -> Image.Image:
    """The picture as it should be seen, reduced by the best filter there is."""
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    return picture if size is None else picture.resize(size, Image.Resampling.LANCZOS)


def difference(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are from each other, in steps of 255 on average."""
    assert one.size == other.size
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def is_ink(picture: Image.Image, box: tuple[float, float, float, float]) -> bool:
    """Whether all of a part (left, top, right, bottom in shares) is covered."""
    width, height = picture.size
    part = picture.crop(
        (round(box[0] * width), round(box[1] * height), round(box[2] * width), round(box[3] * height))
    )
    away = ImageChops.difference(part, Image.new("RGB", part.size, INK))
    return max(away.convert("L").histogram()[7:]) == 0


def segments(jpeg: bytes) -> list[int]:
    """The markers of a JPEG up to its scan."""
    codes, at = [], 2
    while jpeg[at + 1] != 0xDA:
        assert jpeg[at] == 0xFF
        codes.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return codes


# ---------- the editor


def edit(page: Page, mode: str = "cover", number: int = 1) -> Locator:
    """Open the editor of a photo; gives its stage."""
    page.locator(f".print:nth-child({number}) [data-do={mode}]").click()
    stage = page.locator("[data-stage]")
    expect(stage).to_be_visible()
    return stage


def done(page: Page) -> None:
    page.locator("[data-do=done]").click()
    expect(page.locator("dialog[data-editor]")).to_be_hidden()
    settle(page)


def spot(stage: Locator, across: float, down: float) -> tuple[float, float]:
    """A point of the stage on the screen, from shares of its size."""
    box = stage.bounding_box()
    assert box
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def drag_mouse(page: Page, stage: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*spot(stage, *start))
    page.mouse.down()
    page.mouse.move(*spot(stage, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    page.mouse.move(*spot(stage, *end))
    page.mouse.up()


def drag_finger(page: Page, stage: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A finger on the glass, as the browser's own touch events."""
    session = page.context.new_cdp_session(page)
    places = [
        (start[0] + (end[0] - start[0]) * step / 6, start[1] + (end[1] - start[1]) * step / 6)
        for step in range(7)
    ]
    for step, place in enumerate(places):
        x, y = spot(stage, *place)
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()
