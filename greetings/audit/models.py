"""Tables of the audit log."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from greetings.db.base import NEVER_SHOWN, Base
from greetings.db.types import RowNumber, UtcDateTime


class AuditEntry(Base):
    """One act. `actor` is a moderator's ID, or `sender`, or `system`; no foreign key, so that entries
    outlive the moderator. `details` is JSON of codes and numbers, never content.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (NEVER_SHOWN,)

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(20), index=True)
    act: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40), index=True)
    details: Mapped[str] = mapped_column(Text, default="{}")
    digest: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """One row: the length of the log and its last digest; locked while an entry is added."""

    __tablename__ = "audit_head"
    __table_args__ = (NEVER_SHOWN,)

    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(RowNumber)
    digest: Mapped[str] = mapped_column(String(64))
