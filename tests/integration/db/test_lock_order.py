"""The one order of locks: every table has its place, and who leaves the order is found out."""

import pytest
from sqlalchemy import select

from greetings.actions.models import Action
from greetings.db.base import Base
from greetings.house import House
from greetings.submissions.models import Greeting
from tests.lock_order import GUARDED, RANKS, LockedOutOfOrder, watch


def test_every_table_has_a_place_in_the_order():
    import greetings.app

    assert greetings.app is not None
    assert set(Base.metadata.tables) == RANKS.keys() | GUARDED


def test_who_locks_the_other_way_round_is_found_out(house: House):
    watch(house.database.engine)
    with house.database.session() as session:
        session.execute(select(Greeting).with_for_update())
        with pytest.raises(LockedOutOfOrder, match="action is locked after greeting"):
            session.execute(select(Action).with_for_update(read=True))
        session.rollback()
        session.execute(select(Action).with_for_update(read=True))
        session.execute(select(Greeting).with_for_update())
