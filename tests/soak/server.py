"""A real server for campaigns, and what its processes hold: memory, open files, temporary files."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.browser.site import Site

MEGABYTE = 1_000_000
TEMPORARY_FOLDERS = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))


@dataclass
class Server:
    """`greetings run` in processes of its own."""

    site: Site

    @classmethod
    def start(cls, data: Path, *, prints: bool = True, **environ: str) -> Self:
        return cls(Site.start(data, prints=prints, **environ))

    @property
    def url(self) -> str:
        return self.site.url

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def processes(self) -> list[int]:
        """The server, what it started, and what that started."""
        found = [self.site.process.pid]
        for process in found:
            with suppress(OSError):
                for thread in Path(f"/proc/{process}/task").iterdir():
                    found += [int(child) for child in (thread / "children").read_text().split()]
        return found

    def memory_mb(self) -> float:
        """Memory of all of them, what they share counted once (PSS)."""
        total_kb = 0
        for process in self.processes():
            with suppress(OSError):
                for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        total_kb += int(line.split()[1])
        return total_kb * 1024 / MEGABYTE

    def settled_memory_mb(self, seconds: float = 45.0) -> float:
        """The same once it has come to rest: the least that was seen within so many seconds."""
        until, least = time.monotonic() + seconds, self.memory_mb()
        while time.monotonic() < until:
            time.sleep(1)
            least = min(least, self.memory_mb())
        return least

    def files_on_disk(self) -> set[str]:
        """Files that lie on a disk, or did before their name was deleted, and are open in the server; apart
        from its own store, programs and libraries.
        """
        own = (str(self.site.data), str(self.site.data.parent / f"{self.site.data.name}.log"))
        found = set()
        for process in self.processes():
            with suppress(OSError):
                for descriptor in Path(f"/proc/{process}/fd").iterdir():
                    with suppress(OSError):
                        target = os.readlink(descriptor)
                        if target.startswith("/") and not target.startswith((*own, "/dev/", "/memfd:")):
                            found.add(target)
        return found

    def is_alive(self) -> bool:
        return self.site.process.poll() is None

    def stop(self) -> None:
        self.site.stop()


def temporary_files() -> set[Path]:
    """What lies in the folders where programs spool."""
    return {path for folder in TEMPORARY_FOLDERS if folder.is_dir() for path in folder.iterdir()}
