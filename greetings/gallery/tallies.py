"""The counts of a wall, kept with every publication: one row for each kind, country and language."""

from functools import cache, cached_property
from itertools import starmap
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Select, bindparam, select

from greetings.submissions.models import WallTally
from greetings.submissions.rules import Kind

_WALL_TALLIES = WallTally.__table__.c


class Tally(NamedTuple):
    """How many public greetings there are of one kind, country and language."""

    kind: Kind
    country: str
    language: str
    greetings: int


class Tallies(tuple[Tally, ...]):  # noqa: SLOT001 - it has a place for its hash
    """All of a wall. A page's pieces are found by them, hundreds as they are, so they are hashed once."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return super().__hash__()


def tallies_of(connection: Connection, action_id: int) -> Tallies:
    """The kept counts of what is public of an action."""
    return Tallies(starmap(Tally, connection.execute(_tallies(), {"action_id": action_id}).all()))


@cache
def _tallies() -> Select[Any]:
    columns = [_WALL_TALLIES[name] for name in Tally._fields]
    is_of_the_action = _WALL_TALLIES.action_id == bindparam("action_id", type_=Integer)
    return select(*columns).where(is_of_the_action, _WALL_TALLIES.greetings > 0)
