"""Who works on a data folder at this moment: every process that does holds a shared lock on it.

The kernel lets go of the lock when a process ends, however it ends. So whoever gets it alone knows that
nothing that lies there half done is still being done: what a killed process left needs no grace.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path


class SomebodyElse(Exception):
    """Another process is where only one can be."""


@contextmanager
def alone_at(place: Path) -> Iterator[None]:
    """Be the only process at a place, or raise `SomebodyElse`. The file there goes with whoever made it; on a
    file system without locks nobody is kept out.
    """
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SomebodyElse(place.name) from error
        except OSError:
            pass
        if not _is_at(descriptor, place):  # taken away by somebody who was just done, between the two lines
            raise SomebodyElse(place.name)
        try:
            yield
        finally:
            place.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _is_at(descriptor: int, place: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), place.stat())
    except FileNotFoundError:
        return False


class Presence:
    """One process's share of a folder, from now until `leave`."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self._lock(fcntl.LOCK_SH)

    def alone_since(self) -> datetime | None:
        """This moment by the clock of the file system, if nobody else works here now; otherwise None.

        Whoever comes later makes later files. The folder's own clock is asked because it lags a little
        behind the one that processes see.
        """
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.utime(self._descriptor)
            return datetime.fromtimestamp(os.fstat(self._descriptor).st_ctime, UTC)
        except OSError:  # somebody is here, or this file system has no locks: the sweep's patience remains
            return None
        finally:
            self._lock(fcntl.LOCK_SH)

    def others_are_here(self) -> bool:
        """Whether another process works here for certain; without locks nobody can tell."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        finally:
            self._lock(fcntl.LOCK_SH)
        return False

    def leave(self) -> None:
        """Let go; safe to call twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _lock(self, kind: int) -> None:
        try:
            fcntl.flock(self._descriptor, kind)
        except OSError:  # a file system without locks
            return
