"""Why a file is not taken in, as stable codes and numbers; the sentences belong to who answers people."""

from collections.abc import Mapping
from enum import StrEnum

from greetings.errors import GreetingsError


class Refusal(StrEnum):
    """A reason to refuse a file; the values are public and stay as they are."""

    EMPTY = "empty"
    TOO_MANY_BYTES = "too_many_bytes"
    NOT_A_PICTURE = "not_a_picture"
    A_VIDEO = "a_video"
    A_DOCUMENT = "a_document"
    A_SOUND = "a_sound"
    AN_ARCHIVE = "an_archive"
    A_GIF = "a_gif"
    A_VECTOR_DRAWING = "a_vector_drawing"
    A_TIFF_OR_RAW = "a_tiff_or_raw"
    FORMAT_NOT_SUPPORTED = "format_not_supported"
    DISAGREEING = "disagreeing"
    TOO_MANY_PIXELS = "too_many_pixels"
    EDGE_TOO_LONG = "edge_too_long"
    BROKEN = "broken"
    TOOK_TOO_LONG = "took_too_long"
    TOO_MUCH_MEMORY = "too_much_memory"
    READER_FAILED = "reader_failed"


class PictureRefused(GreetingsError):
    """This file can't be taken in: `code` says why, `facts` in numbers (pixels, bytes, seconds)."""

    def __init__(self, code: Refusal, facts: Mapping[str, int] | None = None) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = dict(facts or {})


class HouseFull(GreetingsError):
    """Every place at the decoders is taken, and none came free in time: try again in a moment."""
