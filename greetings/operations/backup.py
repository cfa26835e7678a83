"""One file that holds an installation, and the way back.

A tar archive: `manifest.json`, `tables/NAME.jsonl` (every row of every table, read in one transaction, so
that it moves between SQLite and PostgreSQL too), `files/KEY` (the private renditions; public files and
posters are made anew from them), `secret`, `audit-head` and, read last, `erasures`: a greeting erased while
the backup is written is without its files, and is erased again on restore.
"""

import base64
import glob
import hashlib
import io
import json
import os
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, func, insert, select, text
from sqlalchemy.orm import Session

from greetings.audit import SYSTEM
from greetings.db.session import Database
from greetings.errors import GreetingsError, NotFound
from greetings.house import AUDIT_HEAD, House, open_house
from greetings.operations.integrity import some_at_a_time
from greetings.operations.schema import is_compared
from greetings.storage import check_key
from greetings.submissions.erasures import Less, erasure_list, erasures_in, less_in, take_over
from greetings.submissions.files import PUBLIC_RENDITIONS, RENDITIONS, private_key, public_key
from greetings.submissions.models import EarlierPicture, Greeting, Photo
from greetings.submissions.rules import FINAL_STATES, State, Step
from greetings.submissions.search_index import make_index_anew
from greetings.submissions.steps import greeting_to_change, set_uses, take_step

FORMAT = 1
MANIFEST, SECRET, ERASURES, TABLES, FILES = "manifest.json", "secret", "erasures", "tables/", "files/"
SEARCH = "search_"  # what is found by words is made anew from the greetings
ROWS_AT_ONCE = 500
PART, LEFT_AFTER = ".part", 24 * 3600  # seconds
PASSING = ("export", "exported_greeting")  # their files live for a day and are made anew in a moment

Migrate = Callable[[Database, str], None]


class BackupUnusable(GreetingsError):
    """The file isn't a whole backup of ours."""


class StoreNotEmpty(GreetingsError):
    """A backup is restored into an empty store only, so that it never mixes with what is there."""


def back_up(house: House, file: Path) -> str:
    """Write everything into `file`, readable by its owner only; it appears whole or not at all."""
    _clear_leftovers(file)
    descriptor, name = tempfile.mkstemp(PART, f".{file.name}.", file.parent)  # nobody else's, for us only
    fresh = Path(name)
    try:
        parts = _write(house, descriptor)
        fresh.rename(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return f"{parts} parts saved."


def _clear_leftovers(file: Path) -> None:
    """What was killed while it wrote the same file; one that is being written is young."""
    for left in file.parent.glob(f".{glob.escape(file.name)}.*{PART}"):
        with suppress(FileNotFoundError):
            if time.time() - left.lstat().st_mtime > LEFT_AFTER:
                left.unlink()


def _write(house: House, descriptor: int) -> int:
    """The archive; the number of its parts."""
    digests: dict[str, str] = {}
    head = (
        house.settings.data / AUDIT_HEAD
    )  # read before the rows: a head ahead of them would look like a cut
    kept_head = head.read_bytes() if head.exists() else None
    with os.fdopen(descriptor, "wb") as handle:
        with (
            tarfile.open(fileobj=handle, mode="w|") as archive,
            house.database.engine.connect() as connection,
        ):
            if not house.database.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
            revision = MigrationContext.configure(connection).get_current_revision()
            for name, data in _members(house, connection, kept_head):
                digests[name] = hashlib.sha256(data).hexdigest()
                _add(archive, name, data)
            manifest = {"format": FORMAT, "revision": revision, "digests": digests}
            _add(archive, MANIFEST, json.dumps(manifest, indent=1).encode())
        handle.flush()
        os.fsync(handle.fileno())
    return len(digests)


def restore_backup(house: House, file: Path, erasures: Path | None, migrate: Migrate) -> str:
    """Bring a backup back into an empty store, check every digest, and erase what was erased since."""
    kept_list = erasures or erasure_list(house.settings)
    since = kept_list.read_bytes() if kept_list.exists() else b""
    if _has_rows(house.database):
        raise StoreNotEmpty("The store isn't empty. A backup is restored into an empty GREETINGS_DATA only.")
    manifest = _checked_manifest(file)
    migrate(house.database, manifest["revision"])
    with tarfile.open(file, "r:") as archive:
        _restore_rows(house.database, archive)
        for member in archive:
            if member.name.startswith(FILES):
                house.storage.put(check_key(member.name.removeprefix(FILES)), _data(archive, member))
        house.settings.secret_file.unlink(missing_ok=True)
        _write_private(house.settings.secret_file, _data(archive, archive.getmember(SECRET)))
        if ERASURES in archive.getnames():
            since += b"\n" + _data(archive, archive.getmember(ERASURES))
        if AUDIT_HEAD in archive.getnames():
            (house.settings.data / AUDIT_HEAD).write_bytes(_data(archive, archive.getmember(AUDIT_HEAD)))
    take_over(house.settings, since)
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
    return f"{len(manifest['digests'])} parts restored, {erased} greetings erased again."


def _members(house: House, connection: Connection, kept_head: bytes | None) -> Iterator[tuple[str, bytes]]:
    for table in _tables(connection):
        if not table.name.startswith(SEARCH) and table.name not in PASSING:
            yield f"{TABLES}{table.name}.jsonl", b"".join(_rows(connection, table))
    names = select(Photo.private_name).union_all(select(EarlierPicture.private_name))
    for name in connection.scalars(names).all():
        for key in (private_key(name, rendition) for rendition in RENDITIONS):
            with suppress(NotFound):  # erased while we were reading
                yield f"{FILES}{key}", house.storage.read(key)
    yield SECRET, house.settings.secret_file.read_bytes()
    if kept_head is not None:
        yield AUDIT_HEAD, kept_head
    erasures = erasure_list(house.settings)
    if erasures.exists():
        yield ERASURES, erasures.read_bytes()


def _tables(connection: Connection) -> list[Table]:
    """Every table of ours; what SQLite keeps its index in is no row of anybody's."""
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: is_compared(name, "table", None))
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def _rows(connection: Connection, table: Table) -> Iterator[bytes]:
    for row in connection.execute(select(table).execution_options(yield_per=ROWS_AT_ONCE)).mappings():
        yield (
            json.dumps({key: _plain(value) for key, value in row.items()}, ensure_ascii=True).encode() + b"\n"
        )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$moment": (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    return value


def _typed(value: Any) -> Any:
    match value:
        case {"$moment": moment}:
            return datetime.fromisoformat(moment)
        case {"$day": day}:
            return date.fromisoformat(day)
        case {"$bytes": data}:
            return base64.b64decode(data)
    return value


def _checked_manifest(file: Path) -> dict[str, Any]:
    """Read the whole file once and compare every digest before anything is written."""
    try:
        with tarfile.open(file, "r:") as archive:
            found = {member.name: hashlib.sha256(_data(archive, member)).hexdigest() for member in archive}
            manifest: dict[str, Any] = json.loads(_data(archive, archive.getmember(MANIFEST)))
    except (tarfile.TarError, KeyError, ValueError, EOFError) as error:
        raise BackupUnusable("This file is not a whole backup.") from error
    del found[MANIFEST]
    if manifest.get("format") != FORMAT or manifest.get("digests") != found:
        raise BackupUnusable("This file is not what was saved: a part is missing or was changed.")
    return manifest


def _restore_rows(database: Database, archive: tarfile.TarFile) -> None:
    with (
        database.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
        connection.begin(),
    ):
        tables = [table for table in _tables(connection) if not table.name.startswith(SEARCH)]
        for table in reversed(tables):
            connection.execute(table.delete())
        for table in tables:
            name = f"{TABLES}{table.name}.jsonl"
            if name not in archive.getnames():
                continue
            lines = _data(archive, archive.getmember(name)).splitlines()
            rows = [{key: _typed(value) for key, value in json.loads(line).items()} for line in lines]
            for start in range(0, len(rows), ROWS_AT_ONCE):
                connection.execute(insert(table), rows[start : start + ROWS_AT_ONCE])
            if not database.is_sqlite:
                _continue_numbers(connection, table)


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
    for photo in session.scalars(select(Photo).where(Photo.public_name.is_not(None))):
        for rendition in PUBLIC_RENDITIONS:
            assert photo.public_name is not None
            source = private_key(photo.private_name, rendition)
            with suppress(NotFound):  # a picture that was changed while it was saved: the check names it
                house.storage.copy(source, public_key(photo.public_name, rendition))


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


def _has_rows(database: Database) -> bool:
    with database.engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection, only=lambda name, _: name in {"greeting", "moderator"})
        return any(
            connection.scalar(select(func.count()).select_from(table)) for table in metadata.sorted_tables
        )


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    member.mode = 0o600
    archive.addfile(member, io.BytesIO(data))


def _data(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    held = archive.extractfile(member)
    if held is None:
        raise BackupUnusable("This file is not a whole backup.")
    return held.read()


def _write_private(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
