"""Sheets of paper with a wish on them, as people hold up, pin and prop them."""

from random import Random

from PIL import Image, ImageDraw

from greetings.operations.demo.canvas import Canvas
from greetings.operations.demo.lettering import write
from greetings.operations.demo.palette import (
    DARK_RED,
    INK,
    KRAFT,
    NAVY,
    PAINTS,
    PAPER,
    RED,
    STRAW,
    WHITE,
    Colour,
    darker,
    lighter,
)
from greetings.operations.demo.shapes import Frame, Outline, heart, rectangle, star

DESIGNS = (
    "plain",
    "hand",
    "ribbon",
    "red",
    "kraft",
    "straw",
    "hearts",
    "framed",
    "flowers",
    "airmail",
    "stars",
)
_FINE = 2
_HAND = frozenset({"hand", "kraft", "straw", "hearts", "flowers", "stars"})
_SKY: Colour = (216, 228, 236)
_PAPERS: dict[str, Colour] = {"red": RED, "kraft": KRAFT, "straw": STRAW, "flowers": WHITE, "stars": _SKY}


def paint_sheet(
    rng: Random, lines: list[str], width: float, height: float, design: str, *, held: float = 0.0
) -> Image.Image:
    """A sheet, drawn twice as large as it will be; `held` pixels at its sides stay free for fingers."""
    size = (round(width * _FINE), round(height * _FINE))
    paper = _PAPERS.get(design, PAPER if rng.random() < 0.7 else WHITE)
    image = Image.new("RGB", size, paper)
    _shade(image, paper)
    left, top, right, bottom = _decorate(rng, image, design)
    inset = held * _FINE
    box = (max(left, inset), top, min(right, size[0] - inset), bottom)
    write(image, box, lines, _face(rng, design), _inks(rng, design), rng if design in _HAND else None)
    return image


def _shade(image: Image.Image, paper: Colour) -> None:
    """Light from the upper left, and the fold that a sheet out of a bag has."""
    width, height = image.size
    ramp = (
        Image.linear_gradient("L")
        .rotate(35, Image.Resampling.BICUBIC)
        .crop((50, 50, 206, 206))
        .resize(image.size)
    )
    image.paste(darker(paper, 0.12), (0, 0), ramp.point([round(value * 0.7) for value in range(256)]))
    pencil = ImageDraw.Draw(image)
    middle = width // 2 if width > height else 0
    if middle:
        pencil.line([(middle, 0), (middle, height)], fill=darker(paper, 0.1), width=3)
        pencil.line([(middle + 3, 0), (middle + 3, height)], fill=lighter(paper, 0.5), width=2)
    else:
        pencil.line([(0, height // 2), (width, height // 2)], fill=darker(paper, 0.08), width=3)


def _face(rng: Random, design: str) -> str:
    if design in _HAND:
        return rng.choice(["sans-bold", "sans-bold", "serif-bold", "black"])
    return rng.choice(["serif", "serif-bold", "sans-bold"])


def _inks(rng: Random, design: str) -> tuple[Colour, Colour]:
    if design == "red":
        return (255, 252, 245), (255, 252, 245)
    if design == "ribbon":
        return DARK_RED, RED
    if design == "kraft":
        return INK, DARK_RED
    pairs = [
        (DARK_RED, RED),
        (NAVY, NAVY),
        (INK, RED),
        (NAVY, RED),
        ((34, 84, 62), RED),
        ((84, 46, 110), RED),
    ]
    return rng.choice(pairs)


def _decorate(rng: Random, image: Image.Image, design: str) -> tuple[float, float, float, float]:
    """Paint what is not words, and say where the words go."""
    width, height = image.size
    margin = min(width, height) * 0.1
    box = (width * 0.09, margin, width * 0.91, height - margin)
    pencil = ImageDraw.Draw(image)
    if design == "ribbon":
        pencil.rectangle((0, round(height * 0.8), width, round(height * 0.92)), fill=RED)
        return width * 0.09, margin * 0.7, width * 0.91, height * 0.76
    if design == "framed":
        inset = min(width, height) * 0.05
        pencil.rectangle(
            (inset, inset, width - inset, height - inset), outline=RED, width=round(inset * 0.35)
        )
        return box[0] + inset, box[1] + inset * 0.6, box[2] - inset, box[3] - inset * 0.6
    if design == "airmail":
        return _airmail(pencil, width, height)
    if design in {"hearts", "flowers", "stars"}:
        return _corners(rng, pencil, width, height, design)
    return box


def _airmail(pencil: ImageDraw.ImageDraw, width: int, height: int) -> tuple[float, float, float, float]:
    deep = round(min(width, height) * 0.075)
    step = deep * 1.5
    colours = (RED, (90, 86, 98))
    for index in range(int(width / step) + 2):
        x = index * step
        for top in (0, height - deep):
            pencil.polygon(
                [(x + deep * 0.5, top), (x + deep * 1.3, top), (x + deep * 0.8, top + deep), (x, top + deep)],
                fill=colours[index % 2],
            )
    return width * 0.08, deep * 1.5, width * 0.92, height - deep * 1.5


def _corners(
    rng: Random, pencil: ImageDraw.ImageDraw, width: int, height: int, design: str
) -> tuple[float, float, float, float]:
    size = min(width, height) * 0.14
    edge = size * 0.75
    spots = [(edge, edge), (width - edge, edge), (edge, height - edge), (width - edge, height - edge)]
    for x, y in rng.sample(spots, rng.randint(2, 4)):
        colour = RED if design == "hearts" else rng.choice(PAINTS)
        pencil.polygon(_mark(design, x, y, size * rng.uniform(0.8, 1.1)), fill=colour)
        if design == "flowers":
            pencil.ellipse(
                (x - size * 0.14, y - size * 0.14, x + size * 0.14, y + size * 0.14), fill=(250, 206, 70)
            )
    return width * 0.1, height * 0.15, width * 0.9, height * 0.85


def _mark(design: str, x: float, y: float, size: float) -> Outline:
    if design == "hearts":
        return heart(x, y, size)
    if design == "flowers":
        return star(x, y, size * 0.55, points=6, inner=0.5)
    return star(x, y, size * 0.5)


def lay_sheet(
    canvas: Canvas, sheet: Image.Image, x: float, y: float, turn: float, *, shadow: float = 0.4
) -> Frame:
    """Lay a painted sheet with its middle at a point, with the shadow it throws; returns the sheet's frame."""
    width, height = sheet.width / _FINE, sheet.height / _FINE
    frame = Frame(x, y, 1.0, turn)
    fall = max(4.0, min(width, height) * 0.035)
    below = Frame(x + fall * 0.6, y + fall * 1.4, 1.0, turn)
    canvas.fill(
        below(rectangle(-width / 2, -height / 2, width, height)),
        (20, 14, 18),
        soft=fall * 1.3,
        opacity=shadow,
    )
    edge = sheet.getpixel((2, 2))
    assert isinstance(edge, tuple)
    turned = sheet.rotate(-turn, Image.Resampling.BILINEAR, expand=True, fillcolor=edge)
    mask = Image.new("L", sheet.size, 255).rotate(-turn, Image.Resampling.BILINEAR, expand=True)
    turned.putalpha(mask)
    canvas.lay(turned.reduce(_FINE), x, y)
    return frame
