"""Hangs up on connections whose request doesn't come.

A thread that waits in the server for the rest of a body can't be called back; it wakes when its connection
ends. The server doesn't say which connection a request came by, but the kernel tells of each when it was
last heard of, how much came, and whether anything was answered since. Linux only, as the whole sandbox is.
"""

import os
import socket
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path("/proc/self/fd")
# linux/tcp.h, struct tcp_info: milliseconds since data was sent and received; bytes acknowledged and received
_INFO_BYTES = 136
_SENT_AT, _RECEIVED_AT, _COUNTS_AT = 44, 52, 120
_NUMBER, _COUNTS = struct.Struct("=I"), struct.Struct("=QQ")
_MOMENT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """What the kernel knows of one connection. `number` stays the same as long as it lasts."""

    number: str
    silent_seconds: float
    answer_age_seconds: float
    answered_bytes: int
    received_bytes: int

    @property
    def is_unanswered(self) -> bool:
        """Whether something came since we last sent anything: a request that is being read or answered."""
        was_answered_since = self.answered_bytes > 0 and self.answer_age_seconds <= self.silent_seconds
        return self.received_bytes > 0 and not was_answered_since


@dataclass(frozen=True, slots=True)
class _Mark:
    """How a connection stood when it was first seen with as much answered as now."""

    at: float
    answered_bytes: int
    received_bytes: int


class Laggards:
    """Which connections have had their time.

    One that trickles is known by what came: next to nothing, and no answer went out meanwhile. One that is
    silent may also be waiting for us: so as many of those are given up as there are reads that wait in vain,
    and where it isn't clear which they are, only those that are silent for much longer than we ever need.
    """

    def __init__(self, patience_seconds: float, least_bytes: int, longest_seconds: float) -> None:
        self._patience_seconds = patience_seconds
        self._least_bytes = least_bytes
        self._longest_seconds = longest_seconds
        self._marks: dict[str, _Mark] = {}

    def among(self, lines: Sequence[Line], waiting_since: Sequence[float], now: float) -> set[str]:
        """The numbers of lines to hang up on, given since when reads have been waiting (monotonic)."""
        stuck = [since for since in waiting_since if now - since >= self._patience_seconds]
        self._marks = {line.number: self._mark(line, now) for line in lines}
        if not stuck:
            return set()
        unanswered = [line for line in lines if line.is_unanswered]
        trickling = {line.number for line in unanswered if self._trickles(line, now)}
        silent = [
            line
            for line in unanswered
            if line.silent_seconds >= self._patience_seconds
            and now - line.silent_seconds >= min(stuck) - _MOMENT_SECONDS
        ]
        if len(silent) > len(stuck) - len(trickling):
            silent = [line for line in silent if line.silent_seconds >= self._longest_seconds]
        return trickling | {line.number for line in silent}

    def _mark(self, line: Line, now: float) -> _Mark:
        known = self._marks.get(line.number)
        if known is not None and known.answered_bytes == line.answered_bytes:
            return known
        return _Mark(now, line.answered_bytes, line.received_bytes)

    def _trickles(self, line: Line, now: float) -> bool:
        mark = self._marks[line.number]
        came = line.received_bytes - mark.received_bytes
        return now - mark.at >= self._patience_seconds and 0 < came < self._least_bytes


def look(laggards: Laggards, port: int, waiting_since: Sequence[float]) -> int:
    """Hang up on whoever has had their time on this port; returns how many they were."""
    with_sockets = list(_lines(port))
    try:
        late = laggards.among([line for line, _ in with_sockets], waiting_since, time.monotonic())
        for line, connection in with_sockets:
            if line.number in late:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        return len(late)
    finally:
        for _, connection in with_sockets:
            connection.close()


def _lines(port: int) -> Iterator[tuple[Line, socket.socket]]:
    """Every connection of this process to that port, each with a handle of our own on it."""
    seen: set[str] = set()  # our own handles show up in the folder as well
    for descriptor in _FOLDER.iterdir():
        with suppress(OSError):
            number = str(descriptor.readlink())
            if number in seen or not number.startswith("socket:"):
                continue
            seen.add(number)
            connection = socket.socket(fileno=os.dup(int(descriptor.name)))
            line = _line(connection, number, port)
            if line is None:
                connection.close()
            else:
                yield line, connection


def _line(connection: socket.socket, number: str, port: int) -> Line | None:
    """What the kernel knows of it; None for what is no connection to that port."""
    try:
        if connection.family not in {socket.AF_INET, socket.AF_INET6} or connection.getsockname()[1] != port:
            return None
        connection.getpeername()
        told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
        return Line(number, *_numbers(told))
    except (OSError, struct.error):
        return None


def _numbers(told: bytes) -> tuple[float, float, int, int]:
    sent_ms, received_ms = (_NUMBER.unpack_from(told, place)[0] for place in (_SENT_AT, _RECEIVED_AT))
    answered_bytes, received_bytes = _COUNTS.unpack_from(told, _COUNTS_AT)
    return received_ms / 1000, sent_ms / 1000, answered_bytes, received_bytes
