"""What lies in a folder while others may be writing there: servers, browsers, proxies."""

import os
from contextlib import suppress
from pathlib import Path


def held_in(folder: Path) -> dict[Path, bytes]:
    """Every file below it with what is in it. A file or a folder that goes while one looks is passed over."""
    held = {}
    for place, _folders, names in os.walk(folder):  # unlike a Path it passes over folders that have gone
        for path in (Path(place, name) for name in names):
            with suppress(FileNotFoundError):
                if path.is_file():
                    held[path] = path.read_bytes()
    return held


def all_bytes_in(folder: Path) -> bytes:
    """What all of them hold, one after the other."""
    return b"".join(held_in(folder).values())
