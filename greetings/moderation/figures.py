"""Figures for organisers: numbers only, of no single person; times to the hour, as they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Date, Integer, case, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from greetings.clock import Clock
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.rules import Kind, State, Use

T = TypeVar("T")
DAYS = 30
SECONDS_OF_AN_HOUR = 3600
COUNTRIES = 60


@dataclass(frozen=True, slots=True)
class Day:
    """How many greetings came on one day (UTC)."""

    day: date
    count: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page of figures shows of one action, or of all."""

    by_state: dict[State, int]
    median_hours: int | None  # from arrival to decision; None while nothing was decided
    by_kind: dict[Kind, int]
    by_country: list[tuple[str, int]]
    by_use: dict[Use, int]  # open uses of what is approved
    photos: int  # of what is approved
    described: int  # so many of them
    days: list[Day]

    @property
    def received(self) -> int:
        return sum(self.by_state.values())

    @property
    def decided(self) -> int:
        return self.by_state.get(State.APPROVED, 0) + self.by_state.get(State.REJECTED, 0)

    @property
    def most_of_a_day(self) -> int:
        return max((day.count for day in self.days), default=0)


def figures(session: Session, clock: Clock, action_id: int | None = None) -> Figures:
    """Everything, counted now."""
    where = [] if action_id is None else [Greeting.action_id == action_id]
    standing = [*where, Greeting.state.in_((State.PENDING, State.APPROVED, State.REJECTED))]
    by_country = _counted(session, Greeting.country, standing)
    photos, described = _photos(session, where)
    return Figures(
        by_state=dict(_counted(session, Greeting.state, where)),
        median_hours=_median_hours(session, where),
        by_kind=dict(_counted(session, Greeting.kind, standing)),
        by_country=by_country[:COUNTRIES],
        by_use=_by_use(session, where),
        photos=photos,
        described=described,
        days=_days(session, where, clock().date()),
    )


def weighted_median(pairs: Sequence[tuple[int, int]]) -> int | None:
    """The median of values that come with how often each occurs; of two middle ones the lower."""
    total = sum(times for _value, times in pairs)
    passed = 0
    for value, times in sorted(pairs):
        passed += times
        if 2 * passed >= total and times:
            return value
    return None


def _counted(
    session: Session, column: InstrumentedAttribute[T], where: list[ColumnElement[bool]]
) -> list[tuple[T, int]]:
    rows = session.execute(
        select(column, func.count()).where(*where).group_by(column).order_by(func.count().desc(), column)
    )
    return [(value, times) for value, times in rows]


def _by_use(session: Session, where: list[ColumnElement[bool]]) -> dict[Use, int]:
    sets = session.execute(
        select(Greeting.granted, Greeting.disallowed, func.count())
        .where(Greeting.state == State.APPROVED, *where)
        .group_by(Greeting.granted, Greeting.disallowed)
    ).all()
    return {use: sum(times for granted, held, times in sets if use in granted - held) for use in Use}


def _photos(session: Session, where: list[ColumnElement[bool]]) -> tuple[int, int]:
    """How many photos stand in what is approved, and of how many of them it is said what can be seen."""
    is_described = func.count(case((Photo.description != "", 1)))
    row = session.execute(
        select(func.count(), is_described)
        .select_from(Photo)
        .join(Greeting, Greeting.sequence == Photo.greeting_sequence)
        .where(Greeting.state == State.APPROVED, *where)
    ).one()
    return row[0], row[1]


def _median_hours(session: Session, where: list[ColumnElement[bool]]) -> int | None:
    hours = cast(_seconds_between(session) / SECONDS_OF_AN_HOUR, Integer)
    rows = session.execute(
        select(hours, func.count()).where(Greeting.decided_at.is_not(None), *where).group_by(hours)
    )
    return weighted_median([(max(value, 0), times) for value, times in rows])


def _seconds_between(session: Session) -> ColumnElement[int]:
    if session.get_bind().dialect.name == "sqlite":
        return func.strftime("%s", Greeting.decided_at) - func.strftime("%s", Greeting.received_at)
    return func.floor(func.extract("epoch", Greeting.decided_at - Greeting.received_at))


def _days(session: Session, where: list[ColumnElement[bool]], today: date) -> list[Day]:
    """The last days, those without a greeting too."""
    moment = Greeting.received_at
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    day = func.date(moment) if is_sqlite else cast(func.timezone("UTC", moment), Date)
    first = today - timedelta(days=DAYS - 1)
    rows = session.execute(select(day, func.count()).where(*where).group_by(day))
    counted = {date.fromisoformat(str(value)): times for value, times in rows}
    return [Day(first + timedelta(days=n), counted.get(first + timedelta(days=n), 0)) for n in range(DAYS)]
