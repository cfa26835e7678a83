"""Tables of the desk."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from greetings.db.base import NEVER_SHOWN, Base
from greetings.db.types import Choice, RowNumber, UtcDateTime
from greetings.ids import ID_LENGTH
from greetings.moderation.rules import MAX_REPORT_NOTE, Concern
from greetings.submissions.models import Uses
from greetings.submissions.rules import Use


class Report(Base):
    """Somebody told us that a public greeting should be looked at again. Only what they chose and may have
    written is kept, with the hour; it goes with the greeting.
    """

    __tablename__ = "report"
    __table_args__ = (NEVER_SHOWN,)

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    greeting_sequence: Mapped[int] = mapped_column(
        ForeignKey("greeting.sequence", ondelete="CASCADE"), index=True
    )
    concern: Mapped[Concern] = mapped_column(Choice(Concern))
    note: Mapped[str] = mapped_column(String(MAX_REPORT_NOTE), default="")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)  # to the hour
    settled_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Claim(Base):
    """A greeting that lies on somebody's screen: passed over for others until the lease ends. It keeps nobody
    from deciding; a decision deletes it.
    """

    __tablename__ = "claim"
    __table_args__ = (NEVER_SHOWN,)

    greeting_sequence: Mapped[int] = mapped_column(
        ForeignKey("greeting.sequence", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    moderator_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class Approval(Base):
    """One moderator approved a greeting of an action that asks for two. It is for what they saw: it counts
    while the greeting is of that version, and its moderator in the team. See `approvals`.
    """

    __tablename__ = "approval"
    __table_args__ = (NEVER_SHOWN,)

    greeting_sequence: Mapped[int] = mapped_column(
        ForeignKey("greeting.sequence", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    moderator_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, index=True)
    version: Mapped[int] = mapped_column(Integer)
    disallowed: Mapped[frozenset[Use]] = mapped_column(Uses)
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Note(Base):
    """What one moderator tells the others about a greeting. It never leaves the desk, and goes with it."""

    __tablename__ = "note"
    __table_args__ = (NEVER_SHOWN,)

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    greeting_sequence: Mapped[int] = mapped_column(
        ForeignKey("greeting.sequence", ondelete="CASCADE"), index=True
    )
    moderator_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
