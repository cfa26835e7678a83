"""What two greetings have in common, as numbers: fingerprints of words, and the keys to find like ones by.

Words: 24 smallest hashes of their three-word runs (MinHash), so that the share of equal ones is about the
share of runs in common. Pictures have their difference hash. Of either, a few short keys are made such that
what is alike has at least one key in common: an index finds it without looking at everything. Pure.
"""

import hashlib
import struct
from collections.abc import Sequence
from operator import eq

from greetings.submissions.rules import search_text

SHINGLE_WORDS = 3
FEW_WORDS = 8  # below it everybody writes the same: only the same words of the same person are alike
HASHES = 24
HASH_DIGITS = 4
HASHES_A_KEY = 3
PICTURE_DIGITS = 16
PICTURE_KEYS = 4
PICTURE_KEY_DIGITS = PICTURE_DIGITS // PICTURE_KEYS
TEXT_KIND, PICTURE_KIND = 1, 2

_KEY = struct.Struct(">I")
_BITS_OF_A_KEY = 32
_BITS_OF_A_PLACE = 8


def text_fingerprint(text: str, *signature: str) -> str:
    """24 hashes of 16 bits as hex, or "" when there is too little to compare.

    A text of a few words is taken together with its `signature` (name, town): “Happy birthday!” is written by
    thousands, but not by thousands of Hannas of Vilnius.
    """
    words = _words(text)
    if not words:
        return ""
    if len(words) < FEW_WORDS:
        signed = _words(*signature)
        words = [*words, *signed] if signed else []
    runs = {" ".join(words[start : start + SHINGLE_WORDS]) for start in range(len(words) - SHINGLE_WORDS + 1)}
    if not runs:
        return ""
    hashed = [_hashes(run) for run in runs]
    return "".join(f"{min(column):04x}" for column in zip(*hashed, strict=True))


def _words(*texts: str) -> list[str]:
    """Words without what stands around them, so that a comma more or less changes nothing."""
    plain = "".join(letter if letter.isalnum() or letter == "’" else " " for letter in search_text(*texts))
    return plain.split()


def _hashes(run: str) -> tuple[int, ...]:
    digest = hashlib.blake2b(run.encode("utf-8", "surrogatepass"), digest_size=2 * HASHES).digest()
    return struct.unpack(f">{HASHES}H", digest)


def text_likeness(one: str, other: str) -> int:
    """How much two fingerprints of words have in common, in per cent; 0 when one says nothing."""
    if not one or not other:
        return 0
    mine, theirs = (memoryview(bytes.fromhex(print_)).cast("H") for print_ in (one, other))
    equal = sum(one is True for one in map(eq, mine, theirs))
    return 100 * equal // HASHES


def picture_distance(one: str, other: str) -> int:
    """In how many of 64 bits two difference hashes differ.

    Of one photo encoded anew, made smaller, lighter, darker, grey or cut by a fiftieth: at most 5. Of
    different photos: 17 and more. Cut by a twentieth: 4 to 17, so at 8 bits half of those are still known.
    """
    return (int(one, 16) ^ int(other, 16)).bit_count()


def text_keys(fingerprint: str) -> list[int]:
    """Eight numbers; texts with about two thirds of their runs in common nearly always share one."""
    parts = _parts(fingerprint, HASH_DIGITS * HASHES_A_KEY)
    return [_key(TEXT_KIND, place, part) for place, part in enumerate(parts)]


def picture_keys(difference_hash: str) -> list[int]:
    """Four numbers; pictures that differ in at most three bits always share one."""
    parts = _parts(difference_hash, PICTURE_KEY_DIGITS)
    return [_key(PICTURE_KIND, place, part) for place, part in enumerate(parts)]


def _parts(digits: str, length: int) -> Sequence[str]:
    return [digits[start : start + length] for start in range(0, len(digits), length)]


def _key(kind: int, place: int, part: str) -> int:
    """Kind, place and 32 bits of the part in one number that fits into a signed 64-bit column."""
    (short,) = _KEY.unpack(hashlib.blake2b(part.encode("ascii"), digest_size=_KEY.size).digest())
    return (kind << _BITS_OF_A_PLACE | place) << _BITS_OF_A_KEY | int(short)
