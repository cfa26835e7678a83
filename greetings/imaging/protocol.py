"""What crosses the wall between the house and the process that reads pictures: numbers and bounded bytes.

A request goes in with the file beside it; an answer comes out. Whatever comes out may have been written by an
attacker who took over the decoder, so it is parsed here with suspicion and checked again by `inspection`.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, IntFlag, auto
from mmap import mmap

from greetings.imaging.refusals import PictureRefused, Refusal
from greetings.imaging.renditions import RENDITIONS, most_bytes

Box = tuple[int, int, int, int]
# a stranger's file, as a child sees it: where it lies, without a copy
File = bytes | mmap

MOST_COVERS = 500
MOST_FACES = 200
READY = b"GRr1"


class Task(IntEnum):
    """What the child is asked to do."""

    TAKE_IN = 1
    REDRAW = 2
    TRY_FORBIDDEN_ACTS = 3
    GLANCE_FOR_FACES = 4
    SEARCH_FOR_FACES = 5


class Formats(IntFlag):
    """Formats the child may open; one bit each."""

    JPEG = auto()
    PNG = auto()
    WEBP = auto()
    HEIF = auto()
    AVIF = auto()


@dataclass(frozen=True, slots=True)
class Request:
    """One piece of work for one child. Boxes are left, top, right, bottom in pixels of the master."""

    task: Task
    formats: Formats
    max_pixels: int
    max_edge_px: int
    quarter_turns: int = 0
    crop: Box | None = None
    covers: Sequence[Box] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a child drew: the master's size, average colour and difference hash, the encoded renditions."""

    width_px: int
    height_px: int
    average: tuple[int, int, int]
    difference_hash: int
    renditions: tuple[bytes, ...]


class Ending(IntEnum):
    """How a child ended, as the warm process tells it; the number beside it is an exit code or a signal."""

    EXITED = 0
    SIGNALLED = 1
    TOO_LONG = 2


class Nonsense(Exception):
    """The answer is not one that an honest decoder gives."""


_REQUEST = struct.Struct("!4sBBIIB?4iH")
_BOX = struct.Struct("!4i")
_REQUEST_MARK = b"GRq1"

_HEAD = struct.Struct("!4sB")
_DRAWN = struct.Struct("!II3BQ" + "I" * len(RENDITIONS))
_REFUSED = struct.Struct("!III")
_FLAGS = struct.Struct("!I")
_ANSWER_MARK = b"GRa1"
_ENDING = struct.Struct("!BB")
_VERDICT_DRAWN = 0
_VERDICT_FACES = 254
_VERDICT_FLAGS = 255

# What a child may say about a file; the number on the wire is the place in this list, counted from 1.
_CHILDS_REFUSALS = (
    Refusal.NOT_A_PICTURE,
    Refusal.FORMAT_NOT_SUPPORTED,
    Refusal.DISAGREEING,
    Refusal.TOO_MANY_PIXELS,
    Refusal.EDGE_TOO_LONG,
    Refusal.BROKEN,
    Refusal.TOO_MUCH_MEMORY,
)
_FACTS = ("width_px", "height_px", "frames")

MOST_REQUEST_BYTES = _REQUEST.size + MOST_COVERS * _BOX.size
ENDING_BYTES = _ENDING.size
MOST_ANSWER_BYTES = _HEAD.size + _DRAWN.size + sum(most_bytes(rendition) for rendition in RENDITIONS)


def pack_request(request: Request) -> bytes:
    """The request as one message."""
    head = _REQUEST.pack(
        _REQUEST_MARK,
        request.task,
        request.formats,
        request.max_pixels,
        request.max_edge_px,
        request.quarter_turns % 4,
        request.crop is not None,
        *(request.crop or (0, 0, 0, 0)),
        len(request.covers),
    )
    return head + b"".join(_BOX.pack(*box) for box in request.covers)


def parse_request(message: bytes) -> Request:
    """Read a request on the child's side; raises ValueError if it isn't one."""
    try:
        mark, task, formats, max_pixels, max_edge_px, turns, has_crop, *rest = _REQUEST.unpack_from(message)
        covers = list(_BOX.iter_unpack(message[_REQUEST.size :]))
    except struct.error as error:
        raise ValueError("Not a request.") from error
    if mark != _REQUEST_MARK or len(covers) != rest[4]:
        raise ValueError("Not a request.")
    crop = (rest[0], rest[1], rest[2], rest[3]) if has_crop else None
    return Request(Task(task), Formats(formats), max_pixels, max_edge_px, turns, crop, covers)


def pack_drawn(drawn: Drawn) -> bytes:
    """A child's work as one answer."""
    sizes = [len(data) for data in drawn.renditions]
    numbers = _DRAWN.pack(drawn.width_px, drawn.height_px, *drawn.average, drawn.difference_hash, *sizes)
    return b"".join([_HEAD.pack(_ANSWER_MARK, _VERDICT_DRAWN), numbers, *drawn.renditions])


def pack_refusal(code: Refusal, facts: Mapping[str, int]) -> bytes:
    """A child's refusal as one answer."""
    numbers = [min(max(facts.get(name, 0), 0), 2**32 - 1) for name in _FACTS]
    return _HEAD.pack(_ANSWER_MARK, _CHILDS_REFUSALS.index(code) + 1) + _REFUSED.pack(*numbers)


def pack_flags(flags: int) -> bytes:
    """The forbidden acts that were refused, a bit each, as one answer."""
    return _HEAD.pack(_ANSWER_MARK, _VERDICT_FLAGS) + _FLAGS.pack(flags)


def pack_faces(boxes: Sequence[Box]) -> bytes:
    """Where a child found faces, at most `MOST_FACES`, as one answer."""
    return _HEAD.pack(_ANSWER_MARK, _VERDICT_FACES) + b"".join(_BOX.pack(*box) for box in boxes[:MOST_FACES])


def parse_drawn(untrusted_answer: bytes) -> Drawn:
    """What the child drew. Raises PictureRefused when it refused, Nonsense when the answer isn't one."""
    untrusted_verdict, untrusted_rest = _split(untrusted_answer)
    if untrusted_verdict == _VERDICT_DRAWN:
        return _parse_pictures(untrusted_rest)
    raise _parsed_refusal(untrusted_verdict, untrusted_rest)


def parse_faces(untrusted_answer: bytes, width_px: int, height_px: int) -> tuple[Box, ...]:
    """Boxes in a picture of this size, each with something inside. Raises PictureRefused, or Nonsense."""
    untrusted_verdict, untrusted_rest = _split(untrusted_answer)
    if untrusted_verdict != _VERDICT_FACES:
        raise _parsed_refusal(untrusted_verdict, untrusted_rest)
    if len(untrusted_rest) % _BOX.size or len(untrusted_rest) > MOST_FACES * _BOX.size:
        raise Nonsense("No boxes.")
    boxes = tuple(_BOX.iter_unpack(untrusted_rest))
    for left, top, right, bottom in boxes:
        if not (0 <= left < right <= width_px and 0 <= top < bottom <= height_px):
            raise Nonsense("A box that isn't in the picture.")
    return boxes


def _parsed_refusal(untrusted_verdict: int, untrusted_rest: bytes) -> PictureRefused:
    """The refusal that a child wrote; raises Nonsense when there is no such one."""
    if not 1 <= untrusted_verdict <= len(_CHILDS_REFUSALS) or len(untrusted_rest) != _REFUSED.size:
        raise Nonsense("No such verdict.")
    numbers = _REFUSED.unpack(untrusted_rest)
    facts = {name: number for name, number in zip(_FACTS, numbers, strict=True) if number}
    return PictureRefused(_CHILDS_REFUSALS[untrusted_verdict - 1], facts)


def parse_flags(untrusted_answer: bytes) -> int:
    """The bits of a child that tried what it may not do."""
    untrusted_verdict, untrusted_rest = _split(untrusted_answer)
    if untrusted_verdict != _VERDICT_FLAGS or len(untrusted_rest) != _FLAGS.size:
        raise Nonsense("No flags.")
    flags: int = _FLAGS.unpack(untrusted_rest)[0]
    return flags


def pack_ending(ending: Ending, number: int) -> bytes:
    """How a child ended, as one report."""
    return _ENDING.pack(ending, number)


def parse_ending(report: bytes) -> tuple[Ending, int]:
    """Read such a report; raises Nonsense if it isn't one."""
    try:
        ending, number = _ENDING.unpack(report)
        return Ending(ending), number
    except (struct.error, ValueError) as error:
        raise Nonsense("No ending.") from error


def _split(untrusted_answer: bytes) -> tuple[int, bytes]:
    if not _HEAD.size <= len(untrusted_answer) <= MOST_ANSWER_BYTES:
        raise Nonsense("Too short or too long.")
    mark, untrusted_verdict = _HEAD.unpack_from(untrusted_answer)
    if mark != _ANSWER_MARK:
        raise Nonsense("No answer's mark.")
    return untrusted_verdict, untrusted_answer[_HEAD.size :]


def _parse_pictures(untrusted_rest: bytes) -> Drawn:
    if len(untrusted_rest) < _DRAWN.size:
        raise Nonsense("Cut short.")
    width_px, height_px, red, green, blue, difference_hash, *sizes = _DRAWN.unpack_from(untrusted_rest)
    if _DRAWN.size + sum(sizes) != len(untrusted_rest):
        raise Nonsense("Sizes don't add up.")
    parts: list[bytes] = []
    start = _DRAWN.size
    for rendition, size in zip(RENDITIONS, sizes, strict=True):
        if not 0 < size <= most_bytes(rendition):
            raise Nonsense("A rendition of no believable size.")
        parts.append(untrusted_rest[start : start + size])
        start += size
    return Drawn(width_px, height_px, (red, green, blue), difference_hash, tuple(parts))
