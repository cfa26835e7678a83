"""Sets words in a design, as PDF or picture: posters, labels, the cards that messengers show with a link.

Fonts come from our packages only, so that a sheet looks the same on every machine; typst is told nothing of
the fonts of the system and can't fetch anything. Words reach a design as data, never as its source. Pictures
that are laid in are decoded by typst itself, in Rust: bytes from outside meet no decoder written in C here.
"""

import io
import json
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from PIL import Image

from greetings.errors import GreetingsError
from greetings.typefaces import font_paths, letters_of

DESIGNS = Path(__file__).parent / "designs"
# Accessible documents: tagged, titled, with their language. The time in them is always the same.
PDF_STANDARD: Literal["ua-1"] = "ua-1"
NO_TIME = 0
SPACES = "\u0020\u00a0"
LONGEST_UNBROKEN = 22  # letters of a word that a line of every design can hold
BREAK = "\u200b"  # a place where a line may end, though nothing is seen of it
AT_ONCE, PATIENCE_SECONDS = 2, 4.0
POINTS_AN_INCH = 72
QUALITY = 88  # of a JPEG

_places = threading.BoundedSemaphore(AT_ONCE)


class Unprintable(GreetingsError):
    """The typesetter refused, or warned; the message is its own and says nothing about people."""


class PressBusy(GreetingsError):
    """Everyone at the press has their hands full; ask again in a moment."""


@contextmanager
def at_the_press() -> Iterator[None]:
    """A place at the press for work that visitors ask for: few at a time, and nobody waits for long."""
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise PressBusy
    try:
        yield
    finally:
        _places.release()


@cache
def our_fonts() -> typst.Fonts:
    """Our fonts, for as long as the process lives.

    typst takes folders of fonts only, and the packages' own folders hold each style twice, in an order that
    differs between machines: so the chosen files are gathered in a folder of their own, as links. typst
    follows them as it looks around there, and from then on reads the files themselves.
    """
    with tempfile.TemporaryDirectory(prefix="greetings-fonts-") as folder:
        for path in font_paths():
            (Path(folder) / path.name).symlink_to(path)
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def set_pdf(design: str, words: Mapping[str, Any], paper: str = "a4") -> bytes:
    """One tagged PDF of a single page. Raises Unprintable."""
    return _page("pdf", design, words, paper=paper)


def set_png(design: str, words: Mapping[str, Any], dpi: float) -> bytes:
    """One page as a PNG. Raises Unprintable."""
    return _page("png", design, words, dpi=dpi)


def set_jpeg(design: str, words: Mapping[str, Any], picture: bytes | None = None) -> bytes:
    """One page as a JPEG, a pixel for each point of the page; a design finds the bytes of `picture` among its
    words. Never in a file: what a killed process leaves in a temporary folder, nobody erases. Raises
    Unprintable.
    """
    drawn = _page("png", design, {**words, "file": list(picture or b"")})
    packed = io.BytesIO()
    with Image.open(io.BytesIO(drawn), formats=["PNG"]) as image:
        image.convert("RGB").save(packed, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    return packed.getvalue()


def drawable(text: str) -> str:
    """A line without what no font of ours can draw, such as emoji: it would be an empty box on the wall."""
    return "".join(letter for letter in text if ord(letter) in _drawn()).strip(SPACES)


def with_breaks(line: str) -> str:
    """A line in which even a word without end may be broken."""
    return re.sub(rf"(\S{{{LONGEST_UNBROKEN}}})(?=\S)", rf"\1{BREAK}", line)


def is_legible(text: str) -> bool:
    """Whether our fonts have every letter of a text, and something to print of it."""
    return bool(drawable(text)) and keeps_letters(text)


def keeps_letters(text: str) -> bool:
    """Whether our fonts have every letter of a text; emoji and other signs may be missing."""
    return sum(map(str.isalnum, drawable(text))) == sum(map(str.isalnum, text))


@cache
def _drawn() -> frozenset[int]:
    return letters_of(font_paths()[0])


def _page(
    form: Literal["pdf", "png"],
    design: str,
    words: Mapping[str, Any],
    *,
    paper: str = "a4",
    dpi: float = POINTS_AN_INCH,
) -> bytes:
    compiler = typst.Compiler(
        DESIGNS / f"{design}.typ",
        root=DESIGNS,
        font_paths=our_fonts(),
        sys_inputs={"words": json.dumps(words), "paper": paper},
    )
    try:
        if form == "pdf":
            made, warnings = compiler.compile_with_warnings(
                format=form, pdf_standards=PDF_STANDARD, timestamp=NO_TIME
            )
        else:
            made, warnings = compiler.compile_with_warnings(format=form, ppi=dpi)
    except typst.TypstError as error:
        raise Unprintable(error.message) from error
    if warnings or not isinstance(made, bytes):  # a font that is missing is only a warning, two pages a list
        raise Unprintable("; ".join(warning.message for warning in warnings) or "more than one page")
    return made
