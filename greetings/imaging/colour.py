"""Colour as every screen expects it: 8 bits, red, green, blue, sRGB, without a profile to say so."""

from io import BytesIO
from itertools import product

from PIL import Image, ImageCms

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

# Where a profile moves none of the probe's colours by more than this, applying it would change nothing seen.
_UNSEEN = 2
_STEPS = (0, 51, 102, 153, 204, 255)
_PROBE = Image.frombytes(
    "RGB",
    (len(_STEPS) ** 2, len(_STEPS)),
    bytes(value for colour in product(_STEPS, repeat=3) for value in colour),
)
_SPACE = slice(16, 20)  # where a profile says which colours it is for
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
_EIGHT_BITS = 1 / 257  # of 16-bit samples: 65535 becomes 255


def to_eight_bits(picture: Image.Image) -> Image.Image:
    """The same picture in a mode that can be resampled: L, LA, RGB, RGBA or CMYK."""
    mode = picture.mode
    if mode.startswith("I;16"):
        return picture.point(lambda sample: sample * _EIGHT_BITS + 0.5).convert("L")
    if mode == "I":
        return picture.point(lambda sample: sample * _EIGHT_BITS + 0.5).convert("L")
    if "transparency" in picture.info and mode in {"1", "L", "P", "RGB"}:
        return picture.convert("RGBA")
    if mode in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        return picture
    if mode == "1":
        return picture.convert("L")
    return picture.convert("RGBA" if mode in {"PA", "RGBa", "La"} else "RGB")


def on_white(picture: Image.Image, untrusted_profile: bytes | None) -> Image.Image:
    """An RGB picture in sRGB; whatever is transparent shows white paper.

    Colours first, paper second, as browsers do it: half-transparent ink is half as dark in the colours of the
    screen, whatever the file counts in.
    """
    if picture.mode not in {"LA", "RGBA"}:
        return to_srgb(picture, untrusted_profile)
    paper = Image.new("RGB", picture.size, "white")
    ink = to_srgb(picture.convert("L" if picture.mode == "LA" else "RGB"), untrusted_profile)
    paper.paste(ink, mask=picture.getchannel("A"))
    return paper


def to_srgb(picture: Image.Image, untrusted_profile: bytes | None) -> Image.Image:
    """An RGB picture in sRGB. A profile that can't be read, or isn't for such a picture, is ignored."""
    if untrusted_profile:
        if picture.mode == "L" and untrusted_profile[_SPACE] == b"RGB ":
            picture = picture.convert("RGB")
        transform = _transform(untrusted_profile, picture.mode)
        if transform is not None:
            return ImageCms.applyTransform(picture, transform) or picture
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _transform(untrusted_profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(untrusted_profile))
        transform = ImageCms.buildTransform(
            profile, SRGB, mode, "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC, flags=_FLAGS
        )
    except (OSError, ValueError, TypeError, ImageCms.PyCMSError):
        return None
    return transform if mode != "RGB" or _is_seen(transform) else None


def _is_seen(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether this transform changes colours at all: most profiles are sRGB by another name."""
    seen = ImageCms.applyTransform(_PROBE, transform)
    if seen is None:
        return True
    return any(
        abs(before - after) > _UNSEEN for before, after in zip(_PROBE.tobytes(), seen.tobytes(), strict=True)
    )
