"""A photo is known again by its difference hash whatever was done to it on its way; other photos aren't it."""

import random
from collections.abc import Callable
from functools import cache
from itertools import combinations

import pytest
from PIL import Image, ImageEnhance, ImageOps

from greetings.imaging.decoder import _difference_hash
from greetings.imaging.renditions import THUMB, fitted
from greetings.moderation.duplicates import ALIKE_PICTURE_BITS
from tests.integration.imaging.drawing import encoded

SIZE_PX = (800, 600)


@cache
def scene(number: int) -> Image.Image:
    """Large soft shapes with some grain, as photos have: the same number is the same scene."""
    chance = random.Random(number)
    coarse = Image.frombytes("L", (7, 5), chance.randbytes(35))
    shapes = coarse.resize(SIZE_PX, Image.Resampling.BICUBIC)
    grain = Image.frombytes("L", SIZE_PX, chance.randbytes(SIZE_PX[0] * SIZE_PX[1]))
    return Image.blend(shapes, grain, 0.15).convert("RGB")


def hash_of(picture: Image.Image) -> int:
    return _difference_hash(picture.resize(fitted(*picture.size, THUMB.edge_px), Image.Resampling.LANCZOS))


def cut(picture: Image.Image, share: int) -> Image.Image:
    width_px, height_px = picture.size
    left, top = width_px // share, height_px // share
    return picture.crop((left, top, width_px - left, height_px - top))


DONE_TO_IT: dict[str, Callable[[Image.Image], bytes]] = {
    "encoded anew": lambda one: encoded(one, "JPEG", quality=30),
    "as WebP": lambda one: encoded(one, "WEBP", quality=40),
    "half as large": lambda one: encoded(one.resize((400, 300)), quality=85),
    "cut by a hundredth": lambda one: encoded(cut(one, 100), quality=85),
    "lighter": lambda one: encoded(ImageEnhance.Brightness(one).enhance(1.2), quality=85),
    "darker": lambda one: encoded(ImageEnhance.Brightness(one).enhance(0.7), quality=85),
    "paler": lambda one: encoded(ImageEnhance.Contrast(one).enhance(0.8), quality=85),
    "grey": lambda one: encoded(ImageOps.grayscale(one), quality=85),
}


@pytest.mark.parametrize("done", DONE_TO_IT)
def test_a_photo_is_known_again(reader, done):
    for number in range(3):
        original = reader.take_in(encoded(scene(number), quality=95)).difference_hash
        changed = reader.take_in(DONE_TO_IT[done](scene(number))).difference_hash
        assert (original ^ changed).bit_count() <= ALIKE_PICTURE_BITS


def test_different_photos_are_far_apart():
    hashes = [hash_of(scene(number)) for number in range(12)]
    assert min((one ^ other).bit_count() for one, other in combinations(hashes, 2)) > ALIKE_PICTURE_BITS


def test_a_mirrored_photo_is_another_photo():
    assert (hash_of(scene(1)) ^ hash_of(ImageOps.mirror(scene(1)))).bit_count() > ALIKE_PICTURE_BITS
