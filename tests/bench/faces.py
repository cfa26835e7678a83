"""How many faces the finder finds and how much it covers for nothing, on photos labelled by hand."""

import io
import os
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image

from greetings.imaging import PictureReader
from greetings.imaging.protocol import Box
from tests.bench.faces_samples import VARIANTS, Face, Labelled, labelled_pictures
from tests.bench.measuring import Spread, children_of, cpu_seconds_of
from tests.bench.report import Report, ToolMissing

# A face counts as found when so much of its box lies under covers.
_COVERED = 0.75
_STEPS = 20
_KINDS = ("frontal", "profile", "hidden", "tiny")
_THOROUGH = {"glance": False, "search": True}
_LEAST_FRONTAL = 0.9


@dataclass(slots=True)
class _Tally:
    """What came of looking at all pictures of one variant."""

    found: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    shown: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    false_covers: list[int] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def count(self, one: Labelled, boxes: Sequence[Box]) -> None:
        for face in one.faces:
            self.shown[face.kind] += 1
            self.found[face.kind] += _share_under(face.box, boxes) >= _COVERED
        self.false_covers.append(sum(_covers_nobody(box, one.faces) for box in boxes))

    def row(self, name: str) -> list[object]:
        recall = [f"{self.found[kind]}/{self.shown[kind]}" if self.shown[kind] else "" for kind in _KINDS]
        false = sum(self.false_covers) / len(self.false_covers)
        return [name, *recall, f"{false:.2f}", Spread(self.cpu_ms).text(0)]


def run(report: Report) -> None:
    """Each labelled photo as it is, tilted, small and dark; at a glance as at the desk, and searched."""
    reader = PictureReader()
    if not reader.can_find_faces:
        raise ToolMissing("OpenCV is not installed: requirements/faces.txt brings it.")
    try:
        tallies = _measured(reader)
    finally:
        reader.close()
    columns = ["", *_KINDS, "false covers a picture", "CPU ms: median (least-most)"]
    for how, by_variant in tallies.items():
        rows = [tally.row(name) for name, tally in by_variant.items()]
        report.table(f"Faces found of those labelled, {how}", columns, rows)
    report.note(
        "The corpus' me-images were chosen by such a cascade, each for at least one hit: for frontal faces the "
        "figures are better than on photos nobody chose. Tilted, small and dark ones are made of the same photos."
    )
    searched = tallies["search"]["as it is"]
    recall = searched.found["frontal"] / searched.shown["frontal"]
    report.goal("faces_frontal_recall", recall, ">=", _LEAST_FRONTAL)


def _measured(reader: PictureReader) -> dict[str, dict[str, _Tally]]:
    tallies: dict[str, dict[str, _Tally]] = {how: {name: _Tally() for name in VARIANTS} for how in _THOROUGH}
    for one in labelled_pictures():
        for name, vary in VARIANTS.items():
            if name != "as it is" and not one.faces:
                continue
            varied = vary(one)
            master = _encoded(varied.picture)
            for how, thorough in _THOROUGH.items():
                tally = tallies[how][name]
                before = _cpu_seconds()
                boxes = reader.find_faces(master, thorough=thorough)
                tally.cpu_ms.append((_cpu_seconds() - before) * 1000)
                tally.count(varied, boxes)
    return tallies


def _cpu_seconds() -> float:
    """Of this process and of the finder with all of its children, once the last of them is accounted for."""
    time.sleep(0.02)
    return time.process_time() + sum(cpu_seconds_of(child) for child in children_of(os.getpid()))


def _encoded(picture: Image.Image) -> bytes:
    """As the house holds its masters: pixels and nothing else."""
    held = io.BytesIO()
    picture.info = {}
    picture.save(held, "JPEG", quality=85, optimize=True)
    return held.getvalue()


def _share_under(face: Box, boxes: Sequence[Box]) -> float:
    """Which share of a face's box lies under the covers together, by a grid of points."""
    left, top, right, bottom = face
    points = [
        (left + (right - left) * (x + 0.5) / _STEPS, top + (bottom - top) * (y + 0.5) / _STEPS)
        for x in range(_STEPS)
        for y in range(_STEPS)
    ]
    under = sum(any(box[0] <= x < box[2] and box[1] <= y < box[3] for box in boxes) for x, y in points)
    return under / len(points)


def _covers_nobody(cover: Box, faces: Sequence[Face]) -> bool:
    return not any(
        cover[0] < face.box[2]
        and face.box[0] < cover[2]
        and cover[1] < face.box[3]
        and face.box[1] < cover[3]
        for face in faces
    )
