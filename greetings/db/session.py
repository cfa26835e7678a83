"""Sessions: a request or a command has one and commits it once.

SQLite runs with a write-ahead log, full synchronisation, foreign keys and secure deletion. A transaction
begins as a reader; `begin_writing` starts it anew as a writer, so that no transaction ever has to be
upgraded in the middle (which SQLite answers with "locked").
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from sqlite3 import Connection as SqliteConnection
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from greetings.db import changes

AFTER_COMMIT = "after_commit"
ON_ROLLBACK = "on_rollback"
BUSY_SECONDS = 15

log = structlog.get_logger(__name__)


class WorkSession(Session):
    """A session that, closed without a commit, undoes what was done for it."""

    def rollback(self) -> None:
        super().rollback()
        _run(self, ON_ROLLBACK)  # where no transaction had begun, nobody was told

    def close(self) -> None:
        self.rollback()
        super().close()


class Database:
    """An engine and the making of sessions on it."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.own_public_changes = 0  # by this process, known to it at once
        self._sessions = sessionmaker(self.engine, class_=WorkSession, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def session(self) -> Session:
        """A new session; whoever takes it commits or rolls back, and closes it."""
        session = self._sessions()
        changes.tell(session, self.note_public_change)
        return session

    def public_change(self) -> int:
        """A number that is another one whenever something visitors see has changed, by any process."""
        return changes.public_change(self.engine)

    def note_public_change(self) -> None:
        """This process has changed something that its pages show; sessions say so by themselves."""
        self.own_public_changes += 1

    @contextmanager
    def work(self) -> Iterator[Session]:
        """One piece of work of a command: writes, commits at the end, or rolls back whole."""
        with self.session() as session:
            begin_writing(session)
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking only."""
        with self.session() as session:
            yield session

    def close(self) -> None:
        self.engine.dispose()


def begin_writing(session: Session) -> None:
    """Start this session's transaction anew as a writer; what was read before is read again.

    Keep what follows short: on SQLite nobody else writes until the commit.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("begin_writing comes before the first change.")
    undo = session.info.pop(ON_ROLLBACK, [])  # files already put belong to what is written next
    session.rollback()
    session.info[ON_ROLLBACK] = undo
    session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Do something that must not happen unless the rows are safe (such as deleting a file)."""
    session.info.setdefault(AFTER_COMMIT, []).append(act)


def on_rollback(session: Session, act: Callable[[], None]) -> None:
    """Undo something that was done for rows that will not be (such as putting a file)."""
    session.info.setdefault(ON_ROLLBACK, []).append(act)


def _run(session: Session, which: str) -> None:
    acts: list[Callable[[], None]] = session.info.pop(which, [])
    session.info.pop(ON_ROLLBACK if which == AFTER_COMMIT else AFTER_COMMIT, None)
    for act in acts:
        try:
            act()
        except OSError as error:  # the sweep of the housekeeping finishes what could not be done now
            log.warning("left for the sweep", error=type(error).__name__)


def _run_after_commit(session: Session) -> None:
    _run(session, AFTER_COMMIT)


def _run_on_rollback(session: Session, _previous: Any) -> None:
    if not session.in_nested_transaction():
        _run(session, ON_ROLLBACK)


changes.watch(WorkSession)
event.listen(WorkSession, "after_commit", _run_after_commit)
event.listen(WorkSession, "after_soft_rollback", _run_on_rollback)


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "do_connect", _make_private)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=30)


def _make_private(_dialect: Any, _record: Any, words: list[Any], _more: dict[str, Any]) -> None:
    """A database that isn't there yet is made for its owner only; its log follows. Connecting goes on.

    One that is there must not even be opened here: closing it again would take from this process all the
    locks by which SQLite keeps others from cutting the log under it.
    """
    with suppress(OSError):  # where no file can be made, connecting says why
        os.close(os.open(words[0], os.O_CREAT | os.O_EXCL | os.O_RDONLY, 0o600))


def _prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours: the driver would begin too late
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin")
    if mode:
        connection.exec_driver_sql(f"BEGIN {mode}")
    else:  # touches nothing yet, so it can't fail: said to the driver, at a third of the cost
        connection.connection.driver_connection.execute("BEGIN")  # type: ignore[union-attr]
