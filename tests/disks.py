"""A disk with only so much left, as the program measures it."""

import shutil
from types import SimpleNamespace

import pytest


def leave_free(monkeypatch: pytest.MonkeyPatch, free_bytes: int, total_bytes: int = 10**12) -> None:
    facts = SimpleNamespace(total=total_bytes, used=total_bytes - free_bytes, free=free_bytes)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: facts)
