"""Runs the filter's program as the kernel would, for both architectures, on whichever machine this is."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.imaging.confinement import filter_program

ALLOW, KILL, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
FORBIDDEN = {
    "x86_64": {
        "open": 2, "openat": 257, "openat2": 437, "socket": 41, "connect": 42, "sendmsg": 46, "recvmsg": 47,
        "vfork": 58, "fork": 57, "execve": 59, "execveat": 322, "kill": 62, "tgkill": 234, "ptrace": 101,
        "process_vm_readv": 310, "unlink": 87, "mkdir": 83, "dup2": 33, "ioctl": 16, "prctl": 157, "seccomp": 317,
        "bpf": 321, "io_uring_setup": 425, "memfd_create": 319, "mount": 165, "setrlimit": 160, "pidfd_getfd": 438,
        "clone_by_the_x32_door": 0x40000000 + 56, "open_by_the_x32_door": 0x40000000 + 2,
    },
    "aarch64": {
        "openat": 56, "openat2": 437, "socket": 198, "connect": 203, "sendmsg": 211, "recvmsg": 212,
        "execve": 221, "execveat": 281, "kill": 129, "tgkill": 131, "ptrace": 117, "process_vm_readv": 270,
        "unlinkat": 35, "mkdirat": 34, "dup3": 24, "ioctl": 29, "prctl": 167, "seccomp": 277, "bpf": 280,
        "io_uring_setup": 425, "memfd_create": 279, "mount": 40, "pidfd_getfd": 438,
    },
}  # fmt: skip
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435
MMAP = {"x86_64": 9, "aarch64": 222}
MPROTECT = {"x86_64": 10, "aarch64": 226}
READ = {"x86_64": 0, "aarch64": 63}
EXIT_GROUP = {"x86_64": 231, "aarch64": 94}
THREAD_FLAGS = 0x3D0F00
SIGCHLD = 17

machines = pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
either_child = pytest.mark.parametrize("with_threads", [False, True])


def verdict(machine: str, number: int, *arguments: int, with_threads: bool = False, audit: int = 0) -> int:
    """What the program answers to one system call."""
    program = filter_program(machine, with_threads=with_threads)
    assert program is not None
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("<iIQ6Q", number, audit or AUDIT[machine], 0, *padded)
    steps = [struct.unpack_from("=HBBI", program, place) for place in range(0, len(program), 8)]
    held, place = 0, 0
    while True:
        code, if_true, if_false, value = steps[place]
        place += 1
        if code == 0x20:
            held = int.from_bytes(data[value : value + 4], "little")
        elif code == 0x15:
            place += if_true if held == value else if_false
        elif code == 0x45:
            place += if_true if held & value else if_false
        else:
            assert code == 0x06
            return int(value)


@machines
@either_child
def test_what_decoding_needs_is_allowed(machine, with_threads):
    for number in (READ[machine], EXIT_GROUP[machine]):
        assert verdict(machine, number, with_threads=with_threads) == ALLOW


@machines
@either_child
def test_what_a_break_out_needs_is_refused(machine, with_threads):
    for name, number in FORBIDDEN[machine].items():
        assert verdict(machine, number, with_threads=with_threads) == EPERM, name


@machines
@either_child
def test_no_process_can_be_made(machine, with_threads):
    for flags in (SIGCHLD, 0, THREAD_FLAGS & ~0x10000, THREAD_FLAGS | 0x10000000, THREAD_FLAGS | SIGCHLD):
        assert verdict(machine, CLONE[machine], flags, with_threads=with_threads) == EPERM


@machines
def test_threads_are_only_for_the_decoder_that_needs_them(machine):
    assert verdict(machine, CLONE[machine], THREAD_FLAGS) == EPERM
    assert verdict(machine, CLONE3) == EPERM
    assert verdict(machine, CLONE[machine], THREAD_FLAGS, with_threads=True) == ALLOW
    assert verdict(machine, CLONE3, with_threads=True) == ENOSYS


@machines
@either_child
def test_memory_never_becomes_program(machine, with_threads):
    for number in (MMAP[machine], MPROTECT[machine]):
        assert verdict(machine, number, 0, 4096, 3, with_threads=with_threads) == ALLOW
        for protection in (4, 5, 6, 7):
            assert verdict(machine, number, 0, 4096, protection, with_threads=with_threads) == EPERM


@machines
@either_child
def test_a_call_in_the_tongue_of_another_machine_is_deadly(machine, with_threads):
    assert verdict(machine, READ[machine], with_threads=with_threads, audit=0x40000003) == KILL


@machines
@given(number=st.integers(450, 2**31 - 1))
def test_system_calls_not_yet_invented_are_refused(machine, number):
    assert verdict(machine, number) == EPERM


def test_a_machine_that_nobody_knows_has_no_filter():
    assert filter_program("vax", with_threads=False) is None
