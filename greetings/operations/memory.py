"""Memory that was needed for a moment goes back to the machine, and never onto a disk.

The C library keeps a heap for every few threads and hardly ever returns what lies free in them: after two
hundred uploads at once a server would hold on to their room for days. Few heaps, and a sweep now and then.
"""

import ctypes
import gc
import resource
from contextlib import suppress

_MOST_HEAPS_OPTION = -8  # M_ARENA_MAX of malloc.h
_MOST_HEAPS = 2
_NO_DUMP = 1  # byte: too few for a file, and the kernel's word for none where a program takes dumps


def leave_no_dump() -> None:
    """Should this process break, or one that it starts, its memory isn't written down: in it are the uploads
    of this moment, codes and addresses.
    """
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    if most != 0:
        resource.setrlimit(resource.RLIMIT_CORE, (_NO_DUMP, _NO_DUMP))


def keep_few_heaps() -> None:
    """Before the first thread starts. Where the C library has no such switch, nothing happens."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_MOST_HEAPS_OPTION, _MOST_HEAPS)


def set_apart_what_is_loaded() -> None:
    """Once everything is loaded: the collector needn't look through a whole program for what one request left
    lying about, which would hold up some answer for a tenth of a second every few hundred requests.
    """
    gc.collect()
    gc.freeze()


def give_memory_back() -> None:
    """Return what lies free; costs a few milliseconds."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
