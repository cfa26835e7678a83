"""Looking greetings up by what their senders hold, and by what they agreed to."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, SmallInteger, and_, select, type_coerce
from sqlalchemy.orm import Session

from greetings.keys import Keys
from greetings.submissions.codes import code_digest
from greetings.submissions.models import USE_BITS, Greeting, Photo
from greetings.submissions.rules import State, Use


def find_by_code(session: Session, keys: Keys, untrusted_code: str) -> Greeting | None:
    """The greeting of a code as typed; the whole lookup is by its digest."""
    return session.scalar(select(Greeting).where(Greeting.code_digest == code_digest(keys, untrusted_code)))


def has_photo_rows(session: Session, private_names: Sequence[str]) -> bool:
    """Whether any of these photos belongs to a greeting."""
    found = select(Photo.number).where(Photo.private_name.in_(private_names)).limit(1)
    return session.scalar(found) is not None


def may_use(use: Use) -> ColumnElement[bool]:
    """Approved, agreed to by its sender, and not held back by a moderator: the same as `rules.may_use`."""
    bit = USE_BITS[use]
    return and_(
        Greeting.state == State.APPROVED,
        type_coerce(Greeting.granted, SmallInteger).bitwise_and(bit) == bit,
        type_coerce(Greeting.disallowed, SmallInteger).bitwise_and(bit) == 0,
    )
