from collections.abc import Iterator

import pytest

from greetings.imaging import PictureReader, ReaderLimits


class HostileReader(PictureReader):
    """A reader whose decoder has been taken over."""

    decoder_module = "tests.integration.imaging.hostile_decoder"


@pytest.fixture(scope="session")
def reader() -> Iterator[PictureReader]:
    """One reader for all tests, as a server has one for all requests; with patience, for a busy machine."""
    reader = PictureReader(ReaderLimits(wall_seconds=60, wait_for_place_seconds=60))
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def hostile() -> Iterator[HostileReader]:
    """A reader whose children do what the file says, and have two seconds for it: enough for a good picture on a busy machine."""
    reader = HostileReader(ReaderLimits(wall_seconds=2, wait_for_place_seconds=20))
    yield reader
    reader.close()


def order(words: str) -> bytes:
    """A file that passes for a JPEG and gives the hostile decoder its order."""
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0do:" + words.encode()


def order_as_heic(words: str) -> bytes:
    """The same for the other kind of child, which may have threads because its decoder can't do without."""
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heicdo:" + words.encode()
