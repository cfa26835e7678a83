"""The way back from a backup: into an empty store, and without what was erased or taken back since.

Files come first and rows last, as everywhere. While it lasts, a file `restoring` lies in the folder: what was
broken off is begun anew by the same command, and nobody takes it for a store. What turns out to be no store
of ours, or finds no room, is taken away again to its last file.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import MetaData, func, select
from sqlalchemy.orm import Session

from greetings.audit import SYSTEM
from greetings.db.session import Database
from greetings.disk import new_private_file, sync_folder
from greetings.errors import GreetingsError
from greetings.house import AUDIT_HEAD, House, open_house
from greetings.keys import SecretUnusable, parsed_secret
from greetings.operations.archive import NOT_WHOLE, BackupUnusable, checked_manifest, read_parts
from greetings.operations.backup import ERASURES, FILES, ROWS_AT_ONCE, SECRET, table_of
from greetings.operations.integrity import some_at_a_time
from greetings.operations.returning_rows import FROM_OUTSIDE, restore_rows, unsound
from greetings.operations.schema import begin_anew, has_steps_from, has_steps_to, migrate
from greetings.operations.soundness import check_rows, take_off_what_is_not_public
from greetings.presence import SomebodyElse, alone_at
from greetings.settings import Settings
from greetings.storage import is_key
from greetings.submissions.erasures import Less, erasure_list, erasures_in, less_in, take_over
from greetings.submissions.files import PRIVATE, PUBLIC, PUBLIC_RENDITIONS, private_key, public_key
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.rules import FINAL_STATES, State, Step
from greetings.submissions.search_index import make_index_anew
from greetings.submissions.steps import greeting_to_change, set_uses, take_step

RESTORING = "restoring"
PLACE = "restore.lock"  # of the one process that restores; it says nothing when it is left behind
LARGEST_PART_BYTES = 64_000_000  # of what is held in memory whole; a picture of ours has a few at most
LARGEST_LINE_BYTES = 1_000  # of the secret and the head of the log


class StoreNotEmpty(GreetingsError):
    """A backup is restored into an empty store only, so that it never mixes with what is there."""


class StoreInUse(GreetingsError):
    """A server that went on working would keep the secret of before, and know nothing of what came."""


@dataclass(frozen=True, slots=True)
class _Before:
    """What lay in the folder and is written over."""

    secret: bytes
    erasures: bytes | None


def is_half_restored(settings: Settings) -> bool:
    """Whether a restore into this folder was begun and hasn't come to its end."""
    return (settings.data / RESTORING).exists()


@contextmanager
def as_the_only_restore(settings: Settings) -> Iterator[None]:
    """Nobody else restores into this folder meanwhile. Asked before the house is opened: whoever comes second
    must not be taken for a server by the first.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    try:
        with alone_at(settings.data / PLACE):
            yield
    except SomebodyElse as error:
        raise StoreInUse(
            f"A restore into {settings.data} is going on already: this one leaves everything to it."
        ) from error


def restore_backup(house: House, file: Path, erasures: Path | None) -> str:
    """Bring a backup back into an empty store, check every digest, and erase what was erased since."""
    before = _before(house.settings)
    since = (before.erasures or b"") if erasures is None else erasures.read_bytes()
    was_broken_off = is_half_restored(house.settings)
    _refuse_if_taken(house, was_broken_off=was_broken_off)
    manifest = checked_manifest(file, _is_ours)
    secret = _secret_in(file)
    if not has_steps_to(manifest.get("revision")):  # nothing is touched, so nothing is left half done
        raise BackupUnusable(
            "This backup was made by a newer version of the program: restore it with that one or a later one."
        )
    _begin(house, was_broken_off=was_broken_off)
    try:
        if was_broken_off:
            _empty(house)
        _write_private(house.settings.secret_file, secret)
        since += b"\n" + _restore_files(house, file)
        take_over(house.settings, since)
        erased = _restore_store(house, file, manifest["revision"], since)
    except Exception as error:
        _undo(house, before)
        if isinstance(error, FROM_OUTSIDE):
            raise
        raise unsound(error) from error
    (house.settings.data / RESTORING).unlink()
    sync_folder(house.settings.data)
    return f"{manifest['parts']} parts restored, {erased} greetings erased again."


def _is_ours(name: str, size_bytes: int) -> bool:
    """Whether a part may be in a backup. Of files only the private ones are saved: whatever else was brought
    would be what all may load, as it is, and no row need know of it.
    """
    if name.startswith(FILES):
        key = name.removeprefix(FILES)
        return is_key(key) and key.startswith(f"{PRIVATE}/") and size_bytes <= LARGEST_PART_BYTES
    if name in {SECRET, AUDIT_HEAD}:
        return size_bytes <= LARGEST_LINE_BYTES
    return table_of(name) != "" or (name == ERASURES and size_bytes <= LARGEST_PART_BYTES)


def _secret_in(file: Path) -> bytes:
    for name, size, held in read_parts(file):
        if name == SECRET:
            data = held.read(size)
            with suppress(SecretUnusable):
                parsed_secret(data)
                return data
    raise BackupUnusable(NOT_WHOLE)


def _refuse_if_taken(house: House, *, was_broken_off: bool) -> None:
    if not has_steps_from(house.database):
        raise StoreNotEmpty("The database was made by a newer version of the program. Name an empty one.")
    if not was_broken_off and (has_rows(house.database) or _has_files(house)):
        raise StoreNotEmpty("The store isn't empty. A backup is restored into an empty GREETINGS_DATA only.")
    if house.presence.others_are_here():
        raise StoreInUse("Somebody works on this store: stop the server first.")


def _has_files(house: House) -> bool:
    """Whether pictures are there, though no row may know of them: perhaps another database was meant."""
    return any(True for folder in (PRIVATE, PUBLIC) for _ in house.storage.files(folder))


def _before(settings: Settings) -> _Before:
    kept = erasure_list(settings)
    return _Before(settings.secret_file.read_bytes(), kept.read_bytes() if kept.exists() else None)


def _begin(house: House, *, was_broken_off: bool) -> None:
    """From here on nobody takes this for a store. A server may have begun while the file was read, for
    minutes: it looks for the mark once it is here, and we look for it once the mark is there.
    """
    _write_private(house.settings.data / RESTORING, b"")
    try:
        _refuse_if_taken(house, was_broken_off=was_broken_off)
    except GreetingsError:
        if not was_broken_off:
            (house.settings.data / RESTORING).unlink()
        raise


def _restore_files(house: House, file: Path) -> bytes:
    """All that are no rows; the list of what was erased when it was saved."""
    erased = b""
    for name, size, held in read_parts(file):
        if name.startswith(FILES):
            house.storage.put(name.removeprefix(FILES), held.read(size))
        elif name == AUDIT_HEAD:
            _write_private(house.settings.data / AUDIT_HEAD, held.read(size))
        elif name == ERASURES:
            erased = held.read(size)
    return erased


def _restore_store(house: House, file: Path, revision: str, since: bytes) -> int:
    """The rows, and what is made of them; how many greetings were erased again."""
    begin_anew(house.database, revision)
    restore_rows(house.database, file)
    migrate(house.database)
    with house.database.reading() as session:
        check_rows(session)
    restored = open_house(house.settings, house.clock)  # with the secret that came back
    try:
        make_index_anew(restored.database)
        erased = _erase_again(restored, erasures_in(since))
        _take_back_again(restored, less_in(since))
        with restored.database.work() as session:
            take_off_what_is_not_public(restored, session)
        with restored.database.work() as session:
            _publish_files(restored, session)
        return erased
    finally:
        restored.close()


def _undo(house: House, before: _Before) -> None:
    """Leave an empty store, as it was; where even that can't be done, the mark stays, and the same command or
    another restore begins anew.
    """
    _empty(house)
    _write_private(house.settings.secret_file, before.secret)
    if before.erasures is None:
        erasure_list(house.settings).unlink(missing_ok=True)
    else:
        _write_private(erasure_list(house.settings), before.erasures)
    (house.settings.data / RESTORING).unlink()
    sync_folder(house.settings.data)


def _empty(house: House) -> None:
    """Files first: where the disk is full they make the room that the database needs to let go."""
    for folder in (PUBLIC, PRIVATE):
        for some in some_at_a_time(found.key for found in house.storage.files(folder)):
            house.storage.delete(*some)
    (house.settings.data / AUDIT_HEAD).unlink(missing_ok=True)
    begin_anew(house.database)


def _publish_files(house: House, session: Session) -> None:
    public = select(Photo.private_name, Photo.public_name).where(Photo.public_name.is_not(None))
    rows = session.execute(public.execution_options(yield_per=ROWS_AT_ONCE))
    for some in some_at_a_time(row for row in rows if row.public_name):
        names = (
            (private_key(row.private_name, rendition), public_key(row.public_name, rendition))
            for row in some
            for rendition in PUBLIC_RENDITIONS
        )
        # a picture that was changed while it was saved has no file: the check names it
        house.storage.copy_all(pair for pair in names if house.storage.exists(pair[0]))


def _erase_again(house: House, greeting_ids: set[str]) -> int:
    """Erase those of the greetings that came back; a list of many years is too long for one question."""
    erased = 0
    for some in some_at_a_time(iter(sorted(greeting_ids))):
        with house.database.work() as session:
            there = select(Greeting.id).where(Greeting.id.in_(some), Greeting.state.not_in(FINAL_STATES))
            for greeting_id in list(session.scalars(there)):
                greeting = greeting_to_change(session, greeting_id)
                take_step(house, session, greeting, Step.ERASE, actor=SYSTEM)
                erased += 1
    return erased


def _take_back_again(house: House, since: Mapping[str, Less]) -> None:
    """Consents that were taken back since are gone again, and what was taken off the wall, covered or mended
    since is on it only when a moderator has looked at it again.
    """
    for greeting_id, less in sorted(since.items()):
        with house.database.work() as session:
            there = select(Greeting.id).where(Greeting.id == greeting_id, Greeting.state.not_in(FINAL_STATES))
            if session.scalar(there) is None:
                continue
            greeting = greeting_to_change(session, greeting_id)
            left, is_as_then = greeting.granted - less.uses, greeting.version <= less.version
            if left != greeting.granted:
                set_uses(house, session, greeting, actor=SYSTEM, granted=left)
            if is_as_then and greeting.state is State.APPROVED:
                take_step(house, session, greeting, Step.REOPEN, actor=SYSTEM)


def has_rows(database: Database) -> bool:
    """Whether greetings or members of the team are in it; one without any tables has none."""
    with database.engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection, only=lambda name, _: name in {"greeting", "moderator"})
        return any(
            connection.scalar(select(func.count()).select_from(table)) for table in metadata.sorted_tables
        )


def _write_private(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)
    with new_private_file(path) as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    sync_folder(path.parent)
