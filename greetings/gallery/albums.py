"""Several pictures of one greeting, in rows across its sheet. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log

from greetings.gallery.rules import RATIOS

BEST_ROW = 3.3  # how wide a row is best, in its own heights: two pictures across, or three of any kind
BESIDE_WORDS = 2.0  # two that are no wider together stand beside each other and beside the words


def is_album(ratios: Sequence[float]) -> bool:
    """Whether pictures take the whole width of their sheet, with the words below: beside the words they would
    be small, or stand in a column that is much longer than these.
    """
    return len(ratios) > 2 or (len(ratios) == 2 and sum(ratios) > BESIDE_WORDS)  # noqa: PLR2004 - a pair


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
