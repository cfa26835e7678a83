"""The command line: one module a topic."""

import os
import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from greetings.cli.demo import demo
from greetings.cli.people import invite
from greetings.cli.proxy import proxy
from greetings.cli.run import run
from greetings.cli.standing import StoreUnusable
from greetings.cli.store import backup, check, housekeeping, restore
from greetings.errors import SettingsInvalid
from greetings.keys import SecretUnusable
from greetings.operations.memory import leave_no_dump
from greetings.operations.wiring import wire_rooms
from greetings.settings import load_settings
from greetings.storage import FULL, StorageFull


class Commands(click.Group):
    """All commands; settings are read first, and what is wrong with them is said at once."""

    def invoke(self, context: click.Context) -> object:
        leave_no_dump()
        try:
            context.obj = load_settings(os.environ)
        except SettingsInvalid as error:
            for problem in error.problems:
                click.echo(problem, err=True)
            sys.exit(2)
        wire_rooms()
        try:
            return super().invoke(context)
        except (SQLAlchemyError, OSError, StorageFull) as error:
            raise StoreUnusable(_in_words(error)) from error
        except SecretUnusable as error:
            raise StoreUnusable(str(error)) from error


def _in_words(error: SQLAlchemyError | OSError | StorageFull) -> str:
    """What stands in the way, without addresses, statements or values."""
    words = str(getattr(error, "orig", "")).lower()
    is_full = isinstance(error, StorageFull) or getattr(error, "errno", 0) in FULL
    if is_full or "disk is full" in words or "no space" in words:
        return "The disk is full. Nothing was half done; make room and try again."
    if "is locked" in words:
        return "The store is busy: somebody else has been writing to it for a while. Please try again."
    if "unable to open" in words or "readonly" in words:
        return "The database can't be opened or written: it must belong to the user who runs this."
    if type(getattr(error, "orig", None)).__module__.startswith("psycopg"):
        return "The database doesn't answer us: is it running, and is GREETINGS_DATABASE_URL right?"
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}: {error.filename or 'the store'}"
    return f"The store can't be used ({type(error).__name__})."


@click.group(cls=Commands)
def main() -> None:
    """Run a birthday action for a prisoner of conscience."""


for command in (run, demo, invite, check, housekeeping, backup, restore, proxy):
    main.add_command(command)
