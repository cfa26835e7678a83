"""What a round of the housekeeping forgets, and what it leaves alone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from greetings.accounts import challenges, resets, service, sessions
from greetings.accounts.models import DeskSession, Invitation, Moderator, ResetLink, SpentChallenge
from greetings.accounts.rules import Role
from greetings.accounts.service import NewMember
from greetings.house import House
from greetings.moderation.claims import claim
from greetings.moderation.models import Claim
from greetings.operations import housekeeping
from greetings.operations.housekeeping import erase_what_is_over, keep_house
from greetings.submissions.models import EarlierPicture, Greeting, Photo
from greetings.submissions.rules import State
from tests.conftest import TestClock
from tests.factories import make_action, make_greeting


def counts(house: House) -> dict[str, int]:
    tables = (DeskSession, Invitation, ResetLink, SpentChallenge, Claim, EarlierPicture)
    with house.database.reading() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }


def earlier_of(photo: Photo, now: datetime) -> EarlierPicture:
    """What a photo was before a moderator covered something in it."""
    return EarlierPicture(
        photo_number=photo.number,
        replaced_at=now,
        private_name="abcdefghjkmnpqrstuvw",
        width_px=1,
        height_px=1,
        average_colour="000000",
        difference_hash="0" * 16,
        digests={},
    )


def test_sessions_links_challenges_claims_and_covered_pixels_go_when_they_are_over_and_no_earlier(
    house: House, clock: TestClock
) -> None:
    with house.database.work() as session:
        olga, ana = (
            service.add_member(house, session, NewMember(name, f"{name}@example.org", "hash", "A" * 32), role)
            for name, role in (("olga", Role.ORGANISER), ("ana", Role.MODERATOR))
        )
        greeting = make_greeting(house, session, make_action(session), state=State.PENDING, photos=1)
        service.invite(house, session, Role.MODERATOR)
        resets.make_reset(house, session, ana.id, by=olga.id)
        for is_complete in (True, False):
            sessions.begin(house, session, session.get_one(Moderator, olga.id), is_complete=is_complete)
        assert challenges.spend(house, session, challenges.new_challenge(house, "test"))
        claim(session, [greeting.sequence], olga.id, clock.now)
        session.add(earlier_of(greeting.photos[0], clock.now))
    whole = {
        "desk_session": 2,
        "invitation": 1,
        "reset_link": 1,
        "spent_challenge": 1,
        "claim": 1,
        "earlier_picture": 1,
    }
    left = dict(whole)
    keep_house(house)
    assert counts(house) == whole
    for passed, after in (
        (timedelta(minutes=3), {"claim": 0}),
        (timedelta(minutes=6), {"spent_challenge": 0}),
        (timedelta(minutes=10), {"earlier_picture": 0, "desk_session": 1}),
        (timedelta(hours=12), {"desk_session": 0}),
        (timedelta(days=2), {"reset_link": 0}),
        (timedelta(days=7), {"invitation": 0}),
    ):
        begun = clock.now
        clock.now += passed - timedelta(minutes=1)
        keep_house(house)
        assert counts(house) == left, f"a minute before {passed} are over"
        clock.now += timedelta(minutes=1)
        keep_house(house)
        left |= after
        assert counts(house) == left, passed
        clock.now = begun


def test_what_was_decided_since_it_was_looked_for_is_not_erased(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.database.work() as session:
        approved = make_greeting(house, session, make_action(session), state=State.APPROVED).id
    monkeypatch.setattr(housekeeping, "_over", lambda _session, _now: [approved])
    erase_what_is_over(house)
    with house.database.reading() as session:
        assert session.scalars(select(Greeting.state)).all() == [State.APPROVED]
