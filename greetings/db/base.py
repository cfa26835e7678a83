"""The declarative base: every constraint has a name, so that migrations can speak of it."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

# ---- which rows visitors see, said at each table for `db.changes`; a table that says nothing is seen whole
SHOWN_WHEN = "shown_when"
NEVER_SHOWN = {"info": {SHOWN_WHEN: ()}}


def shown_when(*columns: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """For `__table_args__`: visitors see something of a row exactly while one of these columns is set."""
    return {"info": {SHOWN_WHEN: columns}}


NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMES)
