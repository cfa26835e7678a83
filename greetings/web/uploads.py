"""Uploads stay in memory, within one budget of bytes for the whole process.

What was sent never touches the disk: Werkzeug would spool larger files to the temporary folder. A file over
the limit is read to its end and thrown away, so that the rest of the form is still there to be shown again.
"""

import io
import threading
from typing import Any

from flask import Request
from werkzeug.exceptions import ServiceUnavailable

RETRY_SECONDS = 15


class UploadBudget:
    """How many bytes of uploads may be in memory at once, over all requests."""

    def __init__(self, total_bytes: int) -> None:
        self.total_bytes = total_bytes
        self._taken_bytes = 0
        self._lock = threading.Lock()

    @property
    def taken_bytes(self) -> int:
        return self._taken_bytes

    def take(self, size_bytes: int) -> None:
        """Take a share, or answer 503: the house is full for a moment."""
        with self._lock:
            if self._taken_bytes + size_bytes > self.total_bytes:
                raise ServiceUnavailable(retry_after=RETRY_SECONDS)
            self._taken_bytes += size_bytes

    def give_back(self, size_bytes: int) -> None:
        with self._lock:
            self._taken_bytes -= size_bytes


class UploadedBytes(io.BytesIO):
    """One uploaded file in memory. Past `limit_bytes` nothing more is kept; `size_bytes` goes on counting."""

    def __init__(self, budget: UploadBudget, limit_bytes: int) -> None:
        super().__init__()
        self._budget = budget
        self._limit_bytes = limit_bytes
        self._taken_bytes = 0
        self.size_bytes = 0

    @property
    def is_too_large(self) -> bool:
        return self.size_bytes > self._limit_bytes

    def write(self, data: Any) -> int:
        length = len(data)
        self.size_bytes += length
        if self.is_too_large:
            self.let_go()
            return length
        self._budget.take(length)
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
        max_form_memory_size = 1_000_000
        max_form_parts = 200

        def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> UploadedBytes:
            held = UploadedBytes(budget, limit_bytes)
            self.__dict__.setdefault("held_uploads", []).append(held)
            return held

        def let_go_of_uploads(self) -> None:
            for held in self.__dict__.pop("held_uploads", []):
                held.let_go()

    return MemoryRequest
