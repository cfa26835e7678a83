"""One file that holds an installation; `restoring` is the way back.

A tar archive: `tables/NAME.jsonl`, `tables/NAME.2.jsonl` and so on (every row of every table, in pieces, read
in one transaction, so that it moves between SQLite and PostgreSQL too), `files/KEY` (the private renditions;
public files and posters are made anew from them), `secret`, `audit-head`, `erasures`, and `manifest.json`.
The list of what was erased is read last: a greeting erased while the backup is written is without its files,
and is erased again on restore.
"""

import base64
import glob
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, select

from greetings.disk import sync_folder
from greetings.errors import NotFound
from greetings.house import AUDIT_HEAD, House
from greetings.operations.archive import write_archive
from greetings.operations.schema import our_tables
from greetings.submissions.erasures import erasure_list
from greetings.submissions.files import RENDITIONS, private_key
from greetings.submissions.models import EarlierPicture, Photo

SECRET, ERASURES, TABLES, FILES = "secret", "erasures", "tables/", "files/"
SEARCH = "search_"  # what is found by words is made anew from the greetings
ROWS_AT_ONCE = 500
PIECE_BYTES = 4_000_000
PIECE = re.compile(rf"{TABLES}([a-z_]+)(?:\.[0-9]+)?\.jsonl", re.ASCII)
PART, LEFT_AFTER = ".part", 24 * 3600  # seconds
PASSING = ("export", "exported_greeting")  # their files live for a day and are made anew in a moment


def back_up(house: House, file: Path) -> str:
    """Write everything into `file`, readable by its owner only; it appears whole or not at all."""
    _clear_leftovers(file)
    head = house.settings.data / AUDIT_HEAD
    # read before the rows: a head ahead of them would look like a cut
    kept_head = head.read_bytes() if head.exists() else None
    descriptor, name = tempfile.mkstemp(PART, f".{file.name}.", file.parent)  # nobody else's, for us only
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as handle, house.database.engine.connect() as connection:
            if not house.database.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901 - itself
            revision = MigrationContext.configure(connection).get_current_revision()
            parts = write_archive(handle, _parts(house, connection, kept_head), {"revision": revision})
            handle.flush()
            os.fsync(handle.fileno())
        fresh.rename(file)
        sync_folder(file.parent)
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


def _parts(house: House, connection: Connection, kept_head: bytes | None) -> Iterator[tuple[str, bytes]]:
    for table in tables_of(connection):
        if table.name not in PASSING:
            yield from _pieces(connection, table)
    names = select(Photo.private_name).union_all(select(EarlierPicture.private_name))
    held = connection.scalars(names).all()
    connection.rollback()  # files take long, and while anybody reads, SQLite's log can't be cut
    for name in held:
        for key in (private_key(name, rendition) for rendition in RENDITIONS):
            with suppress(NotFound):  # erased while we were reading
                yield f"{FILES}{key}", house.storage.read(key)
    yield SECRET, house.settings.secret_file.read_bytes()
    if kept_head is not None:
        yield AUDIT_HEAD, kept_head
    erasures = erasure_list(house.settings)
    if erasures.exists():
        yield ERASURES, erasures.read_bytes()


def tables_of(connection: Connection) -> list[Table]:
    """Every table of ours that is saved or could be."""
    return [table for table in our_tables(connection) if not table.name.startswith(SEARCH)]


def _pieces(connection: Connection, table: Table) -> Iterator[tuple[str, bytes]]:
    """The rows of a table in parts of some size, at least one."""
    number, piece = 1, bytearray()
    for row in connection.execute(select(table).execution_options(yield_per=ROWS_AT_ONCE)).mappings():
        line = json.dumps({key: _plain(value) for key, value in row.items()}, ensure_ascii=True)
        piece += line.encode() + b"\n"
        if len(piece) >= PIECE_BYTES:
            yield piece_name(table.name, number), bytes(piece)
            number, piece = number + 1, bytearray()
    if piece or number == 1:
        yield piece_name(table.name, number), bytes(piece)


def piece_name(table: str, number: int) -> str:
    """Where a piece of a table lies in the archive."""
    return f"{TABLES}{table}.jsonl" if number == 1 else f"{TABLES}{table}.{number}.jsonl"


def table_of(part: str) -> str:
    """The table a part holds rows of; an empty word if it is no piece of one."""
    piece = PIECE.fullmatch(part)
    return piece[1] if piece else ""


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$moment": (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    return value


def typed(value: Any) -> Any:
    """What a value was before it was written."""
    match value:
        case {"$moment": moment}:
            return datetime.fromisoformat(moment)
        case {"$day": day}:
            return date.fromisoformat(day)
        case {"$bytes": data}:
            return base64.b64decode(data)
    return value
