"""The list of what was erased or taken back, kept beside the database: a restored backup is cleaned with it.

IDs, and no word of anybody. An ID alone was erased. `ID:gallery` had its consent to the wall taken back.
`ID:7` was approved, and its version 7 then taken off, covered or mended: where no later one is held, somebody
has to look at it again. An operator keeps a copy beside the backups; the line of an erased one that was lost
in a crash is written anew by `complete_list`, from the rows.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from greetings.disk import sync_folder
from greetings.ids import is_id
from greetings.settings import Settings
from greetings.submissions.models import Greeting
from greetings.submissions.rules import FINAL_STATES, Use

VERSION = re.compile(r"[0-9]{1,9}", re.ASCII)


def erasure_list(settings: Settings) -> Path:
    """Where the list stands."""
    return settings.data / "erasures"


def note_erasure(settings: Settings, greeting_id: str) -> None:
    """Add one line, safe on disk when this returns."""
    _append(erasure_list(settings), [greeting_id])


def note_less(settings: Settings, greeting_id: str, what: Iterable[str]) -> None:
    """Add a line about each consent that was taken back, or a version; safe on disk when this returns."""
    _append(erasure_list(settings), [f"{greeting_id}:{word}" for word in sorted(what)])


@dataclass(slots=True)
class Less:
    """What is less of a greeting than it was: consents taken back, the last version to be looked at again."""

    uses: set[Use] = field(default_factory=set)
    version: int = 0


def less_in(data: bytes) -> dict[str, Less]:
    """What the bytes of a list say by ID of what wasn't erased; a broken line is passed over."""
    found: defaultdict[str, Less] = defaultdict(Less)
    for line in data.decode("ascii", errors="replace").split():
        greeting_id, _, word = line.partition(":")
        if not is_id(greeting_id):
            continue
        if word in set(Use):
            found[greeting_id].uses.add(Use(word))
        elif VERSION.fullmatch(word):
            found[greeting_id].version = max(found[greeting_id].version, int(word))
    return dict(found)


def take_over(settings: Settings, data: bytes) -> None:
    """Add the lines of another list that ours doesn't have yet."""
    path = erasure_list(settings)
    known = set(path.read_bytes().split()) if path.exists() else set()
    lines = [line.decode("ascii", "replace") for line in dict.fromkeys(data.split()) if line not in known]
    _append(path, [line for line in lines if is_id(line.partition(":")[0])])


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


def _append(path: Path, lines: list[str]) -> None:
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, "".join(f"{line}\n" for line in lines).encode("ascii", "replace"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)
