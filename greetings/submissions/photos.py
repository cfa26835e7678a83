"""The pixels of a photo replaced, and taken back while that is possible.

A moderator's covers, turn and crop make new files under a new name. The files before them stay in the private
store, so that a slip can be undone, until the greeting is approved, its covers are confirmed, or the window
is over, whichever comes first. Then they are deleted. Public files of the earlier pixels are gone at once,
and exports that hold them.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from greetings.db.session import after_commit, on_rollback
from greetings.ids import new_id
from greetings.imaging import RENDITIONS, Picture
from greetings.storage import Storage
from greetings.submissions.erasers import forget_copies
from greetings.submissions.files import delete_all, private_key, private_keys
from greetings.submissions.likeness import note_likeness
from greetings.submissions.models import EarlierPicture, Greeting, Photo
from greetings.submissions.publication import publish_photo, unpublish_photo

EARLIER_LASTS = timedelta(minutes=10)
_KEPT = (
    "private_name",
    "width_px",
    "height_px",
    "average_colour",
    "difference_hash",
    "digests",
    "face_boxes",
)
_HAS_EARLIER = (
    select(EarlierPicture.number)
    .join(Photo, Photo.number == EarlierPicture.photo_number)
    .where(Photo.greeting_sequence == bindparam("greeting_sequence"))
    .limit(1)
)


def note_facts(photo: Photo, picture: Picture) -> None:
    """Write into a photo's row what its new renditions are; boxes of faces were those of the old ones."""
    photo.width_px, photo.height_px = picture.width_px, picture.height_px
    photo.average_colour = "".join(f"{part:02x}" for part in picture.average)
    photo.difference_hash = f"{picture.difference_hash:016x}"
    photo.digests = {name: hashlib.sha256(data).hexdigest() for name, data in picture.renditions.items()}
    photo.face_boxes = []


def put_renditions(storage: Storage, session: Session, picture: Picture) -> str:
    """Put the files of a redrawn picture under a new private name; they go again if the rows fail."""
    private_name = new_id()
    keys = [private_key(private_name, rendition) for rendition in RENDITIONS]
    on_rollback(session, lambda: delete_all(storage, keys))
    for rendition, key in zip(RENDITIONS, keys, strict=True):
        storage.put(key, picture.renditions[rendition.name])
    return private_name


def replace_picture(
    session: Session, storage: Storage, photo: Photo, private_name: str, picture: Picture, now: datetime
) -> None:
    """Give a photo the files under `private_name`; what it had is kept for the time of the window."""
    forget_copies(session, storage, photo.greeting)
    facts = {name: getattr(photo, name) for name in _KEPT}
    session.add(EarlierPicture(photo_number=photo.number, replaced_at=now, **facts))
    was_public = _take_off_the_wall(session, storage, photo)
    photo.private_name = private_name
    note_facts(photo, picture)
    _tell(session, storage, photo, was_public=was_public)


def restore_picture(session: Session, storage: Storage, photo: Photo) -> bool:
    """Take the last replacement back; False when there is none that still can be."""
    latest = select(EarlierPicture).where(EarlierPicture.photo_number == photo.number)
    earlier = session.scalar(latest.order_by(EarlierPicture.number.desc()).limit(1))
    if earlier is None:
        return False
    forget_copies(session, storage, photo.greeting)
    was_public = _take_off_the_wall(session, storage, photo)
    keys = private_keys(photo)
    after_commit(session, lambda: delete_all(storage, keys))
    facts = {name: getattr(earlier, name) for name in _KEPT}
    session.delete(earlier)
    for name, value in facts.items():
        setattr(photo, name, value)
    _tell(session, storage, photo, was_public=was_public)
    return True


def forget_earlier(session: Session, storage: Storage, greeting: Greeting) -> None:
    """Let go of all earlier pixels of a greeting, now: hardly any has some, so that is asked first."""
    session.flush()
    asked = {"greeting_sequence": greeting.sequence}
    if greeting.photos and session.connection().scalar(_HAS_EARLIER, asked) is not None:
        _forget(session, storage, earlier_pictures(session, greeting))


def earlier_pictures(session: Session, greeting: Greeting) -> Sequence[EarlierPicture]:
    """What still can be taken back of a greeting's pictures, the oldest first."""
    return session.scalars(
        select(EarlierPicture)
        .join(Photo, Photo.number == EarlierPicture.photo_number)
        .where(Photo.greeting_sequence == greeting.sequence)
        .order_by(EarlierPicture.number)
    ).all()


def forget_earlier_than(session: Session, storage: Storage, now: datetime) -> int:
    """Let go of earlier pixels whose window is over; returns how many pictures that were. Those of a greeting
    that somebody is changing wait for the next time.
    """
    over = session.scalars(
        select(EarlierPicture).where(_is_over(now)).with_for_update(skip_locked=True)
    ).all()
    _forget(session, storage, over)
    return len(over)


def has_earlier_than(session: Session, now: datetime) -> bool:
    """Whether the window of anything is over, so that nobody begins to write for nothing."""
    return session.scalar(select(EarlierPicture.number).where(_is_over(now)).limit(1)) is not None


def _is_over(now: datetime) -> ColumnElement[bool]:
    return EarlierPicture.replaced_at <= now - EARLIER_LASTS


def _forget(session: Session, storage: Storage, earlier: Sequence[EarlierPicture]) -> None:
    keys = [key for one in earlier for key in private_keys(one)]
    for one in earlier:
        session.delete(one)
    after_commit(session, lambda: delete_all(storage, keys))


def _take_off_the_wall(session: Session, storage: Storage, photo: Photo) -> bool:
    was_public = photo.public_name is not None
    unpublish_photo(session, storage, photo, for_good=True)
    return was_public


def _tell(session: Session, storage: Storage, photo: Photo, *, was_public: bool) -> None:
    if was_public:
        publish_photo(session, storage, photo)
    session.flush()
    note_likeness(session, photo.greeting)
