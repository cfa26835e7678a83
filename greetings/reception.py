"""Who takes requests in: of the server's many threads one at a time, while the others answer or rest.

The server hands each request to whichever of its threads is free. A page kept ready is a look into memory,
and with many threads at it most of the time went into waking them and into their quarrel for the
interpreter. So one thread, the receiver, answers such pages by itself. What takes time, a body on its way in
above all, it answers as well, but first another thread takes its place. A thread that has answered and isn't
needed rests before it goes back to the server for more.

Nobody rests for long, so whatever becomes of a receiver, somebody takes requests in a moment later.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

REST_SECONDS = 5.0
SERVER_KEEPS_SECONDS = 30  # a thread that gets no request for so long is let go by the server
GONE_AFTER_SECONDS = SERVER_KEEPS_SECONDS - 10.0


class ReadyAnswer(Protocol):
    """An answer that only has to be sent."""

    @property
    def headers(self) -> list[tuple[str, str]]: ...

    @property
    def data(self) -> bytes: ...


class Exchange(Protocol):
    """The server's end of one request."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes, /) -> None: ...


class Reception:
    """What the server calls with each request: `find_answer` tells what lies ready, `answer` does others."""

    def __init__(
        self,
        find_answer: Callable[[Mapping[str, Any]], ReadyAnswer | None],
        answer: Callable[[Any, dict[str, Any]], object],
        rest_seconds: float = REST_SECONDS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._find_answer = find_answer
        self._answer = answer
        self._rest_seconds = rest_seconds
        self._seconds = seconds
        self._changed = threading.Condition()
        self._receiver: int | None = None
        self._seen_at = float("-inf")

    def __call__(self, exchange: Exchange, environ: dict[str, Any]) -> None:
        ready = self._find_answer(environ)
        if ready is None:
            self._hand_over()
            try:
                self._answer(exchange, environ)
            finally:
                self._rest_unless_needed()
            return
        exchange.response_bytes(200, ready.headers, ready.data)
        if self._receiver == threading.get_ident():
            self._seen_at = self._seconds()
        else:
            self._rest_unless_needed()

    def _hand_over(self) -> None:
        if self._receiver == threading.get_ident():
            with self._changed:
                self._receiver = None
                self._changed.notify()

    def _rest_unless_needed(self) -> None:
        with self._changed:
            self._changed.wait_for(self._is_needed, self._rest_seconds)
            if self._is_needed():
                self._receiver, self._seen_at = threading.get_ident(), self._seconds()

    def _is_needed(self) -> bool:
        return self._receiver is None or self._seconds() - self._seen_at > GONE_AFTER_SECONDS
