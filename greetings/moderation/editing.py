"""Mending slips and describing photos from the desk, on the version its moderator saw."""

from collections.abc import Collection, Mapping

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


def set_back(
    house: House,
    session: Session,
    greeting_id: str,
    version: int,
    fields: Collection[str],
    *,
    actor: str,
) -> Greeting:
    """Give a greeting the words of its sender again, in these fields."""
    begin_writing(session)
    greeting = greeting_to_change(session, greeting_id, version)
    if greeting.original is not None:
        sent = words_of(greeting.original)
        correct_words(house, session, greeting, {name: sent[name] for name in fields}, actor=actor)
    return greeting
