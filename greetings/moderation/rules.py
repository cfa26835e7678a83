"""Rules of the desk. Pure."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

MAX_REPORT_NOTE = 500
MAX_OPEN_REPORTS = 20  # of one greeting: more of them would tell nobody more
MAX_COVERS = 40  # of one picture
MAX_NOTE = 1_000
PAGE_ROWS = 50

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WHOLE_PERCENT = 100.0
_LONGEST_NUMBER = 24  # digits of a part of a cursor, or of a share in per cent


class Concern(StrEnum):
    """Why somebody reports a public greeting."""

    THIS_IS_ME = "me"
    WRONG = "wrong"
    DANGER = "danger"


class CoverUnclear(ValueError):
    """Four numbers don't describe a rectangle on the picture."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A rectangle to be covered, in per cent of the picture's width and height."""

    left: float
    top: float
    width: float
    height: float

    def box_px(self, width_px: int, height_px: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in whole pixels: rounded outwards, inside the picture, never empty."""
        left = min(math.floor(self.left * width_px / _WHOLE_PERCENT), width_px - 1)
        top = min(math.floor(self.top * height_px / _WHOLE_PERCENT), height_px - 1)
        right = math.ceil((self.left + self.width) * width_px / _WHOLE_PERCENT)
        bottom = math.ceil((self.top + self.height) * height_px / _WHOLE_PERCENT)
        return left, top, min(max(right, left + 1), width_px), min(max(bottom, top + 1), height_px)


@dataclass(frozen=True, slots=True)
class PixelChange:
    """What is to be done to one picture: covers, then what is left of it, then quarter turns clockwise.

    Covers and crop are in per cent of the picture as it stands before.
    """

    covers: tuple[Cover, ...] = ()
    crop: Cover | None = None
    quarter_turns: int = 0

    def __bool__(self) -> bool:
        return bool(self.covers or self.crop or self.quarter_turns % 4)


def cover_around(box_px: tuple[int, int, int, int], width_px: int, height_px: int) -> Cover:
    """A rectangle in pixels (left, top, right, bottom) as shares of its picture."""
    left, top, right, bottom = box_px
    return Cover(
        _WHOLE_PERCENT * left / width_px,
        _WHOLE_PERCENT * top / height_px,
        _WHOLE_PERCENT * (right - left) / width_px,
        _WHOLE_PERCENT * (bottom - top) / height_px,
    )


def cover_from(
    untrusted_left: str, untrusted_top: str, untrusted_width: str, untrusted_height: str
) -> Cover | None:
    """A rectangle as typed, a comma as good as a point; None when all four are blank.

    What reaches over the picture's edge is cut there. Raises `CoverUnclear` when no rectangle is left.
    """
    typed = [text.strip() for text in (untrusted_left, untrusted_top, untrusted_width, untrusted_height)]
    if not any(typed):
        return None
    left, top, width, height = (_share(text) for text in typed)
    right, bottom = min(left + width, _WHOLE_PERCENT), min(top + height, _WHOLE_PERCENT)
    left, top = max(left, 0.0), max(top, 0.0)
    if right <= left or bottom <= top:
        raise CoverUnclear
    return Cover(left, top, right - left, bottom - top)


def _share(untrusted_text: str) -> float:
    try:
        share = float(untrusted_text[:_LONGEST_NUMBER].replace(",", "."))
    except ValueError:
        raise CoverUnclear from None
    if not math.isfinite(share) or abs(share) > _WHOLE_PERCENT:
        raise CoverUnclear
    return share


@dataclass(frozen=True, slots=True, order=True)
class DecidedPlace:
    """A place in the list of what was decided: newest first, then the latest arrival first."""

    decided_at: datetime | None
    sequence: int

    def cursor(self) -> str:
        """The place as it stands in an address."""
        moment = 0 if self.decided_at is None else (self.decided_at - _EPOCH) // _MICROSECOND
        return f"{moment}-{self.sequence}"


def place_from(untrusted_cursor: str) -> DecidedPlace | None:
    """The place a cursor names; None for anything that isn't one of ours."""
    parts = untrusted_cursor.split("-")
    if len(parts) != 2 or not all(_is_number(part) for part in parts):  # noqa: PLR2004 - moment and sequence
        return None
    moment, sequence = (int(part) for part in parts)
    if sequence >= 2**63:
        return None
    try:
        return DecidedPlace(_EPOCH + moment * _MICROSECOND if moment else None, sequence)
    except OverflowError:
        return None


def number_from(untrusted_number: str) -> int | None:
    """A row's number out of an address, or None."""
    if not _is_number(untrusted_number) or int(untrusted_number) >= 2**63:
        return None
    return int(untrusted_number)


def _is_number(untrusted_text: str) -> bool:
    return untrusted_text.isascii() and untrusted_text.isdigit() and len(untrusted_text) <= _LONGEST_NUMBER


def whole_days(since: datetime, now: datetime) -> int:
    """How many midnights (UTC) lie between two moments: 0 is today. Never negative."""
    return max((now.astimezone(UTC).date() - since.astimezone(UTC).date()).days, 0)
