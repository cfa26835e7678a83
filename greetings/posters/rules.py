"""Which posters there are, what stands on one, and how their files are called. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import combining, normalize

from greetings.languages import LANGUAGES


class Design(StrEnum):
    """The designs, in the order they are shown; each is a file of that name in `designs/`."""

    RIBBON = "ribbon"
    LETTER = "letter"
    ROWAN = "rowan"
    WISH = "wish"


class PaperSize(StrEnum):
    """Sizes of paper; A3 is the A4 sheet enlarged."""

    A4 = "a4"
    A3 = "a3"


class Suffix(StrEnum):
    """A sheet to print, and the picture of it."""

    PDF = "pdf"
    PNG = "png"


CONTENT_TYPES = {Suffix.PDF: "application/pdf", Suffix.PNG: "image/png"}
PREVIEW_WIDTH_PX, PREVIEW_HEIGHT_PX = 595, 842


@dataclass(frozen=True, slots=True)
class PosterWords:
    """Everything that is written on a poster, ready to be set: capitals and sizes are the design's affair."""

    language: str
    headline: tuple[str, ...]  # one to four rows: ("З днём", "нараджэння,", "Алесь!")
    age: int  # on the stamp, and so many berries on the branch
    stamp_above: str  # "25 верасня"
    stamp_below: str  # "гадоў"
    day: str  # in the postmark: "25.09"
    town: str
    country: str
    sender_label: str  # "Ад каго"
    foot: str = ""  # the site's address, or nothing


class Look(StrEnum):
    """The two looks of a poster with one's own wish."""

    WHITE = "white"
    RED = "red"


MAX_OWN_WISH, MAX_OWN_NAME, MAX_OWN_TOWN = 140, 60, 60


@dataclass(frozen=True, slots=True)
class OwnWish:
    """What somebody wants to have on a poster of their own: one line each, cleaned."""

    wish: str
    name: str = ""
    town: str = ""
    look: Look = Look.WHITE


@dataclass(frozen=True, slots=True)
class PhonePoster:
    """A poster that fills a screen held up in the hand. `size` names the classes that let it."""

    lines: tuple[str, ...]
    language: str
    name: str = ""
    town: str = ""
    foot: str = ""
    look: Look = Look.WHITE

    @property
    def size(self) -> str:
        """How large it may be set: by its letters in all, and by its widest word."""
        return filling(" ".join(self.lines))


LETTERS = (8, 12, 16, 24, 32, 48, 64, 96, 140, 300)
WORD_TENTHS = (
    20, 22, 24, 26, 28, 30, 32, 35, 38, 41, 44, 48, 52, 56, 60, 65, 70, 76, 82, 89, 96, 104, 113, 122, 132,
    143, 155, 168, 182, 200,
)  # fmt: skip
# How wide our letters are, in hundredths of the type size; never too little. Others are taken for the widest.
LETTER_WIDTHS = {
    letter: width
    for width, letters in {
        33: "!',-.:;ijl|\u00a0‘’іј",
        46: '"()/?IJ[]frstzІЈгзѕґ“”„',
        54: "$+0123456789<=>S_acegvxy«»Ѕавесухьэє–",
        60: "#EFLPZbdkopquГЕЗРбдклортчяҐ",
        66: "BCTXYhn¶БВСТУХЬЭЯЄинпцъ",
        74: "&ADGKNOQRUVАДКЛОЧЪ",
        82: "HwИНПФЦжмфыю",
    }.items()
    for letter in letters
}
WIDEST_LETTER = 106
CLOSER = 1.5  # headings are set a little closer than letters stand by themselves
_BREAK = re.compile(r"[^\S\u00a0\u202f]+")


def filling(words: str) -> str:
    """Two classes of the style sheet: of how many letters a text is, and how wide its widest word, together
    with what no break parts it from.
    """
    widest = max(map(_width_in_tenths, _BREAK.split(words)))
    letters = next((most for most in LETTERS if len(words) <= most), LETTERS[-1])
    word = next((most for most in WORD_TENTHS if widest <= most), WORD_TENTHS[-1])
    return f"n{letters} w{word}"


def _width_in_tenths(word: str) -> float:
    """How wide a word is set, in tenths of the type size; an accent makes no letter wider."""
    bare = [letter for letter in normalize("NFD", word) if not combining(letter)]
    return sum(LETTER_WIDTHS.get(letter, WIDEST_LETTER) - CLOSER for letter in bare) / 10


@dataclass(frozen=True, slots=True)
class PosterFile:
    """One file of the posters page."""

    design: Design
    language: str
    size: PaperSize
    suffix: Suffix


ALL_FILES = tuple(
    PosterFile(design, language, size, suffix)
    for language in LANGUAGES
    for design in Design
    for size in PaperSize
    for suffix in Suffix
)

_NAME = re.compile(
    rf"({'|'.join(Design)})-({'|'.join(LANGUAGES)})-({'|'.join(PaperSize)})\.({'|'.join(Suffix)})", re.ASCII
)


def poster_file_name(design: Design, language: str, size: PaperSize, suffix: Suffix) -> str:
    """The last part of a poster's address: `ribbon-be-a4.pdf`."""
    return f"{design}-{language}-{size}.{suffix}"


def find_poster_file(untrusted_name: str) -> PosterFile | None:
    """The file that a name stands for, exactly as `poster_file_name` writes it; None for any other name."""
    found = _NAME.fullmatch(untrusted_name)
    if found is None:
        return None
    design, language, size, suffix = found.groups()
    return PosterFile(Design(design), language, PaperSize(size), Suffix(suffix))
