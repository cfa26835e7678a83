"""What the screen at events asks of the database. Only what its sender agreed to show at events comes out of
here: every select begins with `_is_for_screen`, which asks the greeting, its state, its uses and its action.
"""

from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.gallery.queries import OWN_FACTS, PublicGreeting
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.queries import may_use
from greetings.submissions.rules import Use

MOST_GREETINGS = 400  # an evening's worth; older ones make room for new ones


class ScreenPicture(NamedTuple):
    """A picture that the screen may show, the digests of its renditions, and what can be seen in it."""

    private_name: str
    width_px: int
    height_px: int
    digests: dict[str, str]
    description: str


_COLUMNS = [
    Greeting.screen_sequence if name == "public_sequence" else getattr(Greeting, name) for name in OWN_FACTS
]


def _is_for_screen(action_id: int) -> ColumnElement[bool]:
    return and_(
        Greeting.action_id == action_id,
        Greeting.screen_sequence.is_not(None),
        may_use(Use.EVENTS),
        select(Action.id).where(Action.id == action_id, Action.is_public).exists(),
    )


def slides_of(session: Session, action_id: int) -> list[tuple[str, int]]:
    """(greeting's ID, position of its picture) of every slide, newest first; -1 for one without pictures."""
    newest = (
        select(Greeting.sequence, Greeting.id, Greeting.screen_sequence)
        .where(_is_for_screen(action_id))
        .order_by(Greeting.screen_sequence.desc())
        .limit(MOST_GREETINGS)
        .subquery()
    )
    found = (
        select(newest.c.id, Photo.position)
        .outerjoin_from(newest, Photo, Photo.greeting_sequence == newest.c.sequence)
        .order_by(newest.c.screen_sequence.desc(), Photo.position)
    )
    return [(row.id, -1 if row.position is None else row.position) for row in session.execute(found)]


def find_screen_greeting(session: Session, action_id: int, greeting_id: str) -> PublicGreeting | None:
    """A greeting of this action, if the screen may show it; its pictures are asked for one by one."""
    found = session.execute(
        select(*_COLUMNS).where(_is_for_screen(action_id), Greeting.id == greeting_id)
    ).first()
    return PublicGreeting(*found) if found else None


def find_screen_picture(
    session: Session, action_id: int, greeting_id: str, position: int
) -> ScreenPicture | None:
    """One picture of a greeting, if the screen may show it."""
    found = session.execute(
        select(*(getattr(Photo, name) for name in ScreenPicture._fields))
        .join(Greeting, Greeting.sequence == Photo.greeting_sequence)
        .where(_is_for_screen(action_id), Greeting.id == greeting_id, Photo.position == position)
    ).first()
    return ScreenPicture(*found) if found else None
