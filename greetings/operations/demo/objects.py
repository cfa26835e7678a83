"""Things on tables, sills and walls: tea and rowan, a cake, candles, books, mushrooms, a bicycle, a cat, chalk."""

from random import Random

from greetings.operations.demo.backdrops import paint_backdrop
from greetings.operations.demo.canvas import Canvas, Fade, crayon
from greetings.operations.demo.lettering import write
from greetings.operations.demo.palette import CLOTHES, PAINTS, RED, Colour, darker, lighter, mix, varied
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
    rounded,
    star,
    stroke,
)
from greetings.operations.demo.sheets import DESIGNS, lay_sheet, paint_sheet

_WOODS: tuple[Colour, ...] = ((176, 132, 92), (138, 98, 68), (206, 176, 138), (120, 112, 108), (96, 66, 48))
_CLOTHS: tuple[Colour, ...] = ((228, 220, 202), (188, 204, 206), (214, 180, 170), (196, 202, 176))
_SHADE: Colour = (24, 16, 18)


def cover_table(canvas: Canvas, rng: Random) -> None:
    """Planks, or a linen cloth, seen from above."""
    w, h = canvas.width, canvas.height
    if rng.random() < 0.35:
        cloth = rng.choice(_CLOTHS)
        canvas.fill(rectangle(0, 0, w, h), Fade(lighter(cloth, 0.1), darker(cloth, 0.08)))
        stripe = rng.choice([RED, (60, 90, 130), (110, 130, 90)])
        for x in range(0, w, w // 9):
            canvas.fill(rectangle(x, 0, w * 0.012, h), stripe, opacity=0.45)
            canvas.fill(rectangle(0, x, w, w * 0.012), stripe, opacity=0.3)
    else:
        wood = rng.choice(_WOODS)
        count = rng.randint(5, 7)
        for plank in range(count):
            tone = varied(rng, wood, 9)
            top = plank * h / count
            canvas.fill(rectangle(0, top, w, h / count - 3), Fade(lighter(tone, 0.05), darker(tone, 0.1)))
            canvas.fill(rectangle(0, top + h / count - 4, w, 5), darker(wood, 0.55))
            for _ in range(7):
                y, x = top + rng.uniform(8, h / count - 8), rng.uniform(-0.1, 0.8) * w
                line = curve(
                    [(x, y), (x + w * 0.15, y + rng.uniform(-7, 7)), (x + w * 0.35, y)], closed=False
                )
                canvas.fill(stroke(line, 1, 1, middle=3), darker(wood, 0.35), opacity=0.45)
    canvas.glow(w * 0.2, h * 0.1, w * 0.8, (255, 246, 222), 0.3)


def paint_table(canvas: Canvas, rng: Random, _place: str, lines: list[str], _casts: list[str]) -> None:
    """A sheet on a table among tea, rowan, an envelope, a pencil."""
    cover_table(canvas, rng)
    w, h = canvas.width, canvas.height
    short = min(w, h)
    corners: list[Point] = [
        (w * 0.13, h * 0.16),
        (w * 0.87, h * 0.16),
        (w * 0.13, h * 0.84),
        (w * 0.87, h * 0.84),
    ]
    rng.shuffle(corners)
    _envelope(canvas, rng, *corners[3], short * 0.34)
    width, height = (short * 0.62, short * 0.8) if h > w else (short * 0.92, short * 0.6)
    design = rng.choice(DESIGNS)
    lay_sheet(canvas, paint_sheet(rng, lines, width, height, design), w * 0.5, h * 0.5, rng.uniform(-7, 7))
    _cup(canvas, rng, *corners[0], short * 0.13)
    _rowan(canvas, rng, *corners[1], short * 0.3)
    _pencil(canvas, rng, *corners[2], short * 0.34)
    canvas.finish(rng)


def _cup(canvas: Canvas, rng: Random, x: float, y: float, size: float) -> None:
    colour = rng.choice([(244, 240, 232), (70, 110, 150), (190, 60, 54), (226, 184, 96)])
    canvas.fill(ellipse(x + size * 0.2, y + size * 0.3, size * 1.35), _SHADE, soft=size * 0.3, opacity=0.4)
    canvas.fill(ellipse(x, y, size * 1.35), lighter(colour, 0.3))
    canvas.fill(ellipse(x, y, size * 1.1), darker(colour, 0.05))
    canvas.fill(
        stroke(arc(x + size * 0.95, y, size * 0.3, size * 0.26, -120, 120), size * 0.17), lighter(colour, 0.1)
    )
    canvas.fill(ellipse(x, y, size * 0.9), lighter(colour, 0.15))
    canvas.fill(ellipse(x, y, size * 0.77), (150, 82, 36))
    canvas.fill(ellipse(x + size * 0.1, y + size * 0.12, size * 0.6), (176, 104, 46), soft=size * 0.12)
    canvas.fill(
        stroke(arc(x, y, size * 0.6, size * 0.6, 190, 250), size * 0.03, middle=size * 0.09),
        (255, 236, 200),
        soft=2,
        opacity=0.7,
    )


def _rowan(canvas: Canvas, rng: Random, x: float, y: float, size: float) -> None:
    frame = Frame(x, y, size, rng.uniform(0, 360))
    stem = curve([(-0.6, 0.05), (-0.1, 0), (0.4, -0.05)], closed=False)
    canvas.fill([(px + 5, py + 8) for px, py in frame(stroke(stem, 0.03))], _SHADE, soft=5, opacity=0.3)
    canvas.fill(frame(stroke(stem, 0.022)), (98, 70, 50))
    for index in range(7):
        for side in (-1, 1):
            leaf_frame = frame.within(-0.62 + index * 0.11, side * 0.01, side * 62)
            leaf = curve([(0, 0), (0.1, -0.045), (0.24, 0), (0.1, 0.045)])
            canvas.fill([(px + 4, py + 6) for px, py in leaf_frame(leaf)], _SHADE, soft=4, opacity=0.25)
            canvas.fill(
                leaf_frame(leaf), varied(rng, rng.choice([(86, 126, 66), (126, 142, 66), (196, 142, 56)]), 10)
            )
    for _ in range(34):
        bx, by = 0.32 + rng.gauss(0, 0.12), rng.gauss(0, 0.12)
        px, py = frame.point(bx, by)
        canvas.fill(ellipse(px + 4, py + 6, size * 0.05), _SHADE, soft=4, opacity=0.3)
        canvas.fill(ellipse(px, py, size * 0.05), varied(rng, (206, 48, 32), 12))
        canvas.fill(ellipse(px - size * 0.016, py - size * 0.018, size * 0.014), (255, 200, 176), opacity=0.9)


def _envelope(canvas: Canvas, rng: Random, x: float, y: float, size: float) -> None:
    frame = Frame(x, y, size, rng.uniform(-24, 24))
    paper = rng.choice([(250, 246, 236), (226, 198, 156), (214, 226, 234)])
    shape = rectangle(-0.6, -0.4, 1.2, 0.8)
    canvas.fill([(px + 6, py + 10) for px, py in frame(shape)], _SHADE, soft=9, opacity=0.4)
    canvas.fill(frame(shape), paper)
    canvas.fill(frame(stroke([(-0.6, -0.4), (0, 0.12), (0.6, -0.4)], 0.012)), darker(paper, 0.22))
    stamp = frame(rectangle(0.32, -0.33, 0.2, 0.25))
    canvas.fill(stamp, RED)
    for turn in range(3):
        canvas.fill(
            frame(stroke(arc(0.22, -0.2, 0.16 - turn * 0.04, 0.16 - turn * 0.04, 0, 359), 0.008)),
            (74, 70, 82),
            opacity=0.5,
        )


def _pencil(canvas: Canvas, rng: Random, x: float, y: float, size: float) -> None:
    for _ in range(rng.randint(1, 3)):
        frame = Frame(
            x + rng.uniform(-0.1, 0.1) * size, y + rng.uniform(-0.2, 0.2) * size, size, rng.uniform(-50, 50)
        )
        colour = rng.choice(PAINTS)
        canvas.fill(
            [(px + 4, py + 8) for px, py in frame(rectangle(-0.5, -0.035, 1.1, 0.07))],
            _SHADE,
            soft=5,
            opacity=0.35,
        )
        canvas.fill(frame(rectangle(-0.5, -0.035, 0.9, 0.07)), colour)
        canvas.fill(frame(rectangle(-0.5, -0.035, 0.9, 0.025)), lighter(colour, 0.3))
        canvas.fill(frame([(0.4, -0.035), (0.6, 0), (0.4, 0.035)]), (236, 206, 164))
        canvas.fill(frame([(0.54, -0.011), (0.6, 0), (0.54, 0.011)]), darker(colour, 0.2))


def paint_cake(canvas: Canvas, rng: Random, place: str, lines: list[str], _casts: list[str]) -> None:
    """A cake with candles, and a sheet behind it."""
    paint_backdrop(canvas, rng, place or "kitchen")
    w, h = canvas.width, canvas.height
    top, short = h * 0.76, min(w, h)
    wood = rng.choice(_WOODS)
    canvas.fill(rectangle(0, top, w, h), Fade(lighter(wood, 0.1), darker(wood, 0.35)))
    width = short * 0.7
    lay_sheet(
        canvas,
        paint_sheet(rng, lines, width, width * 0.6, rng.choice(DESIGNS)),
        w * 0.5,
        top - short * 0.42,
        rng.uniform(-3, 3),
    )
    x, size = w * 0.5 + rng.uniform(-0.06, 0.06) * w, short * 0.5
    canvas.fill(
        ellipse(x, top + size * 0.16, size * 0.86, size * 0.14), _SHADE, soft=size * 0.06, opacity=0.5
    )
    canvas.fill(ellipse(x, top + size * 0.11, size * 0.8, size * 0.13), (248, 246, 240))
    canvas.fill(ellipse(x, top + size * 0.09, size * 0.7, size * 0.1), (222, 218, 212))
    dough = rng.choice([(104, 62, 40), (222, 178, 118), (150, 44, 52)])
    icing = rng.choice([(252, 244, 232), (244, 190, 196), (108, 62, 42), (226, 232, 200)])
    for tier, (wide, low, high) in enumerate(((0.6, 0.08, 0.28), (0.4, -0.16, 0.2))[: rng.randint(1, 2)]):
        _tier(canvas, rng, (x, top + size * low), (size * wide, size * high), dough, icing)
        crown = (top + size * (low - high), size * wide * 0.8)
        if tier == 1 or wide == 0.6:
            last = crown
    for index in range(7):
        cx = x + (index - 3) / 3 * last[1]
        _candle(
            canvas,
            rng.choice([(206, 40, 48), (250, 246, 238), (70, 120, 180)]),
            cx,
            last[0] + size * 0.02,
            size * 0.16,
        )
    canvas.finish(rng, tint=(255, 200, 130))


def _tier(canvas: Canvas, rng: Random, foot: Point, size: Point, dough: Colour, icing: Colour) -> None:
    (x, y), (half, tall) = foot, size
    side = [*arc(x, y, half, half * 0.16, 180, 0), (x + half, y - tall), (x - half, y - tall)]
    canvas.fill(side, Fade(lighter(dough, 0.1), darker(dough, 0.25), sideways=True))
    drips: Outline = [(x - half, y - tall)]
    for step in range(17):
        drips.append(
            (
                x - half + half * 2 * step / 16,
                y - tall + tall * (0.24 if step % 2 else 0.44 + rng.uniform(-0.1, 0.14)),
            )
        )
    drips.append((x + half, y - tall))
    canvas.fill(
        curve(drips, closed=False),
        icing,
        within=[*side[:25], (x + half, y - tall - 5), (x - half, y - tall - 5)],
    )
    canvas.fill(ellipse(x, y - tall, half, half * 0.16), lighter(icing, 0.3))
    for step in range(9):
        bx = x - half * 0.9 + half * 1.8 * step / 8
        canvas.fill(
            ellipse(bx, y - tall + half * 0.06 * (1 - ((step - 4) / 4) ** 2), half * 0.045), (196, 36, 44)
        )
    canvas.fill(
        rectangle(x + half * 0.5, y - tall, half, tall * 1.2),
        _SHADE,
        soft=half * 0.2,
        opacity=0.25,
        within=side,
    )


def _candle(canvas: Canvas, colour: Colour, x: float, y: float, tall: float) -> None:
    canvas.fill(
        rectangle(x - tall * 0.07, y - tall * 0.7, tall * 0.14, tall * 0.7),
        Fade(lighter(colour, 0.3), darker(colour, 0.2), sideways=True),
    )
    canvas.glow(x, y - tall * 0.9, tall * 0.8, (255, 216, 130), 0.7)
    flame = curve(
        [
            (x, y - tall * 1.22),
            (x + tall * 0.09, y - tall * 0.88),
            (x, y - tall * 0.74),
            (x - tall * 0.09, y - tall * 0.88),
        ]
    )
    canvas.fill(flame, (255, 178, 60))
    canvas.fill(
        curve(
            [
                (x, y - tall * 1.05),
                (x + tall * 0.045, y - tall * 0.86),
                (x, y - tall * 0.77),
                (x - tall * 0.045, y - tall * 0.86),
            ]
        ),
        (255, 244, 200),
    )


def paint_sill(canvas: Canvas, rng: Random, place: str, lines: list[str], casts: list[str]) -> None:
    """A window sill with a sheet; a cat or a dog, or candles, or flowers keep it company."""
    w, h = canvas.width, canvas.height
    short = min(w, h)
    paint_backdrop(
        canvas, rng, place or rng.choice(["night", "snow", "garden", "evening", "town", "autumn"]), blur=11
    )
    frame_colour: Colour = rng.choice([(244, 240, 230), (222, 206, 182), (150, 110, 82), (196, 208, 206)])
    for left, width in ((-10, w * 0.055), (w * 0.955, w * 0.06), (w * 0.49, w * 0.022)):
        canvas.fill(
            rectangle(left, 0, width, h),
            Fade(lighter(frame_colour, 0.15), darker(frame_colour, 0.12), sideways=True),
        )
    canvas.fill(rectangle(0, 0, w, h * 0.03), frame_colour)
    sill = h * 0.78
    canvas.fill(rectangle(0, sill - h * 0.02, w, h * 0.02), darker(frame_colour, 0.18))
    canvas.fill(rectangle(0, sill, w, h), Fade(lighter(frame_colour, 0.2), darker(frame_colour, 0.3)))
    is_left = rng.random() < 0.5
    wide = h <= w
    sheet_size = (min(short * 0.66, w * 0.5), min(short * 0.5, w * 0.4)) if wide else (w * 0.54, w * 0.6)
    sheet_x = w * ((0.33 if is_left else 0.67) if wide else (0.36 if is_left else 0.64))
    lay_sheet(
        canvas,
        paint_sheet(rng, lines, *sheet_size, rng.choice(DESIGNS)),
        sheet_x,
        sill + h * 0.07 - sheet_size[1] / 2,
        rng.uniform(-4, 4),
    )
    companion = casts[0] if casts else rng.choice(["cat", "candles", "flowers", "dog"])
    x = w * ((0.76 if is_left else 0.24) if wide else (0.78 if is_left else 0.22))
    unit = short * (0.42 if wide else 0.36)
    {"cat": _cat, "dog": _dog, "candles": _candles, "flowers": _vase}[companion](
        canvas, rng, x, sill + h * 0.1, unit
    )
    canvas.finish(rng)


def _candles(canvas: Canvas, rng: Random, x: float, y: float, unit: float) -> None:
    for shift, tall in ((-0.32, 0.5), (0.0, 0.76), (0.3, 0.38)):
        cx, half = x + shift * unit, unit * 0.1
        canvas.fill(ellipse(cx, y, half * 1.5, half * 0.4), _SHADE, soft=8, opacity=0.4)
        wax = [
            *arc(cx, y, half, half * 0.3, 180, 0),
            (cx + half, y - unit * tall),
            (cx - half, y - unit * tall),
        ]
        canvas.fill(wax, Fade((252, 242, 220), (226, 200, 164), sideways=True))
        canvas.glow(cx, y - unit * tall, unit * 0.16, (255, 220, 150), 0.9)
        canvas.fill(ellipse(cx, y - unit * tall, half, half * 0.3), (255, 236, 190))
        canvas.glow(cx, y - unit * (tall + 0.12), unit * 0.62, (255, 200, 110), 0.55)
        canvas.fill(stroke([(cx, y - unit * tall), (cx, y - unit * (tall + 0.05))], 4), (60, 44, 36))
        flame = [(0.0, -0.27), (0.05, -0.1), (0.0, -0.03), (-0.05, -0.1)]
        canvas.fill(curve([(cx + fx * unit, y + (fy - tall) * unit) for fx, fy in flame]), (255, 184, 70))
        canvas.fill(
            curve([(cx + fx * unit * 0.5, y + (fy * 0.7 - tall - 0.01) * unit) for fx, fy in flame]),
            (255, 248, 214),
        )
    canvas.fill(ellipse(x, y + unit * 0.03, 1), varied(rng, (255, 230, 180)))


def _vase(canvas: Canvas, rng: Random, x: float, y: float, unit: float) -> None:
    colour = rng.choice([(70, 110, 140), (190, 84, 60), (236, 230, 216), (110, 130, 96)])
    petals = rng.choice([(236, 170, 50), (190, 60, 90), (120, 110, 190), (244, 240, 232)])
    for _ in range(11):
        tip = (x + rng.uniform(-0.5, 0.5) * unit, y - unit * rng.uniform(0.85, 1.35))
        line = curve([(x, y - unit * 0.4), (x * 0.6 + tip[0] * 0.4, y - unit * 0.75), tip], closed=False)
        canvas.fill(stroke(line, unit * 0.022), (92, 128, 72))
        if rng.random() < 0.35:
            canvas.fill(blob(rng, *line[9], unit * 0.14, unit * 0.07), (110, 146, 84))
        size = unit * rng.uniform(0.11, 0.17)
        canvas.fill(star(*tip, size, points=9, inner=0.6, turn=rng.uniform(0, 90)), varied(rng, petals, 16))
        canvas.fill(ellipse(*tip, size * 0.34), (224, 160, 46))
    body = curve(
        [
            (x - unit * 0.12, y - unit * 0.5),
            (x + unit * 0.12, y - unit * 0.5),
            (x + unit * 0.26, y - unit * 0.2),
            (x + unit * 0.16, y),
            (x - unit * 0.16, y),
            (x - unit * 0.26, y - unit * 0.2),
        ]
    )
    canvas.fill(ellipse(x + 8, y, unit * 0.26, unit * 0.05), _SHADE, soft=9, opacity=0.4)
    canvas.fill(body, Fade(lighter(colour, 0.22), darker(colour, 0.3), sideways=True))
    canvas.fill(
        stroke([(x - unit * 0.17, y - unit * 0.3), (x - unit * 0.15, y - unit * 0.12)], unit * 0.03),
        (255, 255, 255),
        soft=5,
        opacity=0.5,
    )


def _cat(canvas: Canvas, rng: Random, x: float, y: float, unit: float) -> None:
    fur = rng.choice([(84, 74, 66), (206, 132, 62), (60, 58, 64), (226, 214, 198), (140, 130, 124)])
    frame = Frame(x, y, unit, 0, rng.random() < 0.5)
    tail = curve([(0.26, -0.08), (0.52, -0.05), (0.6, -0.3), (0.48, -0.46)], closed=False)
    canvas.fill(frame(ellipse(0.05, 0, 0.42, 0.06)), _SHADE, soft=9, opacity=0.4)
    canvas.fill(frame(stroke(tail, 0.1, 0.08)), darker(fur, 0.08))
    body = curve(
        [
            (-0.2, -0.72),
            (0.14, -0.74),
            (0.3, -0.4),
            (0.34, -0.04),
            (0.2, 0.02),
            (-0.24, 0.02),
            (-0.34, -0.06),
            (-0.28, -0.42),
        ]
    )
    canvas.fill(frame(body), Fade(lighter(fur, 0.06), darker(fur, 0.22)))
    canvas.fill(
        frame(ellipse(-0.06, -0.32, 0.15, 0.24)),
        lighter(fur, 0.42),
        soft=unit * 0.05,
        opacity=0.6,
        within=frame(body),
    )
    for paw in (-0.15, 0.06):
        canvas.fill(frame(ellipse(paw, -0.01, 0.1, 0.06)), lighter(fur, 0.3))
    head = frame.within(-0.04, -0.84)
    for side in (-1, 1):
        canvas.fill(head([(side * 0.1, -0.16), (side * 0.27, -0.4), (side * 0.29, -0.04)]), fur)
        canvas.fill(
            head([(side * 0.16, -0.16), (side * 0.245, -0.32), (side * 0.255, -0.08)]), (224, 160, 150)
        )
    face = curve(
        [
            (-0.29, 0.02),
            (-0.23, -0.16),
            (0, -0.22),
            (0.23, -0.16),
            (0.29, 0.02),
            (0.16, 0.19),
            (0, 0.22),
            (-0.16, 0.19),
        ]
    )
    canvas.fill(head(face), fur)
    for stripe in (-0.08, 0.0, 0.08):
        canvas.fill(
            head(stroke([(stripe, -0.21), (stripe * 0.8, -0.11)], 0.03, 0.01)), darker(fur, 0.35), opacity=0.8
        )
    _cat_face(canvas, head, fur, rng.choice([(226, 196, 70), (130, 180, 90), (110, 170, 190)]))


def _cat_face(canvas: Canvas, head: Frame, fur: Colour, eyes: Colour) -> None:
    canvas.fill(head(ellipse(-0.05, 0.12, 0.075, 0.06)), lighter(fur, 0.5))
    canvas.fill(head(ellipse(0.05, 0.12, 0.075, 0.06)), lighter(fur, 0.5))
    for side in (-1, 1):
        canvas.fill(head(ellipse(side * 0.12, -0.01, 0.062, 0.056)), eyes)
        canvas.fill(head(ellipse(side * 0.12, -0.01, 0.022, 0.05)), (20, 18, 20))
        canvas.fill(head(ellipse(side * 0.12 - 0.018, -0.03, 0.014)), (255, 255, 255))
        for down in (-0.02, 0.02):
            canvas.fill(
                head(stroke([(side * 0.09, 0.12), (side * 0.34, 0.1 + down * 2.4)], 0.008, 0.003)),
                (250, 246, 240),
            )
        canvas.fill(head(stroke(arc(side * 0.035, 0.12, 0.035, 0.035, 0, 180, 8), 0.012)), darker(fur, 0.6))
    canvas.fill(head([(-0.03, 0.075), (0.03, 0.075), (0, 0.11)]), (204, 110, 108))


def _dog(canvas: Canvas, rng: Random, x: float, y: float, unit: float) -> None:
    fur = rng.choice([(186, 134, 82), (236, 226, 210), (96, 70, 54), (70, 66, 70)])
    frame = Frame(x, y, unit, 0, rng.random() < 0.5)
    canvas.fill(frame(ellipse(0.02, 0, 0.44, 0.06)), _SHADE, soft=9, opacity=0.4)
    canvas.fill(
        frame(stroke(curve([(0.24, -0.1), (0.46, -0.24), (0.52, -0.5)], closed=False), 0.1, 0.05)), fur
    )
    body = curve([(-0.2, -0.7), (0.18, -0.7), (0.32, -0.35), (0.32, 0.0), (-0.3, 0.0), (-0.3, -0.35)])
    canvas.fill(frame(body), Fade(lighter(fur, 0.06), darker(fur, 0.24)))
    canvas.fill(
        frame(ellipse(-0.04, -0.42, 0.16, 0.26)),
        lighter(fur, 0.5),
        soft=unit * 0.04,
        opacity=0.8,
        within=frame(body),
    )
    for paw in (-0.16, 0.1):
        canvas.fill(frame(rounded(paw - 0.09, -0.3, 0.18, 0.31, 0.08)), lighter(fur, 0.1))
    canvas.fill(frame(stroke(curve([(-0.2, -0.62), (0, -0.54), (0.18, -0.62)], closed=False), 0.07)), RED)
    head = frame.within(-0.02, -0.88, rng.uniform(-7, 7))
    canvas.fill(
        head(
            curve(
                [
                    (-0.25, 0.0),
                    (-0.2, -0.22),
                    (0.2, -0.22),
                    (0.25, 0.0),
                    (0.15, 0.22),
                    (0, 0.28),
                    (-0.15, 0.22),
                ]
            )
        ),
        fur,
    )
    canvas.fill(
        head(curve([(-0.13, 0.05), (0, -0.2), (0.13, 0.05), (0.14, 0.2), (0, 0.27), (-0.14, 0.2)])),
        lighter(fur, 0.5),
    )
    for side in (-1, 1):
        ear = curve(
            [
                (side * 0.18, -0.23),
                (side * 0.32, -0.16),
                (side * 0.37, 0.1),
                (side * 0.27, 0.19),
                (side * 0.22, -0.02),
            ]
        )
        canvas.fill(head(ear), darker(fur, 0.3))
        canvas.fill(head(ellipse(side * 0.115, -0.03, 0.035)), (28, 20, 18))
        canvas.fill(head(ellipse(side * 0.115 - 0.012, -0.042, 0.011)), (255, 255, 255))
        canvas.fill(head(stroke(arc(side * 0.05, 0.15, 0.05, 0.05, 0, 180, 8), 0.014)), (60, 40, 36))
    canvas.fill(head(rounded(0 - 0.04, 0.19, 0.08, 0.11, 0.04)), (224, 110, 116))
    canvas.fill(head(ellipse(0, 0.1, 0.062, 0.046)), (34, 26, 26))


def paint_books(canvas: Canvas, rng: Random, place: str, lines: list[str], _casts: list[str]) -> None:
    """A pile of books with a sheet leaning on it, spectacles, a mug."""
    paint_backdrop(canvas, rng, place or rng.choice(["library", "kitchen", "office", "brick"]), blur=12)
    w, h = canvas.width, canvas.height
    desk, short = h * 0.8, min(w, h)
    wood = rng.choice(_WOODS)
    canvas.fill(rectangle(0, desk, w, h), Fade(lighter(wood, 0.12), darker(wood, 0.35)))
    x, y = w * rng.choice([0.3, 0.7]), desk + h * 0.05
    canvas.fill(ellipse(x, y, short * 0.34, short * 0.04), _SHADE, soft=12, opacity=0.5)
    for _ in range(rng.randint(5, 7)):
        tall, wide, shift = (
            short * rng.uniform(0.05, 0.085),
            short * rng.uniform(0.46, 0.6),
            rng.uniform(-0.03, 0.03) * short,
        )
        cover = varied(rng, rng.choice(CLOTHES), 10)
        left = x + shift - wide / 2
        canvas.fill(
            rounded(left, y - tall, wide, tall, tall * 0.16), Fade(lighter(cover, 0.16), darker(cover, 0.22))
        )
        for band in (0.14, 0.8):
            canvas.fill(
                rectangle(left + wide * band, y - tall, wide * 0.02, tall), (232, 204, 140), opacity=0.9
            )
        canvas.fill(
            rectangle(left + wide * 0.3, y - tall * 0.62, wide * 0.34, tall * 0.22),
            (240, 224, 180),
            opacity=0.6,
        )
        y -= tall
    away = w - x
    lay_sheet(
        canvas,
        paint_sheet(rng, lines, short * 0.6, short * 0.5, rng.choice(DESIGNS)),
        w * 0.5 + (away - w * 0.5) * 0.62,
        desk - short * 0.17,
        rng.uniform(-5, 5),
    )
    _mug(canvas, rng, x, y, short * 0.1)
    canvas.finish(rng)


def _mug(canvas: Canvas, rng: Random, x: float, y: float, size: float) -> None:
    colour = rng.choice([(190, 40, 46), (240, 236, 226), (60, 96, 130), (222, 176, 90)])
    canvas.fill(
        stroke(arc(x + size * 0.8, y - size * 0.85, size * 0.42, size * 0.46, -90, 90), size * 0.2),
        darker(colour, 0.15),
    )
    body = [
        *arc(x, y - size * 0.1, size * 0.8, size * 0.16, 180, 0),
        (x + size * 0.86, y - size * 1.75),
        (x - size * 0.86, y - size * 1.75),
    ]
    canvas.fill(body, Fade(lighter(colour, 0.2), darker(colour, 0.25), sideways=True))
    canvas.fill(ellipse(x, y - size * 1.75, size * 0.86, size * 0.18), lighter(colour, 0.25))
    canvas.fill(ellipse(x, y - size * 1.73, size * 0.74, size * 0.13), (110, 62, 34))
    for shift in (-0.3, 0.2):
        steam = curve(
            [
                (x + shift * size, y - size * 2),
                (x + (shift + 0.2) * size, y - size * 2.5),
                (x + (shift - 0.1) * size, y - size * 3),
                (x + shift * size, y - size * 3.5),
            ],
            closed=False,
        )
        canvas.fill(
            stroke(steam, size * 0.05, size * 0.05, middle=size * 0.22),
            (255, 255, 255),
            soft=size * 0.12,
            opacity=0.4,
        )


def paint_mushrooms(canvas: Canvas, rng: Random, place: str, lines: list[str], _casts: list[str]) -> None:
    """A basket of mushrooms in the wood, a sheet stuck into it."""
    paint_backdrop(canvas, rng, place or rng.choice(["forest", "autumn"]), blur=12)
    w, h = canvas.width, canvas.height
    short, ground = min(w, h), h * 0.78
    moss: Colour = rng.choice([(96, 122, 62), (120, 116, 58), (84, 106, 66)])
    canvas.fill(
        curve(
            [
                (-60, ground + 20),
                (w * 0.3, ground - 14),
                (w * 0.7, ground + 10),
                (w + 60, ground - 16),
                (w + 60, h * 1.2),
                (-60, h * 1.2),
            ]
        ),
        Fade(lighter(moss, 0.1), darker(moss, 0.4)),
    )
    for _ in range(90):
        x, y = rng.uniform(0, w), rng.uniform(ground, h)
        canvas.fill(
            stroke([(x, y), (x + rng.uniform(-14, 14), y - short * 0.05)], 5, 1), varied(rng, moss, 24)
        )
    x, y, unit = w * 0.5, ground + short * 0.16, short * 0.36
    lay_sheet(
        canvas,
        paint_sheet(rng, lines, unit * 1.7, unit * 1.15, rng.choice(DESIGNS)),
        x,
        y - unit * 1.62,
        rng.uniform(-5, 5),
    )
    canvas.fill(
        stroke(arc(x, y - unit * 0.55, unit * 0.94, unit * 1.5, 180, 360, 40), unit * 0.075), (132, 88, 50)
    )
    for _ in range(13):
        _mushroom(
            canvas,
            rng,
            x + rng.uniform(-0.72, 0.72) * unit,
            y - unit * rng.uniform(0.42, 0.72),
            unit * rng.uniform(0.2, 0.3),
        )
    _basket(canvas, x, y, unit)
    for side in (-1, 1):
        _mushroom(canvas, rng, x + side * unit * rng.uniform(1.25, 1.6), y + unit * 0.12, unit * 0.3)
    canvas.finish(rng)


def _mushroom(canvas: Canvas, rng: Random, x: float, y: float, size: float) -> None:
    cap = rng.choice([(142, 84, 46), (168, 100, 52), (110, 66, 42), (206, 128, 56), (190, 60, 40)])
    frame = Frame(x, y, size, rng.uniform(-22, 22))
    canvas.fill(
        frame(curve([(-0.24, -0.6), (0.24, -0.6), (0.36, 0.3), (0.2, 0.44), (-0.2, 0.44), (-0.36, 0.3)])),
        Fade((250, 240, 220), (214, 196, 164)),
    )
    top = [*arc(0, -0.5, 0.86, 0.72, 180, 360), *arc(0, -0.5, 0.86, 0.2, 0, 180)]
    canvas.fill(frame(top), Fade(lighter(cap, 0.2), darker(cap, 0.2)))
    canvas.fill(frame(ellipse(-0.3, -0.9, 0.2, 0.1)), (255, 244, 220), soft=size * 0.1, opacity=0.5)


def _basket(canvas: Canvas, x: float, y: float, unit: float) -> None:
    canvas.fill(ellipse(x, y + unit * 0.05, unit * 0.95, unit * 0.1), _SHADE, soft=14, opacity=0.5)
    wicker: Colour = (176, 124, 72)
    body = [
        (x - unit, y - unit * 0.58),
        (x + unit, y - unit * 0.58),
        (x + unit * 0.78, y),
        (x - unit * 0.78, y),
    ]
    canvas.fill(body, darker(wicker, 0.3))
    for row in range(7):
        cy = y - unit * 0.55 + row * unit * 0.085
        half = unit * (1 - 0.22 * row / 6.5)
        for step in range(15):
            left = x - half + half * 2 * step / 15
            colour = lighter(wicker, 0.16) if (step + row) % 2 else darker(wicker, 0.1)
            canvas.fill(
                rounded(left, cy, half * 2 / 15 * 1.04, unit * 0.08, unit * 0.03), colour, within=body
            )
    canvas.fill(
        rounded(x - unit * 1.05, y - unit * 0.64, unit * 2.1, unit * 0.12, unit * 0.06),
        Fade(lighter(wicker, 0.2), darker(wicker, 0.15)),
    )
    canvas.fill(
        rectangle(x + unit * 0.4, y - unit * 0.6, unit * 0.7, unit * 0.7),
        _SHADE,
        soft=unit * 0.2,
        opacity=0.3,
        within=body,
    )


def paint_bicycle(canvas: Canvas, rng: Random, _place: str, lines: list[str], _casts: list[str]) -> None:
    """A bicycle leaning on a painted wall, a sheet in its frame."""
    w, h = canvas.width, canvas.height
    wall: Colour = rng.choice(
        [(214, 160, 120), (150, 176, 180), (222, 200, 150), (190, 150, 150), (168, 182, 150)]
    )
    canvas.fill(rectangle(0, 0, w, h), Fade(lighter(wall, 0.14), darker(wall, 0.08)))
    for _ in range(16):
        canvas.fill(
            blob(rng, rng.uniform(0, w), rng.uniform(0, h * 0.8), rng.uniform(40, 160), rng.uniform(20, 80)),
            lighter(wall, 0.2),
            soft=30,
            opacity=0.35,
        )
    _shutters(canvas, rng, w * rng.choice([0.2, 0.8]), h * 0.28, min(w, h) * 0.3)
    ground = h * 0.84
    canvas.fill(rectangle(0, ground, w, h), Fade((150, 142, 132), (112, 104, 98)))
    for row in range(3):
        for step in range(-1, 14):
            left = step * w / 13 + (row % 2) * w / 26
            canvas.fill(
                rounded(left + 3, ground + 4 + row * h * 0.055, w / 13 - 6, h * 0.048, 10),
                varied(rng, (160, 152, 142), 9),
            )
    unit = min(w * 0.23, h * 0.27)
    _bicycle(canvas, rng, w * 0.5, ground + h * 0.03 - unit * 0.72, unit, lines)
    canvas.finish(rng)


def _shutters(canvas: Canvas, rng: Random, x: float, y: float, size: float) -> None:
    colour = rng.choice([(70, 110, 110), (96, 70, 60), (60, 84, 120), (110, 130, 90)])
    canvas.fill(rectangle(x - size * 0.34, y - size * 0.5, size * 0.68, size), (246, 240, 228))
    canvas.fill(
        rectangle(x - size * 0.29, y - size * 0.45, size * 0.58, size * 0.9),
        Fade((110, 130, 146), (176, 188, 190)),
    )
    canvas.fill(rectangle(x - size * 0.015, y - size * 0.45, size * 0.03, size * 0.9), (246, 240, 228))
    for side in (-1, 1):
        left = x + side * size * 0.52 - size * 0.17
        canvas.fill(rectangle(left, y - size * 0.5, size * 0.34, size), colour)
        for row in range(11):
            canvas.fill(
                rectangle(left + size * 0.04, y - size * 0.45 + row * size * 0.083, size * 0.26, size * 0.05),
                darker(colour, 0.22),
            )
    canvas.fill(rectangle(x - size * 0.42, y + size * 0.5, size * 0.84, size * 0.14), (150, 88, 60))
    for _ in range(16):
        fx, fy = x + rng.uniform(-0.4, 0.4) * size, y + size * rng.uniform(0.36, 0.52)
        canvas.fill(
            ellipse(fx, fy, size * 0.06),
            rng.choice([(206, 50, 60), (226, 110, 130), (90, 130, 76), (90, 130, 76)]),
        )


def _bicycle(canvas: Canvas, rng: Random, x: float, y: float, unit: float, lines: list[str]) -> None:
    paint = rng.choice([(186, 36, 44), (44, 92, 110), (60, 66, 74), (216, 160, 60)])
    hubs = ((x - unit * 1.08, y), (x + unit * 1.08, y))
    for hx, hy in hubs:
        canvas.fill(
            ellipse(hx + unit * 0.1, hy + unit * 0.7, unit * 0.6, unit * 0.06), _SHADE, soft=10, opacity=0.45
        )
        ring = arc(hx, hy, unit * 0.66, unit * 0.66, 0, 360, 60)
        canvas.fill([(px + 8, py + 10) for px, py in stroke(ring, unit * 0.06)], _SHADE, soft=8, opacity=0.25)
        for spoke in range(14):
            end = arc(hx, hy, unit * 0.64, unit * 0.64, spoke * 360 / 14, 0, 1)[0]
            canvas.fill(stroke([(hx, hy), end], 2.4), (196, 196, 196))
        canvas.fill(stroke(ring, unit * 0.07), (46, 42, 44))
        canvas.fill(stroke(arc(hx, hy, unit * 0.61, unit * 0.61, 0, 360, 60), unit * 0.025), (206, 204, 200))
    back, front = hubs
    crank, saddle, head = (
        (x - unit * 0.12, y + unit * 0.06),
        (x - unit * 0.42, y - unit * 0.82),
        (x + unit * 0.74, y - unit * 0.86),
    )
    tubes = [(back, crank), (back, saddle), (crank, saddle), (crank, head), (saddle, head), (head, front)]
    for start, end in tubes:
        canvas.fill(stroke([start, end], unit * 0.07), darker(paint, 0.1))
        canvas.fill(
            stroke([(start[0] - 2, start[1] - 3), (end[0] - 2, end[1] - 3)], unit * 0.022),
            lighter(paint, 0.45),
        )
    canvas.fill(
        stroke(
            [
                (crank[0] - unit * 0.16, crank[1] - unit * 0.14),
                (crank[0] + unit * 0.16, crank[1] + unit * 0.14),
            ],
            unit * 0.05,
        ),
        (70, 66, 66),
    )
    canvas.fill(ellipse(*crank, unit * 0.13), (92, 88, 88))
    canvas.fill(
        stroke([saddle, (saddle[0] - unit * 0.06, saddle[1] - unit * 0.16)], unit * 0.05), (180, 178, 176)
    )
    canvas.fill(
        curve(
            [
                (saddle[0] - unit * 0.32, saddle[1] - unit * 0.26),
                (saddle[0] + unit * 0.22, saddle[1] - unit * 0.2),
                (saddle[0], saddle[1] - unit * 0.12),
                (saddle[0] - unit * 0.26, saddle[1] - unit * 0.12),
            ]
        ),
        (92, 58, 38),
    )
    bar = (head[0] - unit * 0.06, head[1] - unit * 0.24)
    canvas.fill(stroke([head, bar], unit * 0.05), (180, 178, 176))
    canvas.fill(
        stroke(
            curve(
                [
                    bar,
                    (bar[0] - unit * 0.18, bar[1] - unit * 0.06),
                    (bar[0] - unit * 0.36, bar[1] + unit * 0.05),
                ],
                closed=False,
            ),
            unit * 0.055,
        ),
        (60, 54, 54),
    )
    lay_sheet(
        canvas,
        paint_sheet(rng, lines, unit * 1.3, unit * 0.82, rng.choice(DESIGNS)),
        x + unit * 0.1,
        y - unit * 0.44,
        rng.uniform(-4, 4),
    )
    _front_basket(canvas, rng, bar[0] + unit * 0.46, bar[1] + unit * 0.22, unit * 0.34)


def _front_basket(canvas: Canvas, rng: Random, x: float, y: float, size: float) -> None:
    for _ in range(15):
        fx, fy = x + rng.uniform(-0.8, 0.8) * size, y - size * rng.uniform(0.5, 1.3)
        canvas.fill(stroke([(x, y), (fx, fy)], 4), (92, 128, 72))
        canvas.fill(
            star(fx, fy, size * 0.24, points=8, inner=0.6),
            rng.choice([(246, 240, 230), (240, 190, 70), (206, 70, 90), (120, 120, 200)]),
        )
        canvas.fill(ellipse(fx, fy, size * 0.08), (220, 160, 50))
    body = [
        (x - size * 0.9, y - size * 0.5),
        (x + size * 0.9, y - size * 0.5),
        (x + size * 0.66, y + size * 0.6),
        (x - size * 0.66, y + size * 0.6),
    ]
    canvas.fill(body, (168, 120, 70))
    for step in range(7):
        canvas.fill(
            stroke(
                [
                    (x - size * 0.9 + step * size * 0.3, y - size * 0.5),
                    (x - size * 0.66 + step * size * 0.22, y + size * 0.6),
                ],
                5,
            ),
            (124, 84, 48),
        )
    for row in (0.0, 0.3):
        canvas.fill(
            rectangle(x - size, y + row * size - size * 0.2, size * 2, size * 0.1),
            (206, 158, 100),
            within=body,
        )
    canvas.fill(
        rounded(x - size * 0.96, y - size * 0.58, size * 1.92, size * 0.18, size * 0.08), (196, 146, 90)
    )


def paint_chalk(canvas: Canvas, rng: Random, _place: str, lines: list[str], _casts: list[str]) -> None:
    """Chalk on asphalt, with suns and hearts around it, and two shoes."""
    w, h = canvas.width, canvas.height
    ground: Colour = rng.choice([(96, 98, 104), (112, 106, 104), (86, 92, 100)])
    canvas.fill(rectangle(0, 0, w, h), Fade(lighter(ground, 0.08), darker(ground, 0.08)))
    for _ in range(500):
        canvas.fill(rectangle(rng.uniform(0, w), rng.uniform(0, h), 3, 3), varied(rng, ground, 40))
    chalks: list[Colour] = [
        (246, 246, 240),
        (250, 214, 110),
        (244, 150, 160),
        (150, 206, 236),
        (170, 220, 150),
    ]
    bare = canvas.image.copy()
    box = (w * 0.12, h * 0.2, w * 0.88, h * 0.7)
    write(
        canvas.image,
        box,
        lines,
        "black",
        (rng.choice(chalks[:2]), rng.choice(chalks[1:4])),
        Random(rng.random()),
    )
    marks = [(w * 0.12, h * 0.13), (w * 0.88, h * 0.14), (w * 0.12, h * 0.78), (w * 0.87, h * 0.76)]
    for index, (x, y) in enumerate(marks):
        _chalk_mark(canvas, rng, x, y, min(w, h) * 0.09, index, chalks)
    canvas.image.paste(
        bare,
        (0, 0),
        crayon(rng, canvas.size_px, 0.4).point([round((255 - value) * 1.0) for value in range(256)]),
    )
    colour = rng.choice([RED, (60, 90, 130), (226, 190, 96), (86, 120, 96)])
    for side in (-1, 1):
        _shoe(canvas, w * 0.5 + side * min(w, h) * 0.07, h * 0.98, min(w, h) * 0.15, side, colour)
    canvas.finish(rng)


def _shoe(canvas: Canvas, x: float, y: float, size: float, side: int, colour: Colour) -> None:
    frame = Frame(x, y, size, side * 9)
    shape = curve(
        [(-0.26, 0.5), (-0.32, -0.1), (-0.26, -0.5), (0, -0.66), (0.26, -0.5), (0.32, -0.1), (0.26, 0.5)]
    )
    canvas.fill([(px + 6, py + 8) for px, py in frame(shape)], _SHADE, soft=8, opacity=0.5)
    canvas.fill(frame(shape), (246, 242, 234))
    canvas.fill(frame([(px * 0.86, py * 0.9 + 0.08) for px, py in shape]), colour)
    for row in range(3):
        canvas.fill(
            frame(stroke([(-0.14, -0.05 + row * 0.16), (0.14, -0.05 + row * 0.16)], 0.05)), (250, 248, 242)
        )


def _chalk_mark(
    canvas: Canvas, rng: Random, x: float, y: float, size: float, index: int, chalks: list[Colour]
) -> None:
    colour = chalks[(index + 1) % len(chalks)]
    if index % 2 == 0:
        ring = arc(x, y, size * 0.5, size * 0.5, 0, 360, 40)
        canvas.fill(stroke(ring, size * 0.12), colour)
        for ray in range(9):
            inner, outer = (arc(x, y, size * reach, size * reach, ray * 40, 0, 1)[0] for reach in (0.66, 1.0))
            canvas.fill(stroke([inner, outer], size * 0.1), colour)
    else:
        shape = (
            heart(x, y, size * 1.4) if rng.random() < 0.5 else star(x, y, size * 0.8, points=6, inner=0.45)
        )
        canvas.fill(stroke([*shape, shape[0]], size * 0.12), mix(colour, (255, 255, 255), 0.1))


def paint_garland(canvas: Canvas, rng: Random, place: str, lines: list[str], _casts: list[str]) -> None:
    """Flags on a string across a yard, a letter on each."""
    paint_backdrop(canvas, rng, place or rng.choice(["garden", "brick", "meadow", "town", "autumn"]), blur=10)
    h = canvas.height
    colours: list[Colour] = [
        (196, 36, 46),
        (250, 246, 236),
        (238, 184, 80),
        (84, 132, 170),
        (124, 158, 116),
        (222, 130, 140),
    ]
    for row, line in enumerate(lines[:3]):
        letters = line.removeprefix("*")
        _string_of_flags(canvas, rng, letters, h * (0.3 + row * 0.26 if len(lines) > 1 else 0.42), colours)
    canvas.finish(rng)


def _string_of_flags(canvas: Canvas, rng: Random, letters: str, y: float, colours: list[Colour]) -> None:
    w, h = canvas.width, canvas.height
    sag = h * rng.uniform(0.05, 0.08)
    line = curve([(-20, y - sag), (w * 0.5, y + sag), (w + 20, y - sag)], closed=False, steps=30)
    canvas.fill(stroke(line, 5), (92, 78, 66))
    unit = min(w / (len(letters) + 0.6), h * 0.3)
    for index, letter in enumerate(letters):
        x = w / 2 + (index - (len(letters) - 1) / 2) * unit
        top = y + sag - 2 * sag * ((x - w / 2) / (w / 2)) ** 2
        if letter == " ":
            continue
        colour = colours[(index + round(y)) % len(colours)]
        frame = Frame(x, top, unit, rng.uniform(-5, 5))
        flag = [(-0.41, 0), (0.41, 0), (0.41, 0.74), (0.0, 0.96), (-0.41, 0.74)]
        canvas.fill([(px + 6, py + 12) for px, py in frame(flag)], _SHADE, soft=10, opacity=0.3)
        canvas.fill(frame(flag), Fade(lighter(colour, 0.1), darker(colour, 0.1)))
        ink: Colour = (176, 26, 36) if sum(colour) > 470 else (255, 252, 246)
        write(
            canvas.image,
            (x - unit * 0.3, top + unit * 0.08, x + unit * 0.3, top + unit * 0.76),
            [letter],
            "black",
            (ink, ink),
        )
        canvas.fill(rounded(x - unit * 0.03, top - unit * 0.06, unit * 0.06, unit * 0.16, 4), (206, 160, 104))
