"""Slows guessing down, in this process's memory only: no address of a moderator is ever written anywhere.

What counts is a member of the team together with a network address: whoever fails often there waits longer
and longer. A looser count over all addresses catches guessing from many of them; it doesn't hold up an
address from which this member has signed in before: nobody can shut the team out from outside.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from greetings.accounts.rules import FREE_FAILURES, FREE_FAILURES_ANYWHERE, delay_seconds
from greetings.clock import Clock

FORGET_AFTER = timedelta(hours=1)
MOST_REMEMBERED = 20_000
ANYWHERE = ""


@dataclass(slots=True)
class _Failures:
    count: int
    last_at: datetime


class Throttle:
    """Counts failed attempts and says how long the next one must wait. `account` is a name signed in with."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._known_addresses: OrderedDict[str, None] = OrderedDict()

    def attempt(self, account: str, address: str) -> int:
        """Begin an attempt: 0 when it may be made, else the seconds to wait.

        An attempt counts as failed from its beginning until `was_right`, so that a hundred at the same moment
        are not a hundred free ones.
        """
        with self._lock:
            waits = [self._wait(account, address, FREE_FAILURES)]
            if (account, address) not in self._known:
                waits.append(self._wait(account, ANYWHERE, FREE_FAILURES_ANYWHERE))
            if not max(waits):
                self._count(account, address, 1)
            return max(waits)

    def was_right(self, account: str, address: str) -> None:
        """One part of signing in was right: its attempt doesn't count; those that failed before still do."""
        with self._lock:
            self._count(account, address, -1)

    def succeeded(self, account: str, address: str) -> None:
        """Signed in completely with an attempt that was begun here: the address is known from now on, and its
        failures are forgotten.
        """
        with self._lock:
            self._count(account, address, -1)
        self.welcome(account, address)

    def welcome(self, account: str, address: str) -> None:
        """Signed in in a way that can't be guessed, so without an attempt: the address is known as well."""
        with self._lock:
            self._failures.pop((account, address), None)
            self._known[account, address] = None
            self._known_addresses[address] = None
            for held in (self._known, self._known_addresses):
                while len(held) > MOST_REMEMBERED:
                    held.popitem(last=False)

    def knows(self, address: str) -> bool:
        """Whether somebody of the team has signed in from this address since the start."""
        return address in self._known_addresses

    def _count(self, account: str, address: str, by: int) -> None:
        now = self._clock()
        for place in (address, ANYWHERE):
            held = self._recent(account, place) or _Failures(0, now)
            self._failures[account, place] = _Failures(
                max(0, held.count + by), now if by > 0 else held.last_at
            )
            self._failures.move_to_end((account, place))
        while len(self._failures) > MOST_REMEMBERED:
            self._failures.popitem(last=False)

    def _recent(self, account: str, place: str) -> _Failures | None:
        held = self._failures.get((account, place))
        return held if held is not None and self._clock() - held.last_at < FORGET_AFTER else None

    def _wait(self, account: str, place: str, free: int) -> int:
        held = self._recent(account, place)
        if held is None:
            return 0
        until = held.last_at + timedelta(seconds=delay_seconds(held.count, free))
        return max(0, ceil((until - self._clock()).total_seconds()))
