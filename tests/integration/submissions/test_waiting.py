"""The kept number of waiting greetings follows whatever is written, inside its transaction, and nothing else."""

import pytest
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.house import House
from greetings.submissions.rules import State, Step
from greetings.submissions.steps import greeting_to_change, take_step
from greetings.submissions.waiting import count_waiting, counted_waiting
from tests.factories import make_action, make_greeting


@pytest.fixture
def house_with_action(house_on_each_database: House) -> House:
    with house_on_each_database.database.work() as session:
        make_action(session)
    return house_on_each_database


def waiting(house: House) -> int:
    with house.database.reading() as session:
        assert count_waiting(session) == counted_waiting(session)
        return count_waiting(session)


def test_the_number_follows_what_comes_is_decided_and_reopened(house_with_action: House):
    house = house_with_action
    with house.database.work() as session:
        action = session.scalars(select(Action)).one()
        greeting = make_greeting(house, session, action, state=State.PENDING)
        make_greeting(house, session, action, state=State.PENDING)
        make_greeting(house, session, action, state=State.APPROVED)
        assert count_waiting(session) == 2, "inside the transaction too"
    assert waiting(house) == 2
    for step, left in (
        (Step.APPROVE, 1),
        (Step.REOPEN, 2),
        (Step.REJECT, 1),
        (Step.REOPEN, 2),
        (Step.WITHDRAW, 1),
    ):
        with house.database.work() as session:
            take_step(house, session, greeting_to_change(session, greeting.id), step, actor="ana")
        assert waiting(house) == left


def test_what_is_taken_back_is_not_counted(house_with_action: House):
    house = house_with_action
    with house.database.session() as session:
        action = session.scalars(select(Action)).one()
        make_greeting(house, session, action, state=State.PENDING)
        session.rollback()
        make_greeting(house, session, action, state=State.PENDING)
        session.commit()
    assert waiting(house) == 1


def test_what_a_savepoint_takes_back_is_not_counted_and_what_came_before_it_is(house_with_action: House):
    house = house_with_action
    with house.database.work() as session:
        action = session.scalars(select(Action)).one()
        make_greeting(house, session, action, state=State.PENDING)
        with session.begin_nested():
            make_greeting(house, session, action, state=State.PENDING)
            inner = session.begin_nested()
            make_greeting(house, session, action, state=State.PENDING)
            session.flush()
            inner.rollback()
            assert count_waiting(session) == 2
        assert count_waiting(session) == 2
    assert waiting(house) == 2
