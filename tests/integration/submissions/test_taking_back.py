"""With the code: consent and everything can be taken back, at any time, and it never loses a race."""

import threading
from typing import Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm.exc import StaleDataError

from greetings.actions.models import Action
from greetings.audit import SENDER
from greetings.audit.models import AuditEntry
from greetings.clock import to_the_hour
from greetings.db.session import begin_writing
from greetings.errors import Gone, VersionStale
from greetings.house import House
from greetings.submissions.codes import code_for
from greetings.submissions.correcting import correct_words
from greetings.submissions.erasures import erasure_list, read_erasures
from greetings.submissions.files import PUBLIC
from greetings.submissions.models import GonePicture, Greeting, WallTally
from greetings.submissions.queries import find_by_code
from greetings.submissions.receipt import revoke, withdraw
from greetings.submissions.rules import FINAL_STATES, IllegalStep, State, Step, Use
from greetings.submissions.service import receive
from greetings.submissions.steps import greeting_to_change, take_step
from tests.factories import make_action, make_greeting
from tests.integration.submissions.sending import KEY, draft, files, stored_files

# all that may be left in the row of what was taken back: which it was, that it is gone, its kind and hours,
# and what a moderator held back
KEPT = {
    *("sequence", "id", "action_id", "state", "version", "code_digest"),
    *("received_at", "changed_at", "kind", "language", "disallowed"),
}
EVERYTHING: dict[str, Any] = {
    "organisation": "Вясна",
    "office": "старшыня",
    "search_text": "ганна",
    "text_fingerprint": "0123",
    "consent_from": "ад сястры",
    "disallowed": frozenset({Use.PRESS}),
    "shows_people_who_agreed": True,
    "shows_children": True,
    "wants_faces_covered": True,
    "covers_confirmed": True,
}


def load(house: House, greeting_id: str) -> Greeting:
    with house.database.reading() as session:
        greeting = session.scalars(select(Greeting).where(Greeting.id == greeting_id)).one()
        session.expunge(greeting)
        return greeting


def public_files(house: House) -> set[str]:
    return {file.key for file in house.storage.files(PUBLIC)}


@pytest.mark.parametrize("state", [State.PENDING, State.APPROVED, State.REJECTED])
def test_withdrawing_erases_everything_in_every_state(house: House, action: Action, state: State):
    with house.database.work() as session:
        greeting = make_greeting(house, session, action, state=state, photos=2, **EVERYTHING)
    was_public = public_files(house)
    assert bool(was_public) == (state is State.APPROVED)
    with house.database.session() as session:
        withdraw(house, session, greeting.id)
        session.commit()
    emptied = load(house, greeting.id)
    assert emptied.state is State.WITHDRAWN
    assert {column.key for column in inspect(Greeting).columns if getattr(emptied, column.key)} <= KEPT
    assert not stored_files(house)
    assert not public_files(house)
    assert greeting.id in read_erasures(erasure_list(house.settings))
    with house.database.reading() as session:
        gone = session.scalars(select(GonePicture.public_name)).all()
        assert {key.split("/")[1].split("-")[0] for key in was_public} == set(gone)
        assert sum(session.scalars(select(WallTally.greetings))) == 0


def test_a_publication_that_is_not_committed_leaves_no_file_behind(house: House, action: Action):
    with house.database.work() as session:
        greeting = make_greeting(house, session, action, state=State.PENDING, photos=2)
    with house.database.session() as session:
        take_step(house, session, greeting_to_change(session, greeting.id), Step.APPROVE, actor="m")
        assert len(public_files(house)) == 4
        session.rollback()
    assert not public_files(house)
    assert len(stored_files(house)) == 6


def test_withdrawing_twice_is_fine_and_written_down_once(house: House, action: Action):
    with house.database.work() as session:
        greeting = make_greeting(house, session, action)
    for _ in range(2):
        with house.database.session() as session:
            assert withdraw(house, session, greeting.id).state is State.WITHDRAWN
            session.commit()
    with house.database.reading() as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.act == "withdraw")).all()
        assert [(entry.actor, entry.subject) for entry in acts] == [("sender", greeting.id)]
        assert acts[0].at.minute == acts[0].at.second == 0


def test_of_the_moment_at_which_something_is_taken_back_the_hour_is_kept(house: House, action: Action):
    with house.database.work() as session:
        greeting = make_greeting(house, session, action)
    with house.database.session() as session:
        assert revoke(house, session, greeting.id, {Use.PRESS}).changed_at == to_the_hour(house.clock())
        session.commit()
    with house.database.session() as session:
        assert withdraw(house, session, greeting.id).changed_at == to_the_hour(house.clock())
        session.commit()
    with house.database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.actor == SENDER)).all()
        assert [entry.act for entry in entries] == ["set-uses", "withdraw"]
        assert {entry.at for entry in entries} == {to_the_hour(house.clock())}


def test_a_withdrawn_greeting_never_comes_back(house: House, action: Action):
    with house.database.work() as session:
        greeting = make_greeting(house, session, action, state=State.PENDING)
    seen = greeting.version
    with house.database.session() as session:
        withdraw(house, session, greeting.id)
        session.commit()
    with house.database.session() as session, pytest.raises(VersionStale):
        begin_writing(session)
        greeting_to_change(session, greeting.id, seen)
    for step in Step:
        with house.database.session() as session, pytest.raises(IllegalStep):
            begin_writing(session)
            take_step(house, session, greeting_to_change(session, greeting.id), step, actor="moderator")


def test_taking_the_wall_back_takes_it_off_the_wall_and_leaves_the_rest(house: House, action: Action):
    with house.database.work() as session:
        greeting = make_greeting(house, session, action, photos=1)
    private = stored_files(house)
    with house.database.session() as session:
        revoke(house, session, greeting.id, {Use.GALLERY, Use.PRESS})
        session.commit()
    left = load(house, greeting.id)
    assert (left.state, left.granted) == (State.APPROVED, frozenset({Use.POST, Use.EVENTS}))
    assert (left.public_sequence, public_files(house)) == (None, set())
    assert (left.text, stored_files(house)) == ("З днём нараджэння!", private)


def test_taking_back_what_was_not_given_changes_nothing(house: House, action: Action):
    with house.database.work() as session:
        greeting = make_greeting(house, session, action, granted=frozenset({Use.GALLERY}))
    with house.database.session() as session:
        revoke(house, session, greeting.id, {Use.PRESS})
        revoke(house, session, greeting.id, set())
        session.commit()
        assert "set-uses" not in session.scalars(select(AuditEntry.act)).all()
    after = load(house, greeting.id)
    assert (after.version, after.granted) == (greeting.version, frozenset({Use.GALLERY}))


@pytest.mark.parametrize("state", sorted(FINAL_STATES))
def test_no_words_are_written_into_what_is_gone(house: House, action: Action, state: State):
    with house.database.work() as session:
        greeting = make_greeting(house, session, action, state=state)
    with house.database.session() as session:
        begin_writing(session)
        with pytest.raises(Gone):
            correct_words(
                house, session, greeting_to_change(session, greeting.id), {"text": "Словы"}, actor="m"
            )


@pytest.mark.parametrize("state", sorted(FINAL_STATES))
def test_nothing_is_left_to_take_back_from_what_is_gone(house: House, action: Action, state: State):
    with house.database.work() as session:
        greeting = make_greeting(house, session, action, state=state)
    with house.database.session() as session:
        revoke(house, session, greeting.id, set(Use))
        assert withdraw(house, session, greeting.id).state is state
        session.commit()
    assert load(house, greeting.id).version == greeting.version


def test_a_code_finds_its_greeting_as_long_as_the_row_stands(house: House, action: Action):
    with house.database.session() as session:
        receive(house, session, session.get_one(Action, action.id), draft(), files(1), KEY)
        session.commit()
    code = code_for(house.keys, KEY)
    with house.database.session() as session:
        found = find_by_code(session, house.keys, code.lower().replace(" ", "-"))
        assert found is not None
        withdraw(house, session, found.id)
        session.commit()
        assert find_by_code(session, house.keys, code) is not None
        assert find_by_code(session, house.keys, code[:-1]) is None
        assert find_by_code(session, house.keys, "") is None


def test_withdrawing_wins_against_moderators_at_the_same_moment(house_on_each_database: House):
    house = house_on_each_database
    with house.database.work() as session:
        action = make_action(session)
        greeting = make_greeting(house, session, action, state=State.PENDING, photos=1)
    start = threading.Barrier(3)
    troubles: list[BaseException] = []

    def withdraw_it() -> None:
        start.wait()
        with house.database.session() as session:
            withdraw(house, session, greeting.id)
            session.commit()

    def approve_it() -> None:
        start.wait()
        with house.database.session() as session:
            begin_writing(session)
            take_step(
                house,
                session,
                greeting_to_change(session, greeting.id, greeting.version),
                Step.APPROVE,
                actor="moderator",
            )
            session.commit()

    def run(act) -> None:
        try:
            act()
        except (VersionStale, IllegalStep, StaleDataError):
            pass
        except BaseException as error:  # noqa: BLE001 - shown below
            troubles.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in (approve_it, withdraw_it, approve_it)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not troubles
    after = load(house, greeting.id)
    assert (after.state, after.public_sequence, after.text) == (State.WITHDRAWN, None, "")
    assert not public_files(house)
    assert not stored_files(house)
