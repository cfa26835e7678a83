"""The last of a disk is kept for those who take something back.

Erasing has to write, too: rows, the log, the list of what was erased. Whatever only makes the disk fuller
asks here first, and is refused while there is still room for that.
"""

import shutil
from pathlib import Path

from greetings.storage.contract import StorageFull

KEPT_FREE_BYTES = 64_000_000
KEPT_SHARE = 16  # of a small disk, less: a sixteenth


def check_room(*folders: Path) -> None:
    """Raise `StorageFull` where no more is free than is kept; a folder that isn't there is passed over."""
    for folder in folders:
        if folder.exists():
            disk = shutil.disk_usage(folder)
            if disk.free < min(KEPT_FREE_BYTES, disk.total // KEPT_SHARE):
                raise StorageFull("What is free is kept for those who take something back.")
