"""How greetings stand on the wall. Pure: classes by length and proportion, stocks."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import combinations, groupby
from typing import Literal

from greetings.submissions.excerpts import set_width
from greetings.submissions.rules import search_text
from greetings.submissions.search_words import MARK, split_words

PAGE_SIZE = 24
STRIP_SIZE = 8
STRIP_CHOICE = 11  # the strip is chosen from so many of the latest

# ---- proportions: 95 classes from 0.45 to 2.9, 2 % apart; the style sheet has the same
NARROWEST, STEP, CLASSES = 0.45, 1.02, 95
RATIOS = tuple(NARROWEST * STEP**place for place in range(CLASSES))
RATIO_NAMES = tuple(f"r{round(ratio * 100)}" for ratio in RATIOS)
SMALL_PX = 240  # a picture below this is shown as large as it is
_BORDERS = tuple(ratio * STEP**0.5 for ratio in RATIOS[:-1])  # the geometric middle of two neighbours

# ---- cards: class, longest text, proportion
CardClass = Literal["c1", "c2", "c3", "c4"]
CARD_LIMITS: tuple[tuple[CardClass, int], ...] = (("c1", 36), ("c2", 80), ("c3", 175))
CARD_RATIOS: dict[CardClass, float] = {"c1": 1.0, "c2": 1.1, "c3": 1.3, "c4": 1.75}
LONGEST_EXCERPT = 290
LONGEST_BIG_WORD = 12
LONGEST_BRIEF, LONGEST_BRIEF_WORD = 16, 7
STOCKS = ("k1", "k2", "k3", "k4", "k5")
RED = "kr"
RED_EVERY = 12
TURNS = ("a", "b", "c", "d")

_APART = re.compile(r"[ \n-]+")  # a no-break space keeps words together on a line


def ratio_class(width: int, height: int) -> str:
    """The class of the nearest proportion; a picture beyond the last one is cropped to it."""
    return RATIO_NAMES[bisect_left(_BORDERS, width / height)]


def fit_class(width: int, height: int) -> str:
    """How a picture fills its place: "" to the edges; `whole` on a mat where its proportion has no class of
    its own, so that nobody's face is cut off; `small` on a mat because enlarging would only blur it.
    """
    if max(width, height) < SMALL_PX:
        return "small"
    is_between = RATIOS[0] / STEP <= width / height <= RATIOS[-1] * STEP
    return "" if is_between else "whole"


def is_brief(text: str) -> bool:
    """Whether a text is short enough to be called out."""
    return set_width(text) <= LONGEST_BRIEF and all(
        set_width(word) <= LONGEST_BRIEF_WORD for word in _APART.split(text)
    )


def card_class(text: str) -> CardClass:
    """How large a text is set: short ones shout, long ones are read. Longer words need smaller type."""
    length = set_width(text)
    name: CardClass = next((name for name, limit in CARD_LIMITS if length <= limit), "c4")
    if name == "c1" and any(set_width(word) > LONGEST_BIG_WORD for word in _APART.split(text)):
        return "c2"
    return name


def paragraph_lines(text: str) -> list[list[str]]:
    """A whole text as paragraphs of lines, as its writer set them."""
    parts = [[line.strip() for line in part.split("\n") if line.strip()] for part in text.split("\n\n")]
    return [part for part in parts if part]


def stocks(cards: Sequence[tuple[str, CardClass] | None]) -> list[str]:
    """The paper of each card on a page, in order; None (a photo) stays "".

    By the greeting's ID, so that a card keeps its colour; never the colour of the card before; red only for
    the shortest, and at most one of any twelve tiles.
    """
    papers: list[str] = []
    previous, since_red = "", RED_EVERY
    for card in cards:
        since_red += 1
        if card is None:
            papers.append("")
            continue
        greeting_id, name = card
        number = id_number(greeting_id)
        paper = STOCKS[number % len(STOCKS)]
        if name == "c1" and number % 4 == 0 and since_red >= RED_EVERY:
            paper, since_red = RED, 0
        elif paper == previous:
            paper = STOCKS[(number + 1) % len(STOCKS)]
        papers.append(paper)
        previous = paper
    return papers


def turn(greeting_id: str) -> str:
    """How a postmark lies: one of four ways, always the same for one greeting."""
    return TURNS[id_number(greeting_id) // len(STOCKS) % len(TURNS)]


@lru_cache(maxsize=8192)
def id_number(greeting_id: str) -> int:
    """A number that belongs to an ID, the same on every machine."""
    return sum(place * ord(letter) for place, letter in enumerate(greeting_id, start=1))


# ---- the order on a page
LONGEST_RUN = 9


def hanging_order(tiles: Sequence[tuple[date, bool]]) -> list[int]:
    """In which order the tiles of a page hang, each given as (day, is a photo), newest first.

    As they came; only when more than nine written ones would stand in a row, photos are spread evenly among
    the words of the same day. Days never mix, and among themselves photos and words keep their order.
    """
    order = list(range(len(tiles)))
    if _longest_run([is_photo for _, is_photo in tiles]) <= LONGEST_RUN:
        return order
    spread: list[int] = []
    for _, day in groupby(order, key=lambda place: tiles[place][0]):
        spread += _spread(list(day), [is_photo for _, is_photo in tiles])
    return spread


def _longest_run(are_photos: Sequence[bool]) -> int:
    return max((sum(1 for _ in run) for is_photo, run in groupby(are_photos) if not is_photo), default=0)


def _spread(places: list[int], are_photos: Sequence[bool]) -> list[int]:
    photos = [place for place in places if are_photos[place]]
    words = [place for place in places if not are_photos[place]]
    ranks = {place: (rank + 0.5) / len(photos) for rank, place in enumerate(photos)}
    ranks |= {place: (rank + 0.5) / len(words) for rank, place in enumerate(words)}
    return sorted(places, key=lambda place: (ranks[place], place))


# ---- the strip on the action's page: two rows that fill
STRIP_WIDTH_PX, STRIP_ROW_PX, STRIP_GAP_PX = 1184, 208, 18
WIDE = 1.3


def strip_order(ratios: Sequence[float]) -> list[int]:
    """Which of the latest tiles stand in the strip, and in which order: a wide one first, the others newest
    first, chosen so that the rows on a desk screen come out equally high.
    """
    if len(ratios) <= STRIP_SIZE:
        places = list(range(len(ratios)))
        return _wide_first(places, ratios)
    head = next((place for place, ratio in enumerate(ratios) if ratio >= WIDE), 0)
    rest = [place for place in range(len(ratios)) if place != head]
    choices = ([head, *others] for others in combinations(rest, STRIP_SIZE - 1))
    return min(
        choices, key=lambda places: _unevenness([ratios[place] for place in places]) + sum(places) / 400
    )


def _wide_first(places: list[int], ratios: Sequence[float]) -> list[int]:
    head = next((place for place in places if ratios[place] >= WIDE), None)
    return places if head is None else [head, *(place for place in places if place != head)]


def _unevenness(ratios: Sequence[float]) -> float:
    """How much the heights of the rows differ when the browser packs them: 0 is even."""
    heights = []
    row: list[float] = []
    for ratio in [*ratios, None]:
        used = sum(row) * STRIP_ROW_PX + len(row) * STRIP_GAP_PX
        if row and (ratio is None or used + ratio * STRIP_ROW_PX > STRIP_WIDTH_PX):
            heights.append((STRIP_WIDTH_PX - (len(row) - 1) * STRIP_GAP_PX) / sum(row))
            row = []
        if ratio is not None:
            row.append(ratio)
    return max(heights) / min(heights) - 1


# ---- search
LONGEST_QUERY = 80
MOST_WORDS = 6


def search_words(query: str) -> list[str]:
    """The words that are looked for, as they are kept; for signs alone, one that no greeting has."""
    words = split_words(search_text(query))[:MOST_WORDS]
    return words or ([MARK] if query.strip() else [])
