"""A tar file of named parts, written and read one after another: however many there are, one is in memory.

The last part is the manifest. It says what the file is, and holds one digest of all parts before it in their
order, so that none can be missing, changed or added.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from greetings.errors import GreetingsError

FORMAT = 2
FORMAT_WITH_A_DIGEST_EACH = 1  # an older one, which is read all the same
MANIFEST = "manifest.json"
BYTES_AT_ONCE = 1_000_000
LARGEST_MANIFEST_BYTES = 200_000_000  # the older one holds a line for each part
NOT_WHOLE = "This file is not a whole backup."


class BackupUnusable(GreetingsError):
    """The file isn't a whole backup of ours."""


class Seal:
    """One digest of parts in their order, and how many they are."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.parts = 0

    def begin(self, name: str, size: int) -> None:
        """What comes now is the part of this name; its bytes follow."""
        self._digest.update(f"{size} {name}\n".encode())
        self.parts += 1

    def add(self, data: bytes) -> None:
        self._digest.update(data)

    def facts(self) -> dict[str, Any]:
        """What the manifest says."""
        return {"parts": self.parts, "digest": self._digest.hexdigest()}


def write_archive(handle: IO[bytes], parts: Iterator[tuple[str, bytes]], facts: dict[str, Any]) -> int:
    """Write all parts and the manifest with these facts; the number of the parts."""
    seal = Seal()
    with tarfile.open(fileobj=handle, mode="w|") as archive:
        for name, data in parts:
            seal.begin(name, len(data))
            seal.add(data)
            _add(archive, name, data)
        manifest = {"format": FORMAT, **facts, **seal.facts()}
        _add(archive, MANIFEST, json.dumps(manifest, indent=1).encode())
    return seal.parts


def checked_manifest(file: Path, is_ours: Callable[[str, int], bool] = lambda *_: True) -> dict[str, Any]:
    """What the manifest says, with the number of `parts`, once the whole file was read and is as it says, and
    every part has a name and a size that `is_ours`.
    """
    try:
        manifest = _manifest(file, is_ours)
        is_as_saved = _is_sealed(file, manifest)
    except (tarfile.TarError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise BackupUnusable(NOT_WHOLE) from error
    if not is_as_saved:
        raise BackupUnusable("This file is not what was saved: a part is missing or was changed.")
    return manifest


def read_parts(file: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Name, size and bytes of every part, the manifest last; what of one isn't read is passed over.

    Only what we write is understood, a header and the bytes after it. So there is nothing by which few bytes
    could stand for many, lead to another place, or have to be held before it is known what they are.
    """
    if not file.is_file():  # of a pipe or a device there is no end, and no second reading
        raise BackupUnusable(NOT_WHOLE)
    with file.open("rb") as handle:
        while True:
            try:
                member = tarfile.TarInfo.frombuf(handle.read(tarfile.BLOCKSIZE), "utf-8", "surrogateescape")
            except tarfile.TarError as error:
                raise BackupUnusable(NOT_WHOLE) from error
            if member.type != tarfile.REGTYPE or member.size < 0:
                raise BackupUnusable(NOT_WHOLE)
            begin = handle.tell()
            yield member.name, member.size, io.BufferedReader(_Held(handle, member.size))
            if member.name == MANIFEST:
                return
            handle.seek(begin + -(-member.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE)


class _Held(io.RawIOBase):
    """The bytes of one part, of which none may be missing."""

    def __init__(self, handle: IO[bytes], size: int) -> None:
        self._handle, self._left = handle, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._handle.read(min(self._left, len(buffer)))
        if self._left and not data:
            raise BackupUnusable(NOT_WHOLE)
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)


def _manifest(file: Path, is_ours: Callable[[str, int], bool]) -> dict[str, Any]:
    for name, size, held in read_parts(file):
        if name == MANIFEST:
            if size > LARGEST_MANIFEST_BYTES:
                raise ValueError(MANIFEST)
            manifest: dict[str, Any] = json.loads(held.read(size))
            if manifest["format"] == FORMAT_WITH_A_DIGEST_EACH:
                manifest["parts"] = len(manifest["digests"])
            return manifest
        if not is_ours(name, size):
            raise ValueError(name)
    raise KeyError(MANIFEST)


def _is_sealed(file: Path, manifest: dict[str, Any]) -> bool:
    if manifest["format"] == FORMAT_WITH_A_DIGEST_EACH:
        left = dict(manifest["digests"])
        parts = ((name, held) for name, _size, held in read_parts(file) if name != MANIFEST)
        return all(left.pop(name, "") == _digest(held) for name, held in parts) and not left
    if manifest["format"] != FORMAT:
        return False
    seal = Seal()
    for name, size, held in read_parts(file):
        if name == MANIFEST:
            continue
        seal.begin(name, size)
        while data := held.read(BYTES_AT_ONCE):
            seal.add(data)
    return manifest.items() >= seal.facts().items()


def _digest(held: IO[bytes]) -> str:
    return hashlib.file_digest(held, "sha256").hexdigest()  # type: ignore[arg-type]


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    member.mode = 0o600
    archive.addfile(member, io.BytesIO(data))
    archive.members = []  # type: ignore[attr-defined]  # it keeps what it wrote in mind, a kilobyte a part
