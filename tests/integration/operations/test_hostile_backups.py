"""Backups that are sealed as they should be and hold what no program of ours has saved: whoever can write to a
backup can seal it anew. Refused in words, and nothing of them stays.
"""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, inspect, text

from greetings.cli import main
from greetings.house import House, open_house
from greetings.operations import restoring
from greetings.operations.archive import BackupUnusable, read_parts, write_archive
from greetings.operations.backup import back_up, piece_name, table_of
from greetings.operations.restoring import StoreNotEmpty, has_rows, is_half_restored, restore_backup
from greetings.operations.schema import migrate, migrate_down
from greetings.settings import CHECKOUT, load_settings
from greetings.storage import StorageFull
from greetings.submissions.erasures import erasure_list
from greetings.submissions.rules import State
from tests.conftest import TestClock, new_house
from tests.factories import make_action, make_greeting
from tests.integration.operations.stores import findings, ids
from tests.servers import PostgresqlServer

Parts = dict[str, bytes]
Change = Callable[[Parts], object]
Rows = list[dict[str, Any]]
KEPT = b"aaaaaaaaaaaaaaaaaaaa\n"


@pytest.fixture(scope="module")
def revision_and_parts(migrated_store: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Parts]:
    """What a backup of a greeting in each state holds."""
    folder = tmp_path_factory.mktemp("saved")
    house = new_house(load_settings({"GREETINGS_DATA": str(folder / "data")}), TestClock(), migrated_store)
    with house.database.work() as session:
        action = make_action(session)
        for state in State:
            make_greeting(house, session, action, state=state, photos=1, name=f"Sender {state}")
    back_up(house, folder / "saved.tar")
    house.close()
    parts = {name: held.read(size) for name, size, held in read_parts(folder / "saved.tar")}
    return json.loads(parts.pop("manifest.json"))["revision"], parts


@pytest.fixture
def parts(revision_and_parts: tuple[str, Parts]) -> Parts:
    return dict(revision_and_parts[1])


@pytest.fixture
def seal(revision_and_parts: tuple[str, Parts], tmp_path: Path) -> Callable[[Parts], Path]:
    """Write a backup of these parts with digests that are right."""

    def write(parts: Parts) -> Path:
        with (tmp_path / "sealed.tar").open("wb") as handle:
            write_archive(handle, iter(parts.items()), {"revision": revision_and_parts[0]})
        return tmp_path / "sealed.tar"

    return write


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request: pytest.FixtureRequest, tmp_path: Path, clock: TestClock) -> Iterator[House]:
    """An empty store to restore into, with a list of erasures that its operator has put there."""
    environ = {"GREETINGS_DATA": str(tmp_path / "empty")}
    if request.param == "postgresql":
        server: PostgresqlServer = request.getfixturevalue("postgresql")
        environ["GREETINGS_DATABASE_URL"] = server.new_database()
    house = open_house(load_settings(environ), clock)
    erasure_list(house.settings).write_bytes(KEPT)
    yield house
    house.close()


def rows_of(parts: Parts, table: str) -> Rows:
    return [json.loads(line) for line in parts[piece_name(table, 1)].splitlines()]


def set_rows(parts: Parts, table: str, rows: Rows) -> None:
    parts[piece_name(table, 1)] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def assert_nothing_stayed(house: House, secret: bytes) -> None:
    """It is as empty as before, and can be begun in the usual way."""
    assert not is_half_restored(house.settings)
    assert house.settings.secret_file.read_bytes() == secret
    assert erasure_list(house.settings).read_bytes() == KEPT
    assert [found.key for folder in ("private", "public") for found in house.storage.files(folder)] == []
    assert not has_rows(house.database)
    assert set(inspect(house.database.engine).get_table_names()) <= {"alembic_version"}
    left = {path.name for path in house.settings.data.iterdir() if path.is_file()}
    assert {name.partition(".sqlite")[0] for name in left} <= {"greetings", "secret", "erasures"}


def assert_refused(house: House, file: Path) -> str:
    """Said in words, and nothing of it is there afterwards."""
    secret = house.settings.secret_file.read_bytes()
    with pytest.raises(BackupUnusable) as refused:
        restore_backup(house, file, None)
    assert_nothing_stayed(house, secret)
    return str(refused.value)


def test_the_parts_of_these_tests_restore(empty: House, parts: Parts, seal: Callable[[Parts], Path]) -> None:
    restore_backup(empty, seal(parts), None)
    assert len(ids(empty, State.APPROVED)) == 1


VALUES = [
    ("greeting", "sequence", "many"),
    ("greeting", "sequence", 10**30),
    ("greeting", "id", "../../../secret"),
    ("greeting", "state", "adored"),
    ("greeting", "state", None),
    ("greeting", "language", "xx"),
    ("greeting", "version", {"$bytes": "AAAA"}),
    ("greeting", "received_at", "some day"),
    ("greeting", "received_at", {"$moment": "yesterday"}),
    ("greeting", "received_at", {"$moment": 7}),
    ("greeting", "text", {"deep": {"er": 1}}),
    ("greeting", "text", "half a sign: \ud83c"),
    ("greeting", "granted", "gallery"),
    ("greeting", "shows_children", "perhaps"),
    ("greeting", "action_id", 4711),
    ("photo", "private_name", "../../../../secret"),
    ("photo", "public_name", "../../../../secret"),
    ("photo", "greeting_sequence", 4711),
    ("photo", "digests", ["a", "list"]),
    ("photo", "digests", None),
    ("photo", "face_boxes", [[1, "2", 3, 4]]),
    ("photo", "width_px", "wide"),
    ("action", "slug", "desk"),
    ("action", "born_on", "once"),
    ("action_text", "language", "xx"),
    ("action_text", "words", {"title": 7}),
    ("rejection_reason", "words", {"be": {}}),
    ("wall_tally", "greetings", "a few"),
]


@pytest.mark.parametrize(
    ("table", "column", "value"), VALUES, ids=[f"{t}.{c}: {str(v)[:12]!r}" for t, c, v in VALUES]
)
def test_a_value_that_a_column_cannot_hold_is_refused(
    empty: House, parts: Parts, seal: Callable[[Parts], Path], table: str, column: str, value: Any
) -> None:
    rows = rows_of(parts, table)
    rows[-1][column] = value
    set_rows(parts, table, rows)
    said = assert_refused(empty, seal(parts))
    assert "would never have saved" in said
    assert "please take another backup" in said
    assert str(value) not in said


def without(table: str) -> Change:
    return lambda parts: set_rows(parts, table, [])


def twice(parts: Parts) -> None:
    set_rows(parts, "greeting", rows_of(parts, "greeting") * 2)


def another_column(parts: Parts) -> None:
    set_rows(parts, "greeting", [{**row, "address": "192.0.2.1"} for row in rows_of(parts, "greeting")])


def a_column_less(parts: Parts) -> None:
    rows = rows_of(parts, "greeting")
    del rows[0]["disallowed"]
    set_rows(parts, "greeting", rows)


def as_it_is(data: bytes, name: str = "tables/note.jsonl") -> Change:
    return lambda parts: parts.update({name: data})


ODD_TABLES: dict[str, Change] = {
    "a row twice": twice,
    "a column more": another_column,
    "a column less": a_column_less,
    "no table of greetings": lambda parts: parts.pop("tables/greeting.jsonl"),
    "greetings without their action": without("action"),
    "no number of changes": without("public_change"),
    "no number of those that wait": without("waiting_tally"),
    "a table that isn't ours": as_it_is(b"{}\n", "tables/sqlite_master.jsonl"),
    "no JSON": as_it_is(b"DROP TABLE greeting;\n"),
    "an empty line": as_it_is(b"\n"),
    "bytes": as_it_is(bytes(range(256))),
    "a list": as_it_is(b"[1]\n"),
    "a number": as_it_is(b"7\n"),
    "a number of ten thousand digits": as_it_is(b"1" * 10_000),
    "depths": as_it_is(b"[" * 100_000),
    "a row without an end": as_it_is(b'{"text": "' + b"x" * 5_000_000),
}


@pytest.mark.parametrize("change", ODD_TABLES.values(), ids=ODD_TABLES)
def test_rows_that_do_not_belong_together_are_refused(
    empty: House, parts: Parts, seal: Callable[[Parts], Path], change: Change
) -> None:
    change(parts)
    assert "would never have saved" in assert_refused(empty, seal(parts))


ODD_PARTS: dict[str, Change] = {
    "no secret": lambda parts: parts.pop("secret"),
    "a secret that is none": as_it_is(b"hunter2", "secret"),
    "a secret that is short": as_it_is(b"00", "secret"),
    "a secret without an end": as_it_is(b"0" * 100_000, "secret"),
    "a head without an end": as_it_is(b"0" * 100_000, "audit-head"),
    "a part that isn't ours": as_it_is(b"x", "etc/passwd"),
    "a path": as_it_is(b"x", "../../etc/passwd"),
    "no name": as_it_is(b"x", ""),
    "a table without a name": as_it_is(b"{}\n", "tables/.jsonl"),
    "a path instead of a table": as_it_is(b"{}\n", "tables/../../x"),
}


@pytest.mark.parametrize("change", ODD_PARTS.values(), ids=ODD_PARTS)
def test_parts_that_are_not_ours_are_refused_before_anything_is_touched(
    empty: House,
    parts: Parts,
    seal: Callable[[Parts], Path],
    change: Change,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(restoring, "_begin", lambda *_, **__: pytest.fail("It was begun."))
    change(parts)
    assert_refused(empty, seal(parts))


@pytest.mark.parametrize("revision", [[], {}, ["0001"], 7, "../0001"])
def test_a_revision_that_is_none_is_refused(empty: House, tmp_path: Path, revision: Any) -> None:
    with (tmp_path / "odd.tar").open("wb") as handle:
        write_archive(handle, iter([("secret", b"0" * 64)]), {"revision": revision})
    assert "newer version" in assert_refused(empty, tmp_path / "odd.tar")


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    part = tarfile.TarInfo(name)
    part.size, part.type = size, kind
    return part.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize(
    "kind",
    [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_SPARSE, tarfile.CHRTYPE],
)
def test_what_would_have_to_be_read_to_know_what_it_is_isnt(
    empty: House, tmp_path: Path, kind: bytes
) -> None:
    """A long name of a terabyte, all holes: read as what it says it is, it would have to be held whole."""
    file = tmp_path / "long.tar"
    file.write_bytes(header("tables/note.jsonl", 2**40, kind))
    os.truncate(file, 2**42)
    assert_refused(empty, file)


@pytest.mark.parametrize("name", ["files/private/zz/zz-thumb.webp", "secret", "erasures", "manifest.json"])
def test_a_part_of_a_terabyte_of_holes_is_not_read(empty: House, tmp_path: Path, name: str) -> None:
    file = tmp_path / "holes.tar"
    file.write_bytes(header(name, 2**40))
    os.truncate(file, 2**42)
    assert_refused(empty, file)


def test_sizes_that_lead_backwards_lead_nowhere(empty: House, tmp_path: Path) -> None:
    """A reader that follows them reads the same part for ever."""
    backwards = bytearray(header("tables/note.jsonl", 2**40))
    backwards[124:136] = b"\xff" * 10 + b"\xfe\x00"  # minus 512
    block = tarfile.TarInfo.frombuf
    total = sum(backwards[:148]) + sum(backwards[156:512]) + 8 * 32
    backwards[148:156] = b"%06o\0 " % total
    assert block(bytes(backwards), "utf-8", "strict").size == -512
    (tmp_path / "backwards.tar").write_bytes(bytes(backwards) * 3)
    assert_refused(empty, tmp_path / "backwards.tar")


def test_a_pipe_or_a_device_is_no_backup(empty: House, tmp_path: Path) -> None:
    """Neither is waited for or read to its end: there may be none."""
    os.mkfifo(tmp_path / "pipe")
    for file in (tmp_path / "pipe", Path("/dev/zero")):
        assert_refused(empty, file)


@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
def test_what_hangs_on_the_wall_against_its_rows_is_taken_off(
    empty: House, parts: Parts, seal: Callable[[Parts], Path]
) -> None:
    """A proxy serves the public folder without asking."""
    greetings = rows_of(parts, "greeting")
    places = {row["state"]: row["sequence"] for row in greetings}
    for number, row in enumerate(greetings, start=1):
        row["public_sequence"] = number
        if row["state"] == "approved":
            row["disallowed"] = 1
    set_rows(parts, "greeting", greetings)
    photos = rows_of(parts, "photo")
    for number, row in enumerate(photos):
        row["public_name"] = "abcdefghjkmnpqrstuv" + "wxyz2"[number]
    assert {places["pending"], places["approved"]} <= {row["greeting_sequence"] for row in photos}
    set_rows(parts, "photo", photos)
    restore_backup(empty, seal(parts), None)
    assert list(empty.storage.files("public")) == []
    with empty.database.engine.connect() as connection:
        names = connection.execute(text("SELECT count(*) FROM photo WHERE public_name IS NOT NULL")).scalar()
    assert names == 0


def test_a_store_that_was_set_up_once_takes_a_backup_of_an_older_version(
    empty: House, parts: Parts, tmp_path: Path
) -> None:
    """Its tables are those of today: what an older one lacks must come by the steps between."""
    migrate(empty.database)
    migrate_down(empty.database, "0012")
    with (tmp_path / "old.tar").open("wb") as handle:
        tables = inspect(empty.database.engine)
        older = {name: data for name, data in parts.items() if not table_of(name)}
        for table in tables.get_table_names():
            if piece_name(table, 1) in parts:
                columns = {column["name"] for column in tables.get_columns(table)}
                rows = [
                    {name: value for name, value in row.items() if name in columns}
                    for row in rows_of(parts, table)
                ]
                set_rows(older, table, rows)
        assert piece_name("waiting_tally", 1) in parts.keys() - older.keys()
        older = dict(sorted(older.items(), key=lambda part: list(parts).index(part[0])))
        write_archive(handle, iter(older.items()), {"revision": "0012"})
    migrate(empty.database)
    restore_backup(empty, tmp_path / "old.tar", None)
    again = open_house(empty.settings, empty.clock)
    try:
        assert findings(again) == []
        assert len(ids(again, State.PENDING)) == 1
    finally:
        again.close()


def test_tables_of_others_are_left_alone(
    empty: House, parts: Parts, seal: Callable[[Parts], Path], tmp_path: Path
) -> None:
    """Neither emptied by a restore, nor by one that is refused, nor saved with ours."""
    engine = create_engine(empty.settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bills (total INTEGER)"))
        connection.execute(text("INSERT INTO bills VALUES (7)"))
    with pytest.raises(BackupUnusable):
        restore_backup(empty, seal({**parts, "tables/note.jsonl": b"7\n"}), None)
    restore_backup(empty, seal(parts), None)
    again = open_house(empty.settings, empty.clock)
    back_up(again, tmp_path / "saved.tar")
    again.close()
    assert "tables/bills.jsonl" not in {name for name, *_ in read_parts(tmp_path / "saved.tar")}
    with engine.connect() as connection:
        assert connection.execute(text("SELECT total FROM bills")).scalars().all() == [7]
    engine.dispose()


def test_pictures_without_rows_are_not_mixed_with_those_of_a_backup(
    empty: House, parts: Parts, seal: Callable[[Parts], Path]
) -> None:
    """Somebody may have named another database than the one that knows them."""
    empty.storage.put("private/zz/zz-thumb.webp", b"a picture")
    with pytest.raises(StoreNotEmpty):
        restore_backup(empty, seal(parts), None)
    assert empty.storage.read("private/zz/zz-thumb.webp") == b"a picture"


@pytest.mark.parametrize("step", ["_restore_files", "restore_rows", "_erase_again", "_publish_files"])
def test_a_restore_that_finds_no_room_leaves_none_taken(
    empty: House,
    parts: Parts,
    seal: Callable[[Parts], Path],
    step: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = empty.settings.secret_file.read_bytes()
    real = getattr(restoring, step)

    def do_and_find_no_room(*arguments: Any) -> None:
        real(*arguments)
        raise StorageFull("The disk is full.")

    with monkeypatch.context() as full, pytest.raises(StorageFull):
        full.setattr(restoring, step, do_and_find_no_room)
        restore_backup(empty, seal(parts), None)
    assert_nothing_stayed(empty, secret)
    assert "parts restored" in restore_backup(empty, seal(parts), None)


def test_what_another_backup_left_in_its_middle_does_not_stay(
    empty: House, parts: Parts, seal: Callable[[Parts], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed when everything of the first was there; then the operator takes another."""
    more = {**parts, "files/private/zz/zz-thumb.webp": b"of the first"}
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(restoring, "_publish_files", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        restore_backup(empty, seal(more), None)
    assert is_half_restored(empty.settings)
    assert has_rows(empty.database)
    restore_backup(empty, seal(parts), None)
    assert not empty.storage.exists("private/zz/zz-thumb.webp")
    assert len(ids(empty, State.APPROVED)) == 1


BEGIN_AS_WELL = """
import sys
from click.testing import CliRunner
from greetings.cli import main
result = CliRunner().invoke(main, ["restore", sys.argv[1]])
sys.stdout.write(result.output)
sys.exit(result.exit_code)
"""


def test_of_two_restores_at_once_one_goes_on_and_one_is_told(
    parts: Parts, seal: Callable[[Parts], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every step of the first, the second finds it there, and takes nothing from it: not its mark either."""
    data, file = tmp_path / "data", seal(parts)
    environ = {"GREETINGS_DATA": str(data)}
    said: list[tuple[int, str, bool]] = []

    def second() -> None:
        begun = subprocess.run(
            [sys.executable, "-c", BEGIN_AS_WELL, str(file)],
            check=False,
            cwd=CHECKOUT,
            env={**os.environ, **environ},
            capture_output=True,
            text=True,
        )
        said.append((begun.returncode, begun.stdout + begun.stderr, is_half_restored(load_settings(environ))))

    for step in ("_refuse_if_taken", "_restore_files"):
        real = getattr(restoring, step)

        def do_beside_the_second(*arguments: Any, real: Any = real, **more: Any) -> Any:
            if len(said) < 2:
                second()
            return real(*arguments, **more)

        monkeypatch.setattr(restoring, step, do_beside_the_second)
    result = CliRunner().invoke(main, ["restore", str(file)], env=environ)
    assert (result.exit_code, "parts restored" in result.output) == (0, True)
    assert [(code, "is going on already" in words, words.count("\n")) for code, words, _ in said] == [
        (2, True, 1)
    ] * 2
    assert [has_mark for *_, has_mark in said] == [False, True]
    assert not (data / restoring.PLACE).exists()
    assert not is_half_restored(load_settings(environ))


def test_every_refusal_is_one_line_on_the_terminal(
    parts: Parts, seal: Callable[[Parts], Path], tmp_path: Path
) -> None:
    """Whatever the names in the file are: they may hold what a terminal obeys."""
    environ = {"GREETINGS_DATA": str(tmp_path / "data")}
    for odd in (
        {"tables/\x1b[2J.jsonl": b"{}\n"},
        {"\x1b[2J": b""},
        {"tables/note.jsonl": b'{"\x1b[2J": 1}\n'},
    ):
        result = CliRunner().invoke(main, ["restore", str(seal({**parts, **odd}))], env=environ)
        assert result.exit_code == 2
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert result.output.count("\n") == 1
        assert result.output.strip().isprintable()
