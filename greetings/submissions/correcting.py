"""Mending slips in a greeting's words, and saying what can be seen in its photos: the original is kept,
whoever shows it shows the mended words.
"""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from greetings.clock import to_the_hour
from greetings.errors import Gone
from greetings.house import House
from greetings.submissions.descriptions import by_photo
from greetings.submissions.erasers import forget_copies
from greetings.submissions.likeness import note_likeness
from greetings.submissions.models import Greeting, OriginalWords
from greetings.submissions.rules import FINAL_STATES, search_text
from greetings.submissions.steps import have_looked_at_again

OWN_FIELDS = ("text", "name", "town", "organisation", "office")
WORD_FIELDS = (*OWN_FIELDS, "descriptions")


class Described(StrEnum):
    """What a moderator did with what its sender said of a photo, or left unsaid."""

    WRITTEN = "written"
    CHANGED = "changed"
    TAKEN_OUT = "taken-out"


def words_of(holder: Greeting | OriginalWords) -> dict[str, str]:
    """The words of a greeting, or those its sender wrote, by field."""
    return {name: getattr(holder, name) for name in WORD_FIELDS}


def correct_words(
    house: House, session: Session, greeting: Greeting, words: Mapping[str, str], *, actor: str
) -> bool:
    """Give a greeting from `greeting_to_change` other words, checked and cleaned; False when nothing differs.

    The audit entry says which fields, never what. Set back to what the sender wrote, it counts as unchanged
    again. Raises `Gone` for what was withdrawn or erased.
    """
    if greeting.state in FINAL_STATES:
        raise Gone(greeting.id)
    before = words_of(greeting)
    changed = [name for name in WORD_FIELDS if words.get(name, before[name]) != before[name]]
    if not changed:
        return False
    have_looked_at_again(house, session, greeting)
    forget_copies(session, house.storage, greeting)
    if greeting.original is None:
        greeting.original = OriginalWords(**before)
    for name in set(OWN_FIELDS).intersection(changed):
        setattr(greeting, name, words[name])
    if "descriptions" in changed:
        for photo, said in zip(
            greeting.photos, by_photo(words["descriptions"], len(greeting.photos)), strict=True
        ):
            photo.description = said
    if words_of(greeting) == words_of(greeting.original):
        greeting.original = None
    greeting.search_text = search_text(greeting.text, greeting.name, greeting.town, greeting.organisation)
    greeting.changed_at = to_the_hour(house.clock())
    flag_modified(greeting, "changed_at")  # a new version also where rows of photos alone have changed
    note_likeness(session, greeting)
    house.audit.add(
        session,
        at=house.clock(),
        actor=actor,
        act="describe" if changed == ["descriptions"] else "correct",
        subject=greeting.id,
        details={"fields": changed},
    )
    session.flush()
    return True


def has_mended_words(greeting: Greeting) -> bool:
    """Whether a moderator mended the words of its sender; what can be seen in photos is none of these."""
    if greeting.original is None:
        return False
    return any(getattr(greeting, name) != getattr(greeting.original, name) for name in OWN_FIELDS)


def how_described(greeting: Greeting) -> frozenset[Described]:
    """What moderators did to the descriptions of its photos, all in all."""
    if greeting.original is None:
        return frozenset()
    now = [photo.description for photo in greeting.photos]
    sent = by_photo(greeting.original.descriptions, len(now))
    return frozenset(_done(before, after) for before, after in zip(sent, now, strict=True) if before != after)


def _done(before: str, after: str) -> Described:
    if not before:
        return Described.WRITTEN
    return Described.CHANGED if after else Described.TAKEN_OUT
