"""Uploads stay in memory, within one budget of bytes for the whole process.

What was sent never touches the disk: Werkzeug would spool larger files to the temporary folder. A file over
the limit, or for which no room is left, is read to its end and thrown away, so that the rest of the form is
still there to be shown again.
"""

import io
import threading
from collections import Counter
from typing import Any

from flask import Request

from greetings.web.context import roll_back
from greetings.web.limits import network_in


class UploadBudget:
    """How many bytes of uploads may be in memory at once, over all requests. No network holds more of them
    than it leaves to others, unless they are too few for two sendings (of `sending_bytes`) at a time.
    """

    def __init__(self, total_bytes: int, sending_bytes: int = 0) -> None:
        self.total_bytes = total_bytes
        self._always_bytes = sending_bytes if total_bytes < 2 * sending_bytes else 0
        self._held: Counter[str] = Counter()
        self._taken_bytes = 0
        self._lock = threading.Lock()

    @property
    def taken_bytes(self) -> int:
        return self._taken_bytes

    def take(self, size_bytes: int, network: str = "") -> bool:
        """Take a share for somebody of this network; False where that much is not to be had. Without one (it
        may be anyone's) all that is free may be had.
        """
        with self._lock:
            free = self.total_bytes - self._taken_bytes
            held = self._held[network] if network else 0
            if size_bytes > free or held + size_bytes > max(free, self._always_bytes):
                return False
            self._count(size_bytes, network)
            return True

    def give_back(self, size_bytes: int, network: str = "") -> None:
        with self._lock:
            self._count(-size_bytes, network)

    def _count(self, size_bytes: int, network: str) -> None:
        self._taken_bytes += size_bytes
        self._held[network] += size_bytes
        if not self._held[network]:
            del self._held[network]  # nothing is known of who was here


class UploadedBytes(io.BytesIO):
    """One uploaded file in memory. Past `limit_bytes`, or without room in the budget, nothing of it is kept;
    `size_bytes` goes on counting. `network` is whose it counts for.
    """

    def __init__(self, budget: UploadBudget, limit_bytes: int, network: str = "") -> None:
        super().__init__()
        self._budget = budget
        self.network = network
        self._limit_bytes = limit_bytes
        self._taken_bytes = 0
        self.size_bytes = 0
        self.has_no_room = False

    @property
    def is_too_large(self) -> bool:
        return self.size_bytes > self._limit_bytes

    def write(self, data: Any) -> int:
        length = len(data)
        self.size_bytes += length
        if not self.is_too_large and not self.has_no_room:
            self.has_no_room = not self._budget.take(length, self.network)
        if self.is_too_large or self.has_no_room:
            self.let_go()
            return length
        self._taken_bytes += length
        return super().write(data)

    def let_go(self) -> None:
        """Forget the bytes and give their share of the budget back; safe to call twice."""
        self.seek(0)
        self.truncate()
        self._budget.give_back(self._taken_bytes, self.network)
        self._taken_bytes = 0


def request_class(budget: UploadBudget, limit_bytes: int) -> type[Request]:
    """A request class whose uploads are held as `UploadedBytes`."""

    class MemoryRequest(Request):
        max_form_memory_size = 250_000
        max_form_parts = 200

        def _load_form_data(self) -> None:
            """Read the body, which may take its sender minutes: no transaction stands open meanwhile. Where
            there is none to read, what was done and read so far stays.
            """
            if "form" not in self.__dict__ and self.want_form_data_parsed:
                roll_back()
            super()._load_form_data()

        def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> UploadedBytes:
            held = UploadedBytes(budget, limit_bytes, network_in(self.environ))
            self.__dict__.setdefault("held_uploads", []).append(held)
            return held

        def let_go_of_uploads(self) -> None:
            for held in self.__dict__.pop("held_uploads", []):
                held.let_go()

    return MemoryRequest
