"""Words on sheets: lines fitted into a box, in type or, a little uneven, as if by hand."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from random import Random

from PIL import Image, ImageDraw, ImageFont

from greetings.operations.demo.palette import Colour

FACES = {
    "serif": ("font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
    "serif-bold": ("font_source_serif_pro", "SourceSerifPro-Bold.ttf"),
    "sans": ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    "sans-bold": ("font_source_sans_pro", "SourceSansPro-Bold.ttf"),
    "black": ("font_source_sans_pro", "SourceSansPro-Black.ttf"),
}
_TRIAL_PX = 100
_LEADING = 1.16
_CAPITAL_HEIGHT = 0.66  # of the size
_EMPHASIS = 1.5


@cache
def font(face: str, size_px: int) -> ImageFont.FreeTypeFont:
    """One of `FACES` at a size."""
    package, name = FACES[face]
    return ImageFont.truetype(str(files(package) / "files" / name), max(4, size_px))


def lines_of(words: str) -> list[str]:
    """Words as they stand in a scene's name: lines parted by a slash, an asterisk before the line that matters."""
    return [line.strip() for line in words.split("/") if line.strip()]


def one_line(lines: Sequence[str]) -> list[str]:
    """The same words for a banner: a short text in one line, a long one in two."""
    whole = " ".join(line.removeprefix("*") for line in lines)
    if len(whole) <= 34 or len(lines) < 2:
        return [whole]
    cut = (len(lines) + 1) // 2
    return [" ".join(part.removeprefix("*") for part in half) for half in (lines[:cut], lines[cut:])]


def write(
    image: Image.Image,
    box: tuple[float, float, float, float],
    lines: Sequence[str],
    face: str,
    colours: tuple[Colour, Colour],
    rng: Random | None = None,
) -> None:
    """Set the lines as large as the box (left, top, right, bottom) allows, centred.

    The second colour is for lines that matter. With `rng` every letter stands a little off, as a hand would put it.
    """
    left, top, right, bottom = box
    weights = [_EMPHASIS if line.startswith("*") and len(lines) > 1 else 1.0 for line in lines]
    plain = [line.removeprefix("*") for line in lines]
    size = _fitting_px(plain, weights, face, right - left, bottom - top)
    height = size * _LEADING * sum(weights)
    y = top + (bottom - top - height) / 2
    for line, shown, weight in zip(lines, plain, weights, strict=True):
        tall = size * weight * _LEADING
        colour = colours[1] if line.startswith("*") else colours[0]
        _write_line(
            image, ((left + right) / 2, y + tall / 2), shown, font(face, round(size * weight)), colour, rng
        )
        y += tall


def _fitting_px(
    lines: Sequence[str], weights: Sequence[float], face: str, width: float, height: float
) -> float:
    trial = font(face, _TRIAL_PX)
    widest = max(trial.getlength(line) * weight for line, weight in zip(lines, weights, strict=True))
    by_width = width / max(widest, 1) * _TRIAL_PX
    return min(by_width, height / (_LEADING * sum(weights)))


def _write_line(
    image: Image.Image,
    middle: tuple[float, float],
    line: str,
    face: ImageFont.FreeTypeFont,
    colour: Colour,
    rng: Random | None,
) -> None:
    x = middle[0] - face.getlength(line) / 2
    baseline = middle[1] + face.size * _CAPITAL_HEIGHT / 2
    if rng is None:
        ImageDraw.Draw(image).text((x, baseline), line, font=face, fill=colour, anchor="ls")
        return
    for index, letter in enumerate(line):
        at = (x + face.getlength(line[:index]), baseline)
        _write_letter(image, at, letter, face, colour, rng)


def _write_letter(
    image: Image.Image,
    at: tuple[float, float],
    letter: str,
    face: ImageFont.FreeTypeFont,
    colour: Colour,
    rng: Random,
) -> None:
    """One letter, turned by up to three degrees and moved by a few hundredths of its size."""
    if letter.isspace():
        return
    pad = round(face.size)
    mask = Image.new("L", (pad * 3, pad * 3))
    ImageDraw.Draw(mask).text((pad, pad * 2), letter, font=face, fill=255, anchor="ls")
    mask = mask.rotate(rng.uniform(-3, 3), Image.Resampling.BICUBIC, center=(pad * 1.3, pad * 1.7))
    off = face.size * 0.03
    left = round(at[0] - pad + rng.uniform(-off, off) * 0.5)
    top = round(at[1] - pad * 2 + rng.uniform(-off, off))
    image.paste(colour, (left, top), mask)
