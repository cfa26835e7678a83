"""Slows guessing down, in this process's memory only: no address of a moderator is ever written anywhere.

What counts is a member of the team together with a network address: whoever fails often there waits longer
and longer. A looser count over all addresses catches guessing from many of them; it doesn't hold up an address
from which this member has signed in before, so that nobody can shut the team out from outside.
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
    """Counts failed attempts and says how long the next one must wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def wait_seconds(self, account: str, address: str) -> int:
        """How long this account must wait at this address; 0 when it may try."""
        with self._lock:
            waits = [self._wait(account, address, FREE_FAILURES)]
            if (account, address) not in self._known:
                waits.append(self._wait(account, ANYWHERE, FREE_FAILURES_ANYWHERE))
            return max(waits)

    def failed(self, account: str, address: str) -> None:
        """Count a failed attempt."""
        with self._lock:
            for place in (address, ANYWHERE):
                held = self._recent(account, place) or _Failures(0, self._clock())
                self._failures[account, place] = _Failures(held.count + 1, self._clock())
                self._failures.move_to_end((account, place))
            while len(self._failures) > MOST_REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        """Signed in completely: the address is known from now on, and its failures are forgotten."""
        with self._lock:
            self._failures.pop((account, address), None)
            self._known[account, address] = None
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)

    def _recent(self, account: str, place: str) -> _Failures | None:
        held = self._failures.get((account, place))
        return held if held is not None and self._clock() - held.last_at < FORGET_AFTER else None

    def _wait(self, account: str, place: str, free: int) -> int:
        held = self._recent(account, place)
        if held is None:
            return 0
        until = held.last_at + timedelta(seconds=delay_seconds(held.count, free))
        return max(0, ceil((until - self._clock()).total_seconds()))
