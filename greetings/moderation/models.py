"""Tables of the desk."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from greetings.db.base import Base
from greetings.db.types import Choice, RowNumber, UtcDateTime
from greetings.ids import ID_LENGTH
from greetings.moderation.rules import Concern


class Report(Base):
    """Somebody told us that a public greeting should be looked at again. Only what they chose and may have
    written is kept, with the hour; it goes with the greeting.
    """

    __tablename__ = "report"

    number: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=True)
    greeting_sequence: Mapped[int] = mapped_column(
        ForeignKey("greeting.sequence", ondelete="CASCADE"), index=True
    )
    concern: Mapped[Concern] = mapped_column(Choice(Concern))
    note: Mapped[str] = mapped_column(String(500), default="")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)  # to the hour
    settled_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
