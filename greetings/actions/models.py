"""Tables of actions."""

from datetime import date

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Integer, String, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from greetings.actions.rules import DEFAULT_TIME_ZONE, ActionState
from greetings.db.base import Base
from greetings.db.types import Choice


class Action(Base):
    """One solidarity action, at `/SLUG/`."""

    __tablename__ = "action"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[ActionState] = mapped_column(Choice(ActionState), default=ActionState.ANNOUNCED)
    is_public: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    needs_two: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())  # moderators
    born_on: Mapped[date] = mapped_column(Date)
    jubilee_age: Mapped[int] = mapped_column(Integer)  # the age the posters and stamps celebrate
    time_zone: Mapped[str] = mapped_column(  # days are counted where the prisoner is, not at the server
        String(40), default=DEFAULT_TIME_ZONE, server_default=DEFAULT_TIME_ZONE
    )
    # the retention of undecided greetings counts from here
    closed_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer, default=1)

    texts: Mapped[list["ActionText"]] = relationship(
        cascade="all, delete-orphan", order_by="ActionText.language", lazy="selectin"
    )


class ActionText(Base):
    """The sentences of an action in one language; the names are those of `rules.ActionTexts`."""

    __tablename__ = "action_text"

    action_id: Mapped[int] = mapped_column(ForeignKey("action.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    words: Mapped[dict[str, str]] = mapped_column(JSON)
