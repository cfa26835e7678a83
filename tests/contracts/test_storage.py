"""What `greetings.storage` promises, held against every back end."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from greetings.errors import NotFound
from greetings.storage import LocalStorage, MemoryStorage, Storage, StorageFull, check_key, check_room
from tests.disks import leave_free


@pytest.fixture(params=["local", "memory"])
def storage(request, tmp_path: Path) -> Storage:
    return LocalStorage(tmp_path / "files") if request.param == "local" else MemoryStorage()


def test_what_was_put_is_read_again(storage: Storage):
    storage.put("private/ab/one.jpg", b"bytes")
    assert storage.exists("private/ab/one.jpg")
    assert storage.read("private/ab/one.jpg") == b"bytes"


def test_putting_again_replaces(storage: Storage):
    storage.put("private/one.jpg", b"first")
    storage.put("private/one.jpg", b"second")
    assert storage.read("private/one.jpg") == b"second"
    assert [found.key for found in storage.files("private")] == ["private/one.jpg"]


def test_a_copy_outlives_its_source_and_the_other_way_round(storage: Storage):
    storage.put("private/one.jpg", b"bytes")
    storage.copy("private/one.jpg", "public/two.jpg")
    storage.copy("private/one.jpg", "public/two.jpg")
    storage.delete("private/one.jpg")
    assert storage.read("public/two.jpg") == b"bytes"
    assert [found.key for found in storage.files("public")] == ["public/two.jpg"]


def test_many_are_copied_at_once_and_one_that_is_missing_is_said(storage: Storage):
    storage.put("private/one.jpg", b"one")
    storage.put("private/ab/two.jpg", b"two")
    storage.copy_all([("private/one.jpg", "public/three.jpg"), ("private/ab/two.jpg", "public/cd/four.jpg")])
    assert storage.read("public/three.jpg") + storage.read("public/cd/four.jpg") == b"onetwo"
    with pytest.raises(NotFound):
        storage.copy_all([("private/one.jpg", "public/five.jpg"), ("private/none.jpg", "public/six.jpg")])
    assert not storage.exists("public/six.jpg")
    storage.copy_all([])


def test_what_is_missing_is_said_so(storage: Storage):
    assert not storage.exists("public/none.jpg")
    with pytest.raises(NotFound):
        storage.read("public/none.jpg")
    with pytest.raises(NotFound):
        storage.copy("public/none.jpg", "public/two.jpg")
    storage.delete("public/none.jpg")


def test_many_are_deleted_at_once_and_what_is_missing_among_them_is_fine(storage: Storage):
    keys = ["public/one.jpg", "private/ab/two.jpg", "private/three.jpg"]
    for key in keys:
        storage.put(key, b"bytes")
    storage.delete("public/none.jpg", *keys[:2])
    storage.delete()
    assert [storage.exists(key) for key in keys] == [False, False, True]


def test_one_that_can_not_be_deleted_keeps_no_other(tmp_path: Path):
    storage = LocalStorage(tmp_path / "files")
    storage.put("public/one.jpg", b"bytes")
    (tmp_path / "files" / "public" / "folder.jpg").mkdir()
    with pytest.raises(OSError, match="folder"):
        storage.delete("public/folder.jpg", "public/one.jpg")
    assert not storage.exists("public/one.jpg")


def test_a_folder_is_synced_once_for_all_that_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    storage = LocalStorage(tmp_path / "files")
    keys = [f"public/{number}.jpg" for number in range(5)]
    for key in keys:
        storage.put(key, b"bytes")
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    storage.delete(*keys)
    assert len(synced) == 1


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of what was brought onto the disk, in order."""
    paths: list[str] = []
    monkeypatch.setattr(
        "os.fsync", lambda descriptor: paths.append(os.readlink(f"/proc/self/fd/{descriptor}"))
    )
    return paths


def test_a_folder_is_synced_once_for_all_copies_that_come_into_it(tmp_path: Path, synced: list[str]):
    storage = LocalStorage(tmp_path)
    storage.put("private/one.jpg", b"bytes")
    storage.put("public/other.jpg", b"bytes")
    synced.clear()
    storage.copy_all(("private/one.jpg", f"public/{number}.jpg") for number in range(5))
    assert synced == [str(tmp_path / "public")]


@pytest.mark.parametrize("put", ["anew", "as a copy"])
def test_once_it_is_put_bytes_and_name_survive_a_power_cut(tmp_path: Path, synced: list[str], put: str):
    storage = LocalStorage(tmp_path)
    storage.put("private/one.jpg", b"bytes")
    storage.put("public/other.jpg", b"bytes")
    synced.clear()
    if put == "anew":
        storage.put("public/two.jpg", b"bytes")
    else:
        storage.copy("private/one.jpg", "public/two.jpg")
    *bytes_of, folder = synced
    assert folder == str(tmp_path / "public")
    assert len(bytes_of) == (put == "anew")
    assert all(path.startswith(f"{folder}/") for path in bytes_of)


def test_a_folder_made_for_a_file_survives_a_power_cut_with_it(tmp_path: Path, synced: list[str]):
    LocalStorage(tmp_path).put("private/ab/one.jpg", b"bytes")
    assert {str(tmp_path), str(tmp_path / "private"), str(tmp_path / "private" / "ab")} <= set(synced)


def test_walking_tells_key_size_and_age_below_a_prefix_only(storage: Storage):
    storage.put("public/one.jpg", b"123")
    storage.put("private/two.jpg", b"1234")
    (found,) = storage.files("public")
    assert (found.key, found.size_bytes) == ("public/one.jpg", 3)
    assert abs(found.changed_at - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "key",
    ["one.jpg", "../secret.txt", "public/../x.jpg", "/etc/passwd.x", "public/Ü.jpg", "public/.new-1", "",
     "public/x.jpg/../../secret.txt", "public/x.jpg\n"],
)  # fmt: skip
def test_a_key_of_another_form_is_refused(storage: Storage, key: str):
    with pytest.raises(ValueError, match="no storage key"):
        check_key(key)
    with pytest.raises(ValueError, match="no storage key"):
        storage.put(key, b"bytes")


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    storage = LocalStorage(tmp_path)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageFull):
        storage.put("private/one.jpg", b"bytes")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_disk_too_full_for_one_more_name_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    storage = LocalStorage(tmp_path)
    storage.put("private/one.jpg", b"bytes")

    def full(*_names: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for what in ("os.link", "pathlib.Path.rename"):
        with monkeypatch.context() as patch:
            patch.setattr(what, full)
            with pytest.raises(StorageFull):
                storage.copy("private/one.jpg", "public/one.jpg")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["one.jpg"]


@pytest.mark.parametrize(
    ("total_bytes", "free_bytes", "has_room"),
    [
        (10**12, 64_000_000, True),
        (10**12, 63_999_999, False),
        (64_000_000, 4_000_000, True),
        (64_000_000, 3_999_999, False),
        (0, 0, True),  # a file system that tells nothing of itself
    ],
)
def test_the_last_of_a_disk_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, total_bytes: int, free_bytes: int, has_room: bool
):
    leave_free(monkeypatch, free_bytes, total_bytes)
    check_room(tmp_path / "not there yet")
    if has_room:
        check_room(tmp_path)
    else:
        with pytest.raises(StorageFull):
            check_room(tmp_path)


def test_half_written_files_are_invisible_and_found_by_the_sweep(tmp_path: Path):
    storage = LocalStorage(tmp_path)
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / ".new-abandoned").write_bytes(b"half")
    assert list(storage.files("private")) == []
    assert [path.name for path in storage.abandoned(datetime.now(UTC) + timedelta(seconds=9))] == [
        ".new-abandoned"
    ]
    assert list(storage.abandoned(datetime.now(UTC) - timedelta(hours=1))) == []
    # a second name for bytes of long ago is as new as the name
    os.utime(tmp_path / "private" / ".new-abandoned", (0, 0))
    assert list(storage.abandoned(datetime.now(UTC) - timedelta(hours=1))) == []


def test_no_file_bears_the_moment_it_was_written_at(tmp_path: Path):
    storage = LocalStorage(tmp_path)
    storage.put("private/one.jpg", b"bytes")
    storage.copy("private/one.jpg", "public/one.jpg")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.stat().st_mtime_ns for path in files] == [0, 0]
    assert storage.forget_moments() == 0
    os.utime(files[0])  # a store copied by hand: the second name is the same file
    assert storage.forget_moments() == 1
    assert [path.stat().st_mtime_ns for path in files] == [0, 0]


def test_no_folder_bears_the_moment_at_which_a_file_came_or_went(tmp_path: Path):
    storage = LocalStorage(tmp_path / "files")
    folders = ("private/ab", "private", "public", "")

    def moments() -> list[int]:
        return [(tmp_path / "files" / name).stat().st_mtime_ns for name in folders]

    storage.put("private/ab/one.jpg", b"bytes")
    storage.copy("private/ab/one.jpg", "public/one.jpg")
    assert moments() == [0] * 4
    storage.put("private/ab/two.jpg", b"bytes")
    assert moments() == [0] * 4
    storage.delete("private/ab/one.jpg", "public/one.jpg")
    assert moments() == [0] * 4
    for name in folders:
        os.utime(tmp_path / "files" / name)
    assert storage.forget_moments() == 0
    assert moments() == [0] * 4


def test_another_users_file_keeps_its_moment_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    storage, utime = LocalStorage(tmp_path), os.utime
    for name in ("one", "two", "three"):
        storage.put(f"private/{name}.jpg", b"bytes")
        utime(tmp_path / "private" / f"{name}.jpg")

    def only_our_own(path: Path, times: tuple[int, int]) -> None:
        if path.name == "two.jpg":
            raise PermissionError
        utime(path, times)

    monkeypatch.setattr(os, "utime", only_our_own)
    assert storage.forget_moments() == 2


def test_a_copy_made_twice_leaves_no_third_name(tmp_path: Path):
    storage = LocalStorage(tmp_path)
    storage.put("private/one.jpg", b"bytes")
    for _ in range(2):
        storage.copy("private/one.jpg", "public/one.jpg")
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["one.jpg", "one.jpg"]


def test_others_of_this_machine_may_look_into_what_is_public_and_into_nothing_else(tmp_path: Path):
    storage, before = LocalStorage(tmp_path / "files"), os.umask(0o022)
    try:
        for key in ("private/ab/one.jpg", "exports/one.part", "public/one.jpg"):
            storage.put(key, b"bytes")
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in storage.folder.iterdir()}
    assert modes["public"] == 0o755
    assert modes["exports"] == 0o700
    assert (storage.folder / "private" / "ab").stat().st_mode & 0o777 == 0o700
