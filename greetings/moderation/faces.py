"""Faces found in a picture, proposed as covers. A proposal is no decision: people look at every picture."""

from greetings.house import House
from greetings.imaging import MASTER, PictureRefused
from greetings.moderation.rules import Cover, cover_around
from greetings.submissions.files import private_key
from greetings.submissions.models import Photo


def known_faces(photo: Photo) -> list[Cover]:
    """What was found when the photo came, if its sender asked for faces to be covered."""
    boxes = [(left, top, right, bottom) for left, top, right, bottom in photo.face_boxes]
    return [cover_around(box, photo.width_px, photo.height_px) for box in boxes]


def find_faces(house: House, photo: Photo) -> list[Cover]:
    """Look for faces now, thoroughly: also tilted ones. Slow work: nothing is to be locked meanwhile.

    None are found without the extra, or when the finder fails: whoever asked must look themselves anyway.
    """
    master = house.storage.read(private_key(photo.private_name, MASTER))
    try:
        boxes = house.pictures.find_faces(master, thorough=True)
    except PictureRefused:
        return []
    return [cover_around(box, photo.width_px, photo.height_px) for box in boxes]
