"""The file of a backup: many parts, and none of them kept in mind."""

import hashlib
import io
import json
import tarfile
import tracemalloc
from pathlib import Path

import pytest

from greetings.operations.archive import (
    FORMAT,
    BackupUnusable,
    Seal,
    checked_manifest,
    read_parts,
    write_archive,
)

PARTS = 5_000


def test_of_many_parts_none_is_kept_in_mind(tmp_path: Path):
    file = tmp_path / "saved.tar"
    tracemalloc.start()
    try:
        with file.open("wb") as handle:
            parts = ((f"files/private/zz/{number:020}-thumb.webp", b"x") for number in range(PARTS))
            assert write_archive(handle, parts, {"revision": "0001"}) == PARTS
        manifest = checked_manifest(file)
        read = sum(size for name, size, _held in read_parts(file) if name.startswith("files/"))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (manifest["revision"], manifest["parts"], read) == ("0001", PARTS, PARTS)
    assert most < 2_000_000


def write_by_hand(file: Path, parts: dict[str, bytes], manifest: dict[str, object]) -> None:
    with tarfile.open(file, "w") as archive:
        for name, data in {**parts, "manifest.json": json.dumps(manifest).encode()}.items():
            part = tarfile.TarInfo(name)
            part.size = len(data)
            archive.addfile(part, io.BytesIO(data))


def test_of_an_older_backup_every_part_has_its_digest_and_every_digest_its_part(tmp_path: Path):
    file, digest = tmp_path / "older.tar", hashlib.sha256(b"x").hexdigest()
    for parts, digests, is_whole in (
        ({"one": b"x"}, {"one": digest}, True),
        ({"one": b"x"}, {"one": digest, "two": digest}, False),
        ({"one": b"x", "two": b"x"}, {"one": digest}, False),
        ({"one": b"y"}, {"one": digest}, False),
    ):
        write_by_hand(file, parts, {"format": 1, "digests": digests})
        if is_whole:
            assert checked_manifest(file)["parts"] == 1
        else:
            with pytest.raises(BackupUnusable, match="missing or was changed"):
                checked_manifest(file)


def test_a_format_that_nobody_knows_yet_is_refused_however_well_it_is_sealed(tmp_path: Path):
    file = tmp_path / "saved.tar"
    for format_, is_known in ((FORMAT, True), (FORMAT + 1, False), ("2", False)):
        write_by_hand(file, {}, {"format": format_, **Seal().facts()})
        if is_known:
            assert checked_manifest(file)["parts"] == 0
        else:
            with pytest.raises(BackupUnusable):
                checked_manifest(file)


def test_the_same_bytes_parted_otherwise_are_sealed_otherwise():
    """Else a border between two parts could be moved, and what was a name become what it holds."""
    seals = []
    for parts in ([("a", b"b\n"), ("c", b"")], [("a", b""), ("b", b"c\n")]):
        seal = Seal()
        for name, data in parts:
            seal.begin(name, len(data))
            seal.add(data)
        seals.append(seal.facts())
    assert seals[0]["parts"] == seals[1]["parts"]
    assert seals[0]["digest"] != seals[1]["digest"]
