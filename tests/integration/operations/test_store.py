"""Check, housekeeping, backup and the way back, on real stores."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select, text, update

from greetings.actions.models import Action
from greetings.db.session import Database
from greetings.exports.models import Export
from greetings.exports.rules import Form, part_key
from greetings.house import House, open_house
from greetings.ids import new_id
from greetings.operations import integrity
from greetings.operations.housekeeping import keep_house, settle, sweep
from greetings.operations.integrity import lasting_findings
from greetings.submissions.erasures import erasure_list, read_erasures
from greetings.submissions.files import RENDITIONS, private_key, private_keys, public_keys
from greetings.submissions.models import EarlierPicture, Greeting, Photo, WaitingTally, WallTally
from greetings.submissions.rules import State, Step, Use
from tests.conftest import TestClock
from tests.factories import make_action, make_greeting
from tests.integration.operations.stores import findings, ids, step


def test_a_store_made_by_the_program_is_whole(filled: House):
    assert findings(filled) == []


def test_what_is_missing_changed_or_stray_is_found(filled: House):
    with filled.database.reading() as session:
        first = session.scalars(select(Photo).where(Photo.public_name.is_not(None))).first()
        second = session.scalars(select(Photo).where(Photo.public_name.is_(None))).first()
        assert first is not None
        assert second is not None
        assert first.public_name is not None
        filled.storage.delete(public_keys(first.public_name)[0])
        filled.storage.delete(private_keys(second)[1])
        filled.storage.put(private_keys(second)[0], b"other bytes")
    filled.storage.put("private/zz/stray-thumb.webp", b"stray")
    filled.storage.put("public/stray-thumb.webp", b"stray")
    assert findings(filled) == [
        "file-changed",
        "file-without-row",
        "file-without-row",
        "row-without-file",
        "row-without-file",
    ]


def test_a_wrong_count_is_found(filled: House):
    with filled.database.work() as session:
        session.execute(update(Greeting).where(Greeting.state == State.APPROVED).values(country="PL"))
    assert findings(filled) == ["wall-count-wrong"]


def test_a_wrong_number_in_the_right_place_is_found(filled: House):
    with filled.database.work() as session:
        session.execute(update(WallTally).values(greetings=WallTally.greetings + 1))
    assert findings(filled) == ["wall-count-wrong"]


def test_lines_of_erased_ones_that_a_crash_lost_are_written_anew(filled: House):
    gone = {*ids(filled, State.WITHDRAWN), *ids(filled, State.ERASED)}
    known, lost = sorted(gone)
    lines = f"{known}\n{ids(filled, State.APPROVED)[0]}:gallery\n"
    erasure_list(filled.settings).write_text(lines)
    assert keep_house(filled)["noted"] == 1
    assert erasure_list(filled.settings).read_text() == f"{lines}{lost}\n"
    assert keep_house(filled)["noted"] == 0
    erasure_list(filled.settings).unlink()
    assert keep_house(filled)["noted"] == 2
    assert read_erasures(erasure_list(filled.settings)) == gone


def test_a_wrong_number_of_waiting_ones_is_found_and_mended(filled: House):
    with filled.database.work() as session:
        session.execute(update(WaitingTally).values(greetings=7))
    assert findings(filled) == ["waiting-count-wrong"]
    keep_house(filled)
    assert findings(filled) == []


def test_the_sweep_takes_old_strays_and_nothing_else(filled: House, clock: TestClock):
    filled.storage.put("private/zz/stray-thumb.webp", b"stray")
    clock.now = clock.now.replace(year=2200)
    assert sweep(filled) == 1
    assert findings(filled) == []


def test_owners_are_asked_for_some_files_at_a_time(
    filled: House, clock: TestClock, monkeypatch: pytest.MonkeyPatch
):
    """However many files there are, no more than so many names are in memory or in one question."""
    monkeypatch.setattr(integrity, "KEYS_AT_ONCE", 4)
    with filled.database.work() as session:
        photo = session.scalars(select(Photo).where(Photo.public_name.is_not(None))).first()
        assert photo is not None
        photo_name, public_name, earlier, export = photo.private_name, photo.public_name, new_id(), new_id()
        facts = {name: getattr(photo, name) for name in ("width_px", "height_px", "average_colour")}
        more = {"difference_hash": photo.difference_hash, "digests": photo.digests}
        session.add(
            EarlierPicture(
                photo_number=photo.number, replaced_at=clock(), private_name=earlier, **facts, **more
            )
        )
        action = session.scalars(select(Action)).one()
        about = {"action_id": action.id, "use": Use.POST, "form": Form.CSV, "file_name": export}
        session.add(Export(asked_by=new_id(), asked_at=clock(), **about))
    owned = [private_key(earlier, rendition) for rendition in RENDITIONS]
    owned += [part_key(export, number) for number in range(6)]
    strays = {private_key(new_id(), rendition) for _ in range(5) for rendition in RENDITIONS}
    strays |= {key for _ in range(4) for key in public_keys(new_id())}
    strays |= {part_key(new_id(), number) for number in range(5)}
    strays |= {
        f"private/zz/{photo_name}-thumb.webp",  # the name of a row, in a place that it doesn't have
        f"private/{photo_name[:2]}/{photo_name}-other.webp",
        f"public/{public_name}-master.jpg",
        f"public/{photo_name}-thumb.webp",  # private pictures don't own public files, nor the reverse
        private_key(public_name or "", RENDITIONS[0]),
        part_key(photo_name, 0),
    }
    for key in [*owned, *strays]:
        filled.storage.put(key, b"x")
    asked: list[int] = []
    event.listen(
        filled.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, _sql, values, *_more: asked.append(len(values)),
    )
    with filled.database.reading() as session:
        found = integrity.files_without_rows(filled.storage, session)
        assert {finding.subject for finding in found} == strays
    clock.now = clock.now.replace(year=2200)
    assert sweep(filled) == len(strays)
    assert max(asked) <= 4
    assert all(filled.storage.exists(key) for key in owned)
    assert findings(filled) == []


def test_young_strays_may_belong_to_an_open_transaction(filled: House, clock: TestClock):
    filled.storage.put("private/zz/stray-thumb.webp", b"stray")
    clock.now = datetime.now(UTC) + timedelta(minutes=14)
    assert sweep(filled) == 0
    clock.now += timedelta(minutes=2)
    assert sweep(filled) == 1


def test_what_a_killed_server_left_goes_at_the_next_start_when_nobody_else_is_at_work(filled: House):
    data = filled.settings.data
    filled.storage.put("private/zz/stray-thumb.webp", b"stray")
    left = [data / "files/private/zz/.new-0f", data / f".audit-head.{'0f' * 8}", data / f".secret.{'0f' * 8}"]
    for path in left:
        path.write_bytes(b"half")
    time.sleep(0.02)  # the clock of the file system goes in steps
    alone_since = filled.presence.alone_since()
    assert alone_since is not None
    time.sleep(0.02)
    filled.storage.put("private/zz/later-thumb.webp", b"of an open transaction")
    assert sweep(filled, alone_since) == 4
    assert [path for path in left if path.exists()] == []
    assert filled.storage.exists("private/zz/later-thumb.webp")
    assert (data / "secret").exists()


def test_who_is_not_alone_waits_for_the_others(filled: House, clock: TestClock):
    other = open_house(filled.settings, clock)
    assert filled.presence.alone_since() is None
    other.close()
    assert filled.presence.alone_since() is not None


def test_while_others_are_at_work_only_what_stays_is_a_finding(
    filled: House, clock: TestClock, monkeypatch: pytest.MonkeyPatch
):
    filled.storage.put("private/zz/stray-thumb.webp", b"stray")
    filled.storage.put("private/zz/passing-thumb.webp", b"its row comes in a moment")
    monkeypatch.setattr(time, "sleep", lambda _: filled.storage.delete("private/zz/passing-thumb.webp"))
    assert len(lasting_findings(filled)) == 2, "nobody else is here: both lie there for good"
    other = open_house(filled.settings, clock)
    assert [found.subject for found in lasting_findings(filled)] == ["private/zz/stray-thumb.webp"]
    other.close()


def test_what_is_over_is_erased_by_itself(filled: House, clock: TestClock):
    clock.forward(days=29)
    keep_house(filled)
    assert len(ids(filled, State.REJECTED)) == 1
    clock.forward(days=2)
    keep_house(filled)
    assert ids(filled, State.REJECTED) == []
    assert len(ids(filled, State.PENDING)) == 1
    with filled.database.work() as session:
        session.scalars(select(Action)).one().closed_on = clock.now.date()
    clock.forward(days=89)
    keep_house(filled)
    assert len(ids(filled, State.PENDING)) == 1
    clock.forward(days=3)
    keep_house(filled)
    assert ids(filled, State.PENDING) == []
    assert len(ids(filled, State.APPROVED)) == 1
    assert findings(filled) == []


def test_what_was_erased_is_off_the_disk(house: House):
    """Not in the file, not in the write-ahead log, not in any picture (promise 6)."""
    with house.database.work() as session:
        action = make_action(session)
        made = make_greeting(
            house, session, action, photos=2, text="Рабінавае варэнне", name="Kasia Rowanberry"
        )
        greeting_id = made.id
    store = house.settings.data / "greetings.sqlite"
    held = [store, store.with_name("greetings.sqlite-wal")]
    assert any(b"Rowanberry" in path.read_bytes() for path in held if path.exists())
    step(house, greeting_id, Step.WITHDRAW)
    settle(house.database)
    for path in held:
        if path.exists():
            assert b"Rowanberry" not in path.read_bytes()
            assert "Рабінавае".encode() not in path.read_bytes()
    assert list(house.storage.files("private")) == []
    assert list(house.storage.files("public")) == []


def test_whoever_reads_long_keeps_the_log_and_holds_up_nobody(house: House, monkeypatch: pytest.MonkeyPatch):
    """A backup reads for a minute; the log is cut afterwards, and until then others write."""
    monkeypatch.setattr("greetings.db.session.BUSY_SECONDS", 3600)
    database = Database(house.settings.database_url)
    log = house.settings.data / "greetings.sqlite-wal"
    with database.work() as session:
        make_action(session)
    with database.engine.connect() as reader:
        reader.execute(select(Greeting)).all()
        with database.work() as session:
            make_action(session, slug="other")
        round_of_it = threading.Thread(target=settle, args=(database,), daemon=True)
        round_of_it.start()
        round_of_it.join(60)
        gave_up = not round_of_it.is_alive()
    round_of_it.join()
    assert gave_up, "it waits for whoever reads"
    assert log.stat().st_size > 0
    settle(database)
    assert log.stat().st_size == 0
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 15_000
    database.close()
