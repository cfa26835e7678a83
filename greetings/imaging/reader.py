"""Takes in photos: the only door through which a stranger's picture enters the house.

The checks stand in the order of their cost: size, signature, then a full decode in a confined child. What the
child hands back is looked at as if an attacker had written it. Whatever happens to a child, only this one
file is refused.
"""

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import BinaryIO

from greetings.imaging.forbidden import Protection
from greetings.imaging.inspection import jpeg_size, webp_size
from greetings.imaging.link import Link, Outcome, ParentGone
from greetings.imaging.protocol import (
    MOST_COVERS,
    Box,
    Drawn,
    Ending,
    Formats,
    Nonsense,
    Request,
    Task,
    pack_request,
    parse_drawn,
    parse_faces,
    parse_flags,
)
from greetings.imaging.refusals import HouseFull, PictureRefused, Refusal
from greetings.imaging.renditions import MASTER, RENDITIONS, fitted
from greetings.imaging.signature import formats_of
from greetings.imaging.turns import Turns

_MEGABYTE = 1_000_000
_TRIES = 2


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of our own; width and height are the master's, the hash has 64 bits."""

    width_px: int
    height_px: int
    renditions: Mapping[str, bytes]
    average: tuple[int, int, int]
    difference_hash: int


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What a file may be and cost, how many are read at once, how long the next waits for a place."""

    max_bytes: int = 20 * _MEGABYTE
    max_pixels: int = 50_000_000
    max_edge_px: int = 20_000
    children: int = 2
    wait_for_place_seconds: float = 10.0
    wall_seconds: int = 10
    wall_seconds_for_faces: int = 60
    # the least that takes 50 megapixels of every format, and room for 20 MB of file: `make bench ONLY=memory`
    address_space_bytes: int = 960 * _MEGABYTE


class PictureReader:
    """Reads pictures in a sandbox; may be used from any number of threads."""

    decoder_module = "greetings.imaging.decoder"
    face_finder_module = "greetings.imaging.faces"

    def __init__(self, limits: ReaderLimits = ReaderLimits()) -> None:
        self.limits = limits
        self._turns = Turns(limits.children)
        self._link = self._linked_to(self.decoder_module, limits.wall_seconds)
        self._face_link = self._linked_to(self.face_finder_module, limits.wall_seconds_for_faces)

    def _linked_to(self, module: str, seconds: int) -> Link:
        return Link(module, seconds, seconds, self.limits.address_space_bytes)

    @cached_property
    def can_find_faces(self) -> bool:
        """Whether the extra `faces` is installed: OpenCV with its cascades."""
        return find_spec("cv2") is not None

    def take_in(self, untrusted_file: bytes | memoryview | BinaryIO) -> Picture:
        """The renditions of a stranger's file; raises PictureRefused, or HouseFull where no place is free. A
        stream that knows from which `network` it came waits its turn among those of others.
        """
        untrusted_bytes = self._bounded(untrusted_file)
        formats = formats_of(untrusted_bytes)
        request = Request(Task.TAKE_IN, formats, self.limits.max_pixels, self.limits.max_edge_px)
        return self._draw(request, untrusted_bytes, getattr(untrusted_file, "network", ""))

    def redraw(
        self,
        master: bytes,
        *,
        covers: Sequence[Box] = (),
        quarter_turns: int = 0,
        crop: Box | None = None,
    ) -> Picture:
        """Draw a master of ours anew: covers burnt in as solid ink, then cropped, then turned clockwise.

        Boxes are left, top, right, bottom in pixels of this master; what lies outside of it is cut off.
        Raises ValueError when the crop leaves nothing, PictureRefused when the master is damaged.
        """
        try:
            width_px, height_px = jpeg_size(master)
        except Nonsense:
            raise PictureRefused(Refusal.BROKEN) from None
        if len(covers) > MOST_COVERS:
            raise ValueError(f"At most {MOST_COVERS} covers.")
        if crop is not None and not _leaves_something(crop, width_px, height_px):
            raise ValueError("Nothing would be left of the picture.")
        request = Request(
            Task.REDRAW,
            Formats.JPEG,
            MASTER.edge_px**2,
            MASTER.edge_px,
            quarter_turns % 4,
            crop and _clamped(crop),
            [_clamped(box) for box in covers],
        )
        return self._draw(request, memoryview(master))

    def find_faces(self, master: bytes, *, thorough: bool) -> tuple[Box, ...]:
        """Where faces may be in a master of ours, in its pixels, with room for hair and chin.

        The surest first. `thorough` also looks for tilted ones and profiles, which takes seconds. Some are
        always missed. Empty without the extra; raises PictureRefused when the finder fails, HouseFull where
        no place is free.
        """
        if not self.can_find_faces:
            return ()
        task = Task.SEARCH_FOR_FACES if thorough else Task.GLANCE_FOR_FACES
        request = Request(task, Formats.JPEG, MASTER.edge_px**2, MASTER.edge_px)
        try:
            width_px, height_px = jpeg_size(master)
            outcome = self._ask(request, memoryview(master), self._face_link)
            self._check_ending(outcome)
            return parse_faces(outcome.untrusted_answer, width_px, height_px)
        except Nonsense:
            raise PictureRefused(Refusal.READER_FAILED) from None

    def protections(self) -> Mapping[str, bool]:
        """What a child is really kept from on this machine: tried in each kind of child, not believed."""
        held = self._protections(Formats.JPEG) & self._protections(Formats.HEIF)
        if self.can_find_faces:
            held &= self._protections(Formats.JPEG, self._face_link)
        return {str(protection.name).lower(): protection in held for protection in Protection}

    def _protections(self, formats: Formats, link: Link | None = None) -> Protection:
        request = Request(Task.TRY_FORBIDDEN_ACTS, formats, 0, 0)
        try:
            outcome = self._ask(request, memoryview(b""), link)
            self._check_ending(outcome)
            return Protection(parse_flags(outcome.untrusted_answer))
        except (Nonsense, PictureRefused):
            return Protection(0)

    def close(self) -> None:
        """End the processes that this reader started; a later picture would start them again."""
        self._link.close()
        self._face_link.close()

    def _bounded(self, untrusted_file: bytes | memoryview | BinaryIO) -> memoryview:
        if isinstance(untrusted_file, bytes | bytearray | memoryview):
            untrusted_bytes = memoryview(untrusted_file).cast("B")
        else:
            untrusted_bytes = memoryview(untrusted_file.read(self.limits.max_bytes + 1))
        if not untrusted_bytes:
            raise PictureRefused(Refusal.EMPTY)
        if len(untrusted_bytes) > self.limits.max_bytes:
            raise PictureRefused(Refusal.TOO_MANY_BYTES, {"max_bytes": self.limits.max_bytes})
        return untrusted_bytes

    def _draw(self, request: Request, untrusted_bytes: memoryview, network: str = "") -> Picture:
        try:
            outcome = self._ask(request, untrusted_bytes, network=network)
            self._check_ending(outcome)
            return _believed(parse_drawn(outcome.untrusted_answer))
        except Nonsense:
            raise PictureRefused(Refusal.READER_FAILED) from None
        except PictureRefused as refused:
            raise PictureRefused(refused.code, refused.facts | self._bound_of(refused.code)) from None

    def _ask(
        self, request: Request, untrusted_bytes: memoryview, link: Link | None = None, network: str = ""
    ) -> Outcome:
        """Ask once a place is free; a warm process that died is started again, once."""
        message = pack_request(request)
        with self._place(network):
            for _ in range(_TRIES):
                try:
                    return (link or self._link).ask(message, untrusted_bytes)
                except ParentGone:
                    continue
                except TimeoutError:
                    raise PictureRefused(Refusal.TOOK_TOO_LONG) from None
        raise PictureRefused(Refusal.READER_FAILED)

    @contextmanager
    def _place(self, network: str) -> Iterator[None]:
        if not self._turns.take(network, self.limits.wait_for_place_seconds):
            raise HouseFull
        try:
            yield
        finally:
            self._turns.give_back(network)

    def _check_ending(self, outcome: Outcome) -> None:
        if outcome.ending is Ending.TOO_LONG:
            raise PictureRefused(Refusal.TOOK_TOO_LONG)
        if outcome.ending is Ending.SIGNALLED and outcome.number == signal.SIGXCPU:
            raise PictureRefused(Refusal.TOOK_TOO_LONG)
        if outcome.ending is not Ending.EXITED or outcome.number != 0:
            raise PictureRefused(Refusal.READER_FAILED)

    def _bound_of(self, code: Refusal) -> dict[str, int]:
        if code is Refusal.TOO_MANY_PIXELS:
            return {"max_pixels": self.limits.max_pixels}
        if code is Refusal.EDGE_TOO_LONG:
            return {"max_edge_px": self.limits.max_edge_px}
        if code is Refusal.TOOK_TOO_LONG:
            return {"max_seconds": self.limits.wall_seconds}
        return {}


def _believed(untrusted: Drawn) -> Picture:
    """The child's work, once its headers say what was asked for; raises Nonsense."""
    size_px = (untrusted.width_px, untrusted.height_px)
    for rendition, untrusted_data in zip(RENDITIONS, untrusted.renditions, strict=True):
        found_px = jpeg_size(untrusted_data) if rendition.format == "JPEG" else webp_size(untrusted_data)
        size_px = fitted(*size_px, rendition.edge_px)
        if found_px != size_px:
            raise Nonsense("Not the size that was asked for.")
    names = (rendition.name for rendition in RENDITIONS)
    return Picture(
        width_px=untrusted.width_px,
        height_px=untrusted.height_px,
        renditions=dict(zip(names, untrusted.renditions, strict=True)),
        average=untrusted.average,
        difference_hash=untrusted.difference_hash,
    )


def _leaves_something(crop: Box, width_px: int, height_px: int) -> bool:
    left, top, right, bottom = crop
    return max(left, 0) < min(right, width_px) and max(top, 0) < min(bottom, height_px)


def _clamped(box: Box) -> Box:
    """Into the numbers that fit on the wire; the child clamps to the picture itself."""
    left, top, right, bottom = (min(max(value, 0), MASTER.edge_px) for value in box)
    return left, top, right, bottom
