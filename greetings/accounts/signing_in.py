"""Signing in and out, and what members do with their own accounts.

Passwords are checked and hashed by whoever calls, before the transaction begins to write: a hash takes long.
"""

from sqlalchemy import update
from sqlalchemy.orm import Session

from greetings.accounts import one_time, sessions
from greetings.accounts.models import Moderator
from greetings.accounts.queries import member_to_change
from greetings.errors import NotFound
from greetings.house import House


def begin_half(
    house: House, session: Session, moderator_id: str, checked_hash: str, new_hash: str | None
) -> sessions.Begun | None:
    """Half signed in, after the password was right; None when it was changed in the meantime.

    `checked_hash` is the hash that was checked, `new_hash` the same password hashed with today's parameters.
    """
    moderator = member_to_change(session, moderator_id)
    if moderator is None or moderator.password_hash != checked_hash:
        return None
    if new_hash is not None:
        moderator.password_hash = new_hash
    return sessions.begin(house, session, moderator, is_complete=False)


def complete(
    house: House, session: Session, half_token: str, untrusted_code: str, language: str | None = None
) -> sessions.Begun | None:
    """Signed in, after a right code (or recovery code), under a new session; None when it isn't right.

    A wrong code after a right password goes into the log. Wrong passwords don't: everyone on the net can send
    them, and the time that an entry takes would tell who is in the team.
    """
    half = sessions.find(house, session, half_token, is_complete=False)
    if half is None:
        return None
    moderator = member_to_change(session, half.moderator_id)
    if moderator is None or not sessions.is_there(session, half.id):
        return None
    way = use_code(house, session, moderator, untrusted_code)
    if way is None:
        note_own_act(house, session, moderator.id, "sign-in-failed")
        return None
    sessions.end(house, session, half_token)
    if language is not None:
        moderator.language = language
    note_own_act(house, session, moderator.id, "sign-in", way=way)
    return sessions.begin(house, session, moderator, is_complete=True)


def use_code(house: House, session: Session, moderator: Moderator, untrusted_code: str) -> str | None:
    """Use up a code of the authenticator or a recovery code: which of the two it was, or None."""
    now = house.clock()
    secret = one_time.unseal(house.keys, moderator.totp_sealed, moderator.id)
    step = one_time.matching_step(secret, untrusted_code, now, moderator.totp_last_step)
    if step is not None:
        return "totp" if one_time.use_step(session, moderator.id, step) else None
    if one_time.use_recovery_code(house.keys, session, moderator.id, untrusted_code, now):
        return "recovery"
    return None


def sign_out(house: House, session: Session, moderator_id: str, token: str) -> None:
    """End this browser's session; its cookie is worth nothing from now on."""
    sessions.end(house, session, token)
    note_own_act(house, session, moderator_id, "sign-out")


# ---------- one's own account


def change_password(
    house: House, session: Session, moderator_id: str, checked_hash: str, new_hash: str
) -> sessions.Begun:
    """Set a new password and end every session, this browser's too, which gets a new one."""
    moderator = member_to_change(session, moderator_id)
    if moderator is None or moderator.password_hash != checked_hash:
        raise NotFound
    moderator.password_hash = new_hash
    sessions.revoke_all(session, moderator.id)
    note_own_act(house, session, moderator.id, "password-change")
    return sessions.begin(house, session, moderator, is_complete=True)


def change_authenticator(
    house: House, session: Session, moderator_id: str, checked_hash: str, totp_secret: str, code_step: int
) -> sessions.Begun:
    """Put a new authenticator in the old one's place, its first code used up, and end every session; this
    browser gets a new one. `checked_hash` is the password's hash that was checked at the first stage.
    """
    moderator = member_to_change(session, moderator_id)
    if moderator is None or moderator.password_hash != checked_hash:
        raise NotFound
    moderator.totp_sealed = one_time.seal(house.keys, totp_secret, moderator.id)
    moderator.totp_last_step = code_step
    sessions.revoke_all(session, moderator.id)
    note_own_act(house, session, moderator.id, "authenticator-change")
    return sessions.begin(house, session, moderator, is_complete=True)


def renew_recovery_codes(house: House, session: Session, moderator_id: str) -> list[str]:
    """Fresh recovery codes, shown this once; the old ones are void."""
    member_to_change(session, moderator_id)
    codes = one_time.renew_recovery_codes(house.keys, session, moderator_id)
    note_own_act(house, session, moderator_id, "recovery-codes")
    return codes


def revoke_session(house: House, session: Session, moderator_id: str, session_id: str) -> None:
    """End one of one's own sessions, or raise `NotFound`."""
    if not sessions.revoke(session, moderator_id, session_id):
        raise NotFound
    note_own_act(house, session, moderator_id, "session-revoke")


def set_language(session: Session, moderator_id: str, language: str) -> None:
    """Remember the language in which a member reads the desk."""
    session.execute(update(Moderator).where(Moderator.id == moderator_id).values(language=language))


def note_own_act(house: House, session: Session, moderator_id: str, act: str, **details: str) -> None:
    """What a member did to their own account; codes only."""
    house.audit.add(
        session, at=house.clock(), actor=moderator_id, act=act, subject=moderator_id, details=dict(details)
    )
