"""The rows of a backup on their way back into tables: some at a time, and nothing but rows of ours."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import OperationalError

from greetings.db.session import Database
from greetings.operations.archive import BackupUnusable, read_parts
from greetings.operations.backup import PASSING, PIECE_BYTES, ROWS_AT_ONCE, SEARCH, table_of, tables_of, typed
from greetings.storage import StorageFull

LONGEST_ROW_BYTES = PIECE_BYTES
# no room, no database: what stands in the way from outside. Whatever else goes wrong, the rows are wrong
FROM_OUTSIDE = (BackupUnusable, StorageFull, OperationalError, OSError)


def unsound(error: Exception, where: str = "") -> BackupUnusable:
    """In words, with the kind of the error and a table of ours; nothing of what the file holds."""
    kind = type(error).__name__ + (f" in {where}" if where else "")
    return BackupUnusable(
        f"This backup holds what the program would never have saved ({kind}). "
        "Nothing of it was kept, and the store is empty: please take another backup."
    )


def restore_rows(database: Database, file: Path) -> None:
    """All rows of the file in one transaction; what the making of a table put into it goes."""
    with (
        database.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
        connection.begin(),
    ):
        tables = {table.name: table for table in tables_of(connection)}
        missing = set(tables) - set(PASSING)
        for table in reversed(tables.values()):
            connection.execute(table.delete())
        for name, _size, held in read_parts(file):  # a table never comes before one that it points at
            table_name = table_of(name)
            missing.discard(table_name)
            if table_name and not table_name.startswith(SEARCH):
                _insert_rows(connection, tables, table_name, held)
        if missing:  # even one without rows has its part
            raise unsound(LookupError(), min(missing))
        if not database.is_sqlite:
            for table in tables.values():
                _continue_numbers(connection, table)


def _insert_rows(connection: Connection, tables: dict[str, Table], name: str, held: IO[bytes]) -> None:
    if name not in tables:
        raise unsound(LookupError())
    try:
        for lines in _some_lines(held):
            connection.execute(insert(tables[name]), [_row(tables[name], line) for line in lines])
    except FROM_OUTSIDE:
        raise
    except Exception as error:
        raise unsound(error, name) from error


def _row(table: Table, line: bytes) -> dict[str, Any]:
    """Every column, so that none is filled in by a default that says something else."""
    row = {key: typed(value) for key, value in json.loads(line).items()}
    if row.keys() != set(table.columns.keys()):
        raise KeyError(table.name)
    return row


def _some_lines(held: IO[bytes]) -> Iterator[list[bytes]]:
    """As many as a piece of a table has at most, and none that is longer than that."""
    lines, size = list[bytes](), 0
    while line := held.readline(LONGEST_ROW_BYTES + 1):
        if len(line) > LONGEST_ROW_BYTES:
            raise ValueError(len(line))
        lines.append(line)
        size += len(line)
        if len(lines) == ROWS_AT_ONCE or size > PIECE_BYTES:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines


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
