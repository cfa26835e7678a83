"""What the first bytes of a file say it is; the name and type that its sender declared are never asked."""

from functools import cache
from typing import Any

from greetings.imaging.protocol import Formats
from greetings.imaging.refusals import PictureRefused, Refusal

# libmagic sees only this much: enough for every signature, little to go astray in.
_SNIFFED_BYTES = 4096

_UNKNOWN = "application/octet-stream"
_FORMATS = {
    "image/jpeg": Formats.JPEG,
    "image/png": Formats.PNG,
    "image/apng": Formats.PNG,
    "image/vnd.mozilla.apng": Formats.PNG,
    "image/webp": Formats.WEBP,
    "image/heic": Formats.HEIF,
    "image/heic-sequence": Formats.HEIF,
    "image/avif": Formats.AVIF,
    "image/avif-sequence": Formats.AVIF,
    # the brands mif1 and msf1 are shared by both
    "image/heif": Formats.HEIF | Formats.AVIF,
    "image/heif-sequence": Formats.HEIF | Formats.AVIF,
}
# of a name like a document's, but none that a person reads
_NO_DOCUMENTS = (
    "application/vnd.adobe.flash",
    "application/vnd.font",
    "application/vnd.iccprofile",
    "application/vnd.ms-cab",
    "application/vnd.ms-opentype",
    "application/vnd.rn-",
    "application/vnd.tcpdump",
)
_ARCHIVES = [
    f"application/{name}"
    for name in (
        "gzip", "vnd.rar", "x-7z-compressed", "x-archive", "x-arj", "x-bzip2", "x-cpio", "x-gzip",
        "x-lzh-compressed", "x-rar", "x-tar", "x-xz", "x-zip-compressed", "zip", "zstd",
    )
]  # fmt: skip
_TIFF_OR_RAW = [
    f"image/{name}"
    for name in (
        "tiff", "x-adobe-dng", "x-canon-cr2", "x-canon-cr3", "x-canon-crw", "x-fuji-raf", "x-minolta-mrw",
        "x-nikon-nef", "x-olympus-orf", "x-panasonic-raw", "x-panasonic-rw2", "x-sony-arw", "x-x3f",
    )
]  # fmt: skip
_BY_START = [
    ("image/", Refusal.FORMAT_NOT_SUPPORTED),
    ("video/", Refusal.A_VIDEO),
    ("audio/", Refusal.A_SOUND),
    ("text/", Refusal.A_DOCUMENT),
    ("application/pdf", Refusal.A_DOCUMENT),
    ("application/msword", Refusal.A_DOCUMENT),
    ("application/vnd.", Refusal.A_DOCUMENT),
    ("application/postscript", Refusal.A_DOCUMENT),
    ("application/rtf", Refusal.A_DOCUMENT),
]
_NAMED = {
    "image/gif": Refusal.A_GIF,
    "image/svg+xml": Refusal.A_VECTOR_DRAWING,
    **dict.fromkeys(_ARCHIVES, Refusal.AN_ARCHIVE),
    **dict.fromkeys(_TIFF_OR_RAW, Refusal.A_TIFF_OR_RAW),
}
# brands of ISO files (ISO 23008-12, AV1 image format, MIAF) that libmagic doesn't know as the first one
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"MiHE"), Formats.HEIF),
    **dict.fromkeys((b"avif", b"avis", b"avio", b"MA1A", b"MA1B"), Formats.AVIF),
    **dict.fromkeys((b"mif1", b"mif2", b"msf1", b"miaf"), Formats.HEIF | Formats.AVIF),
}
_RAW_BRAND = b"crx "
# pictures that libmagic has no name for
_STARTS = {
    b"IIU\0": Refusal.A_TIFF_OR_RAW,  # Panasonic and Leica
    b"\0MRM": Refusal.A_TIFF_OR_RAW,  # Minolta
    b"FOVb": Refusal.A_TIFF_OR_RAW,  # Sigma
    b"\xff\x4f\xff\x51": Refusal.FORMAT_NOT_SUPPORTED,  # JPEG 2000 without a wrapping
    b"DDS ": Refusal.FORMAT_NOT_SUPPORTED,
    b"qoif": Refusal.FORMAT_NOT_SUPPORTED,
}
_BRAND_BYTES, _FIRST_COMPATIBLE = 4, 16


def formats_of(untrusted_file: memoryview) -> Formats:
    """The formats this file may be opened as; raises PictureRefused for whatever is none of ours."""
    untrusted_head = bytes(untrusted_file[:_SNIFFED_BYTES])
    untrusted_type = str(_sniffer().from_buffer(untrusted_head))
    formats = _FORMATS.get(untrusted_type)
    if formats is not None:
        return formats
    if untrusted_type == _UNKNOWN and untrusted_head[4:8] == b"ftyp":
        return _by_brands(untrusted_head)
    raise PictureRefused(_STARTS.get(untrusted_head[:4]) or _refusal_of(untrusted_type))


def _by_brands(untrusted_head: bytes) -> Formats:
    """What the brands of an ISO file promise, the first one before those it is compatible with."""
    end = int.from_bytes(untrusted_head[:4])
    places = (8, *range(_FIRST_COMPATIBLE, min(end, len(untrusted_head)), _BRAND_BYTES))
    brands = [untrusted_head[place : place + _BRAND_BYTES] for place in places]
    if brands[0] == _RAW_BRAND:
        raise PictureRefused(Refusal.A_TIFF_OR_RAW)
    for brand in brands:
        if brand in _BRANDS:
            return _BRANDS[brand]
    raise PictureRefused(Refusal.NOT_A_PICTURE)


def _refusal_of(untrusted_type: str) -> Refusal:
    if untrusted_type in _NAMED:
        return _NAMED[untrusted_type]
    if untrusted_type.startswith(_NO_DOCUMENTS):
        return Refusal.NOT_A_PICTURE
    return next(
        (code for start, code in _BY_START if untrusted_type.startswith(start)), Refusal.NOT_A_PICTURE
    )


@cache
def _sniffer() -> Any:
    """Libmagic with the data base of its own wheel; safe to use from several threads (it locks itself)."""
    import pylibmagic  # noqa: F401 - must come first: it tells python-magic where its library lies

    # isort: split
    import magic

    return magic.Magic(mime=True)
