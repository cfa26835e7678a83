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
        (["a", "", "b", ""], ["", "b", "", "a"]),  # whoever has no network never stands behind those served
    ],
)
def test_who_was_served_longest_ago_is_next(waiting: list[str], let_in: list[str]) -> None:
    turns = Turns(1)
    crowd = Crowd(turns)
    assert turns.take("a", 0)
    crowd.asks(*waiting)
    crowd.serve("a")
    assert crowd.let_in == let_in


@pytest.mark.parametrize(("served", "first"), [(["few", "many"], "few"), (["many", "few"], "few")])
def test_who_holds_a_place_waits_behind_who_holds_none(served: list[str], first: str) -> None:
    """Also where the other was served later: what is slow, and still goes on, isn't over."""
    turns = Turns(2)
    for network in served:
        assert turns.take(network, 0)
    crowd = Crowd(turns)
    crowd.asks("many", "few")
    turns.give_back("few")
    until = time.monotonic() + PATIENCE_SECONDS
    while not crowd.let_in:
        assert time.monotonic() < until
        time.sleep(0.001)
    assert crowd.let_in == [first]
    turns.give_back("many")
    for thread in crowd._threads:
        thread.join(PATIENCE_SECONDS)


def test_who_finds_no_place_in_time_stands_in_nobodys_way() -> None:
    turns = Turns(1)
    assert turns.take("a", 0)
    assert not turns.take("b", 0)
    turns.give_back("a")
    assert turns.take("c", 0)


def test_those_served_longest_ago_are_forgotten_where_no_calm_moment_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("greetings.imaging.turns.MOST_KNOWN", 3)
    turns = Turns(2)
    assert turns.take("always here", 0)
    for number in range(9):
        for network in (f"network {number}", "often"):
            assert turns.take(network, 0)
            turns.give_back(network)
            assert number == 0 or "often" in turns._served
    assert list(turns._served) == ["network 7", "network 8", "often"]


def test_nothing_is_known_of_who_was_here() -> None:
    turns = Turns(1)
    assert turns.take("a", 0)
    turns.give_back("a")
    assert not turns._served
    assert not turns._held
    assert not turns._waiting
