"""Photos of the corpus with boxes drawn by hand around their faces, and what becomes of both when tilted,
small or dark. The corpus' `me-images` were chosen by such a cascade: each of them had at least one hit."""

import json
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pillow_heif
from PIL import Image, ImageEnhance, ImageOps

from greetings.imaging.protocol import Box
from greetings.settings import CHECKOUT
from tests.bench.report import ToolMissing

LABELS = Path(__file__).with_name("faces_labels.json")
_EDGE_PX = 2048
_SMALL, _DARK = 0.4, 0.25


@dataclass(frozen=True, slots=True)
class Face:
    """A face somebody drew a box around, and how it is shown."""

    box: Box
    kind: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A picture with all of its faces."""

    name: str
    picture: Image.Image
    faces: tuple[Face, ...]


def labelled_pictures() -> Iterator[Labelled]:
    """Every labelled photo, no larger than a master."""
    corpus = Path(os.environ.get("GREETINGS_TEST_CORPUS", CHECKOUT.parent / "shared" / "corpus"))
    if not corpus.is_dir():
        raise ToolMissing("The corpus with people in it is not there: set GREETINGS_TEST_CORPUS.")
    pillow_heif.register_heif_opener()
    for name, faces in json.loads(LABELS.read_text(encoding="utf-8"))["pictures"].items():
        with Image.open(corpus / name) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
        labels = tuple(Face(tuple(face["box"]), face["kind"]) for face in faces)
        yield _resized(Labelled(name, picture, labels), min(1.0, _EDGE_PX / max(picture.size)))


def _resized(one: Labelled, scale: float) -> Labelled:
    if scale == 1:
        return one
    size_px = (round(one.picture.width * scale), round(one.picture.height * scale))
    faces = tuple(Face(_scaled(face.box, scale), face.kind) for face in one.faces)
    return Labelled(one.name, one.picture.resize(size_px, Image.Resampling.LANCZOS), faces)


def _scaled(box: Box, scale: float) -> Box:
    left, top, right, bottom = (round(value * scale) for value in box)
    return left, top, right, bottom


def _tilted(one: Labelled, degrees: int) -> Labelled:
    """Turned around its middle; a face's box goes with its middle and keeps its size."""
    picture = one.picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(90, 90, 90))
    angle = math.radians(degrees)
    faces = []
    for face in one.faces:
        left, top, right, bottom = face.box
        x, y = (left + right - one.picture.width) / 2, (top + bottom - one.picture.height) / 2
        new_x = x * math.cos(angle) + y * math.sin(angle) + picture.width / 2
        new_y = y * math.cos(angle) - x * math.sin(angle) + picture.height / 2
        wide, high = (right - left) / 2, (bottom - top) / 2
        box = (round(new_x - wide), round(new_y - high), round(new_x + wide), round(new_y + high))
        faces.append(Face(box, face.kind))
    return Labelled(one.name, picture, tuple(faces))


def _dark(one: Labelled) -> Labelled:
    return Labelled(one.name, ImageEnhance.Brightness(one.picture).enhance(_DARK), one.faces)


VARIANTS: dict[str, Callable[[Labelled], Labelled]] = {
    "as it is": lambda one: one,
    "tilted 15 degrees": lambda one: _tilted(one, 15),
    "tilted 30 degrees": lambda one: _tilted(one, -30),
    "tilted 45 degrees": lambda one: _tilted(one, 45),
    "small (2/5)": lambda one: _resized(one, _SMALL),
    "dark (1/4)": _dark,
}
