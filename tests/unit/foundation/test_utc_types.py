"""A moment comes out of the database as it went in: aware, in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, MetaData, Table, create_engine, select

from greetings.db.types import UtcDateTime


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 9, 25, 12, 0, tzinfo=UTC),
        datetime(2026, 9, 25, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 9, 25, 1, 2, 3, tzinfo=timezone(timedelta(hours=3))),
        None,
    ],
)
def test_a_moment_comes_out_as_it_went_in(moment: datetime | None) -> None:
    engine = create_engine("sqlite://")
    table = Table("moments", MetaData(), Column("at", UtcDateTime))
    table.create(engine)
    with engine.begin() as connection:
        connection.execute(table.insert(), {"at": moment})
        found = connection.execute(select(table.c.at)).scalar_one()
    assert found == moment
    assert found is None or found.tzinfo is UTC
