"""Several pictures of one greeting, in rows across its sheet. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log

from greetings.gallery.rules import RATIOS

BEST_ROW = 3.3  # how wide a row is best, in its own heights: two pictures across, or three of any kind
BESIDE_WORDS = 2.0  # one or two that are no wider together stand beside the words
SHARP_PX = 800  # one or two with fewer pixels across would only be blurred by a whole sheet


def is_album(sizes: Sequence[tuple[int, int]]) -> bool:
    """Whether pictures, each (width, height) in pixels, take the whole width of their sheet, with the words
    below: beside the words they would be small, or stand in a column that is much longer than these.
    """
    if len(sizes) > 2:  # noqa: PLR2004 - more than a pair
        return True
    is_wide = sum(width / height for width, height in sizes) > BESIDE_WORDS
    return is_wide and sum(width for width, _ in sizes) >= SHARP_PX


def album_rows(ratios: Sequence[float]) -> list[slice]:
    """Where rows begin and end, so that all are about equally high; the pictures stay in their order."""
    widths = [min(max(ratio, RATIOS[0]), RATIOS[-1]) for ratio in ratios]
    return min(
        _ways(len(widths)), key=lambda rows: sum(log(sum(widths[row]) / BEST_ROW) ** 2 for row in rows)
    )


def _ways(count: int) -> Iterator[list[slice]]:
    """All the ways to part so many pictures, in order, into rows; few for as many as a greeting may have."""
    for breaks in range(2 ** (count - 1)):
        places = [0, *(place for place in range(1, count) if breaks >> (place - 1) & 1), count]
        yield [slice(start, end) for start, end in pairwise(places)]
