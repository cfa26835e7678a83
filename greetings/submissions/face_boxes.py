"""Where faces are in the photos of a sender who asked for them to be covered: proposals for the desk.

Only boxes are kept, beside the photo; nothing is covered by them. A moderator looks at each picture, adds
what was missed, and confirms: before that the greeting can't be approved, whatever was found here.
"""

import time
from collections.abc import Sequence

from greetings.house import House
from greetings.imaging import MASTER, HouseFull, Picture, PictureRefused

# While the sender waits, so many seconds are spent on looking thoroughly; what is left gets a glance.
PATIENCE_SECONDS = 15.0

Boxes = list[list[int]]


def find_boxes(house: House, pictures: Sequence[Picture]) -> list[Boxes]:
    """For each picture the boxes of its faces, as [left, top, right, bottom] in pixels of its master.

    Never fails: where nothing can be found, for whatever reason, a moderator draws the covers alone.
    """
    patient_until = time.monotonic() + PATIENCE_SECONDS
    return [_boxes(house, picture, thorough=time.monotonic() < patient_until) for picture in pictures]


def _boxes(house: House, picture: Picture, *, thorough: bool) -> Boxes:
    try:
        return [
            list(box) for box in house.pictures.find_faces(picture.renditions[MASTER.name], thorough=thorough)
        ]
    except (PictureRefused, HouseFull):
        return []
