"""What is made for the first time is on the disk with its name, when whoever made it goes on."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from greetings.house import House
from greetings.keys import load_or_make_keys
from greetings.operations.backup import back_up
from greetings.submissions.erasures import note_erasure

Synced = list[str]


@pytest.fixture
def synced(house: House, monkeypatch: pytest.MonkeyPatch) -> Synced:
    """The paths of what was brought onto the disk, in order, from now on."""
    paths: Synced = []
    monkeypatch.setattr(
        "os.fsync", lambda descriptor: paths.append(os.readlink(f"/proc/self/fd/{descriptor}"))
    )
    return paths


def make_secret(house: House) -> Path:
    file = house.settings.data / "deep" / "down" / "secret"
    load_or_make_keys(file)
    return file


def make_head(house: House) -> Path:
    add_entry(house)
    return house.settings.data / "audit-head"


def make_erasures(house: House) -> Path:
    note_erasure(house.settings, "a" * 20)
    return house.settings.data / "erasures"


def make_backup(house: House) -> Path:
    file = house.settings.data / "backup.tar"
    back_up(house, file)
    return file


def add_entry(house: House) -> None:
    with house.database.work() as session:
        house.audit.add(session, at=house.clock(), actor="system", act="test", subject="nobody")


@pytest.mark.parametrize("make", [make_secret, make_head, make_erasures, make_backup])
def test_a_file_is_on_the_disk_and_after_it_its_name(
    house: House, synced: Synced, make: Callable[[House], Path]
) -> None:
    file = make(house)
    assert file.exists()
    assert synced[-1] == str(file.parent)
    assert synced[-2].startswith(f"{file.parent}/")


def test_folders_that_were_missing_are_on_the_disk_too(house: House, synced: Synced) -> None:
    folder = make_secret(house).parent
    assert {str(folder), str(folder.parent), str(folder.parent.parent)} <= set(synced)


def test_a_head_that_moves_on_waits_for_no_folder(house: House, synced: Synced) -> None:
    file = make_head(house)
    synced.clear()
    add_entry(house)
    assert len(synced) == 1
    assert Path(synced[0]).name != file.parent.name
