"""The press: sets the words of a poster and gives a PDF or a picture. The same words give the same bytes."""

import hashlib
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from greetings.posters.rules import PREVIEW_HEIGHT_PX, PREVIEW_WIDTH_PX, Design, PaperSize, PosterWords
from greetings.typefaces import font_paths
from greetings.typesetting import DESIGNS, drawable, set_pdf, set_png

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


def print_pdf(design: Design, words: PosterWords, size: PaperSize) -> bytes:
    """The sheet as a tagged PDF with its fonts in it. Raises Unprintable."""
    return set_pdf(design.value, _printable(words), size.value)


def draw_preview(design: Design, words: PosterWords) -> bytes:
    """The sheet as a PNG of 595 by 842 pixels. Raises Unprintable."""
    with Image.open(BytesIO(set_png(design.value, _printable(words), PREVIEW_DPI))) as picture:
        reduced = picture.convert("RGB").resize(
            (PREVIEW_WIDTH_PX, PREVIEW_HEIGHT_PX), Image.Resampling.LANCZOS
        )
    few = reduced.quantize(palette=_inks(), dither=Image.Dither.NONE)
    packed = BytesIO()
    few.save(packed, "PNG", optimize=True)
    return packed.getvalue()


@cache
def press_digest() -> str:
    """Says whether the same words still give the same bytes: it changes with designs, tools and fonts."""
    digest = hashlib.sha256(f"{version('typst')} {version('pillow')}".encode())
    for path in (Path(__file__), *sorted(DESIGNS.glob("*.typ")), *font_paths()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


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


def _printable(words: PosterWords) -> dict[str, Any]:
    """Leave out what no font of ours can draw, such as emoji: it would be an empty box on the wall."""
    held = {
        name: drawable(value) if isinstance(value, str) else value for name, value in asdict(words).items()
    }
    return {**held, "headline": [row for row in map(drawable, words.headline) if row]}
