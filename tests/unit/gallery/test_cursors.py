"""Cursors of the wall: read by whoever wrote them, and by nobody else."""

import string
from base64 import urlsafe_b64decode
from itertools import pairwise

from hypothesis import assume, example, given
from hypothesis import strategies as st

from greetings.gallery.cursors import Cursors
from greetings.keys import Keys

KEYS = Keys(b"one secret of an installation...")
CURSORS = Cursors(KEYS)
LETTERS = string.ascii_letters + string.digits + "-_"

places = st.integers(min_value=0, max_value=2**64 - 1)
actions = st.integers(min_value=1, max_value=2**31 - 1)


@given(actions, places)
def test_a_cursor_reads_back_as_what_was_written_in_every_process(action: int, place: int) -> None:
    written = CURSORS.write(action, place)
    assert Cursors(KEYS).write(action, place) == written
    assert Cursors(KEYS).read(action, written) == place


@given(actions, places, actions)
def test_a_cursor_says_nothing_to_another_action_or_secret(action: int, place: int, other: int) -> None:
    assume(other != action)
    written = CURSORS.write(action, place)
    assert CURSORS.read(other, written) is None
    assert Cursors(Keys(b"another secret of somebody else.")).read(action, written) is None
    assert CURSORS.write(other, place) != written


def test_neighbours_tell_neither_which_comes_first_nor_how_far_apart_they_are() -> None:
    """A quarter of all letters agree by chance at most, wherever two cursors are, and their order is none."""
    written = [CURSORS.write(1, place) for place in range(1, 401)]
    assert {len(cursor) for cursor in written} == {32}
    assert all(
        sum(one == other for one, other in zip(here, there, strict=True)) < 8
        for here, there in pairwise(written)
    )
    rising = sum(here < there for here, there in pairwise(written))
    assert 120 < rising < 280


@given(places, st.integers(0, 31), st.sampled_from(LETTERS))
def test_no_letter_of_a_cursor_can_be_another(place: int, at: int, letter: str) -> None:
    written = CURSORS.write(1, place)
    assume(written[at] != letter)
    assert CURSORS.read(1, written[:at] + letter + written[at + 1 :]) is None


@given(
    st.text(max_size=40)
    | st.text(LETTERS, min_size=32, max_size=32)
    | st.from_regex(r"[0-9a-z]{1,13}", fullmatch=True)
)
@example("")
@example("1")  # as they were written once: a plain count
@example("zz")
@example("١" * 32)
@example("A" * 31 + "\n")
@example("+/" * 16)
def test_whatever_else_stands_in_an_address_is_no_cursor(text: str) -> None:
    assert CURSORS.read(1, text) is None


def test_another_spelling_of_the_same_bytes_is_no_cursor() -> None:
    written = next(one for one in (CURSORS.write(1, place) for place in range(999)) if "-" in one)
    spelled = written.replace("-", "+").replace("_", "/")
    assert urlsafe_b64decode(spelled) == urlsafe_b64decode(written)
    assert CURSORS.read(1, spelled) is None
