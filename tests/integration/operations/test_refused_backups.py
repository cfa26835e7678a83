"""Files that are no backup of ours, or not one for this version: refused before anything is touched."""

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from greetings.house import House, open_house
from greetings.operations import restoring
from greetings.operations.archive import FORMAT, BackupUnusable, Seal, checked_manifest, write_archive
from greetings.operations.restoring import StoreInUse, is_half_restored, restore_backup
from greetings.settings import CHECKOUT, load_settings
from tests.conftest import TestClock


@pytest.fixture
def other(tmp_path: Path, clock: TestClock) -> Iterator[House]:
    """An empty store to restore into."""
    house = open_house(load_settings({"GREETINGS_DATA": str(tmp_path / "other")}), clock)
    yield house
    house.close()


def assert_refused(other: House, file: Path) -> None:
    """Nothing of the file is there afterwards, and the store can be begun in the usual way."""
    secret = other.settings.secret_file.read_bytes()
    with pytest.raises(BackupUnusable):
        restore_backup(other, file, None)
    assert other.settings.secret_file.read_bytes() == secret
    assert not is_half_restored(other.settings)
    assert not list(other.storage.files("private"))


@pytest.mark.parametrize("facts", [{"revision": "9999"}, {"revision": None}, {"revision": "head"}, {}])
def test_a_backup_of_a_newer_version_is_refused_before_anything_is_touched(
    other: House, tmp_path: Path, facts: dict[str, object]
) -> None:
    parts = {"secret": b"0" * 64, "files/private/zz/zz-thumb.webp": b"x"}
    with (tmp_path / "newer.tar").open("wb") as handle:
        write_archive(handle, iter(parts.items()), facts)
    assert_refused(other, tmp_path / "newer.tar")


@pytest.mark.parametrize(
    "manifest",
    [b"[1]", b'"words"', b'{"format": 1, "digests": 7}', b"[" * 100_000],
    ids=["a list", "words", "no digests", "depths"],
)
def test_a_manifest_that_says_something_else_is_refused_in_words(
    other: House, tmp_path: Path, manifest: bytes
) -> None:
    file = tmp_path / "odd.tar"
    with tarfile.open(file, "w") as archive:
        part = tarfile.TarInfo("manifest.json")
        part.size = len(manifest)
        archive.addfile(part, io.BytesIO(manifest))
    assert_refused(other, file)


def test_a_manifest_that_claims_to_be_huge_is_not_read(other: House, tmp_path: Path) -> None:
    part = tarfile.TarInfo("manifest.json")
    part.size = 2**40
    (tmp_path / "huge.tar").write_bytes(part.tobuf() + b"{}" * 1000)
    assert_refused(other, tmp_path / "huge.tar")


def write_sealed(file: Path, *parts: tuple[tarfile.TarInfo, bytes, bytes]) -> None:
    """An archive whose manifest fits: each part as it stands there, and what a reader would take it for."""
    seal = Seal()
    with tarfile.open(file, "w", format=tarfile.PAX_FORMAT) as archive:
        for part, data, taken_for in parts:
            seal.begin(part.name, len(taken_for))
            seal.add(taken_for)
            part.size = len(data)
            archive.addfile(part, io.BytesIO(data))
        manifest = json.dumps({"format": FORMAT, "revision": "0001", **seal.facts()}).encode()
        last = tarfile.TarInfo("manifest.json")
        last.size = len(manifest)
        archive.addfile(last, io.BytesIO(manifest))


def test_a_sealed_archive_of_an_ordinary_part_is_not_refused(tmp_path: Path) -> None:
    """So that what is odd is the only reason to refuse the next ones."""
    part = tarfile.TarInfo("files/private/zz/zz-thumb.webp")
    write_sealed(tmp_path / "sealed.tar", (part, b"x", b"x"))
    assert checked_manifest(tmp_path / "sealed.tar")["parts"] == 1


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, b"Z"])
def test_links_folders_and_kinds_that_nobody_knows_are_no_parts(
    other: House, tmp_path: Path, kind: bytes
) -> None:
    """Nor do links lead to a part, or to a file of this machine."""
    odd = tarfile.TarInfo("files/private/zz/zz-thumb.webp")
    odd.type, odd.linkname = kind, "zz-display.webp"
    write_sealed(
        tmp_path / "odd.tar",
        (odd, b"", b""),
        (tarfile.TarInfo("files/private/zz/zz-display.webp"), b"x", b"x"),
    )
    assert_refused(other, tmp_path / "odd.tar")


def test_bytes_that_are_said_and_not_there_are_no_part(other: House, tmp_path: Path) -> None:
    """A sparse file takes a few kilobytes, and may say that it is a terabyte."""
    hole = tarfile.TarInfo("files/private/zz/zz-thumb.webp")
    said_bytes = 2**20
    hole.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.minor": "1", "GNU.sparse.map": "0,0"}
    hole.pax_headers["GNU.sparse.size"] = str(said_bytes)
    write_sealed(tmp_path / "sparse.tar", (hole, b"", bytes(said_bytes)))
    assert_refused(other, tmp_path / "sparse.tar")


@pytest.mark.parametrize(
    "key",
    ["public/zz-display.webp", "posters/zz.pdf", "private/../public/zz.webp", "../secret", "private/ZZ", ""],
)
def test_a_file_that_isnt_private_is_refused_before_anything_is_touched(
    other: House, tmp_path: Path, key: str
) -> None:
    """What lies among the public files is served as it is; a backup made on purpose may seal anything."""
    parts = {"files/private/zz/zz-thumb.webp": b"x", f"files/{key}": b"raw", "secret": b"0" * 64}
    with (tmp_path / "raw.tar").open("wb") as handle:
        write_archive(handle, iter(parts.items()), {"revision": "0001"})
    assert_refused(other, tmp_path / "raw.tar")
    assert not list(other.storage.files(""))


def test_a_server_that_begins_while_the_file_is_read_is_noticed(
    other: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading takes minutes; the server would go on with the secret it has read, over the rows of another."""
    server: list[House] = []

    def read_and_let_begin(file: Path, is_ours: Callable[[str, int], bool]) -> dict[str, object]:
        server.append(open_house(other.settings))
        return checked_manifest(file, is_ours)

    with (tmp_path / "saved.tar").open("wb") as handle:
        write_archive(handle, iter([("secret", b"0" * 64)]), {"revision": "0001"})
    secret = other.settings.secret_file.read_bytes()
    monkeypatch.setattr(restoring, "checked_manifest", read_and_let_begin)
    try:
        with pytest.raises(StoreInUse):
            restore_backup(other, tmp_path / "saved.tar", None)
    finally:
        for one in server:
            one.close()
    assert other.settings.secret_file.read_bytes() == secret
    assert not is_half_restored(other.settings)


BEGUN_AS_THE_SERVER_LOOKS_WHO_IS_HERE = """
import os, pathlib
from greetings.presence import Presence
look = Presence.alone_since
def look_and_let_begin(presence):
    (pathlib.Path(os.environ["GREETINGS_DATA"]) / "restoring").touch()
    return look(presence)
Presence.alone_since = look_and_let_begin
"""


@pytest.mark.parametrize("meanwhile", ["", BEGUN_AS_THE_SERVER_LOOKS_WHO_IS_HERE], ids=["before", "then"])
def test_a_server_that_was_told_to_start_before_serves_no_half_store(other: House, meanwhile: str) -> None:
    """Also where a restore begins in the instant in which the server asks whether it is alone, and has let go
    of its share in the folder to ask.
    """
    if not meanwhile:
        (other.settings.data / restoring.RESTORING).touch()
    begun = subprocess.run(
        [sys.executable, "-c", f"{meanwhile}\nimport wsgi"],
        check=False,
        cwd=CHECKOUT,
        env={**os.environ, "GREETINGS_DATA": str(other.settings.data)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (begun.returncode, begun.stdout) == (1, "")
    assert "A restore into" in begun.stderr
