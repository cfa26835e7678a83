"""Mending slips from the desk, on the version its moderator saw."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from greetings.db.session import begin_writing
from greetings.house import House
from greetings.submissions.correcting import correct_words, words_of
from greetings.submissions.models import Greeting
from greetings.submissions.steps import greeting_to_change


def correct(
    house: House,
    session: Session,
    greeting_id: str,
    version: int,
    words: Mapping[str, str],
    *,
    actor: str,
) -> Greeting:
    """Give a greeting these words. Raises `VersionStale`, or `Gone`; then nothing was done."""
    begin_writing(session)
    greeting = greeting_to_change(session, greeting_id, version)
    correct_words(house, session, greeting, words, actor=actor)
    return greeting


def set_back(house: House, session: Session, greeting_id: str, version: int, *, actor: str) -> Greeting:
    """Give a greeting the words of its sender again."""
    begin_writing(session)
    greeting = greeting_to_change(session, greeting_id, version)
    if greeting.original is not None:
        correct_words(house, session, greeting, words_of(greeting.original), actor=actor)
    return greeting
