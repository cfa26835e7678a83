"""Names that survive a power cut: a file is safe on the disk only when the folder that names it is, too."""

import os
from pathlib import Path
from typing import IO


def sync_folder(folder: Path) -> None:
    """Return when the names in a folder are on the disk: after a file was made, renamed or deleted there."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def new_private_file(path: Path) -> IO[bytes]:
    """A file that isn't there yet, to be written; nobody but its owner may read it."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder, and those above it that are missing."""
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    if made:
        folder.mkdir(parents=True, exist_ok=True, mode=mode)
    for one in made:
        sync_folder(one.parent)
