"""Places of one kind, shared fairly: no network holds more of them than it leaves to others.

A single machine that opens connections and sends nothing would otherwise hold them all, and keep everyone
else from what they are for. With this it takes one network more for each half of what is left.
"""

import threading
from collections import Counter


class Share:
    """A place that somebody holds."""

    def __init__(self, shares: "Shares", network: str) -> None:
        self._shares = shares
        self._network = network

    def release(self) -> None:
        """Give it back."""
        self._shares.give_back(self._network)


class Shares:
    """So many places; safe to use from many threads."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._held: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, network: str = "") -> Share | None:
        """A place for somebody of this network, or None. Without one (it may be anyone's) all that are free
        may be had.
        """
        with self._lock:
            if self._free <= (self._held[network] if network else 0):
                return None
            self._free -= 1
            self._held[network] += 1
        return Share(self, network)

    def give_back(self, network: str) -> None:
        with self._lock:
            self._free += 1
            self._held[network] -= 1
            if not self._held[network]:
                del self._held[network]  # nothing is known of who was here
