"""Uploads that stall, trickle, break off, explode or come all at once, while somebody looks at the gallery."""

import http.client
import io
import socket
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache

from PIL import Image

from greetings.web.arrivals import SMALL_BODY_BYTES
from tests.soak.corpus import BOUNDARY, PATH, Supporter, form_body
from tests.soak.server import Server

GALLERY = "/ales/en/greetings/"
DECLARED_BYTES = 5_000_000
SOME_BYTES = 100_000
TRICKLE_SECONDS = 1.0
PATIENCE_SECONDS = 60


def everyday_photo() -> bytes:
    """As large as one that was shrunk on the device: a few hundred kilobytes."""
    held = io.BytesIO()
    Image.effect_noise((900, 700), 60).convert("RGB").save(held, "JPEG", quality=80)
    assert len(held.getvalue()) > SMALL_BODY_BYTES
    return held.getvalue()


@cache
def bomb() -> bytes:
    """A PNG of a few kilobytes and 49 megapixels."""
    side_px = 7_000
    packed = zlib.compress(bytes((side_px * 3 + 1) * side_px), 9)

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@dataclass
class Crowd:
    """Connections whose uploads hang in the middle."""

    port: int
    stalled: list[socket.socket] = field(default_factory=list)
    trickling: list[socket.socket] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def gather(self, stalled: int, trickling: int, broken_off: int) -> None:
        self.stalled += [self._begin(SOME_BYTES) for _ in range(stalled)]
        self.trickling += [self._begin(100) for _ in range(trickling)]
        for _ in range(broken_off):
            self._begin(SOME_BYTES).close()
        if trickling:
            threading.Thread(target=self._trickle, args=(self._stop,), daemon=True).start()

    def _begin(self, some_bytes: int) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port))
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Length: {DECLARED_BYTES}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
        )
        body = form_body(b"none", bytes(some_bytes)).rpartition(b"\r\n--")[0]
        connection.sendall(head.encode() + body)
        return connection

    def _trickle(self, stop: threading.Event) -> None:
        while not stop.wait(TRICKLE_SECONDS):
            for connection in list(self.trickling):
                with suppress(OSError):
                    connection.sendall(b"x")

    def still_held(self) -> int:
        """How many of those connections the server keeps open without an answer."""
        return sum(_is_silent(connection) for connection in (*self.stalled, *self.trickling))

    def disperse(self) -> None:
        """All go; others may gather afterwards."""
        self._stop.set()
        for connection in (*self.stalled, *self.trickling):
            connection.close()
        self.stalled, self.trickling, self._stop = [], [], threading.Event()


def _is_silent(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        with suppress(OSError):
            connection.setblocking(True)
    return False


@contextmanager
def bombs_in_the_air(server: Server, number: int) -> Iterator[Counter[int]]:
    """Keep so many bombs on their way in until the block ends; yields how they were answered."""
    data, stop = bomb(), threading.Event()
    answers: Counter[int] = Counter()

    def throw() -> None:
        supporter = Supporter(server.url)
        while not stop.is_set():
            try:
                status, _, _ = supporter.send(data, "bomb.png")
                answers[status] += 1
            except (OSError, http.client.HTTPException, AssertionError):
                answers[0] += 1
        supporter.close()

    threads = [threading.Thread(target=throw) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def look_at_gallery(server: Server, seconds: float) -> list[float]:
    """Seconds that each look took, one after the other, each over a connection of its own."""
    looks: list[float] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", f"{GALLERY}?q={len(looks)}")  # a page that no cache has
            answer = connection.getresponse()
            answer.read()
            assert answer.status == http.client.OK, f"the gallery answered {answer.status}"
        finally:
            connection.close()
        looks.append(time.monotonic() - began)
    return looks


def all_at_once(server: Server, number: int) -> Counter[int]:
    """So many people press the button in the same moment; how each was answered. A 503 says when to come again."""
    data, start = everyday_photo(), threading.Barrier(number)

    def send() -> int:
        supporter = Supporter(server.url)
        try:
            start.wait()
            status, page, _ = supporter.send(data)
            if status == http.client.SERVICE_UNAVAILABLE:
                assert b"second" in page
            return status
        finally:
            supporter.close()

    with ThreadPoolExecutor(number) as pool:
        return Counter(future.result() for future in [pool.submit(send) for _ in range(number)])
