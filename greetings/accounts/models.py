"""Tables of the team. No address of theirs is kept, and nothing of what their browsers say."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from greetings.accounts.rules import MAX_PASSKEY_NAME, Rhythm, Role
from greetings.db.base import NEVER_SHOWN, Base
from greetings.db.types import Choice, RowNumber, UtcDateTime
from greetings.ids import ID_LENGTH, new_id

DIGEST_LENGTH = 64


class Moderator(Base):
    """A member of the team. `totp_sealed` is the one-time-password secret, sealed with a key of ours;
    `totp_last_step` is the last time step accepted, so that a code works once.
    """

    __tablename__ = "moderator"
    __table_args__ = (NEVER_SHOWN,)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(Choice(Role))
    language: Mapped[str] = mapped_column(String(2), default="en")
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int] = mapped_column(Integer, default=0)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)

    recovery_codes: Mapped[list["RecoveryCode"]] = relationship(cascade="all, delete-orphan")


class RecoveryCode(Base):
    """One of the codes that replace the one-time-password device, each once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("moderator_id", "code_digest"), NEVER_SHOWN)

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    moderator_id: Mapped[str] = mapped_column(ForeignKey("moderator.id", ondelete="CASCADE"))
    code_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeskSession(Base):
    """A browser at the desk. The cookie holds a random token, this row only its digest; `is_complete` turns
    true when the one-time password was right.
    """

    __tablename__ = "desk_session"
    __table_args__ = (NEVER_SHOWN,)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    token_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), unique=True)
    moderator_id: Mapped[str] = mapped_column(ForeignKey("moderator.id", ondelete="CASCADE"), index=True)
    is_complete: Mapped[bool] = mapped_column(Boolean, default=False)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)

    moderator: Mapped[Moderator] = relationship(lazy="joined", innerjoin=True)


class Invitation(Base):
    """A link by which one person joins the team, once, before it expires. What they choose while joining
    waits in their own form, sealed, and not here.
    """

    __tablename__ = "invitation"
    __table_args__ = (NEVER_SHOWN,)

    token_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), primary_key=True)
    role: Mapped[Role] = mapped_column(Choice(Role))
    invited_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ResetLink(Base):
    """A link by which a member who lost password or device comes back, once, before it expires."""

    __tablename__ = "reset_link"
    __table_args__ = (NEVER_SHOWN,)

    token_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), primary_key=True)
    moderator_id: Mapped[str] = mapped_column(ForeignKey("moderator.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Base):
    """A key pair whose private half lies in a device of a member; here is the public one. `sign_count` is how
    often the device says it has signed, for those that count: it must grow, or there are two of them.
    """

    __tablename__ = "passkey"
    __table_args__ = (NEVER_SHOWN,)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    moderator_id: Mapped[str] = mapped_column(ForeignKey("moderator.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(MAX_PASSKEY_NAME))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SpentChallenge(Base):
    """A challenge that a passkey has answered, until it would be too old anyway: each is answered once."""

    __tablename__ = "spent_challenge"
    __table_args__ = (NEVER_SHOWN,)

    digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Digest(Base):
    """Somebody wants to hear by mail how many greetings wait. Whoever sends it holds the row until
    `lease_until`; `since_at` is when the figures of the last one were counted.
    """

    __tablename__ = "digest"
    __table_args__ = (NEVER_SHOWN,)

    moderator_id: Mapped[str] = mapped_column(
        ForeignKey("moderator.id", ondelete="CASCADE"), primary_key=True
    )
    rhythm: Mapped[Rhythm] = mapped_column(Choice(Rhythm))
    hour: Mapped[int] = mapped_column(Integer)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
