"""The moment that pages belong to: as long as it lasts, visitors see the same, in whatever process.

At most twice a second one number is read (`Database.public_change`), which rises with everything that
visitors see, and at once after a change of this process's own. What was read from the database after asking
for the moment is at least as new as that moment, so it may be kept for as long as the moment lasts.
"""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from greetings.clock import Clock
from greetings.db.session import Database

LOOK_EVERY_SECONDS = 0.5  # a proxy may keep a page for a second more; both together stay below two
LOOK_AT_LEAST_SECONDS = 0.75  # whoever comes later than this waits for the look
QUARTER_SECONDS = 900


class Moment(NamedTuple):
    """When one of these differs, what was kept before is out of date."""

    change: int
    own_change: int  # some leave no mark in the database
    quarter: int  # of an hour: every midnight on earth begins one, and countdowns go on


class Moments:
    """Tells the present moment; one for a process."""

    def __init__(
        self, database: Database, clock: Clock, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._clock = clock
        self._seconds = seconds
        self._looking = threading.Lock()
        self._looked_at = float("-inf")
        self._own_change = 0
        self._seen: tuple[int, int] | None = None  # both numbers, always told together
        self._latest: Moment | None = None  # as of the last look
        self._certain_until = float("-inf")

    def now(self) -> Moment | None:
        """The moment, asked for before anything is read that is kept under it; None while the database
        doesn't answer: then nothing kept may be shown.
        """
        age = self._age_seconds()
        if age >= LOOK_EVERY_SECONDS and self._looking.acquire(blocking=age >= LOOK_AT_LEAST_SECONDS):
            try:
                if self._age_seconds() >= LOOK_EVERY_SECONDS:
                    self._look()
            finally:
                self._looking.release()
        seen = self._seen
        return None if seen is None else Moment(*seen, int(self._clock().timestamp()) // QUARTER_SECONDS)

    def surely_is(self, moment: Moment | None) -> bool:
        """Whether it is still that moment, told at once: no database is asked, nothing is waited for. False
        means that it must be asked: the last look is too old, or failed, or something was changed here since.
        """
        return (
            moment == self._latest
            and moment is not None
            and self._own_change == self._database.own_public_changes
            and self._seconds() < self._certain_until
        )

    def _age_seconds(self) -> float:
        """How long ago was looked; after a change of this process's own, too long in any case."""
        if self._own_change != self._database.own_public_changes:
            return float("inf")
        return self._seconds() - self._looked_at

    def _look(self) -> None:
        # both before the look, so that what is seen is never thought newer than it is; told after it, so that
        # nobody takes what was seen before for what was looked for
        begun_at, own_change = self._seconds(), self._database.own_public_changes
        try:
            self._seen = self._database.public_change(), own_change
        except SQLAlchemyError:
            self._seen = None
        told_at = self._clock().timestamp()
        self._latest = self._seen and Moment(*self._seen, int(told_at) // QUARTER_SECONDS)
        left_seconds = QUARTER_SECONDS - told_at % QUARTER_SECONDS
        self._certain_until = begun_at + min(LOOK_EVERY_SECONDS, left_seconds)
        self._looked_at, self._own_change = begun_at, own_change
