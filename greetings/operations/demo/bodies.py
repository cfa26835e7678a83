"""Shoulders, clothes, arms and hands. Lengths are in widths of the face; the origin is the base of the neck."""

from greetings.operations.demo.canvas import Canvas, Fade
from greetings.operations.demo.palette import Colour, darker, lighter, luminance, mix
from greetings.operations.demo.people import Person, paint_behind_head, paint_head
from greetings.operations.demo.shapes import Frame, Outline, Point, curve, ellipse, rounded, stroke

HEAD_ABOVE = 0.98  # the middle of the face stands that far above the base of the neck
_LONG = 5.0


def head_frame(frame: Frame, person: Person) -> Frame:
    """Where the head of somebody stands whose neck begins at the frame's origin."""
    return frame.within(person.gaze * 0.5, -HEAD_ABOVE, person.tilt)


def paint_figure(canvas: Canvas, frame: Frame, person: Person) -> None:
    """Head, neck and trunk, without the arms."""
    head = head_frame(frame, person)
    paint_behind_head(canvas, head, person)
    if person.wear == "hoodie":
        hood = curve(
            [(-0.5, -0.2), (-0.3, -0.5), (0.3, -0.5), (0.5, -0.2), (0.72, 0.2), (0, 0.5), (-0.72, 0.2)]
        )
        canvas.fill(frame(hood), darker(person.colour, 0.22))
    body = _trunk(person.breadth)
    _neck(canvas, frame, person)
    _cloth(canvas, frame, person, body)
    _WEARS[person.wear](canvas, frame, person, body)
    if person.scarf is not None:
        _scarf(canvas, frame, person.scarf)
    paint_head(canvas, head, person)


def _trunk(breadth: float) -> Outline:
    right = [(0.27, -0.1), (0.55, 0.04), (breadth - 0.2, 0.2), (breadth, 0.5), (breadth + 0.02, 1.2)]
    low = [(breadth - 0.08, 2.2), (breadth - 0.02, _LONG)]
    points = [*right, *low]
    return [*curve(points, closed=False), *reversed([(-x, y) for x, y in curve(points, closed=False)])]


def _neck(canvas: Canvas, frame: Frame, person: Person) -> None:
    half = 0.235 if person.breadth > 1.12 else 0.2
    shape = curve(
        [
            (-half, -0.7),
            (half, -0.7),
            (half, -0.2),
            (0.4, 0.06),
            (0.1, 0.3),
            (-0.1, 0.3),
            (-0.4, 0.06),
            (-half, -0.2),
        ]
    )
    canvas.fill(frame(shape), person.skin)
    shade = darker(mix(person.skin, (150, 60, 55), 0.3), 0.28)
    canvas.fill(
        frame(ellipse(0.05, -0.42, 0.42, 0.28)),
        shade,
        soft=0.09 * frame.scale,
        opacity=0.75,
        within=frame(shape),
    )


def _cloth(canvas: Canvas, frame: Frame, person: Person, body: Outline) -> None:
    colour = person.colour
    clip = frame(body)
    canvas.fill(clip, Fade(lighter(colour, 0.08), darker(colour, 0.16)))
    blur = 0.2 * frame.scale
    canvas.fill(
        frame(ellipse(person.breadth, 1.9, 0.42, 2.2)),
        darker(colour, 0.5),
        soft=blur,
        opacity=0.5,
        within=clip,
    )
    canvas.fill(
        frame(ellipse(-person.breadth, 2.2, 0.25, 2.0)),
        darker(colour, 0.45),
        soft=blur,
        opacity=0.4,
        within=clip,
    )
    canvas.fill(
        frame(ellipse(-0.6, 0.45, 0.3, 0.2)), lighter(colour, 0.5), soft=blur * 0.6, opacity=0.28, within=clip
    )
    canvas.fill(
        frame(ellipse(0.06, 0.16, 0.5, 0.2)), darker(colour, 0.5), soft=blur * 0.5, opacity=0.42, within=clip
    )


# what people wear


def _collar_line(
    canvas: Canvas, frame: Frame, colour: Colour, drop: float = 0.34, width: float = 0.1
) -> None:
    line = curve(
        [(-0.41, -0.06), (-0.27, drop * 0.6), (0, drop), (0.27, drop * 0.6), (0.41, -0.06)], closed=False
    )
    canvas.fill(frame(stroke(line, width * 0.7, width * 0.7, middle=width)), colour)


def _open_neck(canvas: Canvas, frame: Frame, person: Person, drop: float = 0.34) -> None:
    skin = curve([(-0.38, -0.12), (0.38, -0.12), (0.25, drop * 0.62), (0, drop), (-0.25, drop * 0.62)])
    canvas.fill(frame(skin), person.skin)
    canvas.fill(
        frame(ellipse(0.04, -0.2, 0.34, 0.2)),
        darker(mix(person.skin, (150, 60, 55), 0.3), 0.24),
        soft=0.07 * frame.scale,
        opacity=0.7,
        within=frame(skin),
    )


def _sweater(canvas: Canvas, frame: Frame, person: Person, _body: Outline) -> None:
    _open_neck(canvas, frame, person, 0.26)
    _collar_line(canvas, frame, darker(person.colour, 0.16), 0.27, 0.12)


def _turtleneck(canvas: Canvas, frame: Frame, person: Person, _body: Outline) -> None:
    roll = rounded(-0.32, -0.36, 0.64, 0.42, 0.12)
    canvas.fill(frame(roll), lighter(person.colour, 0.06))
    canvas.fill(
        frame(ellipse(0.16, -0.2, 0.2, 0.3)),
        darker(person.colour, 0.4),
        soft=0.07 * frame.scale,
        opacity=0.5,
        within=frame(roll),
    )
    fold = curve([(-0.3, -0.13), (0, -0.07), (0.3, -0.13)], closed=False)
    canvas.fill(frame(stroke(fold, 0.02)), darker(person.colour, 0.25), opacity=0.7)


def _shirt(canvas: Canvas, frame: Frame, person: Person, _body: Outline) -> None:
    _open_neck(canvas, frame, person, 0.42)
    seam = stroke([(0, 0.4), (0, _LONG)], 0.03)
    canvas.fill(frame(seam), darker(person.colour, 0.2), opacity=0.6)
    for y in (0.7, 1.15, 1.6, 2.05):
        canvas.fill(frame(ellipse(0, y, 0.04)), lighter(person.colour, 0.6))
    _points_of_collar(canvas, frame, lighter(person.colour, 0.22))


def _points_of_collar(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    for side in (-1, 1):
        wing = [
            (side * x, y) for x, y in [(0.26, -0.24), (0.46, -0.05), (0.4, 0.34), (0.02, 0.42), (0.2, 0.12)]
        ]
        canvas.fill(
            frame([(x + 0.02, y + 0.035) for x, y in wing]),
            (20, 16, 20),
            soft=0.03 * frame.scale,
            opacity=0.3,
        )
        canvas.fill(frame(wing), colour)


def _jacket(canvas: Canvas, frame: Frame, person: Person, body: Outline) -> None:
    shirt = [(-0.3, -0.1), (0.3, -0.1), (0.34, 0.5), (0.0, 2.3), (-0.34, 0.5)]
    light = lighter(person.second_colour, 0.3)
    canvas.fill(frame(shirt), light if luminance(light) > 0.4 else (236, 234, 228), within=frame(body))
    _open_neck(canvas, frame, person, 0.36)
    _points_of_collar(canvas, frame, (246, 244, 240))
    for side in (-1, 1):
        lapel = [
            (side * x, y)
            for x, y in [(0.36, -0.08), (0.62, 0.42), (0.46, 0.62), (0.6, 0.78), (0.0, 2.35), (0.2, 0.9)]
        ]
        canvas.fill(frame(lapel), lighter(person.colour, 0.07))
        canvas.fill(
            frame(stroke([lapel[1], lapel[2], lapel[3], lapel[4]], 0.022)),
            darker(person.colour, 0.4),
            opacity=0.7,
        )


def _hoodie(canvas: Canvas, frame: Frame, person: Person, _body: Outline) -> None:
    _open_neck(canvas, frame, person, 0.3)
    rim = curve([(-0.52, -0.12), (-0.38, 0.28), (0, 0.46), (0.38, 0.28), (0.52, -0.12)], closed=False)
    canvas.fill(frame(stroke(rim, 0.16, 0.16, middle=0.2)), darker(person.colour, 0.12))
    for side in (-1, 1):
        cord = curve([(side * 0.17, 0.44), (side * 0.2, 0.8), (side * 0.17, 1.15)], closed=False)
        canvas.fill(frame(stroke(cord, 0.04)), (240, 236, 226))


def _tee(canvas: Canvas, frame: Frame, person: Person, _body: Outline) -> None:
    _open_neck(canvas, frame, person, 0.3)
    _collar_line(canvas, frame, darker(person.colour, 0.12), 0.31, 0.075)


def _stripes(canvas: Canvas, frame: Frame, person: Person, body: Outline) -> None:
    band = mix(person.second_colour, person.colour, 0.12)
    for row in range(12):
        y = 0.4 + row * 0.34
        line = curve([(-1.5, y - 0.05), (0, y + 0.06), (1.5, y - 0.05)], closed=False)
        canvas.fill(frame(stroke(line, 0.13)), band, within=frame(body))
    canvas.fill(
        frame(ellipse(person.breadth, 1.9, 0.4, 2.2)),
        (20, 14, 22),
        soft=0.2 * frame.scale,
        opacity=0.22,
        within=frame(body),
    )
    _sweater(canvas, frame, person, body)


def _embroidered(canvas: Canvas, frame: Frame, person: Person, body: Outline) -> None:
    """A linen shirt with the red ornament of home down its front."""
    linen = (246, 241, 230)
    canvas.fill(frame(body), Fade(linen, darker(linen, 0.12)))
    canvas.fill(
        frame(ellipse(person.breadth, 1.9, 0.4, 2.2)),
        (96, 80, 74),
        soft=0.2 * frame.scale,
        opacity=0.4,
        within=frame(body),
    )
    _open_neck(canvas, frame, person, 0.3)
    red = (178, 28, 36)
    _collar_line(canvas, frame, red, 0.3, 0.09)
    canvas.fill(frame(rounded(-0.27, 0.34, 0.54, _LONG, 0.02)), lighter(linen, 0.4))
    for side in (-1, 1):
        canvas.fill(frame(stroke([(side * 0.27, 0.34), (side * 0.27, _LONG)], 0.035)), red)
    for row in range(14):
        y = 0.56 + row * 0.33
        for x, size in ((0.0, 0.15), (-0.15, 0.06), (0.15, 0.06)):
            shift = 0.165 if x else 0.0
            diamond: Outline = [
                (x, y + shift - size),
                (x + size, y + shift),
                (x, y + shift + size),
                (x - size, y + shift),
            ]
            canvas.fill(frame(diamond), red)
        canvas.fill(frame([(0, y - 0.06), (0.06, y), (0, y + 0.06), (-0.06, y)]), linen)


def _cardigan(canvas: Canvas, frame: Frame, person: Person, body: Outline) -> None:
    inner = curve(
        [
            (-0.34, -0.1),
            (0.34, -0.1),
            (0.36, 0.5),
            (0.2, 1.4),
            (0.16, _LONG),
            (-0.16, _LONG),
            (-0.2, 1.4),
            (-0.36, 0.5),
        ]
    )
    canvas.fill(frame(inner), person.second_colour, within=frame(body))
    _open_neck(canvas, frame, person, 0.32)
    for side in (-1, 1):
        edge = curve(
            [(side * 0.4, -0.06), (side * 0.38, 0.5), (side * 0.21, 1.4), (side * 0.17, _LONG)], closed=False
        )
        canvas.fill(frame(stroke(edge, 0.12)), darker(person.colour, 0.18))


def _coat(canvas: Canvas, frame: Frame, person: Person, body: Outline) -> None:
    _turtleneck(canvas, frame, person, body)
    canvas.fill(frame(rounded(-0.34, -0.34, 0.68, 0.46, 0.12)), person.second_colour)
    canvas.fill(
        frame(ellipse(0.18, -0.18, 0.2, 0.28)),
        darker(person.second_colour, 0.5),
        soft=0.07 * frame.scale,
        opacity=0.4,
        within=frame(rounded(-0.34, -0.34, 0.68, 0.46, 0.12)),
    )
    for side in (-1, 1):
        wing = curve(
            [
                (side * x, y)
                for x, y in [(0.3, -0.14), (0.66, 0.02), (0.72, 0.42), (0.36, 0.74), (0.06, 0.9), (0.1, 0.36)]
            ]
        )
        canvas.fill(
            frame([(x, y + 0.04) for x, y in wing]), (16, 12, 18), soft=0.05 * frame.scale, opacity=0.35
        )
        canvas.fill(frame(wing), lighter(person.colour, 0.1))
    canvas.fill(frame(stroke([(0.05, 0.85), (0.05, _LONG)], 0.025)), darker(person.colour, 0.4))
    for y in (1.2, 1.8, 2.4):
        canvas.fill(frame(ellipse(0.2, y, 0.065)), darker(person.colour, 0.5))


def _scarf(canvas: Canvas, frame: Frame, colour: Colour) -> None:
    end = curve([(0.1, 0.2), (0.42, 0.24), (0.46, 1.3), (0.16, 1.32)])
    canvas.fill(frame(end), darker(colour, 0.12))
    for y in (0.95, 1.1):
        canvas.fill(frame(stroke([(0.1, y), (0.5, y)], 0.05)), lighter(colour, 0.5), within=frame(end))
    wrap = curve(
        [
            (-0.46, -0.22),
            (0, -0.1),
            (0.46, -0.22),
            (0.52, 0.12),
            (0.3, 0.34),
            (0, 0.4),
            (-0.3, 0.34),
            (-0.52, 0.12),
        ]
    )
    canvas.fill(frame([(x, y + 0.05) for x, y in wrap]), (16, 12, 18), soft=0.06 * frame.scale, opacity=0.4)
    canvas.fill(frame(wrap), colour)
    canvas.fill(
        frame(ellipse(0.36, 0.12, 0.24, 0.3)),
        darker(colour, 0.5),
        soft=0.08 * frame.scale,
        opacity=0.5,
        within=frame(wrap),
    )
    for bend in (0.0, 0.13):
        fold = curve([(-0.46, -0.04 + bend), (0, 0.1 + bend), (0.46, -0.04 + bend)], closed=False)
        canvas.fill(frame(stroke(fold, 0.008, middle=0.024)), darker(colour, 0.25), opacity=0.6)


# arms and hands


def paint_arm(
    canvas: Canvas, frame: Frame, person: Person, side: int, hand: Point, spread: float = 0.4
) -> None:
    """An arm from the shoulder on that side (-1 left of the picture, 1 right) to a hand, in the frame's lengths."""
    shoulder = (side * (person.breadth - 0.22), 0.47)
    elbow = (
        (shoulder[0] + hand[0]) / 2 + side * spread,
        max((shoulder[1] + hand[1]) / 2 + 0.42, shoulder[1] + 0.85),
    )
    if hand[1] < shoulder[1] + 0.5:
        _raised(canvas, frame, person, side, (shoulder, hand))
        return
    line = curve([shoulder, elbow, hand], closed=False, steps=14)
    sleeve = stroke(line, 0.5, 0.34, middle=0.47)
    colour = (246, 241, 230) if person.wear == "embroidered" else person.colour
    canvas.fill(
        frame([(x + side * 0.02, y + 0.05) for x, y in sleeve]),
        (18, 14, 20),
        soft=0.06 * frame.scale,
        opacity=0.22,
    )
    if person.wear == "tee":
        canvas.fill(frame(stroke(line, 0.46, 0.27, middle=0.4)), darker(person.skin, 0.05))
        sleeve = stroke(line[:13], 0.5, 0.52, middle=0.51)
    _sleeve(canvas, frame, sleeve, line, colour, side)
    if person.wear == "stripes":
        for at in range(5, len(line) - 4, 4):
            _cuff(canvas, frame, line, at, 0.7, 0.1, mix(person.second_colour, colour, 0.15), sleeve)
    if person.wear != "tee":
        cuff = (178, 28, 36) if person.wear == "embroidered" else darker(colour, 0.15)
        _cuff(canvas, frame, line, len(line) - 3, 0.5, 0.13, cuff, sleeve)


def _raised(canvas: Canvas, frame: Frame, person: Person, side: int, ends: tuple[Point, Point]) -> None:
    """An arm folded upwards, in two parts, since one stroke can't turn that sharply."""
    shoulder, hand = ends
    elbow = (max(abs(shoulder[0]), abs(hand[0])) * side + side * 0.34, shoulder[1] + 0.95)
    colour = (246, 241, 230) if person.wear == "embroidered" else person.colour
    upper, lower = curve([shoulder, elbow], closed=False), curve([elbow, hand], closed=False)
    _sleeve(canvas, frame, stroke(upper, 0.5, 0.46), upper, colour, side)
    fore = stroke(lower, 0.46, 0.32)
    if person.wear == "tee":
        canvas.fill(frame(stroke(lower, 0.38, 0.26)), person.skin)
        return
    canvas.fill(frame([(x, y + 0.04) for x, y in fore]), (18, 14, 20), soft=0.06 * frame.scale, opacity=0.25)
    _sleeve(canvas, frame, fore, lower, colour, side)
    cuff = (178, 28, 36) if person.wear == "embroidered" else darker(colour, 0.15)
    _cuff(canvas, frame, lower, len(lower) - 2, 0.5, 0.13, cuff, fore)


def _sleeve(canvas: Canvas, frame: Frame, sleeve: Outline, line: Outline, colour: Colour, side: int) -> None:
    clip = frame(sleeve)
    canvas.fill(clip, lighter(colour, 0.04) if side < 0 else darker(colour, 0.08))
    blur = 0.07 * frame.scale
    under = stroke([(x + 0.16, y + 0.16) for x, y in line], 0.24)
    canvas.fill(frame(under), darker(colour, 0.5), soft=blur, opacity=0.42, within=clip)
    top = stroke([(x - 0.14, y - 0.1) for x, y in line[:-4]], 0.1)
    canvas.fill(frame(top), lighter(colour, 0.45), soft=blur * 0.8, opacity=0.3, within=clip)
    elbow = line[len(line) // 2]
    for shift in (-0.08, 0.08):
        crease = curve(
            [
                (elbow[0] - side * 0.18, elbow[1] - 0.2 + shift),
                (elbow[0] - side * 0.04, elbow[1] - 0.1 + shift),
            ],
            closed=False,
        )
        canvas.fill(frame(stroke(crease, 0.03, 0.005)), darker(colour, 0.35), opacity=0.5, within=clip)


def _cuff(
    canvas: Canvas,
    frame: Frame,
    line: Outline,
    at: int,
    long: float,
    wide: float,
    colour: Colour,
    clip: Outline,
) -> None:
    (ax, ay), (bx, by) = line[at - 1], line[at]
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5 or 1.0
    dx, dy = -(by - ay) / length * long / 2, (bx - ax) / length * long / 2
    canvas.fill(frame(stroke([(bx - dx, by - dy), (bx + dx, by + dy)], wide)), colour, within=frame(clip))


def paint_grip(canvas: Canvas, frame: Frame, skin: Colour, side: int) -> None:
    """A hand around the edge of a sheet: four fingers lie on it, inwards; the frame's origin is on the edge."""
    line = darker(mix(skin, (150, 70, 55), 0.35), 0.3)
    inwards = -side
    back = curve(
        [
            (side * x, y)
            for x, y in [(-0.06, -0.3), (0.2, -0.27), (0.34, -0.06), (0.33, 0.16), (0.18, 0.31), (-0.06, 0.3)]
        ]
    )
    canvas.fill(frame(back), darker(skin, 0.05))
    canvas.fill(
        frame(ellipse(side * 0.26, 0.16, 0.16, 0.16)),
        darker(mix(skin, (170, 70, 60), 0.3), 0.22),
        soft=0.06 * frame.scale,
        opacity=0.6,
        within=frame(back),
    )
    for index, length in enumerate((0.19, 0.235, 0.225, 0.16)):
        y = -0.215 + index * 0.145
        start = (side * 0.1, y)
        finger = curve([start, (inwards * 0.06, y - 0.012), (inwards * length, y + 0.012)], closed=False)
        canvas.fill(
            frame([(x, y2 + 0.018) for x, y2 in stroke(finger, 0.15, 0.13)]),
            (30, 18, 16),
            soft=0.03 * frame.scale,
            opacity=0.3,
        )
        canvas.fill(frame(stroke(finger, 0.165, 0.142)), line)
        canvas.fill(frame(stroke(finger, 0.148, 0.122)), lighter(skin, 0.02 if index < 2 else 0))
        nail = ellipse(inwards * (length - 0.005), y + 0.006, 0.036, 0.034)
        canvas.fill(frame(nail), lighter(mix(skin, (240, 160, 150), 0.35), 0.2), opacity=0.8)


def paint_thumb(canvas: Canvas, frame: Frame, skin: Colour, side: int) -> None:
    """A hand that holds a sheet from behind: only the thumb lies on it, pointing inwards and up."""
    line = darker(mix(skin, (150, 70, 55), 0.35), 0.3)
    base = curve(
        [
            (side * x, y)
            for x, y in [(-0.02, -0.2), (0.22, -0.2), (0.33, 0.0), (0.28, 0.26), (0.06, 0.3), (-0.02, 0.2)]
        ]
    )
    canvas.fill(frame(base), darker(skin, 0.05))
    thumb = curve([(side * 0.12, 0.12), (-side * 0.06, 0.02), (-side * 0.26, -0.1)], closed=False)
    canvas.fill(
        frame([(x, y + 0.03) for x, y in stroke(thumb, 0.19, 0.14)]),
        (30, 18, 16),
        soft=0.03 * frame.scale,
        opacity=0.3,
    )
    canvas.fill(frame(stroke(thumb, 0.215, 0.155)), line)
    canvas.fill(frame(stroke(thumb, 0.195, 0.135)), skin)
    canvas.fill(
        frame(ellipse(-side * 0.265, -0.105, 0.042, 0.036)),
        lighter(mix(skin, (240, 160, 150), 0.35), 0.2),
        opacity=0.8,
    )


def paint_raised_arm(
    canvas: Canvas, hand: Point, foot: Point, sleeve: Colour, skin: Colour, width: float
) -> None:
    """Somebody's own arm coming up from the lower edge, in pixels: sleeve, wrist; the hand is painted later."""
    bend = ((hand[0] + foot[0]) / 2 + (foot[0] - hand[0]) * 0.16, (hand[1] + foot[1]) / 2)
    line = curve([foot, bend, hand], closed=False, steps=12)
    canvas.fill(stroke(line, width * 0.8, width * 0.56, middle=width * 0.62), skin)
    cut = len(line) * 5 // 8
    outline = stroke(line[:cut], width * 1.35, width * 0.86, middle=width)
    canvas.fill(outline, sleeve)
    under = stroke([(x + width * 0.3, y) for x, y in line[:cut]], width * 0.4)
    canvas.fill(under, darker(sleeve, 0.5), soft=width * 0.16, opacity=0.5, within=outline)
    canvas.fill(stroke([line[cut - 2], line[cut - 1]], width * 0.98, width * 0.94), darker(sleeve, 0.14))


_WEARS = {
    "sweater": _sweater,
    "turtleneck": _turtleneck,
    "shirt": _shirt,
    "jacket": _jacket,
    "hoodie": _hoodie,
    "tee": _tee,
    "stripes": _stripes,
    "embroidered": _embroidered,
    "cardigan": _cardigan,
    "coat": _coat,
}
