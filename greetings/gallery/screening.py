"""How greetings stand on the screen at events. Pure: names of slides, sizes of words, time to read."""

import re
from dataclasses import dataclass

from greetings.gallery.rules import CARD_LIMITS
from greetings.ids import ALPHABET, ID_LENGTH
from greetings.submissions.excerpts import excerpt, set_width

LONGEST_ON_SCREEN = 620
LONGEST_BESIDE_PICTURE = 260
LEAST_SECONDS, MOST_SECONDS = 9, 36
LETTERS_A_SECOND = 16  # read aloud by someone at the back of the room
WORDS = -1  # the position of a slide that shows words

_SLIDE = re.compile(rf"([{ALPHABET}]{{{ID_LENGTH}}})-(w|[0-9]{{1,2}})", re.ASCII)
_SIZES = (*((f"s{place}", limit) for place, (_, limit) in enumerate(CARD_LIMITS, start=1)), ("s4", 330))


@dataclass(frozen=True, slots=True)
class SlideName:
    """One slide: a picture of a greeting, or its words."""

    greeting_id: str
    position: int

    def __str__(self) -> str:
        return f"{self.greeting_id}-{'w' if self.position == WORDS else self.position}"


def find_slide_name(untrusted_name: str) -> SlideName | None:
    """The slide that a name stands for; None for what we didn't write."""
    found = _SLIDE.fullmatch(untrusted_name)
    if found is None:
        return None
    return SlideName(found[1], WORDS if found[2] == "w" else int(found[2]))


def screen_words(text: str, *, beside_picture: bool) -> str:
    """As much of a text as a room can read from a wall."""
    return excerpt(text, LONGEST_BESIDE_PICTURE if beside_picture else LONGEST_ON_SCREEN).text


def size_class(words: str) -> str:
    """How large words alone are set: `s1` shouts, `s5` is read."""
    width = set_width(words)
    return next((name for name, limit in _SIZES if width <= limit), "s5")


def seconds_to_read(words: str) -> int:
    """How long a slide stays."""
    return min(MOST_SECONDS, LEAST_SECONDS + len(words) // LETTERS_A_SECOND)


def next_slide(slides: list[str], shown: str | None) -> str | None:
    """What follows a slide: the next one, from the end the first; the first, too, when it isn't there."""
    if not slides:
        return None
    if shown not in slides:
        return slides[0]
    return slides[(slides.index(shown) + 1) % len(slides)]
