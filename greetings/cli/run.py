"""`greetings run`: set up on the first start, then serve."""

import socket
import sys

import click

from greetings.cli.proxy import FORGOTTEN
from greetings.cli.standing import open_or_make_house
from greetings.operations.setup import set_up, sign_in_link
from greetings.serving import become_server
from greetings.settings import Settings
from greetings.web.arrivals import DOOR_PLACES, SMALL_PLACES
from greetings.web.proxies import is_proxy_forgotten


@click.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Set the store up if this is the first start, print the address, and serve."""
    if not _is_free(settings):
        click.echo(
            f"Port {settings.port} on {settings.host} can't be had: it is taken, not for you, or no "
            "address of this machine. Set GREETINGS_PORT or GREETINGS_HOST to another one.",
            err=True,
        )
        sys.exit(2)
    house = open_or_make_house(settings)
    try:
        set_up(house)
        link = sign_in_link(house)
    finally:
        house.close()
    if not settings.rate_limits:
        click.echo("Rate limits are off: this is for load tests, not for the open net.", err=True)
    if is_proxy_forgotten(settings):
        click.echo(FORGOTTEN, err=True)
    click.echo(f"Greetings stand at {settings.url}/")
    click.echo(f"Sign-in link: {link}" if link else f"The desk is at {settings.url}/desk/")
    become_server(settings.threads + settings.uploads + SMALL_PLACES + DOOR_PLACES)


def _is_free(settings: Settings) -> bool:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError:
            return False
    return True
