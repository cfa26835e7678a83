"""Colours, and how they are mixed."""

from random import Random

Colour = tuple[int, int, int]

WHITE: Colour = (250, 248, 243)
PAPER: Colour = (252, 249, 240)
RED: Colour = (190, 24, 34)
DARK_RED: Colour = (150, 18, 26)
INK: Colour = (36, 31, 30)
NAVY: Colour = (33, 58, 110)
KRAFT: Colour = (214, 174, 122)
STRAW: Colour = (248, 228, 178)

SKINS: tuple[Colour, ...] = (
    (244, 208, 180),
    (238, 195, 163),
    (226, 180, 145),
    (205, 153, 115),
    (163, 112, 78),
    (120, 78, 54),
    (92, 60, 44),
)
HAIRS: tuple[Colour, ...] = (
    (40, 30, 28),
    (66, 44, 34),
    (106, 68, 42),
    (146, 96, 56),
    (190, 142, 84),
    (222, 184, 120),
    (166, 74, 38),
)
GREYS: tuple[Colour, ...] = ((224, 222, 216), (190, 188, 184), (150, 147, 144))
CLOTHES: tuple[Colour, ...] = (
    (44, 60, 92),
    (62, 104, 148),
    (132, 162, 188),
    (38, 92, 84),
    (74, 118, 84),
    (142, 164, 122),
    (196, 138, 44),
    (222, 178, 88),
    (200, 92, 60),
    (176, 54, 62),
    (120, 44, 66),
    (150, 112, 148),
    (96, 78, 120),
    (230, 222, 206),
    (108, 92, 80),
    (64, 66, 72),
    (218, 150, 150),
)
PAINTS: tuple[Colour, ...] = (
    (212, 40, 48),
    (236, 126, 34),
    (248, 196, 44),
    (70, 158, 74),
    (44, 116, 190),
    (110, 70, 160),
    (228, 100, 150),
    (58, 178, 190),
)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`share` of the second colour in the first, 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float = 0.2) -> Colour:
    """Towards a warm black."""
    return mix(colour, (24, 16, 22), share)


def lighter(colour: Colour, share: float = 0.2) -> Colour:
    """Towards a warm white."""
    return mix(colour, (255, 250, 238), share)


def luminance(colour: Colour) -> float:
    """How light a colour looks, 0 to 1."""
    red, green, blue = colour
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def varied(rng: Random, colour: Colour, amount: int = 8) -> Colour:
    """Nearly the same colour."""
    red, green, blue = (max(0, min(255, part + rng.randint(-amount, amount))) for part in colour)
    return red, green, blue
