"""How like a full Lanczos reduction our quick one is, at each size: before encoding, and after it."""

import io
from collections.abc import Sequence

from PIL import Image, ImageOps

from greetings.imaging import ReaderLimits, decoder
from greetings.imaging.colour import to_srgb
from greetings.imaging.protocol import Request, Task
from greetings.imaging.renditions import RENDITIONS, Rendition
from greetings.imaging.signature import formats_of
from tests.bench.likeness import structural_similarity
from tests.bench.photo_samples import Sample
from tests.bench.report import Report

_LEAST = 0.98


def compare_with_lanczos(report: Report, samples: Sequence[Sample]) -> None:
    """A table of similarities; each cell: drawn / encoded / what the reference itself keeps when encoded."""
    decoder.prepare()
    Image.MAX_IMAGE_PIXELS = None
    worst = {rendition.name: 1.0 for rendition in RENDITIONS}
    rows = []
    for sample in samples:
        row = [sample.name]
        for rendition, drawn, encoded, ceiling in _similarities(sample):
            worst[rendition.name] = min(worst[rendition.name], drawn)
            row.append(f"{drawn:.3f} / {encoded:.3f} / {ceiling:.3f}")
        rows.append(row)
    title = "SSIM against full Lanczos: drawn / drawn and encoded / reference encoded alike"
    report.table(title, ["", *(rendition.name for rendition in RENDITIONS)], rows)
    for name, similarity in worst.items():
        report.goal(f"photo_ssim_{name}", similarity, ">=", _LEAST)


def _similarities(sample: Sample) -> list[tuple[Rendition, float, float, float]]:
    data = sample.path.read_bytes()
    reference = _whole(data)
    found = []
    for (rendition, drawn), encoded in zip(_drawn(data), _taken_in(data), strict=True):
        wanted = reference.resize(drawn.size, Image.Resampling.LANCZOS)
        lossy = Image.open(io.BytesIO(decoder._encoded(wanted.copy(), rendition))).convert("RGB")
        found.append(
            (
                rendition,
                structural_similarity(drawn, wanted),
                structural_similarity(encoded, wanted),
                structural_similarity(lossy, wanted),
            )
        )
    return found


def _whole(data: bytes) -> Image.Image:
    """Every pixel, upright, in sRGB."""
    picture = Image.open(io.BytesIO(data))
    profile = picture.info.get("icc_profile")
    return to_srgb(ImageOps.exif_transpose(picture).convert("RGB"), profile)


def _request(data: bytes) -> Request:
    limits = ReaderLimits()
    return Request(Task.TAKE_IN, formats_of(memoryview(data)), limits.max_pixels, limits.max_edge_px)


def _taken_in(data: bytes) -> list[Image.Image]:
    drawn = decoder.take_in(data, _request(data))
    return [Image.open(io.BytesIO(encoded)).convert("RGB") for encoded in drawn.renditions]


def _drawn(data: bytes) -> list[tuple[Rendition, Image.Image]]:
    """The pixels that the decoder hands to its encoders."""
    drawn: list[tuple[Rendition, Image.Image]] = []
    encode = decoder._encoded

    def keep(picture: Image.Image, rendition: Rendition) -> bytes:
        drawn.append((rendition, picture.copy()))
        return encode(picture, rendition)

    decoder._encoded = keep
    try:
        decoder.take_in(data, _request(data))
    finally:
        decoder._encoded = encode
    return drawn
