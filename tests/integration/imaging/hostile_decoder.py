"""A decoder that an attacker has taken over: does what the file says, from inside the confined child.

Loaded by the warm process instead of the real decoder. A forbidden act that is refused is answered with
`broken`, one that succeeds with `not_a_picture`.
"""

import ctypes
import errno
import mmap
import os
import platform
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from greetings.imaging import PictureRefused, Refusal
from greetings.imaging.confinement import _MACHINES
from greetings.imaging.decoder import prepare
from greetings.imaging.decoder import take_in as honest_take_in
from greetings.imaging.protocol import Drawn, File, Request

__all__ = ["prepare", "redraw", "take_in"]

redraw = honest_take_in

_MOST_DESCRIPTORS = 2000
_MOST_SYSTEM_CALLS = 600
# uretprobe and uprobe of x86-64: the kernel itself ends whoever calls them from elsewhere than its own probes
_DEADLY = {335, 336}


def take_in(untrusted_file: File, request: Request) -> Drawn:
    order = untrusted_file[:].partition(b"do:")[2].decode()
    if not order:
        return honest_take_in(untrusted_file, request)
    if order in FORBIDDEN:
        raise PictureRefused(Refusal.BROKEN if _is_refused(FORBIDDEN[order]) else Refusal.NOT_A_PICTURE)
    return MISDEEDS[order]()


def _is_refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except (OSError, RuntimeError, MemoryError, ValueError):  # the last one: how `setrlimit` says it
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


def _raw_calls() -> None:
    """Refused when every system call but those that decoding needs is, by its number and past Python."""
    libc = ctypes.CDLL(None, use_errno=True)
    machine = _MACHINES[platform.machine()]
    known = {*machine.allowed.values(), machine.mmap, machine.mprotect}
    for number in range(_MOST_SYSTEM_CALLS):
        if number in known or number in {machine.clone, machine.clone3, machine.set_robust_list, *_DEADLY}:
            continue
        ctypes.set_errno(0)
        if (
            libc.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 6) != -1
            or ctypes.get_errno() != errno.EPERM
        ):
            return
    raise OSError


def _raw_fork() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    number = _MACHINES[platform.machine()].clone
    child = libc.syscall(ctypes.c_long(number), ctypes.c_long(signal.SIGCHLD), *[ctypes.c_long(0)] * 4)
    if child == 0:
        os._exit(0)
    if child == -1:
        raise OSError


def _connect() -> None:
    """Refused when a descriptor that we were given can't be made a door to somewhere."""
    libc = ctypes.CDLL(None, use_errno=True)
    for descriptor in range(3):
        if libc.connect(descriptor, b"\2\0\0\x50\x7f\0\0\1" + bytes(8), 16) != -1:
            return
    raise OSError


def _more_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _new_code() -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)


BROKEN_OUT = Path("/tmp/broken-out")

FORBIDDEN: dict[str, Callable[[], object]] = {
    "internet": lambda: socket.socket(socket.AF_INET),
    "unix-socket": lambda: socket.socket(socket.AF_UNIX),
    "socketpair": socket.socketpair,
    "open-read": lambda: Path("/etc/passwd").open("rb"),
    "open-write": lambda: BROKEN_OUT.open("wb"),
    "list": lambda: os.listdir("/"),
    "unlink": lambda: os.unlink(BROKEN_OUT),
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
    "raw-calls": _raw_calls,
    "raw-fork": _raw_fork,
    "connect": _connect,
    "more-memory": _more_memory,
    "new-code": _new_code,
    "rename": lambda: os.rename("/etc/passwd", BROKEN_OUT),
    "make-folder": lambda: os.mkdir(BROKEN_OUT),
    "link": lambda: os.symlink("/etc/passwd", BROKEN_OUT),
    "change-root": lambda: os.chroot("/"),
    "duplicate": lambda: os.dup(0),
    "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "kill-all": lambda: os.kill(-1, signal.SIGUSR1),
    "nicer": lambda: os.nice(-5),
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
