"""Whose picture is decoded next: few are at a time, and whoever waits too long is asked to come again."""

import itertools
import threading
from collections import Counter

MOST_KNOWN = 1000  # while there is no calm moment in which all are forgotten


class Turns:
    """So many places, and an order among those who wait for one; safe to use from many threads.

    The next is of the network that holds the fewest places and was served longest ago, or never; of one
    network whoever came first. So whoever sends one slow picture after another waits behind everybody else.
    Those without a network, as moderators who cover a face, count as never served: however many others come
    for the first time, only those who came before them go first.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._changed = threading.Condition()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, str] = {}
        self._held: Counter[str] = Counter()
        self._served: dict[str, int] = {}

    def take(self, network: str, seconds: float) -> bool:
        """A place for somebody of this network; False where none was to be had for so long."""
        with self._changed:
            number = next(self._numbers)
            self._waiting[number] = network
            try:
                if not self._changed.wait_for(lambda: self._is_next(number), seconds):
                    return False
                self._free -= 1
                self._held[network] += 1
                if network:
                    self._note_served(network)
                return True
            finally:
                del self._waiting[number]
                self._changed.notify_all()

    def give_back(self, network: str) -> None:
        with self._changed:
            self._free += 1
            self._held -= Counter([network])
            if not self._waiting and not self._held:  # nothing is known of who was here
                self._served.clear()
            self._changed.notify_all()

    def _note_served(self, network: str) -> None:
        self._served.pop(network, None)
        self._served[network] = next(self._numbers)
        if len(self._served) > MOST_KNOWN:
            del self._served[next(iter(self._served))]

    def _is_next(self, number: int) -> bool:
        return self._free > 0 and number == min(self._waiting, key=self._rank)

    def _rank(self, number: int) -> tuple[int, int, int]:
        network = self._waiting[number]
        return self._held[network], self._served.get(network, 0), number
