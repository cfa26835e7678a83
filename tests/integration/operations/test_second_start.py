"""A second start is quick and changes nothing: not a row, not a file, not the link of the first organiser."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from greetings.actions.models import Action
from greetings.cli import main
from greetings.house import House, open_house
from greetings.operations.setup import set_up, sign_in_link
from greetings.operations.wiring import wire_rooms
from greetings.settings import load_settings
from tests.factories import make_action, make_greeting

DATABASE = "greetings.sqlite"


def start(data: Path) -> str | None:
    """What a start does before it serves."""
    house: House = open_house(load_settings({"GREETINGS_DATA": str(data)}))
    set_up(house)
    link = sign_in_link(house)
    house.close()
    return link


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a first start leaves, its posters printed."""
    wire_rooms()
    data = tmp_path_factory.mktemp("started") / "data"
    start(data)
    return data


@pytest.fixture
def data(started: Path, tmp_path: Path) -> Path:
    """The same for one test alone, with its modes and times."""
    return Path(shutil.copytree(started, tmp_path / "data"))


def rows(data: Path) -> str:
    with closing(sqlite3.connect(data / DATABASE)) as store:
        return "\n".join(store.iterdump())


def files(data: Path) -> dict[str, tuple[str, int]]:
    """Every other file, its digest, and when it was written."""
    return {
        str(path.relative_to(data)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in data.rglob("*")
        if path.is_file() and DATABASE not in path.name
    }


def ways_to(path: Path, data: Path) -> list[Path]:
    return [path, *(folder for folder in path.parents if folder.is_relative_to(data))]


def test_setting_up_makes_what_the_commands_need(data: Path):
    assert CliRunner().invoke(main, ["check"], env={"GREETINGS_DATA": str(data)}).exit_code == 0


def test_only_what_is_public_can_be_read_by_others_of_the_machine(data: Path):
    """nginx works as somebody else, and may pass through the folders to what it serves, and to nothing else. A
    head of the log that an older version made was open to all.
    """
    house = open_house(load_settings({"GREETINGS_DATA": str(data)}))
    with house.database.work() as session:
        action = make_action(session, slug="other")
        make_greeting(house, session, action, photos=1)
    (data / "audit-head").chmod(0o644)
    with house.database.work() as session:
        make_greeting(house, session, session.get_one(Action, action.id))
    house.close()
    open_to_all = [
        path.relative_to(data).parts
        for path in data.rglob("*")
        if path.is_file() and all(step.stat().st_mode & 0o005 for step in ways_to(path, data))
    ]
    assert {parts[:2] for parts in open_to_all} == {("files", "public")}


def test_a_second_start_changes_nothing(data: Path):
    house = open_house(load_settings({"GREETINGS_DATA": str(data)}))
    link = sign_in_link(house)
    house.close()
    before = rows(data), files(data)
    assert "files/posters" in " ".join(before[1]), "the first start made the posters"
    assert start(data) == link
    assert (rows(data), files(data)) == before
