"""What the wall asks of the database. Only public greetings ever come out of here: every select begins with
`_is_public`, which asks the greeting, its state and its action.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.gallery.rules import PAGE_SIZE, like_pattern
from greetings.submissions.models import GonePicture, Greeting, Photo, WallTally
from greetings.submissions.rules import FINAL_STATES, Kind, State


class PublicGreeting(NamedTuple):
    """What the wall shows of a greeting."""

    sequence: int
    public_sequence: int
    id: str
    kind: Kind
    language: str
    text: str
    name: str
    town: str
    country: str
    organisation: str
    office: str
    received_at: datetime


class PublicPicture(NamedTuple):
    """A picture of a public greeting, by the name under which anyone may fetch it."""

    greeting_sequence: int
    public_name: str
    width_px: int
    height_px: int
    average_colour: str


@dataclass(frozen=True, slots=True)
class WallFilter:
    """What a visitor wants to see of the wall; nothing chosen means everything."""

    kind: Kind | None = None
    country: str = ""
    language: str = ""
    words: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == WallFilter()


class Tally(NamedTuple):
    """How many public greetings there are of one kind, country and language."""

    kind: Kind
    country: str
    language: str
    greetings: int


_COLUMNS = [getattr(Greeting, name) for name in PublicGreeting._fields]


def _is_public(action_id: int) -> ColumnElement[bool]:
    return and_(
        Greeting.action_id == action_id,
        Greeting.public_sequence.is_not(None),
        Greeting.state == State.APPROVED,
        select(Action.id).where(Action.id == action_id, Action.is_public).exists(),
    )


def page_of_greetings(
    session: Session, action_id: int, wanted: WallFilter, before: int | None = None, size: int = PAGE_SIZE
) -> list[PublicGreeting]:
    """Up to `size` greetings, newest first, older than `before` (a public sequence)."""
    found = select(*_COLUMNS).where(_is_public(action_id), *_conditions(wanted))
    if before is not None:
        found = found.where(Greeting.public_sequence < before)
    return _greetings(session, found.order_by(Greeting.public_sequence.desc()).limit(size))


def _conditions(wanted: WallFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Greeting.search_text.like(like_pattern(word), escape="\\") for word in wanted.words
    ]
    if wanted.kind is not None:
        conditions.append(Greeting.kind == wanted.kind)
    if wanted.country:
        conditions.append(Greeting.country == wanted.country)
    if wanted.language:
        conditions.append(Greeting.language == wanted.language)
    return conditions


def find_public_greeting(session: Session, action_id: int, greeting_id: str) -> PublicGreeting | None:
    """A greeting of this action, if it is public."""
    found = _greetings(session, select(*_COLUMNS).where(_is_public(action_id), Greeting.id == greeting_id))
    return found[0] if found else None


def get_row(session: Session, greeting: PublicGreeting) -> Greeting:
    """The row of a greeting that was read as public, for the room that may change it."""
    return session.get_one(Greeting, greeting.sequence)


def is_gone(session: Session, action_id: int, greeting_id: str) -> bool:
    """Whether a greeting of this action was withdrawn or erased."""
    found = select(Greeting.sequence).where(
        Greeting.id == greeting_id, Greeting.action_id == action_id, Greeting.state.in_(FINAL_STATES)
    )
    return session.scalar(found) is not None


def find_newer(session: Session, action_id: int, public_sequence: int) -> PublicGreeting | None:
    """The greeting that came onto the wall after this one."""
    found = (
        select(*_COLUMNS)
        .where(_is_public(action_id), Greeting.public_sequence > public_sequence)
        .order_by(Greeting.public_sequence)
        .limit(1)
    )
    greetings = _greetings(session, found)
    return greetings[0] if greetings else None


def find_older(session: Session, action_id: int, public_sequence: int) -> PublicGreeting | None:
    """The greeting that came onto the wall before this one."""
    greetings = page_of_greetings(session, action_id, WallFilter(), public_sequence, size=1)
    return greetings[0] if greetings else None


def pictures_of(session: Session, greetings: Iterable[PublicGreeting]) -> dict[int, list[PublicPicture]]:
    """The pictures of greetings that were read as public, by sequence, in their senders' order."""
    columns = [getattr(Photo, name) for name in PublicPicture._fields]
    sequences = [greeting.sequence for greeting in greetings]
    found = (
        select(*columns)
        .where(Photo.greeting_sequence.in_(sequences), Photo.public_name.is_not(None))
        .order_by(Photo.greeting_sequence, Photo.position)
    )
    pictures: dict[int, list[PublicPicture]] = {}
    for row in session.execute(found) if sequences else ():
        picture = PublicPicture(*row)
        pictures.setdefault(picture.greeting_sequence, []).append(picture)
    return pictures


def tallies_of(session: Session, action_id: int) -> list[Tally]:
    """The kept counts of what is public of an action."""
    found = select(WallTally.kind, WallTally.country, WallTally.language, WallTally.greetings).where(
        WallTally.action_id == action_id, WallTally.greetings > 0
    )
    return [Tally(*row) for row in session.execute(found)]


def find_picture_digests(session: Session, public_name: str) -> dict[str, str] | None:
    """The digests of a picture's renditions, if its greeting and its action are public."""
    found = (
        select(Photo.digests)
        .join(Greeting, Greeting.sequence == Photo.greeting_sequence)
        .join(Action, Action.id == Greeting.action_id)
        .where(
            Photo.public_name == public_name,
            Greeting.public_sequence.is_not(None),
            Greeting.state == State.APPROVED,
            Action.is_public,
        )
    )
    return session.scalar(found)


def is_gone_picture(session: Session, public_name: str) -> bool:
    """Whether a picture stood under that name and was withdrawn or erased."""
    found = select(GonePicture.public_name).where(GonePicture.public_name == public_name)
    return session.scalar(found) is not None


def _greetings(session: Session, found: Select[Any]) -> list[PublicGreeting]:
    return [PublicGreeting(*row) for row in session.execute(found)]
