"""Faces found in a picture, proposed as covers. A proposal is no decision: people look at every picture."""

from typing import Any

from greetings.house import House
from greetings.imaging import MASTER
from greetings.moderation.rules import Cover, cover_around
from greetings.submissions.files import private_key
from greetings.submissions.models import Photo


def can_find_faces(house: House) -> bool:
    """Whether this installation has something to find faces with."""
    return bool(getattr(house.pictures, "can_find_faces", False))


def known_faces(photo: Photo) -> list[Cover]:
    """What was found when the photo came, if its sender asked for faces to be covered."""
    boxes = getattr(photo, "face_boxes", None) or []
    return [cover_around(tuple(box), photo.width_px, photo.height_px) for box in boxes]


def find_faces(house: House, photo: Photo) -> list[Cover]:
    """Look for faces now, thoroughly: also tilted ones. Slow work: nothing is to be locked meanwhile."""
    if not can_find_faces(house):
        return []
    reader: Any = house.pictures
    boxes = reader.find_faces(house.storage.read(private_key(photo.private_name, MASTER)), thorough=True)
    return [cover_around(box, photo.width_px, photo.height_px) for box in boxes]
