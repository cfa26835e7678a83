"""Does the store hold together: rows and files both ways, digests, counts, the audit chain."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from greetings.audit.rules import Head
from greetings.errors import NotFound
from greetings.exports.queries import names_of_files
from greetings.exports.rules import file_name_in
from greetings.house import House
from greetings.storage import Storage
from greetings.submissions.files import PRIVATE, PUBLIC, RENDITIONS, private_key, private_keys, public_keys
from greetings.submissions.models import EarlierPicture, Greeting, Photo, WallTally
from greetings.submissions.waiting import count_waiting, counted_waiting

EXPORTS = "exports"
SECOND_LOOK_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that isn't as it should be: a code, and which key or row, never content."""

    code: str
    subject: str

    def __str__(self) -> str:
        return f"{self.code}: {self.subject}"


def examine(house: House, session: Session, audit_head: Head | None = None) -> Iterator[Finding]:
    """Everything that is wrong, found by reading all rows and all files once.

    `audit_head` is a copy of the log's head from elsewhere; without it the file beside the database counts.
    The session must not have read yet (see `AuditLog.troubles`).
    """
    for trouble in house.audit.troubles(session, audit_head):
        yield Finding(trouble.code, f"entry {trouble.number}")
    yield from _files_that_should_be(house.storage, session)
    yield from files_without_rows(house.storage, session)
    yield from _wrong_counts(session)


def lasting_findings(house: House, audit_head: Head | None = None) -> list[Finding]:
    """What `examine` finds; while others are at work, only what it finds twice: a file that was put a moment
    before its row, or deleted a moment after it, is no finding.
    """
    found = _look(house, audit_head)
    if not found or house.presence.alone_since() is not None:
        return found
    time.sleep(SECOND_LOOK_SECONDS)
    still = set(_look(house, audit_head))
    return [finding for finding in found if finding in still]


def _look(house: House, audit_head: Head | None) -> list[Finding]:
    with house.database.reading() as session:
        return list(examine(house, session, audit_head))


def files_without_rows(storage: Storage, session: Session) -> Iterator[Finding]:
    """Files of pictures that no row owns."""
    is_owned = has_owner(session)
    for folder in (PRIVATE, PUBLIC, EXPORTS):
        for found in storage.files(folder):
            if not is_owned(found.key):
                yield Finding("file-without-row", found.key)


def has_owner(session: Session) -> Callable[[str], bool]:
    """A question to ask of keys: whether rows say that such a file exists."""
    owned, exports = set(owned_keys(session)), names_of_files(session)
    return lambda key: key in owned or (key.startswith(f"{EXPORTS}/") and file_name_in(key) in exports)


def owned_keys(session: Session) -> Iterator[str]:
    """The keys of all files that rows say exist."""
    for photo in session.scalars(select(Photo).execution_options(yield_per=500)):
        yield from private_keys(photo)
        if photo.public_name is not None:
            yield from public_keys(photo.public_name)
    for earlier in session.scalars(select(EarlierPicture).execution_options(yield_per=500)):
        yield from private_keys(earlier)


def _files_that_should_be(storage: Storage, session: Session) -> Iterator[Finding]:
    for photo in session.scalars(select(Photo).execution_options(yield_per=500)):
        for rendition in RENDITIONS:
            key = private_key(photo.private_name, rendition)
            try:
                digest = hashlib.sha256(storage.read(key)).hexdigest()
            except NotFound:
                yield Finding("row-without-file", key)
                continue
            if photo.digests.get(rendition.name) != digest:
                yield Finding("file-changed", key)
        for key in public_keys(photo.public_name) if photo.public_name else ():
            if not storage.exists(key):
                yield Finding("row-without-file", key)


def _wrong_counts(session: Session) -> Iterator[Finding]:
    place = (Greeting.action_id, Greeting.kind, Greeting.country, Greeting.language)
    counted = {
        tuple(row[:4]): row[4]
        for row in session.execute(
            select(*place, func.count()).where(Greeting.public_sequence.is_not(None)).group_by(*place)
        )
    }
    kept = {
        (row.action_id, row.kind, row.country, row.language): row.greetings
        for row in session.scalars(select(WallTally))
        if row.greetings
    }
    if counted != kept:
        yield Finding("wall-count-wrong", f"{len(counted.items() ^ kept.items())} rows")
    waiting = count_waiting(session), counted_waiting(session)
    if waiting[0] != waiting[1]:
        yield Finding("waiting-count-wrong", f"{waiting[0]} instead of {waiting[1]}")
