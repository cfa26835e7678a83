"""The list of erased greetings, kept beside the database: a restored backup is cleaned with it.

IDs only. An operator keeps a copy beside the backups; a line lost in a crash is written anew by
`complete_list`, from the rows.
"""

import os
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from greetings.ids import is_id
from greetings.settings import Settings
from greetings.submissions.models import Greeting
from greetings.submissions.rules import FINAL_STATES


def erasure_list(settings: Settings) -> Path:
    """Where the list stands."""
    return settings.data / "erasures"


def note_erasure(settings: Settings, greeting_id: str) -> None:
    """Add one line, safe on disk when this returns."""
    _append(erasure_list(settings), [greeting_id])


def read_erasures(path: Path) -> set[str]:
    """The IDs in a list; a missing file is an empty one."""
    return erasures_in(path.read_bytes()) if path.exists() else set()


def erasures_in(data: bytes) -> set[str]:
    """The IDs in the bytes of a list; a broken line is passed over."""
    return {line for line in data.decode("ascii", errors="replace").split() if is_id(line)}


def complete_list(settings: Settings, session: Session) -> int:
    """Write what the rows know and the list doesn't; returns how many lines that were."""
    known = read_erasures(erasure_list(settings))
    rows = session.scalars(select(Greeting.id).where(Greeting.state.in_(FINAL_STATES)))
    missing = [greeting_id for greeting_id in rows if greeting_id not in known]
    if missing:
        _append(erasure_list(settings), missing)
    return len(missing)


def _append(path: Path, greeting_ids: list[str]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, "".join(f"{greeting_id}\n" for greeting_id in greeting_ids).encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
