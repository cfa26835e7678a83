"""A way back in for a member who lost password or device: a link that an organiser makes, used once.

From the moment it is made only the link works: whoever has the lost phone, or guessed the password, is out.
"""

import secrets

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from greetings.accounts import one_time, passkeys, sessions
from greetings.accounts.models import Moderator, ResetLink
from greetings.accounts.queries import member_to_change
from greetings.accounts.rules import RESET_LASTS
from greetings.accounts.service import TOKEN_BYTES
from greetings.accounts.signing_in import note_own_act
from greetings.errors import GreetingsError, NotFound
from greetings.house import House


class ResetUsed(GreetingsError):
    """The link was used or replaced, has expired, or never was one."""


class OwnReset(GreetingsError):
    """One's own password and device are changed in one's own account."""


def make_reset(house: House, session: Session, moderator_id: str, by: str) -> str:
    """Sign a member out everywhere, void password, device, passkeys and recovery codes; the link's address.

    A second link replaces the first one.
    """
    if moderator_id == by:
        raise OwnReset
    moderator = member_to_change(session, moderator_id)
    if moderator is None:
        raise NotFound
    forget_resets(session, moderator.id)
    moderator.password_hash, moderator.totp_sealed = "", b""
    moderator.recovery_codes.clear()
    passkeys.forget_all(session, moderator.id)
    sessions.revoke_all(session, moderator.id)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = house.clock()
    session.add(
        ResetLink(
            token_digest=reset_digest(house, token), moderator_id=moderator.id, expires_at=now + RESET_LASTS
        )
    )
    session.flush()
    house.audit.add(session, at=now, actor=by, act="reset", subject=moderator.id)
    return f"{house.settings.url}/desk/reset/{token}"


def get_reset(house: House, session: Session, untrusted_token: str) -> Moderator:
    """The member whom a link that still works lets back in, or `ResetUsed`. Looking doesn't use it."""
    moderator = session.scalar(
        select(Moderator)
        .join(ResetLink, ResetLink.moderator_id == Moderator.id)
        .where(
            ResetLink.token_digest == reset_digest(house, untrusted_token),
            ResetLink.used_at.is_(None),
            ResetLink.expires_at > house.clock(),
            Moderator.is_active.is_(True),
        )
    )
    if moderator is None:
        raise ResetUsed
    return moderator


def finish_reset(
    house: House, session: Session, untrusted_token: str, password_hash: str, totp_secret: str, code_step: int
) -> Moderator:
    """Use the link: a new password and a new device, whose first code is used up too.

    Of two who use one link at the same moment, one gets in and the other gets `ResetUsed`.
    """
    moderator = member_to_change(session, get_reset(house, session, untrusted_token).id)
    if moderator is None:
        raise ResetUsed
    used = session.execute(
        update(ResetLink)
        .where(ResetLink.token_digest == reset_digest(house, untrusted_token), ResetLink.used_at.is_(None))
        .values(used_at=house.clock())
        .returning(ResetLink.token_digest)
    )
    if used.first() is None:
        raise ResetUsed
    moderator.password_hash = password_hash
    moderator.totp_sealed = one_time.seal(house.keys, totp_secret, moderator.id)
    moderator.totp_last_step = code_step
    sessions.revoke_all(session, moderator.id)
    session.flush()
    note_own_act(house, session, moderator.id, "reset-done")
    return moderator


def reset_digest(house: House, untrusted_token: str) -> str:
    """What is stored of a link's token, and looked up with."""
    return house.keys.digest("reset", untrusted_token.encode("utf-8", "replace"))


def forget_resets(session: Session, moderator_id: str) -> None:
    """Make every link of a member worthless."""
    session.execute(delete(ResetLink).where(ResetLink.moderator_id == moderator_id))
