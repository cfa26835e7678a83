"""Whose picture is decoded next."""

import threading
import time

import pytest

from greetings.imaging.turns import Turns

PATIENCE_SECONDS = 60


class Crowd:
    """Askers in threads of their own, each from a network; who was let in, in this order."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.let_in: list[str] = []
        self._threads: list[threading.Thread] = []

    def asks(self, *networks: str) -> None:
        """They stand in this order when this returns."""
        for network in networks:
            stood = len(self.turns._waiting)
            thread = threading.Thread(target=self._ask, args=[network])
            thread.start()
            self._threads.append(thread)
            until = time.monotonic() + PATIENCE_SECONDS
            while len(self.turns._waiting) == stood:
                assert time.monotonic() < until
                time.sleep(0.001)

    def _ask(self, network: str) -> None:
        assert self.turns.take(network, PATIENCE_SECONDS)
        self.let_in.append(network)

    def serve(self, holder: str) -> None:
        """One after another, until nobody waits."""
        for thread_count in range(len(self._threads)):
            self.turns.give_back(holder)
            until = time.monotonic() + PATIENCE_SECONDS
            while len(self.let_in) == thread_count:
                assert time.monotonic() < until
                time.sleep(0.001)
            holder = self.let_in[-1]
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
        self.turns.give_back(holder)


@pytest.mark.parametrize(
    ("waiting", "let_in"),
    [
        (["a", "a", "a", "b"], ["b", "a", "a", "a"]),
        (["a", "a", "b", "c", "b"], ["b", "c", "a", "b", "a"]),
        (["b", "c", "d"], ["b", "c", "d"]),
        (["", "", ""], ["", "", ""]),
        (["", "b", "", "c"], ["", "b", "", "c"]),
    ],
)
def test_who_was_served_longest_ago_is_next(waiting: list[str], let_in: list[str]) -> None:
    turns = Turns(1)
    crowd = Crowd(turns)
    assert turns.take("a", 0)
    crowd.asks(*waiting)
    crowd.serve("a")
    assert crowd.let_in == let_in


def test_who_holds_a_place_waits_behind_who_holds_none() -> None:
    turns = Turns(2)
    assert turns.take("new", 0)
    assert turns.take("many", 0)
    crowd = Crowd(turns)
    crowd.asks("many", "new")
    turns.give_back("new")
    until = time.monotonic() + PATIENCE_SECONDS
    while not crowd.let_in:
        assert time.monotonic() < until
        time.sleep(0.001)
    assert crowd.let_in == ["new"]
    turns.give_back("many")
    for thread in crowd._threads:
        thread.join(PATIENCE_SECONDS)


def test_who_finds_no_place_in_time_stands_in_nobodys_way() -> None:
    turns = Turns(1)
    assert turns.take("a", 0)
    assert not turns.take("b", 0)
    turns.give_back("a")
    assert turns.take("c", 0)


def test_nothing_is_known_of_who_was_here() -> None:
    turns = Turns(1)
    assert turns.take("a", 0)
    turns.give_back("a")
    assert not turns._served
    assert not turns._held
    assert not turns._waiting
