"""Views that people send when words are few: field, lake, bridge, town at night, snow, sea, wood, balloons."""

from random import Random

from greetings.operations.demo.canvas import Canvas, Fade
from greetings.operations.demo.lettering import one_line, write
from greetings.operations.demo.palette import Colour, darker, lighter, mix, varied
from greetings.operations.demo.shapes import (
    Frame,
    Outline,
    Point,
    arc,
    blob,
    curve,
    ellipse,
    heart,
    rectangle,
    stroke,
)
from greetings.operations.demo.sheets import lay_sheet, paint_sheet

Sky = tuple[Colour, Colour, Colour]  # above, at the horizon, the light
SKIES: dict[str, Sky] = {
    "morning": ((142, 182, 214), (250, 226, 196), (255, 240, 206)),
    "noon": ((84, 154, 214), (212, 232, 238), (255, 252, 232)),
    "dusk": ((88, 84, 144), (246, 156, 108), (255, 206, 130)),
    "rose": ((150, 146, 190), (250, 202, 190), (255, 226, 206)),
    "grey": ((150, 162, 176), (220, 222, 220), (250, 248, 240)),
}


def _sky(canvas: Canvas, rng: Random, horizon: float, place: str) -> Sky:
    sky = SKIES.get(place) or SKIES[rng.choice(sorted(SKIES))]
    canvas.fill(rectangle(0, 0, canvas.width, horizon + 4), Fade(sky[0], sky[1]))
    x = canvas.width * rng.uniform(0.2, 0.8)
    canvas.glow(x, horizon * 0.8, canvas.width * 0.5, sky[2], 0.85)
    canvas.fill(ellipse(x, horizon * 0.74, canvas.width * 0.026), lighter(sky[2], 0.6), soft=3)
    for _ in range(rng.randint(3, 6)):
        cloud_x, cloud_y, wide = (
            rng.uniform(0, canvas.width),
            rng.uniform(0.05, 0.6) * horizon,
            rng.uniform(0.06, 0.16),
        )
        for puff in range(4):
            shift = (puff - 1.5) * wide * canvas.width * 0.42
            size = wide * canvas.width * rng.uniform(0.3, 0.5)
            canvas.fill(
                ellipse(cloud_x + shift, cloud_y, size, size * 0.26),
                lighter(sky[1], 0.6),
                soft=size * 0.12,
                opacity=0.55,
            )
    return sky


def _ridge(canvas: Canvas, rng: Random, base: float, swing: float, paint: Colour | Fade) -> Outline:
    points: list[Point] = [(-80, base)]
    x = 0.0
    while x < canvas.width:
        points.append((x, base + rng.uniform(-swing, swing)))
        x += canvas.width * rng.uniform(0.14, 0.26)
    line = curve([*points, (canvas.width + 80, base)], closed=False)
    outline = [*line, (canvas.width + 80.0, canvas.height + 10.0), (-80.0, canvas.height + 10.0)]
    canvas.fill(outline, paint)
    return outline


def _wish(canvas: Canvas, rng: Random, lines: list[str], x: float, y: float, width: float) -> None:
    """A sheet on two sticks, when there is something to say."""
    if not lines:
        return
    height = width * 0.62
    for side in (-0.34, 0.34):
        canvas.fill(
            stroke([(x + side * width, y), (x + side * width, y + height * 1.15)], width * 0.03),
            (120, 86, 58),
        )
    lay_sheet(
        canvas,
        paint_sheet(rng, lines, width, height, rng.choice(["plain", "hand", "kraft", "red", "framed"])),
        x,
        y,
        rng.uniform(-3, 3),
    )


def _flock(canvas: Canvas, rng: Random, x: float, y: float, size: float, count: int) -> None:
    for _ in range(count):
        bx, by, wing = (
            x + rng.uniform(-6, 6) * size,
            y + rng.uniform(-2, 2) * size,
            size * rng.uniform(0.6, 1),
        )
        line = curve(
            [
                (bx - wing, by - wing * 0.3),
                (bx - wing * 0.4, by - wing * 0.42),
                (bx, by),
                (bx + wing * 0.4, by - wing * 0.42),
                (bx + wing, by - wing * 0.3),
            ],
            closed=False,
        )
        canvas.fill(stroke(line, size * 0.04, size * 0.04, middle=size * 0.16), (62, 58, 66))


def _round_tree(canvas: Canvas, rng: Random, x: float, ground: float, size: float, leaf: Colour) -> None:
    canvas.fill(
        stroke([(x, ground), (x + size * 0.04, ground - size * 0.7)], size * 0.13, size * 0.07), (92, 70, 56)
    )
    for _ in range(12):
        shift, up = rng.uniform(-0.42, 0.42), rng.uniform(0.55, 1.25)
        shade = lighter(leaf, 0.16) if shift < 0 else darker(leaf, 0.18)
        canvas.fill(
            blob(rng, x + shift * size, ground - up * size, size * 0.28, size * 0.24), varied(rng, shade, 6)
        )


def paint_field(canvas: Canvas, rng: Random, place: str, lines: list[str], _casts: list[str]) -> None:
    """A road through the rye to a lone tree."""
    w, h = canvas.width, canvas.height
    horizon = h * rng.uniform(0.42, 0.52)
    sky = _sky(canvas, rng, horizon, place)
    _ridge(canvas, rng, horizon - h * 0.03, h * 0.02, mix((104, 136, 124), sky[1], 0.4))
    grain: Colour = rng.choice([(226, 184, 92), (206, 190, 96), (236, 200, 120)])
    _ridge(canvas, rng, horizon + h * 0.03, h * 0.012, Fade(lighter(grain, 0.14), darker(grain, 0.35)))
    end = w * rng.uniform(0.4, 0.6)
    _round_tree(canvas, rng, end + w * rng.choice([-0.12, 0.13]), horizon + h * 0.05, h * 0.16, (94, 130, 76))
    near = w * rng.uniform(0.3, 0.7)
    left = curve(
        [(end - 4, horizon + h * 0.035), (end - w * 0.03, horizon + h * 0.14), (near - w * 0.16, h * 1.02)],
        closed=False,
    )
    right = curve(
        [(near + w * 0.17, h * 1.02), (end + w * 0.035, horizon + h * 0.14), (end + 5, horizon + h * 0.035)],
        closed=False,
    )
    canvas.fill([*left, *right], Fade((206, 178, 132), (176, 140, 98)))
    _ears(canvas, rng, grain, horizon, (left, right))
    _flock(canvas, rng, w * rng.uniform(0.2, 0.8), horizon * 0.4, w * 0.012, 7)
    _wish(canvas, rng, lines, w * (0.26 if near > w / 2 else 0.74), h * 0.6, min(w, h) * 0.36)
    canvas.finish(rng, tint=sky[2])


def _ears(canvas: Canvas, rng: Random, grain: Colour, horizon: float, road: tuple[Outline, Outline]) -> None:
    w, h = canvas.width, canvas.height
    for _ in range(230):
        depth = rng.random() ** 0.6
        y = horizon + h * 0.08 + (h - horizon) * depth
        x = rng.uniform(0, w)
        edge = 0.17 * w * depth + 10
        middle = sum(point[0] for point in (*road[0][-2:], *road[1][:2])) / 4 * depth + road[0][0][0] * (
            1 - depth
        )
        if abs(x - middle) < edge:
            continue
        tall = h * (0.02 + 0.09 * depth)
        tip = (x + rng.uniform(-0.25, 0.25) * tall, y - tall)
        colour = varied(rng, lighter(grain, 0.25) if rng.random() < 0.6 else darker(grain, 0.3), 12)
        canvas.fill(stroke([(x, y), tip], 1 + 3 * depth, 2 + 5 * depth), colour)
        if rng.random() < 0.07:
            canvas.fill(ellipse(x, y - tall * 0.6, 3 + 8 * depth), (78, 98, 186))


def paint_lake(canvas: Canvas, rng: Random, place: str, lines: list[str], _casts: list[str]) -> None:
    """Still water, firs and their reflection, a boat."""
    w, h = canvas.width, canvas.height
    shore = h * rng.uniform(0.44, 0.52)
    sky = _sky(canvas, rng, shore, place)
    canvas.fill(
        rectangle(0, shore, w, h), Fade(mix(sky[1], (90, 120, 130), 0.25), mix(sky[0], (36, 62, 84), 0.6))
    )
    for layer in range(2):
        leaf = mix((58, 92, 82), sky[1], 0.45 - layer * 0.35)
        for _ in range(26 + layer * 10):
            x = rng.uniform(-0.02, 1.02) * w
            if layer and w * 0.36 < x < w * 0.66:
                continue
            tall = h * rng.uniform(0.08, 0.19) * (1 + layer * 0.35)
            colour = varied(rng, leaf, 6)
            _fir(canvas, x, shore + h * 0.012, tall, colour)
            mirror = [(x - tall * 0.16, shore), (x, shore + tall * 0.86), (x + tall * 0.16, shore)]
            canvas.fill(mirror, darker(colour, 0.16), soft=5, opacity=0.45)
    canvas.fill(rectangle(0, shore - 2, w, h * 0.012), darker(mix(sky[1], (70, 84, 60), 0.7), 0.1))
    for _ in range(60):
        y = shore + (h - shore) * rng.random() ** 1.4 + 8
        x, long = rng.uniform(0, w), rng.uniform(0.02, 0.09) * w
        canvas.fill(stroke([(x, y), (x + long, y)], 1, 1, middle=4), lighter(sky[1], 0.4), opacity=0.4)
    _boat(
        canvas,
        w * rng.uniform(0.3, 0.7),
        shore + (h - shore) * 0.36,
        w * 0.12,
        rng.choice([(150, 50, 44), (60, 90, 110), (120, 88, 60)]),
    )
    _reeds(canvas, rng)
    _wish(canvas, rng, lines, w * rng.choice([0.22, 0.78]), h * 0.72, min(w, h) * 0.34)
    canvas.finish(rng, tint=sky[2])


def _fir(canvas: Canvas, x: float, ground: float, tall: float, leaf: Colour) -> None:
    for tier in range(4):
        top = ground - tall + tier * tall * 0.2
        half = tall * (0.09 + tier * 0.055)
        canvas.fill([(x - half, top + tall * 0.36), (x, top), (x + half, top + tall * 0.36)], leaf)


def _boat(canvas: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    canvas.fill(
        ellipse(x, y + size * 0.16, size * 0.62, size * 0.07), (20, 30, 40), soft=size * 0.05, opacity=0.5
    )
    hull = curve(
        [
            (x - size * 0.6, y - size * 0.1),
            (x, y - size * 0.02),
            (x + size * 0.6, y - size * 0.13),
            (x + size * 0.4, y + size * 0.13),
            (x - size * 0.4, y + size * 0.13),
        ]
    )
    canvas.fill(hull, Fade(lighter(colour, 0.15), darker(colour, 0.3)))
    canvas.fill(
        curve(
            [
                (x - size * 0.5, y - size * 0.08),
                (x, y - size * 0.01),
                (x + size * 0.5, y - size * 0.1),
                (x, y + size * 0.03),
            ]
        ),
        darker(colour, 0.5),
    )


def _reeds(canvas: Canvas, rng: Random) -> None:
    w, h = canvas.width, canvas.height
    for _ in range(46):
        x = rng.choice([rng.uniform(-0.02, 0.2), rng.uniform(0.8, 1.02)]) * w
        tall, lean = h * rng.uniform(0.1, 0.26), rng.uniform(-0.05, 0.05) * w
        blade = curve([(x, h + 8), (x + lean * 0.3, h - tall * 0.6), (x + lean, h - tall)], closed=False)
        canvas.fill(stroke(blade, w * 0.006, 2), varied(rng, (84, 104, 62), 16))
        if rng.random() < 0.25:
            canvas.fill(
                stroke([(x + lean, h - tall), (x + lean * 1.1, h - tall - h * 0.03)], w * 0.009), (98, 62, 40)
            )


def paint_bridge(canvas: Canvas, rng: Random, place: str, lines: list[str], _casts: list[str]) -> None:
    """Arches over a river, the town behind, lamps."""
    w, h = canvas.width, canvas.height
    water = h * 0.62
    sky = _sky(canvas, rng, water, place or "dusk")
    is_late = sky is SKIES["dusk"]
    x = -20.0
    while x < w:
        wide, tall = w * rng.uniform(0.05, 0.11), h * rng.uniform(0.1, 0.3)
        wall = varied(rng, mix((120, 104, 120), sky[1], 0.35), 10)
        canvas.fill(rectangle(x, water - tall - h * 0.06, wide - 3, tall + h * 0.1), wall)
        if rng.random() < 0.5:
            canvas.fill(
                [
                    (x - 4, water - tall - h * 0.06),
                    (x + wide / 2, water - tall - h * 0.12),
                    (x + wide, water - tall - h * 0.06),
                ],
                darker(wall, 0.2),
            )
        for _ in range(4):
            canvas.fill(
                rectangle(
                    x + rng.uniform(0.1, 0.75) * wide, water - rng.uniform(0.1, 0.9) * tall - h * 0.05, 11, 16
                ),
                (255, 214, 130) if is_late else lighter(wall, 0.3),
            )
        x += wide
    canvas.fill(
        rectangle(0, water, w, h), Fade(mix(sky[1], (80, 90, 120), 0.3), mix(sky[0], (24, 34, 60), 0.6))
    )
    stone = mix((116, 98, 92), sky[1], 0.15)
    deck = water - h * 0.1
    canvas.fill(rectangle(-5, deck, w + 10, h * 0.13), Fade(lighter(stone, 0.12), stone))
    spans = 4
    for index in range(spans):
        cx = (index + 0.5) * w / spans
        hole = [
            *arc(cx, water + h * 0.04, w / spans * 0.41, h * 0.115, 180, 360),
            (cx + w / spans * 0.41, water + h * 0.06),
            (cx - w / spans * 0.41, water + h * 0.06),
        ]
        canvas.fill(hole, Fade(mix(sky[1], stone, 0.15), mix(sky[1], (60, 80, 110), 0.4)))
        canvas.fill(rectangle(cx + w / spans * 0.41, water, w / spans * 0.18, h * 0.06), darker(stone, 0.15))
        lamp = (index + 0.02) * w / spans + w * 0.02
        canvas.fill(stroke([(lamp, deck), (lamp, deck - h * 0.09)], 5), (52, 46, 54))
        canvas.glow(lamp, deck - h * 0.1, h * 0.08, (255, 224, 150), 0.9)
        canvas.fill(ellipse(lamp, deck - h * 0.1, 8), (255, 246, 214))
        canvas.fill(
            stroke([(lamp, water + h * 0.07), (lamp, water + h * 0.22)], 14, 2),
            (255, 220, 150),
            soft=6,
            opacity=0.5,
        )
    for _ in range(70):
        y = water + h * 0.05 + (h - water) * rng.random()
        rx = rng.uniform(0, w)
        canvas.fill(
            stroke([(rx, y), (rx + rng.uniform(0.02, 0.08) * w, y)], 1, 1, middle=4),
            lighter(sky[1], 0.25),
            opacity=0.35,
        )
    if lines:
        lay_sheet(
            canvas,
            paint_sheet(rng, one_line(lines), w * 0.46, h * 0.1, "plain"),
            w * 0.5,
            deck + h * 0.035,
            0,
        )
    canvas.finish(rng, tint=sky[2])


def paint_windows(canvas: Canvas, rng: Random, _place: str, _lines: list[str], _casts: list[str]) -> None:
    """Blocks of flats at night, one window with a heart in it."""
    w, h = canvas.width, canvas.height
    canvas.fill(rectangle(0, 0, w, h), Fade((22, 26, 58), (74, 62, 104)))
    for _ in range(70):
        canvas.fill(
            ellipse(rng.uniform(0, w), rng.uniform(0, h * 0.5), rng.uniform(1, 3)),
            (240, 240, 255),
            opacity=rng.uniform(0.3, 0.9),
        )
    moon = (w * rng.uniform(0.12, 0.88), h * 0.14)
    canvas.glow(*moon, h * 0.22, (190, 200, 240), 0.6)
    canvas.fill(ellipse(*moon, h * 0.04), (250, 246, 226))
    chosen = rng.randint(3, 6)
    count, x = 0, -w * 0.03
    while x < w:
        wide, top = w * rng.uniform(0.16, 0.26), h * rng.uniform(0.2, 0.46)
        wall = varied(rng, rng.choice([(52, 50, 82), (64, 58, 92), (44, 46, 74)]), 6)
        canvas.fill(rectangle(x, top, wide, h), Fade(lighter(wall, 0.06), darker(wall, 0.35)))
        columns = max(3, round(wide / (min(w, h) * 0.075)))
        for row in range(int((h - top) / (min(w, h) * 0.1))):
            for column in range(columns):
                count += 1
                size = wide / columns
                wx, wy = x + (column + 0.22) * size, top + (row + 0.35) * min(w, h) * 0.1
                _window(canvas, rng, wx, wy, size * 0.56, is_chosen=count % 37 == chosen)
        x += wide + w * rng.uniform(0.005, 0.03)
    canvas.finish(rng, vignette=0.3)


def _window(canvas: Canvas, rng: Random, x: float, y: float, size: float, *, is_chosen: bool) -> None:
    pane = rectangle(x, y, size, size * 1.16)
    if is_chosen:
        canvas.glow(x + size / 2, y + size / 2, size * 1.9, (255, 190, 110), 0.8)
        canvas.fill(pane, (255, 232, 180))
        canvas.fill(heart(x + size / 2, y + size * 0.58, size * 0.72), (200, 30, 40))
        return
    lit = rng.random()
    colour = (
        (250, 206, 120)
        if lit < 0.3
        else (236, 170, 96)
        if lit < 0.42
        else (120, 140, 190)
        if lit < 0.47
        else (38, 38, 66)
    )
    canvas.fill(pane, varied(rng, colour, 8))
    if lit < 0.47:
        canvas.fill(rectangle(x + size * 0.46, y, size * 0.08, size * 1.16), darker(colour, 0.5))


def paint_village(canvas: Canvas, rng: Random, place: str, lines: list[str], _casts: list[str]) -> None:
    """Snow, wooden houses with a light, smoke, firs."""
    w, h = canvas.width, canvas.height
    line = h * rng.uniform(0.46, 0.54)
    sky = _sky(canvas, rng, line, place if place in {"rose", "grey", "dusk"} else "rose")
    for _ in range(40):
        _fir(
            canvas,
            rng.uniform(0, w),
            line + h * 0.03,
            h * rng.uniform(0.1, 0.2),
            varied(rng, mix((74, 96, 110), sky[1], 0.45), 6),
        )
    _ridge(canvas, rng, line + h * 0.02, h * 0.015, Fade((236, 236, 246), (206, 214, 234)))
    for index in range(3):
        _cottage(
            canvas,
            rng,
            w * (0.18 + index * 0.3 + rng.uniform(-0.05, 0.05)),
            line + h * rng.uniform(0.1, 0.17),
            min(w, h) * rng.uniform(0.17, 0.23),
        )
    _ridge(canvas, rng, h * 0.78, h * 0.025, Fade((246, 246, 252), (214, 220, 238)))
    for side in (0.05, 0.95):
        _fir(canvas, w * side, h * 0.95, h * 0.5, (52, 78, 84))
        for tier in range(3):
            canvas.fill(
                stroke(
                    [
                        (w * side - h * 0.05 * tier, h * (0.58 + tier * 0.1)),
                        (w * side, h * (0.55 + tier * 0.1)),
                    ],
                    8,
                ),
                (246, 248, 252),
                opacity=0.8,
            )
    for _ in range(140):
        canvas.fill(
            ellipse(rng.uniform(0, w), rng.uniform(0, h), rng.uniform(1.5, 6)), (255, 255, 255), opacity=0.8
        )
    _wish(canvas, rng, lines, w * 0.5, h * 0.76, min(w, h) * 0.36)
    canvas.finish(rng, tint=sky[2])


def _cottage(canvas: Canvas, rng: Random, x: float, ground: float, size: float) -> None:
    wall = rng.choice([(122, 84, 58), (84, 110, 122), (150, 104, 62), (98, 118, 92)])
    canvas.fill(ellipse(x, ground, size * 0.75, size * 0.1), (120, 130, 170), soft=size * 0.06, opacity=0.5)
    canvas.fill(rectangle(x - size * 0.5, ground - size * 0.5, size, size * 0.5), wall)
    for row in range(6):
        canvas.fill(
            rectangle(x - size * 0.5, ground - size * 0.5 + row * size * 0.085, size, size * 0.012),
            darker(wall, 0.3),
        )
    for shift in (-0.28, 0.12):
        canvas.glow(x + size * (shift + 0.09), ground - size * 0.24, size * 0.3, (255, 206, 120), 0.7)
        canvas.fill(
            rectangle(x + size * shift - 5, ground - size * 0.36, size * 0.18 + 10, size * 0.22 + 8),
            (246, 242, 236),
        )
        canvas.fill(
            rectangle(x + size * shift, ground - size * 0.35, size * 0.18, size * 0.21), (255, 222, 140)
        )
        canvas.fill(
            rectangle(x + size * (shift + 0.08), ground - size * 0.35, size * 0.02, size * 0.21),
            (246, 242, 236),
        )
    canvas.fill(rectangle(x + size * 0.18, ground - size * 1.0, size * 0.11, size * 0.3), (130, 92, 80))
    for puff in range(6):
        canvas.fill(
            ellipse(
                x + size * (0.24 + puff * 0.05),
                ground - size * (1.05 + puff * 0.13),
                size * (0.05 + puff * 0.02),
            ),
            (240, 240, 246),
            soft=size * 0.03,
            opacity=0.5,
        )
    canvas.fill(
        [
            (x - size * 0.66, ground - size * 0.46),
            (x, ground - size * 1.0),
            (x + size * 0.66, ground - size * 0.46),
        ],
        (246, 248, 253),
    )
    canvas.fill(
        [
            (x, ground - size * 1.0),
            (x + size * 0.66, ground - size * 0.46),
            (x + size * 0.1, ground - size * 0.46),
        ],
        (206, 214, 234),
        opacity=0.8,
    )


def paint_shore(canvas: Canvas, rng: Random, place: str, lines: list[str], _casts: list[str]) -> None:
    """Sea, a lighthouse, and words written in the sand."""
    w, h = canvas.width, canvas.height
    horizon = h * 0.36
    sky = _sky(canvas, rng, horizon, place)
    canvas.fill(
        rectangle(0, horizon, w, h), Fade(mix((66, 120, 150), sky[1], 0.3), mix((44, 110, 130), sky[0], 0.2))
    )
    rock = w * rng.choice([0.16, 0.84])
    canvas.fill(blob(rng, rock, horizon + h * 0.01, w * 0.1, h * 0.04), (92, 86, 88))
    tower = [
        (rock - w * 0.016, horizon),
        (rock - w * 0.011, horizon - h * 0.2),
        (rock + w * 0.011, horizon - h * 0.2),
        (rock + w * 0.016, horizon),
    ]
    canvas.fill(tower, (248, 244, 236))
    for band in (0.03, 0.11):
        canvas.fill(
            rectangle(rock - w * 0.03, horizon - h * band - h * 0.035, w * 0.06, h * 0.035),
            (190, 40, 44),
            within=tower,
        )
    canvas.glow(rock, horizon - h * 0.22, h * 0.12, (255, 236, 170), 0.9)
    canvas.fill(rectangle(rock - w * 0.009, horizon - h * 0.23, w * 0.018, h * 0.032), (255, 226, 130))
    canvas.fill(
        [
            (rock - w * 0.014, horizon - h * 0.228),
            (rock, horizon - h * 0.26),
            (rock + w * 0.014, horizon - h * 0.228),
        ],
        (150, 34, 40),
    )
    for _ in range(50):
        y = horizon + 6 + (h * 0.2) * rng.random()
        x = rng.uniform(0, w)
        canvas.fill(
            stroke([(x, y), (x + rng.uniform(0.02, 0.1) * w, y)], 1, 1, middle=4),
            (236, 246, 248),
            opacity=0.45,
        )
    sand = (230, 206, 160)
    for shift, colour in ((0.0, (246, 250, 250)), (0.016, (206, 182, 138)), (0.03, sand)):
        points = [
            (-40.0, h * (0.58 + shift)),
            (w * 0.25, h * (0.61 + shift)),
            (w * 0.55, h * (0.565 + shift)),
            (w * 0.8, h * (0.6 + shift)),
            (w + 40.0, h * (0.57 + shift)),
        ]
        canvas.fill(
            [*curve(points, closed=False), (w + 40.0, h + 9.0), (-40.0, h + 9.0)],
            colour if shift < 0.03 else Fade(sand, darker(sand, 0.16)),
        )
    box = (w * 0.14, h * 0.67, w * 0.86, h * 0.94)
    write(
        canvas.image,
        (box[0] + 3, box[1] + 4, box[2] + 3, box[3] + 4),
        lines,
        "sans-bold",
        ((248, 230, 192), (248, 230, 192)),
        Random(5),
    )
    write(canvas.image, box, lines, "sans-bold", ((150, 116, 72), (150, 116, 72)), Random(5))
    canvas.finish(rng, tint=sky[2])


def paint_birches(canvas: Canvas, rng: Random, place: str, lines: list[str], _casts: list[str]) -> None:
    """Among birches, with light between them."""
    w, h = canvas.width, canvas.height
    leaf: Colour = {"autumn": (226, 168, 62), "dusk": (150, 110, 90)}.get(place, (120, 170, 84))
    canvas.fill(rectangle(0, 0, w, h), Fade(lighter(leaf, 0.62), lighter(leaf, 0.35)))
    canvas.glow(w * 0.55, h * 0.36, w * 0.5, (255, 252, 226), 0.9)
    for layer in range(3):
        for _ in range(26):
            size = min(w, h) * rng.uniform(0.04, 0.1)
            canvas.fill(
                blob(rng, rng.uniform(0, w), h * rng.uniform(0, 0.4), size, size * 0.6),
                varied(rng, lighter(leaf, 0.4 - layer * 0.2), 10),
                soft=14 - layer * 5,
                opacity=0.6,
            )
        _ridge(
            canvas,
            rng,
            h * (0.66 + layer * 0.1),
            h * 0.015,
            Fade(mix(leaf, (96, 130, 76), layer * 0.4), darker(leaf, 0.2 + layer * 0.12)),
        )
        for _ in range(4 + layer):
            _birch(
                canvas,
                rng,
                rng.uniform(0.03, 0.97) * w,
                h * (0.7 + layer * 0.12),
                min(w, h) * (0.018 + layer * 0.014),
                leaf,
                layer,
            )
    for _ in range(60):
        x, y = rng.uniform(0, w), h * rng.uniform(0.72, 1)
        canvas.fill(
            stroke([(x, y), (x + rng.uniform(-12, 12), y - h * 0.04)], 4, 1),
            varied(rng, darker(leaf, 0.1), 20),
        )
    _wish(canvas, rng, lines, w * 0.5, h * 0.62, min(w, h) * 0.42)
    canvas.finish(rng, tint=lighter(leaf, 0.3))


def _birch(
    canvas: Canvas, rng: Random, x: float, ground: float, wide: float, leaf: Colour, layer: int
) -> None:
    bark = mix((250, 248, 242), leaf, 0.3 - layer * 0.13)
    trunk = stroke([(x, ground), (x + rng.uniform(-1, 1) * wide, -20)], wide * 2, wide * 1.4)
    canvas.fill(trunk, bark)
    canvas.fill(
        [(px + wide * 0.6, py) for px, py in trunk],
        darker(bark, 0.4),
        soft=wide * 0.3,
        opacity=0.5,
        within=trunk,
    )
    for _ in range(16):
        y = rng.uniform(0, ground)
        side = rng.choice([-1, 1])
        canvas.fill(
            [
                (x + side * wide * 1.1, y - wide * 0.16),
                (x + side * wide * rng.uniform(-0.1, 0.5), y),
                (x + side * wide * 1.1, y + wide * 0.2),
            ],
            (58, 52, 52),
            within=trunk,
        )
    for _ in range(9):
        size = wide * rng.uniform(1.2, 2.6)
        canvas.fill(
            blob(rng, x + rng.uniform(-5, 5) * wide, rng.uniform(-0.02, 0.2) * ground, size, size * 0.7),
            varied(rng, lighter(leaf, 0.1), 16),
            opacity=0.8,
        )


def paint_balloons(canvas: Canvas, rng: Random, place: str, lines: list[str], _casts: list[str]) -> None:
    """Balloons in the sky over meadows, a letter on each."""
    w, h = canvas.width, canvas.height
    sky = _sky(canvas, rng, h * 0.88, place or "noon")
    _ridge(canvas, rng, h * 0.84, h * 0.02, mix((120, 160, 120), sky[1], 0.35))
    _ridge(canvas, rng, h * 0.91, h * 0.015, Fade((132, 178, 96), (88, 138, 72)))
    letters = lines[0].removeprefix("*") if lines else "50"
    colours: list[Colour] = [
        (206, 36, 46),
        (250, 246, 238),
        (240, 178, 60),
        (70, 130, 180),
        (120, 164, 110),
        (226, 120, 140),
    ]
    rng.shuffle(colours)
    unit = min(w / (len(letters) * 1.22 + 0.8), h * 0.27)
    knot = (w * 0.5 + rng.uniform(-0.1, 0.1) * w, h * 0.93)
    for index, letter in enumerate(letters):
        x = w / 2 + (index - (len(letters) - 1) / 2) * unit * 1.2
        y = h * 0.36 + rng.uniform(-0.45, 0.45) * unit
        colour = colours[index % len(colours)]
        string = curve([(x, y + unit * 0.62), (x * 0.7 + knot[0] * 0.3, h * 0.68), knot], closed=False)
        canvas.fill(stroke(string, 3), (90, 84, 84))
        body = curve(
            [
                (x, y - unit * 0.6),
                (x + unit * 0.48, y - unit * 0.2),
                (x + unit * 0.36, y + unit * 0.3),
                (x, y + unit * 0.6),
                (x - unit * 0.36, y + unit * 0.3),
                (x - unit * 0.48, y - unit * 0.2),
            ]
        )
        canvas.fill(
            [(x - unit * 0.07, y + unit * 0.68), (x, y + unit * 0.56), (x + unit * 0.07, y + unit * 0.68)],
            darker(colour, 0.2),
        )
        canvas.fill(body, Fade(lighter(colour, 0.12), darker(colour, 0.12)))
        canvas.fill(
            ellipse(x + unit * 0.3, y + unit * 0.16, unit * 0.2, unit * 0.5),
            darker(colour, 0.4),
            soft=unit * 0.12,
            opacity=0.45,
            within=body,
        )
        canvas.fill(
            Frame(x - unit * 0.2, y - unit * 0.3, 1, 25)(ellipse(0, 0, unit * 0.07, unit * 0.14)),
            (255, 255, 255),
            soft=unit * 0.04,
            opacity=0.7,
        )
        ink = (170, 24, 34) if sum(colour) > 480 else (255, 252, 246)
        write(
            canvas.image,
            (x - unit * 0.3, y - unit * 0.34, x + unit * 0.3, y + unit * 0.3),
            [letter],
            "black",
            (ink, ink),
        )
    _flock(canvas, rng, w * 0.5, h * 0.74, w * 0.01, 5)
    canvas.finish(rng, tint=sky[2])
