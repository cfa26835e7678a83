"""Files in a folder of this machine."""

import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from greetings.disk import make_folder, sync_folder
from greetings.errors import NotFound
from greetings.storage.contract import StorageFull, StoredFile, check_key

FULL = {errno.ENOSPC, errno.EDQUOT}
TEMPORARY_PREFIX = ".new-"
UNDATED = (0, 0)  # a file's times of reading and writing: a proxy tells them to the whole world
OPEN = "public/"


class LocalStorage:
    """The contract on a local folder: temporary name, fsync, rename, fsync of the folder.

    Neither file nor folder bears the moment it was written at, which is when its sender sent it (copies of a
    store keep it, to the second). In a small action nearly every photo has a folder to itself.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, key: str, data: bytes) -> None:
        path = self._path(key)
        with _new_name(path) as fresh:
            make_folder(path.parent, _mode(key))
            with fresh.open("xb") as handle:
                handle.write(data)
                handle.flush()
                os.utime(handle.fileno(), UNDATED)
                os.fsync(handle.fileno())
            fresh.rename(path)
        _sync(path.parent)

    def copy(self, key: str, to_key: str) -> None:
        self.copy_all([(key, to_key)])

    def copy_all(self, names: Iterable[tuple[str, str]]) -> None:
        """Hard links: the same bytes under second names, at no cost but the names'. A folder is synced once
        for all that came into it.
        """
        folders: set[Path] = set()
        for key, to_key in names:
            path = self._path(to_key)
            if path.parent not in folders:
                folders.add(path.parent)
                make_folder(path.parent, _mode(to_key))
            self._link(key, path)
        for folder in folders:
            _sync(folder)

    def _link(self, key: str, path: Path) -> None:
        with _new_name(path) as fresh:
            try:
                os.link(self._path(key), fresh)
            except FileNotFoundError as error:
                raise NotFound(key) from error
            fresh.rename(path)
            fresh.unlink(missing_ok=True)  # renaming onto another link of the same file leaves both names

    def read(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(key) from error

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def delete(self, *keys: str) -> None:
        """All of them at once, so that a folder is synced once and not for each."""
        folders, failures = set(), []
        for path in map(self._path, keys):
            try:
                path.unlink()
            except FileNotFoundError:
                continue
            except OSError as error:
                failures.append(error)
            else:
                folders.add(path.parent)
        for folder in folders:
            _sync(folder)
        if failures:
            raise failures[0]

    def files(self, prefix: str) -> Iterator[StoredFile]:
        """All files below `prefix`, a folder's name, half-written temporary ones left out."""
        for folder, _, names in os.walk(self.folder / prefix):
            for name in names:
                if name.startswith(TEMPORARY_PREFIX):
                    continue
                path = Path(folder, name)
                try:
                    facts = path.stat()
                except FileNotFoundError:
                    continue
                # the inode's change, not the content's: a hard link made just now is new, its bytes are not
                changed_at = datetime.fromtimestamp(facts.st_ctime, UTC)
                yield StoredFile(path.relative_to(self.folder).as_posix(), facts.st_size, changed_at)

    def forget_moments(self) -> int:
        """Take the moments from what bears one, as copies made by hand do; how many files there were."""
        dated = 0
        for path in (self.folder, *self.folder.rglob("*")):
            with suppress(OSError):  # gone meanwhile, or another user's
                if path.stat().st_mtime_ns:
                    os.utime(path, UNDATED)
                    dated += path.is_file()
        return dated

    def abandoned(self, older_than: datetime) -> Iterator[Path]:
        """Temporary files that a killed process left behind."""
        yield from left_behind(self.folder.rglob(f"{TEMPORARY_PREFIX}*"), older_than)

    def _path(self, key: str) -> Path:
        return self.folder / check_key(key)


@contextmanager
def _new_name(path: Path) -> Iterator[Path]:
    """A temporary name beside the one to be, gone again if what is done under it fails."""
    fresh = path.with_name(f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}")
    try:
        yield fresh
    except OSError as error:
        fresh.unlink(missing_ok=True)
        if error.errno in FULL:
            raise StorageFull("The disk is full.") from error
        raise


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk, and take the moment of the last one from it, and from the
    folder above, where it may be new.
    """
    for one in (folder, folder.parent):
        with suppress(OSError):  # another user's
            os.utime(one, UNDATED)
    sync_folder(folder)


def _mode(key: str) -> int:
    """Only what lies under `public/` may be read by others of this machine, such as a proxy."""
    return 0o755 if key.startswith(OPEN) else 0o700


def left_behind(paths: Iterable[Path], older_than: datetime) -> Iterator[Path]:
    """Those that nobody has touched since; one that got its name meanwhile was not left behind."""
    for path in paths:
        try:
            changed_at = datetime.fromtimestamp(path.stat().st_ctime, UTC)
        except FileNotFoundError:
            continue
        if changed_at < older_than:
            yield path
