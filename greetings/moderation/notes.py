"""What moderators tell one another about a greeting. Never leaves the desk; goes with the greeting."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from greetings.db.session import begin_writing
from greetings.errors import Gone
from greetings.house import House
from greetings.moderation.models import Note
from greetings.moderation.rules import MAX_NOTE
from greetings.submissions.models import Greeting
from greetings.submissions.rules import FINAL_STATES
from greetings.submissions.steps import greeting_to_change
from greetings.web.cleaning import clean


def write_note(house: House, session: Session, greeting_id: str, untrusted_text: str, *, actor: str) -> None:
    """Leave a note, whatever the greeting's version: it changes nothing about it. Empty words are none.

    Raises `Gone` for a greeting that is erased.
    """
    text = clean(untrusted_text, lines=True)[:MAX_NOTE].strip()
    begin_writing(session)
    greeting = greeting_to_change(session, greeting_id)
    if greeting.state in FINAL_STATES:
        raise Gone(greeting_id)
    if not text:
        return
    now = house.clock()
    session.add(Note(greeting_sequence=greeting.sequence, moderator_id=actor, text=text, written_at=now))
    house.audit.add(session, at=now, actor=actor, act="note", subject=greeting.id)


def list_notes(session: Session, greeting: Greeting) -> Sequence[Note]:
    """The notes on one greeting, the oldest first."""
    own = select(Note).where(Note.greeting_sequence == greeting.sequence)
    return session.scalars(own.order_by(Note.number)).all()


def forget_notes(session: Session, greeting: Greeting) -> None:
    """The eraser of notes."""
    session.execute(delete(Note).where(Note.greeting_sequence == greeting.sequence))
