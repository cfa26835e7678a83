"""For commands that need a store: they make none, and don’t touch one of another version."""

import os
import pwd
from pathlib import Path

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from greetings.db.session import Database
from greetings.house import House, open_house
from greetings.operations.restoring import has_rows, is_half_restored
from greetings.operations.schema import is_begun, is_current
from greetings.settings import Settings


class StoreUnusable(click.ClickException):
    """There is nothing here that the command could work on; leaves with 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:  # noqa: ARG002 - as click calls it
        click.echo(self.message, err=True)


def refuse_half_restored(settings: Settings) -> None:
    """Leave where a restore was broken off: what was erased since may not be erased again yet."""
    if is_half_restored(settings):
        raise StoreUnusable(
            f"A restore into {settings.data} was broken off. Do it again: greetings restore FILE."
        )


def open_or_make_house(settings: Settings) -> House:
    """The house of a store that is there or begins now. A secret is never made anew for one that is there."""
    refuse_half_restored(settings)
    had_secret = settings.secret_file.exists()
    house = open_house(settings)
    try:
        if not had_secret and has_rows(house.database):
            raise _without_secret(settings)
    except (StoreUnusable, SQLAlchemyError):  # who doesn't know must not leave one for the next start either
        house.close()
        settings.secret_file.unlink()
        raise
    return house


def _holds_a_store(settings: Settings) -> bool:
    database = Database(settings.database_url)
    try:
        return has_rows(database)
    finally:
        database.close()


def _without_store(settings: Settings) -> StoreUnusable:
    return StoreUnusable(f"There is no store in {settings.data} yet: greetings run makes one.")


def _without_secret(settings: Settings) -> StoreUnusable:
    return StoreUnusable(
        f"The database holds a store, but its secret isn't at {settings.secret_file}. "
        "Is a disk not mounted, or another GREETINGS_DATA meant?"
    )


def refuse_roots_hand(settings: Settings) -> None:
    """Leave where root would make files in a store of somebody else, who couldn't change them any more."""
    owner = settings.files.stat().st_uid if settings.files.exists() else os.geteuid()
    if os.geteuid() == 0 and owner != 0:
        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:
            name = f"user {owner}"
        raise StoreUnusable(
            f"The store belongs to {name}, who couldn't change what root makes there: run this as {name}."
        )


def open_standing_house(settings: Settings) -> House:
    """The house of a store that `greetings run` has made, or a sentence about what is missing."""
    file = make_url(settings.database_url).database or ""
    if settings.database_url.startswith("sqlite") and not Path(file).exists():
        raise _without_store(settings)
    refuse_half_restored(settings)
    if not settings.secret_file.exists():
        raise _without_secret(settings) if _holds_a_store(settings) else _without_store(settings)
    house = open_house(settings)
    try:
        begun, fits = is_begun(house.database), is_current(house.database)
    except OperationalError:
        house.close()
        raise
    except SQLAlchemyError as error:
        house.close()
        raise StoreUnusable(f"The store can't be read ({type(error).__name__}).") from error
    if not fits:
        house.close()
        if not begun:
            raise _without_store(settings)
        raise StoreUnusable(
            "The store was made by another version of the program: greetings run brings it up to date."
        )
    return house
