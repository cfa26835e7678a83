"""From many glimpses of faces to few covers: several looks at a picture see the same face again and again.

Pure sums, so that the rule can be read and tested without anything that finds faces.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from greetings.imaging.protocol import MOST_FACES, Box

# Two glimpses are of one face when their middles are nearer than this share of the larger one's edge.
_SAME_FACE = 0.4
# A cascade's square reaches from brow to chin. Hair, ears and chin can be recognised, too.
_MARGIN_SIDE, _MARGIN_TOP, _MARGIN_BOTTOM = 0.2, 0.3, 0.25


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A square in which one look saw a face: middle and edge in pixels, and how surely (1: a bare hint)."""

    x_px: float
    y_px: float
    edge_px: float
    weight: int


def covers(glimpses: Iterable[Glimpse], least_weight: int, width_px: int, height_px: int) -> list[Box]:
    """A box for each face that was seen surely enough, the surest first, clamped to the picture."""
    faces = [face for face in _faces(glimpses) if _weight(face) >= least_weight]
    faces.sort(key=_weight, reverse=True)
    boxes = (_clamped(_cover(face), width_px, height_px) for face in faces[:MOST_FACES])
    return [box for box in boxes if box[0] < box[2] and box[1] < box[3]]


def _faces(glimpses: Iterable[Glimpse]) -> list[list[Glimpse]]:
    """The glimpses of each face together; the largest of them gathers the others around it."""
    faces: list[list[Glimpse]] = []
    for glimpse in sorted(glimpses, key=lambda one: one.edge_px, reverse=True):
        for face in faces:
            near_px = face[0].edge_px * _SAME_FACE
            if abs(glimpse.x_px - face[0].x_px) < near_px and abs(glimpse.y_px - face[0].y_px) < near_px:
                face.append(glimpse)
                break
        else:
            faces.append([glimpse])
    return faces


def _weight(face: Sequence[Glimpse]) -> int:
    return sum(glimpse.weight for glimpse in face)


def _cover(face: Sequence[Glimpse]) -> tuple[float, float, float, float]:
    """Around the middle of what was seen, as large as the larger ones of it."""
    x_px, y_px = median(one.x_px for one in face), median(one.y_px for one in face)
    edges_px = sorted(one.edge_px for one in face)
    edge_px = edges_px[len(edges_px) * 3 // 4]
    half_px = edge_px / 2
    return (
        x_px - half_px - edge_px * _MARGIN_SIDE,
        y_px - half_px - edge_px * _MARGIN_TOP,
        x_px + half_px + edge_px * _MARGIN_SIDE,
        y_px + half_px + edge_px * _MARGIN_BOTTOM,
    )


def _clamped(box: tuple[float, float, float, float], width_px: int, height_px: int) -> Box:
    left, top, right, bottom = (round(value) for value in box)
    return max(left, 0), max(top, 0), min(right, width_px), min(bottom, height_px)
