"""Figures, on both databases, against the same reckoned by hand."""

import statistics
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from greetings.clock import to_the_hour
from greetings.house import House
from greetings.moderation.figures import DAYS, Day, figures, weighted_median
from greetings.submissions.rules import Kind, State, Use
from tests.conftest import TestClock
from tests.factories import make_action, make_greeting


@given(st.lists(st.integers(0, 500), max_size=60))
def test_the_median_is_that_of_all_values(values: list[int]):
    pairs = [(value, values.count(value)) for value in set(values)]
    assert weighted_median(pairs) == (statistics.median_low(values) if values else None)


def test_everything_is_counted(house_on_each_database: House, clock: TestClock):
    house = house_on_each_database
    with house.database.work() as session:
        ales, maria = make_action(session), make_action(session, "maria")
        for waits_hours, country in ((1, "LT"), (5, "PL"), (30, "LT")):
            received = to_the_hour(clock())
            clock.forward(hours=waits_hours)
            make_greeting(house, session, ales, received_at=received, country=country)
        make_greeting(house, session, ales, state=State.REJECTED, kind=Kind.DRAWING)
        make_greeting(house, session, ales, state=State.PENDING, country="")
        make_greeting(house, session, ales, state=State.WITHDRAWN)
        make_greeting(house, session, maria, granted=frozenset({Use.POST}))
    with house.database.reading() as session:
        told = figures(session, clock, ales.id)
        both = figures(session, clock)
    assert told.by_state == {
        State.APPROVED: 3,
        State.REJECTED: 1,
        State.PENDING: 1,
        State.WITHDRAWN: 1,
    }
    assert (told.received, told.decided, both.received) == (6, 4, 7)
    assert told.median_hours == 1
    assert dict(told.by_country) == {"LT": 3, "PL": 1, "": 1}
    assert told.by_kind == {Kind.TEXT: 4, Kind.DRAWING: 1}
    assert told.by_use[Use.PRESS] == 3
    assert both.by_use[Use.POST] == 4
    assert len(told.days) == DAYS
    assert told.days[-1] == Day(clock().date(), 3)
    assert sum(day.count for day in told.days) == 6
    assert told.days[0].day == clock().date() - timedelta(days=DAYS - 1)


def test_photos_of_what_is_approved_are_counted_and_those_that_are_described(
    house_on_each_database: House, clock: TestClock
):
    house = house_on_each_database
    with house.database.work() as session:
        ales, maria = make_action(session), make_action(session, "maria")
        make_greeting(house, session, ales, photos=3, descriptions=["Candles", "", "A lake"])
        make_greeting(house, session, ales, photos=1)
        make_greeting(house, session, ales, photos=2, descriptions=["Snow"], state=State.PENDING)
        make_greeting(house, session, ales, photos=2, descriptions=["Snow"], state=State.REJECTED)
        make_greeting(house, session, ales)
        make_greeting(house, session, maria, photos=1, descriptions=["A cat"])
    with house.database.reading() as session:
        told, both = figures(session, clock, ales.id), figures(session, clock)
    assert (told.photos, told.described) == (4, 2)
    assert (both.photos, both.described) == (5, 3)


def test_an_empty_installation_has_figures_too(house_on_each_database: House, clock: TestClock):
    with house_on_each_database.database.reading() as session:
        told = figures(session, clock)
    assert (told.received, told.decided, told.median_hours, told.most_of_a_day) == (0, 0, None, 0)
    assert (told.photos, told.described) == (0, 0)
    assert told.days[-1].day == date(2026, 9, 18)
