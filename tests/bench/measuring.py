"""Honest measuring on a machine that others use too: alternating runs, medians, and the spread beside them."""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Self

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_PEEK_SECONDS = 0.001
# fields of /proc/PID/stat after the name: utime, stime, cutime, cstime
_CPU_FIELDS = slice(11, 15)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one piece of work cost: processor time of everyone involved, and time on the wall."""

    cpu_seconds: float
    wall_seconds: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Several measurements of one thing."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        return median(self.values)

    def __str__(self) -> str:
        return self.text(1)

    def text(self, digits: int) -> str:
        """The median, and from where to where it went."""
        low, high = min(self.values), max(self.values)
        return f"{self.median:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def alternating(work: Mapping[str, Callable[[], Cost]], rounds: int) -> dict[str, list[Cost]]:
    """Each piece of work in turn, `rounds` times: what disturbs the machine disturbs all of them."""
    costs: dict[str, list[Cost]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, do in work.items():
            costs[name].append(do())
    return costs


def ratio(costs: Sequence[Cost], others: Sequence[Cost]) -> Spread:
    """Processor time of one against that of another, round by round."""
    return Spread([mine.cpu_seconds / its.cpu_seconds for mine, its in zip(costs, others, strict=True)])


def cpu_ms(costs: Sequence[Cost]) -> Spread:
    """Processor time in milliseconds."""
    return Spread([cost.cpu_seconds * 1000 for cost in costs])


def wall_ms(costs: Sequence[Cost]) -> Spread:
    """Time on the wall in milliseconds."""
    return Spread([cost.wall_seconds * 1000 for cost in costs])


def cpu_seconds_of(process: int) -> float:
    """Processor time of a running process and of its children that have ended; in ticks of 10 ms."""
    numbers = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(int(number) for number in numbers[_CPU_FIELDS]) / _TICKS_A_SECOND


def children_of(process: int) -> list[int]:
    """The running children of a process."""
    try:
        return [
            int(child)
            for path in Path(f"/proc/{process}/task").glob("*/children")
            for child in path.read_text(encoding="ascii").split()
        ]
    except OSError:
        return []


def descendants_of(process: int) -> list[int]:
    """Children and theirs."""
    found = children_of(process)
    for child in found:
        found += children_of(child)
    return found


class PeakWatch:
    """Watches the memory of a process and its descendants while they come and go; its own cost isn't counted."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.peaks: dict[int, int] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def most_bytes(self) -> int:
        """The largest that any single one of them ever was."""
        return max(self.peaks.values(), default=0)

    def _watch(self) -> None:
        while not self._over.is_set():
            for process in (self._process, *descendants_of(self._process)):
                self.peaks[process] = max(self.peaks.get(process, 0), peak_bytes_of(process))
            time.sleep(_PEEK_SECONDS)


def peak_bytes_of(process: int) -> int:
    """The most memory a running process ever had resident, 0 when it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
