"""Commands on a store leave with 0, 1 or 2 and a sentence; none of them makes a store, or a traceback."""

import importlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from greetings.cli import main
from greetings.house import open_house
from greetings.imaging.reader import PictureReader
from greetings.settings import load_settings
from tests.factories import make_action, make_greeting
from tests.servers import PostgresqlServer

CLEAN, FINDINGS, UNUSABLE = 0, 1, 2
DATABASE = "greetings.sqlite"


def run(data: Path, *words: str, **environ: str) -> Result:
    return CliRunner().invoke(main, words, env={"GREETINGS_DATA": str(data), **environ})


@pytest.fixture
def store(tmp_path: Path, migrated_store: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    (data / DATABASE).write_bytes(migrated_store.read_bytes())
    house = open_house(load_settings({"GREETINGS_DATA": str(data)}))
    house.close()
    return data


def test_a_whole_store_is_clean(store: Path):
    result = run(store, "check")
    assert (result.exit_code, "The store is whole." in result.output) == (CLEAN, True), result.output


def test_a_finding_is_told_and_counted(store: Path):
    stray = store / "files" / "private" / "zz" / "stray-thumb.webp"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"stray")
    os.utime(stray, (0, 0))
    result = run(store, "check")
    assert (result.exit_code, "stray" in result.output) == (FINDINGS, True), result.output


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_proxy_that_was_forgotten_is_told(store: Path, command: str, monkeypatch: pytest.MonkeyPatch):
    starting = importlib.import_module("greetings.cli.run")
    monkeypatch.setattr(starting, "become_server", lambda _threads: None)
    monkeypatch.setattr(starting, "_is_free", lambda _settings: True)
    told = "GREETINGS_TRUSTED_PROXIES is 0"
    for facts, is_told in (
        ({"GREETINGS_URL": "https://birthday.example"}, True),
        ({"GREETINGS_URL": "https://birthday.example", "GREETINGS_TRUSTED_PROXIES": "1"}, False),
        ({"GREETINGS_URL": "http://127.0.0.1:8000"}, False),
    ):
        result = run(store, command, **facts)
        assert (result.exit_code, told in result.output) == (CLEAN, is_told), result.output


def test_words_left_behind_are_counted_with_the_command_that_takes_them_out(store: Path):
    with closing(sqlite3.connect(store / DATABASE)) as held:
        held.execute("INSERT INTO search_index_desk(rowid, words) VALUES (7, 'таямніца снег')")
        held.commit()
    result = run(store, "check")
    lines = [line for line in result.output.splitlines() if "words-left-behind" in line]
    assert (result.exit_code, len(lines)) == (FINDINGS, 1), result.output
    assert "words-left-behind: 2 " in lines[0]
    assert "таямніца" not in result.output
    assert run(store, *lines[0].rpartition("greetings ")[2].split()).exit_code == CLEAN
    assert run(store, "check").exit_code == CLEAN


def test_a_protection_that_is_off_is_told_and_counts(store: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PictureReader, "protections", lambda _reader: {"no_root": True, "no_network": False})
    result = run(store, "check")
    assert (result.exit_code, "protection no_network: OFF" in result.output) == (FINDINGS, True), (
        result.output
    )
    assert "without every protection" in result.output


@pytest.mark.parametrize("command", [["check"], ["housekeeping"], ["backup", "saved"], ["invite"]])
def test_where_no_store_is_none_is_made(tmp_path: Path, command: list[str]):
    result = run(tmp_path / "nowhere", *command)
    assert result.exit_code == UNUSABLE
    assert "greetings run makes one" in result.output
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.postgresql
def test_an_empty_database_is_no_store_that_lost_its_secret(tmp_path: Path, postgresql: PostgresqlServer):
    """As it is where a restore was killed before it had begun."""
    result = run(tmp_path / "nowhere", "check", GREETINGS_DATABASE_URL=postgresql.new_database())
    assert (result.exit_code, "greetings run makes one" in result.output) == (UNUSABLE, True), result.output
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("command", [["check"], ["housekeeping"], ["backup", "saved"], ["invite"]])
def test_where_a_restore_was_refused_there_is_no_store_yet(tmp_path: Path, command: list[str]):
    """Its database is there, and empty."""
    (tmp_path / "broken").write_bytes(b"this was a backup once " * 40)
    assert run(tmp_path / "data", "restore", str(tmp_path / "broken")).exit_code != 0
    result = run(tmp_path / "data", *command)
    assert (result.exit_code, "greetings run makes one" in result.output) == (UNUSABLE, True), result.output


@pytest.mark.parametrize("command", [["check"], ["housekeeping"], ["backup", "saved"], ["invite"]])
def test_a_store_of_another_version_is_left_alone(store: Path, command: list[str]):
    with closing(sqlite3.connect(store / DATABASE)) as held:
        held.execute("UPDATE alembic_version SET version_num = '0001'")
        held.commit()
    result = run(store, *command)
    assert (result.exit_code, "another version" in result.output) == (UNUSABLE, True), result.output


def test_what_is_no_database_is_said_to_be_unreadable(store: Path):
    (store / DATABASE).write_bytes(b"this was a database once " * 40)
    result = run(store, "check")
    assert (result.exit_code, "can't be read" in result.output) == (UNUSABLE, True), result.output


@pytest.mark.parametrize(
    ("command", "says"),
    [(["invite"], "busy"), (["housekeeping"], "busy"), (["backup", "/proc/nothing/saved"], "No such file")],
)
def test_a_store_that_can_not_be_used_now_is_a_sentence(
    store: Path, command: list[str], says: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("greetings.db.session.BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(store / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = run(store, *command)
    assert (result.exit_code, says in result.output) == (UNUSABLE, True), result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["housekeeping", "invite", "demo"])
def test_root_makes_no_files_in_a_store_of_somebody_else(
    store: Path, command: str, monkeypatch: pytest.MonkeyPatch
):
    (store / "files").mkdir()
    if os.geteuid() == 0:
        os.chown(store / "files", 12345, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
    result = run(store, command)
    assert (result.exit_code, "run this as" in result.output) == (UNUSABLE, True), result.output
    assert not (store / "erasures").exists()
    assert run(store, "check").exit_code == CLEAN


def test_what_can_not_be_written_is_a_finding(store: Path, monkeypatch: pytest.MonkeyPatch):
    (store / "files" / "private" / "zz").mkdir(parents=True)
    (store / "erasures").touch()
    closed = {store / "erasures", store / "files" / "private", store / "files" / "private" / "zz"}
    monkeypatch.setattr(os, "access", lambda path, _mode: path not in closed)
    result = run(store, "check")
    told = [line for line in result.output.splitlines() if "not-writable" in line]
    assert (result.exit_code, len(told)) == (FINDINGS, 2), result.output


def test_a_database_that_is_not_there_or_not_ours_is_said_in_words(store: Path):
    (store / DATABASE).unlink()
    (store / DATABASE).mkdir()
    result = run(store, "check")
    assert (result.exit_code, "must belong to the user" in result.output) == (UNUSABLE, True), result.output
    for command in ("check", "run"):
        away = run(store, command, GREETINGS_DATABASE_URL="postgresql://olga:hushhush@127.0.0.1:1/nothing")
        assert (away.exit_code, "is it running" in away.output) == (UNUSABLE, True), away.output
        assert "hushhush" not in away.output
        assert "olga" not in away.output


def test_a_secret_that_is_none_is_a_sentence_and_stays_as_it_is(store: Path):
    (store / "secret").write_text("something else")
    result = run(store, "check")
    assert (result.exit_code, "does not hold a secret" in result.output) == (UNUSABLE, True), result.output
    assert (store / "secret").read_text() == "something else"


@pytest.mark.parametrize("command", ["run", "check", "invite", "demo"])
def test_no_secret_is_made_anew_for_a_store_that_is_there(
    store: Path, command: str, monkeypatch: pytest.MonkeyPatch
):
    """The disk that it lies on isn't mounted, and the database is elsewhere."""
    monkeypatch.setattr(importlib.import_module("greetings.cli.run"), "become_server", lambda _threads: None)
    house = open_house(load_settings({"GREETINGS_DATA": str(store)}))
    with house.database.work() as session:
        make_greeting(house, session, make_action(session))
    house.close()
    (store / "secret").unlink()
    result = run(store, command)
    assert (result.exit_code, "its secret isn't at" in result.output) == (UNUSABLE, True), result.output
    assert not (store / "secret").exists()


def test_a_start_that_could_not_ask_the_database_leaves_no_secret_either(tmp_path: Path):
    away = "postgresql://olga@127.0.0.1:1/nothing"
    assert run(tmp_path / "data", "run", GREETINGS_DATABASE_URL=away).exit_code == UNUSABLE
    assert list((tmp_path / "data").iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    result = run(tmp_path / "file", "check")
    assert (result.exit_code, "must be a folder" in result.output) == (UNUSABLE, True), result.output


def test_every_wrong_setting_is_told_at_once(tmp_path: Path):
    result = run(tmp_path, "check", GREETINGS_PORT="many", GREETINGS_NONSENSE="1")
    assert result.exit_code == UNUSABLE
    assert "GREETINGS_PORT" in result.output
    assert "GREETINGS_NONSENSE" in result.output


def test_a_demo_of_an_action_that_is_not_there_is_a_sentence(store: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("greetings.operations.setup.make_missing_posters", lambda *_facts: 0)
    result = run(store, "demo", "--action", "nobody")
    assert result.exit_code == UNUSABLE, result.output
    assert "no public action “nobody”" in result.output
