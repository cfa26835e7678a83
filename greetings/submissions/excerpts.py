"""The beginning of words where there is no room for all: of a greeting on the wall and at the desk, of an
action's page where somebody is sent its address. Pure.
"""

import re
import unicodedata
from dataclasses import dataclass

# Latin, Cyrillic and their punctuation, where every character is one letter wide
_PLAIN = re.compile(r"[\x20-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u203a№]*")

# a stop behind three letters or fewer may be an abbreviation's: «вул.», “No.”
_SENTENCE_END = re.compile(r"(?:\w{4}\.|[!?…])[»”)]*(?= |$)")


def set_width(text: str) -> int:
    """Length in letters as they are set: wide ones (Chinese, emoji) count double, combining marks nothing."""
    if _PLAIN.fullmatch(text):
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a text, and whether there is more of it."""

    text: str
    is_cut: bool


def excerpt(text: str, longest: int) -> Excerpt:
    """The beginning of a text on one line, cut behind a whole word; a word without end is cut anywhere."""
    flat = " ".join(text.split())
    if set_width(flat) <= longest:
        return Excerpt(flat, is_cut=False)
    room, end = longest - 1, 0  # one for the ellipsis
    while end < len(flat) and (room := room - set_width(flat[end])) >= 0:
        end += 1
    while end > 0 and unicodedata.combining(flat[end]):
        end -= 1
    head = flat[:end]
    at_word = head if flat[end] == " " else head.rpartition(" ")[0]
    return Excerpt((at_word or head).rstrip(" .,;:–—-") + "…", is_cut=True)


def whole_sentences(text: str, longest: int) -> str:
    """As many sentences as have room; where not even the first has, its beginning."""
    flat = " ".join(text.split())
    if len(flat) <= longest:
        return flat
    ends = [end.end() for end in _SENTENCE_END.finditer(flat) if end.end() <= longest]
    return flat[: ends[-1]] if ends else excerpt(flat, longest).text
