"""People with a wish in their hands: one, two, several, with letters, from afar, or hands only."""

from random import Random

from greetings.operations.demo.backdrops import paint_backdrop, tint_of
from greetings.operations.demo.bodies import (
    paint_arm,
    paint_figure,
    paint_grip,
    paint_raised_arm,
    paint_thumb,
)
from greetings.operations.demo.canvas import Canvas
from greetings.operations.demo.lettering import one_line, write
from greetings.operations.demo.palette import CLOTHES, RED, SKINS, Colour
from greetings.operations.demo.people import Person, invent
from greetings.operations.demo.shapes import Frame, Point, ellipse
from greetings.operations.demo.sheets import DESIGNS, lay_sheet, paint_sheet

COLD_PLACES = frozenset({"snow", "night", "evening", "autumn"})
_REACH = 0.34  # how far fingers lie on a sheet, in widths of a face


def _holds(
    canvas: Canvas,
    rng: Random,
    frame: Frame,
    person: Person,
    lines: list[str],
    centre: Point,
    size: Point,
    design: str,
) -> None:
    """Arms, sheet and hands, in that order."""
    (x, y), (width, height) = centre, size
    turn, unit = rng.uniform(-4.5, 4.5), frame.scale
    stands = Frame(x, y, 1.0, turn)
    grips = [stands.point(side * width / 2, height * rng.uniform(0.0, 0.2)) for side in (-1, 1)]
    for side, (hand_x, hand_y) in zip((-1, 1), grips, strict=True):
        reach = ((hand_x - frame.x) / unit + side * 0.2, (hand_y - frame.y) / unit + 0.08)
        paint_arm(canvas, frame, person, side, reach, spread=0.34 if width > unit * 1.6 else 0.5)
    sheet = paint_sheet(rng, lines, width, height, design, held=unit * _REACH)
    lay_sheet(canvas, sheet, x, y, turn)
    grip = paint_grip if rng.random() < 0.7 else paint_thumb
    for side, (hand_x, hand_y) in zip((-1, 1), grips, strict=True):
        grip(canvas, Frame(hand_x, hand_y, unit * 0.96, turn), person.skin, side)


def _design(rng: Random, lines: list[str]) -> str:
    return rng.choice([name for name in DESIGNS if name != "ribbon" or len(lines) <= 3])


def paint_portrait(canvas: Canvas, rng: Random, place: str, lines: list[str], casts: list[str]) -> None:
    """One person, near."""
    paint_backdrop(canvas, rng, place)
    person = invent(rng, casts[0] if casts else "", cold=place in COLD_PLACES)
    tall = canvas.height > canvas.width
    unit = canvas.width * rng.uniform(0.235, 0.26) if tall else canvas.height * rng.uniform(0.19, 0.215)
    x = canvas.width * (0.5 if tall else rng.choice([0.5, 0.42, 0.58]))
    neck = canvas.height * (0.48 if tall else 0.47)
    neck = max(neck, unit * 2.15)
    frame = Frame(x, neck, unit)
    _ground_shadow(canvas, frame)
    paint_figure(canvas, frame, person)
    width, height = unit * rng.uniform(2.15, 2.5), unit * rng.uniform(1.35, 1.6)
    centre_y = min(neck + unit * rng.uniform(1.35, 1.5), canvas.height - height * 0.6)
    _holds(canvas, rng, frame, person, lines, (x, centre_y), (width, height), _design(rng, lines))
    canvas.finish(rng, tint=tint_of(place))


def _ground_shadow(canvas: Canvas, frame: Frame) -> None:
    """Parts a figure from what is behind it."""
    canvas.fill(frame(ellipse(0, 1.6, 1.7, 2.2)), (20, 14, 22), soft=frame.scale * 0.6, opacity=0.28)


def _company(rng: Random, casts: list[str], count: int, *, cold: bool) -> list[Person]:
    """People who don't look alike: each in another colour."""
    colours: list[Colour] = rng.sample(CLOTHES, count)
    wanted = [*casts, *[""] * count][:count]
    return [invent(rng, cast, cold=cold, colour=colour) for cast, colour in zip(wanted, colours, strict=True)]


def paint_pair(canvas: Canvas, rng: Random, place: str, lines: list[str], casts: list[str]) -> None:
    """Two people hold one sheet between them."""
    paint_backdrop(canvas, rng, place)
    first, second = _company(rng, casts, 2, cold=place in COLD_PLACES)
    unit = min(canvas.height * 0.19, canvas.width * 0.145)
    middle, neck = canvas.width * rng.uniform(0.47, 0.53), max(canvas.height * 0.46, unit * 2.2)
    apart = unit * 1.28
    frames = [
        Frame(middle - apart, neck - unit * rng.uniform(0, 0.3), unit),
        Frame(middle + apart, neck + unit * 0.1, unit),
    ]
    for frame, person in zip(frames, (first, second), strict=True):
        _ground_shadow(canvas, frame)
        paint_figure(canvas, frame, person)
    width, height = unit * 3.1, unit * 1.45
    y = min(neck + unit * 1.5, canvas.height - height * 0.62)
    for side, frame, person in ((-1, frames[0], first), (1, frames[1], second)):
        inner = ((middle - frame.x) / unit - side * 0.05, (y - frame.y) / unit + 0.3)
        paint_arm(canvas, frame, person, -side, inner, spread=0.15)
        outer = ((middle + side * width / 2 - frame.x) / unit + side * 0.2, (y - frame.y) / unit + 0.1)
        paint_arm(canvas, frame, person, side, outer, spread=0.42)
    turn = rng.uniform(-2.5, 2.5)
    sheet = paint_sheet(rng, lines, width, height, _design(rng, lines), held=unit * _REACH)
    stands = lay_sheet(canvas, sheet, middle, y, turn)
    for side, person in ((-1, first), (1, second)):
        x, hand_y = stands.point(side * width / 2, height * 0.05)
        paint_grip(canvas, Frame(x, hand_y, unit * 0.96, turn), person.skin, side)
    canvas.finish(rng, tint=tint_of(place))


def paint_group(canvas: Canvas, rng: Random, place: str, lines: list[str], casts: list[str]) -> None:
    """Four to seven people behind one banner."""
    paint_backdrop(canvas, rng, place)
    ratio = canvas.width / canvas.height
    count = len(casts) if len(casts) > 3 else rng.randint(4, 5) if ratio < 1.6 else rng.randint(5, 7)
    people = _company(rng, casts, count, cold=place in COLD_PLACES)
    unit = min(canvas.width / (count * 1.72 + 0.9), canvas.height * 0.17)
    neck = canvas.height * 0.44
    span = canvas.width / (count + 0.35)
    frames = []
    for index, person in enumerate(people):
        x = canvas.width / 2 + (index - (count - 1) / 2) * span
        frames.append(
            Frame(
                x,
                neck + unit * rng.uniform(-0.35, 0.28),
                unit * (0.86 if person.cast.startswith("school") else 1),
            )
        )
    order = sorted(range(count), key=lambda index: frames[index].y)
    for index in order:
        _ground_shadow(canvas, frames[index])
        paint_figure(canvas, frames[index], people[index])
        for side in (-1, 1):
            paint_arm(canvas, frames[index], people[index], side, (side * 0.95, 2.6), spread=0.16)
    width, height = canvas.width * 0.82, unit * 1.55
    y = min(neck + unit * 2.2, canvas.height - height * 0.6)
    turn = rng.uniform(-1.2, 1.2)
    sheet = paint_sheet(
        rng, one_line(lines), width, height, rng.choice(["plain", "hand", "ribbon", "red", "straw", "plain"])
    )
    stands = lay_sheet(canvas, sheet, canvas.width / 2, y, turn)
    for frame, person in zip(frames, people, strict=True):
        across = max(-width / 2 + unit * 0.4, min(width / 2 - unit * 0.4, frame.x - canvas.width / 2))
        x, hand_y = stands.point(across, -height / 2)
        paint_grip(canvas, Frame(x, hand_y, unit * 0.8, turn + 90), person.skin, -1)
    canvas.finish(rng, tint=tint_of(place))


def paint_letters(canvas: Canvas, rng: Random, place: str, lines: list[str], casts: list[str]) -> None:
    """Everyone holds one letter of the word."""
    paint_backdrop(canvas, rng, place)
    letters = lines[0].removeprefix("*")
    count = len(letters)
    people = _company(rng, casts, count, cold=place in COLD_PLACES)
    unit = min(canvas.width / (count * 1.95 + 0.7), canvas.height * 0.19)
    span, neck = canvas.width / (count + 0.25), canvas.height * 0.46
    order = sorted(range(count), key=lambda index: abs(index - (count - 1) / 2), reverse=True)
    lifts = [unit * rng.uniform(-0.3, 0.3) for _ in people]
    for index in order:
        x = canvas.width / 2 + (index - (count - 1) / 2) * span
        frame = Frame(x, neck + lifts[index], unit)
        _ground_shadow(canvas, frame)
        paint_figure(canvas, frame, people[index])
        size = (unit * 1.16, unit * 1.5)
        design = "red" if index % 2 else "plain"
        _holds(canvas, rng, frame, people[index], [letters[index]], (x, frame.y + unit * 1.6), size, design)
    canvas.finish(rng, tint=tint_of(place))


def paint_hands(canvas: Canvas, rng: Random, place: str, lines: list[str], _casts: list[str]) -> None:
    """Only hands and a sheet before a view: for those who would rather not show their face."""
    paint_backdrop(canvas, rng, place, blur=6)
    tall = canvas.height > canvas.width
    width = canvas.width * (0.66 if tall else 0.46)
    height = width * rng.uniform(0.62, 0.74)
    x, y = canvas.width * (0.5 if tall else rng.uniform(0.4, 0.6)), canvas.height * rng.uniform(0.44, 0.5)
    unit = width * 0.34
    skin, sleeve, turn = rng.choice(SKINS), rng.choice(CLOTHES), rng.uniform(-5, 5)
    stands = Frame(x, y, 1.0, turn)
    grips = [stands.point(side * width / 2, height * 0.2) for side in (-1, 1)]
    for side, hand in zip((-1, 1), grips, strict=True):
        foot = (hand[0] + side * unit * 0.75, canvas.height + unit * 0.8)
        paint_raised_arm(
            canvas, (hand[0] + side * unit * 0.18, hand[1] + unit * 0.2), foot, sleeve, skin, unit * 0.62
        )
    sheet = paint_sheet(rng, lines, width, height, _design(rng, lines), held=unit * _REACH)
    lay_sheet(canvas, sheet, x, y, turn)
    grip = paint_grip if rng.random() < 0.6 else paint_thumb
    for side, hand in zip((-1, 1), grips, strict=True):
        grip(canvas, Frame(*hand, unit, turn), skin, side)
    canvas.finish(rng, tint=tint_of(place))


def paint_covered(canvas: Canvas, rng: Random, place: str, lines: list[str], casts: list[str]) -> None:
    """Somebody holds the sheet before their face."""
    paint_backdrop(canvas, rng, place)
    person = invent(rng, casts[0] if casts else "", cold=place in COLD_PLACES)
    tall = canvas.height > canvas.width
    unit = canvas.width * 0.24 if tall else canvas.height * 0.22
    x, neck = canvas.width * (0.5 if tall else rng.uniform(0.4, 0.6)), canvas.height * 0.55
    frame = Frame(x, neck, unit)
    _ground_shadow(canvas, frame)
    paint_figure(canvas, frame, person)
    size = (unit * 2.0, unit * 1.42)
    _holds(canvas, rng, frame, person, lines, (x, neck - unit * 0.72), size, _design(rng, lines))
    canvas.finish(rng, tint=tint_of(place))


def paint_shirt(canvas: Canvas, rng: Random, place: str, lines: list[str], casts: list[str]) -> None:
    """The wish is printed on a T-shirt."""
    paint_backdrop(canvas, rng, place)
    white = rng.random() < 0.65
    drawn = invent(rng, casts[0] if casts else "", colour=(244, 240, 232) if white else (182, 28, 38))
    person = Person(**{**_fields(drawn), "wear": "tee", "scarf": None, "beard": drawn.beard})
    unit = canvas.width * 0.25 if canvas.height > canvas.width else canvas.height * 0.24
    frame = Frame(canvas.width * 0.5, max(canvas.height * 0.43, unit * 2.15), unit)
    _ground_shadow(canvas, frame)
    paint_figure(canvas, frame, person)
    for side in (-1, 1):
        paint_arm(canvas, frame, person, side, (side * 1.2, 3.6), spread=0.2)
    _print_on_shirt(canvas, rng, frame, lines, (250, 246, 240) if not white else RED)
    canvas.finish(rng, tint=tint_of(place))


def _fields(person: Person) -> dict[str, object]:
    return {name: getattr(person, name) for name in Person.__slots__}


def _print_on_shirt(canvas: Canvas, rng: Random, frame: Frame, lines: list[str], ink: Colour) -> None:
    half, top = frame.scale * 0.66, frame.y + frame.scale * 0.75
    box = (frame.x - half, top, frame.x + half, top + frame.scale * 1.05)
    write(canvas.image, box, lines, rng.choice(["sans-bold", "serif-bold", "black"]), (ink, ink))
