"""One commit, and what follows it or undoes it."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, text

from greetings.db.session import Database, after_commit, begin_writing, on_rollback
from greetings.house import House
from greetings.ids import new_id
from greetings.settings import Settings
from greetings.submissions.models import GonePicture


def test_acts_after_the_commit_wait_for_it(house: House):
    done: list[str] = []
    with house.database.work() as session:
        after_commit(session, lambda: done.append("after"))
        on_rollback(session, lambda: done.append("undone"))
        assert done == []
    assert done == ["after"]


def test_a_rollback_undoes_and_forgets_the_rest(house: House):
    done: list[str] = []
    with pytest.raises(RuntimeError), house.database.work() as session:
        after_commit(session, lambda: done.append("after"))
        on_rollback(session, lambda: done.append("undone"))
        raise RuntimeError
    assert done == ["undone"]


def test_files_put_before_the_writing_began_are_undone_only_by_its_failure(house: House):
    done: list[str] = []
    with house.database.session() as session:
        session.execute(text("SELECT 1"))
        on_rollback(session, lambda: done.append("undone"))
        begin_writing(session)
        assert done == []
        session.rollback()
    assert done == ["undone"]


def test_what_was_changed_before_the_writing_began_is_a_mistake_that_is_told(house: House):
    """Going on would lose it: the transaction is begun anew."""
    with house.database.session() as session:
        session.add(GonePicture(public_name=new_id()))
        with pytest.raises(RuntimeError):
            begin_writing(session)


def test_a_database_that_is_made_is_its_owners_alone_and_so_is_its_log(tmp_path: Path):
    before = os.umask(0)
    try:
        database = Database(f"sqlite:///{tmp_path / 'greetings.sqlite'}")
        with database.engine.begin() as connection:
            connection.execute(text("CREATE TABLE one (number INTEGER)"))
            modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
        database.close()
    finally:
        os.umask(before)
    assert len(modes) == 3, "the file, its log and the index of that"
    assert set(modes.values()) == {0o600}


def test_a_row_that_is_deleted_counts_as_seen_by_visitors(house: House):
    with house.database.work() as session:
        session.add(GonePicture(public_name=(name := new_id())))
    before = house.database.public_change()
    with house.database.work() as session:
        session.delete(session.get_one(GonePicture, name))
    assert house.database.public_change() > before


def test_a_new_connection_leaves_the_locks_of_the_others_alone(house: House):
    """Another process that closes last cuts the log: it must see that this one is still here."""
    another = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM audit_head'); c.close()"
    assert house.database.is_sqlite
    file = house.settings.data / "greetings.sqlite"
    with house.database.work() as session, house.database.engine.connect():
        session.execute(text("UPDATE audit_head SET number = number"))
        with house.database.engine.connect() as second:
            second.execute(text("SELECT 1"))
    subprocess.run([sys.executable, "-c", another, str(file)], check=True)
    assert file.with_name("greetings.sqlite-wal").exists()


def test_an_act_that_fails_is_left_for_the_sweep(house: House):
    def fail() -> None:
        raise OSError

    done: list[str] = []
    with house.database.work() as session:
        after_commit(session, fail)
        after_commit(session, lambda: done.append("second"))
    assert done == ["second"]


def test_sqlite_keeps_foreign_keys_a_log_and_nothing_deleted(settings: Settings):
    def as_some_are_built(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in ("foreign_keys", "secure_delete", "synchronous"):
            connection.execute(f"PRAGMA {pragma}=OFF")

    settings.data.mkdir()
    with closing(Database(settings.database_url)) as database:
        event.listen(database.engine, "connect", as_some_are_built, insert=True)
        with database.reading() as session:
            pragmas = {
                name: session.execute(text(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "foreign_keys", "secure_delete", "synchronous")
            }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "synchronous": 2}


def test_errors_of_the_database_print_no_parameters(house_on_each_database: House):
    with (
        house_on_each_database.database.reading() as session,
        pytest.raises(Exception, match="hidden") as caught,
    ):
        session.execute(text("SELECT :value FROM nowhere"), {"value": "Ганна, Вільня"})
    assert "Ганна" not in str(caught.value)
