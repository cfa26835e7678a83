"""Uploads stay in memory, within one budget of bytes for the whole process.

What was sent never touches the disk: Werkzeug would spool larger files to the temporary folder. A file over
the limit, or for which no room is left, is read to its end and thrown away, so that the rest of the form is
still there to be shown again.
"""

import io
import threading
from typing import Any

from flask import Request

from greetings.web.context import roll_back


class UploadBudget:
    """How many bytes of uploads may be in memory at once, over all requests."""

    def __init__(self, total_bytes: int) -> None:
        self.total_bytes = total_bytes
        self._taken_bytes = 0
        self._lock = threading.Lock()

    @property
    def taken_bytes(self) -> int:
        return self._taken_bytes

    def take(self, size_bytes: int) -> bool:
        """Take a share; False where that much is not free."""
        with self._lock:
            if self._taken_bytes + size_bytes > self.total_bytes:
                return False
            self._taken_bytes += size_bytes
            return True

    def give_back(self, size_bytes: int) -> None:
        with self._lock:
            self._taken_bytes -= size_bytes


class UploadedBytes(io.BytesIO):
    """One uploaded file in memory. Past `limit_bytes`, or without room in the budget, nothing of it is kept;
    `size_bytes` goes on counting.
    """

    def __init__(self, budget: UploadBudget, limit_bytes: int) -> None:
        super().__init__()
        self._budget = budget
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
            self.has_no_room = not self._budget.take(length)
        if self.is_too_large or self.has_no_room:
            self.let_go()
            return length
        self._taken_bytes += length
        return super().write(data)

    def let_go(self) -> None:
        """Forget the bytes and give their share of the budget back; safe to call twice."""
        self.seek(0)
        self.truncate()
        self._budget.give_back(self._taken_bytes)
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
            held = UploadedBytes(budget, limit_bytes)
            self.__dict__.setdefault("held_uploads", []).append(held)
            return held

        def let_go_of_uploads(self) -> None:
            for held in self.__dict__.pop("held_uploads", []):
                held.let_go()

    return MemoryRequest
