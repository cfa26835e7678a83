"""The team: invitations, joining, leaving. All of it adds and flushes; request or command commits."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from greetings.accounts import challenges, digests, one_time, passkeys, sessions
from greetings.accounts.models import Invitation, Moderator, ResetLink
from greetings.accounts.queries import (
    find_by_email,
    find_invitation,
    has_organiser,
    organisers_and_member_to_change,
)
from greetings.accounts.rules import INVITATION_LASTS, Role
from greetings.accounts.signing_in import note_own_act
from greetings.audit import SYSTEM
from greetings.errors import GreetingsError, NotFound
from greetings.house import House

TOKEN_BYTES = 24
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
GONE_ADDRESS = "{}@gone.invalid"


class InvitationUsed(GreetingsError):
    """The link was used, has expired, or never was one."""


class EmailTaken(GreetingsError):
    """Somebody in the team signs in with this address already."""


class LastOrganiser(GreetingsError):
    """Without this person nobody could run the installation."""


@dataclass(frozen=True, slots=True)
class NewMember:
    """What somebody who joins has chosen; `email` is in its normal form."""

    name: str
    email: str
    password_hash: str
    totp_secret: str
    language: str = "en"


# ---------- invitations


def invite(house: House, session: Session, role: Role, invited_by: str | None = None) -> str:
    """Make an invitation; the answer is its whole address, which is known nowhere else afterwards."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = house.clock()
    session.add(
        Invitation(
            token_digest=invitation_digest(house, token),
            role=role,
            invited_by=invited_by,
            expires_at=now + INVITATION_LASTS,
        )
    )
    session.flush()
    house.audit.add(
        session,
        at=now,
        actor=invited_by or SYSTEM,
        act="invite",
        subject=invited_by or SYSTEM,
        details={"role": role.value},
    )
    return _join_link(house, token)


def first_organiser_link(house: House, session: Session) -> str | None:
    """The address by which the first organiser joins: the same at every start, until somebody has."""
    if has_organiser(session):
        return None
    token = house.keys.digest("first-organiser", "join")
    digest = invitation_digest(house, token)
    held = session.get(Invitation, digest)
    if held is None:
        session.add(Invitation(token_digest=digest, role=Role.ORGANISER, expires_at=NEVER))
    else:
        held.used_at = None
    session.flush()
    return _join_link(house, token)


def invitation_digest(house: House, untrusted_token: str) -> str:
    """What is stored of an invitation's token, and looked up with."""
    return house.keys.digest("invitation", untrusted_token.encode("utf-8", "replace"))


def get_invitation(house: House, session: Session, untrusted_token: str) -> Invitation:
    """The invitation of a link that still works, or `InvitationUsed`. Looking doesn't use it."""
    invitation = find_invitation(session, invitation_digest(house, untrusted_token), house.clock())
    if invitation is None:
        raise InvitationUsed
    return invitation


def withdraw_invitation(house: House, session: Session, token_digest: str, by: str) -> None:
    """Make a link worthless that nobody has used yet."""
    held = session.execute(
        delete(Invitation)
        .where(Invitation.token_digest == token_digest, Invitation.used_at.is_(None))
        .returning(Invitation.role)
    ).first()
    if held is None:
        raise NotFound
    house.audit.add(
        session,
        at=house.clock(),
        actor=by,
        act="invite-withdrawn",
        subject=by,
        details={"role": Role(held.role).value},
    )


# ---------- joining


def join(
    house: House, session: Session, untrusted_token: str, member: NewMember, code_step: int
) -> Moderator:
    """Use an invitation: makes the account, whose first code is used up too.

    Of two who use one link at the same moment, one joins and the other gets `InvitationUsed`; of two who
    come with one address, the other gets `EmailTaken`, and the caller takes back what was done.
    """
    invitation = get_invitation(house, session, untrusted_token)
    role, digest = invitation.role, invitation.token_digest
    used = session.execute(
        update(Invitation)
        .where(Invitation.token_digest == digest, Invitation.used_at.is_(None))
        .values(used_at=house.clock())
        .returning(Invitation.token_digest)
    )
    if used.first() is None:
        raise InvitationUsed
    if role is Role.ORGANISER:  # before the address is taken, which whoever holds that link may wait for
        _close_first_link(house, session)
    return add_member(house, session, member, role, code_step)


def add_member(
    house: House, session: Session, member: NewMember, role: Role, code_step: int = 0
) -> Moderator:
    """Add a member of the team, or raise `EmailTaken`."""
    if find_by_email(session, member.email) is not None:
        raise EmailTaken
    moderator = Moderator(
        email=member.email,
        name=member.name,
        role=role,
        language=member.language,
        password_hash=member.password_hash,
        totp_sealed=b"",
        totp_last_step=code_step,
        joined_at=house.clock(),
    )
    try:
        with session.begin_nested():
            session.add(moderator)
            session.flush()
    except IntegrityError as error:
        raise EmailTaken from error
    moderator.totp_sealed = one_time.seal(house.keys, member.totp_secret, moderator.id)
    session.flush()
    note_own_act(house, session, moderator.id, "join", role=role.value)
    return moderator


def _close_first_link(house: House, session: Session) -> None:
    """The link that was printed at the first start must not outlive the need for it."""
    digest = invitation_digest(house, house.keys.digest("first-organiser", "join"))
    session.execute(
        update(Invitation)
        .where(Invitation.token_digest == digest, Invitation.used_at.is_(None))
        .values(used_at=house.clock())
    )


# ---------- the team


def deactivate(house: House, session: Session, moderator_id: str, by: str) -> None:
    """Take somebody out of the team: signed out everywhere at once, and nothing to sign in with is kept.

    The name stays, because decisions are signed with it; the e-mail address is free to be invited anew. The
    last organiser can't be taken out (`LastOrganiser`), not even by two who do it to each other at once.
    """
    organisers, moderator = organisers_and_member_to_change(session, moderator_id)
    if moderator is None:
        raise NotFound
    if moderator.role is Role.ORGANISER and len(organisers) == 1:
        raise LastOrganiser
    if (
        moderator.role is Role.ORGANISER
    ):  # before the address is free, which whoever joins by such a link may want
        _void_links_known_to(session, moderator)
    moderator.is_active = False
    moderator.email = GONE_ADDRESS.format(moderator.id)
    moderator.password_hash, moderator.totp_sealed = "", b""
    moderator.recovery_codes.clear()
    passkeys.forget_all(session, moderator.id)
    digests.forget(session, moderator.id)
    session.execute(delete(ResetLink).where(ResetLink.moderator_id == moderator.id))
    sessions.revoke_all(session, moderator.id)
    session.flush()
    house.audit.add(session, at=house.clock(), actor=by, act="deactivate", subject=moderator.id)


def change_role(house: House, session: Session, moderator_id: str, role: Role, by: str) -> None:
    """Make a moderator an organiser or the reverse, from their next click on. The last organiser stays."""
    organisers, moderator = organisers_and_member_to_change(session, moderator_id)
    if moderator is None:
        raise NotFound
    if moderator.role is role:
        return
    if moderator.role is Role.ORGANISER and len(organisers) == 1:
        raise LastOrganiser
    if moderator.role is Role.ORGANISER:
        _void_links_known_to(session, moderator)
    moderator.role = role
    session.flush()
    house.audit.add(
        session,
        at=house.clock(),
        actor=by,
        act="change-role",
        subject=moderator.id,
        details={"role": role.value},
    )


def _void_links_known_to(session: Session, organiser: Moderator) -> None:
    """Whoever is no organiser any more must not let anyone in, least of all themselves: the invitations they
    made are void, and every link for coming back in, as nobody noted whose hands it went through.
    """
    session.execute(
        delete(Invitation).where(Invitation.invited_by == organiser.id, Invitation.used_at.is_(None))
    )
    session.execute(delete(ResetLink).where(ResetLink.used_at.is_(None)))


def forget_expired(session: Session, now: datetime) -> int:
    """Delete sessions, links and challenges that are over, for the housekeeping; how many rows went."""
    gone = [
        session.scalars(delete(link).where(link.expires_at <= now).returning(link.token_digest)).all()
        for link in (Invitation, ResetLink)
    ]
    others = sessions.forget_expired(session, now) + challenges.forget_expired(session, now)
    return sum(map(len, gone)) + others


def _join_link(house: House, token: str) -> str:
    return f"{house.settings.url}/desk/join/{token}"
