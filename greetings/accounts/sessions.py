"""Sessions at the desk: a row for each browser, so that each can be ended from here.

The browser holds 256 random bits, the row only a keyed digest of them: who reads the database can't sign in
with what stands there. No address and nothing about the browser is kept.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from greetings.accounts.models import DeskSession, Moderator
from greetings.accounts.rules import HALF_SIGNED_IN_LASTS, SEEN_EVERY, SESSION_LASTS, Role
from greetings.house import House
from greetings.keys import Keys

TOKEN_BYTES = 32

# asked by every request at the desk, so it is made once and brings the columns that are needed, no objects
_WHO = (
    select(
        DeskSession.id,
        DeskSession.seen_at,
        Moderator.id,
        Moderator.name,
        Moderator.email,
        Moderator.role,
        Moderator.language,
    )
    .join(Moderator, Moderator.id == DeskSession.moderator_id)
    .where(
        DeskSession.token_digest == bindparam("digest"),
        DeskSession.is_complete,
        DeskSession.expires_at > bindparam("now"),
        Moderator.is_active,
    )
)


@dataclass(frozen=True, slots=True)
class Begun:
    """A session just begun: the token is for the cookie and is known nowhere else."""

    token: str
    id: str
    lasts_seconds: int


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a complete session is, and what a request needs to know of both."""

    session_id: str
    seen_at: datetime
    id: str
    name: str
    email: str
    role: Role
    language: str


def begin(house: House, session: Session, moderator: Moderator, *, is_complete: bool) -> Begun:
    """Begin a session: half signed in after the password, complete after the code, each under a new name."""
    now = house.clock()
    lasts = SESSION_LASTS if is_complete else HALF_SIGNED_IN_LASTS
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = DeskSession(
        token_digest=_digest(house.keys, token),
        moderator_id=moderator.id,
        is_complete=is_complete,
        began_at=now,
        seen_at=now,
        expires_at=now + lasts,
    )
    session.add(row)
    session.flush()
    return Begun(token, row.id, int(lasts.total_seconds()))


def find(house: House, session: Session, untrusted_token: str, *, is_complete: bool) -> DeskSession | None:
    """The session of a cookie, unless it ended, was revoked, or its owner is no longer in the team."""
    if not _may_be_token(untrusted_token):
        return None
    return session.scalar(
        select(DeskSession)
        .join(DeskSession.moderator)
        .where(
            DeskSession.token_digest == _digest(house.keys, untrusted_token),
            DeskSession.is_complete.is_(is_complete),
            DeskSession.expires_at > house.clock(),
            Moderator.is_active.is_(True),
        )
    )


def find_owner(house: House, session: Session, untrusted_token: str) -> Owner | None:
    """Who is signed in with a cookie: the same as `find` of a complete session, for every request."""
    if not _may_be_token(untrusted_token):
        return None
    asked = {"digest": _digest(house.keys, untrusted_token), "now": house.clock()}
    row = session.connection().execute(_WHO, asked).one_or_none()
    return None if row is None else Owner(*row)


def is_there(session: Session, session_id: str) -> bool:
    """Whether a session that was found a moment ago is still there. Asked when its member is locked: whoever
    ends all sessions of a member has locked them before.
    """
    return session.scalar(select(DeskSession.id).where(DeskSession.id == session_id)) is not None


def is_due_to_be_seen(seen_at: datetime, now: datetime) -> bool:
    """Whether it is time to note that a session is in use: every few minutes, not at every request."""
    return now - seen_at >= SEEN_EVERY


def note_seen(session: Session, session_id: str, now: datetime) -> None:
    """Note that a session is in use."""
    session.execute(update(DeskSession).where(DeskSession.id == session_id).values(seen_at=now))


def list_of(session: Session, moderator_id: str, now: datetime) -> list[DeskSession]:
    """The complete sessions of a member that still work, the latest used first."""
    rows = session.scalars(
        select(DeskSession)
        .where(
            DeskSession.moderator_id == moderator_id, DeskSession.is_complete, DeskSession.expires_at > now
        )
        .order_by(DeskSession.seen_at.desc(), DeskSession.id)
    )
    return list(rows)


def end(house: House, session: Session, untrusted_token: str) -> None:
    """End the session of a cookie, whatever its state."""
    session.execute(
        delete(DeskSession).where(DeskSession.token_digest == _digest(house.keys, untrusted_token))
    )


def revoke(session: Session, moderator_id: str, session_id: str) -> bool:
    """End one session of a member; False when it isn't theirs or is over already."""
    ended = session.execute(
        delete(DeskSession)
        .where(DeskSession.id == session_id, DeskSession.moderator_id == moderator_id)
        .returning(DeskSession.id)
    )
    return ended.first() is not None


def revoke_all(session: Session, moderator_id: str) -> None:
    """End every session of a member, half signed-in ones too."""
    session.execute(delete(DeskSession).where(DeskSession.moderator_id == moderator_id))


def forget_expired(session: Session, now: datetime) -> int:
    """Delete the rows of sessions that are over, for the housekeeping, which waits for nobody; how many."""
    over = select(DeskSession.id).where(DeskSession.expires_at <= now).with_for_update(skip_locked=True)
    gone = session.scalars(delete(DeskSession).where(DeskSession.id.in_(over)).returning(DeskSession.id))
    return len(gone.all())


def _may_be_token(untrusted: str) -> bool:
    return 0 < len(untrusted) <= 4 * TOKEN_BYTES


def _digest(keys: Keys, token: str) -> str:
    return keys.digest("desk-session", token.encode("utf-8", "replace"))
