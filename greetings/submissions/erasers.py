"""Erasing reaches upward without importing upward: rooms that hold something of a greeting register here."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from greetings.submissions.models import Greeting

# forgets what its room holds of a greeting; may return keys of files that go after the commit
Eraser = Callable[[Session, Greeting], Sequence[str] | None]

_erasers: list[Eraser] = []


def register_eraser(eraser: Eraser) -> None:
    """Have `eraser` called, in the same transaction, for every greeting that is withdrawn or erased."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def registered_erasers() -> tuple[Eraser, ...]:
    return tuple(_erasers)
