"""The last of a disk is kept for those who take something back.

Erasing has to write, too: rows, the log, the list of what was erased. Whatever only makes the disk fuller
asks here first, and is refused while there is still room for that.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from greetings.storage.contract import StorageFull

KEPT_FREE_BYTES = 64_000_000
KEPT_SHARE = 16  # of a small disk, less: a sixteenth
RESERVE_BYTES = 8_000_000
RESERVE_SHARE = 64
BLOCK_BYTES = 512  # what `stat` counts in, whatever the file system does


def check_room(*folders: Path) -> None:
    """Raise `StorageFull` where no more is free than is kept; a folder that isn't there is passed over."""
    for folder in folders:
        if folder.exists():
            disk = shutil.disk_usage(folder)
            if disk.free < min(KEPT_FREE_BYTES, disk.total // KEPT_SHARE):
                raise StorageFull("What is free is kept for those who take something back.")


class Reserve:
    """A file of nothing that takes room as long as there is some. It is let go when something else, a log
    perhaps, has filled the disk to its last byte, and not even taking back can be written any more.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_known = False

    def keep(self) -> None:
        """Lay it by, unless it lies there, or there is no more room than is kept anyway."""
        if self._path.exists() and (self._is_known or self._takes_room()):
            self._is_known = True
            return
        size_bytes = min(RESERVE_BYTES, shutil.disk_usage(self._path.parent).total // RESERVE_SHARE)
        with suppress(StorageFull):
            check_room(self._path.parent)
            self._lay_by(size_bytes)
            self._is_known = True  # what a file system that packs zeros says of them changes nothing

    def let_go(self) -> bool:
        """Make room; False where there is nothing left to let go."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return False
        return True

    def _takes_room(self) -> bool:
        """Whether it isn't a hole, as which a folder that was moved may have it."""
        facts = self._path.stat()
        return facts.st_blocks * BLOCK_BYTES >= facts.st_size

    def _lay_by(self, size_bytes: int) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, max(size_bytes, 1))
        except OSError:
            self._path.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
