"""What an action is. Pure."""

import re
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

DEFAULT_TIME_ZONE = "Europe/Minsk"
MOST_POSTER_ROWS = 4
LEAP_DAY = (2, 29)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# the first parts of other addresses
_TAKEN = frozenset({"desk", "embed", "static", "media", "healthz", "metrics"})


class ActionState(StrEnum):
    """The five states of an action; page and form follow them."""

    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    RELEASED = "released"
    ARCHIVED = "archived"


ACCEPTING_STATES = frozenset({ActionState.OPEN, ActionState.RELEASED})


def is_slug(untrusted: str) -> bool:
    """Whether a name can stand in the address of an action."""
    return bool(_SLUG.fullmatch(untrusted)) and untrusted not in _TAKEN


def is_accepting(state: ActionState) -> bool:
    """Whether greetings can be sent: while open, and after a release to say welcome home."""
    return state in ACCEPTING_STATES


@dataclass(frozen=True, slots=True)
class ActionTexts:
    """Every sentence of an action in one language. Plain text; paragraphs are parted by an empty line."""

    title: str  # "Happy Birthday, Ales!"
    prisoner_name: str  # nominative: "Ales Bialiatski"
    first_name: str  # nominative: "Ales"
    town: str  # where the prisoner is held, on postmarks: "Babruisk"
    country: str  # below it: "Belarus"
    eyebrow: str  # the line above the title: day and place
    lede: str  # two or three sentences: who, what, please do
    about: str  # who the prisoner is, several paragraphs
    notice: str  # one visible line about time or place ("" for none)
    way_photo: str
    way_words: str
    way_card: str
    way_telegram: str  # "" when there is no such way
    address: str  # one line per row, in this language's script
    address_note: str
    announced: str  # what will happen, shown while announced
    closed: str  # thanks, shown while closed and archived
    released_title: str  # "Welcome home, Ales!"
    released: str  # shown while released
    help_now: str  # where help is still needed, shown while released
    years: str  # what happened when, shown while released: one row a line, "July 2021 | What happened."
    poster_lines: str  # headline of the posters, one row a line: two to four rows
    poster_from: str  # label before the sender's name on posters
    responsible: str  # who answers for the data, and how to reach them (privacy page)


TEXT_NAMES = tuple(field.name for field in fields(ActionTexts))
MAY_BE_EMPTY = frozenset({"notice", "way_telegram", "address_note", "years"})


# texts that may take several lines; all others are one line
OF_SEVERAL_LINES = frozenset(
    {
        "notice",
        "way_photo",
        "way_words",
        "way_card",
        "way_telegram",
        "address_note",
        "lede",
        "about",
        "address",
        "announced",
        "closed",
        "released",
        "help_now",
        "years",
        "poster_lines",
        "responsible",
    }
)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: an empty line parts them."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def rows(text: str) -> list[str]:
    """The lines of a text that is set line by line, such as an address."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def poster_rows(texts: ActionTexts) -> list[str]:
    """What stands on an action's posters, row by row; without a headline of its own the action's title."""
    return rows(texts.poster_lines)[:MOST_POSTER_ROWS] or [texts.title]


def dated_rows(text: str) -> list[tuple[str, str]]:
    """The rows of `years` as pairs of (when, what); a row without a bar has no date of its own."""
    pairs = (line.rpartition("|") for line in rows(text))
    return [(when.strip(), what.strip()) for when, _, what in pairs]


def missing_texts(texts: dict[str, str]) -> list[str]:
    """The names of texts that are absent or empty though they must say something."""
    return [name for name in TEXT_NAMES if name not in MAY_BE_EMPTY and not texts.get(name, "").strip()]


def next_birthday(born: date, today: date) -> date:
    """The next birthday, today included; one of 29 February falls on 1 March in common years."""
    for year in (today.year, today.year + 1):
        if (born.month, born.day) == LEAP_DAY and not _is_leap(year):
            day = date(year, 3, 1)
        else:
            day = born.replace(year=year)
        if day >= today:
            return day
    raise AssertionError("a birthday comes every year")


def days_left(born: date, today: date) -> int:
    """Days until the next birthday; 0 on the day."""
    return (next_birthday(born, today) - today).days


def age_at_next_birthday(born: date, today: date) -> int:
    """How old they become on the next birthday."""
    return next_birthday(born, today).year - born.year


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
