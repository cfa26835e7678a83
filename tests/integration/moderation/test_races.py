"""Two at once: exactly one outcome, one entry for it in the log, and what was withdrawn never shows."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from greetings.accounts.models import Moderator
from greetings.accounts.rules import Role
from greetings.actions.models import Action
from greetings.actions.service import ActionChange, change_action
from greetings.audit.models import AuditEntry
from greetings.errors import VersionStale
from greetings.house import House
from greetings.moderation import service
from greetings.moderation.claims import CLAIM_LASTS, claim
from greetings.submissions.models import Greeting
from greetings.submissions.rules import IllegalStep, Reason, State, Step
from greetings.submissions.steps import greeting_to_change, take_step
from greetings.submissions.waiting import count_waiting, counted_waiting
from tests.lock_order import watch

PAIRS = 20
DONE = "done"
REFUSED = "refused"

Act = Callable[[House, Session, Greeting], object]


def approve(house: House, session: Session, greeting: Greeting) -> object:
    return service.approve(house, session, greeting.id, greeting.version, actor="ana")


def approve_too(house: House, session: Session, greeting: Greeting) -> object:
    return service.approve(house, session, greeting.id, greeting.version, actor="jan")


def reject(house: House, session: Session, greeting: Greeting) -> object:
    facts = (house, session, greeting.id, greeting.version)
    return service.reject(*facts, actor="jan", reason=Reason.RISK)


def withdraw(house: House, session: Session, greeting: Greeting) -> object:
    """As the receipt does it: whatever the version, the sender's word counts."""
    from greetings.db.session import begin_writing

    begin_writing(session)
    here = greeting_to_change(session, greeting.id)
    take_step(house, session, here, Step.WITHDRAW, actor="sender")
    return here


def hide(house: House, session: Session, _greeting: Greeting) -> object:
    """An organiser changes the action, and with it what is public of it."""
    return set_public(house, session, is_public=False)


def set_public(house: House, session: Session, *, is_public: bool) -> Action:
    action = session.scalars(select(Action)).one()
    facts = {name: getattr(action, name) for name in ("state", "needs_two", "born_on", "jubilee_age")}
    texts = {text.language: dict(text.words) for text in action.texts}
    change = ActionChange(is_public=is_public, time_zone=action.time_zone, texts=texts, **facts)
    return change_action(house, session, action.slug, change, version=action.version, actor="olga")


def undo(house: House, session: Session, greeting: Greeting) -> object:
    return service.undo(house, session, greeting.id, greeting.version, actor="ana")


def race(house: House, greeting: Greeting, *acts: Act) -> list[str]:
    """Do all acts at the same moment, each in its own thread and session; how each of them ended."""
    start, outcomes = Barrier(len(acts)), ["never ended"] * len(acts)

    def run(place: int, act: Act) -> None:
        with house.database.session() as session:
            start.wait()
            try:
                act(house, session, greeting)
                session.commit()
                outcomes[place] = DONE
            except (VersionStale, IllegalStep):
                outcomes[place] = REFUSED

    threads = [Thread(target=run, args=facts) for facts in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def entries(house: House, greeting: Greeting) -> list[AuditEntry]:
    with house.database.reading() as session:
        found = select(AuditEntry).where(AuditEntry.subject == greeting.id).order_by(AuditEntry.number)
        rows = list(session.scalars(found))
        session.expunge_all()
        return rows


def is_on_the_wall(house: House, greeting: Greeting) -> bool:
    return any(True for _ in house.storage.files("public/")) or greeting.public_sequence is not None


@pytest.mark.parametrize("rival", [reject, approve_too], ids=["approve/reject", "approve/approve"])
def test_of_two_decisions_exactly_one_is_made(house_on_each_database: House, send, stands, rival: Act):
    house = house_on_each_database
    for _ in range(PAIRS):
        greeting = send(house)
        outcomes = race(house, greeting, approve, rival)
        assert sorted(outcomes) == [DONE, REFUSED]
        after = stands(house, greeting)
        made = entries(house, greeting)
        assert len(made) == 1
        assert made[0].actor == after.decided_by == ("ana" if outcomes[0] == DONE else "jan")
        assert (after.public_sequence is not None) == (after.state is State.APPROVED)
    with house.database.reading() as session:
        assert house.audit.troubles(session) == []
        assert count_waiting(session) == counted_waiting(session) == 0


@pytest.mark.parametrize("rival", [undo, approve], ids=["hide/undo", "hide/approve"])
def test_a_decision_and_a_change_of_its_action_never_wait_for_one_another(
    house_on_each_database: House, send, stands, rival: Act
):
    house = house_on_each_database
    watch(house.database.engine)
    for _ in range(PAIRS // 2):
        greeting = send(house, state=State.APPROVED if rival is undo else State.PENDING)
        decided, changed = race(house, greeting, rival, hide)
        assert changed == DONE
        assert decided in {DONE, REFUSED}, "what was hidden meanwhile has another version"
        assert stands(house, greeting).public_sequence is None, "its action is hidden"
        with house.database.session() as session:
            set_public(house, session, is_public=True)
            session.commit()


def test_a_withdrawal_always_wins_against_an_approval(house_on_each_database: House, send, stands):
    house = house_on_each_database
    for _ in range(PAIRS):
        greeting = send(house, photos=1)
        outcomes = race(house, greeting, approve, withdraw)
        assert outcomes[1] == DONE, "a sender's withdrawal is never refused"
        after = stands(house, greeting)
        assert after.state is State.WITHDRAWN
        assert not is_on_the_wall(house, after)
        assert after.text == after.name == ""
        acts = [entry.act for entry in entries(house, greeting)]
        assert acts == (["approve", "withdraw"] if outcomes[0] == DONE else ["withdraw"])
    assert not list(house.storage.files("private/")), "no file of a withdrawn greeting is left"


def test_two_who_approve_at_once_where_two_are_asked_for_are_two(house_on_each_database: House, send, stands):
    house = house_on_each_database
    team = hire(house, "Ana", "Jan")
    for _ in range(PAIRS):
        greeting = send(house)
        ask_for_two(house)
        outcomes = race(house, greeting, *(partial(approve_as, moderator) for moderator in team))
        assert outcomes == [DONE, DONE]
        assert stands(house, greeting).state is State.APPROVED
        assert {entry.actor for entry in entries(house, greeting)} == set(team)
        assert [entry.act for entry in entries(house, greeting)] == ["approve-first", "approve"]
    with house.database.reading() as session:
        assert session.scalar(select(func.count(Greeting.public_sequence.distinct()))) == PAIRS


def test_one_who_approves_twice_at_once_where_two_are_asked_for_is_one(
    house_on_each_database: House, send, stands
):
    house = house_on_each_database
    (ana,) = hire(house, "Ana")
    for _ in range(PAIRS // 2):
        greeting = send(house)
        ask_for_two(house)
        assert race(house, greeting, *[partial(approve_as, ana)] * 2) == [DONE, DONE]
        assert stands(house, greeting).state is State.PENDING
        assert [entry.act for entry in entries(house, greeting)] == ["approve-first"]


def test_what_one_has_claimed_is_not_claimed_by_another_before_it_lapses(
    house_on_each_database: House, send
) -> None:
    house, now = house_on_each_database, house_on_each_database.clock()
    ana, jan = hire(house, "Ana", "Jan")
    ahead = [send(house).sequence, send(house).sequence]

    def claimed(moderator: str, at: datetime) -> set[int]:
        with house.database.work() as session:
            return claim(session, ahead, moderator, at)

    assert claimed(ana, now) == {*ahead}
    assert claimed(jan, now) == set()
    assert claimed(ana, now + CLAIM_LASTS / 2) == {*ahead}, "what is renewed lasts"
    assert claimed(jan, now + CLAIM_LASTS) == set()
    assert claimed(jan, now + CLAIM_LASTS * 2) == {*ahead}


def hire(house: House, *names: str) -> list[str]:
    """Members of the team; their IDs."""
    with house.database.work() as session:
        team = [
            Moderator(
                email=f"{name}@desk.example",
                name=name,
                role=Role.MODERATOR,
                language="en",
                password_hash="-",
                totp_sealed=b"-",
                joined_at=house.clock(),
            )
            for name in names
        ]
        session.add_all(team)
        session.flush()
        return [moderator.id for moderator in team]


def ask_for_two(house: House) -> None:
    with house.database.work() as session:
        session.execute(update(Action).values(needs_two=True))


def approve_as(moderator: str, house: House, session: Session, greeting: Greeting) -> object:
    return service.approve(house, session, greeting.id, greeting.version, actor=moderator)
