"""Tries, inside a confined child, what it must not be able to do; each act that is refused is a protection.

`greetings check` reports what this finds on the very machine it runs on, instead of believing the code.
"""

import ctypes
import errno
import os
import socket
from collections.abc import Callable
from enum import IntFlag, auto

from greetings.imaging.confinement import MOST_DESCRIPTORS


class Protection(IntFlag):
    """What a child was really kept from."""

    NO_NETWORK = auto()
    NO_FILES = auto()
    NO_PROCESSES = auto()
    NO_PROGRAMS = auto()
    NO_SIGNALS = auto()
    NO_TRACING = auto()
    NO_NEW_CODE = auto()
    BOUNDED_MEMORY = auto()
    NO_ROOT = auto()
    NO_WRITING = auto()
    NO_SHARED_MEMORY = auto()
    NO_INHERITED_FILES = auto()
    NO_ENVIRONMENT = auto()
    NO_OTHER_SYSTEM_CALLS = auto()


_TRACE_ME = 0
_NEW_FILE = "/tmp/greetings-broken-out"  # noqa: S108 - must not come to be
_NO_SYSTEM_CALL = 100_000
_PIPES_AND_NULL = 3
_READ_WRITE_EXECUTE = 7
_PRIVATE_ANONYMOUS = 0x22


def try_all(address_space_bytes: int) -> Protection:
    """Attempt every act; returns those that were refused."""
    libc = ctypes.CDLL(None, use_errno=True)
    acts: dict[Protection, Callable[[], object]] = {
        Protection.NO_OTHER_SYSTEM_CALLS: lambda: _call_what_does_not_exist(libc),
        Protection.NO_NETWORK: lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        Protection.NO_FILES: lambda: os.open("/", os.O_RDONLY),
        Protection.NO_PROCESSES: _fork,
        Protection.NO_PROGRAMS: lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 - to be refused
        Protection.NO_SIGNALS: lambda: os.kill(os.getppid(), 0),
        Protection.NO_NEW_CODE: lambda: _map_new_code(libc),
        Protection.BOUNDED_MEMORY: lambda: bytearray(address_space_bytes),
        Protection.NO_ROOT: _be_root,
        Protection.NO_WRITING: _make_a_file,
        Protection.NO_SHARED_MEMORY: lambda: os.memfd_create("shared"),
        Protection.NO_INHERITED_FILES: _find_an_inherited_file,
        Protection.NO_ENVIRONMENT: _read_the_environment,
        # the last one: whoever is traced stands still at the next signal
        Protection.NO_TRACING: lambda: _call(libc.ptrace, _TRACE_ME, 0, None, None),
    }
    held = Protection(0)
    for protection, act in acts.items():
        # running a program would end this process if it worked: try it only where the filter is known to hold
        if protection is Protection.NO_PROGRAMS and Protection.NO_OTHER_SYSTEM_CALLS not in held:
            continue
        if _is_refused(act):
            held |= protection
    return held


def _is_refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except (OSError, MemoryError):
        return True
    return False


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _make_a_file() -> None:
    os.close(os.open(_NEW_FILE, os.O_WRONLY | os.O_CREAT, 0o600))
    os.unlink(_NEW_FILE)  # noqa: PTH108 - nothing may be imported any more


def _find_an_inherited_file() -> None:
    """Refused when nothing is open but the file itself, the pipe for the answer and the null device."""
    for descriptor in range(_PIPES_AND_NULL, MOST_DESCRIPTORS):
        try:
            os.lseek(descriptor, 0, os.SEEK_CUR)
        except OSError as error:
            if error.errno == errno.EBADF:
                continue
        return
    raise PermissionError


def _read_the_environment() -> None:
    """Refused when there is none, or only what Python itself puts there for the C locale."""
    if not set(os.environ) - {"LC_CTYPE"}:
        raise PermissionError


def _call_what_does_not_exist(libc: ctypes.CDLL) -> None:
    """A filter that lets through what it knows refuses this; without one the kernel has never heard of it."""
    libc.syscall(ctypes.c_long(_NO_SYSTEM_CALL))
    if ctypes.get_errno() == errno.EPERM:
        raise PermissionError


def _be_root() -> None:
    if os.geteuid() != 0:
        raise PermissionError


def _call(function: Callable[..., int], *values: object) -> None:
    if function(*values) == -1:
        raise OSError(ctypes.get_errno(), "refused")


def _map_new_code(libc: ctypes.CDLL) -> None:
    libc.mmap.restype = ctypes.c_void_p
    nowhere = ctypes.c_void_p(-1).value
    size = ctypes.c_size_t(4096)
    if libc.mmap(None, size, _READ_WRITE_EXECUTE, _PRIVATE_ANONYMOUS, -1, ctypes.c_long(0)) == nowhere:
        raise OSError(ctypes.get_errno(), "refused")
