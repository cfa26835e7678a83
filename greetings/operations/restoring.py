"""The way back from a backup: into an empty store, and without what was erased or taken back since.

Files come first and rows last, as everywhere. While it lasts, a file `restoring` lies in the folder: what was
broken off is begun anew by the same command, and nobody takes it for a store.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, MetaData, Table, func, insert, select, text
from sqlalchemy.orm import Session

from greetings.audit import SYSTEM
from greetings.db.session import Database
from greetings.disk import new_private_file, sync_folder
from greetings.errors import GreetingsError
from greetings.house import AUDIT_HEAD, House, open_house
from greetings.operations.archive import BackupUnusable, checked_manifest, read_parts
from greetings.operations.backup import ERASURES, FILES, ROWS_AT_ONCE, SECRET, table_of, tables_of, typed
from greetings.operations.integrity import some_at_a_time
from greetings.operations.schema import has_steps_to, migrate
from greetings.settings import Settings
from greetings.storage import check_key, is_key
from greetings.submissions.erasures import Less, erasure_list, erasures_in, less_in, take_over
from greetings.submissions.files import PRIVATE, PUBLIC_RENDITIONS, private_key, public_key
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.rules import FINAL_STATES, State, Step
from greetings.submissions.search_index import make_index_anew
from greetings.submissions.steps import greeting_to_change, set_uses, take_step

RESTORING = "restoring"


class StoreNotEmpty(GreetingsError):
    """A backup is restored into an empty store only, so that it never mixes with what is there."""


class StoreInUse(GreetingsError):
    """A server that went on working would keep the secret of before, and know nothing of what came."""


def is_half_restored(settings: Settings) -> bool:
    """Whether a restore into this folder was begun and hasn't come to its end."""
    return (settings.data / RESTORING).exists()


def restore_backup(house: House, file: Path, erasures: Path | None) -> str:
    """Bring a backup back into an empty store, check every digest, and erase what was erased since."""
    kept_list = erasures or erasure_list(house.settings)
    since = kept_list.read_bytes() if kept_list.exists() else b""
    was_broken_off = is_half_restored(house.settings)
    _refuse_if_taken(house, was_broken_off=was_broken_off)
    manifest = checked_manifest(file, _is_ours)
    if not has_steps_to(manifest.get("revision")):  # nothing is touched, so nothing is left half done
        raise BackupUnusable(
            "This backup was made by a newer version of the program: restore it with that one or a later one."
        )
    _begin(house, was_broken_off=was_broken_off)
    since += b"\n" + _restore_files(house, file)
    take_over(house.settings, since)
    migrate(house.database, manifest["revision"])
    _restore_rows(house.database, file)
    migrate(house.database, "head")
    restored = open_house(house.settings, house.clock)  # with the secret that came back
    try:
        make_index_anew(restored.database)
        erased = _erase_again(restored, erasures_in(since))
        _take_back_again(restored, less_in(since))
        with restored.database.work() as session:
            _publish_files(restored, session)
    finally:
        restored.close()
    (house.settings.data / RESTORING).unlink()
    sync_folder(house.settings.data)
    return f"{manifest['parts']} parts restored, {erased} greetings erased again."


def _is_ours(name: str) -> bool:
    """Whether a part may be in a backup. Of files only the private ones are saved: whatever else was brought
    would be what all may load, as it is, and no row need know of it.
    """
    if not name.startswith(FILES):
        return True
    key = name.removeprefix(FILES)
    return is_key(key) and key.startswith(f"{PRIVATE}/")


def _refuse_if_taken(house: House, *, was_broken_off: bool) -> None:
    if has_rows(house.database) and not was_broken_off:
        raise StoreNotEmpty("The store isn't empty. A backup is restored into an empty GREETINGS_DATA only.")
    if house.presence.others_are_here():
        raise StoreInUse("Somebody works on this store: stop the server first.")


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
            house.storage.put(check_key(name.removeprefix(FILES)), held.read(size))
        elif name == SECRET:
            _write_private(house.settings.secret_file, held.read(size))
        elif name == AUDIT_HEAD:
            _write_private(house.settings.data / AUDIT_HEAD, held.read(size))
        elif name == ERASURES:
            erased = held.read(size)
    return erased


def _restore_rows(database: Database, file: Path) -> None:
    with (
        database.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
        connection.begin(),
    ):
        tables = {table.name: table for table in tables_of(connection)}
        for table in reversed(tables.values()):
            connection.execute(table.delete())
        for name, _size, held in read_parts(file):  # a table never comes before one that it points at
            if table_of(name) in tables:
                _insert_rows(connection, tables[table_of(name)], held)
        if not database.is_sqlite:
            for table in tables.values():
                _continue_numbers(connection, table)


def _insert_rows(connection: Connection, table: Table, held: IO[bytes]) -> None:
    for lines in some_at_a_time(iter(held)):
        rows = [{key: typed(value) for key, value in json.loads(line).items()} for line in lines]
        connection.execute(insert(table), rows)


def _continue_numbers(connection: Connection, table: Table) -> None:
    """PostgreSQL goes on counting behind the rows that came back."""
    (key, *others) = table.primary_key.columns
    if others or (key.server_default is None and not key.identity):
        return
    last = connection.scalar(select(func.max(key)))
    if last is not None:
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"),
            {"table": table.name, "column": key.name, "last": last},
        )


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
