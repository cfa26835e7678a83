"""A second start is quick and changes nothing: not a row, not a file, not the link of the first organiser."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from greetings.house import House, open_house
from greetings.operations.setup import set_up, sign_in_link
from greetings.operations.wiring import wire_rooms
from greetings.settings import load_settings

DATABASE = "greetings.sqlite"


def start(data: Path) -> str | None:
    """What a start does before it serves."""
    house: House = open_house(load_settings({"GREETINGS_DATA": str(data)}))
    set_up(house)
    link = sign_in_link(house)
    house.close()
    return link


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


def test_a_second_start_changes_nothing(tmp_path: Path):
    wire_rooms()
    data = tmp_path / "data"
    link = start(data)
    before = rows(data), files(data)
    assert "files/posters" in " ".join(before[1]), "the first start made the posters"
    assert start(data) == link
    assert (rows(data), files(data)) == before
