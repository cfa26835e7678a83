"""Nothing acknowledged is lost, nothing refused is left behind, and one key makes one greeting."""

import hashlib
import threading
from datetime import UTC, datetime
from typing import BinaryIO

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from greetings.actions.models import Action
from greetings.actions.rules import ActionState
from greetings.audit.models import AuditEntry
from greetings.errors import NotFound
from greetings.house import House
from greetings.ids import new_id
from greetings.imaging import HouseFull, Picture, PictureReader, PictureRefused, Refusal
from greetings.storage import StorageFull
from greetings.submissions import service
from greetings.submissions.codes import normal_code
from greetings.submissions.files import RENDITIONS, private_key, private_keys
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.rules import State
from greetings.submissions.service import ActionClosed, FilesRefused, Receipt, UntrustedFile, receive
from tests.factories import make_action
from tests.folders import all_bytes_in
from tests.integration.submissions.sending import KEY, count, draft, files, stored_files


def send(house: House, action: Action, key: str = KEY, photos: int = 1, **facts) -> Receipt:
    """Receive and commit, as a request does."""
    with house.database.session() as session:
        row = session.get_one(Action, action.id)
        receipt = receive(house, session, row, draft(**facts), files(photos), key)
        session.commit()
        return receipt


def nothing_is_kept(house: House) -> bool:
    return not stored_files(house) and count(house, Greeting) == count(house, Photo) == 0


def test_what_was_sent_is_whole_and_safe(house: House, action: Action):
    receipt = send(house, action, photos=2)
    with house.database.reading() as session:
        greeting = session.scalars(select(Greeting)).one()
        assert greeting.state is State.PENDING
        assert (greeting.text, greeting.name, greeting.country) == ("З днём нараджэння!", "Ганна", "BY")
        assert greeting.search_text == "з днем нараджэння! ганна магілеу сям’я"
        assert greeting.public_sequence is None
        assert [photo.position for photo in greeting.photos] == [0, 1]
        for photo in greeting.photos:
            for rendition in RENDITIONS:
                data = house.storage.read(private_key(photo.private_name, rendition))
                assert hashlib.sha256(data).hexdigest() == photo.digests[rendition.name]
        assert stored_files(house) == {key for photo in greeting.photos for key in private_keys(photo)}
        assert greeting.id == receipt.greeting.id


def test_of_the_time_the_hour_is_kept_and_of_the_act_only_counts(house: House, action: Action):
    send(house, action, photos=2)
    with house.database.reading() as session:
        greeting = session.scalars(select(Greeting)).one()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "receive")).one()
        assert greeting.received_at == greeting.changed_at == datetime(2026, 9, 18, 14, tzinfo=UTC)
        assert (entry.at, entry.actor) == (greeting.received_at, "sender")
        assert (entry.subject, entry.details) == (greeting.id, '{"photos":2,"uses":2}')
        assert house.audit.troubles(session) == []


def test_no_transaction_stands_open_while_pictures_are_read(
    house: House, action: Action, monkeypatch: pytest.MonkeyPatch
):
    were_open: list[bool] = []
    with house.database.session() as session:
        row = session.get_one(Action, action.id)

        def take_in(_reader: PictureReader, _file: BinaryIO) -> Picture:
            were_open.append(session.in_transaction())
            raise HouseFull

        monkeypatch.setattr(PictureReader, "take_in", take_in)
        with pytest.raises(HouseFull):
            receive(house, session, row, draft(), files(1), KEY)
    assert were_open == [False]


def test_the_code_is_kept_nowhere(house: House, action: Action):
    code = normal_code(send(house, action).code)
    with house.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = all_bytes_in(house.settings.data)
    assert code.encode() not in kept
    assert KEY.encode() not in kept


def test_the_same_key_again_gives_the_same_receipt_and_no_second_greeting(house: House, action: Action):
    first, before = send(house, action), stored_files(house)
    again = send(house, action, text="Something else", photos=3)
    assert (again.code, again.greeting.id) == (first.code, first.greeting.id)
    assert again.greeting.text == "З днём нараджэння!"
    assert (count(house, Greeting), stored_files(house)) == (1, before)
    other = send(house, action, key="f" * 32)
    assert other.code != first.code
    assert count(house, Greeting) == 2


def test_the_same_key_at_the_same_moment_makes_one_greeting(house_on_each_database: House):
    house = house_on_each_database
    with house.database.work() as session:
        action = make_action(session)
    start = threading.Barrier(4)
    receipts: list[Receipt] = []
    troubles: list[BaseException] = []

    def press() -> None:
        try:
            start.wait()
            receipts.append(send(house, action))
        except BaseException as error:  # noqa: BLE001 - shown below
            troubles.append(error)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not troubles
    assert len({receipt.code for receipt in receipts}) == 1
    assert len({receipt.greeting.id for receipt in receipts}) == 1
    assert (count(house, Greeting), count(house, Photo)) == (1, 1)
    assert len(stored_files(house)) == len(RENDITIONS)


def test_the_later_of_two_takes_its_own_files_away_only(house: House, action: Action, monkeypatch):
    """The first commits between the other's look and its writing."""
    put = service._put_photos

    def put_late(*args):
        photos = put(*args)
        monkeypatch.setattr(service, "_put_photos", put)
        send(house, action, text="The first")
        return photos

    monkeypatch.setattr(service, "_put_photos", put_late)
    receipt = send(house, action, text="The second")
    assert receipt.greeting.text == "The first"
    assert count(house, Greeting) == 1
    assert len(stored_files(house)) == len(RENDITIONS)


def test_whoever_comes_second_as_the_action_closes_has_the_receipt_of_the_first(
    house: House, action: Action, monkeypatch
):
    """Their greeting is in: they must not read that they came too late, and send it somewhere else."""
    put = service._put_photos

    def put_late(*args):
        photos = put(*args)
        monkeypatch.setattr(service, "_put_photos", put)
        first.append(send(house, action))
        with house.database.work() as session:
            session.get_one(Action, action.id).state = ActionState.CLOSED
        return photos

    first: list[Receipt] = []
    monkeypatch.setattr(service, "_put_photos", put_late)
    assert send(house, action).code == first[0].code
    assert count(house, Greeting) == 1
    assert len(stored_files(house)) == len(RENDITIONS)


@pytest.mark.parametrize("photos", [1, 3])
def test_one_refused_file_refuses_all_and_every_one_is_named(house: House, action: Action, photos: int):
    bad = UntrustedFile(stream=files(1)[0].stream, is_too_large=True)
    sent = [*files(photos), bad]
    sent[0].stream.truncate(60)
    with house.database.session() as session, pytest.raises(FilesRefused) as refused:
        receive(house, session, session.get_one(Action, action.id), draft(), sent, KEY)
    named = [(file.place, file.refusal.code) for file in refused.value.files]
    assert named == [(1, Refusal.BROKEN), (photos + 1, Refusal.TOO_MANY_BYTES)]
    assert nothing_is_kept(house)


@pytest.mark.parametrize("trouble", [StorageFull("full"), OSError(5, "io"), KeyboardInterrupt()])
def test_a_file_that_can_not_be_put_leaves_none(house: House, action: Action, monkeypatch, trouble):
    put, calls = house.storage.put, []

    def fail_late(key, data):
        calls.append(key)
        if len(calls) == 5:
            raise trouble
        put(key, data)

    monkeypatch.setattr(house.storage, "put", fail_late)
    with pytest.raises(type(trouble)):
        send(house, action, photos=2)
    assert len(calls) == 5
    assert nothing_is_kept(house)


def test_a_death_between_files_and_commit_leaves_no_half_greeting(house: House, action: Action, monkeypatch):
    def die(*args, **facts):
        raise SystemExit

    monkeypatch.setattr(house.audit, "add", die)
    with pytest.raises(SystemExit):
        send(house, action)
    assert nothing_is_kept(house)


def test_a_commit_that_fails_leaves_nothing(house: House, action: Action):
    with house.database.session() as session:
        row = session.get_one(Action, action.id)
        receive(house, session, row, draft(), files(2), KEY)
        assert len(stored_files(house)) == 2 * len(RENDITIONS)

        @event.listens_for(session, "before_commit")
        def fail(_session):
            raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

        with pytest.raises(OperationalError):
            session.commit()
        session.rollback()
    assert nothing_is_kept(house)


def test_a_commit_whose_answer_was_lost_keeps_the_files(house: House, action: Action):
    """It looked like a failure, but the rows are there: then their files must be, too."""
    with house.database.session() as session:
        row = session.get_one(Action, action.id)
        receive(house, session, row, draft(), files(1), KEY)

        @event.listens_for(session, "before_commit")
        def commit_and_lose_the_answer(_session):
            session.connection().exec_driver_sql("COMMIT")
            session.connection().exec_driver_sql("BEGIN")
            raise OperationalError("COMMIT", {}, Exception("connection lost"))

        with pytest.raises(OperationalError):
            session.commit()
        session.rollback()
    assert count(house, Greeting) == 1
    assert len(stored_files(house)) == len(RENDITIONS)
    assert send(house, action).greeting.state is State.PENDING


def test_no_lock_is_held_while_pictures_are_read(house: House, action: Action, monkeypatch):
    take_in = service.take_in

    def look_around(*args):
        with house.database.work() as other:  # would wait for 15 s and fail if anyone were writing
            other.get_one(Action, action.id).jubilee_age = 51
        return take_in(*args)

    monkeypatch.setattr(service, "take_in", look_around)
    send(house, action)
    assert count(house, Greeting) == 1


def test_behind_a_file_that_took_too_long_no_other_is_opened(
    house: House, action: Action, monkeypatch: pytest.MonkeyPatch
):
    opened: list[object] = []

    def slow(file: object) -> None:
        opened.append(file)
        raise PictureRefused(Refusal.BROKEN if len(opened) == 1 else Refusal.TOOK_TOO_LONG)

    monkeypatch.setattr(house.pictures, "take_in", slow)
    with pytest.raises(FilesRefused) as refused:
        send(house, action, photos=10)
    assert len(opened) == 2
    assert [(file.place, file.refusal.code) for file in refused.value.files] == [
        (1, Refusal.BROKEN),
        (2, Refusal.TOOK_TOO_LONG),
    ]
    assert nothing_is_kept(house)


def test_a_full_house_keeps_nothing(house: House, action: Action, monkeypatch):
    def full(_file):
        raise HouseFull

    monkeypatch.setattr(house.pictures, "take_in", full)
    with pytest.raises(HouseFull):
        send(house, action)
    assert nothing_is_kept(house)


def test_what_came_by_post_may_come_late_but_not_into_an_archive(house: House, action: Action):
    def change(state: ActionState) -> None:
        with house.database.work() as session:
            session.get_one(Action, action.id).state = state

    change(ActionState.CLOSED)
    late = send(house, action, photos=0, brought_by=new_id())
    assert late.greeting.state is State.PENDING
    change(ActionState.ARCHIVED)
    with pytest.raises(ActionClosed):
        send(house, action, key=KEY[::-1], photos=0, brought_by=new_id())
    assert count(house, Greeting) == 1


@pytest.mark.parametrize("state", [ActionState.ANNOUNCED, ActionState.CLOSED, ActionState.ARCHIVED])
def test_an_action_that_closed_meanwhile_takes_nothing(house: House, action: Action, state: ActionState):
    with house.database.work() as session:
        session.get_one(Action, action.id).state = state
    with pytest.raises(ActionClosed):
        send(house, action)
    assert nothing_is_kept(house)


def test_a_hidden_action_does_not_exist(house: House, action: Action):
    with house.database.work() as session:
        session.get_one(Action, action.id).is_public = False
    with pytest.raises(NotFound):
        send(house, action)
    assert nothing_is_kept(house)


def test_after_the_end_the_same_key_still_gives_its_receipt(house: House, action: Action):
    first = send(house, action)
    with house.database.work() as session:
        session.get_one(Action, action.id).state = ActionState.CLOSED
    assert send(house, action).code == first.code
