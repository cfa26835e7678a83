"""What a measurement prints: tables as they are made, and after all of them one line a goal."""

import operator
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TextIO

Relation = Literal["<=", ">="]

_HOLDS = {"<=": operator.le, ">=": operator.ge}
_FEW = 10


class ToolMissing(Exception):
    """This machine lacks something that a measurement needs; the message says what, and how to get it."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure with what it ought to be."""

    name: str
    value: float
    relation: Relation
    limit: float

    def __str__(self) -> str:
        word = "met" if _HOLDS[self.relation](self.value, self.limit) else "short"
        digits = 3 if self.limit < _FEW else 1
        return f"{self.name} {self.value:.{digits}f} {self.relation} {self.limit:.{digits}f} {word}"


class Report:
    """Collects what the topics found out and writes it where people read."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._goals: list[Goal] = []

    def heading(self, title: str) -> None:
        """A new topic."""
        self._write(f"\n== {title} ==")

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """A table under its title: the first column in words, the others set to the right."""
        cells = [[str(cell) for cell in row] for row in (columns, *rows)]
        widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
        self._write(f"\n{title}\n")
        for row in cells:
            first, *others = (
                cell.rjust(width) if place else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            self._write("  ".join(["", first, *others]).rstrip())

    def note(self, sentence: str) -> None:
        """Something to know about the figures around it."""
        self._write(f"\n  {sentence}")

    def left_out(self, what: str, why: str) -> None:
        """A measurement that this machine can't make; its goals get no line."""
        self._write(f"\n  Left out: {what}. {why}")

    def goal(self, name: str, value: float, relation: Relation, limit: float) -> None:
        """A figure that was promised; its line comes after all tables."""
        self._goals.append(Goal(name, value, relation, limit))

    def close(self) -> None:
        """Write one line a goal."""
        self._write("")
        for goal in self._goals:
            self._write(str(goal))

    def _write(self, line: str) -> None:
        self._out.write(f"{line}\n")
        self._out.flush()
