"""What is on its way in: how many bodies at a time, how slowly at most, and an end to those that stall.

The server reads a body in the thread that answers it, and waits there for as long as its sender likes. So a
body may only be read in one of a bounded number of places, for which there are threads beside those that
answer pages: however many uploads hang, the gallery has its own. Who finds no place is asked to come again;
no network holds more of them than it leaves to others.
A body that comes in slower than any telephone is given up, and one that doesn't come at all is hung up on.
"""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import Enum, auto
from io import BytesIO
from typing import Any, Protocol

from werkzeug.exceptions import RequestTimeout, ServiceUnavailable
from werkzeug.http import parse_options_header

from greetings.web.laggards import Laggards, look
from greetings.web.limits import network_in
from greetings.web.origin import SAFE_METHODS
from greetings.web.shares import Share, Shares

RETRY_SECONDS = 15
# decisions, codes and written words have places of their own, so that a crowd with photos can't block them
SMALL_BODY_BYTES = 64 * 1024
SMALL_PLACES = 32

# who finds no place with photos, or brings too much, may still say this much, at the door: the words, so that
# they come back
DOOR_PLACES = 16
DOOR_BYTES = 64 * 1024
# so much over the limit is no body: our proxy says that there was one, and none of it will come
SAID_ONLY_BYTES = 1

PIECE_BYTES = 16 * 1024
GRACE_SECONDS = 30.0
LEAST_BYTES_PER_SECOND = 1_000
LONGEST_SECONDS = 900.0
SILENT_LONGEST_SECONDS = 300.0
LOOK_SECONDS = 5.0
LET_PASS_SECONDS = 1.0

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Coming(Enum):
    """How much of a form's body comes in: all of it, or its beginning only, and why."""

    WHOLE = auto()
    CROWDED = auto()
    TOO_LARGE = auto()


class Input(Protocol):
    """The server's end of a body."""

    def read(self, size: int, /) -> bytes: ...


class Places:
    """The bodies that are being read at this moment, at most so many large and so many small ones."""

    def __init__(self, large: int, small: int = SMALL_PLACES, door: int = DOOR_PLACES) -> None:
        self._large = Shares(large)
        self._door = Shares(door)
        self._small = Shares(small)
        self._waiting_since: dict[int, float] = {}

    def take(self, length_bytes: int | None, network: str = "") -> Share:
        """A place for a body of this length from this network; answers 503 where none is to be had."""
        is_small = length_bytes is not None and length_bytes <= SMALL_BODY_BYTES
        return _had(self._small if is_small else self._large, network)

    def take_at_the_door(self, network: str = "") -> Share:
        """A place for the beginning of a body that found no other; answers 503 where none is either."""
        return _had(self._door, network)

    def waits(self, body: "ArrivingBody") -> None:
        self._waiting_since[id(body)] = time.monotonic()

    def waits_no_longer(self, body: "ArrivingBody") -> None:
        self._waiting_since.pop(id(body), None)

    def waiting_since(self, seconds: float) -> list[float]:
        """Since when each read waits that has waited for so long already."""
        before = time.monotonic() - seconds
        return [since for since in list(self._waiting_since.values()) if since < before]


def _had(shares: Shares, network: str) -> Share:
    place = shares.take(network)
    if place is None:
        raise ServiceUnavailable(retry_after=RETRY_SECONDS)
    return place


class ArrivingBody:
    """A body that needs a place to be read, and keeps a pace."""

    def __init__(self, input_: Input, length_bytes: int | None, places: Places, network: str = "") -> None:
        self._input = input_
        self._sent_bytes = length_bytes
        self._places = places
        self._network = network
        self._place: Share | None = None
        self._began = 0.0
        self._read_bytes = 0
        self._is_over = False
        self._rest: BytesIO | None = None

    @property
    def length_bytes(self) -> int | None:
        """How many bytes there are to read; None where the request doesn't say."""
        return self._sent_bytes if self._rest is None else len(self._rest.getbuffer())

    def enter(self, boundary: bytes) -> bool:
        """Take a place for a form with files; without one, read only its beginning, up to the last part that
        is whole, and be that from now on. Returns whether all of it can be read. Raises 503 like `read`.
        """
        try:
            self._take()
        except ServiceUnavailable:
            if not boundary:
                raise
        else:
            return True
        self.enter_at_the_door(boundary)
        self.leave()
        return False

    def enter_at_the_door(self, boundary: bytes) -> None:
        """Read only its beginning, up to the last part that is whole, and be that from now on. The place is
        kept, so that the rest can pass.
        """
        self._place, self._began = self._places.take_at_the_door(self._network), time.monotonic()
        beginning = b""
        while len(beginning) < DOOR_BYTES and (piece := self._read_on(DOOR_BYTES - len(beginning))):
            beginning += piece
        end = beginning.rfind(b"\r\n--" + boundary)
        self._rest = BytesIO(beginning[: max(end, 0)] + b"\r\n--" + boundary + b"--\r\n")

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes, less where they come slowly; raises 503 without a place, 408 if too slow."""
        if self._rest is not None:
            return self._rest.read(size)
        if size < 0:
            return b"".join(iter(lambda: self.read(PIECE_BYTES), b""))
        return self._read_on(size)

    def _read_on(self, size: int) -> bytes:
        if self._is_over:
            return b""
        if self._place is None:
            self._take()
        piece = self._piece(min(size, PIECE_BYTES))
        self._read_bytes += len(piece)
        if not piece or self._read_bytes == self._sent_bytes:
            self._is_over = True
        else:
            self._check_pace()
        return piece

    def let_the_rest_pass(self) -> None:
        """Read on for a moment when an answer is made before a body that was begun has come to its end.

        A connection that is closed while bytes are on their way takes the answer with it, and a proxy on a
        quick line would say that nobody answered. On a slow line the answer is there long before that.
        """
        until = time.monotonic() + LET_PASS_SECONDS
        with suppress(RequestTimeout, OSError):
            while self._place and self._read_bytes and not self._is_over and time.monotonic() < until:
                self._read_on(PIECE_BYTES)

    def leave(self) -> None:
        """Make room for the next, once this one is answered; safe to call twice."""
        self._is_over = True
        place, self._place = self._place, None
        if place is not None:
            place.release()

    def _take(self) -> None:
        self._place, self._began = self._places.take(self._sent_bytes, self._network), time.monotonic()

    def _piece(self, size: int) -> bytes:
        self._places.waits(self)
        try:
            return self._input.read(size)
        finally:
            self._places.waits_no_longer(self)

    def _check_pace(self) -> None:
        seconds = time.monotonic() - self._began
        is_slow = seconds > GRACE_SECONDS and self._read_bytes < seconds * LEAST_BYTES_PER_SECOND
        if is_slow or seconds > LONGEST_SECONDS:
            self._is_over = True
            raise RequestTimeout


def how_it_comes_in(environ: dict[str, Any], most_bytes: int) -> Coming:
    """Before a form is read whose words come before its files: whether all of it can be read.

    If not, only its beginning can, and whoever asked must answer that the house is full, or that it is too
    much, with these words in the form. Raises 503 where even that is too much.
    """
    body = environ["wsgi.input"]
    if not isinstance(body, ArrivingBody):
        return Coming.WHOLE
    _, options = parse_options_header(environ.get("CONTENT_TYPE"))
    boundary = options.get("boundary", "").encode("latin-1", "replace")
    coming = Coming.CROWDED
    if boundary and (body.length_bytes or 0) > most_bytes + SAID_ONLY_BYTES:
        body.enter_at_the_door(boundary)
        coming = Coming.TOO_LARGE
    elif body.enter(boundary):
        return Coming.WHOLE
    environ["CONTENT_LENGTH"] = str(body.length_bytes)
    return coming


class Arrivals:
    """Stands in front of the application and hands it every body as an `ArrivingBody`."""

    def __init__(self, application: Application, places: Places) -> None:
        self._application = application
        self._places = places

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in SAFE_METHODS:
            return self._application(environ, start_response)
        body = ArrivingBody(environ["wsgi.input"], _length_bytes(environ), self._places, network_in(environ))
        environ["wsgi.input"] = body
        try:
            answer = self._application(environ, start_response)
            body.let_the_rest_pass()
        finally:
            body.leave()
        return answer


def watch_laggards(places: Places, port: int) -> None:
    """Hang up, from now on and in a thread of its own, on connections whose body doesn't come."""
    laggards = Laggards(GRACE_SECONDS, PIECE_BYTES, SILENT_LONGEST_SECONDS)

    def watch() -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            waiting_since = places.waiting_since(LOOK_SECONDS)
            if waiting_since:
                look(laggards, port, waiting_since)

    threading.Thread(target=watch, name="laggards", daemon=True).start()


def _length_bytes(environ: dict[str, Any]) -> int | None:
    """The length that the request declares; None where it doesn't, and for what is no length."""
    text = environ.get("CONTENT_LENGTH", "")
    return int(text) if text.isascii() and text.isdigit() else None
