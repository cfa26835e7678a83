"""Outlines: closed polygons of points, in whatever unit the caller thinks in. Pure geometry."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

Point = tuple[float, float]
Outline = list[Point]

_ROUND_STEPS = 40


@dataclass(frozen=True, slots=True)
class Frame:
    """Where and how large something drawn around (0, 0) stands: turned (degrees, clockwise), scaled, moved."""

    x: float
    y: float
    scale: float = 1.0
    turn: float = 0.0
    mirrored: bool = False

    def __call__(self, outline: Sequence[Point]) -> Outline:
        """The outline as it stands in the picture."""
        cos, sin = math.cos(math.radians(self.turn)), math.sin(math.radians(self.turn))
        across = -self.scale if self.mirrored else self.scale
        return [
            (
                self.x + x * across * cos - y * self.scale * sin,
                self.y + x * across * sin + y * self.scale * cos,
            )
            for x, y in outline
        ]

    def point(self, x: float, y: float) -> Point:
        """One point as it stands in the picture."""
        return self([(x, y)])[0]

    def within(self, x: float, y: float, turn: float = 0.0) -> "Frame":
        """A frame that stands inside this one, such as a head on its shoulders."""
        moved_x, moved_y = self.point(x, y)
        return Frame(moved_x, moved_y, self.scale, self.turn + turn, self.mirrored)


def ellipse(x: float, y: float, across: float, down: float | None = None) -> Outline:
    """An ellipse with these half axes; a circle when only one is given."""
    down = across if down is None else down
    angles = [math.tau * step / _ROUND_STEPS for step in range(_ROUND_STEPS)]
    return [(x + across * math.cos(angle), y + down * math.sin(angle)) for angle in angles]


def arc(x: float, y: float, across: float, down: float, start: float, end: float, steps: int = 24) -> Outline:
    """The points of an arc from `start` to `end` degrees (0 is right, 90 is down); open."""
    angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(x + across * math.cos(angle), y + down * math.sin(angle)) for angle in angles]


def rectangle(left: float, top: float, width: float, height: float) -> Outline:
    """A rectangle by its corner and size."""
    return [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]


def rounded(left: float, top: float, width: float, height: float, radius: float) -> Outline:
    """A rectangle with round corners."""
    radius = min(radius, width / 2, height / 2)
    right, bottom = left + width - radius, top + height - radius
    left, top = left + radius, top + radius
    return [
        *arc(right, top, radius, radius, -90, 0, 8),
        *arc(right, bottom, radius, radius, 0, 90, 8),
        *arc(left, bottom, radius, radius, 90, 180, 8),
        *arc(left, top, radius, radius, 180, 270, 8),
    ]


def curve(points: Sequence[Point], *, closed: bool = True, steps: int = 8) -> Outline:
    """A smooth line through the points (Catmull-Rom), closed or open."""
    count = len(points)
    last = count if closed else count - 1

    def at(index: int) -> Point:
        return points[index % count] if closed else points[min(max(index, 0), count - 1)]

    found: Outline = []
    for index in range(last):
        before, start, end, after = at(index - 1), at(index), at(index + 1), at(index + 2)
        found += [_between(before, start, end, after, step / steps) for step in range(steps)]
    return found if closed else [*found, points[-1]]


def _between(before: Point, start: Point, end: Point, after: Point, share: float) -> Point:
    def along(axis: int) -> float:
        a, b, c, d = before[axis], start[axis], end[axis], after[axis]
        return 0.5 * (
            2 * b
            + (c - a) * share
            + (2 * a - 5 * b + 4 * c - d) * share**2
            + (3 * b - a - 3 * c + d) * share**3
        )

    return along(0), along(1)


def stroke(
    points: Sequence[Point], start: float, end: float | None = None, *, middle: float | None = None
) -> Outline:
    """A brush stroke with round ends along the points, its width going from `start` (over `middle`) to `end`."""
    end = start if end is None else end
    middle = (start + end) / 2 if middle is None else middle
    left: Outline = []
    right: Outline = []
    for index, (x, y) in enumerate(points):
        share = index / max(len(points) - 1, 1)
        width = _three_way(start, middle, end, share) / 2
        dx, dy = _direction(points, index)
        left.append((x - dy * width, y + dx * width))
        right.append((x + dy * width, y - dx * width))
    tip = _cap(points[-1], _direction(points, len(points) - 1), end / 2)
    first_dx, first_dy = _direction(points, 0)
    tail = _cap(points[0], (-first_dx, -first_dy), start / 2)
    return [*left, *tip, *reversed(right), *tail]


def _three_way(start: float, middle: float, end: float, share: float) -> float:
    if share < 0.5:
        return start + (middle - start) * share * 2
    return middle + (end - middle) * (share * 2 - 1)


def _direction(points: Sequence[Point], index: int) -> Point:
    (ax, ay), (bx, by) = points[max(index - 1, 0)], points[min(index + 1, len(points) - 1)]
    length = math.hypot(bx - ax, by - ay) or 1.0
    return (bx - ax) / length, (by - ay) / length


def _cap(centre: Point, direction: Point, radius: float) -> Outline:
    angle = math.degrees(math.atan2(direction[1], direction[0]))
    return arc(*centre, radius, radius, angle + 90, angle - 90, 8)


def blob(
    rng: Random, x: float, y: float, across: float, down: float, roughness: float = 0.2, lobes: int = 9
) -> Outline:
    """A soft, uneven round: a bush, a cloud, a blot."""
    points = []
    for lobe in range(lobes):
        angle = math.tau * (lobe + rng.uniform(-0.2, 0.2)) / lobes
        reach = 1 + rng.uniform(-roughness, roughness)
        points.append((x + across * reach * math.cos(angle), y + down * reach * math.sin(angle)))
    return curve(points)


def heart(x: float, y: float, size: float) -> Outline:
    """A heart, `size` wide."""
    points = []
    for step in range(_ROUND_STEPS):
        t = math.tau * step / _ROUND_STEPS
        across = 16 * math.sin(t) ** 3
        up = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        points.append((x + across * size / 32, y - up * size / 32))
    return points


def star(
    x: float, y: float, reach: float, points: int = 5, inner: float = 0.45, turn: float = -90
) -> Outline:
    """A star; with many points and a large `inner`, a scalloped round."""
    found: Outline = []
    for step in range(points * 2):
        angle = math.radians(turn + 180 * step / points)
        length = reach if step % 2 == 0 else reach * inner
        found.append((x + length * math.cos(angle), y + length * math.sin(angle)))
    return found


def shaky(rng: Random, outline: Sequence[Point], amount: float, *, gap: float = 14.0) -> Outline:
    """The outline as a small hand would follow it: cut into steps of about `gap`, each a little off."""
    found: Outline = []
    for (ax, ay), (bx, by) in zip(outline, [*outline[1:], outline[0]], strict=True):
        cuts = max(1, round(math.hypot(bx - ax, by - ay) / gap))
        for cut in range(cuts):
            share = cut / cuts
            found.append(
                (
                    ax + (bx - ax) * share + rng.uniform(-amount, amount),
                    ay + (by - ay) * share + rng.uniform(-amount, amount),
                )
            )
    return found
