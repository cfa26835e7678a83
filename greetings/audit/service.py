"""Adding to the log and verifying it."""

import os
import secrets
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import structlog
from sqlalchemy import Table, bindparam, event, func, insert, literal, select, true, update
from sqlalchemy.orm import Session

from greetings.audit.models import AuditEntry, AuditHead
from greetings.audit.reading import entries_behind, fingerprint, read_all
from greetings.audit.rules import (
    EMPTY,
    EMPTY_DIGEST,
    Detail,
    Entry,
    Head,
    HeadUnreadable,
    Trouble,
    Verification,
    can_be_gone_on_from,
    canonical_details,
    chained_digest,
    first_break,
    parsed_head,
)
from greetings.db.session import WorkSession, after_commit
from greetings.db.upsert import insert_into
from greetings.disk import new_private_file, sync_folder
from greetings.keys import Keys

SENDER = "sender"
SYSTEM = "system"
DEMO = "demo"
MEND = "mend-head"
HEAD_NAME = "audit-head"  # the subject of that entry, whatever the file beside the database is called
THE_ROW = 1  # made by the first migration
PENDING = "audit_entries"  # of a session, written with its commit
LONGEST_TAIL = 1_000  # entries behind what was verified; with more of them everything is worked out again

log = structlog.get_logger(__name__)

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
_MENDED = select(func.min(_ENTRIES.c.number)).where(_ENTRIES.c.act == MEND)
# in one statement, so that both are of one moment; and a row in any case, whatever was deleted
_HEAD_BESIDE_LAST_ENTRY = select(
    _HEADS.c.number, _HEADS.c.digest, _LAST_ENTRY.c.number, _LAST_ENTRY.c.digest
).select_from(_ONE_ROW.outerjoin(_HEADS, _HEADS.c.row == _ONE_ROW.c.row).outerjoin(_LAST_ENTRY, true()))


@dataclass(frozen=True, slots=True)
class _Verified:
    """How far this process has found the log whole, and what the entries up to there looked like then."""

    last: Head
    fingerprint: str


@dataclass(frozen=True, slots=True)
class _Pending:
    """An entry that has no number yet."""

    at: datetime
    actor: str
    act: str
    subject: str
    details: str


class AuditLog:
    """The log of one installation. The head file stands outside the database."""

    def __init__(self, keys: Keys, head_file: Path) -> None:
        self._key = keys.derive("audit-chain")
        self._head_file = head_file
        self._verified: _Verified | None = None
        self._has_told = False

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
        """Add an entry to the caller's transaction; the head file follows its commit.

        It is numbered, chained and written with the commit, after everything else: whoever holds the head's
        row waits for nobody any more, so no two can wait for one another. For what senders do, `at` must
        already be cut to the hour. Not inside a savepoint, which could be taken back without its entry.
        """
        if session.in_nested_transaction():
            raise RuntimeError("An entry belongs to the whole transaction, not to a savepoint.")
        session.connection()  # a transaction, so that taking it back takes the entry along
        facts = _Pending(at, actor, act, subject, canonical_details(details or {}))
        session.info.setdefault(PENDING, []).append((self, facts))

    def _write(self, session: Session, pending: list["_Pending"]) -> None:
        connection = session.connection()
        head, is_mended = self._head_to_go_on_from(session)
        keeps_head = self._fits_the_file(session, head)
        if is_mended:
            log.warning("the head of the audit log was unusable and is set anew", entry=head.number + 1)
            pending = [_Pending(pending[0].at, SYSTEM, MEND, HEAD_NAME, canonical_details({})), *pending]
        rows: list[dict[str, Any]] = []
        for facts in pending:
            entry = Entry(head.number + 1, **asdict(facts))
            head = Head(entry.number, chained_digest(self._key, head.digest, entry))
            rows.append({**asdict(entry), "digest": head.digest})
        connection.execute(insert(_ENTRIES), rows)
        connection.execute(_MOVE_HEAD, {"last_number": head.number, "last_digest": head.digest})
        if keeps_head:
            after_commit(session, lambda: self._keep_head(head))

    def _head_to_go_on_from(self, session: Session) -> tuple[Head, bool]:
        """The head in the database, its row locked; or the last entry instead, where somebody took the row
        away or spoilt it. Nobody's decision or withdrawal is refused for that.
        """
        found, was_gone = read_all(session, _HEAD), False
        if not found:
            no_head = {"row": THE_ROW, "number": EMPTY.number, "digest": EMPTY.digest}
            row = insert_into(session, AuditHead).values(**no_head).on_conflict_do_nothing()
            was_gone = session.connection().execute(row).rowcount == 1
            found = read_all(session, _HEAD)  # somebody else may have been quicker
        last = read_all(session, select(_LAST_ENTRY))  # after the lock: nobody adds another one now
        reached, digest = last[0] if last else (EMPTY.number, EMPTY.digest)
        number, said = found[0]
        if can_be_gone_on_from(number, said, reached):
            return Head(number, said), was_gone
        return Head(reached, str(digest)), True

    def _fits_the_file(self, session: Session, head: Head) -> bool:
        """Whether the head in the file is one that this log has had. One that isn't shows what was cut off or
        written over, and must go on showing it when the log has grown.
        """
        kept, _ = self._head_to_compare()
        if kept is None or kept == head:
            return True
        stored = read_all(session, select(_ENTRIES.c.digest).where(_ENTRIES.c.number == kept.number))
        if stored and stored[0].digest == kept.digest:
            return True
        if not self._has_told:
            log.warning("audit-head doesn't fit the log and is left as it is", entry=kept.number)
            self._has_told = True
        return False

    def troubles(self, session: Session, head: Head | None = None) -> list[Trouble]:
        """Everything that is wrong with the log, as `verify` finds it."""
        return self.verify(session, head).troubles

    def verify(self, session: Session, head: Head | None = None) -> Verification:
        """Look the whole log through: entries, the head beside the database, the head in it. `head` is one
        that was copied away earlier; without it the file's is taken.

        The session must not have read yet: a head of now beside entries of before would look like a cut.
        """
        found: list[Trouble] = []
        kept, is_readable = self._head_to_compare()
        broken_at = self._first_break_now(session, head or kept)
        if broken_at is not None:
            found.append(Trouble("audit-chain-broken", broken_at))
        number, digest, last_number, last_digest = read_all(session, _HEAD_BESIDE_LAST_ENTRY)[0]
        number = number if isinstance(number, int) else None
        if (number, digest) != (last_number or 0, last_digest or EMPTY_DIGEST):
            found.append(Trouble("audit-head-row-wrong", number or 0))
        mended_at = session.execute(_MENDED).scalar_one()
        if mended_at is not None:
            found.append(Trouble("audit-head-mended", mended_at))
        if not is_readable:
            found.append(Trouble("audit-head-unreadable", number or 0))
        elif kept is None and last_number is not None:
            found.append(Trouble("audit-head-missing", last_number))
        compared = head or kept
        return Verification(last_number or 0, compared.number if compared else None, found)

    def _first_break_now(self, session: Session, head: Head | None) -> int | None:
        """The whole log, every time; but entries whose digests this process has worked out before are only
        compared with what they were then, byte by byte, which takes a quarter of the time.
        """
        known = self._verified
        if known is not None and (head is None or head.number >= known.last.number):
            is_as_it_was = fingerprint(session, known.last.number) == known.fingerprint
            tail = list(entries_behind(session, known.last.number)) if is_as_it_was else []
            if is_as_it_was and len(tail) < LONGEST_TAIL:
                return first_break(self._key, tail, head, known.last)
        last = next(iter(read_all(session, select(_LAST_ENTRY))), None)
        seen = fingerprint(session, last.number) if last else ""  # before the digests are worked out
        with closing(entries_behind(session)) as entries:
            broken_at = first_break(self._key, entries, head)
        is_whole = last is not None and broken_at is None and seen != ""
        self._verified = _Verified(Head(last.number, last.digest), seen) if is_whole and last else None
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
        with new_private_file(fresh) as handle:
            handle.write(f"{head.number} {head.digest}\n".encode("ascii"))
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(self._head_file)
        if kept is None:  # afterwards the one before it does as well: the log has had it
            sync_folder(self._head_file.parent)


def _write_pending(session: Session) -> None:
    if session.in_nested_transaction():
        return
    pending: list[tuple[AuditLog, _Pending]] = session.info.pop(PENDING, [])
    if pending:
        log, _ = pending[0]
        log._write(session, [facts for _, facts in pending])  # noqa: SLF001 - of this module


def _forget_pending(session: Session, _previous: object) -> None:
    if not session.in_nested_transaction():
        session.info.pop(PENDING, None)


event.listen(WorkSession, "before_commit", _write_pending)
event.listen(WorkSession, "after_soft_rollback", _forget_pending)
