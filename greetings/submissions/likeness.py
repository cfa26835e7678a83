"""The index by which like greetings are found: rewritten whenever words or pictures of a greeting change."""

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from greetings.submissions.fingerprints import picture_keys, text_fingerprint, text_keys
from greetings.submissions.models import Greeting, LikenessKey


def note_likeness(session: Session, greeting: Greeting) -> None:
    """Fingerprint the words and write the keys of a flushed greeting anew, in its own transaction.

    An emptied greeting has none: nothing of what it said can be found by a key.
    """
    greeting.text_fingerprint = text_fingerprint(greeting.text, greeting.name, greeting.town)
    keys = set(text_keys(greeting.text_fingerprint))
    for photo in greeting.photos:
        keys.update(picture_keys(photo.difference_hash))
    session.execute(delete(LikenessKey).where(LikenessKey.greeting_sequence == greeting.sequence))
    if keys:
        rows = [{"key": key, "greeting_sequence": greeting.sequence} for key in sorted(keys)]
        session.execute(insert(LikenessKey), rows)
