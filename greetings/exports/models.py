"""Tables of exports. Their files lie in the private store, in parts, and go after a day."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from greetings.db.base import NEVER_SHOWN, Base
from greetings.db.types import Choice, UtcDateTime
from greetings.exports.rules import Form, Progress
from greetings.ids import ID_LENGTH, new_id
from greetings.submissions.rules import Use


class Export(Base):
    """One file that an organiser asked for. Whoever writes it holds `lease` and renews it; when the process
    dies the lease runs out, and any other process begins the file anew under another `file_name`.
    """

    __tablename__ = "export"
    __table_args__ = (NEVER_SHOWN,)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    use: Mapped[Use] = mapped_column(Choice(Use))
    form: Mapped[Form] = mapped_column(Choice(Form))
    asked_by: Mapped[str] = mapped_column(String(ID_LENGTH))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    progress: Mapped[Progress] = mapped_column(Choice(Progress), default=Progress.WAITING)
    total: Mapped[int] = mapped_column(Integer, default=0)  # greetings, once for each pass over them
    done: Mapped[int] = mapped_column(Integer, default=0)
    lease: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    file_name: Mapped[str | None] = mapped_column(String(ID_LENGTH), unique=True)
    parts: Mapped[int] = mapped_column(Integer, default=0)
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    ready_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def percent(self) -> int:
        """How much of it is written."""
        return 100 * self.done // self.total if self.total else 0


class ExportedGreeting(Base):
    """Which greetings are in which file, so that a file goes with the first of them that is taken back."""

    __tablename__ = "exported_greeting"
    __table_args__ = (NEVER_SHOWN,)

    export_id: Mapped[str] = mapped_column(ForeignKey("export.id", ondelete="CASCADE"), primary_key=True)
    greeting_sequence: Mapped[int] = mapped_column(
        ForeignKey("greeting.sequence", ondelete="CASCADE"), primary_key=True, index=True
    )
