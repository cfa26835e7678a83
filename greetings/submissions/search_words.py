"""The words by which a greeting is found. Pure.

A word is a run of letters, figures and marks, cut to its first ten: longer ones are found by those, which
forgives endings, and each word of a search is the reading of one ready list. Who looks for something has
the letters of one keyboard: и and і are one letter, Latin letters have no accents, a stress mark falls out
as apostrophes inside a word do; a hyphen parts. Scripts that put no spaces between words are taken letter
by letter. Country, language and kind stand among the words, marked so that nobody can type them: a search
within a choice is one search.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

WORD_LETTERS = 10
MARK = "="
_WRITTEN_AS = {
    "’": "",
    "\u0301": "",  # a stress mark
    "и": "і",
    "ї": "і",
    "є": "е",
    "ґ": "г",
    # Latin letters that no accent makes
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "ħ": "h",
}


def split_words(search_text: str) -> list[str]:
    """The words of a text that `rules.search_text` has evened out, each once, in their order."""
    parted = "".join(map(_as_part_of_a_word, search_text))
    return list(dict.fromkeys(word[:WORD_LETTERS] for word in parted.split()))


@lru_cache(maxsize=4096)
def _as_part_of_a_word(letter: str) -> str:
    if letter in _WRITTEN_AS:
        return _WRITTEN_AS[letter]
    if _is_by_itself(letter):
        return f" {letter} "
    plain = unicodedata.normalize("NFD", letter)[0]
    if "a" <= plain <= "z":
        return plain
    return letter if unicodedata.category(letter)[0] in "LMN" else " "


def _is_by_itself(letter: str) -> bool:
    """Chinese characters and kana, Thai, Lao, Khmer, Burmese: their words have no borders to see."""
    return letter >= "\u0e00" and (
        "\u3040" <= letter <= "\u9fff"
        or "\u0e00" <= letter <= "\u0eff"
        or "\u1000" <= letter <= "\u109f"
        or "\u1780" <= letter <= "\u17ff"
        or "\U00020000" <= letter <= "\U0003ffff"
    )


def choice_words(*, kind: str = "", country: str = "", language: str = "") -> list[str]:
    """What is chosen above the wall, as words beside the others."""
    choices = {"k": kind, "c": country.lower(), "l": language}
    return [f"{MARK}{sign}{value}" for sign, value in choices.items() if value]


def fts5_query(words: Iterable[str]) -> str:
    """All of these words, as SQLite's FTS5 reads it; of a word shorter than ten letters, its beginning."""
    return " ".join(f'"{word}"{"*" if _may_go_on(word) else ""}' for word in words)


def tsquery(words: Iterable[str]) -> str:
    """The same as PostgreSQL reads it."""
    return " & ".join(f"'{word}'{':*' if _may_go_on(word) else ''}" for word in words)


def _may_go_on(word: str) -> bool:
    return len(word) < WORD_LETTERS and not word.startswith(MARK)
