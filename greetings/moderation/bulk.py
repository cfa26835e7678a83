"""Many decisions at once, each its own: one short transaction an item, conditional on what was seen of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from greetings.errors import NotFound, VersionStale
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import IllegalStep, State
from greetings.submissions.steps import CoversNotConfirmed

Decide = Callable[[Session, str, int], Greeting]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a selection: the new version of each by ID, those of them that go on waiting (put back,
    or approved by the first of two), and the IDs of those not decided.
    """

    done: dict[str, int] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    need_covers: list[str] = field(default_factory=list)


def decide_each(house: House, picks: Mapping[str, int], decide: Decide) -> Outcome:
    """Decide every picked greeting (ID and seen version) by itself; one that is refused stops no other.

    Each is committed before the next begins, so that nobody waits for the whole selection.
    """
    outcome = Outcome()
    for greeting_id, version in picks.items():
        with house.database.session() as session:
            try:
                greeting = decide(session, greeting_id, version)
                session.commit()
                outcome.done[greeting_id] = greeting.version
                if greeting.state is State.PENDING:
                    outcome.waiting.append(greeting_id)
            except CoversNotConfirmed:
                outcome.need_covers.append(greeting_id)
            except (VersionStale, IllegalStep, NotFound):
                outcome.changed.append(greeting_id)
    return outcome
