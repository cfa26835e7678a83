"""Which font files there are, where their packages keep them, and whether they hold the letters we need."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from fontTools.ttLib import TTFont

# What Belarusian, Russian and English cannot be set without, beyond the plain alphabets.
NEEDED_LETTERS = "ЎўІіЁёҐґЇїЄєʼ’‘«»„“”№–—…·§©\u00a0\u0301−→"


class FontMissing(LookupError):
    """A package of fonts, or a file in it, is not where it was when we chose it."""


class LettersMissing(ValueError):
    """A font lacks letters that a language of the house needs; the message names them."""


@dataclass(frozen=True)
class Face:
    """One style of a typeface: `role` is what it does in the house, `weight` the CSS weight."""

    role: str
    weight: int
    package: str
    file_name: str


_SERIF, _SANS = "font-source-serif-pro", "font-source-sans-pro"

# Regular and semibold stand on pages and posters, the heavy ones only on posters: seen from ten paces.
WEB_FACES = (
    Face("serif", 400, _SERIF, "SourceSerifPro-Regular"),
    Face("serif", 600, _SERIF, "SourceSerifPro-Semibold"),
    Face("sans", 400, _SANS, "SourceSansPro-Regular"),
    Face("sans", 600, _SANS, "SourceSansPro-Semibold"),
)
POSTER_FACES = (
    *WEB_FACES,
    Face("serif", 700, _SERIF, "SourceSerifPro-Bold"),
    Face("serif", 900, _SERIF, "SourceSerifPro-Black"),
)


def get_font_path(face: Face, suffix: str) -> Path:
    """Return the file of `face` as `ttf` or `otf`; raises FontMissing.

    Asked of the package's own record, not imported: those packages run code that lists folders.
    """
    return _get_packaged_file(face.package, f"{face.file_name}.{suffix}")


def get_licence_path(package: str) -> Path:
    """Return the licence text that came with the fonts; raises FontMissing."""
    return _get_packaged_file(package, "LICENSE.txt")


def font_paths() -> list[Path]:
    """Return the files that posters are set with, in a fixed order; raises FontMissing, LettersMissing."""
    paths = [get_font_path(face, "otf") for face in POSTER_FACES]
    for path in paths:
        missing = find_missing_letters(path)
        if missing:
            raise LettersMissing(f"{path.name} lacks {missing}")
    return paths


def find_missing_letters(path: Path, needed: str = NEEDED_LETTERS) -> str:
    """Return those of `needed` that the font cannot draw, in their order: "" for a good font."""
    drawn = letters_of(path)
    return "".join(letter for letter in needed if ord(letter) not in drawn)


def letters_of(path: Path) -> frozenset[int]:
    """Return the code points that the font can draw."""
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap() or {})


def _get_packaged_file(package: str, file_name: str) -> Path:
    try:
        packaged = files(package) or []
    except PackageNotFoundError as missing:
        raise FontMissing(f"the package {package} is not installed") from missing
    for entry in packaged:
        if entry.name == file_name and Path(str(entry.locate())).is_file():
            return Path(str(entry.locate()))
    raise FontMissing(f"{file_name} is not in the package {package}")
