"""Shorter bytes for the wire: which encoding a browser takes, and the same answer in it. Pure.

Only answers that are the same for everyone come through here. A page that holds a secret beside something a
stranger may choose (a form's key, the desk) is never compressed: its length would give the secret away.
"""

import gzip
from functools import lru_cache
from typing import Literal

import brotli

Encoding = Literal["br", "gzip", ""]

WORTH_IT_BYTES = 600
_SQUEEZABLE = (
    "text/",
    "application/javascript",
    "application/json",
    "application/feed+json",
    "application/atom+xml",
    "application/xml",
    "application/manifest+json",
    "image/svg+xml",
)
_BROTLI_QUALITY, _GZIP_LEVEL = 5, 6


@lru_cache(maxsize=256)
def best_encoding(untrusted_accept_encoding: str) -> Encoding:
    """The shortest encoding that a browser says it takes; "" for none."""
    taken = dict(map(_read_choice, untrusted_accept_encoding.lower().split(",")))
    if taken.get("br"):
        return "br"
    return "gzip" if taken.get("gzip") else ""


def _read_choice(untrusted_choice: str) -> tuple[str, bool]:
    name, _, weight = untrusted_choice.partition(";")
    return name.strip(), weight.strip().replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}


def is_squeezable(content_type: str, size_bytes: int) -> bool:
    """Whether an answer becomes shorter: words do, pictures and fonts are short already."""
    return size_bytes >= WORTH_IT_BYTES and content_type.startswith(_SQUEEZABLE)


def squeeze(body: bytes, encoding: Encoding) -> bytes:
    """The bytes in an encoding."""
    if encoding == "br":
        return bytes(brotli.compress(body, quality=_BROTLI_QUALITY))  # type: ignore[no-untyped-call]
    if encoding == "gzip":
        return gzip.compress(body, compresslevel=_GZIP_LEVEL, mtime=0)
    return body
