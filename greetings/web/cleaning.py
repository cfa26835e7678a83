"""Text of strangers as it may be kept and shown beside other people's, or be shown again at all. Pure."""

import re
import unicodedata

# controls other than line ends and tabs, surrogates and code points that are none: no page may hold them, not
# even escaped
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)


def writable(text: str) -> str:
    """What was typed, without what can't stand on a page: for showing a refused form again."""
    return _UNWRITABLE.sub("", text)


# Where Unicode keeps room for more emoji and ideographs: what Python's tables don't know yet is one of them
# there, typed on a newer telephone. Elsewhere an unknown sign could turn out to steer its neighbours.
_PROMISED = ((0x1F000, 0x1FAFF), (0x1FC00, 0x1FFFD), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD))
# England, Scotland and Wales are written as a black flag and invisible letters; nothing else may be invisible
_FLAGS = "|".join(
    "".join(chr(0xE0000 + ord(letter)) for letter in region) for region in ("gbeng", "gbsct", "gbwls")
)
_INVISIBLE = re.compile(f"(\U0001f3f4(?:{_FLAGS})\U000e007f)|[\U000e0000-\U000e0fff]")
# letters that look like nothing: whole names of them would be taken for none, or for somebody else's
_BLANK_LETTERS = dict.fromkeys(map(ord, "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"))
_JOINERS = "\u200c\u200d"  # Persian words and emoji families need them
_VARIANTS = "".join(map(chr, range(0xFE00, 0xFE10)))  # how the sign before is drawn
_SEEN_BY_NOBODY = re.compile(rf"[\s\u2800{_JOINERS}{_VARIANTS}]*")
_MANY_LINES = re.compile(r"\n{3,}")
# marks that stand above or below any letter, and so on top of each other; those of one script alone know
# how many they may be, at most six in Burmese
_FREE_MARK = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u2de0-\u2dff\ua66f-\ua67d\ua69e\ua69f"
    r"\ufe20-\ufe2f\U0001e000-\U0001e02a]"
)
_MAX_FREE_MARKS, _MAX_MARKS = 4, 8


def clean(untrusted_text: str, *, lines: bool = False) -> str:
    """Text as it may be kept and shown beside other people's: NFC, no control, bidi or invisible characters,
    no letters that look like nothing, no lone surrogates, stacks of combining marks cut, white space tidied,
    and nothing where nobody would see anything; emoji stay, also those that are newer than we are. With
    `lines`, paragraphs stay.
    """
    text = untrusted_text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(letter for letter in text if letter.isspace() or _is_kept(letter))
    text = _INVISIBLE.sub(r"\1", text).translate(_BLANK_LETTERS)
    text = _unstacked(unicodedata.normalize("NFC", text))
    if _SEEN_BY_NOBODY.fullmatch(text):
        return ""
    if not lines:
        return " ".join(text.split())
    rows = (" ".join(row.split()) for row in text.split("\n"))
    return _MANY_LINES.sub("\n\n", "\n".join(rows)).strip()


def _unstacked(text: str) -> str:
    """No more marks on one letter than any language has, and one sign at a time of how letters join."""
    kept: list[str] = []
    marks, last = 0, _JOINERS[0]  # nor is there anything to join at the beginning
    for letter in text:
        if letter in _JOINERS or letter in _VARIANTS:
            if last in _JOINERS or (last in _VARIANTS and letter in _VARIANTS):
                continue
        elif unicodedata.category(letter) in {"Mn", "Me"}:
            marks += 1
            if marks > (_MAX_FREE_MARKS if _FREE_MARK.match(letter) else _MAX_MARKS):
                continue
        else:
            marks = 0
        kept.append(letter)
        last = letter
    return "".join(kept)


def _is_kept(letter: str) -> bool:
    if letter in _JOINERS or "\U000e0020" <= letter <= "\U000e007f":  # the last of flags: see `_INVISIBLE`
        return True
    category = unicodedata.category(letter)
    if category == "Cn":
        return any(first <= ord(letter) <= last for first, last in _PROMISED)
    return category not in {"Cc", "Cf", "Cs", "Co"}
