"""Two at once on one greeting, a thousand times on each database: one outcome, one entry, nothing withdrawn shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.db.session import begin_writing
from greetings.house import House, open_house
from greetings.operations.schema import migrate
from greetings.operations.wiring import wire_rooms
from greetings.settings import load_settings
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State
from tests.factories import make_action, make_greeting
from tests.integration.moderation.test_races import (
    DONE,
    REFUSED,
    Act,
    approve,
    approve_too,
    entries,
    hide,
    race,
    reject,
    set_public,
    undo,
    withdraw,
)
from tests.servers import PostgresqlServer

PAIRS = 1_000
RIVALS: dict[str, tuple[Act, Act]] = {
    "approve/reject": (approve, reject),
    "approve/approve": (approve, approve_too),
    "approve/withdraw": (approve, withdraw),
    "undo/hide": (undo, hide),
}


@contextmanager
def house_on(folder: Path, database_url: str | None) -> Iterator[House]:
    """A fresh house with one open action, on SQLite unless another database is named."""
    environ = {"GREETINGS_DATA": str(folder), "GREETINGS_RATE_LIMITS": "off"}
    if database_url is not None:
        environ["GREETINGS_DATABASE_URL"] = database_url
    wire_rooms()
    house = open_house(load_settings(environ))
    try:
        migrate(house.database)
        with house.database.work() as session:
            make_action(session)
        yield house
    finally:
        house.close()


def faults_of(house: House, name: str, pairs: int = PAIRS) -> list[str]:
    """Race the pair so often; what came out otherwise than promised."""
    faults = []
    for number in range(pairs):
        greeting = _send(house, State.APPROVED if name == "undo/hide" else State.PENDING)
        outcomes = race(house, greeting, *RIVALS[name])
        wrong = _wrong(house, greeting, name, outcomes)
        if wrong:
            faults.append(f"{name} {number}: {wrong}")
        if name == "undo/hide":
            _clear_the_wall(house, greeting)
    with house.database.reading() as session:
        if house.audit.troubles(session):
            faults.append(f"{name}: the audit chain is broken")
    return faults


def _wrong(house: House, greeting: Greeting, name: str, outcomes: list[str]) -> str:
    with house.database.reading() as session:
        after = session.get_one(Greeting, greeting.sequence)
        state, is_public = after.state, after.public_sequence is not None
    acts = [entry.act for entry in entries(house, greeting)]
    if is_public != (state is State.APPROVED and name != "undo/hide"):
        return f"{state} and public {is_public}"
    if name == "undo/hide":
        expected_state = State.PENDING if outcomes[0] == DONE else State.APPROVED
        holds = outcomes[1] == DONE and outcomes[0] in {DONE, REFUSED} and state is expected_state
    elif name == "approve/withdraw":
        expected = ["approve", "withdraw"] if outcomes[0] == DONE else ["withdraw"]
        holds = outcomes[1] == DONE and state is State.WITHDRAWN and acts == expected
    else:
        holds = sorted(outcomes) == [DONE, REFUSED] and len(acts) == 1
    return "" if holds else f"{outcomes}, {state}, {acts}"


def _clear_the_wall(house: House, greeting: Greeting) -> None:
    """Take the greeting back before its action is shown again: hiding a wall takes as long as it is large."""
    with house.database.session() as session:
        withdraw(house, session, greeting)
        session.commit()
    with house.database.session() as session:
        set_public(house, session, is_public=True)
        session.commit()


def _send(house: House, state: State) -> Greeting:
    with house.database.session() as session:
        begin_writing(session)
        greeting = _made(house, session, state)
        session.commit()
        session.expunge_all()
        return greeting


def _made(house: House, session: Session, state: State) -> Greeting:
    action = session.scalars(select(Action)).one()
    return make_greeting(house, session, action, state=state)


def postgresql() -> PostgresqlServer | None:
    """A server of our own, where PostgreSQL is installed."""
    return PostgresqlServer.start()
