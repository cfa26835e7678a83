"""What in a greeting's words wants a second look: found by rule, shown in words, decided by people. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LONG_WORD_LETTERS = 36  # longer ones are no word of our languages, and break lines


class FlagKind(StrEnum):
    """Why something is flagged."""

    LINK = "link"
    EMAIL = "email"
    PHONE = "phone"
    MIXED_SCRIPTS = "mixed_scripts"
    LONG_WORD = "long_word"


@dataclass(frozen=True, slots=True, order=True)
class Flag:
    """One find: characters `start` to `end` of the text."""

    start: int
    end: int
    kind: FlagKind


_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_LINK = re.compile(
    r"\b(?:https?://|www\.)[^\s<>«»“”]{2,500}"
    r"|(?<![\w@.-])(?:[\w-]{1,63}\.){1,5}"
    r"(?:by|ru|org|com|net|info|eu|de|pl|lt|lv|ua|uk|me|io|online|site|shop|club|top|xyz|рф|бел)\b(?:/[^\s<>«»“”]{0,500})?"
    r"|(?<![\w@.-])(?:[\w-]{1,63}\.){1,5}[^\W\d_]{2,24}/[\w?#~-][^\s<>«»“”]{0,500}"  # a page, wherever
    r"|(?<![\w@])@[a-z0-9_]{4,32}\b",
    re.IGNORECASE,
)
# a plus or two noughts and a country, seven digits set as people set them, or a run too long for a date
_PHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00)\d(?:[\s().\-‐–]{0,3}\d){7,13}"
    r"|\(?\d{2,5}\)?[\s\-‐–]{1,2}\d{3}[\s\-‐–]\d{2}[\s\-‐–]\d{2}"
    r"|\d{3}[\-‐–]\d{2}[\-‐–]\d{2}"
    r"|\d(?:[\s()\-‐–]{0,2}\d){9,13})(?!\w)"
)
_WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ][^\W\d_]+)*")
_RUN = re.compile(r"\S+")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")


def find_flags(text: str) -> list[Flag]:
    """Everything in the text that wants a look, in its order; finds don't overlap."""
    finds = [
        *_matches(_EMAIL, text, FlagKind.EMAIL),
        *_matches(_LINK, text, FlagKind.LINK),
        *_matches(_PHONE, text, FlagKind.PHONE),
        *(
            Flag(word.start(), word.end(), FlagKind.MIXED_SCRIPTS)
            for word in _WORD.finditer(text)
            if _is_mixed(word[0])
        ),
        *(
            Flag(run.start(), run.end(), FlagKind.LONG_WORD)
            for run in _RUN.finditer(text)
            if run.end() - run.start() > LONG_WORD_LETTERS
        ),
    ]
    return sorted(_apart(finds))


def kinds_of(*texts: str) -> list[FlagKind]:
    """The kinds of finds in some texts, each once, in their usual order."""
    found = {flag.kind for text in texts for flag in find_flags(text)}
    return [kind for kind in FlagKind if kind in found]


def _matches(pattern: re.Pattern[str], text: str, kind: FlagKind) -> Iterable[Flag]:
    return (Flag(match.start(), match.end(), kind) for match in pattern.finditer(text))


def _apart(finds: Iterable[Flag]) -> list[Flag]:
    """Of finds that overlap, the one that was looked for first."""
    kept: list[Flag] = []
    for find in finds:
        if all(find.end <= other.start or find.start >= other.end for other in kept):
            kept.append(find)
    return kept


def _is_mixed(word: str) -> bool:
    """Letters of more than one script in one word: how a name is made that looks like another."""
    if word.isascii():
        return False
    names = (unicodedata.name(letter, "") for letter in word)
    return len({script for name in names for script in _SCRIPTS if name.startswith(script)}) > 1
