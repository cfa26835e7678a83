"""The thread that keeps house: what it does first, what again each half minute, and that nothing ends it."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from greetings.house import RESERVE, House
from greetings.operations import housekeeping
from greetings.operations.housekeeping import Housekeeper
from greetings.submissions.models import EarlierPicture
from greetings.submissions.photos import EARLIER_LASTS
from greetings.submissions.rules import State
from tests.browser.patience import until
from tests.conftest import TestClock
from tests.factories import make_action, make_greeting
from tests.integration.operations.test_rounds import counts, earlier_of

STRAY = f"private/ab/{'ab' * 10}-thumb.webp"


@pytest.fixture
def keep(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Begins to keep house, at a pace for tests: `keep(alone_since)`."""
    monkeypatch.setattr(housekeeping, "SETTLE_SECONDS", 0.05)
    begun: list[Housekeeper] = []

    def begin(alone_since: datetime | None = None) -> None:
        begun.append(Housekeeper(house, alone_since))
        begun[-1].start()

    yield begin
    monkeypatch.undo()  # as patient as ever with a thread that ends
    for housekeeper in begun:
        housekeeper.stop()


def test_room_for_taking_back_is_laid_by_at_the_start_and_again_when_it_was_let_go(
    house: House, keep: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = house.settings.data / RESERVE
    monkeypatch.setattr(housekeeping, "SETTLE_SECONDS", 3600.0)
    keep()
    until(path.exists)
    monkeypatch.setattr(housekeeping, "SETTLE_SECONDS", 0.05)
    keep()
    for _ in range(2):
        assert house.reserve.let_go()
        until(path.exists)


def test_what_a_killed_server_left_goes_first_and_files_bear_no_moment(
    house: House, keep: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where nobody else worked on the store: to others it may be what they have just put."""
    monkeypatch.setattr(housekeeping, "SETTLE_SECONDS", 3600.0)
    with house.database.work() as session:
        photo = make_greeting(house, session, make_action(session), photos=1).photos[0]
    house.storage.put(STRAY, b"of nobody")
    moved = house.settings.files / "private" / photo.private_name[:2] / f"{photo.private_name}-thumb.webp"
    os.utime(moved)
    keep()
    until(lambda: moved.stat().st_mtime_ns, lambda moment: moment == 0)
    assert house.storage.exists(STRAY)
    keep(datetime.now(UTC) + timedelta(seconds=9))
    until(lambda: not house.storage.exists(STRAY))
    assert moved.exists()


def test_earlier_pixels_go_by_themselves_though_another_part_of_the_work_fails(
    house: House, keep: Callable[..., None], clock: TestClock
) -> None:
    """Each half minute, without waiting for the round of the hour."""
    settled: list[bool] = []

    def fail() -> None:
        settled.append(True)
        raise OSError("as an example")

    house.when_settling.insert(0, fail)
    keep()
    until(lambda: len(settled) > 1)  # the round is over, and the next one is an hour away
    with house.database.work() as session:
        greeting = make_greeting(house, session, make_action(session), state=State.PENDING, photos=1)
        session.add(earlier_of(greeting.photos[0], clock.now))
    clock.forward(seconds=EARLIER_LASTS.total_seconds())
    until(lambda: counts(house)[EarlierPicture.__tablename__] == 0)
