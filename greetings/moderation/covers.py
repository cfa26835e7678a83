"""Covering faces by hand: rectangles are burnt into every rendition, and the earlier pixels are gone.

Blur and mosaic can be undone, solid ink can't. The pixel work is done before the transaction; the new files
are put before the rows and taken back if they fail, the old ones are deleted after the commit.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from greetings.clock import to_the_hour
from greetings.db.session import after_commit, begin_writing, on_rollback
from greetings.errors import Gone, NotFound, VersionStale
from greetings.house import House
from greetings.ids import new_id
from greetings.imaging import MASTER, RENDITIONS, Picture
from greetings.moderation.queries import find_greeting
from greetings.moderation.rules import Cover
from greetings.storage import Storage
from greetings.submissions.files import delete_all, private_key, private_keys
from greetings.submissions.models import Greeting
from greetings.submissions.publication import publish_photo, unpublish_photo
from greetings.submissions.rules import FINAL_STATES
from greetings.submissions.steps import greeting_to_change


@dataclass(frozen=True, slots=True)
class Master:
    """A photo's master as it is held now."""

    photo_number: int
    width_px: int
    height_px: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A photo's new renditions, already in the private store under a name of their own."""

    photo_number: int
    private_name: str
    picture: Picture
    covers: int


def burn_in(
    house: House,
    session: Session,
    greeting_id: str,
    version: int,
    covers: Mapping[int, Sequence[Cover]],
    *,
    actor: str,
) -> Greeting:
    """Cover these rectangles of these photos (by number) for good; what is public is published anew.

    Raises `VersionStale` when the greeting isn't what its moderator saw, `Gone` when it was withdrawn.
    """
    masters = _masters(house, session, greeting_id, version, covers)
    session.rollback()  # nothing is held open while pixels are drawn
    drawn = [(master, _redraw(house, master, covers[master.photo_number])) for master in masters]
    session.connection()  # from here on a rollback takes the new files back
    redrawn = [
        _put(house.storage, session, master.photo_number, picture, len(covers[master.photo_number]))
        for master, picture in drawn
    ]
    begin_writing(session)
    greeting = _to_cover(session, greeting_id, version)
    for fresh in redrawn:
        _exchange(house.storage, session, greeting, fresh)
    greeting.changed_at = to_the_hour(house.clock())
    flag_modified(greeting, "changed_at")  # a new version even within the hour: others must look again
    house.audit.add(
        session,
        at=house.clock(),
        actor=actor,
        act="cover",
        subject=greeting.id,
        details={"pictures": len(redrawn), "covers": sum(fresh.covers for fresh in redrawn)},
    )
    session.flush()
    return greeting


def confirm(house: House, session: Session, greeting_id: str, version: int, *, actor: str) -> Greeting:
    """A moderator says that nobody recognisable remains uncovered: the greeting can be approved now."""
    begin_writing(session)
    greeting = _to_cover(session, greeting_id, version)
    if greeting.needs_covers:
        greeting.covers_confirmed = True
        house.audit.add(session, at=house.clock(), actor=actor, act="confirm-covers", subject=greeting.id)
        session.flush()
    return greeting


def _to_cover(session: Session, greeting_id: str, version: int) -> Greeting:
    greeting = greeting_to_change(session, greeting_id, version)
    if greeting.state in FINAL_STATES:
        raise Gone(greeting_id)
    return greeting


def _masters(
    house: House, session: Session, greeting_id: str, version: int, covers: Mapping[int, Sequence[Cover]]
) -> list[Master]:
    greeting = find_greeting(session, greeting_id)
    if greeting is None:
        raise NotFound(greeting_id)
    if greeting.version != version:
        raise VersionStale(greeting_id)
    return [
        Master(
            photo.number,
            photo.width_px,
            photo.height_px,
            house.storage.read(private_key(photo.private_name, MASTER)),
        )
        for photo in greeting.photos
        if covers.get(photo.number)
    ]


def _redraw(house: House, master: Master, covers: Sequence[Cover]) -> Picture:
    boxes = [cover.box_px(master.width_px, master.height_px) for cover in covers]
    return house.pictures.redraw(master.data, covers=boxes)


def _put(storage: Storage, session: Session, photo_number: int, picture: Picture, covers: int) -> Redrawn:
    private_name = new_id()
    keys = [private_key(private_name, rendition) for rendition in RENDITIONS]
    on_rollback(session, lambda: delete_all(storage, keys))
    for rendition, key in zip(RENDITIONS, keys, strict=True):
        storage.put(key, picture.renditions[rendition.name])
    return Redrawn(photo_number, private_name, picture, covers)


def _exchange(storage: Storage, session: Session, greeting: Greeting, fresh: Redrawn) -> None:
    photo = next(photo for photo in greeting.photos if photo.number == fresh.photo_number)
    was_public = photo.public_name is not None
    unpublish_photo(session, storage, photo, for_good=True)
    old_keys = private_keys(photo)
    after_commit(session, lambda: delete_all(storage, old_keys))
    picture = fresh.picture
    photo.private_name = fresh.private_name
    photo.width_px, photo.height_px = picture.width_px, picture.height_px
    photo.average_colour = "".join(f"{channel:02x}" for channel in picture.average)
    photo.difference_hash = f"{picture.difference_hash:016x}"
    photo.digests = {name: hashlib.sha256(data).hexdigest() for name, data in picture.renditions.items()}
    if was_public:
        publish_photo(session, storage, photo)
