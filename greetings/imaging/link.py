"""The house's end of the wire to the warm process: starts it, hands it work, gives up on it in time."""

import fcntl
import os
import select
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from greetings.imaging.protocol import ENDING_BYTES, MOST_ANSWER_BYTES, READY, Ending, Nonsense, parse_ending

_PACKAGES = Path(__file__).resolve().parent.parent.parent
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from greetings.imaging.parent import main; main()"
)
_START_SECONDS = 30.0
_SEND_SECONDS = 3.0
_END_SECONDS = 2.0
# beyond a child's own time: the warm process needs a moment to end it and to say so
_GRACE_SECONDS = 3.0
_PIPE_BYTES = 1 << 20
_READ_AT_ONCE_BYTES = 1 << 18
_SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL

# Memory in large pages, and what is freed kept for the next step: a child starts with nothing, and being
# given it page by page would be a tenth of its work. Words for glibc; other C libraries don't read them.
MEMORY_WORDS = {
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"
    ":glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=67108864"
}


class ParentGone(Exception):
    """The warm process died, or could not be started; no file is to blame for it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a piece of work: whatever the child wrote, and how it ended."""

    untrusted_answer: bytes
    ending: Ending
    number: int


@dataclass(frozen=True, slots=True)
class _Parent:
    """A running warm process, our end of its socket, and which process of ours started it."""

    process: subprocess.Popen[bytes]
    wire: socket.socket
    started_by: int


class Link:
    """Work for the warm process, from any thread; it starts with the first piece, and again when it died."""

    def __init__(self, decoder_module: str, wall_seconds: int, cpu_seconds: int, memory_bytes: int) -> None:
        self._arguments = [decoder_module, str(wall_seconds), str(cpu_seconds), str(memory_bytes)]
        self._patience_seconds = wall_seconds + _GRACE_SECONDS
        self._lock = threading.Lock()
        self._parent: _Parent | None = None

    def ask(self, request: bytes, untrusted_file: memoryview) -> Outcome:
        """Have one child do one piece of work. Raises ParentGone, or Nonsense when it writes too much."""
        parent = self._running()
        try:
            with ExitStack() as held:
                answer, report = _hand_over(held, parent.wire, request, untrusted_file)
                return _wait(answer, report, self._patience_seconds)
        except (ParentGone, TimeoutError):
            self._give_up(parent)
            raise
        except (BrokenPipeError, ConnectionError) as error:
            self._give_up(parent)
            raise ParentGone from error

    def close(self) -> None:
        """End the warm process, if this process started one."""
        with self._lock:
            parent, self._parent = self._parent, None
        if parent is not None:
            _end(parent)

    def _running(self) -> _Parent:
        with self._lock:
            parent = self._parent
            if parent is not None and parent.started_by != os.getpid():
                parent.wire.close()  # inherited by a fork of the server: it belongs to the other one
                parent = None
            if parent is None:
                parent = self._parent = _start(self._arguments)
            return parent

    def _give_up(self, parent: _Parent) -> None:
        with self._lock:
            if self._parent is parent:
                self._parent = None
        _end(parent)


def _start(arguments: list[str]) -> _Parent:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-I", "-c", _PROGRAM, str(_PACKAGES), str(theirs.fileno()), *arguments]
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=MEMORY_WORDS,
            cwd="/",
        )
    parent = _Parent(process, ours, os.getpid())
    ours.settimeout(_START_SECONDS)
    try:
        is_ready = ours.recv(len(READY)) == READY
    except OSError:
        is_ready = False
    if not is_ready:
        _end(parent)
        raise ParentGone
    ours.settimeout(_SEND_SECONDS)
    return parent


def _end(parent: _Parent) -> None:
    """Hang up; a process that doesn't end by itself then is killed. Its children die with it."""
    with suppress(OSError):
        parent.wire.shutdown(socket.SHUT_RDWR)
    try:
        parent.process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        parent.process.kill()
        parent.process.wait()
    parent.wire.close()


def _hand_over(
    held: ExitStack, wire: socket.socket, request: bytes, untrusted_file: memoryview
) -> tuple[int, int]:
    """Send the request with the file and two pipes; returns our ends of the pipes: answer and report."""
    answer, childs_answer = os.pipe2(os.O_CLOEXEC)
    held.callback(os.close, answer)
    report, parents_report = os.pipe2(os.O_CLOEXEC)
    held.callback(os.close, report)
    with ExitStack() as theirs:
        theirs.callback(os.close, childs_answer)
        theirs.callback(os.close, parents_report)
        with suppress(OSError):  # beyond what this user may have in pipes: smaller ones do as well
            fcntl.fcntl(answer, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        file = _in_memory(untrusted_file)
        theirs.callback(os.close, file)
        socket.send_fds(wire, [request], [file, childs_answer, parents_report])
    return answer, report


def _in_memory(untrusted_file: memoryview) -> int:
    """A file that exists in memory only, has no name, and that nobody can change any more."""
    file = os.memfd_create("picture", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        rest = untrusted_file
        while rest:
            rest = rest[os.write(file, rest) :]
        os.lseek(file, 0, os.SEEK_SET)
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, _SEALS)
    except BaseException:
        os.close(file)
        raise
    return file


def _wait(answer: int, report: int, patience_seconds: float) -> Outcome:
    """Read both pipes to their ends. Leaving early hangs up, whereupon the warm process kills the child."""
    deadline = time.monotonic() + patience_seconds
    parts = {answer: bytearray(), report: bytearray()}
    most_bytes = {answer: MOST_ANSWER_BYTES, report: ENDING_BYTES}
    poll = select.poll()
    open_ends = {answer, report}
    for descriptor in open_ends:
        poll.register(descriptor, select.POLLIN)
    while open_ends:
        ready = poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
        if not ready:
            raise TimeoutError
        for descriptor, _ in ready:
            part = os.read(descriptor, _READ_AT_ONCE_BYTES)
            if not part:
                poll.unregister(descriptor)
                open_ends.discard(descriptor)
            parts[descriptor] += part
            if len(parts[descriptor]) > most_bytes[descriptor]:
                raise Nonsense("Too much was written.")
    if not parts[report]:
        raise ParentGone
    ending, number = parse_ending(bytes(parts[report]))
    return Outcome(bytes(parts[answer]), ending, number)
