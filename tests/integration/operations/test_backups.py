"""Backups and the way back: whole, and without what was erased or taken back since."""

import errno
import hashlib
import importlib
import io
import json
import os
import tarfile
import time
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, event, insert, select

from greetings.actions.models import Action
from greetings.cli import main
from greetings.house import House, open_house
from greetings.ids import new_id
from greetings.moderation import covers, service
from greetings.moderation.editing import correct
from greetings.moderation.models import Note
from greetings.moderation.rules import Cover, PixelChange
from greetings.operations import backup, integrity, restoring
from greetings.operations.archive import BackupUnusable, checked_manifest, read_parts
from greetings.operations.backup import back_up
from greetings.operations.restoring import StoreInUse, StoreNotEmpty, restore_backup
from greetings.settings import load_settings
from greetings.submissions.erasures import erasure_list
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.receipt import revoke
from greetings.submissions.rules import State, Step, Use
from tests.conftest import TestClock
from tests.factories import make_greeting
from tests.integration.operations.stores import empty_house, findings, ids, step
from tests.servers import PostgresqlServer


def most_held_by(act: Callable[[], object]) -> int:
    """The most bytes that Python held for it at any moment."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def write_tar(file: Path, parts: Iterable[tuple[str, bytes]]) -> None:
    with tarfile.open(file, "w") as archive:
        for name, data in parts:
            part = tarfile.TarInfo(name)
            part.size = len(data)
            archive.addfile(part, io.BytesIO(data))


def test_a_restore_drill_works(
    filled: House, tmp_path: Path, request: pytest.FixtureRequest, clock: TestClock
):
    """Backup, empty machine, restore: the same rows and digests; what was erased later is erased again."""
    file = tmp_path / "saved.tar"
    (approved,) = ids(filled, State.APPROVED)
    (pending,) = ids(filled, State.PENDING)
    back_up(filled, file)
    assert file.stat().st_mode & 0o077 == 0
    with tarfile.open(file) as archive:
        assert {part.mode for part in archive} == {0o600}, "also for who unpacks it by hand"
    step(filled, approved, Step.WITHDRAW)
    kept_list = tmp_path / "erasures"
    kept_list.write_bytes(erasure_list(filled.settings).read_bytes())

    other = empty_house(filled, tmp_path / "other", request, clock)
    try:
        assert "1 greetings erased again" in restore_backup(other, file, kept_list)
        assert other.settings.secret_file.stat().st_mode & 0o777 == 0o600
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
            restore_backup(other, file, None)
    finally:
        other.close()


@pytest.mark.parametrize(
    "what", ["nothing", "undone before", "consent", "undone", "held back", "mended", "covered"]
)
def test_a_restored_backup_shows_nothing_that_was_taken_back_since(
    filled: House, tmp_path: Path, request: pytest.FixtureRequest, clock: TestClock, what: str
):
    """A consent that its sender took back is gone again; what the desk took off, covered or mended waits."""
    (shown,) = ids(filled, State.APPROVED)
    if what == "undone before":
        step(filled, shown, Step.REOPEN)
        step(filled, shown, Step.APPROVE)
    back_up(filled, tmp_path / "saved.tar")
    with filled.database.session() as session:
        greeting = session.scalars(select(Greeting).where(Greeting.id == shown)).one()
        version, numbers = greeting.version, [photo.number for photo in greeting.photos]
        match what:
            case "consent":
                revoke(filled, session, shown, {Use.GALLERY})
            case "undone":
                service.undo(filled, session, shown, version, actor="ana")
            case "held back":
                service.disallow(filled, session, shown, version, actor="ana", disallowed={Use.GALLERY})
            case "mended":
                correct(filled, session, shown, version, {"name": "A."}, actor="ana")
            case "covered":
                whole = {number: PixelChange((Cover(0, 0, 100, 100),)) for number in numbers}
                covers.burn_in(filled, session, shown, version, whole, actor="ana")
        session.commit()
    kept_list = tmp_path / "kept"
    kept_list.write_bytes(erasure_list(filled.settings).read_bytes())

    other = empty_house(filled, tmp_path / "other", request, clock)
    try:
        restore_backup(other, tmp_path / "saved.tar", kept_list)
        assert set(kept_list.read_bytes().split()) <= set(erasure_list(other.settings).read_bytes().split())
    finally:
        other.close()
    other = open_house(other.settings, clock)
    try:
        with other.database.reading() as session:
            greeting = session.scalars(select(Greeting).where(Greeting.id == shown)).one()
            assert (greeting.public_sequence is None) == ("nothing" not in what and "before" not in what)
            assert (Use.GALLERY in greeting.granted) == (what != "consent")
            waits = what in {"undone", "held back", "mended", "covered"}
            assert greeting.state is (State.PENDING if waits else State.APPROVED)
        assert findings(other) == []
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
    other = empty_house(filled, tmp_path / "other", request, clock)
    sizes: list[int] = []

    def note(_connection, _cursor, _statement, values, _context, executemany) -> None:
        sizes.append(0 if executemany else len(values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert "2 greetings erased again" in restore_backup(other, file, kept_list)
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
        other = empty_house(filled, tmp_path / name.stem, request, clock)
        try:
            with pytest.raises(BackupUnusable):
                restore_backup(other, name, None)
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

    other = empty_house(filled, tmp_path / "other", request, clock)
    try:
        restore_backup(other, tmp_path / "saved.tar", None)
    finally:
        other.close()
    other = open_house(other.settings, clock)
    try:
        assert ids(other, State.APPROVED) == []
        assert findings(other) == []
    finally:
        other.close()


def test_a_restore_that_is_broken_off_is_no_store_and_is_begun_anew(
    filled: House, tmp_path: Path, request, clock: TestClock, monkeypatch: pytest.MonkeyPatch
):
    """The rows are back, and what was erased since isn't erased again yet."""
    back_up(filled, tmp_path / "saved.tar")
    step(filled, ids(filled, State.APPROVED)[0], Step.WITHDRAW)
    kept_list = erasure_list(filled.settings)
    other = empty_house(filled, tmp_path / "other", request, clock)
    environ = {"GREETINGS_DATA": str(other.settings.data)}
    if not filled.database.is_sqlite:
        environ["GREETINGS_DATABASE_URL"] = other.settings.database_url.replace("+psycopg", "")
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(restoring, "_erase_again", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        restore_backup(other, tmp_path / "saved.tar", kept_list)
    assert len(ids(other, State.APPROVED)) == 1
    monkeypatch.setattr(importlib.import_module("greetings.cli.run"), "become_server", lambda _threads: None)
    for command in ("run", "check", "backup", "housekeeping", "invite", "demo"):
        words = [command, str(tmp_path / "again.tar")] if command == "backup" else [command]
        result = CliRunner().invoke(main, words, env=environ)
        assert (result.exit_code, "broken off" in result.output) == (2, True), (command, result.output)
    restore_backup(other, tmp_path / "saved.tar", kept_list)
    other.close()
    result = CliRunner().invoke(main, ["check"], env=environ)
    assert "The store is whole." in result.output
    other = open_house(other.settings, clock)
    assert ids(other, State.APPROVED) == []
    other.close()


@pytest.mark.postgresql
def test_a_backup_moves_from_one_database_to_the_other(
    filled: House, postgresql: PostgresqlServer, tmp_path: Path, clock: TestClock
):
    back_up(filled, tmp_path / "saved.tar")
    environ = {"GREETINGS_DATA": str(tmp_path / "other"), "GREETINGS_RATE_LIMITS": "off"}
    if filled.database.is_sqlite:
        environ["GREETINGS_DATABASE_URL"] = postgresql.new_database()
    other = open_house(load_settings(environ), clock)
    restore_backup(other, tmp_path / "saved.tar", None)
    other.close()
    other = open_house(other.settings, clock)
    assert findings(other) == []
    with filled.database.reading() as here, other.database.reading() as there:
        for table, number in ((Greeting.__table__, Greeting.sequence), (Photo.__table__, Photo.number)):
            rows = select(table).order_by(number)
            assert there.execute(rows).all() == here.execute(rows).all()
    other.close()


def test_nothing_is_restored_under_a_server_that_works(
    filled: House, tmp_path: Path, request, clock: TestClock
):
    """It would go on with the secret it has read."""
    back_up(filled, tmp_path / "saved.tar")
    other = empty_house(filled, tmp_path / "other", request, clock)
    server = open_house(other.settings, clock)
    secret = other.settings.secret_file.read_bytes()
    with pytest.raises(StoreInUse):
        restore_backup(other, tmp_path / "saved.tar", None)
    assert other.settings.secret_file.read_bytes() == secret
    server.close()
    assert "parts restored" in restore_backup(other, tmp_path / "saved.tar", None)
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


def test_a_backup_and_the_way_back_hold_a_piece_in_memory_however_much_there_is(
    filled: House, tmp_path: Path, request, clock: TestClock, monkeypatch: pytest.MonkeyPatch
):
    """Eight megabytes of rows, and every one comes back."""
    monkeypatch.setattr(backup, "PIECE_BYTES", 200_000)
    texts = [f"{number:04} " + "x" * 1_990 for number in range(4_000)]
    with filled.database.work() as session:
        greeting = session.scalars(select(Greeting)).first()
        assert greeting is not None
        about = {"greeting_sequence": greeting.sequence, "moderator_id": new_id(), "written_at": clock()}
        session.execute(insert(Note), [{**about, "text": text} for text in texts])
    file = tmp_path / "saved.tar"
    assert most_held_by(lambda: back_up(filled, file)) < 8_000_000
    assert file.stat().st_size > 8_000_000

    other = empty_house(filled, tmp_path / "other", request, clock)
    try:
        assert most_held_by(lambda: restore_backup(other, file, None)) < 8_000_000
        with other.database.reading() as session:
            assert list(session.scalars(select(Note.text).order_by(Note.number))) == texts
    finally:
        other.close()


def test_a_part_that_is_missing_added_or_out_of_its_place_is_noticed(filled: House, tmp_path: Path):
    file = tmp_path / "saved.tar"
    back_up(filled, file)
    with tarfile.open(file) as archive:
        parts = [(part.name, archive.extractfile(part).read()) for part in archive]  # type: ignore[union-attr]
    *others, manifest = parts
    for broken in (
        [*others[:3], *others[4:], manifest],
        [*others, ("files/private/zz/added-thumb.webp", b"x"), manifest],
        [others[1], others[0], *others[2:], manifest],
        [(others[1][0], others[0][1]), *others[1:], manifest],
        others,
        [],
    ):
        write_tar(tmp_path / "broken.tar", broken)
        with pytest.raises(BackupUnusable):
            checked_manifest(tmp_path / "broken.tar")
    write_tar(tmp_path / "whole.tar", [*parts, ("files/private/zz/behind-thumb.webp", b"x")])
    assert checked_manifest(tmp_path / "whole.tar")["parts"] == len(others)
    assert [name for name, *_ in read_parts(tmp_path / "whole.tar")] == [name for name, _ in parts]


def test_a_backup_of_an_older_version_is_restored(
    filled: House, tmp_path: Path, request, clock: TestClock, monkeypatch: pytest.MonkeyPatch
):
    """Its manifest had a digest for each part, and each table was one."""
    file = tmp_path / "saved.tar"
    back_up(filled, file)
    with tarfile.open(file) as archive:
        parts = {part.name: archive.extractfile(part).read() for part in archive}  # type: ignore[union-attr]
    manifest = json.loads(parts.pop("manifest.json"))
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    older = {"format": 1, "revision": manifest["revision"], "digests": digests}
    parts["manifest.json"] = json.dumps(older).encode()
    write_tar(file, parts.items())
    parts["secret"] = b"0" * 64
    write_tar(tmp_path / "changed.tar", parts.items())
    with pytest.raises(BackupUnusable):
        checked_manifest(tmp_path / "changed.tar")

    other = empty_house(filled, tmp_path / "other", request, clock)
    try:
        assert restore_backup(other, file, None).startswith(f"{len(digests)} parts restored")
    finally:
        other.close()
    other = open_house(other.settings, clock)
    assert findings(other) == []
    other.close()
