"""Many glimpses of a face become one cover, with room for hair and chin, inside of the picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.imaging.protocol import MOST_FACES
from greetings.imaging.sightings import Glimpse, covers

places = st.floats(-500, 3000, allow_nan=False)
glimpses = st.builds(Glimpse, places, places, st.floats(1, 2500, allow_nan=False), st.integers(1, 60))
edges = st.integers(1, 2048)


@given(st.lists(glimpses, max_size=40), edges, edges)
def test_a_cover_lies_in_the_picture_and_covers_something(seen, width_px, height_px):
    boxes = covers(seen, 1, width_px, height_px)
    assert len(boxes) <= len(seen)
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= width_px
        assert 0 <= top < bottom <= height_px


@given(st.lists(glimpses, max_size=30), edges, edges)
def test_asking_for_more_certainty_never_gives_more_covers(seen, width_px, height_px):
    counts = [len(covers(seen, least, width_px, height_px)) for least in (1, 3, 9, 27, 81)]
    assert counts == sorted(counts, reverse=True)


def test_what_several_looks_saw_of_one_face_is_one_cover_around_hair_and_chin():
    seen = [Glimpse(300, 300, 100, 2), Glimpse(310, 295, 110, 3), Glimpse(292, 304, 90, 1)]
    ((left, top, right, bottom),) = covers(seen, 6, 1000, 1000)
    assert left < 240
    assert right > 360
    assert top < 220, "there is hair above the brow"
    assert bottom > 360, "there is a chin below the mouth"


def test_neighbours_keep_a_cover_each_and_a_bare_hint_gets_none():
    seen = [Glimpse(200, 200, 100, 5), Glimpse(320, 200, 100, 9), Glimpse(800, 800, 100, 1)]
    boxes = covers(seen, 3, 1000, 1000)
    assert len(boxes) == 2
    assert boxes[0][0] > boxes[1][0], "the surest one comes first"


@pytest.mark.parametrize("number", [MOST_FACES, MOST_FACES + 50])
def test_there_are_never_more_covers_than_fit_through_the_wall(number):
    seen = [Glimpse(10 + 30 * (place % 60), 10 + 30 * (place // 60), 20, 9) for place in range(number)]
    assert len(covers(seen, 1, 2048, 2048)) == MOST_FACES
