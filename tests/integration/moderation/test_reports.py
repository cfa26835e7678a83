"""Reports from the public reach the desk, and go with what they are about."""

import pytest
from sqlalchemy import func, select

from greetings.errors import Gone, NotFound
from greetings.house import House
from greetings.moderation import queries, service
from greetings.moderation.models import Report
from greetings.moderation.rules import MAX_OPEN_REPORTS, MAX_REPORT_NOTE, Concern
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Reason, State


def report(
    house: House, greeting: Greeting, note: str = "It is me.", concern: Concern = Concern.THIS_IS_ME
) -> None:
    with house.database.session() as session:
        service.report(session, greeting, concern, note, house.clock)
        session.commit()


def count(house: House) -> int:
    with house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


def test_a_report_keeps_the_hour_and_clean_words_only(house: House, send):
    greeting = send(house, state=State.APPROVED)
    report(house, greeting, "one\u202e two\x00\r\n\r\n\r\n\r\nthree" + "x" * 1000)
    with house.database.reading() as session:
        kept = session.scalars(select(Report)).one()
        session.expunge_all()
    assert kept.note.startswith("one two\n\nthree")
    assert len(kept.note) == MAX_REPORT_NOTE
    assert kept.received_at.minute == kept.received_at.second == 0


@pytest.mark.parametrize(
    ("state", "error"),
    [(State.PENDING, NotFound), (State.REJECTED, NotFound), (State.WITHDRAWN, Gone), (State.ERASED, Gone)],
)
def test_only_what_is_public_can_be_reported(house: House, send, state: State, error: type[Exception]):
    with pytest.raises(error):
        report(house, send(house, state=state))
    assert count(house) == 0


def test_a_flood_of_reports_is_kept_bounded(house: House, send):
    greeting = send(house, state=State.APPROVED)
    for _ in range(MAX_OPEN_REPORTS + 5):
        report(house, greeting)
    assert count(house) == MAX_OPEN_REPORTS


def test_reported_greetings_are_listed_with_all_that_was_said(house: House, send):
    one, two = send(house, state=State.APPROVED, photos=2), send(house, state=State.APPROVED)
    report(house, two, "first")
    report(house, one, "second")
    report(house, two, "third", Concern.DANGER)
    with house.database.reading() as session:
        listed = queries.list_reported(session)
        session.expunge_all()
    assert [case.id for case in listed] == [two.id, one.id]
    assert [said.note for said in listed[0].reports] == ["first", "third"]
    assert listed[0].private_name is None
    assert listed[1].private_name == one.photos[0].private_name


@pytest.mark.parametrize("act", ["keep", "reopen and approve", "reopen and reject"])
def test_a_decision_settles_the_reports(house: House, send, stands, act: str):
    greeting = send(house, state=State.APPROVED)
    report(house, greeting)
    with house.database.session() as session:
        facts = (house, session, greeting.id)
        if act == "keep":
            service.keep_reported(*facts, greeting.version, actor="ana")
        else:
            version = service.undo(*facts, greeting.version, actor="ana").version
            here = session.get_one(Greeting, greeting.sequence)
            assert len(queries.list_reports(session, here)) == 1, "still to be read in the queue"
            session.commit()
            if act.endswith("reject"):
                service.reject(*facts, version, actor="ana", reason=Reason.RISK)
            else:
                service.approve(*facts, version, actor="ana")
        session.commit()
    with house.database.reading() as session:
        settled = session.scalars(select(Report)).one()
        assert queries.list_reported(session) == []
        session.expunge_all()
    assert settled.settled_by == "ana"
    assert settled.settled_at == house.clock()


@pytest.mark.parametrize("is_organiser", [True, False])
def test_reports_go_with_the_greeting(house: House, send, is_organiser: bool):
    greeting, other = send(house, state=State.APPROVED), send(house, state=State.APPROVED)
    report(house, greeting)
    report(house, other)
    with house.database.session() as session:
        if is_organiser:
            service.erase(house, session, greeting.id, greeting.version, actor="ana")
        else:
            from tests.integration.moderation.test_races import withdraw

            withdraw(house, session, greeting)
        session.commit()
    with house.database.reading() as session:
        left = session.scalars(select(Report)).one()
        session.expunge_all()
    assert left.greeting_sequence == other.sequence
