"""The file of a backup: many parts, and none of them kept in mind."""

import tracemalloc
from pathlib import Path

from greetings.operations.archive import checked_manifest, read_parts, write_archive

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
