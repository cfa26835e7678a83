"""Adding to the log and verifying it."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from sqlalchemy import Table, Text, bindparam, insert, literal, select, true, update
from sqlalchemy import cast as cast_in_sql
from sqlalchemy.orm import Session

from greetings.audit.models import AuditEntry, AuditHead
from greetings.audit.rules import (
    EMPTY_DIGEST,
    Detail,
    Entry,
    Head,
    HeadUnreadable,
    Trouble,
    canonical_details,
    chained_digest,
    first_break,
    parsed_head,
)
from greetings.db.session import after_commit
from greetings.keys import Keys

SENDER = "sender"
SYSTEM = "system"
DEMO = "demo"
THE_ROW = 1  # made by the first migration
LONGEST_TAIL = 1_000  # entries behind what was verified; with more of them everything is worked out again

# every decision adds an entry: as plain statements it costs a third of what the same rows cost as objects
_ENTRIES, _HEADS = cast(Table, AuditEntry.__table__), cast(Table, AuditHead.__table__)
_HEAD = select(_HEADS.c.number, _HEADS.c.digest).where(_HEADS.c.row == THE_ROW).with_for_update()
_MOVE_HEAD = (
    update(_HEADS)
    .where(_HEADS.c.row == THE_ROW)
    .values(number=bindparam("last_number"), digest=bindparam("last_digest"))
)
_ONE_ROW = select(literal(THE_ROW).label("row")).subquery()
_LAST_ENTRY = (
    select(_ENTRIES.c.number, _ENTRIES.c.digest).order_by(_ENTRIES.c.number.desc()).limit(1).subquery()
)
# in one statement, so that both are of one moment; and a row in any case, whatever was deleted
_HEAD_BESIDE_LAST_ENTRY = select(
    _HEADS.c.number, _HEADS.c.digest, _LAST_ENTRY.c.number, _LAST_ENTRY.c.digest
).select_from(_ONE_ROW.outerjoin(_HEADS, _HEADS.c.row == _ONE_ROW.c.row).outerjoin(_LAST_ENTRY, true()))


@dataclass(frozen=True, slots=True)
class _Verified:
    """How far this process has found the log whole, and what the entries up to there looked like then."""

    last: Head
    fingerprint: str


class AuditLog:
    """The log of one installation. The head file stands outside the database."""

    def __init__(self, keys: Keys, head_file: Path) -> None:
        self._key = keys.derive("audit-chain")
        self._head_file = head_file
        self._verified: _Verified | None = None

    def add(
        self,
        session: Session,
        *,
        at: datetime,
        actor: str,
        act: str,
        subject: str,
        details: dict[str, Detail] | None = None,
    ) -> None:
        """Add an entry in the caller's transaction; the head file follows its commit.

        For what senders do, `at` must already be cut to the hour.
        """
        connection = session.connection()
        number, previous = connection.execute(_HEAD).one()
        facts = Entry(number + 1, at, actor, act, subject, canonical_details(details or {}))
        digest = chained_digest(self._key, previous, facts)
        connection.execute(insert(_ENTRIES), {**asdict(facts), "digest": digest})
        connection.execute(_MOVE_HEAD, {"last_number": facts.number, "last_digest": digest})
        after_commit(session, lambda: self._keep_head(Head(facts.number, digest)))

    def first_break(self, session: Session, head: Head | None = None) -> int | None:
        """The number of the first entry that was tampered with, or None when all is whole.

        `head` is one that was copied away earlier; without it the file's is taken.
        """
        return first_break(self._key, _entries(session), head or self._head_to_compare()[0])

    def troubles(self, session: Session, head: Head | None = None) -> list[Trouble]:
        """Everything that is wrong with the log: entries, the head beside the database, the head in it.

        The session must not have read yet: a head of now beside entries of before would look like a cut.
        """
        found: list[Trouble] = []
        kept, is_readable = self._head_to_compare()
        broken_at = self._first_break_now(session, head or kept)
        if broken_at is not None:
            found.append(Trouble("audit-chain-broken", broken_at))
        number, digest, last_number, last_digest = session.execute(_HEAD_BESIDE_LAST_ENTRY).one()
        if (number, digest) != (last_number or 0, last_digest or EMPTY_DIGEST):
            found.append(Trouble("audit-head-row-wrong", number or 0))
        if not is_readable:
            found.append(Trouble("audit-head-unreadable", number or 0))
        elif kept is None and last_number is not None:
            found.append(Trouble("audit-head-missing", last_number))
        return found

    def _first_break_now(self, session: Session, head: Head | None) -> int | None:
        """The whole log, every time; but entries whose digests this process has worked out before are only
        compared with what they were then, byte by byte, which takes a quarter of the time.
        """
        known = self._verified
        if known is not None and (head is None or head.number >= known.last.number):
            is_as_it_was = _fingerprint(session, known.last.number) == known.fingerprint
            tail = list(_entries(session, known.last.number)) if is_as_it_was else []
            if is_as_it_was and len(tail) < LONGEST_TAIL:
                return first_break(self._key, tail, head, known.last)
        last = session.execute(select(_LAST_ENTRY)).first()
        fingerprint = _fingerprint(session, last.number) if last else ""  # before the digests are worked out
        broken_at = first_break(self._key, _entries(session), head)
        is_whole = last is not None and broken_at is None
        self._verified = _Verified(Head(last.number, last.digest), fingerprint) if is_whole and last else None
        return broken_at

    def _head_to_compare(self) -> tuple[Head | None, bool]:
        """The head in the file, and whether the file could be read as one."""
        try:
            return self.kept_head(), True
        except HeadUnreadable:
            return None, False

    def kept_head(self) -> Head | None:
        """The head as kept outside the database; None before the first entry. Raises `HeadUnreadable`."""
        try:
            return parsed_head(self._head_file.read_text(encoding="ascii", errors="replace"))
        except FileNotFoundError:
            return None

    def _keep_head(self, head: Head) -> None:
        kept, _ = self._head_to_compare()  # one that a crash left half written is replaced
        if kept is not None and kept.number >= head.number:
            return
        fresh = self._head_file.with_name(f".{self._head_file.name}.{secrets.token_hex(8)}")
        with fresh.open("w", encoding="ascii") as handle:
            handle.write(f"{head.number} {head.digest}\n")
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(self._head_file)


def _fingerprint(session: Session, last: int) -> str:
    """Every column of every entry up to `last`, as the database holds it, in one digest."""
    columns = [cast_in_sql(column, Text) if column.name == "at" else column for column in _ENTRIES.c]
    rows = session.connection().execute(
        select(*columns).where(_ENTRIES.c.number <= last).order_by(_ENTRIES.c.number),
        execution_options={"yield_per": 1000},
    )
    seen = hashlib.blake2b()
    for some in rows.partitions():
        seen.update("".join(map(repr, some)).encode())
    return seen.hexdigest()


def _entries(session: Session, behind: int | None = None) -> Iterator[tuple[Entry, str]]:
    columns = (
        AuditEntry.number,
        AuditEntry.at,
        AuditEntry.actor,
        AuditEntry.act,
        AuditEntry.subject,
        AuditEntry.details,
        AuditEntry.digest,
    )
    entries = select(*columns).order_by(AuditEntry.number)
    if behind is not None:
        entries = entries.where(AuditEntry.number > behind)
    with session.execute(
        entries.execution_options(yield_per=1000)
    ) as rows:  # closed where reading ends early
        for number, at, actor, act, subject, details, digest in rows:
            yield Entry(number, at, actor, act, subject, details), digest
