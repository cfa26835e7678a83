"""Does the store hold together: rows and files both ways, digests, counts, the audit chain."""

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from greetings.audit.rules import Head
from greetings.errors import NotFound
from greetings.exports.models import Export
from greetings.exports.rules import FOLDER as EXPORTS
from greetings.exports.rules import file_name_in
from greetings.house import House
from greetings.settings import Settings
from greetings.storage import Storage
from greetings.submissions.erasures import erasure_list
from greetings.submissions.files import PRIVATE, PUBLIC, RENDITIONS, private_key, public_keys
from greetings.submissions.models import EarlierPicture, Greeting, Photo, WallTally
from greetings.submissions.search_index import DESK_INDEX, PUBLIC_INDEX, left_behind
from greetings.submissions.waiting import count_waiting, counted_waiting

# below each folder files bear the names that these columns hold
OWNERS = {
    PRIVATE: (Photo.private_name, EarlierPicture.private_name),
    PUBLIC: (Photo.public_name,),
    EXPORTS: (Export.file_name,),
}
KEYS_AT_ONCE = 500
MAKE_SEARCH_ANEW = "greetings housekeeping --search-anew"
SECOND_LOOK_SECONDS = 3.0

T = TypeVar("T")


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
    yield from _words_left_behind(session)
    yield from _not_writable(house.settings)


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
    """Files of pictures and exports that no row owns."""
    for folder in OWNERS:
        for keys in some_at_a_time(found.key for found in storage.files(folder)):
            owned = owned_among(session, folder, keys)
            yield from (Finding("file-without-row", key) for key in keys if key not in owned)


def some_at_a_time(things: Iterator[T]) -> Iterator[list[T]]:
    """Things in lists of a length at which one question to the database finds the owners of so many keys."""
    while some := list(islice(things, KEYS_AT_ONCE)):
        yield some


def owned_among(session: Session, folder: str, keys: Sequence[str]) -> set[str]:
    """Those of the keys below one folder of which rows say that such a file exists."""
    names = {name for name in map(_name_in, keys) if name.isascii()}
    found = (session.scalars(select(column).where(column.in_(names))) for column in OWNERS[folder])
    owned = {name for some in found for name in some if name is not None}
    if folder == PRIVATE:
        return {private_key(name, rendition) for name in owned for rendition in RENDITIONS}
    if folder == PUBLIC:
        return {key for name in owned for key in public_keys(name)}
    return {key for key in keys if file_name_in(key) in owned}


def _name_in(key: str) -> str:
    return key.rpartition("/")[2].partition("-")[0]


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


def _not_writable(settings: Settings) -> Iterator[Finding]:
    """What the user who asks may not change. Of the folders of files one is enough: they were made alike."""
    folders = (Path(folder) for folder, *_ in os.walk(settings.files))
    first = next((folder for folder in folders if not os.access(folder, os.W_OK)), None)
    for path in (settings.data, erasure_list(settings), first):
        if path is not None and path.exists() and not os.access(path, os.W_OK):
            yield Finding("not-writable", str(path))


def _words_left_behind(session: Session) -> Iterator[Finding]:
    for index, whose in ((PUBLIC_INDEX, "the wall’s search"), (DESK_INDEX, "the desk’s search")):
        number = left_behind(session, index)
        if number:
            yield Finding("words-left-behind", f"{number} in {whose}; to make it anew: {MAKE_SEARCH_ANEW}")
