"""The schema: brought up to date at every start, from the first table on by migrations."""

import importlib
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table

import greetings.db.migrations
from greetings.db.base import Base
from greetings.db.session import Database

_MIGRATIONS = Path(greetings.db.migrations.__path__[0])
ROOMS_WITH_TABLES = ("db", "audit", "accounts", "actions", "submissions", "moderation", "exports")


def all_tables() -> MetaData:
    """The metadata of every room, for comparing with what the migrations build."""
    for room in ROOMS_WITH_TABLES:
        importlib.import_module(f"greetings.{room}.models")
    return Base.metadata


def is_compared(name: str | None, kind: str, _parents: object) -> bool:
    """Whether models speak of it; the search index (FTS5's tables, PostgreSQL's GIN) only migrations know."""
    return not (kind in {"table", "index"} and (name or "").startswith("search_index"))


def has_steps_to(revision: object) -> bool:
    """Whether this version of the program can make the schema of a revision: not that of a newer one."""
    return any(step.revision == revision for step in ScriptDirectory(str(_MIGRATIONS)).walk_revisions())


def is_begun(database: Database) -> bool:
    """Whether a store was ever made in it: one that a restore left empty has no schema."""
    with database.engine.connect() as connection:
        return bool(MigrationContext.configure(connection).get_current_heads())


def has_steps_from(database: Database) -> bool:
    """Whether this version of the program knows the schema that is there, if there is any."""
    with database.engine.connect() as connection:
        made = MigrationContext.configure(connection).get_current_heads()
        return all(map(has_steps_to, made))


def migration_config(connection: Connection) -> Config:
    """Alembic's configuration, without a file: the connection decides where."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = all_tables()
    return config


def begin_anew(database: Database, revision: str = "base") -> None:
    """Make the schema of a revision anew in one transaction, whatever was in our tables before;
    those of others are left alone.
    """
    with (
        database.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
        connection.begin(),
    ):
        for table in reversed(our_tables(connection)):
            connection.execute(table.delete())  # so that no step down has to make sense of it
        config = migration_config(connection)
        command.downgrade(config, "base")
        if revision != "base":
            command.upgrade(config, revision)


def our_tables(connection: Connection) -> list[Table]:
    """Those of our tables that there are, as they are there, each behind the ones that it points at; without
    what SQLite keeps its indexes of words in.
    """
    metadata, ours = MetaData(), all_tables().tables
    metadata.reflect(connection, only=lambda name, _: name in ours)
    return metadata.sorted_tables


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision, in one transaction; when it is there already, nothing happens."""
    with (
        database.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
        connection.begin(),
    ):
        command.upgrade(migration_config(connection), revision)


def is_current(database: Database) -> bool:
    """Whether the schema is the one this version of the program works with."""
    with database.engine.connect() as connection:
        made = MigrationContext.configure(connection).get_current_heads()
        return set(made) == set(ScriptDirectory.from_config(migration_config(connection)).get_heads())


def migrate_down(database: Database, revision: str) -> None:
    """Bring the schema back to an earlier revision."""
    with (
        database.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection,
        connection.begin(),
    ):
        command.downgrade(migration_config(connection), revision)
