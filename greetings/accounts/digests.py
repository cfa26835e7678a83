"""Who hears by mail how many greetings wait, and when: a row for each who asked, leased by whoever sends.

What is in it, and the sending, belong to `greetings.moderation.digest`; this room knows people only.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from greetings.accounts import one_time
from greetings.accounts.models import Digest, Moderator
from greetings.accounts.queries import find_active
from greetings.accounts.rules import Rhythm, next_digest
from greetings.accounts.signing_in import note_own_act
from greetings.errors import NotFound
from greetings.house import House

LEASE = timedelta(minutes=10)  # as long as a try takes at most; one that failed is repeated after it
GIVEN_UP_AFTER = timedelta(hours=6)
STOP = "digest-stop"


@dataclass(frozen=True, slots=True)
class Due:
    """A digest that this process holds the lease of."""

    moderator_id: str
    email: str
    language: str
    due_at: datetime
    since_at: datetime
    lease_until: datetime


def find_of(session: Session, moderator_id: str) -> Digest | None:
    """What a member has asked for, if anything."""
    return session.get(Digest, moderator_id)


def ask_for(house: House, session: Session, moderator_id: str, rhythm: Rhythm | None, hour: int) -> None:
    """Send figures from now on in this rhythm; None stops it."""
    held = session.get(Digest, moderator_id, populate_existing=True, with_for_update=True)
    if rhythm is None:
        stop(house, session, moderator_id)
        return
    now = house.clock()
    if held is None:
        held = Digest(moderator_id=moderator_id, since_at=now)
        session.add(held)
    held.rhythm, held.hour, held.lease_until = rhythm, hour, None
    held.next_at = next_digest(rhythm, hour, now)
    session.flush()
    note_own_act(house, session, moderator_id, "digest-on", rhythm=rhythm.value)


def stop(house: House, session: Session, moderator_id: str) -> None:
    """Send no figures any more; a second time changes nothing."""
    gone = session.execute(
        delete(Digest).where(Digest.moderator_id == moderator_id).returning(Digest.moderator_id)
    )
    if gone.first() is not None:
        note_own_act(house, session, moderator_id, "digest-off")


# ---------- the link that switches it off


def stop_link(house: House, moderator_id: str) -> str:
    """The address in each letter that switches them off, for whoever has it, without signing in."""
    sealed = one_time.seal(house.keys, moderator_id, "", STOP)
    token = base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=")
    return f"{house.settings.url}/desk/digest/stop/{token}"


def member_of_link(house: House, session: Session, untrusted_token: str) -> str:
    """Whose letters a link switches off, or `NotFound`."""
    try:
        sealed = base64.urlsafe_b64decode(untrusted_token.encode("ascii") + b"==")
        moderator_id = one_time.unseal(house.keys, sealed, "", STOP)
    except (UnicodeEncodeError, binascii.Error, one_time.SealBroken) as error:
        raise NotFound from error
    if find_active(session, moderator_id) is None:
        raise NotFound
    return moderator_id


# ---------- whose turn it is


def _is_due(now: datetime) -> ColumnElement[bool]:
    is_free = or_(Digest.lease_until.is_(None), Digest.lease_until <= now)
    return and_(Digest.next_at <= now, is_free, Moderator.is_active.is_(True))


def has_due(house: House, session: Session) -> bool:
    """Whether there is one to take; looking locks nothing."""
    due = select(Digest.moderator_id).join(Moderator, Moderator.id == Digest.moderator_id)
    return session.scalar(due.where(_is_due(house.clock())).limit(1)) is not None


def take_due(house: House, session: Session) -> Due | None:
    """Take the lease of the digest that is due longest; of several processes one gets it."""
    now = house.clock()
    found = session.execute(
        select(Digest, Moderator.email, Moderator.language)
        .join(Moderator, Moderator.id == Digest.moderator_id)
        .where(_is_due(now))
        .order_by(Digest.next_at, Digest.moderator_id)
        .limit(1)
        .with_for_update(of=Digest, skip_locked=True)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        return None
    digest, email, language = found
    digest.lease_until = now + LEASE
    session.flush()
    return Due(digest.moderator_id, email, language, digest.next_at, digest.since_at, digest.lease_until)


def is_stale(house: House, due: Due) -> bool:
    """Whether its time has passed so long ago that the next one says it better."""
    return house.clock() - due.due_at > GIVEN_UP_AFTER


def settle(session: Session, due: Due, now: datetime, *, was_sent: bool) -> None:
    """This one is over; the next is due at its own time. Does nothing for who has lost the lease, or whose
    member wants something else by now.
    """
    held = session.scalar(
        select(Digest)
        .where(
            Digest.moderator_id == due.moderator_id,
            Digest.next_at == due.due_at,
            Digest.lease_until == due.lease_until,
        )
        .with_for_update()
    )
    if held is None:
        return
    session.execute(
        update(Digest)
        .where(Digest.moderator_id == due.moderator_id)
        .values(
            next_at=next_digest(held.rhythm, held.hour, now),
            since_at=now if was_sent else held.since_at,
            lease_until=None,
        )
    )


def forget(session: Session, moderator_id: str) -> None:
    """Who leaves the team hears nothing any more."""
    session.execute(delete(Digest).where(Digest.moderator_id == moderator_id))
