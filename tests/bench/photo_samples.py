"""Photos to measure with: one from a real phone as it is, the others made of it, the same on every machine.

Larger ones are enlarged and then given the noise of a sensor, since a smooth picture would be cheaper than any
that a phone takes. All carry what phones write: EXIF with a position, and a profile where the name says so.
"""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from greetings.settings import CHECKOUT
from tests.bench.report import ToolMissing
from tests.integration.imaging.drawing import display_p3_profile

SIZE_12_PX, SIZE_24_PX, SIZE_50_PX = (4032, 3024), (5712, 4284), (8160, 6120)
PHONE = "12 MP JPEG, sRGB, as a phone took it"
_PHONE_FILE = "phones/samsung-s7-gps.jpg"
_HEIC_FILE = "phones/iphone-xr-gps-rotated.heic"
_SEED = 20120925
_NOISE = 4.0
_UPRIGHT, _TURNED = 1, 6


@dataclass(frozen=True, slots=True)
class Sample:
    """A photo in a file; whether others must be told to convert its colours."""

    name: str
    path: Path
    is_wide_gamut: bool = False

    @property
    def megapixels(self) -> float:
        """As its header says."""
        with Image.open(self.path) as picture:
            return picture.width * picture.height / 1e6


def make_samples(folder: Path) -> list[Sample]:
    """Every sample, written into `folder`."""
    corpus = Path(os.environ.get("GREETINGS_TEST_CORPUS", CHECKOUT.parent / "shared" / "corpus"))
    if not (corpus / _PHONE_FILE).is_file():
        raise ToolMissing("The corpus with photos of real phones is not there: set GREETINGS_TEST_CORPUS.")
    with Image.open(corpus / _PHONE_FILE) as photo:
        photo.load()
    recipes: list[tuple[str, str, Callable[[], bytes]]] = [
        (PHONE, "jpg", (corpus / _PHONE_FILE).read_bytes),
        ("12 MP JPEG, noisy", "jpg", lambda: _jpeg(photo, SIZE_12_PX, quality=90)),
        ("12 MP JPEG, lying on its side", "jpg", lambda: _jpeg(photo, SIZE_12_PX, quality=90, turn=_TURNED)),
        ("12 MP JPEG, Display P3", "jpg", lambda: _jpeg(photo, SIZE_12_PX, quality=90, wide_gamut=True)),
        ("24 MP JPEG", "jpg", lambda: _jpeg(photo, SIZE_24_PX, quality=88)),
        ("24 MP JPEG, Display P3", "jpg", lambda: _jpeg(photo, SIZE_24_PX, quality=88, wide_gamut=True)),
        ("50 MP JPEG", "jpg", lambda: _jpeg(photo, SIZE_50_PX, quality=85)),
        ("12 MP PNG", "png", lambda: _encoded(photo, "PNG", compress_level=4)),
        ("12 MP WebP", "webp", lambda: _encoded(_noisy(photo, SIZE_12_PX), "WEBP", quality=85, method=2)),
        ("12 MP HEIC, Display P3, as a phone took it", "heic", (corpus / _HEIC_FILE).read_bytes),
    ]
    samples = []
    for number, (name, suffix, make) in enumerate(recipes):
        path = folder / f"{number:02d}.{suffix}"
        path.write_bytes(make())
        samples.append(Sample(name, path, is_wide_gamut="P3" in name))
    return samples


def _jpeg(
    photo: Image.Image,
    size_px: tuple[int, int],
    *,
    quality: int,
    turn: int = _UPRIGHT,
    wide_gamut: bool = False,
) -> bytes:
    noisy = _noisy(photo, size_px)
    profile = display_p3_profile() if wide_gamut else None
    return _encoded(noisy, "JPEG", quality=quality, exif=_phone_exif(turn), icc_profile=profile)


def _noisy(photo: Image.Image, size_px: tuple[int, int]) -> Image.Image:
    enlarged = photo if photo.size == size_px else photo.resize(size_px, Image.Resampling.BICUBIC)
    pixels = np.asarray(enlarged).astype(np.float32)
    chance = np.random.default_rng(_SEED)
    pixels += _NOISE * chance.standard_normal(pixels.shape, dtype=np.float32)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _phone_exif(turn: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Bench", "Phone", turn
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 8.0, 12.0), 3: "E", 4: (29.0, 13.0, 30.0)})
    return exif


def _encoded(picture: Image.Image, form: str, **save: object) -> bytes:
    held = io.BytesIO()
    picture.info = {}
    picture.save(held, form, **save)
    return held.getvalue()
