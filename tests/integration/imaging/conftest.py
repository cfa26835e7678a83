import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from greetings.imaging import PictureReader, ReaderLimits

# on a machine with other work a moment lasts long; what something costs is another question (`cpu_seconds`)
PATIENT = ReaderLimits(wall_seconds=60, wall_seconds_for_faces=300, wait_for_place_seconds=60)


class HostileReader(PictureReader):
    """A reader whose decoder has been taken over."""

    decoder_module = "tests.integration.imaging.hostile_decoder"


@pytest.fixture(scope="session")
def reader() -> Iterator[PictureReader]:
    """One reader for all tests, as a server has one for all requests."""
    reader = PictureReader(PATIENT)
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def hostile() -> Iterator[HostileReader]:
    """A reader whose children do what the file says."""
    reader = HostileReader(PATIENT)
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def hurried() -> Iterator[HostileReader]:
    """The same with two seconds for each file: for what would go on for ever."""
    reader = HostileReader(ReaderLimits(wall_seconds=2, wait_for_place_seconds=60))
    yield reader
    reader.close()


def parent_of(reader: PictureReader) -> int:
    """The warm process's number."""
    parent = reader._link._parent
    assert parent is not None
    return parent.process.pid


def cpu_seconds(reader: PictureReader) -> float:
    """What the children of its warm process have cost so far, however long they waited for a processor."""
    facts = Path(f"/proc/{parent_of(reader)}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, facts[13:15])) / os.sysconf("SC_CLK_TCK")


def order(words: str) -> bytes:
    """A file that passes for a JPEG and gives the hostile decoder its order."""
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0do:" + words.encode()


def order_as_heic(words: str) -> bytes:
    """The same for the other kind of child, which may have threads because its decoder can't do without."""
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heicdo:" + words.encode()
