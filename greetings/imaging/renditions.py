"""The three pictures that are made of each photo, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size a photo is kept in: its longest edge at most, and how it is encoded."""

    name: str
    edge_px: int
    format: str
    quality: int
    suffix: str
    content_type: str


# 2048 because the long edges of phones, 4032 and 8160 px, halve and quarter to just below it, which the
# JPEG decoder does for nothing; it is A6 at 300 dpi.
MASTER = Rendition("master", 2048, "JPEG", 85, ".jpg", "image/jpeg")
DISPLAY = Rendition("display", 1280, "WEBP", 80, ".webp", "image/webp")
THUMB = Rendition("thumb", 480, "WEBP", 80, ".webp", "image/webp")

# From large to small: each is drawn from the one before it.
RENDITIONS = (MASTER, DISPLAY, THUMB)

LEAST_MASTER_EDGE_PX = 1920
JPEG_DIVISORS = (8, 4, 2)


def fitted(width_px: int, height_px: int, edge_px: int) -> tuple[int, int]:
    """The size within a square of `edge_px`, in proportion; never enlarged, never 0.

    Both lengths must be at least 1.
    """
    long_edge_px = max(width_px, height_px)
    if long_edge_px <= edge_px:
        return width_px, height_px
    return (
        max(1, (width_px * edge_px * 2 + long_edge_px) // (long_edge_px * 2)),
        max(1, (height_px * edge_px * 2 + long_edge_px) // (long_edge_px * 2)),
    )


def jpeg_divisor(long_edge_px: int) -> int:
    """By how much the JPEG decoder may shrink for nothing while the master stays worth printing.

    A hair below the master's edge is taken gladly: 4032 px become 2016, without any resampling.
    """
    return next((divisor for divisor in JPEG_DIVISORS if divisor <= whole_divisor(long_edge_px)), 1)


def whole_divisor(long_edge_px: int) -> int:
    """By which whole number a picture may be shrunk while the master stays worth printing."""
    return max(1, long_edge_px // LEAST_MASTER_EDGE_PX)


def most_bytes(rendition: Rendition) -> int:
    """More than an honest encoder can need: the bare pixels and some room for headers."""
    return rendition.edge_px**2 * 3 + 4096
