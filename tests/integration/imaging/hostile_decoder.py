"""A decoder that an attacker has taken over: does what the file says, from inside the confined child.

Loaded by the warm process instead of the real decoder. A forbidden act that is refused is answered with
`broken`, one that succeeds with `not_a_picture`.
"""

import ctypes
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from greetings.imaging import PictureRefused, Refusal
from greetings.imaging.decoder import prepare
from greetings.imaging.decoder import take_in as honest_take_in
from greetings.imaging.protocol import Drawn, Request

__all__ = ["prepare", "redraw", "take_in"]

redraw = honest_take_in

_MOST_DESCRIPTORS = 2000


def take_in(untrusted_file: bytes, request: Request) -> Drawn:
    order = untrusted_file.partition(b"do:")[2].decode()
    if not order:
        return honest_take_in(untrusted_file, request)
    if order in FORBIDDEN:
        raise PictureRefused(Refusal.BROKEN if _is_refused(FORBIDDEN[order]) else Refusal.NOT_A_PICTURE)
    return MISDEEDS[order]()


def _is_refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except (OSError, RuntimeError, MemoryError):
        return True
    return False


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _inherit() -> None:
    """Refused when no descriptor but 0, 1 and 2 is open."""
    for descriptor in range(3, _MOST_DESCRIPTORS):
        try:
            os.close(descriptor)
        except OSError:
            continue
        return
    raise OSError


def _read_environment() -> None:
    """Refused when there is no environment to read, or only what the C locale coercion puts there."""
    if not set(os.environ) - {"LC_CTYPE"}:
        raise OSError


def _sealed_input() -> None:
    os.write(0, b"changed")


def _trace() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(0, 0, None, None) == -1:
        raise OSError


def _see_house() -> None:
    """Refused when nothing of the house beyond this room is in the child's memory."""
    ours = {name for name in sys.modules if name.startswith("greetings.")}
    if ours <= {"greetings.errors"} | {name for name in ours if name.startswith("greetings.imaging")}:
        raise OSError


FORBIDDEN: dict[str, Callable[[], object]] = {
    "internet": lambda: socket.socket(socket.AF_INET),
    "unix-socket": lambda: socket.socket(socket.AF_UNIX),
    "socketpair": socket.socketpair,
    "open-read": lambda: Path("/etc/passwd").open("rb"),
    "open-write": lambda: Path("/tmp/broken-out").open("wb"),
    "list": lambda: os.listdir("/"),
    "unlink": lambda: os.unlink("/tmp/broken-out"),
    "fork": _fork,
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "thread": lambda: threading.Thread(target=int).start(),
    "kill-parent": lambda: os.kill(os.getppid(), signal.SIGKILL),
    "kill-self": lambda: os.kill(os.getpid(), signal.SIGUSR1),
    "trace": _trace,
    "memfd": lambda: os.memfd_create("x"),
    "pipe": os.pipe,
    "root": lambda: os.setuid(0),
    "memory": lambda: bytearray(1_200_000_000),
    "descriptors": _inherit,
    "environment": _read_environment,
    "input": _sealed_input,
    "house": _see_house,
}


def _spin() -> Drawn:
    while True:
        time.monotonic()


def _hang() -> Drawn:
    lock = threading.Lock()
    while True:
        lock.acquire()


def _hang_deaf() -> Drawn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return _hang()


def _die() -> Drawn:
    ctypes.string_at(0)
    raise AssertionError("A null pointer was read.")


def _abort() -> Drawn:
    os.abort()


def _leave() -> Drawn:
    os._exit(0)


def _fail() -> Drawn:
    raise KeyError("secret")


def _babble() -> Drawn:
    os.write(1, b"GIF89a nonsense")
    os._exit(0)


def _flood() -> Drawn:
    while True:
        os.write(1, bytes(1 << 20))


def _starve() -> Drawn:
    bytearray(4_000_000_000)
    raise AssertionError("So much memory was there.")


def _smuggle() -> Drawn:
    """Well-formed as an answer, but a rendition carries something."""
    return Drawn(1, 1, (0, 0, 0), 0, (b"\xff\xd8\xff\xfe\0\5GPS\xff\xd9", b"RIFF", b"RIFF"))


def _say_and_die() -> Drawn:
    os.write(1, b"GRa1")
    return _die()


MISDEEDS: dict[str, Callable[[], Drawn]] = {
    "spin": _spin,
    "hang": _hang,
    "hang-deaf": _hang_deaf,
    "die": _die,
    "abort": _abort,
    "leave": _leave,
    "fail": _fail,
    "babble": _babble,
    "flood": _flood,
    "starve": _starve,
    "smuggle": _smuggle,
    "say-and-die": _say_and_die,
}
