"""Notices, for every session, when something changes that visitors see.

A page that was kept ready must not outlive what it shows, and nobody should have to remember to say so:
whatever rows a transaction writes are looked at here, and if visitors see one of them, the number in
`public_change` rises in the same transaction. A table that says nothing about itself counts as seen: that may
cost a page made anew, and never shows a withdrawn greeting.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Engine, Table, event, inspect, select, update
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from greetings.db.base import SHOWN_WHEN
from greetings.db.models import PublicChange

SEEN = "visitors_see_it"
NOTICE = "tell_this_process"


def public_change(engine: Engine) -> int:
    """How often something public has changed: the same number means the same pages."""
    with engine.connect() as connection:
        return connection.execute(_NUMBER).scalar_one()


_NUMBER = select(PublicChange.number)
_RAISE = update(PublicChange).values(number=PublicChange.number + 1)


def watch(sessions: type[Session]) -> None:
    """Have every session of this class looked at."""
    event.listen(sessions, "before_flush", _look_at_rows)
    event.listen(sessions, "do_orm_execute", _look_at_statement)
    event.listen(sessions, "before_commit", _raise_number)
    event.listen(sessions, "after_commit", _tell)
    event.listen(sessions, "after_soft_rollback", _forget)


def tell(session: Session, notice: Callable[[], None]) -> None:
    """Have `notice` called after each commit of this session that changed something visitors see."""
    session.info[NOTICE] = notice


def _look_at_rows(session: Session, _context: UOWTransaction, _rows: object) -> None:
    if not session.info.get(SEEN):
        written = (*session.new, *session.deleted, *filter(session.is_modified, session.dirty))
        session.info[SEEN] = any_is_seen(written)


def any_is_seen(rows: Iterable[Any]) -> bool:
    """Whether visitors see one of these rows, or saw it before its change."""
    return any(map(_is_seen, rows))


def _is_seen(row: Any) -> bool:
    state = inspect(row)
    columns = state.mapper.local_table.info.get(SHOWN_WHEN)
    if columns is None:
        return True
    histories = (state.attrs[column].load_history() for column in columns)
    return any(value is not None for history in histories for value in history.sum())


def _look_at_statement(state: ORMExecuteState) -> None:
    statement: Any = state.statement
    if getattr(statement, "is_dml", False):
        table = statement.table
        is_never_seen = isinstance(table, Table) and table.info.get(SHOWN_WHEN) == ()
        state.session.info[SEEN] = state.session.info.get(SEEN) or not is_never_seen


def _raise_number(session: Session) -> None:
    session.flush()
    if session.info.get(SEEN):
        session.execute(_RAISE)


def _tell(session: Session) -> None:
    if session.info.pop(SEEN, False) and NOTICE in session.info:
        session.info[NOTICE]()


def _forget(session: Session, _previous: object) -> None:
    if not session.in_nested_transaction():
        session.info.pop(SEEN, None)
