from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.imaging import PictureRefused, Refusal
from greetings.imaging.protocol import (
    ENDING_BYTES,
    MOST_ANSWER_BYTES,
    MOST_COVERS,
    MOST_FACES,
    MOST_REQUEST_BYTES,
    Drawn,
    Ending,
    Formats,
    Nonsense,
    Request,
    Task,
    pack_drawn,
    pack_ending,
    pack_faces,
    pack_flags,
    pack_refusal,
    pack_request,
    parse_drawn,
    parse_ending,
    parse_faces,
    parse_flags,
    parse_request,
)

words = st.integers(0, 2**32 - 1)
boxes = st.tuples(*[st.integers(-(2**31), 2**31 - 1)] * 4)
requests = st.builds(
    Request,
    task=st.sampled_from(Task),
    formats=st.sampled_from(list(Formats)),
    max_pixels=words,
    max_edge_px=words,
    quarter_turns=st.integers(0, 3),
    crop=st.none() | boxes,
    covers=st.lists(boxes, max_size=20),
)
octets = st.integers(0, 255)
drawings = st.builds(
    Drawn,
    width_px=words,
    height_px=words,
    average=st.tuples(octets, octets, octets),
    difference_hash=st.integers(0, 2**64 - 1),
    renditions=st.tuples(*[st.binary(min_size=1, max_size=50)] * 3),
)
A_DRAWING = Drawn(4, 3, (1, 2, 3), 5, (b"one", b"two", b"three"))


@given(requests)
def test_a_request_arrives_as_it_was_sent(request):
    assert parse_request(pack_request(request)) == request


def test_the_largest_request_fits_into_one_message():
    request = Request(Task.REDRAW, Formats.JPEG, 1, 1, covers=[(1, 2, 3, 4)] * MOST_COVERS)
    assert len(pack_request(request)) == MOST_REQUEST_BYTES


@given(st.binary(max_size=200))
def test_no_bytes_make_the_request_parser_raise_anything_else(message):
    with suppress(ValueError):
        parse_request(message)


@given(drawings)
def test_a_drawing_arrives_as_it_was_sent(drawn):
    assert parse_drawn(pack_drawn(drawn)) == drawn


@pytest.mark.parametrize(
    "code",
    [
        Refusal.BROKEN,
        Refusal.TOO_MANY_PIXELS,
        Refusal.EDGE_TOO_LONG,
        Refusal.DISAGREEING,
        Refusal.TOO_MUCH_MEMORY,
    ],
)
def test_a_refusal_arrives_with_its_numbers(code):
    with pytest.raises(PictureRefused) as caught:
        parse_drawn(pack_refusal(code, {"width_px": 7, "height_px": 2**40, "frames": 3}))
    assert caught.value.code is code
    assert caught.value.facts == {"width_px": 7, "height_px": 2**32 - 1, "frames": 3}


@given(st.binary(max_size=200))
def test_no_bytes_make_the_answer_parser_raise_anything_else(untrusted):
    for parse in (parse_drawn, parse_flags):
        with suppress(Nonsense, PictureRefused):
            parse(untrusted)


@given(st.binary(max_size=120))
def test_no_bytes_behind_a_true_head_are_believed_blindly(untrusted):
    for verdict in range(256):
        with suppress(Nonsense, PictureRefused):
            assert isinstance(parse_drawn(b"GRa1" + bytes([verdict]) + untrusted), Drawn)


@given(st.integers(0, len(pack_drawn(A_DRAWING)) - 1))
def test_an_answer_cut_anywhere_is_nonsense(length):
    with pytest.raises(Nonsense):
        parse_drawn(pack_drawn(A_DRAWING)[:length])


def test_a_byte_too_many_is_nonsense():
    with pytest.raises(Nonsense):
        parse_drawn(pack_drawn(A_DRAWING) + b"!")


def test_an_answer_longer_than_three_pictures_can_be_is_nonsense():
    with pytest.raises(Nonsense):
        parse_drawn(pack_drawn(A_DRAWING).ljust(MOST_ANSWER_BYTES + 1, b"!"))


def test_an_empty_rendition_is_nonsense():
    with pytest.raises(Nonsense):
        parse_drawn(pack_drawn(Drawn(4, 3, (1, 2, 3), 5, (b"one", b"", b"three"))))


def test_a_child_can_only_give_reasons_that_are_its_to_give():
    for code in (Refusal.EMPTY, Refusal.TOO_MANY_BYTES, Refusal.READER_FAILED, Refusal.TOOK_TOO_LONG):
        with pytest.raises(ValueError, match="tuple"):
            pack_refusal(code, {})


@given(words)
def test_flags_arrive_as_they_were_sent(flags):
    assert parse_flags(pack_flags(flags)) == flags


edges = st.integers(0, 400)
boxes = st.tuples(edges, edges, edges, edges)


@given(st.lists(boxes, max_size=20))
def test_only_boxes_in_the_picture_with_something_inside_are_believed(found):
    answer = pack_faces(found)
    if all(left < right <= 300 and top < bottom <= 200 for left, top, right, bottom in found):
        assert parse_faces(answer, 300, 200) == tuple(found)
    else:
        with pytest.raises(Nonsense):
            parse_faces(answer, 300, 200)


@pytest.mark.parametrize(
    "box",
    [
        (-1, 0, 9, 9),
        (0, -1, 9, 9),
        (0, 0, 301, 9),
        (0, 0, 9, 201),
        (9, 0, 9, 9),
        (0, 9, 9, 9),
        (9, 0, 8, 9),
        (0, 9, 9, 8),
    ],
)
def test_a_box_that_is_wrong_in_one_place_is_not_believed(box):
    assert parse_faces(pack_faces([(0, 0, 300, 200)]), 300, 200) == ((0, 0, 300, 200),)
    with pytest.raises(Nonsense):
        parse_faces(pack_faces([box]), 300, 200)


def test_more_faces_than_there_may_be_are_cut_by_an_honest_child_and_refused_from_another():
    found = [(0, 0, 1, 1)] * (MOST_FACES + 1)
    assert len(parse_faces(pack_faces(found), 9, 9)) == MOST_FACES
    with pytest.raises(Nonsense):
        parse_faces(pack_faces(found) + pack_faces(found[:1])[-16:], 9, 9)


def test_who_was_asked_for_faces_may_refuse_and_may_not_draw():
    with pytest.raises(PictureRefused) as refused:
        parse_faces(pack_refusal(Refusal.BROKEN, {}), 9, 9)
    assert refused.value.code is Refusal.BROKEN
    with pytest.raises(Nonsense):
        parse_faces(pack_drawn(A_DRAWING), 9, 9)


@given(st.binary(max_size=60))
def test_no_bytes_make_the_parser_of_faces_raise_anything_else(answer):
    with suppress(Nonsense, PictureRefused):
        parse_faces(answer, 300, 200)


@given(st.sampled_from(Ending), octets)
def test_an_ending_arrives_as_it_was_sent(ending, number):
    report = pack_ending(ending, number)
    assert len(report) == ENDING_BYTES
    assert parse_ending(report) == (ending, number)


@given(st.binary(max_size=3))
def test_no_bytes_make_the_ending_parser_raise_anything_else(report):
    with suppress(Nonsense):
        parse_ending(report)
