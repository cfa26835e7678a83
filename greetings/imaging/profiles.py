"""Colour profiles for files that name their colours without carrying a profile.

A file may say "Display P3" by a number (H.273: HEIC, AVIF, PNG), by its primaries and gamma (older PNG), or
by a few letters in its EXIF (cameras set to Adobe RGB). Each becomes a small ICC profile of our own, so that
one way of converting serves all. Film colours brighter than white (PQ, HLG) are brought down to paper's.
"""

import math
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

Point = tuple[float, float]
Matrix = tuple[tuple[float, ...], ...]

_D65: Point = (0.3127, 0.3290)
_D50_XYZ = (0.9642, 1.0, 0.8249)
_BRADFORD: Matrix = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_STEPS = 1024
_FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class Primaries:
    """The corners of a colour space and its white, as CIE xy."""

    red: Point
    green: Point
    blue: Point
    white: Point = _D65


SRGB = Primaries((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
P3 = Primaries((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
ADOBE = Primaries((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
ADOBE_GAMMA = 563 / 256

# the numbers of Display P3 with the curve of sRGB, as phones write them
DISPLAY_P3, SRGB_CURVE = 12, 13
# H.273, table 2; those that look like sRGB to the eye are left out
_PRIMARIES = {
    4: Primaries((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), (0.310, 0.316)),
    9: Primaries((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    11: Primaries((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),
    DISPLAY_P3: P3,
}
# H.273, table 3
_GAMMAS = {4: 2.2, 5: 2.8, 8: 1.0}
_PQ, _HLG = 16, 18
_PAPER_WHITE_NITS, _PQ_NITS, _HLG_NITS = 203.0, 10_000.0, 1_000.0
_HLG_BEND = 0.5
_KNEE = 0.75


def of_code_points(primaries: int, transfer: int) -> bytes | None:
    """A profile for two numbers of H.273, or None where they look like sRGB."""
    if primaries not in _PRIMARIES and transfer not in {*_GAMMAS, _PQ, _HLG}:
        return None
    return _of_code_points(primaries, transfer)


@lru_cache(maxsize=8)
def _of_code_points(primaries: int, transfer: int) -> bytes:
    curve: Callable[[float], float] = _srgb
    if transfer in _GAMMAS:
        gamma = _GAMMAS[transfer]
        curve = lambda value: value**gamma  # noqa: E731 - two lines for a power would hide it
    elif transfer == _PQ:
        curve = _pq
    elif transfer == _HLG:
        curve = _hlg
    return _profile(_PRIMARIES.get(primaries, SRGB), curve)


def of_gamma(primaries: Primaries, gamma: float) -> bytes:
    """A profile for primaries and a plain power. Raises ValueError for what is no colour space."""
    return _profile(primaries, lambda value: value**gamma)


def _profile(primaries: Primaries, curve: Callable[[float], float]) -> bytes:
    columns = list(zip(*_to_xyz(primaries), strict=True))
    samples = [round(min(max(curve(step / (_STEPS - 1)), 0.0), 1.0) * 65535) for step in range(_STEPS)]
    bent = b"curv\0\0\0\0" + struct.pack(f">I{_STEPS}H", _STEPS, *samples)
    tags = {
        b"rXYZ": _triple(columns[0]),
        b"gXYZ": _triple(columns[1]),
        b"bXYZ": _triple(columns[2]),
        b"wtpt": _triple(_D50_XYZ),
        b"rTRC": bent,
        b"gTRC": bent,
        b"bTRC": bent,
    }
    start = 128 + 4 + 12 * len(tags)
    bodies: dict[bytes, int] = {}  # the same curve three times stands there once
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        place = bodies.setdefault(data, start + len(body))
        body += data if place == start + len(body) else b""
        table += name + struct.pack(">II", place, len(data))
    whole = start + len(body)
    head = struct.pack(">I4sI12s12s4s", whole, b"", 0x02400000, b"mntrRGB XYZ ", bytes(12), b"acsp")
    return head.ljust(68, b"\0") + b"".join(_fixed(value) for value in _D50_XYZ) + bytes(48) + table + body


def _triple(values: Sequence[float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in values)


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


# ---- from primaries to the profile's white, by the published sums


def _to_xyz(primaries: Primaries) -> Matrix:
    """Red, green and blue to CIE XYZ under D50."""
    corners = _transposed([_xyz(point) for point in (primaries.red, primaries.green, primaries.blue)])
    white = _xyz(primaries.white)
    amounts = _times(_inverse(corners), white)
    scaled = tuple(
        tuple(value * amount for value, amount in zip(row, amounts, strict=True)) for row in corners
    )
    before, after = _times(_BRADFORD, white), _times(_BRADFORD, _D50_XYZ)
    ratios = [new / old for new, old in zip(after, before, strict=True)]
    stretched = tuple(
        tuple(value * ratio for value in row) for row, ratio in zip(_BRADFORD, ratios, strict=True)
    )
    return _product(_product(_inverse(_BRADFORD), stretched), scaled)


def _xyz(point: Point) -> tuple[float, float, float]:
    x, y = point
    if not (0 < y < 1 and 0 <= x < 1 and x + y <= 1 + 1e-6):
        raise ValueError("No colour has this place.")
    return x / y, 1.0, (1 - x - y) / y


def _times(matrix: Matrix, vector: Sequence[float]) -> tuple[float, ...]:
    return tuple(sum(factor * value for factor, value in zip(row, vector, strict=True)) for row in matrix)


def _product(one: Matrix, other: Matrix) -> Matrix:
    return _transposed([_times(one, column) for column in _transposed(other)])


def _transposed(rows: Sequence[Sequence[float]]) -> Matrix:
    return tuple(zip(*rows, strict=True))


def _inverse(matrix: Matrix) -> Matrix:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    if abs(determinant) < _FLAT:
        raise ValueError("Three corners on one line.")
    cofactors = (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    return tuple(tuple(value / determinant for value in row) for row in cofactors)


# ---- curves: from the value in the file to light, 1 being white paper


def _srgb(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - IEC 61966-2-1


def _pq(value: float) -> float:
    power = value ** (1 / 78.84375)
    light = max(power - 0.8359375, 0.0) / (18.8515625 - 18.6875 * power)
    return _softened(light ** (1 / 0.1593017578125) * _PQ_NITS / _PAPER_WHITE_NITS)


def _hlg(value: float) -> float:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = value * value / 3 if value <= _HLG_BEND else (math.exp((value - c) / a) + b) / 12
    return _softened(scene**1.2 * _HLG_NITS / _PAPER_WHITE_NITS)


def _softened(light: float) -> float:
    """What is brighter than paper bends towards its white instead of being cut off."""
    if light <= _KNEE:
        return light
    room, over = 1 - _KNEE, light - _KNEE
    return _KNEE + room * over / (over + room)
