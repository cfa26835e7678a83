"""Figures of an installation: numbers only, of no single person, and in time no more exact than its rows."""

import threading
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from greetings.clock import to_the_hour
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State


class FiguresOfTheHour:
    """What was counted when somebody first asked in an hour. Whoever asks every few seconds, and keeps the
    answers as monitoring does, would otherwise know at which second each greeting came, or was taken back.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: tuple[datetime, dict[str, int]] | None = None

    def read(self, house: House, session: Session) -> dict[str, int]:
        """The figures of this hour."""
        hour = to_the_hour(house.clock())
        with self._lock:
            if self._counted is None or self._counted[0] != hour:
                self._counted = hour, figures(house, session)
            return self._counted[1]


def figures(house: House, session: Session) -> dict[str, int]:
    """How many greetings stand in each state, how many are public, and how old the oldest waiting one is."""
    rows = session.execute(select(Greeting.state, func.count()).group_by(Greeting.state))
    by_state = {row[0]: row[1] for row in rows}
    public = session.scalar(select(func.count()).where(Greeting.public_sequence.is_not(None))) or 0
    oldest = session.scalar(select(func.min(Greeting.received_at)).where(Greeting.state == State.PENDING))
    found = {f"{state}_total": by_state.get(state, 0) for state in State}
    found["public_total"] = public
    found["oldest_waiting_hours"] = int((house.clock() - oldest).total_seconds() // 3600) if oldest else 0
    return found
