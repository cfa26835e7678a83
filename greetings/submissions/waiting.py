"""How many greetings wait, kept instead of counted: a look at the desk reads one number, however many.

What comes to wait, and what no longer does, is noticed as rows are written and added up at the end of the
same transaction: everybody who changes something locks this row last, so that nobody waits crosswise.
"""

from typing import cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Table, bindparam, event, func, inspect, select, update
from sqlalchemy.orm import Mapper, Session, SessionTransaction, object_session

from greetings.db.session import WorkSession
from greetings.submissions.models import Greeting, WaitingTally
from greetings.submissions.rules import State

CHANGE = "waiting_change"

_TALLY = cast(Table, WaitingTally.__table__)
KEPT = select(_TALLY.c.greetings)
_ADD = update(_TALLY).values(greetings=_TALLY.c.greetings + bindparam("change"))
_AT_SAVEPOINT: WeakKeyDictionary[SessionTransaction, int] = WeakKeyDictionary()


def count_waiting(session: Session) -> int:
    """How many greetings wait for a decision."""
    session.flush()
    return int(session.connection().execute(KEPT).scalar_one()) + change_so_far(session)


def counted_waiting(session: Session) -> int:
    """The same by counting: what the kept number is checked against."""
    return session.scalar(select(func.count()).where(Greeting.state == State.PENDING)) or 0


def mend_waiting(session: Session) -> bool:
    """Set the kept number right, in a writing transaction; whether it was wrong."""
    kept = session.connection().execute(KEPT.with_for_update()).scalar_one()
    counted = counted_waiting(session)
    if kept == counted:
        return False
    session.connection().execute(update(_TALLY).values(greetings=counted))
    return True


def follow_waiting() -> None:
    """Have the number follow every greeting that is written; doing it twice changes nothing."""
    for target, moment, act in (
        (Greeting, "after_insert", _note_new),
        (Greeting, "after_update", _note_changed),
        (WorkSession, "after_transaction_create", _remember_change),
        (WorkSession, "before_commit", _write_change),
        (WorkSession, "after_soft_rollback", _forget_change),
    ):
        if not event.contains(target, moment, act):
            event.listen(target, moment, act)


def _note_new(_mapper: Mapper[Greeting], _connection: Connection, greeting: Greeting) -> None:
    if greeting.state is State.PENDING:
        _note(greeting, +1)


def _note_changed(_mapper: Mapper[Greeting], _connection: Connection, greeting: Greeting) -> None:
    history = inspect(greeting).attrs.state.history
    if history.has_changes():
        _note(greeting, history.added.count(State.PENDING) - history.deleted.count(State.PENDING))


def _note(greeting: Greeting, change: int) -> None:
    session = object_session(greeting)
    assert session is not None
    session.info[CHANGE] = change_so_far(session) + change


def change_so_far(session: Session) -> int:
    """What this transaction has changed of the number, and will add to it at its end."""
    return int(session.info.get(CHANGE, 0))


def _write_change(session: Session) -> None:
    session.flush()
    change = session.info.pop(CHANGE, 0)
    if change:
        session.connection().execute(_ADD, {"change": change})


def _remember_change(session: Session, begun: SessionTransaction) -> None:
    if begun.nested:
        _AT_SAVEPOINT[begun] = change_so_far(session)


def _forget_change(session: Session, undone: SessionTransaction) -> None:
    """Of what was undone, and of nothing else: what came before a savepoint stays."""
    session.info[CHANGE] = _AT_SAVEPOINT.pop(undone, 0)
