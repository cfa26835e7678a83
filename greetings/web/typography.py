"""Typographic care for text that people wrote: spaces that must not break. Pure."""

import re
import unicodedata

NO_BREAK = "\u00a0"
_SHORT_WORD = re.compile(r"(?<![\w’'-])(\w{1,2})[ ](?=\w)")
_SHORT_ENGLISH = re.compile(r"(?<![\w’'-])(a|I|an)[ ](?=\w)")
_FIGURE = re.compile(r"(?<=\d)[ ](?=[^\W\d_])")
_NUMERO = re.compile(r"№ ?(?=\d)")
_JOINER = "\u2060"
_SHORT_COMPOUND = re.compile(r"(?<=\b[^\W\d_]{2})-(?=[^\W\d_])|(?<=\d)-(?=[^\W\d_]{1,2}\b)")


def typeset(text: str, language: str) -> str:
    """Put no-break spaces after words of one or two letters (be, ru), between figure and noun, after №."""
    pattern = _SHORT_ENGLISH if language == "en" else _SHORT_WORD
    text = pattern.sub(rf"\1{NO_BREAK}", text)
    text = _FIGURE.sub(NO_BREAK, text)
    return _NUMERO.sub(f"№{NO_BREAK}", text)


def whole_compounds(text: str) -> str:
    """Keep «па-беларуску» and «2022-м» on one line: no break where either side of a hyphen is too short for a
    line of its own. Done with a word joiner, which no font must draw; for pages, where browsers know it.
    """
    return _SHORT_COMPOUND.sub(f"-{_JOINER}", text)


# control characters, surrogates and code points that are none: no HTML page may hold them, not even escaped
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)


def writable(text: str) -> str:
    """What was typed, without what can't stand on a page: for showing a refused form again."""
    return _UNWRITABLE.sub("", text)


_BIDI = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_MANY_LINES = re.compile(r"\n{3,}")
_MAX_MARKS = 4
_MARK = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]"
_MARKS = re.compile(rf"({_MARK}{{{_MAX_MARKS}}}){_MARK}+")


def clean(untrusted_text: str, *, lines: bool = False) -> str:
    """Text as it may be kept and shown beside other people's: NFC, no control or bidi characters, no lone
    surrogates, stacks of combining marks cut, white space tidied. With `lines`, paragraphs stay.
    """
    text = untrusted_text.replace("\r\n", "\n").replace("\r", "\n").translate(_BIDI)
    text = "".join(letter for letter in text if _is_kept(letter, lines=lines) or letter.isspace())
    text = _MARKS.sub(r"\1", unicodedata.normalize("NFC", text))
    if not lines:
        return " ".join(text.split())
    rows = (" ".join(row.split()) for row in text.split("\n"))
    return _MANY_LINES.sub("\n\n", "\n".join(rows)).strip()


def _is_kept(letter: str, *, lines: bool) -> bool:
    if letter == "\n":
        return lines
    if letter in "\u200c\u200d":  # joiners: Persian words and emoji families need them
        return True
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
