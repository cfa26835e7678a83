"""The storage contract as types; `greetings.storage` says it in words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from greetings.errors import GreetingsError

KEY = re.compile(r"(?:[a-z0-9][a-z0-9_-]*/)+[a-z0-9][a-z0-9_-]*\.[a-z0-9]+")


class StorageFull(GreetingsError):
    """There is no room left for the bytes; nothing was kept."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A key with what the back end knows of it: size in bytes, moment of the last change (aware UTC)."""

    key: str
    size_bytes: int
    changed_at: datetime


class Storage(Protocol):
    """What every back end can do."""

    def put(self, key: str, data: bytes) -> None: ...

    def copy(self, key: str, to_key: str) -> None: ...

    def copy_all(self, names: Iterable[tuple[str, str]]) -> None: ...

    def read(self, key: str) -> bytes: ...

    def exists(self, key: str) -> bool: ...

    def delete(self, *keys: str) -> None: ...

    def files(self, prefix: str) -> Iterator[StoredFile]: ...


def is_key(text: str) -> bool:
    """Whether a word has the form of a key."""
    return KEY.fullmatch(text) is not None


def check_key(key: str) -> str:
    """Return the key if it has the form the contract asks for; anything else is a mistake of ours."""
    if not is_key(key):
        raise ValueError("That is no storage key.")
    return key
