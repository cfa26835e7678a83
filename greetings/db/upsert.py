"""`INSERT ... ON CONFLICT`: SQLite and PostgreSQL say it alike, SQLAlchemy has it once for each."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from greetings.db.base import Base


def insert_into(session: Session, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An insert that may go on with what to do when the row is there already."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(model)
    return sqlite.insert(model)
