"""The chain, as pure functions."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

EMPTY_DIGEST = "0" * 64
DIGEST = re.compile(r"[0-9a-f]{64}")
LARGEST_NUMBER = 10**15  # no log has so many entries, and every database counts further
UNREADABLE_MOMENT = datetime.min.replace(tzinfo=UTC)  # of a row whose moment is none

Detail = str | int | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the digest of an entry covers."""

    number: int
    at: datetime
    actor: str
    act: str
    subject: str
    details: str


@dataclass(frozen=True, slots=True)
class Head:
    """Length of a chain and its last digest."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong with a log: a code, and the entry that it is about."""

    code: str
    number: int


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of looking the whole log through: how many entries it has, how many of them the head kept
    outside the database vouches for (None where there is none to compare with), and what is wrong.
    """

    entries: int
    vouched_for: int | None
    troubles: list[Trouble]


class HeadUnreadable(ValueError):
    """A head that was kept isn't a length and a digest."""


def parsed_head(untrusted_text: str) -> Head:
    """The head out of a file: its length and digest, or `HeadUnreadable`."""
    match untrusted_text.split():
        case [number, digest] if number.isascii() and number.isdigit() and len(digest) == len(EMPTY_DIGEST):
            return Head(int(number[:18]), digest)
    raise HeadUnreadable


def can_be_gone_on_from(untrusted_number: object, untrusted_digest: object, reached: int) -> bool:
    """Whether what stands in the head's row is a head that another entry can follow: not behind the last
    entry. One before entries that were cut off can, and leaves a gap for everyone to see.
    """
    return (
        isinstance(untrusted_number, int)
        and reached <= untrusted_number < LARGEST_NUMBER
        and isinstance(untrusted_digest, str)
        and DIGEST.fullmatch(untrusted_digest) is not None
    )


def canonical_details(details: Mapping[str, Detail]) -> str:
    """Details as JSON that is the same text for the same content."""
    return json.dumps(details, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def chained_digest(key: bytes, previous: str, entry: Entry) -> str:
    """HMAC-SHA256 over the previous digest and every field of the entry, as hex."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [previous, str(entry.number), at, entry.actor, entry.act, entry.subject, entry.details]
    message = json.dumps(fields, ensure_ascii=True).encode()
    return hmac.digest(key, message, hashlib.sha256).hex()


EMPTY = Head(0, EMPTY_DIGEST)


def first_break(
    key: bytes, entries: Iterable[tuple[Entry, str]], head: Head | None, behind: Head = EMPTY
) -> int | None:
    """The number of the first entry that isn't what was written, or None when the chain is whole.

    `entries` come in the order of their numbers with the digests stored beside them, all of them or those
    `behind` an entry that is known to be whole; `head` is the one kept elsewhere, no shorter than that. Shows
    a change, a removal, an insertion, another order, and a tail cut off behind `head`.
    """
    previous, number = behind.digest, behind.number
    if head is not None and number and head.number == number and head.digest != previous:
        return number
    for entry, stored in entries:
        number += 1
        previous = chained_digest(key, previous, entry)
        if entry.number != number or not _is_same(previous, stored):
            return number
        if head is not None and head.number == number and not _is_same(head.digest, stored):
            return number
    if head is not None and head.number > number:
        return number + 1
    return None


def _is_same(digest: str, untrusted_stored: str) -> bool:
    return hmac.compare_digest(digest.encode(), untrusted_stored.encode("utf-8", "backslashreplace"))
