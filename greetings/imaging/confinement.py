"""How a child is locked in before it sees a byte of a stranger's file.

Three walls, each of which holds without the others: limits (memory, processor time, files), no inherited
descriptors or privileges, and a filter of system calls (seccomp) that lets through what decoding needs and
answers everything else with EPERM. The filter is an allow-list: a system call invented tomorrow is refused.
The numbers come from the kernel's tables for x86-64 and for aarch64.
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
from collections.abc import Iterable
from dataclasses import dataclass

_ALLOWED_X86_64 = {
    "read": 0, "write": 1, "close": 3, "fstat": 5, "lseek": 8, "munmap": 11, "brk": 12, "rt_sigaction": 13,
    "rt_sigprocmask": 14, "rt_sigreturn": 15, "pread64": 17, "sched_yield": 24, "mremap": 25, "madvise": 28,
    "getpid": 39, "exit": 60, "gettimeofday": 96, "sigaltstack": 131, "gettid": 186, "futex": 202,
    "sched_getaffinity": 204, "restart_syscall": 219, "clock_gettime": 228, "exit_group": 231,
    "getrandom": 318, "membarrier": 324, "rseq": 334,
}  # fmt: skip
_ALLOWED_AARCH64 = {
    "read": 63, "write": 64, "close": 57, "fstat": 80, "lseek": 62, "munmap": 215, "brk": 214,
    "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139, "pread64": 67, "sched_yield": 124,
    "mremap": 216, "madvise": 233, "getpid": 172, "exit": 93, "gettimeofday": 169, "sigaltstack": 132,
    "gettid": 178, "futex": 98, "sched_getaffinity": 123, "restart_syscall": 128, "clock_gettime": 113,
    "exit_group": 94, "getrandom": 278, "membarrier": 283, "rseq": 293,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Machine:
    """One architecture's number in the kernel's audit tables and its system calls."""

    audit_number: int
    allowed: dict[str, int]
    mmap: int
    mprotect: int
    clone: int
    clone3: int
    set_robust_list: int


_MACHINES = {
    "x86_64": _Machine(
        0xC000003E, _ALLOWED_X86_64, mmap=9, mprotect=10, clone=56, clone3=435, set_robust_list=273
    ),
    "aarch64": _Machine(
        0xC00000B7, _ALLOWED_AARCH64, mmap=222, mprotect=226, clone=220, clone3=435, set_robust_list=99
    ),
}

# linux/filter.h
_LOAD_WORD, _JUMP_IF_EQUAL, _JUMP_IF_BITS, _RETURN = 0x20, 0x15, 0x45, 0x06
_INSTRUCTION = struct.Struct("=HBBI")
# linux/seccomp.h: offsets in struct seccomp_data, actions
_AT_NUMBER, _AT_ARCHITECTURE, _AT_FIRST_ARGUMENT, _AT_THIRD_ARGUMENT = 0, 4, 16, 32
_KILL, _ALLOW, _ERROR = 0x80000000, 0x7FFF0000, 0x00050000
_REFUSE = _ERROR | errno.EPERM
_MEMORY_IS_PROGRAM = 4  # PROT_EXEC
# what the C library asks for when it starts a thread, and nothing else: VM, FS, FILES, SIGHAND, THREAD,
# SYSVSEM, SETTLS, PARENT_SETTID, CHILD_CLEARTID
_A_THREAD = 0x3D0F00
# linux/prctl.h
_DIE_WITH_PARENT, _MAY_BE_DUMPED, _FILTER_CALLS, _NO_NEW_PRIVILEGES = 1, 4, 22, 38
_BY_PROGRAM = 2

_NOBODY = 65534
_WORD_BYTES = 8
_MOST_HEAPS = -8  # M_ARENA_MAX
_MOST_REMNANTS, _LEAST_REMNANT_BYTES = 100, 65_536
MOST_DESCRIPTORS = 512
_HARD_CPU_GRACE_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use."""

    wall_seconds: int
    cpu_seconds: int
    address_space_bytes: int


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


class _HeapFacts(ctypes.Structure):
    """What the C library tells of its heap (struct mallinfo2); the last number is what is free at its end."""

    _fields_ = (("others", ctypes.c_size_t * 9), ("end_bytes", ctypes.c_size_t))


def filter_program(machine_name: str, *, with_threads: bool) -> bytes | None:
    """The filter in the kernel's own little language, or None for a machine whose numbers aren't known.

    The HEIC decoder can't work without threads; for it alone they are let through, still no process.
    """
    machine = _MACHINES.get(machine_name)
    if machine is None:
        return None
    steps = [
        (_LOAD_WORD, 0, 0, _AT_ARCHITECTURE),
        (_JUMP_IF_EQUAL, 1, 0, machine.audit_number),
        (_RETURN, 0, 0, _KILL),
        (_LOAD_WORD, 0, 0, _AT_NUMBER),
    ]
    for number in machine.allowed.values():
        steps += [(_JUMP_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    for number in (machine.mmap, machine.mprotect):
        steps += [
            (_JUMP_IF_EQUAL, 0, 4, number),
            (_LOAD_WORD, 0, 0, _AT_THIRD_ARGUMENT),
            (_JUMP_IF_BITS, 0, 1, _MEMORY_IS_PROGRAM),
            (_RETURN, 0, 0, _REFUSE),
            (_RETURN, 0, 0, _ALLOW),
        ]
    if with_threads:
        steps += _threads(machine)
    steps.append((_RETURN, 0, 0, _REFUSE))
    return b"".join(_INSTRUCTION.pack(*step) for step in steps)


def _threads(machine: _Machine) -> list[tuple[int, int, int, int]]:
    """The old call with a thread's flags; the new one, whose flags can't be seen, is said not to exist."""
    return [
        (_JUMP_IF_EQUAL, 0, 1, machine.set_robust_list),
        (_RETURN, 0, 0, _ALLOW),
        (_JUMP_IF_EQUAL, 0, 1, machine.clone3),
        (_RETURN, 0, 0, _ERROR | errno.ENOSYS),
        (_JUMP_IF_EQUAL, 0, 4, machine.clone),
        (_LOAD_WORD, 0, 0, _AT_FIRST_ARGUMENT),
        (_JUMP_IF_EQUAL, 1, 0, _A_THREAD),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]


class Confinement:
    """Everything made ready in the parent, so that a child has only to close the door behind itself."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._parent = os.getpid()
        self._libc = ctypes.CDLL(None, use_errno=True)
        # on a 32-bit system on a 64-bit kernel the machine's name would lie about the numbers
        is_64_bit = ctypes.sizeof(ctypes.c_void_p) == _WORD_BYTES
        machine_name = platform.machine() if is_64_bit else ""
        self._filters = {
            with_threads: filter_program(machine_name, with_threads=with_threads)
            for with_threads in (False, True)
        }
        # one heap for all threads: each one's own would reserve 128 MB of the address space
        self._libc.mallopt(_MOST_HEAPS, 1)

    def enter(self, *, with_threads: bool) -> None:
        """Lock this process in for good. What this machine can't do is left out; `protections` tells."""
        self._control(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != self._parent:  # it died before that wish was heard: nobody would end this child
            os._exit(1)
        self._control(_MAY_BE_DUMPED, 0)
        self._control(_NO_NEW_PRIVILEGES, 1)
        self._limit()
        if not with_threads:  # the kernel counts a thread as a process
            _lower(resource.RLIMIT_NPROC, 0, 0)
        self._refuse_system_calls(self._filters[with_threads])

    def give_back_memory(self) -> None:
        """Hand back what is free: a child would have to copy it, page by page, before it could use it.

        What can't be handed back is taken out of use. The kernel gives small pages where this process ever
        had any; a child's memory is to begin where the heap ends, on the border of a large page.
        """
        self._libc.malloc_trim(0)
        if not hasattr(self._libc, "mallinfo2"):  # older C libraries
            return
        self._libc.mallinfo2.restype = _HeapFacts
        for _ in range(_MOST_REMNANTS):
            end_bytes = self._libc.mallinfo2().end_bytes
            if end_bytes <= _LEAST_REMNANT_BYTES:
                return
            self._libc.malloc(ctypes.c_size_t(end_bytes - _LEAST_REMNANT_BYTES // 2))

    def give_up_root(self) -> None:
        """As root, become nobody: a child that breaks out owns nothing. Left out where not possible."""
        if os.geteuid() != 0:
            return
        try:
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
        except OSError:
            return

    def _limit(self) -> None:
        cpu_seconds = self.limits.cpu_seconds
        for what, soft, hard in (
            (resource.RLIMIT_AS, self.limits.address_space_bytes, self.limits.address_space_bytes),
            (resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + _HARD_CPU_GRACE_SECONDS),
            (resource.RLIMIT_FSIZE, 0, 0),
            (resource.RLIMIT_CORE, 0, 0),
            (resource.RLIMIT_NOFILE, 0, 0),
            (resource.RLIMIT_MEMLOCK, 0, 0),
            (resource.RLIMIT_MSGQUEUE, 0, 0),
        ):
            _lower(what, soft, hard)

    def _refuse_system_calls(self, instructions: bytes | None) -> None:
        if instructions is None:
            return
        held = ctypes.create_string_buffer(instructions, len(instructions))
        program = _Program(len(instructions) // _INSTRUCTION.size, ctypes.cast(held, ctypes.c_void_p))
        self._control(_FILTER_CALLS, _BY_PROGRAM, ctypes.addressof(program))

    def _control(self, what: int, *values: int) -> None:
        numbers = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
        self._libc.prctl(ctypes.c_int(what), *numbers)


def keep_only(descriptors: Iterable[int]) -> None:
    """Make the given descriptors 0, 1, 2 ... in this order and close every other one.

    As many low descriptors must be taken already, so that none of the copies lands there.
    """
    copies = [os.dup(descriptor) for descriptor in descriptors]
    for place, copy in enumerate(copies):
        os.dup2(copy, place, inheritable=False)
    os.closerange(len(copies), MOST_DESCRIPTORS)


def bound_descriptors() -> None:
    """Keep this process's descriptors so few that closing all of them in a child costs nothing."""
    _lower(resource.RLIMIT_NOFILE, MOST_DESCRIPTORS, MOST_DESCRIPTORS)


def _lower(what: int, soft: int, hard: int) -> None:
    """Lower a limit; one that somebody set lower before stays."""
    _, highest = resource.getrlimit(what)
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    resource.setrlimit(what, (soft, hard))
