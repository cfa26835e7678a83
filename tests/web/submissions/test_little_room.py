"""The disk is nearly full: nothing more comes in, so that there is room left to take back what is here."""

import errno
import os
import shutil
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from greetings.house import RESERVE, House
from greetings.storage import Reserve, StorageFull
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Use
from tests.disks import leave_free
from tests.integration.submissions.sending import count, stored_files
from tests.web.submissions.sender import Sender, alert_of, code_of, photo, state_of, typed

LITTLE_BYTES = 20_000_000


@pytest.mark.parametrize("photos", [(), (photo(),)])
def test_what_is_sent_is_refused_while_there_is_room_to_take_back(
    sender: Sender, house: House, monkeypatch: pytest.MonkeyPatch, photos: tuple[bytes, ...]
):
    sender.open()
    leave_free(monkeypatch, LITTLE_BYTES)
    page = sender.send(*photos, name="Ганна")
    assert page.status_code == 507
    assert "room" in alert_of(page)
    assert typed(page)["name"] == "Ганна"
    assert count(house, Greeting) == len(stored_files(house)) == 0


def test_with_little_room_a_code_still_opens_and_takes_back(
    sender: Sender, house: House, monkeypatch: pytest.MonkeyPatch
):
    code = code_of(sender.send(photo()))
    leave_free(monkeypatch, LITTLE_BYTES)
    assert code_of(sender.send(photo())) == code, "what is here already is said again"
    assert sender.receipt(code, "revoke", uses=["post"]).status_code == 200
    assert state_of(sender.receipt(code, "withdraw")) == "withdrawn"
    assert not stored_files(house)


@pytest.fixture
def full_but_for_the_reserve(house: House) -> Iterator[None]:
    """As if something else had filled the disk: nothing can be committed while the reserve takes its room."""
    lies_there = (house.settings.data / RESERVE).exists

    def fail(_connection: Any) -> None:
        if lies_there():
            raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    event.listen(house.database.engine, "commit", fail)
    yield
    event.remove(house.database.engine, "commit", fail)


@pytest.mark.usefixtures("full_but_for_the_reserve")
@pytest.mark.parametrize("do", ["withdraw", "revoke"])
def test_on_a_full_disk_what_was_laid_by_is_let_go_for_taking_back(
    sender: Sender, house: House, do: str, capsys
):
    code = code_of(sender.send(photo()))
    house.reserve.keep()
    page = sender.receipt(code, do, uses=["post"])
    assert (page.status_code, state_of(page)) == (200, {"withdraw": "withdrawn", "revoke": "pending"}[do])
    with house.database.reading() as session:
        (greeting,) = session.query(Greeting)
        assert greeting.granted == (set() if do == "withdraw" else {Use.GALLERY})
    assert not (house.settings.data / RESERVE).exists()
    told = capsys.readouterr()
    assert (told.out + told.err).count("the disk is full") == 1


def test_what_was_laid_by_is_not_spent_on_another_trouble(
    sender: Sender, house: House, monkeypatch: pytest.MonkeyPatch
):
    """It is there once: a database that is busy for a moment must not use it up."""
    code = code_of(sender.send(photo()))
    house.reserve.keep()

    def locked(*_facts: Any) -> None:
        raise OperationalError("BEGIN", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr("greetings.submissions.views.withdraw", locked)
        assert sender.receipt(code, "withdraw").status_code == 503
    assert (house.settings.data / RESERVE).exists()
    assert state_of(sender.receipt(code)) == "pending"


def test_where_nothing_is_left_to_let_go_the_greeting_stays_and_that_is_said(
    sender: Sender, house: House, monkeypatch: pytest.MonkeyPatch
):
    code = code_of(sender.send(photo()))

    def full(*_facts: Any) -> None:
        raise StorageFull

    with monkeypatch.context() as patch:
        patch.setattr("greetings.submissions.views.withdraw", full)
        assert sender.receipt(code, "withdraw").status_code == 507
    assert state_of(sender.receipt(code)) == "pending"


def test_the_reserve_takes_room_only_where_there_is_some(house: House, monkeypatch: pytest.MonkeyPatch):
    path = house.settings.data / RESERVE
    with monkeypatch.context() as patch:
        leave_free(patch, LITTLE_BYTES)
        house.reserve.keep()
    assert not path.exists()
    house.reserve.keep()
    house.reserve.keep()
    assert path.stat().st_blocks * 512 >= path.stat().st_size > 0
    assert (house.reserve.let_go(), house.reserve.let_go()) == (True, False)


def test_a_reserve_that_was_copied_as_a_hole_is_filled(house: House):
    path = house.settings.data / RESERVE
    with path.open("wb") as hollow:
        hollow.truncate(8_000_000)
    assert path.stat().st_blocks * 512 < path.stat().st_size
    house.reserve.keep()
    assert path.stat().st_blocks * 512 >= path.stat().st_size > 0


def test_a_reserve_is_eight_megabytes_of_its_owner_alone(house: House):
    before = os.umask(0)
    try:
        house.reserve.keep()
    finally:
        os.umask(before)
    facts = (house.settings.data / RESERVE).stat()
    assert (facts.st_size, facts.st_mode & 0o777) == (8_000_000, 0o600)


def test_of_a_small_disk_it_takes_a_sixty_fourth(house: House, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        leave_free(patch, free_bytes=30_000_000, total_bytes=64_000_000)
        house.reserve.keep()
    assert (house.settings.data / RESERVE).stat().st_size == 1_000_000


def test_a_reserve_that_found_no_room_in_the_end_takes_none(house: House, monkeypatch: pytest.MonkeyPatch):
    """Half of one would be taken for a whole one."""

    def full(descriptor: int, _start: int, length: int) -> None:
        os.truncate(descriptor, length // 2)
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "posix_fallocate", full)
        with pytest.raises(OSError, match="full"):
            house.reserve.keep()
    assert not (house.settings.data / RESERVE).exists()


def test_where_a_disk_packs_zeros_what_was_laid_by_is_not_laid_by_again_and_again(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    """There it looks like a hole for ever, and the housekeeping looks at it twice a minute."""
    monkeypatch.setattr(Reserve, "_takes_room", lambda _reserve: False)
    laid: list[int] = []
    monkeypatch.setattr(os, "posix_fallocate", lambda _file, _start, length: laid.append(length))
    for _ in range(3):
        house.reserve.keep()
    assert laid == [8_000_000]


@pytest.mark.parametrize("full", ["data", "files"])
def test_each_disk_that_is_written_to_is_asked_for_its_room(
    house: House, monkeypatch: pytest.MonkeyPatch, full: str
):
    """The files may lie on a disk of their own."""
    house.settings.files.mkdir(parents=True, exist_ok=True)
    house.check_room()
    of = {house.settings.data: 10**9, house.settings.files: 10**9, getattr(house.settings, full): 0}
    facts = {folder: SimpleNamespace(total=10**12, free=free) for folder, free in of.items()}
    monkeypatch.setattr(shutil, "disk_usage", facts.__getitem__)
    with pytest.raises(StorageFull):
        house.check_room()
