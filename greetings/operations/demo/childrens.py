"""Cards as children paint them: wax crayon and poster paint on paper, photographed on a table."""

from collections.abc import Callable, Sequence
from random import Random

from PIL import Image

from greetings.operations.demo.canvas import Canvas, Fade, Paint, crayon
from greetings.operations.demo.lettering import write
from greetings.operations.demo.objects import cover_table
from greetings.operations.demo.palette import PAINTS, WHITE, Colour, darker, lighter, varied
from greetings.operations.demo.shapes import (
    Outline,
    Point,
    arc,
    curve,
    ellipse,
    heart,
    rectangle,
    shaky,
    star,
    stroke,
)
from greetings.operations.demo.sheets import lay_sheet

_MARGIN = 0.075
_PAPERS: tuple[Colour, ...] = (
    (253, 250, 242),
    (250, 244, 226),
    (240, 246, 248),
    (252, 240, 236),
    (244, 248, 232),
)
_GREEN: Colour = (84, 164, 76)


class Crayons:
    """A child's hand on a sheet of paper; coordinates are shares of the sheet's width and height."""

    def __init__(self, rng: Random, width: int, height: int) -> None:
        self.rng = rng
        self.paper = Canvas(width, height, rng.choice(_PAPERS))
        self.paper.texture = crayon(rng, self.paper.size_px)
        self.width, self.height = width, height
        self.short = min(width, height)

    def at(self, points: Sequence[Point]) -> Outline:
        """Shares of the sheet as pixels."""
        return [(x * self.width, y * self.height) for x, y in points]

    def colour(
        self, outline: Outline, paint: Paint, *, rim: Colour | None = None, opacity: float = 1.0
    ) -> None:
        """Fill a shape (in pixels), a little over or short of its line; `rim` draws the line."""
        wobble = self.short * 0.0035
        self.paper.fill(shaky(self.rng, outline, wobble), paint, opacity=opacity)
        if rim is not None:
            self.line([*outline, outline[0]], rim, 0.008)

    def line(self, points: Sequence[Point], colour: Colour, width: float = 0.012) -> None:
        """A crayon line along pixels; `width` is a share of the sheet's short side."""
        line = shaky(self.rng, list(points), self.short * 0.002)[: -1 or None]
        self.paper.fill(stroke([*points], width * self.short), colour)
        self.paper.fill(stroke(line[: len(line) * 2 // 3], width * self.short * 0.6), colour, opacity=0.6)

    def round(
        self,
        x: float,
        y: float,
        size: float,
        paint: Paint,
        *,
        rim: Colour | None = None,
        down: float | None = None,
    ) -> None:
        """A round of `size` (share of the short side) at a place."""
        tall = size if down is None else down
        self.colour(
            ellipse(x * self.width, y * self.height, size * self.short, tall * self.short), paint, rim=rim
        )

    def scribble(
        self, left: float, top: float, right: float, bottom: float, colour: Colour, rows: int = 7
    ) -> None:
        """Bands of colour laid to and fro, as skies and lawns are filled."""
        step = (bottom - top) / rows
        for row in range(rows):
            y = top + (row + 0.5) * step
            wave = [(left + (right - left) * k / 8, y + self.rng.uniform(-0.2, 0.2) * step) for k in range(9)]
            tone = varied(self.rng, colour, 12)
            self.paper.fill(
                stroke(curve(self.at(wave), closed=False), step * self.height * 0.95),
                tone,
                opacity=self.rng.uniform(0.55, 0.85),
            )

    def words(
        self, lines: list[str], top: float, bottom: float, left: float = 0.08, right: float = 0.92
    ) -> None:
        """The wish, each line in its own colours."""
        inks = self.rng.sample([PAINTS[0], PAINTS[4], PAINTS[5], (40, 110, 70), (196, 60, 120)], 2)
        box = (left * self.width, top * self.height, right * self.width, bottom * self.height)
        write(
            self.paper.image,
            box,
            lines,
            self.rng.choice(["black", "sans-bold"]),
            (inks[0], inks[1]),
            self.rng,
        )

    def sun(self, x: float, y: float, size: float = 0.1) -> None:
        """A sun with a face, as suns have."""
        yellow: Colour = (250, 196, 40)
        px, py, unit = x * self.width, y * self.height, size * self.short
        for ray in range(12):
            inner, outer = (
                arc(px, py, unit * reach, unit * reach, ray * 30, 0, 1)[0] for reach in (1.2, 1.75)
            )
            self.line([inner, outer], varied(self.rng, yellow, 16), 0.014)
        self.round(x, y, size, yellow, rim=(226, 140, 30))
        for side in (-1, 1):
            self.paper.fill(ellipse(px + side * unit * 0.34, py - unit * 0.14, unit * 0.1), (60, 40, 30))
        self.line(arc(px, py + unit * 0.1, unit * 0.45, unit * 0.4, 20, 160, 10), (170, 60, 30), 0.008)


def paint_card(canvas: Canvas, rng: Random, motif: str, lines: list[str], _casts: list[str]) -> None:
    """A painted card on a table."""
    cover_table(canvas, rng)
    margin = min(canvas.width, canvas.height) * _MARGIN
    crayons = Crayons(rng, round(canvas.width - margin * 2), round(canvas.height - margin * 2))
    if canvas.width > canvas.height:  # a broad sheet has room for two rows, not for three
        lines = [" ".join(lines[:-1]), lines[-1]]
    _MOTIFS[motif](crayons, lines)
    sheet = crayons.paper.image
    twice = sheet.resize((sheet.width * 2, sheet.height * 2), Image.Resampling.BILINEAR)
    lay_sheet(canvas, twice, canvas.width / 2, canvas.height / 2, rng.uniform(-2, 2))
    canvas.finish(rng, vignette=0.16)


def _cake(art: Crayons, lines: list[str]) -> None:
    art.scribble(0.02, 0.02, 0.98, 0.3, (150, 200, 236), 6)
    art.sun(0.87, 0.16, 0.075)
    art.words(lines, 0.06, 0.3, 0.06, 0.74)
    art.scribble(0.02, 0.86, 0.98, 0.98, _GREEN, 3)
    tiers = art.rng.sample(PAINTS, 3)
    for index, (left, top, right, bottom) in enumerate(
        ((0.2, 0.7, 0.8, 0.9), (0.28, 0.55, 0.72, 0.71), (0.36, 0.44, 0.64, 0.56))
    ):
        art.colour(
            art.at([(left, top), (right, top), (right, bottom), (left, bottom)]),
            lighter(tiers[index], 0.3),
            rim=darker(tiers[index], 0.2),
        )
        wave = [
            (left + (right - left) * step / 10, top + (0.035 if step % 2 else 0.008)) for step in range(11)
        ]
        art.line(art.at(wave), WHITE, 0.02)
        for _ in range(9):
            art.round(
                art.rng.uniform(left + 0.03, right - 0.03),
                art.rng.uniform(top + 0.06, bottom - 0.015),
                0.011,
                art.rng.choice(PAINTS),
            )
    for index in range(5):
        x = 0.4 + index * 0.05
        art.line(art.at([(x, 0.44), (x, 0.37)]), art.rng.choice(PAINTS), 0.014)
        art.round(x, 0.35, 0.012, (250, 170, 40), down=0.024)


def _birds(art: Crayons, lines: list[str]) -> None:
    art.scribble(0.02, 0.02, 0.98, 0.72, (176, 212, 240), 12)
    art.words(lines, 0.05, 0.27)
    art.scribble(0.02, 0.8, 0.98, 0.98, _GREEN, 4)
    branch = curve(art.at([(0.02, 0.62), (0.3, 0.66), (0.62, 0.6), (0.98, 0.66)]), closed=False)
    art.line(branch, (122, 82, 48), 0.026)
    for x in (0.1, 0.3, 0.5, 0.7, 0.9):
        for side in (-1, 1):
            art.colour(
                curve(
                    [
                        (x * art.width, 0.635 * art.height),
                        (x * art.width + 0.04 * art.short, 0.635 * art.height + side * 0.05 * art.short),
                        (x * art.width + 0.09 * art.short, 0.635 * art.height + side * 0.05 * art.short),
                    ]
                ),
                (104, 170, 80),
            )
    for x, y in ((0.2, 0.55), (0.42, 0.57), (0.66, 0.52), (0.86, 0.56), (0.3, 0.38), (0.72, 0.37)):
        _bird(art, x, y, 0.075, art.rng.choice(PAINTS))


def _bird(art: Crayons, x: float, y: float, size: float, colour: Colour) -> None:
    px, py, unit = x * art.width, y * art.height, size * art.short
    art.colour(
        [(px - unit * 0.8, py), (px - unit * 1.7, py - unit * 0.5), (px - unit * 1.6, py + unit * 0.3)],
        darker(colour, 0.1),
    )
    art.round(x, y, size, colour, rim=darker(colour, 0.3), down=size * 0.72)
    art.colour(ellipse(px + unit * 0.85, py - unit * 0.5, unit * 0.5), colour)
    art.colour(
        [
            (px + unit * 1.28, py - unit * 0.6),
            (px + unit * 1.75, py - unit * 0.4),
            (px + unit * 1.25, py - unit * 0.3),
        ],
        (246, 160, 40),
    )
    art.paper.fill(ellipse(px + unit * 0.95, py - unit * 0.6, unit * 0.11), (30, 24, 24))
    art.colour(
        curve(
            [
                (px - unit * 0.5, py - unit * 0.1),
                (px + unit * 0.3, py - unit * 0.2),
                (px - unit * 0.2, py + unit * 0.55),
            ]
        ),
        lighter(colour, 0.35),
        rim=darker(colour, 0.2),
    )


def _rowan(art: Crayons, lines: list[str]) -> None:
    art.words(lines, 0.06, 0.28)
    stem = curve(art.at([(0.5, 0.3), (0.46, 0.45), (0.5, 0.6)]), closed=False)
    art.line(stem, (110, 76, 50), 0.02)
    for index in range(4):
        for side in (-1, 1):
            x, y = 0.49, 0.34 + index * 0.055
            tip = (x + side * 0.3, y + 0.03)
            leaf = curve(art.at([(x, y), (x + side * 0.14, y - 0.03), tip, (x + side * 0.14, y + 0.05)]))
            art.colour(leaf, varied(art.rng, (106, 164, 70), 20), rim=(60, 110, 50))
    for _ in range(46):
        x, y = 0.5 + art.rng.gauss(0, 0.11), 0.74 + art.rng.gauss(0, 0.07)
        art.round(x, min(y, 0.93), 0.03, varied(art.rng, (214, 44, 34), 16), rim=(150, 24, 24))


def _house(art: Crayons, lines: list[str]) -> None:
    art.scribble(0.02, 0.02, 0.98, 0.62, (164, 206, 238), 10)
    art.sun(0.13, 0.17, 0.08)
    art.words(lines, 0.06, 0.29, 0.28, 0.95)
    art.scribble(0.02, 0.78, 0.98, 0.98, _GREEN, 5)
    wall = art.rng.choice([(244, 206, 120), (236, 160, 120), (200, 220, 160)])
    art.colour(art.at(rectangle(0.32, 0.55, 0.36, 0.3)), wall, rim=(120, 70, 40))
    art.colour(art.at([(0.27, 0.56), (0.5, 0.36), (0.73, 0.56)]), (204, 60, 50), rim=(140, 30, 30))
    art.colour(art.at(rectangle(0.46, 0.68, 0.09, 0.17)), (140, 90, 54), rim=(90, 56, 34))
    for x in (0.36, 0.58):
        art.colour(art.at(rectangle(x, 0.61, 0.07, 0.09)), (190, 224, 246), rim=(90, 60, 40))
    for x in (0.12, 0.87):
        art.line(art.at([(x, 0.86), (x, 0.62)]), (120, 80, 50), 0.03)
        art.round(x, 0.56, 0.12, (92, 166, 76), rim=(50, 110, 50))
        for _ in range(6):
            art.round(
                x + art.rng.uniform(-0.06, 0.06), 0.56 + art.rng.uniform(-0.07, 0.07), 0.016, (214, 44, 44)
            )
    for x, colour in ((0.22, PAINTS[0]), (0.29, PAINTS[4]), (0.74, PAINTS[6])):
        _little_person(art, x, 0.9, 0.13, colour)


def _little_person(art: Crayons, x: float, ground: float, size: float, colour: Colour) -> None:
    px, py, unit = x * art.width, ground * art.height, size * art.short
    for side in (-1, 1):
        art.line(
            [(px + side * unit * 0.12, py - unit * 0.3), (px + side * unit * 0.16, py)], (70, 60, 90), 0.014
        )
        art.line([(px, py - unit * 0.72), (px + side * unit * 0.45, py - unit * 0.9)], (236, 190, 150), 0.013)
    art.colour(
        [(px, py - unit * 0.95), (px + unit * 0.3, py - unit * 0.25), (px - unit * 0.3, py - unit * 0.25)],
        colour,
        rim=darker(colour, 0.25),
    )
    art.colour(ellipse(px, py - unit * 1.12, unit * 0.23), (248, 208, 172), rim=(150, 100, 70))
    art.line(arc(px, py - unit * 1.1, unit * 0.11, unit * 0.1, 20, 160, 8), (190, 50, 50), 0.006)
    for side in (-1, 1):
        art.paper.fill(ellipse(px + side * unit * 0.08, py - unit * 1.16, unit * 0.03), (50, 36, 30))
    art.line(
        arc(px, py - unit * 1.15, unit * 0.23, unit * 0.22, 190, 350, 10),
        art.rng.choice([(90, 56, 30), (226, 170, 60), (50, 36, 30)]),
        0.016,
    )


def _balloons(art: Crayons, lines: list[str]) -> None:
    art.words(lines, 0.05, 0.25)
    art.scribble(0.02, 0.88, 0.98, 0.98, _GREEN, 3)
    hand = (0.5 * art.width, 0.75 * art.height)
    colours = art.rng.sample(PAINTS, 6)
    for index, (x, y) in enumerate(
        ((0.22, 0.42), (0.4, 0.36), (0.6, 0.35), (0.79, 0.42), (0.31, 0.56), (0.69, 0.56))
    ):
        art.line(
            curve(
                [
                    (x * art.width, (y + 0.08) * art.height),
                    (x * 0.6 * art.width + hand[0] * 0.4, 0.68 * art.height),
                    hand,
                ],
                closed=False,
            ),
            (100, 90, 90),
            0.005,
        )
        art.round(x, y, 0.082, colours[index], rim=darker(colours[index], 0.25), down=0.1)
        art.round(x - 0.02, y - 0.03, 0.015, WHITE)
    _little_person(art, 0.5, 0.94, 0.17, art.rng.choice(PAINTS))


def _cat(art: Crayons, lines: list[str]) -> None:
    art.words(lines, 0.05, 0.27)
    art.scribble(0.02, 0.84, 0.98, 0.98, art.rng.choice([_GREEN, (226, 150, 90), (150, 130, 200)]), 4)
    fur = art.rng.choice([(240, 150, 60), (120, 120, 130), (90, 76, 70), (200, 150, 210)])
    rim = darker(fur, 0.4)
    x, y, unit = 0.5 * art.width, 0.62 * art.height, 0.19 * art.short
    art.line(
        curve(
            [(x + unit * 0.8, y + unit * 1.4), (x + unit * 2, y + unit * 1.1), (x + unit * 1.8, y)],
            closed=False,
        ),
        fur,
        0.06,
    )
    art.colour(ellipse(x, y + unit * 0.9, unit * 0.95, unit * 1.0), fur, rim=rim)
    for side in (-1, 1):
        art.colour(
            [
                (x + side * unit * 0.2, y - unit * 0.75),
                (x + side * unit * 0.85, y - unit * 1.3),
                (x + side * unit * 0.9, y - unit * 0.3),
            ],
            fur,
            rim=rim,
        )
    art.colour(ellipse(x, y - unit * 0.2, unit * 0.95, unit * 0.78), fur, rim=rim)
    for side in (-1, 1):
        art.colour(
            ellipse(x + side * unit * 0.36, y - unit * 0.32, unit * 0.18, unit * 0.2),
            (196, 230, 110),
            rim=rim,
        )
        art.paper.fill(
            ellipse(x + side * unit * 0.36, y - unit * 0.3, unit * 0.06, unit * 0.15), (30, 26, 26)
        )
        for drop in (-0.1, 0.08, 0.26):
            art.line(
                [(x + side * unit * 0.3, y + unit * 0.1), (x + side * unit * 1.4, y + unit * drop)],
                rim,
                0.005,
            )
        art.line(
            arc(x + side * unit * 0.16, y + unit * 0.12, unit * 0.16, unit * 0.14, 0, 180, 8), rim, 0.008
        )
    art.colour(
        [(x - unit * 0.12, y - unit * 0.04), (x + unit * 0.12, y - unit * 0.04), (x, y + unit * 0.12)],
        (236, 110, 130),
    )
    for stripe in (0.6, 0.9, 1.2):
        art.line(arc(x, y + unit * stripe, unit * 0.6, unit * 0.12, 20, 160, 8), rim, 0.01)
    art.colour(heart(0.2 * art.width, 0.5 * art.height, art.short * 0.13), PAINTS[0])
    art.colour(heart(0.82 * art.width, 0.42 * art.height, art.short * 0.1), PAINTS[6])


def _flowers(art: Crayons, lines: list[str]) -> None:
    art.words(lines, 0.06, 0.28)
    foot = (0.5, 0.95)
    for index, (x, y) in enumerate(
        ((0.2, 0.52), (0.36, 0.42), (0.52, 0.47), (0.68, 0.41), (0.82, 0.53), (0.44, 0.62), (0.63, 0.61))
    ):
        art.line(
            curve(art.at([(x, y), (x * 0.6 + 0.2, 0.76), foot]), closed=False),
            varied(art.rng, (74, 148, 66), 16),
            0.012,
        )
        colour, size = PAINTS[(index * 3 + art.rng.randint(0, 2)) % len(PAINTS)], 0.052
        px, py = x * art.width, y * art.height
        for petal in range(6):
            spot = arc(px, py, size * art.short, size * art.short, petal * 60, 0, 1)[0]
            art.colour(ellipse(*spot, size * art.short * 0.62), colour, rim=darker(colour, 0.15))
        art.round(x, y, 0.032, (250, 204, 60), rim=(214, 140, 30))
    art.colour(art.at([(0.42, 0.8), (0.58, 0.8), (0.6, 0.92), (0.5, 0.86), (0.4, 0.92)]), PAINTS[0])


def _hedgehog(art: Crayons, lines: list[str]) -> None:
    art.words(lines, 0.05, 0.27)
    art.scribble(0.02, 0.84, 0.98, 0.98, (176, 140, 70), 4)
    x, y, unit = 0.46 * art.width, 0.72 * art.height, 0.25 * art.short
    for spike in range(30):
        angle = 178 + spike * 6.1
        inner, outer = (
            arc(x, y + unit * 0.3, unit * 0.9, unit * 0.8, angle, 0, 1)[0],
            arc(x, y + unit * 0.3, unit * 1.35, unit * 1.2, angle + 6, 0, 1)[0],
        )
        art.line([inner, outer], varied(art.rng, (110, 76, 56), 16), 0.014)
    art.colour(
        [
            *arc(x, y + unit * 0.3, unit * 1.1, unit * 0.98, 180, 360),
            (x + unit * 1.1, y + unit * 0.42),
            (x - unit * 1.1, y + unit * 0.42),
        ],
        (132, 92, 66),
    )
    snout = curve(
        [
            (x + unit * 0.7, y - unit * 0.2),
            (x + unit * 1.25, y - unit * 0.02),
            (x + unit * 1.75, y + unit * 0.24),
            (x + unit * 1.2, y + unit * 0.42),
            (x + unit * 0.65, y + unit * 0.4),
        ]
    )
    art.colour(snout, (236, 196, 150), rim=(150, 100, 70))
    art.paper.fill(ellipse(x + unit * 1.74, y + unit * 0.22, unit * 0.1), (40, 30, 30))
    art.paper.fill(ellipse(x + unit * 1.18, y + unit * 0.06, unit * 0.07), (40, 30, 30))
    for shift, colour in ((-0.5, PAINTS[0]), (0.05, PAINTS[2]), (0.5, PAINTS[0])):
        ax, ay = x + shift * unit, y - unit * (0.95 - abs(shift) * 0.3)
        art.colour(ellipse(ax, ay, unit * 0.24), colour, rim=darker(colour, 0.25))
        art.line([(ax, ay - unit * 0.2), (ax + unit * 0.06, ay - unit * 0.36)], (90, 60, 40), 0.01)
    for px, py in ((0.1, 0.84), (0.87, 0.86)):
        art.colour(
            art.at([(px - 0.015, py), (px + 0.015, py), (px + 0.02, py + 0.08), (px - 0.02, py + 0.08)]),
            (246, 236, 214),
        )
        art.colour(
            arc(px * art.width, py * art.height, 0.08 * art.short, 0.08 * art.short, 180, 360),
            PAINTS[0],
            rim=(140, 20, 30),
        )


def _ship(art: Crayons, lines: list[str]) -> None:
    art.scribble(0.02, 0.02, 0.98, 0.66, (190, 220, 242), 10)
    art.words(lines, 0.05, 0.25)
    art.sun(0.86, 0.4, 0.06)
    mast = art.at([(0.48, 0.72), (0.48, 0.32)])
    art.line(mast, (110, 74, 46), 0.018)
    first, second = art.rng.sample(PAINTS, 2)
    art.colour(art.at([(0.5, 0.34), (0.74, 0.66), (0.5, 0.66)]), lighter(first, 0.2), rim=darker(first, 0.2))
    art.colour(
        art.at([(0.46, 0.38), (0.28, 0.66), (0.46, 0.66)]), lighter(second, 0.2), rim=darker(second, 0.2)
    )
    art.colour(art.at([(0.2, 0.7), (0.8, 0.7), (0.7, 0.84), (0.3, 0.84)]), (170, 96, 54), rim=(104, 60, 36))
    for x in (0.38, 0.5, 0.62):
        art.round(x, 0.765, 0.026, (246, 220, 120), rim=(90, 60, 40))
    art.scribble(0.02, 0.81, 0.98, 0.98, (60, 130, 200), 5)
    for x in (0.14, 0.45, 0.78):
        art.line(
            curve(
                art.at([(x - 0.07, 0.87), (x - 0.03, 0.845), (x, 0.87), (x + 0.03, 0.845), (x + 0.07, 0.87)]),
                closed=False,
            ),
            WHITE,
            0.012,
        )


def _stars(art: Crayons, lines: list[str]) -> None:
    art.colour(art.at(rectangle(0.02, 0.02, 0.96, 0.96)), Fade((40, 56, 120), (86, 70, 150)))
    box = (0.08 * art.width, 0.06 * art.height, 0.92 * art.width, 0.3 * art.height)
    write(art.paper.image, box, lines, "black", ((252, 240, 200), (255, 210, 90)), art.rng)
    art.round(0.8, 0.45, 0.1, (252, 232, 150))
    art.round(0.84, 0.43, 0.085, (56, 62, 128))
    for _ in range(26):
        x, y = art.rng.uniform(0.05, 0.95), art.rng.uniform(0.34, 0.78)
        art.colour(
            star(x * art.width, y * art.height, art.short * art.rng.uniform(0.012, 0.034)),
            art.rng.choice([(252, 226, 110), (255, 250, 230), (250, 180, 90)]),
        )
    art.scribble(0.02, 0.86, 0.98, 0.98, (236, 240, 250), 3)
    for x, size in ((0.16, 0.2), (0.36, 0.14), (0.68, 0.17)):
        for tier in range(3):
            y, half = 0.6 + tier * 0.1 + (0.2 - size), size * (0.35 + tier * 0.2) / 1.3
            art.colour(
                art.at([(x - half * 0.9, y + 0.13), (x, y), (x + half * 0.9, y + 0.13)]),
                varied(art.rng, (46, 120, 84), 12),
                rim=(24, 76, 56),
            )


def _hearts(art: Crayons, lines: list[str]) -> None:
    art.words(lines, 0.36, 0.64, 0.14, 0.86)
    for index in range(22):
        along = index / 22
        x, y = arc(0.5, 0.5, 0.4, 0.4, along * 360, 0, 1)[0]
        x, y = 0.5 + max(-0.41, min(0.41, (x - 0.5) * 1.25)), 0.5 + max(-0.4, min(0.4, (y - 0.5) * 1.25))
        art.colour(
            heart(x * art.width, y * art.height, art.short * art.rng.uniform(0.07, 0.13)),
            PAINTS[(index * 3) % len(PAINTS)],
            rim=None,
        )


_MOTIFS: dict[str, Callable[[Crayons, list[str]], None]] = {
    "cake": _cake,
    "birds": _birds,
    "rowan": _rowan,
    "house": _house,
    "balloons": _balloons,
    "cat": _cat,
    "flowers": _flowers,
    "hedgehog": _hedgehog,
    "ship": _ship,
    "stars": _stars,
    "hearts": _hearts,
}
MOTIFS = tuple(_MOTIFS)
