"""One thread takes requests in: pages that lie ready never wait for what takes time."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import NamedTuple

import pytest

from greetings.reception import GONE_AFTER_SECONDS, SERVER_KEEPS_SECONDS, Reception

SOON_SECONDS = 60


class Ready(NamedTuple):
    headers: list[tuple[str, str]]
    data: bytes


PAGE = Ready([("ETag", '"1"')], b"a page")


class Exchange:
    def __init__(self) -> None:
        self.answer: SimpleQueue[tuple[int, list[tuple[str, str]], bytes]] = SimpleQueue()

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answer.put((status, headers, body))


def find_answer(environ):
    return PAGE if environ["PATH_INFO"] == "/ready" else None


class Server:
    """Some threads that call the reception, each with the next request as soon as it has come back."""

    def __init__(self, reception: Reception, threads: int) -> None:
        self._requests: SimpleQueue[tuple[Exchange, dict[str, str]] | None] = SimpleQueue()
        self._reception = reception
        self._inside: set[int] = set()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def ask(self, path: str) -> Exchange:
        exchange = Exchange()
        self._requests.put((exchange, {"PATH_INFO": path}))
        return exchange

    @property
    def inside(self) -> int:
        """How many threads haven't come back yet."""
        return len(self._inside)

    def stop(self) -> None:
        for _ in self._threads:
            self._requests.put(None)

    def _work(self) -> None:
        while (request := self._requests.get()) is not None:
            self._inside.add(threading.get_ident())
            with suppress(ZeroDivisionError):
                self._reception(*request)
            self._inside.discard(threading.get_ident())


@pytest.fixture
def hold() -> Iterator[threading.Event]:
    """Until this is set, slow requests take time."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def answer(hold: threading.Event):
    def take_time(exchange: Exchange, environ: dict[str, str]) -> None:
        if environ["PATH_INFO"] == "/broken":
            raise ZeroDivisionError
        assert hold.wait(SOON_SECONDS)
        exchange.response_bytes(201, [], b"received")

    return take_time


def wait_until(is_so) -> None:
    until = time.monotonic() + SOON_SECONDS
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_what_lies_ready_is_sent_as_it_lies(answer):
    exchange = Exchange()
    Reception(find_answer, answer)(exchange, {"PATH_INFO": "/ready"})
    assert exchange.answer.get_nowait() == (200, PAGE.headers, PAGE.data)


def test_pages_are_answered_while_all_other_threads_wait_for_bodies(answer, hold):
    server = Server(Reception(find_answer, answer, rest_seconds=0.05), threads=5)
    slow = [server.ask("/slow") for _ in range(4)]
    for _ in range(50):
        assert server.ask("/ready").answer.get(timeout=SOON_SECONDS)[0] == 200
    assert all(one.answer.empty() for one in slow)
    hold.set()
    assert [one.answer.get(timeout=SOON_SECONDS)[0] for one in slow] == [201] * 4
    server.stop()


def test_threads_that_are_not_needed_rest_until_the_receiver_is_busy(answer, hold):
    server = Server(Reception(find_answer, answer, rest_seconds=SOON_SECONDS), threads=3)

    def do_the_others_rest() -> bool:
        assert server.ask("/ready").answer.get(timeout=SOON_SECONDS)[0] == 200  # each gets one, in time
        return server.inside == 2

    wait_until(do_the_others_rest)
    slow = [server.ask("/slow"), server.ask("/slow")]
    wait_until(lambda: server.inside == 2)  # two take their time, nobody rests
    assert server.ask("/ready").answer.get(timeout=SOON_SECONDS / 2)[0] == 200
    hold.set()
    assert [one.answer.get(timeout=SOON_SECONDS)[0] for one in slow] == [201, 201]
    server.stop()


def test_an_answer_that_breaks_takes_no_thread_with_it(answer):
    server = Server(Reception(find_answer, answer, rest_seconds=SOON_SECONDS), threads=1)
    for _ in range(3):
        server.ask("/broken")
    assert server.ask("/ready").answer.get(timeout=SOON_SECONDS)[0] == 200
    server.stop()


def test_a_receiver_that_the_server_let_go_is_replaced(answer):
    seconds = [0.0]
    reception = Reception(find_answer, answer, rest_seconds=SOON_SECONDS, seconds=lambda: seconds[0])
    first = threading.Thread(target=reception, args=(Exchange(), {"PATH_INFO": "/ready"}))
    first.start()
    first.join(SOON_SECONDS)
    seconds[0] += GONE_AFTER_SECONDS + 1
    began = time.monotonic()
    reception(Exchange(), {"PATH_INFO": "/ready"})
    assert time.monotonic() - began < SOON_SECONDS / 2
    assert reception._receiver == threading.get_ident()
    assert GONE_AFTER_SECONDS < SERVER_KEEPS_SECONDS


def test_a_receiver_that_goes_on_sending_pages_is_not_thought_gone(answer):
    seconds = [0.0]
    reception = Reception(find_answer, answer, rest_seconds=0.01, seconds=lambda: seconds[0])
    with ThreadPoolExecutor(1) as receiver:

        def send_a_page() -> int:
            reception(Exchange(), {"PATH_INFO": "/ready"})
            return threading.get_ident()

        first = receiver.submit(send_a_page).result(SOON_SECONDS)
        for _ in range(3):
            seconds[0] += GONE_AFTER_SECONDS - 1
            receiver.submit(send_a_page).result(SOON_SECONDS)
        seconds[0] += 2
        send_a_page()
        assert reception._receiver == first


def test_nobody_rests_for_long_whatever_becomes_of_the_receiver(answer):
    reception = Reception(find_answer, answer, rest_seconds=0.01, seconds=lambda: 0.0)
    for _ in range(2):  # the first one receives, and is never seen again
        thread = threading.Thread(target=reception, args=(Exchange(), {"PATH_INFO": "/ready"}), daemon=True)
        thread.start()
        thread.join(SOON_SECONDS)
        assert not thread.is_alive()
