"""Erasing reaches upward without importing upward: rooms that hold something of a greeting register here."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from greetings.db.session import after_commit
from greetings.storage import Storage
from greetings.submissions.files import delete_all
from greetings.submissions.models import Greeting

# forgets what its room holds of a greeting; may return keys of files that go after the commit
Eraser = Callable[[Session, Greeting], Sequence[str] | None]

_erasers: list[Eraser] = []
_copies: list[Eraser] = []


def register_eraser(eraser: Eraser) -> None:
    """Have `eraser` called, in the same transaction, for every greeting that is withdrawn or erased."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def register_copies(eraser: Eraser) -> None:
    """Have `eraser` called also when other words or pixels take the place of a greeting's: a copy of what was
    covered or mended must not outlast it.
    """
    if eraser not in _copies:
        _copies.append(eraser)


def registered_erasers() -> tuple[Eraser, ...]:
    return tuple(_erasers)


def forget_copies(session: Session, storage: Storage, greeting: Greeting) -> None:
    """To be called before a greeting's words or pixels change, in the same transaction."""
    keys = [key for forget in _copies for key in forget(session, greeting) or ()]
    after_commit(session, lambda: delete_all(storage, keys))
