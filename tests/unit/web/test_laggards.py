"""Who has had their time: those who trickle or stall, and nobody who waits for us."""

import socket
import time

import pytest

from greetings.web.laggards import Laggards, Line, look

NOW = 1_000.0


@pytest.fixture
def laggards():
    return Laggards(patience_seconds=30, least_bytes=16_000, longest_seconds=300)


def line(
    number: str, silent: float, *, answer_age: float = 500, answered: int = 0, received: int = 900
) -> Line:
    return Line(number, silent, answer_age, answered, received)


def test_a_silent_connection_goes_once_a_read_has_waited_as_long(laggards):
    assert laggards.among([line("a", 31)], [NOW - 31], NOW) == {"a"}


def test_while_no_read_waits_so_long_everybody_stays(laggards):
    assert laggards.among([line("a", 31)], [], NOW) == set()
    assert laggards.among([line("a", 31)], [NOW - 29], NOW) == set()


def test_a_reader_between_two_pages_stays(laggards):
    """Its last request was answered after it came."""
    lines = [line("stalled", 40), line("idle", 40, answer_age=39.9, answered=5_000)]
    assert laggards.among(lines, [NOW - 40], NOW) == {"stalled"}


def test_who_is_heard_of_stays(laggards):
    assert laggards.among([line("busy", 2), line("stalled", 35)], [NOW - 35], NOW) == {"stalled"}


def test_where_it_is_not_clear_who_waits_for_whom_only_much_longer_silence_counts(laggards):
    lines = [line("stalled", 40), line("waits for a decoder", 35)]
    assert laggards.among(lines, [NOW - 40], NOW) == set()
    lines = [line("stalled", 301), line("waits for a decoder", 35)]
    assert laggards.among(lines, [NOW - 301], NOW) == {"stalled"}


def test_what_was_silent_before_the_read_began_is_another(laggards):
    assert laggards.among([line("other", 90)], [NOW - 31], NOW) == set()


def test_a_trickle_goes_by_what_came_and_not_by_when(laggards):
    waiting = [NOW]
    for second in range(0, 31, 5):
        late = laggards.among([line("t", 0.5, received=900 + second)], waiting, NOW + second)
    assert late == {"t"}


def test_a_slow_but_honest_telephone_stays(laggards):
    for second in range(0, 61, 5):
        assert laggards.among([line("t", 0.5, received=900 + 2_000 * second)], [NOW], NOW + second) == set()


def test_a_connection_that_was_answered_meanwhile_is_looked_at_anew(laggards):
    laggards.among([line("t", 0.5, received=900)], [NOW - 5], NOW)
    answered = line("t", 0.5, answer_age=3, answered=2_000, received=1_000)
    assert laggards.among([answered], [NOW - 5], NOW + 31) == set()


def test_a_real_connection_that_stalls_is_hung_up_on_and_a_quick_one_is_not():
    laggards = Laggards(patience_seconds=0.3, least_bytes=16_000, longest_seconds=300)
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        stalled, idle = (socket.create_connection(("127.0.0.1", port)) for _ in range(2))
        its_end, other_end = door.accept()[0], door.accept()[0]
        with stalled, idle, its_end, other_end:
            began = (
                time.monotonic()
            )  # what came before a read began is another's, and here a moment may last long
            stalled.sendall(b"POST / HTTP/1.1\r\n")
            idle.sendall(b"GET / HTTP/1.1\r\n")
            time.sleep(0.1)
            other_end.sendall(b"HTTP/1.1 200 OK\r\n")
            time.sleep(0.4)
            assert look(laggards, port, [began]) == 1
            its_end.settimeout(60)
            assert its_end.recv(100) == b"POST / HTTP/1.1\r\n"
            assert its_end.recv(100) == b""
            other_end.setblocking(False)
            other_end.recv(100)
            with pytest.raises(BlockingIOError):
                other_end.recv(100)
