"""Invented people: who they are, and how a head is drawn. Lengths are in widths of the face."""

from dataclasses import dataclass
from random import Random

from greetings.operations.demo.canvas import Canvas
from greetings.operations.demo.hair import paint_back_hair, paint_front_hair
from greetings.operations.demo.palette import (
    CLOTHES,
    GREYS,
    HAIRS,
    SKINS,
    Colour,
    darker,
    lighter,
    mix,
    varied,
)
from greetings.operations.demo.shapes import Frame, Outline, arc, curve, ellipse, rounded, stroke

_LIP: Colour = (168, 60, 62)
_GUM: Colour = (122, 30, 38)
_TEETH: Colour = (252, 250, 246)

_WOMEN_HAIR = ("long", "bob", "bun", "ponytail", "curly", "wavy", "braid", "fringe", "crop")
_MEN_HAIR = ("short", "side", "quiff", "buzz", "curls", "short", "side")
_OLD_MEN_HAIR = ("bald", "short", "side", "bald")
_OLD_WOMEN_HAIR = ("bun", "bob", "crop", "kerchief", "curls")
_WOMEN_WEAR = ("sweater", "turtleneck", "shirt", "stripes", "embroidered", "cardigan", "hoodie", "coat")
_MEN_WEAR = ("sweater", "shirt", "jacket", "hoodie", "turtleneck", "tee", "stripes", "embroidered", "coat")


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody looks like and wears."""

    cast: str
    skin: Colour
    hair: Colour
    hair_style: str
    eyes: Colour
    smile: str  # open, wide, closed, soft
    eyes_closed: bool
    glasses: str  # none, round, square
    beard: str  # none, full, short, moustache
    hat: str  # none, beanie, beret, cap
    hat_colour: Colour
    wear: str
    colour: Colour
    second_colour: Colour
    scarf: Colour | None
    is_old: bool
    breadth: float
    jaw: float
    tilt: float
    gaze: float
    freckles: bool
    earrings: bool


def invent(rng: Random, cast: str = "", *, cold: bool = False, colour: Colour | None = None) -> Person:
    """Somebody of that cast (anyone when empty); `cold` brings coats, hats and scarves."""
    cast = cast or rng.choice(["woman", "woman", "man", "man", "student", "grandmother", "grandfather"])
    is_old = cast.startswith("grand")
    is_woman = cast in {"woman", "grandmother", "schoolgirl"} or (cast == "student" and rng.random() < 0.5)
    dark = rng.choices(range(len(SKINS)), [4, 6, 5, 3, 2, 2, 2])[0]
    style = rng.choice(_hair_styles(is_woman, is_old))
    hat = (
        rng.choice(["beanie", "beanie", "beret", "cap"]) if rng.random() < (0.75 if cold else 0.1) else "none"
    )
    wear = rng.choice(_WOMEN_WEAR if is_woman else _MEN_WEAR)
    if cold:
        wear = rng.choice(["coat", "coat", "hoodie", "turtleneck"])
    beard = (
        "none"
        if is_woman
        else rng.choice(["none", "none", "full", "short", "moustache" if is_old else "none"])
    )
    main = colour or varied(rng, rng.choice(CLOTHES))
    return Person(
        cast=cast,
        skin=varied(rng, SKINS[dark], 5),
        hair=_hair_colour(rng, is_old, dark),
        hair_style="short" if style == "kerchief" and hat != "none" else style,
        eyes=rng.choice([(70, 100, 130), (84, 110, 74), (92, 62, 40), (60, 42, 32)])
        if dark < 4
        else (54, 36, 28),
        smile=rng.choice(["open", "wide", "closed", "soft", "open"]),
        eyes_closed=rng.random() < 0.3,
        glasses=rng.choice(["round", "square"]) if rng.random() < (0.55 if is_old else 0.27) else "none",
        beard=beard if cast not in {"schoolboy", "student"} else "none",
        hat="none" if style in {"kerchief", "curly", "bun"} else hat,
        hat_colour=rng.choice([c for c in CLOTHES if c != main]),
        wear=wear,
        colour=main,
        second_colour=rng.choice([(246, 240, 228), (238, 214, 160), (60, 66, 84), (196, 208, 214)]),
        scarf=varied(rng, rng.choice(CLOTHES)) if rng.random() < (0.6 if cold else 0.08) else None,
        is_old=is_old,
        breadth=rng.uniform(1.0, 1.1) if is_woman else rng.uniform(1.14, 1.26),
        jaw=rng.uniform(0.9, 0.98) if is_woman else rng.uniform(1.0, 1.09),
        tilt=rng.uniform(-5, 5),
        gaze=rng.uniform(-0.06, 0.06),
        freckles=dark < 2 and rng.random() < 0.25,
        earrings=is_woman and rng.random() < 0.35,
    )


def _hair_styles(is_woman: bool, is_old: bool) -> tuple[str, ...]:
    if is_woman:
        return _OLD_WOMEN_HAIR if is_old else _WOMEN_HAIR
    return _OLD_MEN_HAIR if is_old else _MEN_HAIR


def _hair_colour(rng: Random, is_old: bool, dark: int) -> Colour:
    if is_old:
        return rng.choice(GREYS)
    return varied(rng, HAIRS[rng.randint(0, 1)] if dark >= 3 else rng.choice(HAIRS), 6)


def paint_head(canvas: Canvas, frame: Frame, person: Person) -> None:
    """The head; the frame's origin is the middle of the face."""
    face = _face(person.jaw)
    _ears(canvas, frame, person)
    canvas.fill(frame(face), person.skin)
    _light(canvas, frame, person, face)
    if person.beard in {"full", "short"}:
        _beard(canvas, frame, person, face)
    _eyes(canvas, frame, person)
    _nose(canvas, frame, person)
    _mouth(canvas, frame, person)
    if person.beard in {"full", "moustache"}:
        _moustache(canvas, frame, person)
    if person.is_old:
        _wrinkles(canvas, frame, person)
    if person.freckles:
        _freckles(canvas, frame, person)
    paint_front_hair(canvas, frame, person.hair_style, person.hair, with_hat=person.hat != "none")
    if person.glasses != "none":
        _glasses(canvas, frame, person)
    if person.hat != "none":
        _hat(canvas, frame, person)


def paint_behind_head(canvas: Canvas, frame: Frame, person: Person) -> None:
    """Hair that falls behind neck and shoulders; to be painted before the body."""
    paint_back_hair(canvas, frame, person.hair_style, person.hair)


def _face(jaw: float) -> Outline:
    right = [
        (0.0, -0.69),
        (0.29, -0.63),
        (0.46, -0.38),
        (0.5, -0.02),
        (0.47 * jaw, 0.25),
        (0.35 * jaw, 0.49),
        (0.16 * jaw, 0.65),
        (0.0, 0.69),
    ]
    left = [(-x, y) for x, y in reversed(right[1:-1])]
    return curve([*right, *left])


def _ears(canvas: Canvas, frame: Frame, person: Person) -> None:
    for side in (-1, 1):
        canvas.fill(frame(ellipse(side * 0.5, 0.06, 0.085, 0.14)), darker(person.skin, 0.06))
        canvas.fill(frame(ellipse(side * 0.51, 0.07, 0.04, 0.085)), darker(person.skin, 0.2))
        if person.earrings:
            canvas.fill(frame(ellipse(side * 0.52, 0.235, 0.036)), (222, 178, 92))


def _light(canvas: Canvas, frame: Frame, person: Person, face: Outline) -> None:
    """Light from the left: a warm cheek, a soft shade on the right and beneath the hair."""
    blur = 0.09 * frame.scale
    shade = darker(mix(person.skin, (170, 70, 60), 0.25), 0.16)
    clip = frame(face)
    side = [(0.3, -0.8), (0.7, -0.8), (0.7, 0.9), (-0.1, 0.9), (0.2, 0.6), (0.37, 0.2)]
    canvas.fill(frame(side), shade, soft=blur, opacity=0.5, within=clip)
    canvas.fill(frame(ellipse(0, -0.68, 0.6, 0.24)), shade, soft=blur, opacity=0.4, within=clip)
    canvas.fill(
        frame(ellipse(-0.2, -0.2, 0.16, 0.3)), lighter(person.skin, 0.4), soft=blur, opacity=0.35, within=clip
    )
    blush = mix(person.skin, (220, 84, 84), 0.45)
    for side_x in (-0.29, 0.29):
        canvas.fill(
            frame(ellipse(side_x + person.gaze, 0.2, 0.13, 0.1)),
            blush,
            soft=blur * 0.8,
            opacity=0.55,
            within=clip,
        )


def _eyes(canvas: Canvas, frame: Frame, person: Person) -> None:
    brow = darker(person.hair, 0.25) if not person.is_old else darker(person.hair, 0.2)
    lid = darker(mix(person.skin, (60, 30, 30), 0.5), 0.55)
    for side in (-1, 1):
        x = side * 0.205 + person.gaze
        arch = [(x - 0.105, -0.155 + 0.02 * (side < 0)), (x, -0.205), (x + 0.105, -0.155 + 0.02 * (side > 0))]
        canvas.fill(frame(stroke(curve(arch, closed=False), 0.03, 0.025, middle=0.045)), brow)
        if person.eyes_closed:
            smile = arc(x, 0.035, 0.09, 0.075, 200, 340, 10)
            canvas.fill(frame(stroke(smile, 0.018, 0.018, middle=0.042)), lid)
        else:
            _open_eye(canvas, frame, person, x, lid)


def _open_eye(canvas: Canvas, frame: Frame, person: Person, x: float, lid: Colour) -> None:
    almond = curve(
        [
            (x - 0.095, 0.012),
            (x - 0.04, -0.042),
            (x + 0.04, -0.044),
            (x + 0.095, 0.008),
            (x + 0.04, 0.036),
            (x - 0.04, 0.037),
        ]
    )
    canvas.fill(frame(almond), (252, 250, 247))
    look = x + person.gaze * 0.35
    canvas.fill(frame(ellipse(look, -0.004, 0.054)), person.eyes, within=frame(almond))
    canvas.fill(frame(ellipse(look, -0.004, 0.029)), (22, 16, 16), within=frame(almond))
    canvas.fill(frame(ellipse(look - 0.018, -0.022, 0.013)), (255, 255, 255))
    upper = curve(
        [(x - 0.102, 0.016), (x - 0.045, -0.05), (x + 0.045, -0.052), (x + 0.104, 0.008)], closed=False
    )
    canvas.fill(frame(stroke(upper, 0.018, 0.016, middle=0.034)), lid)


def _nose(canvas: Canvas, frame: Frame, person: Person) -> None:
    shade = darker(mix(person.skin, (170, 70, 60), 0.3), 0.2)
    x = person.gaze * 1.6
    side = 0.03 if person.gaze >= 0 else -0.03
    bridge = curve(
        [
            (x + side, -0.02),
            (x + side * 1.7, 0.1),
            (x + side * 2.2, 0.17),
            (x + side, 0.215),
            (x - side * 1.3, 0.205),
        ],
        closed=False,
    )
    canvas.fill(frame(stroke(bridge, 0.008, 0.02, middle=0.026)), shade, opacity=0.9)
    canvas.fill(
        frame(ellipse(x - side * 0.3, 0.14, 0.03, 0.05)),
        lighter(person.skin, 0.4),
        soft=0.02 * frame.scale,
        opacity=0.5,
    )


def _mouth(canvas: Canvas, frame: Frame, person: Person) -> None:
    x = person.gaze * 1.1
    lip = mix(_LIP, person.skin, 0.25 if person.cast in {"woman", "grandmother"} else 0.45)
    if person.smile in {"open", "wide"}:
        half = 0.155 if person.smile == "open" else 0.185
        top = curve([(x - half, 0.35), (x, 0.383), (x + half, 0.35)], closed=False)
        bottom = curve(
            [
                (x + half, 0.35),
                (x + half * 0.55, 0.46),
                (x, 0.492),
                (x - half * 0.55, 0.46),
                (x - half, 0.35),
            ],
            closed=False,
        )
        mouth = [*top, *bottom]
        canvas.fill(frame(mouth), _GUM)
        canvas.fill(frame(ellipse(x, 0.49, half * 0.55, 0.045)), (206, 96, 98), within=frame(mouth))
        teeth = [(x - half, 0.3), (x + half, 0.3), (x + half * 0.86, 0.4), (x, 0.426), (x - half * 0.86, 0.4)]
        canvas.fill(frame(teeth), _TEETH, within=frame(mouth))
        canvas.fill(frame(stroke(top, 0.02, 0.02, middle=0.024)), lip)
        canvas.fill(frame(stroke(bottom, 0.014, 0.014, middle=0.032)), lip)
        return
    half, drop = (0.15, 0.055) if person.smile == "closed" else (0.12, 0.032)
    line = curve([(x - half, 0.37), (x, 0.37 + drop), (x + half, 0.37)], closed=False)
    canvas.fill(
        frame(ellipse(x, 0.41 + drop * 0.4, half * 0.55, 0.026)), lip, soft=0.012 * frame.scale, opacity=0.7
    )
    canvas.fill(frame(stroke(line, 0.014, 0.014, middle=0.028)), darker(lip, 0.25))
    for side in (-1, 1):
        canvas.fill(frame(ellipse(x + side * half, 0.368, 0.014)), darker(person.skin, 0.3))


def _beard(canvas: Canvas, frame: Frame, person: Person, face: Outline) -> None:
    lower = curve(
        [
            (-0.53, 0.0),
            (-0.47, 0.2),
            (-0.3, 0.3),
            (0.0, 0.27),
            (0.3, 0.3),
            (0.47, 0.2),
            (0.53, 0.0),
            (0.5, 0.36),
            (0.36, 0.64),
            (0.0, 0.8 if person.beard == "full" else 0.73),
            (-0.36, 0.64),
            (-0.5, 0.36),
        ]
    )
    if person.beard == "short":
        stubble = mix(person.skin, person.hair, 0.6)
        canvas.fill(frame(lower), stubble, soft=0.03 * frame.scale, opacity=0.75, within=frame(face))
        return
    canvas.fill(frame(lower), person.hair)
    canvas.fill(
        frame(ellipse(0.22, 0.55, 0.3, 0.3)),
        darker(person.hair, 0.3),
        soft=0.1 * frame.scale,
        opacity=0.5,
        within=frame(lower),
    )
    x = person.gaze * 1.1
    canvas.fill(
        frame(ellipse(x, 0.405, 0.2, 0.075)), mix(person.skin, person.hair, 0.25), soft=0.015 * frame.scale
    )


def _moustache(canvas: Canvas, frame: Frame, person: Person) -> None:
    x = person.gaze * 1.1
    for side in (-1, 1):
        wing = curve([(x + side * 0.01, 0.295), (x + side * 0.11, 0.3), (x + side * 0.2, 0.36)], closed=False)
        canvas.fill(frame(stroke(wing, 0.07, 0.02, middle=0.075)), darker(person.hair, 0.08))


def _wrinkles(canvas: Canvas, frame: Frame, person: Person) -> None:
    shade = darker(mix(person.skin, (170, 70, 60), 0.3), 0.22)
    for side in (-1, 1):
        fold = curve(
            [
                (side * 0.15 + person.gaze, 0.2),
                (side * 0.235 + person.gaze, 0.3),
                (side * 0.25 + person.gaze, 0.4),
            ],
            closed=False,
        )
        canvas.fill(frame(stroke(fold, 0.006, 0.006, middle=0.016)), shade, opacity=0.7)
        for down in (0.0, 0.05):
            crow = [
                (side * 0.33 + person.gaze, 0.0 + down * 0.7),
                (side * 0.4 + person.gaze, -0.015 + down * 1.5),
            ]
            canvas.fill(frame(stroke(crow, 0.012, 0.005)), shade, opacity=0.6)
    brow = curve(
        [(-0.2 + person.gaze, -0.34), (person.gaze, -0.36), (0.2 + person.gaze, -0.34)], closed=False
    )
    canvas.fill(frame(stroke(brow, 0.004, 0.004, middle=0.014)), shade, opacity=0.45)


def _freckles(canvas: Canvas, frame: Frame, person: Person) -> None:
    rng = Random(round(person.gaze * 10_000))
    for _ in range(16):
        x, y = rng.choice([-1, 1]) * rng.uniform(0.1, 0.36), rng.uniform(0.08, 0.24)
        canvas.fill(
            frame(ellipse(x + person.gaze, y, 0.012)),
            darker(mix(person.skin, (170, 80, 40), 0.5), 0.1),
            opacity=0.6,
        )


def _glasses(canvas: Canvas, frame: Frame, person: Person) -> None:
    dark = (42, 36, 38)
    for side in (-1, 1):
        x = side * 0.215 + person.gaze
        lens = (
            ellipse(x, 0.0, 0.15, 0.14)
            if person.glasses == "round"
            else rounded(x - 0.16, -0.11, 0.32, 0.23, 0.08)
        )
        canvas.fill(frame(lens), (255, 255, 255), opacity=0.14)
        canvas.fill(frame(stroke([*lens, lens[0]], 0.028)), dark)
        canvas.fill(frame(stroke([(x + side * 0.15, -0.02), (side * 0.51, 0.0)], 0.026)), dark)
    canvas.fill(frame(stroke(arc(person.gaze, 0.01, 0.07, 0.05, 200, 340, 8), 0.028)), dark)


def _hat(canvas: Canvas, frame: Frame, person: Person) -> None:
    colour = person.hat_colour
    if person.hat == "beret":
        dome = curve(
            [
                (-0.6, -0.36),
                (-0.66, -0.58),
                (-0.36, -0.86),
                (0.14, -0.9),
                (0.56, -0.72),
                (0.56, -0.42),
                (0.1, -0.42),
            ]
        )
        canvas.fill(frame(dome), colour)
        canvas.fill(
            frame(ellipse(0.3, -0.5, 0.36, 0.2)),
            darker(colour, 0.4),
            soft=0.1 * frame.scale,
            opacity=0.6,
            within=frame(dome),
        )
        canvas.fill(frame(stroke([(-0.02, -0.88), (-0.05, -0.98)], 0.05)), darker(colour, 0.2))
        return
    dome = curve(
        [
            (-0.56, -0.3),
            (-0.56, -0.6),
            (-0.36, -0.9),
            (0, -1.0),
            (0.36, -0.9),
            (0.56, -0.6),
            (0.56, -0.3),
            (0, -0.36),
        ]
    )
    canvas.fill(frame(dome), colour)
    canvas.fill(
        frame(ellipse(0.4, -0.6, 0.25, 0.4)),
        darker(colour, 0.4),
        soft=0.1 * frame.scale,
        opacity=0.6,
        within=frame(dome),
    )
    if person.hat == "cap":
        visor = curve(
            [
                (-0.5, -0.34),
                (-0.3, -0.44),
                (0.3, -0.44),
                (0.5, -0.34),
                (0.42, -0.23),
                (0, -0.29),
                (-0.42, -0.23),
            ]
        )
        canvas.fill(frame(visor), darker(colour, 0.25))
        return
    cuff = rounded(-0.58, -0.5, 1.16, 0.27, 0.12)
    canvas.fill(frame(cuff), lighter(colour, 0.16))
    for rib in range(-7, 8):
        canvas.fill(
            frame(stroke([(rib * 0.074, -0.48), (rib * 0.074, -0.25)], 0.012)),
            darker(colour, 0.12),
            opacity=0.6,
        )
    if person.gaze > -0.03:
        canvas.fill(frame(ellipse(0, -1.04, 0.16)), lighter(colour, 0.3))
        canvas.fill(
            frame(ellipse(0.05, -1.0, 0.1)), darker(colour, 0.1), soft=0.06 * frame.scale, opacity=0.5
        )
