"""Reading the log, whatever became of it: what was made unreadable must not keep the rest from being read."""

import hashlib
import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Executable, Table, Text, select, type_coerce
from sqlalchemy import cast as cast_in_sql
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from greetings.audit.models import AuditEntry
from greetings.audit.rules import UNREADABLE_MOMENT, Entry

NO_TEXT = "Could not decode"  # so the driver says it

_ENTRIES = cast(Table, AuditEntry.__table__)
# the moment as the database holds it: one that is none must not keep the others from being read
_READING = select(
    AuditEntry.number,
    type_coerce(AuditEntry.at, Text),
    AuditEntry.actor,
    AuditEntry.act,
    AuditEntry.subject,
    AuditEntry.details,
    AuditEntry.digest,
)


def list_entries(
    session: Session, *where: ColumnElement[bool], newest_first: bool = False, most: int | None = None
) -> list[Entry]:
    """Entries to be shown. One that was made unreadable comes as well, with what can be read of it."""
    order = AuditEntry.number.desc() if newest_first else AuditEntry.number
    rows = read_all(session, _READING.where(*where).order_by(order).limit(most))
    return [_entry(row)[0] for row in rows]


def entries_behind(session: Session, behind: int | None = None) -> Generator[tuple[Entry, str]]:
    """All entries in their order with the digests stored beside them, or those behind one of them."""
    try:
        for entry, digest in _stream(session, behind):
            yield entry, digest
            behind = entry.number
    except OperationalError as error:
        with _texts_that_are_none(session, error):
            yield from _stream(session, behind)


def _stream(session: Session, behind: int | None) -> Iterator[tuple[Entry, str]]:
    entries = _READING.order_by(AuditEntry.number)
    if behind is not None:
        entries = entries.where(AuditEntry.number > behind)
    # closed where reading ends early
    with session.execute(entries.execution_options(yield_per=1000)) as rows:
        for row in rows:
            yield _entry(row)


def fingerprint(session: Session, last: int) -> str:
    """Every column of every entry up to `last`, as the database holds it, in one digest; nothing where it
    holds something that can’t be read.
    """
    columns: list[Column[Any] | ColumnElement[Any]] = [
        cast_in_sql(column, Text) if column.name == "at" else column for column in _ENTRIES.c
    ]
    rows = select(*columns).where(_ENTRIES.c.number <= last).order_by(_ENTRIES.c.number)
    seen = hashlib.blake2b()
    try:
        with closing(session.connection().execute(rows, execution_options={"yield_per": 1000})) as found:
            for some in found.partitions():
                seen.update("".join(map(repr, some)).encode())
    except OperationalError as error:
        if NO_TEXT not in str(error.orig):
            raise
        return ""
    return seen.hexdigest()


def read_all(session: Session, statement: Executable) -> list[Any]:
    """Every row of a short answer."""
    try:
        return list(session.connection().execute(statement).all())
    except OperationalError as error:
        with _texts_that_are_none(session, error):
            return list(session.connection().execute(statement).all())


@contextmanager
def _texts_that_are_none(session: Session, error: OperationalError) -> Iterator[None]:
    """SQLite keeps bytes that are no UTF-8 as a text, and its driver refuses to read them: in the block they
    come as what they look like. Where that isn't the trouble, there is none to be had here.
    """
    held: Any = session.connection().connection.dbapi_connection
    if not isinstance(held, sqlite3.Connection) or NO_TEXT not in str(error.orig):
        raise error
    held.text_factory = lambda untrusted: untrusted.decode("utf-8", "backslashreplace")
    try:
        yield
    finally:
        held.text_factory = str


def _entry(row: Sequence[Any]) -> tuple[Entry, str]:
    """A row with its digest. What isn’t of its kind, as only tampering makes it, is read as what it looks
    like, which no digest fits.
    """
    number, untrusted_at, *untrusted = row
    actor, act, subject, details, digest = (
        value if isinstance(value, str) else repr(value) for value in untrusted
    )
    return Entry(number, _moment(untrusted_at), actor, act, subject, details), digest


def _moment(untrusted: object) -> datetime:
    try:
        at = untrusted if isinstance(untrusted, datetime) else datetime.fromisoformat(str(untrusted))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return UNREADABLE_MOMENT
