"""The list of what was taken back: for its operator's eyes only, and of several lines the one that asks for more."""

import os
from collections.abc import Callable, Iterator
from stat import S_IMODE

import pytest

from greetings.ids import new_id
from greetings.settings import Settings
from greetings.submissions.erasures import erasure_list, less_in, note_erasure, note_less, take_over
from greetings.submissions.rules import Use

ID = new_id()


@pytest.fixture
def careless_umask() -> Iterator[None]:
    """A machine whose files are everybody's unless a program says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("careless_umask")
@pytest.mark.parametrize(
    "note",
    [
        lambda settings: note_erasure(settings, ID),
        lambda settings: note_less(settings, ID, {"gallery"}),
        lambda settings: take_over(settings, ID.encode()),
    ],
)
def test_nobody_else_on_the_machine_reads_who_took_back(settings: Settings, note: Callable[[Settings], None]):
    settings.data.mkdir(parents=True)
    note(settings)
    assert S_IMODE(erasure_list(settings).stat().st_mode) == 0o600


@pytest.mark.parametrize("versions", [(7, 12, 9), (12, 9, 7), (9, 7, 12)])
def test_the_last_version_counts_in_whatever_order_the_lines_stand(versions: tuple[int, ...]):
    """Lists of several machines are put together: of two lines the later one need not be below."""
    lines = "".join(f"{ID}:{version}\n" for version in versions)
    assert less_in(lines.encode())[ID].version == 12


def test_a_broken_line_takes_nothing_from_its_neighbours():
    lines = f"{ID}:1234567890\n{ID}:\n{ID}:-3\n{ID}:everything\nnobody:5\n{ID}:gallery\n{ID}:3\n"
    found = less_in(lines.encode())
    assert list(found) == [ID]
    assert (found[ID].uses, found[ID].version) == ({Use.GALLERY}, 3)
