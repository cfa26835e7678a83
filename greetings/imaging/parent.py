"""The warm process: a fresh interpreter that has loaded the codecs and forks a child a picture.

It holds one socket to the house and nothing else, never reads a byte of a file itself, and sees to it that
each child ends in time. A message brings a request and three descriptors: the file to read, a pipe for the
child's answer, and a pipe on which this process tells how the child ended.
"""

import gc
import importlib
import mmap
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn, Protocol

from greetings.imaging.confinement import Confinement, Limits, bound_descriptors, keep_only
from greetings.imaging.forbidden import try_all
from greetings.imaging.protocol import (
    MOST_REQUEST_BYTES,
    READY,
    Box,
    Drawn,
    Ending,
    File,
    Formats,
    Request,
    Task,
    pack_drawn,
    pack_ending,
    pack_faces,
    pack_flags,
    pack_refusal,
    parse_request,
)
from greetings.imaging.refusals import PictureRefused, Refusal

TERMINATE_GRACE_SECONDS = 0.3

_IN, _OUT = 0, 1
_COPY = 3  # Python keeps one of the descriptor beside a mapping


class Decoder(Protocol):
    """What a module that works on pictures offers: one draws them, another finds faces; neither does both."""

    def prepare(self) -> None: ...
    def take_in(self, untrusted_file: File, request: Request) -> Drawn: ...
    def redraw(self, master: bytes, request: Request) -> Drawn: ...
    def find_faces(self, master: bytes, request: Request) -> list[Box]: ...


@dataclass(slots=True)
class _Child:
    """A running child: its process, the pipe to report its end on, and when it must be over."""

    process: int
    handle: int
    report: int
    deadline: float
    is_terminated: bool = False


class Parent:
    """Takes requests, forks, watches, reports."""

    def __init__(self, house: socket.socket, decoder: Decoder, limits: Limits) -> None:
        self._house = house
        self._decoder = decoder
        self._confinement = Confinement(limits)
        self._limits = limits
        self._null = os.open(os.devnull, os.O_RDWR)
        self._children: dict[int, _Child] = {}
        self._poll = select.poll()

    def run(self) -> None:
        """Serve until the house hangs up."""
        self._decoder.prepare()
        self._confinement.give_up_root()
        gc.collect()
        gc.freeze()
        gc.disable()
        self._confinement.give_back_memory()
        self._house.send(READY)
        self._poll.register(self._house, select.POLLIN)
        while True:
            for descriptor, _ in self._poll.poll(self._patience_ms()):
                if descriptor == self._house.fileno():
                    if not self._take_request():
                        return
                else:
                    self._look_after(descriptor)
            self._end_the_late()

    def end_all(self) -> None:
        """Leave no child behind."""
        for child in self._children.values():
            signal.pidfd_send_signal(child.handle, signal.SIGKILL)

    def _take_request(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._house, MOST_REQUEST_BYTES, 3)
        if not message:
            return False
        untrusted_file, answer, report = descriptors
        process = os.fork()
        if process == 0:
            _be_child(message, (untrusted_file, answer, self._null), self._decoder, self._confinement)
        os.close(untrusted_file)
        os.close(answer)
        deadline = time.monotonic() + self._limits.wall_seconds
        child = _Child(process, os.pidfd_open(process), report, deadline)
        self._children[child.handle] = child
        self._poll.register(child.handle, select.POLLIN)
        self._poll.register(report, 0)  # wakes only when the house no longer waits
        return True

    def _look_after(self, descriptor: int) -> None:
        child = self._children.get(descriptor)
        if child is not None:
            self._report(child)
            return
        for child in self._children.values():
            if child.report == descriptor:
                signal.pidfd_send_signal(child.handle, signal.SIGKILL)
                self._poll.unregister(descriptor)
                return

    def _report(self, child: _Child) -> None:
        _, status = os.waitpid(child.process, 0)
        if child.is_terminated:
            ending = pack_ending(Ending.TOO_LONG, 0)
        elif os.WIFSIGNALED(status):
            ending = pack_ending(Ending.SIGNALLED, os.WTERMSIG(status))
        else:
            ending = pack_ending(Ending.EXITED, os.WEXITSTATUS(status))
        with suppress(BrokenPipeError):
            os.write(child.report, ending)
        for descriptor in (child.handle, child.report):
            with suppress(KeyError):
                self._poll.unregister(descriptor)
            os.close(descriptor)
        del self._children[child.handle]

    def _patience_ms(self) -> int | None:
        if not self._children:
            return None
        earliest = min(child.deadline for child in self._children.values())
        return max(0, int((earliest - time.monotonic()) * 1000) + 1)

    def _end_the_late(self) -> None:
        """Terminate, and a moment later kill, whatever ran out of time."""
        now = time.monotonic()
        for child in self._children.values():
            if child.deadline <= now:
                how = signal.SIGKILL if child.is_terminated else signal.SIGTERM
                signal.pidfd_send_signal(child.handle, how)
                child.is_terminated = True
                child.deadline = now + TERMINATE_GRACE_SECONDS


def _be_child(
    message: bytes, descriptors: tuple[int, int, int], decoder: Decoder, confinement: Confinement
) -> NoReturn:
    """Lock in, work, answer, end. Whatever goes wrong ends only this process."""
    code = 1
    try:
        keep_only(descriptors)
        untrusted_file = _mapped(_IN)
        request = parse_request(message)
        confinement.enter(with_threads=Formats.HEIF in request.formats)
        _write(_answer(request, untrusted_file, decoder, confinement.limits))
        code = 0
    finally:
        os._exit(code)


def _answer(request: Request, untrusted_file: File, decoder: Decoder, limits: Limits) -> bytes:
    if request.task is Task.TRY_FORBIDDEN_ACTS:
        return pack_flags(try_all(limits.address_space_bytes))
    try:
        match request.task:
            case Task.TAKE_IN:
                return pack_drawn(decoder.take_in(untrusted_file, request))
            case Task.REDRAW:
                return pack_drawn(decoder.redraw(untrusted_file[:], request))
            case _:
                return pack_faces(decoder.find_faces(untrusted_file[:], request))
    except PictureRefused as refused:
        return pack_refusal(refused.code, refused.facts)
    except MemoryError:
        return pack_refusal(Refusal.TOO_MUCH_MEMORY, {})


def _mapped(file: int) -> File:
    """The file where it lies: a copy would cost time, and count against the child's memory.

    It can't change underneath: the house has sealed it.
    """
    if os.fstat(file).st_size == 0:
        return b""
    mapped = mmap.mmap(file, 0, mmap.MAP_SHARED | mmap.MAP_POPULATE, mmap.PROT_READ)
    os.close(_COPY)
    return mapped


def _write(answer: bytes) -> None:
    rest = memoryview(answer)
    while rest:
        rest = rest[os.write(_OUT, rest) :]


def main() -> None:
    """Arguments: the socket's descriptor, the decoder's module, wall and CPU seconds, bytes of memory."""
    descriptor, module, wall_seconds, cpu_seconds, address_space_bytes = sys.argv[1:]
    limits = Limits(int(wall_seconds), int(cpu_seconds), int(address_space_bytes))
    os.environ.clear()  # what stood there was for the C library, which has read it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the house, which then hangs up
    decoder: Decoder = importlib.import_module(module)
    house = socket.socket(fileno=os.dup(int(descriptor)))  # as a low number, whatever it was in the house
    os.close(int(descriptor))
    bound_descriptors()
    parent = Parent(house, decoder, limits)
    try:
        parent.run()
    finally:
        parent.end_all()
