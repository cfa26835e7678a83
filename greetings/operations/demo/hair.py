"""How hair is drawn, by style. Lengths are in widths of the face, the origin is its middle."""

from collections.abc import Callable
from random import Random

from greetings.operations.demo.canvas import Canvas
from greetings.operations.demo.palette import Colour, darker, lighter
from greetings.operations.demo.shapes import Frame, Outline, arc, curve, ellipse, stroke

_KERCHIEF: Colour = (190, 46, 52)


def paint_back_hair(canvas: Canvas, frame: Frame, style: str, colour: Colour) -> None:
    """What falls behind the neck."""
    painter = _BACKS.get(style)
    if painter:
        painter(canvas, frame, colour)


def paint_front_hair(canvas: Canvas, frame: Frame, style: str, colour: Colour, *, with_hat: bool) -> None:
    """What lies on the head; beneath a hat only what shows at the temples."""
    if with_hat and style in {"curls", "quiff", "short", "side", "buzz", "crop", "bald"}:
        for side in (-1, 1):
            temple = curve(
                [(side * 0.54, -0.4), (side * 0.55, 0.0), (side * 0.46, 0.04), (side * 0.43, -0.34)]
            )
            canvas.fill(frame(temple), colour)
        return
    _FRONTS[style](canvas, frame, colour)


def _shaded(canvas: Canvas, frame: Frame, outline: Outline, colour: Colour) -> None:
    """A mass of hair: lighter on the left of the crown, darker on the right."""
    clip = frame(outline)
    canvas.fill(clip, colour)
    blur = 0.09 * frame.scale
    canvas.fill(
        frame(ellipse(0.52, -0.1, 0.25, 0.9)), darker(colour, 0.4), soft=blur, opacity=0.6, within=clip
    )
    shine = stroke(arc(-0.06, -0.25, 0.42, 0.5, 200, 275, 12), 0.02, 0.02, middle=0.1)
    canvas.fill(frame(shine), lighter(colour, 0.4), soft=0.035 * frame.scale, opacity=0.55, within=clip)


def _strands(canvas: Canvas, frame: Frame, outline: Outline, colour: Colour, length: float) -> None:
    clip = frame(outline)
    for x in (-0.6, -0.52, 0.5, 0.58):
        strand = curve([(x * 0.85, -0.3), (x, 0.3), (x * 1.02, length)], closed=False)
        canvas.fill(
            frame(stroke(strand, 0.01, 0.01, middle=0.03)), lighter(colour, 0.18), opacity=0.6, within=clip
        )


# behind


def _long_back(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    mass = curve(
        [
            (-0.55, -0.3),
            (-0.48, -0.72),
            (0, -0.88),
            (0.48, -0.72),
            (0.55, -0.3),
            (0.64, 0.5),
            (0.7, 1.3),
            (0.3, 1.42),
            (-0.3, 1.42),
            (-0.7, 1.3),
            (-0.64, 0.5),
        ]
    )
    _shaded(canvas, frame, mass, darker(colour, 0.1))
    _strands(canvas, frame, mass, colour, 1.3)


def _wavy_back(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    right = [
        (0.5, -0.72),
        (0.64, -0.3),
        (0.6, 0.05),
        (0.76, 0.35),
        (0.68, 0.65),
        (0.82, 0.95),
        (0.66, 1.2),
        (0.2, 1.1),
    ]
    mass = curve([(0, -0.9), *right, *[(-x, y) for x, y in reversed(right)]])
    _shaded(canvas, frame, mass, darker(colour, 0.1))
    _strands(canvas, frame, mass, colour, 1.0)


def _bob_back(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    right = [(0.5, -0.72), (0.62, -0.2), (0.66, 0.35), (0.56, 0.62), (0.2, 0.62)]
    mass = curve([(0, -0.88), *right, *[(-x, y) for x, y in reversed(right)]])
    _shaded(canvas, frame, mass, darker(colour, 0.12))


def _curly_back(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    rng = Random(7)
    for ring, reach in ((0, 0.42), (1, 0.66)):
        for step in range(14):
            x, y = arc(0, -0.28, reach, reach * 1.02, 360 / 14 * step, 361, 1)[0]
            if y < 0.5:
                shade = darker(colour, rng.uniform(0, 0.3)) if ring else colour
                canvas.fill(frame(ellipse(x, y, 0.27)), shade)


def _ponytail_back(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    tail = curve([(0.38, -0.6), (0.72, -0.45), (0.78, 0.1), (0.66, 0.75)], closed=False)
    canvas.fill(frame(stroke(tail, 0.22, 0.05, middle=0.32)), darker(colour, 0.08))
    canvas.fill(frame(ellipse(0.47, -0.6, 0.11)), (190, 50, 58))


def _bun_back(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    canvas.fill(frame(ellipse(0, -0.96, 0.3, 0.27)), darker(colour, 0.06))
    for bend in (0.13, 0.22):
        canvas.fill(
            frame(stroke(arc(0, -0.94, bend, bend * 0.9, 160, 320, 10), 0.012, middle=0.03)),
            darker(colour, 0.25),
            opacity=0.7,
        )


def _kerchief_back(canvas: Canvas, frame: Frame, _colour: Colour) -> None:
    drape = curve(
        [
            (-0.6, -0.3),
            (-0.5, -0.72),
            (0, -0.88),
            (0.5, -0.72),
            (0.6, -0.3),
            (0.6, 0.4),
            (0.75, 1.0),
            (0, 1.3),
            (-0.75, 1.0),
            (-0.6, 0.4),
        ]
    )
    canvas.fill(frame(drape), darker(_KERCHIEF, 0.25))


# on the head


def _cap_of_hair(hairline: Outline, top: float = 0.86, wide: float = 0.55, low: float = 0.02) -> Outline:
    """Hair from temple over the crown to temple, down to a hairline given from right to left."""
    return curve(
        [
            (-wide + 0.02, low),
            (-wide, -0.36),
            (-0.42, -0.7),
            (-0.04, -top),
            (0.38, -0.74),
            (wide, -0.38),
            (wide - 0.02, low),
            *hairline,
        ]
    )


def _short(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    _shaded(
        canvas,
        frame,
        _cap_of_hair(
            [(0.46, -0.1), (0.42, -0.34), (0.2, -0.43), (-0.2, -0.43), (-0.42, -0.34), (-0.46, -0.1)],
            top=0.82,
        ),
        colour,
    )


def _side(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    _shaded(
        canvas,
        frame,
        _cap_of_hair(
            [
                (0.46, -0.12),
                (0.4, -0.3),
                (0.14, -0.34),
                (-0.16, -0.46),
                (-0.3, -0.54),
                (-0.41, -0.36),
                (-0.46, -0.12),
            ],
            top=0.9,
        ),
        colour,
    )
    parting = curve([(-0.3, -0.53), (-0.22, -0.7), (-0.08, -0.85)], closed=False)
    canvas.fill(frame(stroke(parting, 0.014)), darker(colour, 0.35), opacity=0.7)


def _quiff(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    swept = curve(
        [
            (-0.53, 0.0),
            (-0.55, -0.4),
            (-0.44, -0.74),
            (-0.2, -0.98),
            (0.2, -1.02),
            (0.5, -0.8),
            (0.55, -0.4),
            (0.53, 0.0),
            (0.45, -0.2),
            (0.4, -0.42),
            (0.0, -0.5),
            (-0.36, -0.4),
            (-0.45, -0.2),
        ]
    )
    _shaded(canvas, frame, swept, colour)


def _buzz(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    cap = _cap_of_hair(
        [(0.47, -0.14), (0.4, -0.36), (0.18, -0.46), (-0.18, -0.46), (-0.4, -0.36), (-0.47, -0.14)],
        top=0.73,
        wide=0.515,
    )
    canvas.fill(frame(cap), colour, opacity=0.88)


def _bald(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    for side in (-1, 1):
        patch = curve(
            [
                (side * 0.5, -0.36),
                (side * 0.58, -0.14),
                (side * 0.55, 0.1),
                (side * 0.47, 0.06),
                (side * 0.46, -0.16),
            ]
        )
        canvas.fill(frame(patch), colour)
    canvas.fill(
        frame(ellipse(-0.16, -0.5, 0.14, 0.08)), (255, 246, 232), soft=0.05 * frame.scale, opacity=0.55
    )


def _curls(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    rng = Random(3)
    for step in range(15):
        x, y = arc(0, -0.3, 0.47, 0.42, 168 + 204 / 14 * step, 400, 1)[0]
        canvas.fill(frame(ellipse(x, y, 0.17)), darker(colour, rng.uniform(0, 0.22)))
    for step in range(8):
        x, y = arc(0, -0.36, 0.3, 0.26, 190 + 160 / 7 * step, 400, 1)[0]
        canvas.fill(frame(ellipse(x, y - 0.06, 0.16)), lighter(colour, rng.uniform(0, 0.1)))


def _curly(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    rng = Random(11)
    for step in range(11):
        x, y = arc(0, -0.32, 0.46, 0.38, 172 + 196 / 10 * step, 400, 1)[0]
        canvas.fill(frame(ellipse(x, y - 0.04, 0.19)), darker(colour, rng.uniform(0, 0.25)))
        canvas.fill(
            frame(ellipse(x - 0.05, y - 0.1, 0.07)),
            lighter(colour, 0.14),
            soft=0.03 * frame.scale,
            opacity=0.5,
        )


def _curtains(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    """Parted in the middle, framing the face."""
    for side in (-1, 1):
        half = curve(
            [
                (side * x, y)
                for x, y in [
                    (-0.03, -0.87),
                    (0.34, -0.8),
                    (0.56, -0.46),
                    (0.59, 0.1),
                    (0.56, 0.5),
                    (0.5, 0.36),
                    (0.47, -0.05),
                    (0.34, -0.38),
                    (0.02, -0.6),
                ]
            ]
        )
        _shaded(canvas, frame, half, colour)


def _fringe(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    _shaded(
        canvas,
        frame,
        _cap_of_hair(
            [
                (0.49, 0.2),
                (0.45, -0.12),
                (0.36, -0.24),
                (0.1, -0.27),
                (-0.2, -0.26),
                (-0.4, -0.22),
                (-0.46, -0.1),
                (-0.49, 0.2),
            ],
            top=0.9,
            wide=0.59,
            low=0.4,
        ),
        colour,
    )
    for x in (-0.25, -0.05, 0.16):
        lock = curve([(x * 0.7, -0.7), (x, -0.45), (x * 1.1, -0.26)], closed=False)
        canvas.fill(frame(stroke(lock, 0.006, middle=0.02)), darker(colour, 0.28), opacity=0.5)


def _pulled_back(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    _shaded(
        canvas,
        frame,
        _cap_of_hair(
            [(0.47, -0.08), (0.38, -0.36), (0.16, -0.5), (-0.1, -0.53), (-0.36, -0.4), (-0.47, -0.08)],
            top=0.84,
        ),
        colour,
    )


def _crop(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    _shaded(
        canvas,
        frame,
        _cap_of_hair(
            [
                (0.49, 0.12),
                (0.45, -0.16),
                (0.34, -0.22),
                (0.1, -0.38),
                (-0.2, -0.42),
                (-0.42, -0.26),
                (-0.49, 0.12),
            ],
            top=0.92,
            wide=0.58,
            low=0.2,
        ),
        colour,
    )


def _braid(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    _curtains_short(canvas, frame, colour)
    line = curve([(0.46, 0.0), (0.6, 0.5), (0.66, 1.0), (0.6, 1.55)], closed=False)
    canvas.fill(frame(stroke(line, 0.26, 0.16, middle=0.27)), darker(colour, 0.3))
    for step in range(2, len(line) - 1, 2):
        (x, y), thick = line[step], 0.145 - step * 0.0025
        for side in (-1, 1):
            lobe = curve(
                [
                    (x + side * thick, y - 0.1),
                    (x + side * thick * 0.9, y + 0.02),
                    (x, y + 0.11),
                    (x + side * 0.03, y - 0.03),
                ]
            )
            canvas.fill(frame(lobe), lighter(colour, 0.1 if side < 0 else 0.0))
    canvas.fill(frame(ellipse(0.6, 1.58, 0.11, 0.07)), (190, 40, 50))


def _curtains_short(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    for side in (-1, 1):
        half = curve(
            [
                (side * x, y)
                for x, y in [
                    (-0.03, -0.86),
                    (0.34, -0.78),
                    (0.55, -0.46),
                    (0.56, 0.06),
                    (0.52, 0.3),
                    (0.47, -0.05),
                    (0.36, -0.34),
                    (0.02, -0.58),
                ]
            ]
        )
        _shaded(canvas, frame, half, colour)


def _kerchief(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    hair = _cap_of_hair([(0.44, -0.2), (0.3, -0.4), (-0.3, -0.4), (-0.44, -0.2)], top=0.8)
    canvas.fill(frame(hair), colour)
    scarf = curve(
        [
            (-0.5, 0.3),
            (-0.58, -0.2),
            (-0.5, -0.68),
            (0, -0.9),
            (0.5, -0.68),
            (0.58, -0.2),
            (0.5, 0.3),
            (0.3, 0.6),
            (0.1, 0.76),
            (0.16, 0.7),
            (0.42, 0.36),
            (0.46, -0.1),
            (0.34, -0.42),
            (0.0, -0.5),
            (-0.34, -0.42),
            (-0.46, -0.1),
            (-0.42, 0.36),
            (-0.16, 0.7),
            (-0.1, 0.76),
            (-0.3, 0.6),
        ]
    )
    canvas.fill(frame(scarf), _KERCHIEF)
    for x, y in [
        (-0.44, -0.4),
        (-0.24, -0.66),
        (0.04, -0.72),
        (0.3, -0.62),
        (0.48, -0.34),
        (-0.52, 0.0),
        (0.52, 0.02),
        (-0.08, -0.6),
        (0.36, 0.5),
    ]:
        canvas.fill(frame(ellipse(x, y, 0.038)), (250, 240, 224), within=frame(scarf))
    canvas.fill(frame(ellipse(0, 0.78, 0.11, 0.08)), darker(_KERCHIEF, 0.12))
    for side in (-1, 1):
        canvas.fill(
            frame(curve([(0, 0.78), (side * 0.26, 0.9), (side * 0.2, 1.06), (side * 0.04, 0.86)])), _KERCHIEF
        )


_Painter = Callable[[Canvas, Frame, Colour], None]
_BACKS: dict[str, _Painter] = {
    "long": _long_back,
    "wavy": _wavy_back,
    "bob": _bob_back,
    "fringe": _bob_back,
    "curly": _curly_back,
    "ponytail": _ponytail_back,
    "bun": _bun_back,
    "kerchief": _kerchief_back,
}
_FRONTS: dict[str, _Painter] = {
    "long": _curtains,
    "wavy": _curtains,
    "bob": _curtains,
    "fringe": _fringe,
    "curly": _curly,
    "ponytail": _pulled_back,
    "bun": _pulled_back,
    "braid": _braid,
    "crop": _crop,
    "short": _short,
    "side": _side,
    "quiff": _quiff,
    "buzz": _buzz,
    "curls": _curls,
    "bald": _bald,
    "kerchief": _kerchief,
}
