"""The order in which everybody locks rows (docs/architecture.md), looked after where a test asks for it.

Two who lock the same rows in different orders wait for one another, and PostgreSQL ends one of them. SQLite has
one writer at a time, so nothing would show there: what is looked at are the statements.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Engine, Table, event
from sqlalchemy.sql import Delete, Insert, Select, Update

ORDER = (
    ("action",),
    ("greeting",),
    ("claim",),
    ("export", "exported_greeting"),
    ("wall_counter", "wall_tally"),
    ("moderator",),
    ("invitation",),
    ("passkey",),
    ("recovery_code", "digest", "reset_link", "desk_session", "spent_challenge"),
    ("rejection_reason",),
    ("public_change",),
    ("audit_head",),
    ("waiting_tally",),
)
# rows that nobody changes but whoever has locked what they belong to; or that everybody only adds to
GUARDED = frozenset(
    {
        "action_text",
        "approval",
        "audit_entry",
        "earlier_picture",  # the housekeeping passes over what is locked
        "gone_picture",
        "likeness_key",
        "note",
        "original_words",
        "photo",
        "report",
        "search_desk_document",
        "search_document",
        "search_upkeep",  # in a transaction of its own
    }
)
RANKS = {table: rank for rank, tables in enumerate(ORDER) for table in tables}
HELD, OWN = "tables_locked", "tables_added_to"


class LockedOutOfOrder(AssertionError):
    """A table was locked that everybody else locks before one that is held already."""


def watch(engine: Engine) -> None:
    """Refuse, from now on, whatever locks out of order."""
    event.listen(engine, "before_execute", _look)
    event.listen(engine, "begin", _forget)


def _forget(connection: Connection) -> None:
    connection.info[HELD], connection.info[OWN] = [], set()


def _look(connection: Connection, statement: Any, *_more: object) -> None:
    held: list[str] = connection.info.setdefault(HELD, [])
    own: set[str] = connection.info.setdefault(OWN, set())  # rows that it has added itself
    for table in () if "greeting" in own else _locked_by(statement):  # of a new one nobody knows anything yet
        if table in GUARDED or table in held or table in own:
            continue
        later = [name for name in held if RANKS[name] > RANKS[table]]
        if later:
            raise LockedOutOfOrder(f"{table} is locked after {', '.join(later)}: {statement}")
        held.append(table)
    if isinstance(statement, Insert):
        own.add(_name(statement.table))


def _locked_by(statement: Any) -> Iterable[str]:
    """What a statement locks. A new row is nobody else's yet, unless it may turn out to be an old one."""
    if isinstance(statement, Update | Delete):
        yield _name(statement.table)
    elif isinstance(statement, Insert):
        if getattr(statement, "_post_values_clause", None) is not None:
            yield _name(statement.table)
    elif isinstance(statement, Select) and statement._for_update_arg is not None:
        clause = statement._for_update_arg
        if not clause.skip_locked:  # who waits for nobody is in nobody's way
            yield from (_name(table) for table in clause.of or statement.get_final_froms()[:1])


def _name(table: Any) -> str:
    if isinstance(table, Table):
        return table.name
    return str(getattr(table, "name", None) or table.__table__.name)
