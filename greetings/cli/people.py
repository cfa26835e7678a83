"""Commands about the team."""

import click

from greetings.accounts.rules import Role
from greetings.accounts.service import invite as make_invitation
from greetings.cli.standing import open_standing_house, refuse_roots_hand
from greetings.settings import Settings


@click.command()
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.MODERATOR.value)
@click.pass_obj
def invite(settings: Settings, role: str) -> None:
    """Print a link by which one person joins the team, once, within seven days."""
    refuse_roots_hand(settings)
    house = open_standing_house(settings)
    try:
        with house.database.work() as session:
            link = make_invitation(house, session, Role(role))
    finally:
        house.close()
    click.echo(f"Invitation ({role}): {link}")
