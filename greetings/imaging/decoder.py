"""Turns a stranger's file into pictures of our own, in a confined child that knows nothing of the house.

The order is chosen for speed: shrink while decoding, decode once, then colour and turn the reduced picture,
and draw each rendition from the one before. Nothing of the file but its pixels survives.
"""

import warnings
from contextlib import suppress
from io import BytesIO
from typing import IO, cast

import pillow_heif
from PIL import (
    AvifImagePlugin,
    ExifTags,
    Image,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from greetings.imaging.boxes import Told, tell, under_its_own_brand
from greetings.imaging.colour import on_white, to_eight_bits
from greetings.imaging.declared import code_points_win, declared_profile
from greetings.imaging.oddities import ends_in_nothing, is_rare_jpeg, made_whole, pass_over_bad_remarks
from greetings.imaging.profiles import DISPLAY_P3, SRGB_CURVE, of_code_points
from greetings.imaging.protocol import Box, Drawn, File, Formats, Request, Task, pack_drawn
from greetings.imaging.refusals import PictureRefused, Refusal
from greetings.imaging.renditions import (
    MASTER,
    RENDITIONS,
    Rendition,
    fitted,
    jpeg_divisor,
    whole_divisor,
)

__all__ = ["prepare", "redraw", "take_in"]

# Loaded here, in the warm parent: a child could not open their files any more.
_CODECS = (AvifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)
_INK = (23, 20, 18)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_QUARTER_TURNS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
_HASH_EDGE_PX = 8
_JPEG_END = b"\xff\xd9"
# An optimised JPEG is written in one go. Pillow takes a byte a pixel for it, more than the worst noise needs
# (0.9); this is for small pictures, where tables and headers count.
_JPEG_BYTES = 1 << 20
_READ_AT_ONCE_BYTES = 1 << 18
_TIMES_TO_PRACTISE = 16

# Everything the decoders were ever seen to raise at a file they don't like.
_DECODER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
)


def prepare() -> None:
    """Once, in the warm parent: load the codecs and set their switches. Reads no file of anybody."""
    # the file's own thumbnail is never decoded: it may show what its sender has covered
    pillow_heif.register_heif_opener(decode_threads=0, thumbnails=False, depth_images=False, aux_images=False)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    pass_over_bad_remarks()
    ImageFile.MAXBLOCK = max(ImageFile.MAXBLOCK, _JPEG_BYTES)
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    for form in (Formats.PNG, Formats.WEBP, Formats.AVIF, Formats.JPEG):
        _practise(form)


def _practise(form: Formats) -> None:
    """Take in a picture of our own until Python knows the way by heart.

    What it learns on the way it writes into its own memory, and each page of that a child would have to copy.
    """
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ColorSpace] = 1
    profile = of_code_points(DISPLAY_P3, SRGB_CURVE)
    held = BytesIO()
    Image.new("RGB", (64, 48)).save(held, str(form.name), exif=exif, icc_profile=profile)
    request = Request(Task.TAKE_IN, form, 64 * 48, 64)
    for _ in range(_TIMES_TO_PRACTISE):
        pack_drawn(take_in(held.getvalue(), request))


def take_in(untrusted_file: File, request: Request) -> Drawn:
    """The three renditions of a stranger's picture; raises PictureRefused, or MemoryError."""
    Image.MAX_IMAGE_PIXELS = request.max_pixels
    try:
        return _drawn(_upright(untrusted_file, request))
    except _DECODER_ERRORS:
        raise PictureRefused(Refusal.BROKEN) from None


def _upright(untrusted_file: File, request: Request) -> Image.Image:
    """The picture as it is meant to be seen, as large as the master, in sRGB."""
    picture: Image.Image = _open(untrusted_file, request)
    turn = _TURNS.get(_orientation(picture))
    told = tell(untrusted_file, *picture.size) if picture.format == "AVIF" else Told()
    profile = _profile(picture, untrusted_file, told)
    picture = _loaded(picture, untrusted_file, request)
    if told.crop is not None:
        picture = picture.crop(told.crop)
    picture = on_white(_reduced(_shrunk(to_eight_bits(picture)), MASTER), profile)
    return picture.transpose(turn) if turn is not None else picture


def redraw(master: bytes, request: Request) -> Drawn:
    """A master of ours with covers burnt in, then cropped, then turned clockwise.

    Covers and crop are boxes in the master's own pixels, and what lies outside of it is cut off.
    """
    Image.MAX_IMAGE_PIXELS = request.max_pixels
    try:
        picture = _open(master, request).convert("RGB")
        for box in request.covers:
            picture.paste(_INK, _clamped(box, picture.size))
        if request.crop is not None:
            picture = picture.crop(_clamped(request.crop, picture.size))
        if request.quarter_turns:
            picture = picture.transpose(_QUARTER_TURNS[request.quarter_turns])
        return _drawn(_reduced(picture, MASTER))
    except _DECODER_ERRORS:
        raise PictureRefused(Refusal.BROKEN) from None


def _open(untrusted_file: File, request: Request) -> ImageFile.ImageFile:
    """Open as what the signature promised, and as nothing else; check the header before any pixel."""
    if Formats.JPEG in request.formats and is_rare_jpeg(untrusted_file):
        raise PictureRefused(Refusal.FORMAT_NOT_SUPPORTED)
    expected = [str(form.name) for form in request.formats]
    untrusted_file = made_whole(under_its_own_brand(untrusted_file))
    try:
        picture = Image.open(_from_its_start(untrusted_file), formats=expected)
    except UnidentifiedImageError:
        raise PictureRefused(_why_unidentified(untrusted_file, request.formats)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _say_by_how_much(untrusted_file, expected, request)
        raise PictureRefused(Refusal.TOO_MANY_PIXELS) from None
    if (picture.format or "").replace("MPO", "JPEG") not in expected:
        raise PictureRefused(Refusal.DISAGREEING)
    picture.decodermaxblock = _READ_AT_ONCE_BYTES
    _check_size(picture, request)
    return picture


def _from_its_start(untrusted_file: File) -> IO[bytes]:
    """Something to read from. A file that lies in memory already can be read where it lies."""
    if isinstance(untrusted_file, bytes):
        return BytesIO(untrusted_file)
    untrusted_file.seek(0)
    return cast("IO[bytes]", untrusted_file)


def _why_unidentified(untrusted_file: File, expected: Formats) -> Refusal:
    others = [str(form.name) for form in Formats if form not in expected]
    with suppress(*_DECODER_ERRORS):
        Image.open(_from_its_start(untrusted_file), formats=others)
        return Refusal.DISAGREEING
    return Refusal.BROKEN


def _say_by_how_much(untrusted_file: File, expected: list[str], request: Request) -> None:
    """Raise the refusal of a picture that is too large, with its numbers where the header yields them."""
    Image.MAX_IMAGE_PIXELS = None
    with suppress(MemoryError, *_DECODER_ERRORS):
        _check_size(Image.open(_from_its_start(untrusted_file), formats=expected), request)


def _check_size(picture: Image.Image, request: Request) -> None:
    width_px, height_px = picture.size
    # the further pictures in a JPEG (a depth map, the other eye) are never decoded and cost nothing
    frames = 1 if picture.format in {"JPEG", "MPO"} else int(getattr(picture, "n_frames", 1))
    facts = {"width_px": width_px, "height_px": height_px, "frames": frames}
    if min(width_px, height_px) < 1:
        raise PictureRefused(Refusal.BROKEN, facts)
    if width_px > request.max_edge_px or height_px > request.max_edge_px:
        raise PictureRefused(Refusal.EDGE_TOO_LONG, facts)
    if width_px * height_px * frames > request.max_pixels:
        raise PictureRefused(Refusal.TOO_MANY_PIXELS, facts)


def _orientation(picture: Image.Image) -> int:
    """The EXIF orientation, 1 where there is none or it can't be read."""
    with suppress(*_DECODER_ERRORS):
        value = picture.getexif().get(ExifTags.Base.Orientation, 1)
        return value if isinstance(value, int) else 1
    return 1


def _profile(picture: Image.Image, untrusted_file: File, told: Told) -> bytes | None:
    """The file's own profile, or one made for what it says of its colours otherwise."""
    profile: bytes | None = picture.info.get("icc_profile")
    if profile and not code_points_win(picture, untrusted_file):
        return profile
    return declared_profile(picture, untrusted_file, told.code_points)


def _loaded(picture: Image.Image, untrusted_file: File, request: Request) -> Image.Image:
    """The pixels, decoded small where that costs nothing.

    A JPEG or PNG that lost its last bytes is shown by every viewer all the same: so do we, unless a part of
    the picture that can be seen is missing.
    """
    try:
        _shrink_while_decoding(picture)
        picture.load()
    except OSError:
        if not isinstance(picture, JpegImagePlugin.JpegImageFile | PngImagePlugin.PngImageFile):
            raise
        is_jpeg = isinstance(picture, JpegImagePlugin.JpegImageFile)
        picture = _open(untrusted_file[:] + _JPEG_END if is_jpeg else untrusted_file, request)
        ImageFile.LOAD_TRUNCATED_IMAGES = not is_jpeg
        _shrink_while_decoding(picture)
        picture.load()
        if ends_in_nothing(picture):
            raise
    return picture


def _shrink_while_decoding(picture: Image.Image) -> None:
    """Let JPEG halve itself. Not HEIC: there the same call would take the embedded thumbnail instead."""
    divisor = jpeg_divisor(max(picture.size))
    if isinstance(picture, JpegImagePlugin.JpegImageFile) and divisor > 1:
        picture.draft(None, (picture.width // divisor, picture.height // divisor))


def _shrunk(picture: Image.Image) -> Image.Image:
    """What JPEG does while it decodes, for all others: average whole blocks of pixels.

    It costs an eighth of resampling them all, and the result is no less like the original.
    """
    divisor = whole_divisor(max(picture.size))
    return picture.reduce(divisor) if divisor > 1 else picture


def _reduced(picture: Image.Image, rendition: Rendition) -> Image.Image:
    """Fit into the rendition. To half or less: first by whole blocks, and then there is time for Lanczos."""
    size_px = fitted(*picture.size, rendition.edge_px)
    if size_px == picture.size:
        return picture
    if max(picture.size) >= rendition.edge_px * 2:
        return picture.resize(size_px, Image.Resampling.LANCZOS, reducing_gap=1.0)
    return picture.resize(size_px, Image.Resampling.HAMMING)


def _clamped(box: Box, size_px: tuple[int, int]) -> Box:
    left, top, right, bottom = box
    width_px, height_px = size_px
    return (
        min(max(left, 0), width_px),
        min(max(top, 0), height_px),
        min(max(right, 0), width_px),
        min(max(bottom, 0), height_px),
    )


def _drawn(picture: Image.Image) -> Drawn:
    if isinstance(picture, ImageFile.ImageFile):
        # the same pixels without the file, whose name Pillow would compare with where it saves
        picture = picture._new(picture.im)  # noqa: SLF001 - Pillow has no other way that copies nothing
    size_px, encoded = picture.size, []
    for rendition in RENDITIONS:
        picture = _reduced(picture, rendition)
        encoded.append(_encoded(picture, rendition))
    red, green, blue = picture.resize((1, 1), Image.Resampling.BOX).tobytes()
    return Drawn(*size_px, (red, green, blue), _difference_hash(picture), tuple(encoded))


def _encoded(picture: Image.Image, rendition: Rendition) -> bytes:
    """Pixels and nothing else: Pillow would carry a comment and a profile over from `info`."""
    picture.info = {}
    held = BytesIO()
    if rendition.format == "JPEG":
        picture.save(held, "JPEG", quality=rendition.quality, optimize=True)
    else:
        picture.save(held, "WEBP", quality=rendition.quality, method=2)
    return held.getvalue()


def _difference_hash(picture: Image.Image) -> int:
    """64 bits, row by row: whether a pixel of a tiny grey copy is brighter than its right neighbour."""
    tiny = picture.convert("L").resize((_HASH_EDGE_PX + 1, _HASH_EDGE_PX), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(_HASH_EDGE_PX):
        start = row * (_HASH_EDGE_PX + 1)
        for place in range(start, start + _HASH_EDGE_PX):
            bits = bits << 1 | (tiny[place] > tiny[place + 1])
    return bits
