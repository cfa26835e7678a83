"""The command line: one module a topic."""

import os
import sys

import click

from greetings.cli.demo import demo
from greetings.cli.people import invite
from greetings.cli.proxy import proxy
from greetings.cli.run import run
from greetings.cli.store import backup, check, housekeeping, restore
from greetings.errors import SettingsInvalid
from greetings.operations.wiring import wire_rooms
from greetings.settings import Settings, load_settings


class Commands(click.Group):
    """All commands; settings are read first, and what is wrong with them is said at once."""

    def invoke(self, context: click.Context) -> object:
        try:
            context.obj = load_settings(os.environ)
        except SettingsInvalid as error:
            for problem in error.problems:
                click.echo(problem, err=True)
            sys.exit(2)
        wire_rooms()
        return super().invoke(context)


@click.group(cls=Commands)
def main() -> None:
    """Run a birthday action for a prisoner of conscience."""


for command in (run, demo, invite, check, housekeeping, backup, restore, proxy):
    main.add_command(command)

__all__ = ["Settings", "main"]
