"""Adding to the log and verifying it."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from greetings.audit.models import AuditEntry, AuditHead
from greetings.audit.rules import Detail, Entry, Head, canonical_details, chained_digest, first_break
from greetings.db.session import after_commit
from greetings.keys import Keys

SENDER = "sender"
SYSTEM = "system"
DEMO = "demo"
THE_ROW = 1  # made by the first migration


class AuditLog:
    """The log of one installation. The head file stands outside the database."""

    def __init__(self, keys: Keys, head_file: Path) -> None:
        self._key = keys.derive("audit-chain")
        self._head_file = head_file

    def add(
        self,
        session: Session,
        *,
        at: datetime,
        actor: str,
        act: str,
        subject: str,
        details: dict[str, Detail] | None = None,
    ) -> AuditEntry:
        """Add an entry in the caller's transaction; the head file follows its commit.

        For what senders do, `at` must already be cut to the hour.
        """
        head = session.get_one(AuditHead, THE_ROW, with_for_update=True, populate_existing=True)
        facts = Entry(head.number + 1, at, actor, act, subject, canonical_details(details or {}))
        digest = chained_digest(self._key, head.digest, facts)
        entry = AuditEntry(
            number=facts.number,
            at=at,
            actor=actor,
            act=act,
            subject=subject,
            details=facts.details,
            digest=digest,
        )
        session.add(entry)
        head.number, head.digest = facts.number, digest
        session.flush()
        after_commit(session, lambda: self._keep_head(Head(facts.number, digest)))
        return entry

    def first_break(self, session: Session) -> int | None:
        """The number of the first entry that was tampered with, or None when all is whole."""
        return first_break(self._key, _entries(session), self.kept_head())

    def kept_head(self) -> Head | None:
        """The head as kept outside the database; None before the first entry."""
        try:
            number, digest = self._head_file.read_text(encoding="ascii").split()
        except FileNotFoundError:
            return None
        return Head(int(number), digest)

    def _keep_head(self, head: Head) -> None:
        kept = self.kept_head()
        if kept is not None and kept.number >= head.number:
            return
        fresh = self._head_file.with_name(f".{self._head_file.name}.{secrets.token_hex(8)}")
        fresh.write_text(f"{head.number} {head.digest}\n", encoding="ascii")
        fresh.replace(self._head_file)


def _entries(session: Session) -> Iterator[tuple[Entry, str]]:
    rows = session.execute(select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=1000))
    for row in rows.scalars():
        yield Entry(row.number, row.at, row.actor, row.act, row.subject, row.details), row.digest
