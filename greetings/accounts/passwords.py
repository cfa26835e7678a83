"""Passwords: which ones are good enough, and their Argon2id hashes."""

import base64
import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from greetings.accounts.rules import MAX_PASSWORD, MIN_PASSWORD
from greetings.errors import GreetingsError
from greetings.web.shares import Shares

# 46 MiB and two passes take 50 to 100 ms on one core of a small server. Changing them re-hashes each
# password when its owner next signs in.
MEMORY_KIB = 47_104
PASSES = 2
LANES = 1
AT_ONCE = 2
MOST_WAITING = 16  # of those more: a second's work, and as many threads as a flood may hold up

MIN_DIFFERENT_LETTERS = 5
MIN_PERSONAL_PART = 4
MAX_COMMON_WORDS = 2
MAX_LEFT_OVER = 3

_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
# Each hash takes its memory for itself: a flood of sign-ins waits here instead of filling the machine, and no
# more than a few of it, so that threads are left for those who only look at pages.
_places = threading.BoundedSemaphore(AT_ONCE)
_queue = Shares(AT_ONCE + MOST_WAITING)
_LOOKALIKES = str.maketrans("@4831!057$", "aabeiiosts")
_KEYBOARDS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "йцукенгшщзхъ",
    "йцукенгшўзх",
    "фывапролджэ",
    "ячсмитьбю",
    "ячсмітьбю",
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
)


class HashersBusy(GreetingsError):
    """So many passwords are being checked that one more would only wait: try again in a moment."""


@contextmanager
def _place(network: str = "") -> Iterator[None]:
    waits = _queue.take(network)
    if waits is None:
        raise HashersBusy
    try:
        with _places:
            yield
    finally:
        waits.release()


class PasswordProblem(StrEnum):
    """Why a password is not taken."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    PATTERN = "pattern"
    PERSONAL = "personal"
    COMMON = "common"


def find_problem(password: str, *, email: str = "", name: str = "") -> PasswordProblem | None:
    """What speaks against a password, or None. Any characters are welcome; none is demanded.

    Only guessability counts: a pattern of few keys, the owner's own name or address, or nothing but the words
    that guessers try first, dressed up with figures and look-alike characters.
    """
    letters = _normal(password)
    if len(letters) < MIN_PASSWORD:
        return PasswordProblem.TOO_SHORT
    if len(password) > MAX_PASSWORD:
        return PasswordProblem.TOO_LONG
    folded = letters.casefold()
    if _is_pattern(folded):
        return PasswordProblem.PATTERN
    if _is_personal(folded, email, name):
        return PasswordProblem.PERSONAL
    return PasswordProblem.COMMON if _is_common(folded) else None


def hash_password(password: str) -> str:
    """The Argon2id hash to store, parameters and salt included; `HashersBusy` when too many want one."""
    with _place():
        return _hasher.hash(_normal(password))


def is_right_password(stored_hash: str | None, untrusted_password: str, network: str = "") -> bool:
    """Whether a password is the one that was hashed. Without a hash (nobody has this address) it takes just
    as long and says no, so that the time of an answer doesn't tell who is in the team. Of those who wait
    no network is more than it leaves to others.
    """
    password = _normal(untrusted_password[: 4 * MAX_PASSWORD])
    with _place(network):
        try:
            right = _hasher.verify(stored_hash or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return right and stored_hash is not None


def needs_rehash(stored_hash: str) -> bool:
    """Whether a hash was made with other parameters than those of today."""
    return _hasher.check_needs_rehash(stored_hash)


def _normal(password: str) -> str:
    """One form for what different keyboards send as the same letters; lone surrogates can't be hashed."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode("utf-8")


@cache
def _nobodys_hash() -> str:
    """A well-formed hash that no password has, made of fixed bytes: no work at the first unknown address."""
    salt, digest = (base64.b64encode(bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${digest}"


def _is_pattern(folded: str) -> bool:
    """Few different characters, a short piece repeated, an alphabet or a row of the keyboard walked along."""
    if len(set(folded)) < MIN_DIFFERENT_LETTERS:
        return True
    if any(folded == (folded[:size] * len(folded))[: len(folded)] for size in range(1, len(folded) // 2 + 1)):
        return True
    walks = [row * 2 for row in _KEYBOARDS]
    walks += [walk[::-1] for walk in walks]
    steps = sum(any(pair in walk for walk in walks) for pair in map("".join, pairwise(folded)))
    return len(folded) - 1 - steps < len(folded) // 4


def _is_personal(folded: str, email: str, name: str) -> bool:
    parts = re.split(r"[\W_]+", f"{email} {name}".casefold())
    own = [part for part in parts if len(part) >= MIN_PERSONAL_PART]
    bare = re.sub(r"[\W_]+", "", folded)
    return any(part in bare or part in bare.translate(_LOOKALIKES) for part in own)


def _is_common(folded: str) -> bool:
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    dressed = (
        folded,
        core,
        folded.translate(_LOOKALIKES),
        core.translate(_LOOKALIKES),
        re.sub(r"\d+", "", folded),
    )
    candidates = {re.sub(r"[\W_]+", "", text) for text in dressed}
    return any(_is_made_of_common_words(candidate, MAX_COMMON_WORDS) for candidate in candidates)


def _is_made_of_common_words(text: str, words: int) -> bool:
    """Whether at most so many common words, and a few characters more, make up the whole."""
    if words < MAX_COMMON_WORDS and len(text) <= MAX_LEFT_OVER:
        return True
    if not words:
        return False
    return any(
        _is_made_of_common_words(text.removeprefix(word), words - 1)
        for word in _common_words()
        if text.startswith(word)
    )


@cache
def _common_words() -> frozenset[str]:
    lines = Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
