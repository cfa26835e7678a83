"""How much address space a child needs: for every format at 50 megapixels, turned and with a profile, the least
that takes it. `ReaderLimits` sets the limit by these figures.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator

import pillow_heif
from PIL import Image

from greetings.imaging import PictureReader, PictureRefused, ReaderLimits, Refusal
from greetings.imaging.renditions import MASTER
from tests.bench.report import Report
from tests.integration.imaging.drawing import box, chunk, display_p3_profile, with_boxes

WIDTH_PX, HEIGHT_PX = 8160, 6120
MEGABYTE = 1_000_000
STEP_MB, LEAST_MB, MOST_MB = 10, 200, 1_400
MOST_ALLOWED_MB = 1_000
ON_ITS_SIDE = 6

Maker = Callable[[], bytes]


def run(report: Report) -> None:
    """One file after the other, so that only one is held at a time."""
    rows, most = [], 0
    for name, make in samples():
        data = make()
        least = least_that_takes(data)
        most = max(most, least or MOST_MB)
        report.note(f"{name}: {least or 'more than ' + str(MOST_MB)} MB")
        rows.append((name, f"{len(data) / MEGABYTE:.1f}", least or f"over {MOST_MB}"))
    finding = least_that_finds_faces()
    if finding is None:
        report.left_out("faces in a master", "OpenCV is not installed: requirements/faces.txt brings it.")
    else:
        report.note(f"faces in the largest master: {finding} MB")
        rows.append(("faces in the largest master, searched thoroughly", "", finding))
    set_to = ReaderLimits().address_space_bytes // MEGABYTE
    report.table(
        f"Address space for {WIDTH_PX * HEIGHT_PX / MEGABYTE:.1f} megapixels, on their side, Display P3",
        ("file", "its MB", f"least MB, to {STEP_MB}"),
        rows,
    )
    report.note(f"A child may have {set_to} MB.")
    report.goal("sandbox_memory_mb", most, "<=", set_to)
    report.goal("sandbox_limit_mb", set_to, "<=", MOST_ALLOWED_MB)


def least_that_takes(data: bytes) -> int | None:
    """The least address space in MB with which this file is taken in."""
    return _least(lambda reader: reader.take_in(data))


def least_that_finds_faces() -> int | None:
    """The least address space in MB with which the largest master is searched, None without OpenCV.

    OpenCV and NumPy are in the warm process and its children have them, too; what they map is most of it.
    """
    edge_px = MASTER.edge_px
    held = io.BytesIO()
    Image.effect_noise((edge_px, edge_px), 60).convert("RGB").save(held, "JPEG", quality=MASTER.quality)
    reader = PictureReader()
    can_find_faces = reader.can_find_faces
    reader.close()
    return _least(lambda one: one.find_faces(held.getvalue(), thorough=True)) if can_find_faces else None


def _least(work: Callable[[PictureReader], object]) -> int | None:
    """By halving, in steps of `STEP_MB`."""
    low, high = LEAST_MB, MOST_MB
    if not _is_done(work, high):
        return None
    while high - low > STEP_MB:
        middle = (low + high) // 2 // STEP_MB * STEP_MB
        if _is_done(work, middle):
            high = middle
        else:
            low = middle
    return high


def _is_done(work: Callable[[PictureReader], object], megabytes: int) -> bool:
    reader = PictureReader(ReaderLimits(wall_seconds=60, address_space_bytes=megabytes * MEGABYTE))
    try:
        work(reader)
    except PictureRefused as refused:
        if refused.code not in {Refusal.TOO_MUCH_MEMORY, Refusal.READER_FAILED, Refusal.BROKEN}:
            raise
        return False
    finally:
        reader.close()
    return True


def samples() -> Iterator[tuple[str, Maker]]:
    """Every kind of file that phones, cameras and programs write."""
    exif = Image.Exif()
    exif[0x0112] = ON_ITS_SIDE
    facts = {"exif": exif.tobytes(), "icc_profile": display_p3_profile()}
    yield "JPEG", lambda: _saved("RGB", "JPEG", quality=90, **facts)
    yield "JPEG, 4:4:4", lambda: _saved("RGB", "JPEG", quality=90, subsampling=0, **facts)
    yield "JPEG, progressive", lambda: _saved("RGB", "JPEG", quality=90, progressive=True, **facts)
    yield (
        "JPEG, progressive, 4:4:4",
        lambda: _saved("RGB", "JPEG", quality=90, progressive=True, subsampling=0, **facts),
    )
    yield "JPEG, grey", lambda: _saved("L", "JPEG", quality=90, exif=exif.tobytes())
    yield "JPEG, CMYK", lambda: _saved("CMYK", "JPEG", quality=90, exif=exif.tobytes())
    yield (
        "JPEG, CMYK, progressive",
        lambda: _saved("CMYK", "JPEG", quality=90, progressive=True, exif=exif.tobytes()),
    )
    for name, bits, colour_type, sample_bytes in (
        ("grey, 8 bits", 8, 0, 1), ("grey, 16 bits", 16, 0, 2), ("grey and alpha, 16 bits", 16, 4, 4),
        ("8 bits", 8, 2, 3), ("16 bits", 16, 2, 6), ("alpha, 8 bits", 8, 6, 4), ("alpha, 16 bits", 16, 6, 8),
    ):  # fmt: skip
        for is_interlaced in (False, True):
            yield (
                f"PNG, {name}" + (", interlaced" if is_interlaced else ""),
                lambda b=bits, c=colour_type, s=sample_bytes, i=is_interlaced: _png(b, c, s, is_interlaced=i),  # type: ignore[misc]
            )
    yield "WebP, lossy", lambda: _saved("RGB", "WEBP", quality=80, method=0, **facts)
    yield "WebP, lossy, alpha", lambda: _saved("RGBA", "WEBP", quality=80, method=0, **facts)
    yield "WebP, lossless", lambda: _saved("RGB", "WEBP", lossless=True, quality=0, method=0, **facts)
    yield "WebP, lossless, alpha", lambda: _saved("RGBA", "WEBP", lossless=True, quality=0, method=0, **facts)
    yield "AVIF", lambda: _saved("RGB", "AVIF", speed=10, **facts)
    yield "AVIF, 4:4:4", lambda: _saved("RGB", "AVIF", speed=10, subsampling="4:4:4", **facts)
    yield "AVIF, alpha", lambda: _saved("RGBA", "AVIF", speed=10, **facts)
    for name, mode, chroma, bits in (
        ("HEIC", "RGB", "420", 8), ("HEIC, 4:4:4", "RGB", "444", 8), ("HEIC, alpha", "RGBA", "420", 8),
        ("HEIC, 10 bits", "RGB", "420", 10),
    ):  # fmt: skip
        yield name, lambda m=mode, c=chroma, b=bits: _heic(m, c, b)  # type: ignore[misc]


def _drawn(mode: str) -> Image.Image:
    """Shades that change everywhere, without noise: the size of the file doesn't matter here."""
    across = Image.linear_gradient("L").resize((WIDTH_PX, HEIGHT_PX))
    around = Image.radial_gradient("L").resize((WIDTH_PX, HEIGHT_PX))
    return Image.merge(mode, [across, around, across, around][: len(Image.new(mode, (1, 1)).getbands())])


def _saved(mode: str, form: str, **save: object) -> bytes:
    held = io.BytesIO()
    _drawn(mode).save(held, form, **save)
    return held.getvalue()


def _heic(mode: str, chroma: str, bits: int) -> bytes:
    held = io.BytesIO()
    pillow_heif.options.SAVE_HDR_TO_12_BIT = False
    if bits > 8:
        picture = pillow_heif.from_bytes("RGB;16", (WIDTH_PX, HEIGHT_PX), bytes(WIDTH_PX * 6) * HEIGHT_PX)
        picture.save(held, quality=50, chroma=chroma)
    else:
        pillow_heif.from_pillow(_drawn(mode)).save(
            held, format="HEIF", quality=50, chroma=chroma, enc_params={"preset": "ultrafast"}
        )
    return with_boxes(held.getvalue(), box(b"irot", b"\1"))


_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def _png(bits: int, colour_type: int, sample_bytes: int, *, is_interlaced: bool) -> bytes:
    """Row after row of the same, written by hand: Pillow writes neither these depths nor interlaced files."""
    packer = zlib.compressobj(1)
    packed = []
    for left, top, across, down in _PASSES if is_interlaced else ((0, 0, 1, 1),):
        width_px, height_px = -(-(WIDTH_PX - left) // across), -(-(HEIGHT_PX - top) // down)
        row = (
            b"\0"
            + (bytes(range(40, 240, 5)) * (width_px * sample_bytes // 40 + 1))[: width_px * sample_bytes]
        )
        packed += [packer.compress(row) for _ in range(height_px)]
    packed.append(packer.flush())
    head = struct.pack(">IIBBBBB", WIDTH_PX, HEIGHT_PX, bits, colour_type, 0, 0, is_interlaced)
    exif = Image.Exif()
    exif[0x0112] = ON_ITS_SIDE
    profile = b"x\0\0" + zlib.compress(display_p3_profile())
    chunks = [chunk(b"IHDR", head), chunk(b"eXIf", exif.tobytes()[6:])]
    if colour_type in {2, 6}:
        chunks.insert(1, chunk(b"iCCP", profile))
    return b"\x89PNG\r\n\x1a\n" + b"".join([*chunks, chunk(b"IDAT", b"".join(packed)), chunk(b"IEND", b"")])
