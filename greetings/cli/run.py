"""`greetings run`: set up on the first start, then serve."""

import socket
import sys

import click
from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from greetings.house import open_house
from greetings.operations.setup import set_up, sign_in_link
from greetings.settings import CHECKOUT, Settings
from greetings.web.arrivals import SMALL_PLACES

HEADER_SECONDS = 15
BACKLOG = 1024


@click.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Set the store up if this is the first start, print the address, and serve."""
    if not _is_free(settings):
        click.echo(
            f"Port {settings.port} on {settings.host} is taken; set GREETINGS_PORT to another one.", err=True
        )
        sys.exit(2)
    house = open_house(settings)
    try:
        set_up(house)
        link = sign_in_link(house)
    finally:
        house.close()
    if not settings.rate_limits:
        click.echo("Rate limits are off: this is for load tests, not for the open net.", err=True)
    click.echo(f"Greetings stand at {settings.url}/")
    click.echo(f"Sign-in link: {link}" if link else f"The desk is at {settings.url}/desk/")
    sys.stdout.flush()
    serve(settings)


def serve(settings: Settings) -> None:
    """Serve until stopped, in one process with threads: what an embedded database likes best.

    A body is read in the thread that answers it, so there is one for each that may be on its way in, beside
    those for pages. They are made when they are needed, and cost little while they wait.
    """
    Granian(
        "wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.threads + settings.uploads + SMALL_PLACES,
        backlog=BACKLOG,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        working_dir=CHECKOUT,
    ).serve()


def _is_free(settings: Settings) -> bool:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError:
            return False
    return True
