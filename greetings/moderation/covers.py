"""Changing pixels by hand: covers, crop and turn are burnt into every rendition.

Blur and mosaic can be undone, solid ink can't. The pixel work is done before the transaction; the new files
are put before the rows and taken back if they fail. How long the earlier ones stay says `submissions.photos`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from greetings.clock import to_the_hour
from greetings.db.session import begin_writing
from greetings.errors import Gone, GreetingsError, NotFound, VersionStale
from greetings.house import House
from greetings.imaging import MASTER, Picture
from greetings.moderation.queries import find_greeting
from greetings.moderation.rules import PixelChange
from greetings.submissions.files import private_key
from greetings.submissions.models import Greeting
from greetings.submissions.photos import (
    earlier_pictures,
    forget_earlier,
    put_renditions,
    replace_picture,
    restore_picture,
)
from greetings.submissions.rules import FINAL_STATES
from greetings.submissions.steps import greeting_to_change, have_looked_at_again


class NothingToTakeBack(GreetingsError):
    """The earlier pixels are gone already."""


@dataclass(frozen=True, slots=True)
class Master:
    """A photo's master as it is held now."""

    photo_number: int
    width_px: int
    height_px: int
    data: bytes


def burn_in(
    house: House,
    session: Session,
    greeting_id: str,
    version: int,
    changes: Mapping[int, PixelChange],
    *,
    actor: str,
) -> Greeting:
    """Change these photos (by number) for good; what is public is published anew.

    Raises `VersionStale` when the greeting isn't what its moderator saw, `Gone` when it was withdrawn.
    """
    masters = _masters(house, session, greeting_id, version, changes)
    session.rollback()  # nothing is held open while pixels are drawn
    drawn = [(master, _redraw(house, master, changes[master.photo_number])) for master in masters]
    session.connection()  # from here on a rollback takes the new files back
    fresh = {
        master.photo_number: (put_renditions(house.storage, session, picture), picture)
        for master, picture in drawn
    }
    begin_writing(session)
    greeting = _to_cover(session, greeting_id, version)
    have_looked_at_again(house, session, greeting)
    for photo in greeting.photos:
        if photo.number in fresh:
            replace_picture(session, house.storage, photo, *fresh[photo.number], house.clock())
    _renew(house, greeting)
    house.audit.add(
        session,
        at=house.clock(),
        actor=actor,
        act="cover",
        subject=greeting.id,
        details={
            "pictures": len(fresh),
            "covers": sum(len(changes[number].covers) for number in fresh),
            "crops": sum(changes[number].crop is not None for number in fresh),
            "turns": sum(changes[number].quarter_turns % 4 > 0 for number in fresh),
        },
    )
    session.flush()
    return greeting


def take_back(house: House, session: Session, greeting_id: str, version: int, *, actor: str) -> Greeting:
    """Undo the last change of this greeting's pixels; raises `NothingToTakeBack` when its window is over."""
    begin_writing(session)
    greeting = _to_cover(session, greeting_id, version)
    changes = earlier_pictures(session, greeting)
    if not changes:
        raise NothingToTakeBack(greeting_id)
    last = [change.photo_number for change in changes if change.replaced_at == changes[-1].replaced_at]
    for photo in greeting.photos:
        if photo.number in last:
            restore_picture(session, house.storage, photo)
    _renew(house, greeting)
    house.audit.add(
        session,
        at=house.clock(),
        actor=actor,
        act="uncover",
        subject=greeting.id,
        details={"pictures": len(last)},
    )
    session.flush()
    return greeting


def confirm(house: House, session: Session, greeting_id: str, version: int, *, actor: str) -> Greeting:
    """A moderator says that nobody recognisable remains uncovered: the greeting can be approved now."""
    begin_writing(session)
    greeting = _to_cover(session, greeting_id, version)
    if greeting.needs_covers:
        greeting.covers_confirmed = True
        forget_earlier(session, house.storage, greeting)
        house.audit.add(session, at=house.clock(), actor=actor, act="confirm-covers", subject=greeting.id)
        session.flush()
    return greeting


def _renew(house: House, greeting: Greeting) -> None:
    """A new version even within the hour: whoever saw the other pixels must look again."""
    greeting.changed_at = to_the_hour(house.clock())
    flag_modified(greeting, "changed_at")


def _to_cover(session: Session, greeting_id: str, version: int) -> Greeting:
    greeting = greeting_to_change(session, greeting_id, version)
    if greeting.state in FINAL_STATES:
        raise Gone(greeting_id)
    return greeting


def _masters(
    house: House, session: Session, greeting_id: str, version: int, changes: Mapping[int, PixelChange]
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
        if changes.get(photo.number)
    ]


def _redraw(house: House, master: Master, change: PixelChange) -> Picture:
    size_px = (master.width_px, master.height_px)
    return house.pictures.redraw(
        master.data,
        covers=[cover.box_px(*size_px) for cover in change.covers],
        crop=change.crop.box_px(*size_px) if change.crop else None,
        quarter_turns=change.quarter_turns,
    )
