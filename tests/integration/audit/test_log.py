"""The log in a real database, against a head kept elsewhere."""

import threading
from functools import partial

import pytest
from sqlalchemy import delete, func, select, text, update

from greetings.audit import rules
from greetings.audit.models import AuditEntry, AuditHead
from greetings.house import House


def add(house: House, times: int = 1) -> None:
    for _ in range(times):
        with house.database.work() as session:
            house.audit.add(
                session, at=house.clock(), actor="system", act="test", subject="nobody", details={"n": 1}
            )


def broken_at(house: House) -> int | None:
    """Where the log is broken, as the desk and the check see it."""
    with house.database.reading() as session:
        troubles = house.audit.troubles(session)
    return next((one.number for one in troubles if one.code == "audit-chain-broken"), None)


def test_a_fresh_log_is_whole(house_on_each_database: House):
    assert broken_at(house_on_each_database) is None
    add(house_on_each_database, 3)
    assert broken_at(house_on_each_database) is None
    head = house_on_each_database.audit.kept_head()
    assert head is not None
    assert head.number == 3


@pytest.mark.parametrize(
    ("tampering", "place"),
    [
        (update(AuditEntry).where(AuditEntry.number == 2).values(actor="other"), 2),
        (delete(AuditEntry).where(AuditEntry.number == 2), 2),
        (delete(AuditEntry).where(AuditEntry.number == 3), 3),
        (delete(AuditEntry), 1),
    ],
)
def test_tampering_shows(house: House, tampering, place: int):
    add(house, 3)
    with house.database.work() as session:
        session.execute(tampering)
    assert broken_at(house) == place


@pytest.mark.parametrize(
    ("tampering", "place"),
    [
        (update(AuditEntry).where(AuditEntry.number == 2).values(actor="other"), 2),
        (update(AuditEntry).where(AuditEntry.number == 5).values(details="{}"), 5),
        (delete(AuditEntry).where(AuditEntry.number == 2), 2),
        (delete(AuditEntry).where(AuditEntry.number == 5), 5),
        (update(AuditEntry).where(AuditEntry.number == 1).values(number=-1), 1),
        (delete(AuditEntry), 1),
    ],
)
def test_tampering_shows_in_what_was_found_whole_before_and_in_what_came_after(
    house_on_each_database: House, tampering, place: int
):
    house = house_on_each_database
    add(house, 3)
    assert broken_at(house) is None
    add(house, 2)
    assert broken_at(house) is None
    with house.database.work() as session:
        session.execute(tampering)
    assert broken_at(house) == place
    assert broken_at(house) == place, "and goes on showing"


def test_what_was_found_whole_is_not_worked_out_again(house: House, monkeypatch: pytest.MonkeyPatch):
    worked_out: list[int] = []
    real = rules.chained_digest

    def counted(key: bytes, previous: str, entry: rules.Entry) -> str:
        worked_out.append(entry.number)
        return real(key, previous, entry)

    monkeypatch.setattr(rules, "chained_digest", counted)
    add(house, 5)
    assert broken_at(house) is None
    assert len(worked_out) == 5
    worked_out.clear()
    add(house, 1)
    assert broken_at(house) is None
    assert len(worked_out) == 1


def test_cutting_the_tail_and_its_head_row_shows_against_the_file(house: House):
    add(house, 3)
    with house.database.work() as session:
        digest = session.get_one(AuditEntry, 2).digest
        session.execute(text("DELETE FROM audit_entry WHERE number = 3"))
        session.execute(update(AuditHead).values(number=2, digest=digest))
    assert broken_at(house) == 3


def test_a_head_row_that_was_deleted_is_a_trouble(house: House):
    add(house, 2)
    with house.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_head"))
    with house.database.reading() as session:
        assert [trouble.code for trouble in house.audit.troubles(session)] == ["audit-head-row-wrong"]


def test_a_log_that_grows_while_it_is_read_is_whole(house: House, monkeypatch: pytest.MonkeyPatch):
    add(house, 2)

    def head_and_then_another_entry():
        monkeypatch.undo()
        head = house.audit.kept_head()
        add(house)
        return head

    monkeypatch.setattr(house.audit, "kept_head", head_and_then_another_entry)
    with house.database.reading() as session:
        assert house.audit.troubles(session) == []


def test_the_head_outside_never_goes_back(house: House):
    """Of two that were committed at once, the one that is written down last may be the earlier one."""
    add(house)
    earlier = house.audit.kept_head()
    add(house)
    latest = house.audit.kept_head()
    assert earlier is not None
    house.audit._keep_head(earlier)
    assert house.audit.kept_head() == latest


def test_an_entry_of_a_failed_transaction_leaves_neither_row_nor_head(house: House):
    add(house)
    with pytest.raises(RuntimeError), house.database.work() as session:
        house.audit.add(session, at=house.clock(), actor="system", act="test", subject="nobody")
        raise RuntimeError
    head = house.audit.kept_head()
    assert head is not None
    assert head.number == 1
    assert broken_at(house) is None


def test_many_at_once_keep_one_chain(house_on_each_database: House):
    threads = [threading.Thread(target=add, args=(house_on_each_database, 5)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken_at(house_on_each_database) is None
    with house_on_each_database.database.reading() as session:
        assert session.get_one(AuditHead, 1).number == 20


def test_an_entry_of_a_savepoint_is_refused_and_one_of_what_was_taken_back_is_not_written(house: House):
    with house.database.work() as session:
        note = partial(house.audit.add, session, at=house.clock(), actor="ana", act="test", subject="nobody")
        with session.begin_nested(), pytest.raises(RuntimeError):
            note()
        note()
        session.rollback()
        note()
        with session.begin_nested():
            session.execute(select(AuditEntry))
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0, "written with the commit"
    with house.database.reading() as session:
        assert session.scalars(select(AuditEntry.number)).all() == [1]
        assert house.audit.troubles(session) == []
