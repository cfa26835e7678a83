"""The paper everything is painted on: filled outlines with smooth edges, soft light, grain; Pillow only.

Coordinates are pixels of the finished picture, whatever the resolution a canvas works at: far backgrounds are painted
on a small canvas and enlarged, which costs little and looks like a lens out of focus.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from greetings.operations.demo.palette import Colour
from greetings.operations.demo.shapes import Point

QUALITY = 90
_FINE = 3  # edges are drawn this many times larger, and reduced
_LARGE_PX = 700_000  # areas above this are drawn only twice as large
_GRAIN_PX = 384


@dataclass(frozen=True, slots=True)
class Fade:
    """A paint that goes from one colour to another, downwards or, when `sideways`, to the right."""

    start: Colour
    end: Colour
    sideways: bool = False


Paint = Colour | Fade


class Canvas:
    """A picture in the making, `width` by `height` pixels when finished."""

    def __init__(self, width: int, height: int, ground: Paint, *, resolution: float = 1.0) -> None:
        self.width, self.height = width, height
        self.resolution = resolution
        self.size_px = (round(width * resolution), round(height * resolution))
        self.image = _swatch(ground, self.size_px)
        self.texture: Image.Image | None = None  # when set, every fill lets some of the ground through

    def fill(
        self,
        outline: Sequence[Point],
        paint: Paint,
        *,
        soft: float = 0.0,
        opacity: float = 1.0,
        within: Sequence[Point] | None = None,
    ) -> None:
        """Paint an outline; `soft` is the blur of its edge in pixels, `within` keeps it inside another outline."""
        scaled = [(x * self.resolution, y * self.resolution) for x, y in outline]
        soft *= self.resolution
        clip = None if within is None else [(x * self.resolution, y * self.resolution) for x, y in within]
        box = self._box(scaled, soft, clip)
        if box is None:
            return
        mask = _soft_mask(scaled, box, soft) if soft >= 1 else _hard_mask(scaled, box)
        if clip is not None:
            mask = ImageChops.multiply(mask, _hard_mask(clip, box))
        if self.texture is not None:
            mask = ImageChops.multiply(mask, self.texture.crop(box))
        if opacity < 1:
            mask = mask.point([round(value * opacity) for value in range(256)])
        if isinstance(paint, Fade):
            self.image.paste(_swatch(paint, mask.size), box, mask)
        else:
            self.image.paste(paint, box, mask)

    def _box(
        self, outline: Sequence[Point], soft: float, clip: Sequence[Point] | None
    ) -> tuple[int, int, int, int] | None:
        margin = soft * 2.5 + 1
        left, top, right, bottom = _bounds(outline, margin)
        if clip is not None:
            clip_left, clip_top, clip_right, clip_bottom = _bounds(clip, 1)
            left, top = max(left, clip_left), max(top, clip_top)
            right, bottom = min(right, clip_right), min(bottom, clip_bottom)
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, self.size_px[0]), min(bottom, self.size_px[1])
        return (left, top, right, bottom) if right > left and bottom > top else None

    def glow(
        self, x: float, y: float, reach: float, colour: Colour, opacity: float = 1.0, down: float = 0.0
    ) -> None:
        """A light (or, in a dark colour, a shadow) that fades outwards; `down` is its half height."""
        across, tall = reach * self.resolution, (down or reach) * self.resolution
        centre_x, centre_y = x * self.resolution, y * self.resolution
        left, top = round(centre_x - across), round(centre_y - tall)
        size = (max(2, round(across * 2)), max(2, round(tall * 2)))
        mask = _glow_mask().resize(size, Image.Resampling.BILINEAR)
        if opacity < 1:
            mask = mask.point([round(value * opacity) for value in range(256)])
        self.image.paste(colour, (left, top), mask)

    def lay(self, sheet: Image.Image, x: float, y: float) -> None:
        """Lay an RGBA picture of finished pixels with its middle at a point."""
        left, top = round(x - sheet.width / 2), round(y - sheet.height / 2)
        self.image.paste(sheet, (left, top), sheet)

    def lay_backdrop(self, backdrop: "Canvas", blur: float) -> None:
        """Cover everything with a smaller canvas, enlarged and out of focus by `blur` finished pixels."""
        image = backdrop.image
        radius = blur * backdrop.resolution
        if radius > 0.2:
            image = image.filter(ImageFilter.GaussianBlur(radius))
        self.image.paste(image.resize(self.size_px, Image.Resampling.BICUBIC))

    def finish(
        self, rng: Random, *, vignette: float = 0.22, grain: float = 3.6, tint: Colour | None = None
    ) -> None:
        """What a lens adds: darker corners, a breath of colour, grain."""
        if tint is not None:
            self.image = Image.blend(self.image, Image.new("RGB", self.size_px, tint), 0.07)
        if vignette:
            light = _vignette_mask(vignette).resize(self.size_px, Image.Resampling.BILINEAR)
            self.image = ImageChops.multiply(self.image, Image.merge("RGB", (light, light, light)))
        if grain:
            noise = _tiled(_grain(rng, grain), self.size_px)
            self.image = ImageChops.add(self.image, Image.merge("RGB", (noise, noise, noise)), 1, -128)

    def jpeg(self) -> bytes:
        """The finished picture, with nothing in it but pixels."""
        out = io.BytesIO()
        self.image.save(out, "JPEG", quality=QUALITY)
        return out.getvalue()


def _bounds(outline: Sequence[Point], margin: float) -> tuple[int, int, int, int]:
    across, down = [x for x, _ in outline], [y for _, y in outline]
    return (
        int(min(across) - margin),
        int(min(down) - margin),
        int(max(across) + margin) + 1,
        int(max(down) + margin) + 1,
    )


def _hard_mask(outline: Sequence[Point], box: tuple[int, int, int, int]) -> Image.Image:
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    fine = _FINE if width * height < _LARGE_PX else 2
    mask = Image.new("L", (width * fine, height * fine))
    ImageDraw.Draw(mask).polygon([((x - left) * fine, (y - top) * fine) for x, y in outline], fill=255)
    return mask.reduce(fine)


def _soft_mask(outline: Sequence[Point], box: tuple[int, int, int, int], soft: float) -> Image.Image:
    """Blur at a resolution as coarse as the blur allows."""
    left, top, right, bottom = box
    step = max(1.0, soft / 3)
    size = (max(1, round((right - left) / step)), max(1, round((bottom - top) / step)))
    mask = Image.new("L", size)
    points = [((x - left) / step, (y - top) / step) for x, y in outline]
    ImageDraw.Draw(mask).polygon(points, fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(soft / step))
    return mask.resize((right - left, bottom - top), Image.Resampling.BILINEAR)


def _swatch(paint: Paint, size: tuple[int, int]) -> Image.Image:
    if not isinstance(paint, Fade):
        return Image.new("RGB", size, paint)
    ramp = Image.linear_gradient("L")
    if paint.sideways:
        ramp = ramp.transpose(Image.Transpose.ROTATE_90)
    mask = ramp.resize(size, Image.Resampling.BILINEAR)
    return Image.composite(Image.new("RGB", size, paint.end), Image.new("RGB", size, paint.start), mask)


@cache
def _glow_mask() -> Image.Image:
    """Bright in the middle, nothing at the edge, falling off softly."""
    curve = [round(255 * max(0.0, 1 - value / 180) ** 1.6) for value in range(256)]
    return Image.radial_gradient("L").point(curve)


@cache
def _vignette_mask(strength: float) -> Image.Image:
    return Image.radial_gradient("L").point(
        [round(255 * (1 - strength * (value / 255) ** 2.4)) for value in range(256)]
    )


def _grain(rng: Random, strength: float) -> Image.Image:
    noise = Image.frombytes("L", (_GRAIN_PX, _GRAIN_PX), rng.randbytes(_GRAIN_PX**2))
    soft = noise.filter(ImageFilter.GaussianBlur(0.7))
    return soft.point([max(0, min(255, round(128 + (value - 128) * strength / 40))) for value in range(256)])


def crayon(rng: Random, size_px: tuple[int, int], cover: float = 0.8) -> Image.Image:
    """Where wax meets rough paper: a mask that mostly covers and leaves specks; `cover` between 0 and 1."""
    noise = Image.frombytes("L", (_GRAIN_PX, _GRAIN_PX), rng.randbytes(_GRAIN_PX**2))
    coarse = noise.filter(ImageFilter.GaussianBlur(1.6))
    floor = 128 - 18 * cover
    steep = [max(60, min(255, round(150 + (value - floor) * 9))) for value in range(256)]
    return _tiled(coarse.point(steep), size_px)


def _tiled(tile: Image.Image, size: tuple[int, int]) -> Image.Image:
    whole = Image.new(tile.mode, size)
    for left in range(0, size[0], tile.width):
        for top in range(0, size[1], tile.height):
            whole.paste(tile, (left, top))
    return whole
