"""The throttle by itself, on a clock that stands."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

from hypothesis import given
from hypothesis import strategies as st

from greetings.accounts import throttle as module
from greetings.accounts.rules import FREE_FAILURES, FREE_FAILURES_ANYWHERE
from greetings.accounts.throttle import Throttle

ANA, HOME, AWAY = "ana@example.org", "198.51.100.7", "203.0.113.9"


class StandingClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 9, 25, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def fail(throttle: Throttle, times: int, address: str = AWAY) -> None:
    for _ in range(times):
        throttle.attempt(ANA, address)


def test_the_first_failures_are_free_and_then_one_waits():
    throttle = Throttle(StandingClock())
    assert [throttle.attempt(ANA, AWAY) for _ in range(FREE_FAILURES + 1)] == [0] * FREE_FAILURES + [5]


def test_an_attempt_that_must_wait_is_not_counted():
    clock = StandingClock()
    throttle = Throttle(clock)
    fail(throttle, FREE_FAILURES + 100)
    clock.now += timedelta(seconds=5)
    assert throttle.attempt(ANA, AWAY) == 0


def test_a_right_part_takes_back_its_own_attempt_only():
    throttle = Throttle(StandingClock())
    fail(throttle, FREE_FAILURES - 1)
    for _ in range(20):
        assert throttle.attempt(ANA, AWAY) == 0
        throttle.was_right(ANA, AWAY)
    fail(throttle, 1)
    assert throttle.attempt(ANA, AWAY) > 0


def test_signing_in_forgets_the_failures_of_this_address():
    throttle = Throttle(StandingClock())
    fail(throttle, FREE_FAILURES - 1)
    throttle.attempt(ANA, AWAY)
    throttle.succeeded(ANA, AWAY)
    assert throttle.knows(AWAY)
    assert not throttle.knows(HOME)
    assert [throttle.attempt(ANA, AWAY) for _ in range(FREE_FAILURES)] == [0] * FREE_FAILURES


def test_an_hour_without_attempts_is_forgiven():
    clock = StandingClock()
    throttle = Throttle(clock)
    fail(throttle, FREE_FAILURES)
    clock.now += timedelta(hours=1)
    assert [throttle.attempt(ANA, AWAY) for _ in range(FREE_FAILURES)] == [0] * FREE_FAILURES


def test_many_addresses_together_wait_but_a_known_one_does_not():
    throttle = Throttle(StandingClock())
    throttle.attempt(ANA, HOME)
    throttle.succeeded(ANA, HOME)
    for number in range(FREE_FAILURES_ANYWHERE):
        assert throttle.attempt(ANA, f"2001:db8::{number:x}") == 0
    assert throttle.attempt(ANA, "2001:db8::ffff") > 0
    assert throttle.attempt(ANA, HOME) == 0
    assert throttle.attempt("other@example.org", "2001:db8::ffff") == 0


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "MOST_REMEMBERED", 10)
    throttle = Throttle(StandingClock())
    for number in range(100):
        throttle.attempt(f"person{number}", AWAY)
        throttle.succeeded(f"person{number}", f"2001:db8::{number:x}")
    assert len(throttle._failures) <= 10
    assert len(throttle._known) <= 10
    assert len(throttle._known_addresses) <= 10


def test_a_hundred_at_the_same_moment_are_not_a_hundred_free_ones():
    throttle, barrier, waits = Throttle(StandingClock()), Barrier(40), []

    def attempt() -> None:
        barrier.wait()
        waits.append(throttle.attempt(ANA, AWAY))

    threads = [Thread(target=attempt) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waits.count(0) == FREE_FAILURES


@given(
    st.lists(
        st.tuples(st.sampled_from(["try", "right", "in"]), st.sampled_from([HOME, AWAY]), st.integers(0, 600))
    )
)
def test_whatever_happens_the_wait_stays_between_nothing_and_the_longest(events):
    clock = StandingClock()
    throttle = Throttle(clock)
    for act, address, seconds in events:
        clock.now += timedelta(seconds=seconds)
        if act == "try":
            assert 0 <= throttle.attempt(ANA, address) <= 900
        elif act == "right":
            throttle.was_right(ANA, address)
        else:
            throttle.succeeded(ANA, address)
