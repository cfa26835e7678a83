"""Bodies are read in a bounded number of places, and keep a pace."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.exceptions import RequestTimeout, ServiceUnavailable

from greetings.web import arrivals
from greetings.web.arrivals import DOOR_BYTES, SMALL_BODY_BYTES, Arrivals, ArrivingBody, Places

LARGE = SMALL_BODY_BYTES + 1


def body(places: Places, length: int = LARGE) -> ArrivingBody:
    return ArrivingBody(io.BytesIO(bytes(length)), length, places)


def test_a_body_comes_through_whole():
    data = bytes(range(256)) * 1_000
    whole = ArrivingBody(io.BytesIO(data), len(data), Places(1))
    assert whole.read() == data
    assert whole.read(10) == b""


def test_a_body_of_unknown_length_comes_through_whole():
    data = bytes(70_000)
    pieces = ArrivingBody(io.BytesIO(data), None, Places(1))
    assert b"".join(iter(lambda: pieces.read(9_999), b"")) == data


def test_who_finds_no_place_is_asked_to_come_again_and_the_next_has_one():
    places = Places(large=1)
    first = body(places)
    first.read(10)
    with pytest.raises(ServiceUnavailable) as caught:
        body(places).read(10)
    assert caught.value.retry_after
    first.leave()
    first.leave()
    assert body(places).read(10)
    with pytest.raises(ServiceUnavailable):
        body(places).read(10)


def test_a_body_that_nobody_reads_needs_no_place():
    places = Places(large=1)
    body(places)
    assert body(places).read(1)


def test_a_crowd_with_photos_leaves_room_for_decisions_and_codes():
    places = Places(large=1, small=1)
    body(places).read(1)
    assert body(places, SMALL_BODY_BYTES).read(1)
    with pytest.raises(ServiceUnavailable):
        body(places, 5).read(1)


def test_no_network_holds_more_places_than_it_leaves_to_others():
    places = Places(large=8)
    held = [places.take(None, "192.0.2.1") for _ in range(4)]
    for kind in (places.take, lambda _length, network: places.take_at_the_door(network)):
        with pytest.raises(ServiceUnavailable):
            for _ in range(9):
                kind(None, "192.0.2.1")
        assert kind(None, "192.0.2.2")
    for _ in range(2):
        held.pop().release()
    assert places.take(None, "192.0.2.1")


def test_many_networks_are_needed_to_take_every_place():
    places, machines = Places(large=32), 0
    while machines < 7:
        machines += 1
        try:
            while True:
                places.take(None, f"192.0.2.{machines}")
        except ServiceUnavailable:
            pass
        try:
            places.take(None, "203.0.113.1").release()
        except ServiceUnavailable:
            break
    assert machines == 6


def test_where_an_address_may_be_anyones_all_places_can_be_had(call):
    held: list[int] = []

    def hold(environ: dict[str, Any], _start_response: object) -> list[bytes]:
        environ["wsgi.input"].read(1)
        held.append(len(held))
        return call(application, REMOTE_ADDR=environ["REMOTE_ADDR"], **{"wsgi.input": io.BytesIO(b"words")})

    for address, places_had in (("127.0.0.1", 8), ("203.0.113.1", 4), ("2001:db8::1", 4)):
        held.clear()
        application = Arrivals(hold, Places(large=8))
        with pytest.raises(ServiceUnavailable):
            call(application, REMOTE_ADDR=address)
        assert len(held) == places_had


def multipart(boundary: bytes, *parts: bytes) -> bytes:
    head = b'\r\nContent-Disposition: form-data; name="x"\r\n\r\n'
    return b"".join(b"--" + boundary + head + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"


def test_without_a_place_the_whole_parts_at_the_beginning_come_in():
    places = Places(large=1, door=1)
    body(places).read(1)
    data = multipart(b"edge", b"words", "слова".encode(), bytes(200_000))
    crowded = ArrivingBody(io.BytesIO(data), len(data), places)
    assert crowded.enter(b"edge") is False
    assert crowded.read() == multipart(b"edge", b"words", "слова".encode())
    assert crowded.length_bytes == len(multipart(b"edge", b"words", "слова".encode()))
    again = ArrivingBody(io.BytesIO(data), len(data), places)
    assert again.enter(b"edge") is False, "the place at the door is free again"


def test_at_the_door_no_more_is_read_than_words_need_and_no_more_stand_there_than_fit():
    places = Places(large=1, door=1)
    body(places).read(1)
    data = multipart(b"edge", b"words", bytes(10**6))
    sent = io.BytesIO(data)

    class Waiting:
        """A body during which somebody else comes to the door."""

        def read(self, size: int, /) -> bytes:
            with pytest.raises(ServiceUnavailable):
                ArrivingBody(io.BytesIO(data), len(data), places).enter(b"edge")
            return sent.read(size)

    ArrivingBody(Waiting(), len(data), places).enter(b"edge")
    assert sent.tell() == DOOR_BYTES


@pytest.mark.parametrize("boundary", [b"", b"another"])
def test_a_beginning_without_a_whole_part_is_no_words(boundary):
    places = Places(large=1)
    body(places).read(1)
    data = multipart(b"edge", bytes(200_000))
    crowded = ArrivingBody(io.BytesIO(data), len(data), places)
    if not boundary:
        with pytest.raises(ServiceUnavailable):
            crowded.enter(boundary)
    else:
        assert crowded.enter(boundary) is False
        assert crowded.read() == b"\r\n--another--\r\n"


def test_with_a_place_everything_comes_in():
    data = multipart(b"edge", b"words", bytes(200_000))
    whole = ArrivingBody(io.BytesIO(data), len(data), Places(1))
    assert whole.enter(b"edge") is True
    assert whole.read() == data


class Trickle:
    """Gives a few bytes and lets time go by."""

    def __init__(self, clock: list[float], bytes_a_second: int) -> None:
        self._clock, self._bytes_a_second = clock, bytes_a_second

    def read(self, _size: int, /) -> bytes:
        self._clock[0] += 1
        return bytes(self._bytes_a_second)


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("greetings.web.arrivals.time.monotonic", lambda: now[0])
    return now


def test_a_body_slower_than_any_telephone_is_given_up(clock):
    slow = ArrivingBody(Trickle(clock, 500), 10**7, Places(1))
    with pytest.raises(RequestTimeout):
        slow.read()
    assert arrivals.GRACE_SECONDS < clock[0] < arrivals.GRACE_SECONDS + 3
    assert slow.read() == b""


def test_a_slow_telephone_is_waited_for_but_not_for_ever(clock):
    with pytest.raises(RequestTimeout):
        ArrivingBody(Trickle(clock, 2_000), 10**7, Places(1)).read()
    assert clock[0] > arrivals.LONGEST_SECONDS


def test_the_places_know_since_when_a_read_waits(clock):
    places = Places(1)

    class Stalled:
        def read(self, _size: int, /) -> bytes:
            clock[0] += 40
            assert places.waiting_since(30) == [0.0]
            assert places.waiting_since(50) == []
            return b""

    ArrivingBody(Stalled(), LARGE, places).read(1)
    assert places.waiting_since(0) == []


@pytest.fixture
def call() -> Callable[..., Any]:
    def call(application: Any, **environ: Any) -> Any:
        whole = {
            "REQUEST_METHOD": "POST",
            "wsgi.input": io.BytesIO(bytes(LARGE)),
            "CONTENT_LENGTH": str(LARGE),
        }
        return application({**whole, **environ}, None)

    return call


def test_the_place_is_free_again_once_the_answer_is_made_or_failed(call):
    places = Places(1)

    def read(environ, _start):
        environ["wsgi.input"].read(10)
        if environ.get("fails"):
            raise KeyError
        return [b"read"]

    application = Arrivals(read, places)
    for _ in range(3):
        assert call(application) == [b"read"]
        with pytest.raises(KeyError):
            call(application, fails=True)


def test_a_page_is_not_in_the_way_of_bodies(call):
    given = io.BytesIO()
    application = Arrivals(lambda environ, _: environ["wsgi.input"], Places(1))
    assert call(application, REQUEST_METHOD="GET", **{"wsgi.input": given}) is given


@pytest.mark.parametrize("length", ["", "-1", "many", "12 "])
def test_a_length_that_is_none_counts_as_unknown(call, length):
    application = Arrivals(lambda environ, _: [environ["wsgi.input"].read(5)], Places(large=1, small=1))
    assert call(application, CONTENT_LENGTH=length) == [bytes(5)]


def test_what_is_answered_early_is_read_on_for_a_moment_so_that_the_answer_arrives(call):
    source = io.BytesIO(bytes(LARGE))
    application = Arrivals(lambda environ, _: [environ["wsgi.input"].read(1)], Places(1))
    assert call(application, **{"wsgi.input": source}) == [b"\0"]
    assert source.tell() == LARGE


def test_what_comes_slowly_after_an_early_answer_is_not_waited_for(call, clock):
    trickle = Trickle(clock, 50_000)
    application = Arrivals(lambda environ, _: [environ["wsgi.input"].read(1)], Places(1))
    call(application, **{"wsgi.input": trickle, "CONTENT_LENGTH": str(10**7)})
    assert clock[0] <= arrivals.LET_PASS_SECONDS + 2


def test_a_body_that_nobody_began_is_not_read_on(call):
    """A proxy may have announced a body that it won't send."""
    source = io.BytesIO(bytes(LARGE))
    application = Arrivals(lambda environ, _: [environ["wsgi.input"].enter(b"") and b"no"], Places(1))
    assert call(application, **{"wsgi.input": source}) == [b"no"]
    assert source.tell() == 0
