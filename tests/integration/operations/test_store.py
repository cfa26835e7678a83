"""Check, housekeeping, backup and the way back, on real stores."""

import errno
import os
import tarfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select, update

from greetings.actions.models import Action
from greetings.exports.models import Export
from greetings.exports.rules import Form, part_key
from greetings.house import House, open_house
from greetings.ids import new_id
from greetings.operations import integrity
from greetings.operations.backup import BackupUnusable, StoreNotEmpty, back_up, restore_backup
from greetings.operations.housekeeping import keep_house, settle, sweep
from greetings.operations.integrity import examine, lasting_findings
from greetings.operations.schema import migrate
from greetings.settings import load_settings
from greetings.submissions.erasures import erasure_list
from greetings.submissions.files import RENDITIONS, private_key, private_keys, public_keys
from greetings.submissions.models import EarlierPicture, Greeting, Photo, WaitingTally
from greetings.submissions.rules import State, Step, Use
from greetings.submissions.steps import greeting_to_change, take_step
from tests.conftest import TestClock
from tests.factories import make_action, make_greeting


@pytest.fixture
def filled(house_on_each_database: House) -> House:
    """A house with one action and a greeting in each state, three of them with pictures."""
    house = house_on_each_database
    with house.database.work() as session:
        action = make_action(session)
        for number, state in enumerate(State):
            make_greeting(house, session, action, state=state, photos=number % 2 + 1, name=f"Sender {state}")
    return house


def findings(house: House) -> list[str]:
    with house.database.reading() as session:
        return sorted(finding.code for finding in examine(house, session))


def ids(house: House, state: State) -> list[str]:
    with house.database.reading() as session:
        return list(session.scalars(select(Greeting.id).where(Greeting.state == state)))


def step(house: House, greeting_id: str, what: Step) -> None:
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, greeting_id), what, actor="system")


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


def _empty_house(filled: House, folder: Path, request: pytest.FixtureRequest, clock: TestClock) -> House:
    environ = {"GREETINGS_DATA": str(folder), "GREETINGS_RATE_LIMITS": "off"}
    if not filled.database.is_sqlite:
        environ["GREETINGS_DATABASE_URL"] = request.getfixturevalue("postgresql").new_database()
    return open_house(load_settings(environ), clock)


def test_a_restore_drill_works(
    filled: House, tmp_path: Path, request: pytest.FixtureRequest, clock: TestClock
):
    """Backup, empty machine, restore: the same rows and digests; what was erased later is erased again."""
    file = tmp_path / "saved.tar"
    (approved,) = ids(filled, State.APPROVED)
    (pending,) = ids(filled, State.PENDING)
    back_up(filled, file)
    assert file.stat().st_mode & 0o077 == 0
    step(filled, approved, Step.WITHDRAW)
    kept_list = tmp_path / "erasures"
    kept_list.write_bytes(erasure_list(filled.settings).read_bytes())

    other = _empty_house(filled, tmp_path / "other", request, clock)
    try:
        assert "1 greetings erased again" in restore_backup(other, file, kept_list, migrate)
    finally:
        other.close()
    other = open_house(other.settings, clock)
    try:
        assert findings(other) == []
        assert ids(other, State.APPROVED) == []
        assert ids(other, State.PENDING) == [pending]
        with other.database.work() as session:
            action = session.scalars(select(Action)).one()
            make_greeting(other, session, action, photos=1)
        assert findings(other) == []
        with pytest.raises(StoreNotEmpty):
            restore_backup(other, file, None, migrate)
    finally:
        other.close()


def test_a_list_of_many_erased_greetings_is_asked_for_some_at_a_time(
    filled: House, tmp_path: Path, request: pytest.FixtureRequest, clock: TestClock
):
    """PostgreSQL takes 65,535 values in one question; of years of erasing there are more."""
    file, kept_list = tmp_path / "saved.tar", tmp_path / "erasures"
    back_up(filled, file)
    erased = ids(filled, State.APPROVED) + ids(filled, State.PENDING)
    kept_list.write_text("\n".join([*erased, *(new_id() for _ in range(3 * integrity.KEYS_AT_ONCE))]))
    other = _empty_house(filled, tmp_path / "other", request, clock)
    sizes: list[int] = []

    def note(_connection, _cursor, _statement, values, _context, executemany) -> None:
        sizes.append(0 if executemany else len(values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert "2 greetings erased again" in restore_backup(other, file, kept_list, migrate)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        other.close()
    assert max(sizes) < 2 * integrity.KEYS_AT_ONCE


def test_a_backup_that_was_cut_or_changed_restores_nothing(
    filled: House, tmp_path: Path, request, clock: TestClock
):
    file = tmp_path / "saved.tar"
    back_up(filled, file)
    whole = file.read_bytes()
    cut = tmp_path / "cut.tar"
    cut.write_bytes(whole[: len(whole) // 2])
    changed = tmp_path / "changed.tar"
    changed.write_bytes(whole.replace(b"Sender pending", b"Sender forged.", 1))
    for name in (cut, changed):
        other = _empty_house(filled, tmp_path / name.stem, request, clock)
        try:
            with pytest.raises(BackupUnusable):
                restore_backup(other, name, None, migrate)
        finally:
            other.close()


def test_a_backup_made_while_others_work_restores_whole(
    filled: House, tmp_path: Path, request, clock: TestClock, monkeypatch: pytest.MonkeyPatch
):
    read = filled.storage.read

    def read_after_much_has_happened(key: str) -> bytes:
        """The rows are saved; now one greeting comes, and another is taken back."""
        if ids(filled, State.APPROVED):
            step(filled, ids(filled, State.APPROVED)[0], Step.WITHDRAW)
            with filled.database.work() as session:
                action = session.scalars(select(Action)).one()
                make_greeting(filled, session, action, state=State.PENDING, photos=1)
        return read(key)

    monkeypatch.setattr(filled.storage, "read", read_after_much_has_happened)
    back_up(filled, tmp_path / "saved.tar")
    monkeypatch.undo()
    assert ids(filled, State.APPROVED) == []

    other = _empty_house(filled, tmp_path / "other", request, clock)
    try:
        restore_backup(other, tmp_path / "saved.tar", None, migrate)
    finally:
        other.close()
    other = open_house(other.settings, clock)
    try:
        assert ids(other, State.APPROVED) == []
        assert findings(other) == []
    finally:
        other.close()


def test_a_backup_that_found_no_room_leaves_nothing_behind(
    filled: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def no_room(_key: str) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "saved").mkdir()
    monkeypatch.setattr(filled.storage, "read", no_room)
    with pytest.raises(OSError, match="No space"):
        back_up(filled, tmp_path / "saved" / "saved.tar")
    assert list((tmp_path / "saved").iterdir()) == []


def test_two_backups_at_once_into_one_file_do_not_mix(
    filled: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The second begins and ends in the midst of the first; neither writes where the other does."""
    file = tmp_path / "saved" / "saved.tar"
    file.parent.mkdir()
    read, seconds = filled.storage.read, iter([True])

    def read_and_save(key: str) -> bytes:
        if next(seconds, False):
            back_up(filled, file)
        return read(key)

    monkeypatch.setattr(filled.storage, "read", read_and_save)
    said = back_up(filled, file)
    assert [path.name for path in file.parent.iterdir()] == ["saved.tar"]
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as archive:
        assert said == f"{len(archive.getnames()) - 1} parts saved."
        assert archive.getnames()[-1] == "manifest.json"


def test_what_a_killed_backup_left_is_taken_away_a_day_later_by_the_next(filled: House, tmp_path: Path):
    old, young, other = (
        tmp_path / name for name in (".saved.tar.a.part", ".saved.tar.b.part", ".else.a.part")
    )
    for left in (old, young, other):
        left.write_bytes(b"a secret")
    for left in (old, other):
        os.utime(left, (time.time() - 25 * 3600,) * 2)
    back_up(filled, tmp_path / "saved.tar")
    assert (old.exists(), young.exists(), other.exists()) == (False, True, True)


def test_a_backup_holds_every_part(filled: House, tmp_path: Path):
    file = tmp_path / "saved.tar"
    back_up(filled, file)
    with tarfile.open(file) as archive:
        names = archive.getnames()
    assert {"manifest.json", "secret", "audit-head", "tables/greeting.jsonl", "tables/photo.jsonl"} <= set(
        names
    )
    assert sum(name.startswith("files/private/") for name in names) == 3 * 4
    assert not any(name.startswith("files/public/") for name in names)
