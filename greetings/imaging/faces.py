"""Finds faces in a picture of our own, in a confined child of a warm process that has OpenCV loaded.

With the Haar cascades that come with OpenCV: they see a face that looks into the camera, most of those that
are tilted when the picture is turned for them, few in profile. Good enough to propose covers, never to
decide. OpenCV is an extra; this module may be imported without it.
"""

import os
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, JpegImagePlugin

from greetings.imaging.protocol import Box, Request, Task
from greetings.imaging.refusals import PictureRefused, Refusal
from greetings.imaging.sightings import Glimpse, covers

__all__ = ["find_faces", "prepare"]

_CODEC = JpegImagePlugin  # loaded here, in the warm parent: a child could not open its file any more
_FRONT, _SIDE = "haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml"
_LEAST_FACE_PX = 20
_MOST_ENLARGED = 3.0

# Set by `prepare` in the warm parent and inherited by every child.
_loaded: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Look:
    """One way of looking: the long edge to reduce to, turns in degrees for faces from the front and from the
    side, steps between sizes, and how sure all glimpses of a face together must be.
    """

    edge_px: int
    front: tuple[int, ...]
    side: tuple[int, ...]
    step: float
    least_weight: int


GLANCE = Look(edge_px=640, front=(0,), side=(), step=1.2, least_weight=4)
SEARCH = Look(edge_px=800, front=(0, -20, 20, -40, 40), side=(0,), step=1.2, least_weight=4)


def prepare() -> None:
    """Once, in the warm parent: load OpenCV and its cascades, and let them work once."""
    # read when NumPy is loaded; a process with threads can't be forked
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import cv2
    import numpy as np
    from cv2 import data as cv2_data

    os.environ.clear()  # read by now, and no child is to inherit anything
    cv2.setNumThreads(0)
    _loaded.update(cv2=cv2, np=np)
    for name in (_FRONT, _SIDE):
        _loaded[name] = cv2.CascadeClassifier(cv2_data.haarcascades + name)
        if _loaded[name].empty():
            raise RuntimeError(f"OpenCV comes without {name}.")
    _glimpses(np.zeros((64, 64), np.uint8), SEARCH)


def find_faces(master: bytes, request: Request) -> list[Box]:
    """Boxes around the faces of a master of ours, in its pixels; raises PictureRefused when it is damaged."""
    look = SEARCH if request.task is Task.SEARCH_FOR_FACES else GLANCE
    Image.MAX_IMAGE_PIXELS = request.max_pixels
    try:
        picture: Image.Image = Image.open(BytesIO(master), formats=["JPEG"])
        width_px, height_px = picture.size
        scale = min(look.edge_px / max(width_px, height_px), _MOST_ENLARGED)
        size_px = (max(1, round(width_px * scale)), max(1, round(height_px * scale)))
        picture.draft("L", size_px)
        grey = picture.convert("L").resize(size_px, Image.Resampling.BILINEAR)
    except (OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError):
        raise PictureRefused(Refusal.BROKEN) from None
    seen = _glimpses(_loaded["np"].asarray(grey), look)
    return covers(
        (Glimpse(x / scale, y / scale, edge / scale, weight) for x, y, edge, weight in seen),
        look.least_weight,
        width_px,
        height_px,
    )


def _glimpses(grey: Any, look: Look) -> list[tuple[float, float, float, int]]:
    """Middle, edge and weight of whatever looks like a face, in pixels of this grey picture."""
    cv2 = _loaded["cv2"]
    seen = []
    for degrees in look.front:
        seen += _turned(grey, degrees, _FRONT, look.step, is_mirrored=False)
    for degrees in look.side:
        for is_mirrored in (False, True):  # the cascade knows faces that look to the left
            seen += _turned(grey, degrees, _SIDE, look.step, is_mirrored=is_mirrored)
    if look.side:  # a second look at what lies in the dark
        lightened = cv2.createCLAHE(2.0, (8, 8)).apply(grey)
        seen += _turned(lightened, 0, _FRONT, look.step, is_mirrored=False)
    return seen


def _turned(
    grey: Any, degrees: int, cascade: str, step: float, *, is_mirrored: bool
) -> list[tuple[float, float, float, int]]:
    """What a cascade sees in the picture turned by so much, back in the pixels of the upright one."""
    cv2, np = _loaded["cv2"], _loaded["np"]
    height_px, width_px = grey.shape
    forth, size_px = _turn(cv2, width_px, height_px, degrees, is_mirrored=is_mirrored)
    turned = (
        grey
        if not degrees and not is_mirrored
        else cv2.warpAffine(grey, forth, size_px, borderMode=cv2.BORDER_REPLICATE)
    )
    boxes, weights = _loaded[cascade].detectMultiScale2(
        turned, step, 1, minSize=(_LEAST_FACE_PX, _LEAST_FACE_PX)
    )
    back = cv2.invertAffineTransform(forth)
    seen = []
    for (left, top, width, height), weight in zip(boxes, weights, strict=True):
        x_px, y_px = back @ np.array([left + width / 2, top + height / 2, 1.0])
        if 0 <= x_px < width_px and 0 <= y_px < height_px:
            seen.append((float(x_px), float(y_px), float(width), int(weight)))
    return seen


def _turn(
    cv2: Any, width_px: int, height_px: int, degrees: int, *, is_mirrored: bool
) -> tuple[Any, tuple[int, int]]:
    """The way from a picture to itself turned (and mirrored), and how large it is then."""
    forth = cv2.getRotationMatrix2D((width_px / 2, height_px / 2), degrees, 1.0)
    across, along = abs(forth[0, 0]), abs(forth[0, 1])
    new_width_px = int(height_px * along + width_px * across)
    new_height_px = int(height_px * across + width_px * along)
    forth[0, 2] += (new_width_px - width_px) / 2
    forth[1, 2] += (new_height_px - height_px) / 2
    if is_mirrored:
        forth[0] = -forth[0]
        forth[0, 2] += new_width_px
    return forth, (new_width_px, new_height_px)
