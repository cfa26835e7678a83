"""Files in memory: for tests of what stands above, held to the same contract."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from greetings.errors import NotFound
from greetings.storage.contract import StoredFile, check_key


class MemoryStorage:
    """The contract on a dictionary."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[bytes, datetime]] = {}

    def put(self, key: str, data: bytes) -> None:
        self._files[check_key(key)] = (bytes(data), datetime.now(UTC))

    def copy(self, key: str, to_key: str) -> None:
        self.put(to_key, self.read(key))

    def copy_all(self, names: Iterable[tuple[str, str]]) -> None:
        for key, to_key in names:
            self.copy(key, to_key)

    def read(self, key: str) -> bytes:
        try:
            return self._files[check_key(key)][0]
        except KeyError as error:
            raise NotFound(key) from error

    def exists(self, key: str) -> bool:
        return check_key(key) in self._files

    def delete(self, *keys: str) -> None:
        for key in keys:
            self._files.pop(check_key(key), None)

    def files(self, prefix: str) -> Iterator[StoredFile]:
        for key, (data, changed_at) in list(self._files.items()):
            if key.startswith(f"{prefix.rstrip('/')}/"):
                yield StoredFile(key, len(data), changed_at)
