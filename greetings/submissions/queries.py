"""Looking greetings up by what their senders hold."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from greetings.keys import Keys
from greetings.submissions.codes import code_digest
from greetings.submissions.models import Greeting, Photo


def find_by_code(session: Session, keys: Keys, untrusted_code: str) -> Greeting | None:
    """The greeting of a code as typed; the whole lookup is by its digest."""
    return session.scalar(select(Greeting).where(Greeting.code_digest == code_digest(keys, untrusted_code)))


def has_photo_rows(session: Session, private_names: Sequence[str]) -> bool:
    """Whether any of these photos belongs to a greeting."""
    found = select(Photo.number).where(Photo.private_name.in_(private_names)).limit(1)
    return session.scalar(found) is not None
