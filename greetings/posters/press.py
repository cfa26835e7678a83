"""The press: sets words in a design and gives a PDF or a picture. The same words give the same bytes.

Fonts come from our packages only, so that a poster looks the same on every machine; typst is told nothing
of the fonts of the system and can't fetch anything.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Literal

import typst
from PIL import Image

from greetings.errors import GreetingsError
from greetings.posters.rules import PREVIEW_HEIGHT_PX, PREVIEW_WIDTH_PX, Design, PaperSize, PosterWords
from greetings.typefaces import find_missing_letters, font_paths

DESIGNS = Path(__file__).parent / "designs"
# Accessible documents: tagged, titled, with their language. The time in them is always the same.
PDF_STANDARD: Literal["ua-1"] = "ua-1"
NO_TIME = 0
# Previews are drawn at twice their size and reduced, which makes slanted edges clean.
PREVIEW_DPI = 144
# The inks of the designs, and which of them meet: a preview holds these and the steps between two that
# touch. So its colours are exactly those of the sheet, and few enough for a light file.
WHITE, RED, DEEP, STAR = (255, 255, 255), (179, 19, 28), (140, 12, 20), (77, 7, 11)
INK, SOFT, CANCEL, RULE = (34, 29, 25), (92, 82, 72), (74, 70, 82), (185, 169, 143)
INKS_THAT_MEET = (
    (WHITE, RED), (WHITE, DEEP), (WHITE, INK), (WHITE, SOFT), (WHITE, CANCEL), (WHITE, RULE),
    (RED, CANCEL), (RED, STAR),
)  # fmt: skip
STEPS_BETWEEN_INKS = 12
SPACES = "\u0020\u00a0"


class PosterUnprintable(GreetingsError):
    """The typesetter refused, or warned; the message is its own and says nothing about people."""


@dataclass(frozen=True, slots=True)
class Poster:
    """A finished poster: the sheet, and a picture of it, 595 by 842 pixels whatever the size of the paper."""

    pdf: bytes
    png: bytes


@dataclass(frozen=True, slots=True)
class Press:
    """A press with its fonts laid in; made by `open_press`."""

    fonts: typst.Fonts

    def print_pdf(self, design: Design, words: PosterWords, size: PaperSize) -> bytes:
        """The sheet as a tagged PDF with its fonts in it. Raises PosterUnprintable."""
        return _compile(self._compiler(design, words, size), "pdf")

    def draw_preview(self, design: Design, words: PosterWords) -> bytes:
        """The sheet as a PNG of 595 by 842 pixels. Raises PosterUnprintable."""
        drawn = _compile(self._compiler(design, words, PaperSize.A4), "png")
        with Image.open(BytesIO(drawn)) as picture:
            reduced = picture.convert("RGB").resize(
                (PREVIEW_WIDTH_PX, PREVIEW_HEIGHT_PX), Image.Resampling.LANCZOS
            )
        few = reduced.quantize(palette=_inks(), dither=Image.Dither.NONE)
        packed = BytesIO()
        few.save(packed, "PNG", optimize=True)
        return packed.getvalue()

    def _compiler(self, design: Design, words: PosterWords, size: PaperSize) -> typst.Compiler:
        inputs = {"words": json.dumps(asdict(_printable(words))), "paper": str(size)}
        return typst.Compiler(
            DESIGNS / f"{design}.typ", root=DESIGNS, font_paths=self.fonts, sys_inputs=inputs
        )


@contextmanager
def open_press() -> Iterator[Press]:
    """A press for as long as the block lasts.

    typst takes folders of fonts only, and the packages' own folders hold each style twice, in an order that
    differs between machines: so the chosen files are gathered in a folder of their own, as links.
    """
    with tempfile.TemporaryDirectory(prefix="greetings-fonts-") as folder:
        for path in font_paths():
            Path(folder, path.name).symlink_to(path)
        yield Press(
            typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
        )


def render(design: Design, words: PosterWords, size: PaperSize) -> Poster:
    """One poster, sheet and picture. Raises PosterUnprintable."""
    with open_press() as press:
        return Poster(press.print_pdf(design, words, size), press.draw_preview(design, words))


@cache
def press_digest() -> str:
    """Says whether the same words still give the same bytes: it changes with designs, tools and fonts."""
    digest = hashlib.sha256(f"{version('typst')} {version('pillow')}".encode())
    for path in (Path(__file__), *sorted(DESIGNS.glob("*.typ")), *font_paths()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _compile(compiler: typst.Compiler, form: Literal["pdf", "png"]) -> bytes:
    try:
        if form == "pdf":
            made, warnings = compiler.compile_with_warnings(
                format=form, pdf_standards=PDF_STANDARD, timestamp=NO_TIME
            )
        else:
            made, warnings = compiler.compile_with_warnings(format=form, ppi=PREVIEW_DPI)
    except typst.TypstError as error:
        raise PosterUnprintable(error.message) from error
    if warnings or not isinstance(made, bytes):  # a font that is missing is only a warning, two pages a list
        raise PosterUnprintable("; ".join(warning.message for warning in warnings) or "more than one page")
    return made


@cache
def _inks() -> Image.Image:
    """A picture whose palette is all that a preview may hold."""
    colours = {
        tuple(round(a + (b - a) * step / STEPS_BETWEEN_INKS) for a, b in zip(one, other, strict=True))
        for one, other in INKS_THAT_MEET
        for step in range(STEPS_BETWEEN_INKS + 1)
    }
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in sorted(colours) for channel in colour])
    return palette


def _printable(words: PosterWords) -> PosterWords:
    """Leave out what no font of ours can draw, such as emoji: it would be an empty box on the wall."""
    held = asdict(words)
    for name, value in held.items():
        if isinstance(value, str):
            held[name] = _drawable(value)
    held["headline"] = tuple(row for row in map(_drawable, words.headline) if row)
    return PosterWords(**held)


@lru_cache(maxsize=256)
def _drawable(text: str) -> str:
    missing = find_missing_letters(font_paths()[0], text)
    return "".join(letter for letter in text if letter not in missing).strip(SPACES)
