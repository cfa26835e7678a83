"""A disk with only so much left: as the program measures it, or as it is met in the middle of writing."""

import shutil
from types import SimpleNamespace

import pytest

from greetings.storage import Storage, StorageFull


def leave_free(monkeypatch: pytest.MonkeyPatch, free_bytes: int, total_bytes: int = 10**12) -> None:
    facts = SimpleNamespace(total=total_bytes, used=total_bytes - free_bytes, free=free_bytes)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: facts)


def full_after(monkeypatch: pytest.MonkeyPatch, storage: Storage, files: int) -> None:
    """Let so many files in, and no more."""
    put, calls = storage.put, iter(range(100))

    def put_while_there_is_room(key: str, data: bytes) -> None:
        if next(calls) >= files:
            raise StorageFull
        put(key, data)

    monkeypatch.setattr(storage, "put", put_while_there_is_room)
