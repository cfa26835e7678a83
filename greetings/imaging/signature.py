"""What the first bytes of a file say it is; the name and type that its sender declared are never asked."""

from functools import cache
from typing import Any

from greetings.imaging.protocol import Formats
from greetings.imaging.refusals import PictureRefused, Refusal

# libmagic sees only this much: enough for every signature, little to go astray in.
_SNIFFED_BYTES = 4096

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
_DOCUMENTS = (
    "application/pdf",
    "application/msword",
    "application/vnd.",
    "application/postscript",
    "application/rtf",
)
_NO_DOCUMENTS = ("application/vnd.adobe.flash", "application/vnd.rn-")


def formats_of(untrusted_file: memoryview) -> Formats:
    """The formats this file may be opened as; raises PictureRefused for whatever is none of ours."""
    untrusted_head = bytes(untrusted_file[:_SNIFFED_BYTES])
    untrusted_type = str(_sniffer().from_buffer(untrusted_head))
    formats = _FORMATS.get(untrusted_type)
    if formats is not None:
        return formats
    raise PictureRefused(_refusal_of(untrusted_type))


def _refusal_of(untrusted_type: str) -> Refusal:
    if untrusted_type.startswith("image/"):
        return Refusal.FORMAT_NOT_SUPPORTED
    if untrusted_type.startswith("video/"):
        return Refusal.A_VIDEO
    is_document = untrusted_type.startswith(_DOCUMENTS) and not untrusted_type.startswith(_NO_DOCUMENTS)
    if is_document or untrusted_type.startswith("text/"):
        return Refusal.A_DOCUMENT
    return Refusal.NOT_A_PICTURE


@cache
def _sniffer() -> Any:
    """Libmagic with the data base of its own wheel; safe to use from several threads (it locks itself)."""
    import pylibmagic  # noqa: F401 - must come first: it tells python-magic where its library lies

    # isort: split
    import magic

    return magic.Magic(mime=True)
