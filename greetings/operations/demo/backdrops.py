"""Places behind people, painted small and out of focus."""

from collections.abc import Callable
from random import Random

from greetings.operations.demo.canvas import Canvas, Fade
from greetings.operations.demo.palette import Colour, darker, lighter, mix, varied
from greetings.operations.demo.shapes import blob, curve, ellipse, rectangle, rounded, stroke

RESOLUTION = 0.3
_FACADES: tuple[Colour, ...] = (
    (226, 178, 172),
    (232, 206, 150),
    (176, 190, 160),
    (214, 186, 154),
    (178, 194, 204),
    (222, 160, 130),
    (236, 226, 206),
)
_ROOFS: tuple[Colour, ...] = ((150, 70, 54), (128, 78, 62), (92, 74, 70), (110, 96, 92))
_BOOKS: tuple[Colour, ...] = (
    (120, 44, 40),
    (164, 92, 48),
    (204, 170, 112),
    (66, 84, 72),
    (60, 70, 98),
    (90, 58, 48),
    (222, 206, 172),
    (150, 60, 60),
)


def paint_backdrop(canvas: Canvas, rng: Random, place: str, blur: float = 9.0) -> None:
    """Cover the canvas with one of `PLACES`."""
    painter, ground = _PLACES[place]
    far = Canvas(canvas.width, canvas.height, ground, resolution=RESOLUTION)
    painter(far, rng)
    canvas.lay_backdrop(far, blur * canvas.width / 1600)


def _houses(
    far: Canvas,
    rng: Random,
    base: float,
    facades: tuple[Colour, ...],
    roofs: tuple[Colour, ...],
    window: Colour,
    tall: float,
) -> None:
    x = -rng.uniform(0, 90)
    while x < far.width:
        width, height = rng.uniform(110, 190), tall * rng.uniform(0.7, 1.15)
        top = base - height
        wall = varied(rng, rng.choice(facades))
        far.fill(rectangle(x, top, width, height), Fade(wall, darker(wall, 0.12), sideways=True))
        roof = rng.choice(roofs)
        if rng.random() < 0.6:
            far.fill(
                [(x - 8, top), (x + width / 2, top - width * rng.uniform(0.45, 0.75)), (x + width + 8, top)],
                roof,
            )
        else:
            far.fill(
                [(x - 8, top), (x + 16, top - 52), (x + width - 16, top - 52), (x + width + 8, top)], roof
            )
        columns = max(2, round(width / 52))
        for row in range(int(height / 78)):
            for column in range(columns):
                wx = x + (column + 0.5) * width / columns - 12
                far.fill(rectangle(wx, top + 24 + row * 78, 24, 38), varied(rng, window, 14))
        x += width


def _town(far: Canvas, rng: Random) -> None:
    far.glow(far.width * 0.75, far.height * 0.1, far.width * 0.5, (255, 244, 214), 0.7)
    _houses(far, rng, far.height * 0.86, _FACADES, _ROOFS, (84, 84, 92), far.height * 0.55)
    far.fill(rectangle(0, far.height * 0.85, far.width, far.height), Fade((190, 176, 154), (150, 134, 116)))


def _evening(far: Canvas, rng: Random) -> None:
    far.glow(far.width * 0.3, far.height * 0.55, far.width * 0.6, (255, 190, 120), 0.8)
    dusk = tuple(mix(colour, (70, 50, 90), 0.62) for colour in _FACADES)
    _houses(far, rng, far.height * 0.9, dusk, ((60, 42, 62), (50, 40, 58)), (255, 206, 120), far.height * 0.5)
    far.fill(rectangle(0, far.height * 0.89, far.width, far.height), (62, 46, 66))
    _lights(far, rng, 14, far.height * 0.5)


def _night(far: Canvas, rng: Random) -> None:
    _lights(far, rng, 60, far.height)


def _lights(far: Canvas, rng: Random, count: int, depth: float) -> None:
    colours: tuple[Colour, ...] = (
        (255, 200, 110),
        (255, 150, 80),
        (255, 230, 180),
        (230, 90, 80),
        (120, 170, 220),
    )
    for _ in range(count):
        x, y, size = rng.uniform(0, far.width), far.height - rng.uniform(0, depth), rng.uniform(10, 44)
        far.fill(ellipse(x, y, size), rng.choice(colours), opacity=rng.uniform(0.15, 0.6))


def _snow(far: Canvas, rng: Random) -> None:
    blocks: tuple[Colour, ...] = ((168, 176, 190), (190, 186, 190), (150, 160, 178))
    x = -40.0
    while x < far.width:
        width, top = rng.uniform(220, 340), far.height * rng.uniform(0.12, 0.4)
        far.fill(rectangle(x, top, width, far.height), rng.choice(blocks))
        for row in range(14):
            for column in range(5):
                lit = rng.random() < 0.3
                far.fill(
                    rectangle(x + 20 + column * width / 5, top + 26 + row * 62, 26, 32),
                    (255, 220, 150) if lit else (120, 130, 150),
                )
        x += width + rng.uniform(10, 60)
    far.fill(
        curve(
            [
                (0, far.height * 0.8),
                (far.width * 0.5, far.height * 0.77),
                (far.width, far.height * 0.82),
                (far.width, far.height * 1.2),
                (0, far.height * 1.2),
            ]
        ),
        (240, 244, 250),
    )
    for _ in range(70):
        far.fill(
            ellipse(rng.uniform(0, far.width), rng.uniform(0, far.height), rng.uniform(4, 11)),
            (255, 255, 255),
            opacity=0.8,
        )


def _forest(far: Canvas, rng: Random) -> None:
    far.glow(far.width * 0.5, far.height * 0.3, far.width * 0.5, (244, 250, 206), 0.9)
    for layer in range(3):
        trunk = mix((214, 220, 190), (92, 104, 84), layer / 2.4)
        for _ in range(9):
            x, wide = rng.uniform(0, far.width), rng.uniform(14, 26) * (1 + layer * 0.6)
            far.fill(stroke([(x, -20), (x + rng.uniform(-25, 25), far.height)], wide * 0.8, wide), trunk)
        leaf = mix((190, 218, 140), (70, 122, 66), layer / 2)
        for _ in range(34):
            y = rng.choice([rng.uniform(0, far.height * 0.45), rng.uniform(far.height * 0.72, far.height)])
            size = rng.uniform(26, 70)
            far.fill(
                blob(rng, rng.uniform(0, far.width), y, size, size * 0.7), varied(rng, leaf, 14), opacity=0.75
            )


def _autumn(far: Canvas, rng: Random) -> None:
    far.glow(far.width * 0.4, far.height * 0.25, far.width * 0.6, (255, 240, 190), 0.9)
    colours: tuple[Colour, ...] = (
        (232, 160, 50),
        (214, 110, 44),
        (246, 200, 90),
        (176, 74, 40),
        (160, 140, 60),
    )
    for _ in range(8):
        x, wide = rng.uniform(0, far.width), rng.uniform(22, 48)
        far.fill(stroke([(x, -10), (x + rng.uniform(-30, 30), far.height)], wide), (112, 82, 62))
    for _ in range(120):
        y = (
            rng.uniform(0, far.height * 0.62)
            if rng.random() < 0.7
            else rng.uniform(far.height * 0.82, far.height)
        )
        size = rng.uniform(18, 60)
        far.fill(blob(rng, rng.uniform(0, far.width), y, size, size * 0.75), rng.choice(colours), opacity=0.7)


def _rye(far: Canvas, rng: Random) -> None:
    line = far.height * 0.52
    far.glow(far.width * 0.7, line, far.width * 0.5, (255, 236, 180), 0.9)
    far.fill(
        curve(
            [
                (-50, line),
                (far.width * 0.3, line - 46),
                (far.width * 0.7, line - 20),
                (far.width + 50, line - 40),
                (far.width + 50, line + 60),
                (-50, line + 60),
            ]
        ),
        (96, 122, 98),
    )
    far.fill(rectangle(0, line + 8, far.width, far.height), Fade((226, 190, 104), (158, 112, 46)))
    for _ in range(150):
        x, y = rng.uniform(0, far.width), rng.uniform(line + 30, far.height)
        far.fill(
            stroke([(x, y), (x + rng.uniform(-10, 10), y - rng.uniform(40, 110))], 5),
            varied(rng, (238, 204, 120), 20),
            opacity=0.7,
        )
    for _ in range(16):
        far.fill(ellipse(rng.uniform(0, far.width), rng.uniform(line + 60, far.height), 9), (74, 96, 178))


def _sea(far: Canvas, rng: Random) -> None:
    line = far.height * rng.uniform(0.44, 0.52)
    for _ in range(6):
        far.fill(
            blob(rng, rng.uniform(0, far.width), rng.uniform(0, line * 0.8), 190, 34),
            (255, 255, 255),
            opacity=0.6,
        )
    far.fill(rectangle(0, line, far.width, far.height), Fade((74, 128, 158), (40, 92, 128)))
    for _ in range(40):
        y = rng.uniform(line + 10, far.height * 0.8)
        x = rng.uniform(0, far.width)
        far.fill(stroke([(x, y), (x + rng.uniform(40, 160), y)], 5), (206, 226, 232), opacity=0.45)
    far.fill(
        curve(
            [
                (-60, far.height * 0.86),
                (far.width * 0.4, far.height * 0.79),
                (far.width + 60, far.height * 0.84),
                (far.width + 60, far.height * 1.2),
                (-60, far.height * 1.2),
            ]
        ),
        (226, 208, 170),
    )


def _lake(far: Canvas, rng: Random) -> None:
    line = far.height * 0.5
    far.glow(far.width * 0.25, line, far.width * 0.5, (255, 214, 170), 0.9)
    for layer, colour in enumerate(((120, 142, 140), (70, 100, 90))):
        for _ in range(40):
            x, tall = rng.uniform(0, far.width), rng.uniform(60, 150) * (1.1 - layer * 0.2)
            far.fill([(x - 34, line + 10), (x, line - tall), (x + 34, line + 10)], varied(rng, colour))
    far.fill(rectangle(0, line, far.width, far.height), Fade((150, 172, 172), (70, 108, 126)))
    for _ in range(26):
        x, y = rng.uniform(0, far.width), rng.uniform(line + 8, far.height)
        far.fill(stroke([(x, y), (x + rng.uniform(60, 220), y)], 5), (236, 226, 206), opacity=0.3)


def _office(far: Canvas, rng: Random) -> None:
    step = far.width / 3
    for index in range(3):
        left = index * step + step * 0.1
        pane = rectangle(left, far.height * 0.06, step * 0.8, far.height * 0.56)
        far.fill(pane, Fade((238, 246, 250), (206, 224, 226)))
        for _ in range(4):
            far.fill(
                blob(rng, left + rng.uniform(0, step * 0.8), far.height * 0.58, 90, 70),
                (150, 182, 138),
                within=pane,
            )
        far.fill(rectangle(left + step * 0.39, far.height * 0.06, 12, far.height * 0.56), (244, 242, 238))
    far.fill(rectangle(0, far.height * 0.68, far.width, far.height), Fade((190, 178, 164), (160, 148, 136)))
    pot = far.width * rng.uniform(0.04, 0.12)
    for _ in range(12):
        tip = (pot + rng.uniform(-110, 110), far.height * rng.uniform(0.34, 0.55))
        far.fill(stroke([(pot, far.height * 0.72), tip], 10, 34), (84, 128, 84))


def _kitchen(far: Canvas, rng: Random) -> None:
    far.glow(far.width * 0.6, far.height * 0.15, far.width * 0.8, (255, 214, 140), 0.9)
    side = 0.06 if rng.random() < 0.5 else 0.62
    window = rectangle(far.width * side, far.height * 0.08, far.width * 0.3, far.height * 0.36)
    far.fill(window, Fade((62, 78, 106), (110, 116, 124)))
    far.fill(stroke([*window, window[0]], 18), (240, 222, 184))
    far.fill(rectangle(far.width * (side + 0.145), far.height * 0.08, 14, far.height * 0.36), (240, 222, 184))
    shelf = far.width * (0.45 if side < 0.3 else 0.02)
    for row in (0.2, 0.38):
        far.fill(rectangle(shelf, far.height * row, far.width * 0.5, 14), (128, 84, 52))
        for index in range(9):
            tall = rng.uniform(34, 84)
            jar = rounded(
                shelf + 24 + index * far.width * 0.053, far.height * row - tall, far.width * 0.035, tall, 8
            )
            far.fill(
                jar,
                rng.choice([(190, 70, 52), (226, 170, 70), (110, 140, 90), (240, 230, 210), (90, 110, 140)]),
            )
    for column in range(14):
        for row in range(3):
            tile = rectangle(column * far.width / 14 + 3, far.height * 0.5 + row * 70, far.width / 14 - 6, 64)
            far.fill(tile, varied(rng, (240, 226, 196), 8))
    far.fill(rectangle(0, far.height * 0.5 + 212, far.width, far.height), (132, 88, 56))


def _library(far: Canvas, rng: Random) -> None:
    shelf = 150
    for row in range(int(far.height / shelf) + 1):
        y = row * shelf
        x = -rng.uniform(0, 30)
        while x < far.width:
            wide, tall = rng.uniform(16, 40), rng.uniform(88, 128)
            far.fill(rectangle(x, y + 132 - tall, wide - 2, tall), varied(rng, rng.choice(_BOOKS), 14))
            x += wide
        far.fill(rectangle(0, y + 132, far.width, 18), (92, 62, 44))
    far.glow(far.width * 0.3, 0, far.width * 0.7, (255, 216, 150), 0.35)


def _garden(far: Canvas, rng: Random) -> None:
    far.glow(far.width * 0.7, 0, far.width * 0.6, (255, 250, 220), 0.9)
    for _ in range(60):
        size = rng.uniform(34, 90)
        y = rng.uniform(far.height * 0.45, far.height)
        far.fill(
            blob(rng, rng.uniform(0, far.width), y, size, size * 0.7),
            varied(rng, (120, 164, 94), 24),
            opacity=0.8,
        )
    petals = rng.choice([(246, 190, 50), (228, 120, 140), (200, 60, 70), (240, 236, 226)])
    for _ in range(16):
        x, y, size = (
            rng.uniform(0, far.width),
            rng.uniform(far.height * 0.24, far.height * 0.9),
            rng.uniform(20, 46),
        )
        far.fill(stroke([(x, y), (x + 10, far.height)], 9), (92, 136, 74))
        far.fill(ellipse(x, y, size), varied(rng, petals, 12))
        far.fill(ellipse(x, y, size * 0.42), (120, 78, 46))


def _mountains(far: Canvas, rng: Random) -> None:
    far.glow(far.width * 0.3, far.height * 0.3, far.width * 0.5, (255, 240, 214), 0.7)
    for layer, colour in enumerate(((164, 184, 204), (116, 144, 168), (80, 112, 120), (70, 98, 78))):
        base = far.height * (0.4 + layer * 0.13)
        points = [(-60.0, far.height * 1.3)]
        x = -60.0
        while x < far.width + 120:
            points.append((x, base - rng.uniform(0, 180 - layer * 36)))
            x += rng.uniform(90, 200)
        far.fill([*points, (far.width + 160.0, far.height * 1.3)], colour)


def _brick(far: Canvas, rng: Random) -> None:
    tone = rng.choice([(176, 98, 76), (200, 188, 174), (150, 150, 160)])
    for row in range(int(far.height / 42) + 1):
        for column in range(-1, int(far.width / 96) + 1):
            x = column * 96 + (48 if row % 2 else 0)
            shade = (
                darker(tone, rng.uniform(0, 0.14))
                if rng.random() < 0.5
                else lighter(tone, rng.uniform(0, 0.14))
            )
            far.fill(rectangle(x + 2, row * 42 + 2, 91, 37), shade)
    far.glow(far.width * 0.3, far.height * 0.2, far.width * 0.7, (255, 238, 214), 0.35)


def _market(far: Canvas, rng: Random) -> None:
    _houses(far, rng, far.height * 0.7, _FACADES, _ROOFS, (90, 88, 94), far.height * 0.42)
    for index in range(5):
        x = index * far.width / 4.4 - 60
        cover = rng.choice([(186, 60, 56), (230, 180, 70), (80, 130, 110), (240, 234, 222)])
        far.fill(
            [
                (x, far.height * 0.52),
                (x + 40, far.height * 0.42),
                (x + 270, far.height * 0.42),
                (x + 310, far.height * 0.52),
            ],
            cover,
        )
        far.fill(rectangle(x + 10, far.height * 0.66, 290, far.height * 0.2), (140, 100, 70))
        for _ in range(16):
            fruit = rng.choice(
                [(206, 60, 50), (236, 160, 50), (120, 160, 70), (120, 60, 110), (246, 214, 110)]
            )
            far.fill(ellipse(x + rng.uniform(30, 280), far.height * 0.65 + rng.uniform(-16, 8), 17), fruit)
    far.fill(rectangle(0, far.height * 0.84, far.width, far.height), (176, 164, 148))


def _meadow(far: Canvas, rng: Random) -> None:
    line = far.height * 0.5
    for _ in range(5):
        far.fill(
            blob(rng, rng.uniform(0, far.width), rng.uniform(0, line * 0.7), 150, 44),
            (255, 255, 255),
            opacity=0.75,
        )
    far.fill(blob(rng, far.width * 0.2, line, far.width * 0.4, 60), (104, 144, 104))
    far.fill(rectangle(0, line + 14, far.width, far.height), Fade((150, 188, 104), (90, 138, 70)))
    for _ in range(90):
        flower = rng.choice([(250, 246, 236), (240, 200, 70), (200, 90, 140), (120, 130, 210)])
        far.fill(
            ellipse(rng.uniform(0, far.width), rng.uniform(line + 40, far.height), rng.uniform(5, 12)), flower
        )


_Painter = Callable[[Canvas, Random], None]
_PLACES: dict[str, tuple[_Painter, Colour | Fade]] = {
    "town": (_town, Fade((150, 186, 206), (232, 224, 200))),
    "evening": (_evening, Fade((72, 66, 120), (236, 140, 96))),
    "night": (_night, Fade((24, 22, 44), (56, 36, 56))),
    "snow": (_snow, Fade((150, 166, 194), (214, 220, 230))),
    "forest": (_forest, Fade((206, 226, 168), (98, 142, 84))),
    "autumn": (_autumn, Fade((240, 206, 130), (150, 96, 52))),
    "rye": (_rye, Fade((128, 176, 206), (238, 226, 190))),
    "sea": (_sea, Fade((140, 182, 212), (226, 232, 228))),
    "lake": (_lake, Fade((164, 186, 214), (248, 214, 180))),
    "office": (_office, Fade((226, 224, 220), (206, 202, 196))),
    "kitchen": (_kitchen, Fade((204, 156, 92), (148, 100, 58))),
    "library": (_library, (70, 48, 36)),
    "garden": (_garden, Fade((190, 220, 222), (150, 186, 110))),
    "mountains": (_mountains, Fade((132, 172, 212), (236, 232, 220))),
    "brick": (_brick, (206, 196, 186)),
    "market": (_market, Fade((164, 194, 208), (230, 222, 202))),
    "meadow": (_meadow, Fade((120, 178, 220), (220, 234, 234))),
}
PLACES = frozenset(_PLACES)
LIT_FROM_BEHIND: dict[str, Colour] = {
    "evening": (236, 140, 96),
    "night": (40, 30, 70),
    "kitchen": (255, 190, 100),
    "autumn": (250, 190, 90),
}


def tint_of(place: str) -> Colour:
    """The breath of colour the place lends to everyone in it."""
    return LIT_FROM_BEHIND.get(place, lighter((200, 190, 170), 0.2))
