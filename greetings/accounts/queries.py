"""What is looked up about the team."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from greetings.accounts.models import Invitation, Moderator
from greetings.accounts.rules import Role


def find_by_email(session: Session, email: str) -> Moderator | None:
    """The member with an e-mail address, in its normal form."""
    return session.scalar(select(Moderator).where(Moderator.email == email))


def find_active(session: Session, moderator_id: str) -> Moderator | None:
    """A member who is still in the team, read afresh."""
    return session.scalar(
        select(Moderator)
        .where(Moderator.id == moderator_id, Moderator.is_active.is_(True))
        .execution_options(populate_existing=True)
    )


def list_members(session: Session) -> list[Moderator]:
    """Everyone who is or was in the team: those who are first, then by name."""
    return list(
        session.scalars(select(Moderator).order_by(Moderator.is_active.desc(), Moderator.name, Moderator.id))
    )


def member_to_change(session: Session, moderator_id: str) -> Moderator | None:
    """A member who is still in the team, locked until the commit: before anything that belongs to the member
    (passkeys, codes, sessions), so that no two wait for one another.
    """
    return session.scalar(
        select(Moderator)
        .where(Moderator.id == moderator_id, Moderator.is_active.is_(True))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def organisers_and_member_to_change(
    session: Session, moderator_id: str
) -> tuple[list[Moderator], Moderator | None]:
    """The active organisers and a member, all of them locked until the commit, in one order."""
    locked = session.scalars(
        select(Moderator)
        .where(
            or_(Moderator.role == Role.ORGANISER, Moderator.id == moderator_id), Moderator.is_active.is_(True)
        )
        .order_by(Moderator.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    organisers = [one for one in locked if one.role is Role.ORGANISER]
    return organisers, next((one for one in locked if one.id == moderator_id), None)


def has_organiser(session: Session) -> bool:
    """Whether anyone can run this installation."""
    organisers = select(func.count()).where(Moderator.role == Role.ORGANISER, Moderator.is_active.is_(True))
    return bool(session.scalar(organisers))


def find_invitation(session: Session, token_digest: str, now: datetime) -> Invitation | None:
    """An invitation that can still be used."""
    return session.scalar(
        select(Invitation).where(
            Invitation.token_digest == token_digest, Invitation.used_at.is_(None), Invitation.expires_at > now
        )
    )


def list_open_invitations(session: Session, now: datetime) -> list[Invitation]:
    """Invitations that nobody has used yet, the one that ends first on top."""
    return list(
        session.scalars(
            select(Invitation)
            .where(Invitation.used_at.is_(None), Invitation.expires_at > now)
            .order_by(Invitation.expires_at, Invitation.token_digest)
        )
    )


def all_names(session: Session) -> dict[str, str]:
    """The name of each member, past ones included, by ID."""
    return {row.id: row.name for row in session.execute(select(Moderator.id, Moderator.name))}


def names_of(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """The names behind IDs of members, past ones included; whoever isn't in the team's table is left out."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    rows = session.execute(select(Moderator.id, Moderator.name).where(Moderator.id.in_(wanted)))
    return {row.id: row.name for row in rows}
