"""`greetings proxy`: the configuration for nginx in front."""

from pathlib import Path

import click

from greetings.keys import Keys, load_or_make_keys
from greetings.operations.proxy import ProxyPlace, nginx_configuration
from greetings.settings import Settings

DEFAULT = ProxyPlace()
FORGOTTEN = (
    "GREETINGS_URL is on https, so a proxy stands in front, but GREETINGS_TRUSTED_PROXIES is 0: "
    "all visitors count as one and share its limits."
)


@click.command()
@click.option("--user", default=DEFAULT.user, show_default=True, help="as whom nginx works")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=DEFAULT.folder,
    show_default=True,
    help="for what nginx must not put on a disk: a folder in memory",
)
@click.option("--listen", default=DEFAULT.listen, help="PORT or ADDRESS:PORT  [default: 443 or 80]")
@click.option(
    "--certificates",
    type=click.Path(path_type=Path),
    help="folder of fullchain.pem and privkey.pem  [default: certbot's]",
)
@click.pass_obj
def proxy(settings: Settings, user: str, folder: Path, listen: str, certificates: Path | None) -> None:
    """Print a configuration for nginx in front of this installation."""
    place = ProxyPlace(user, folder, listen, certificates)
    click.echo(nginx_configuration(settings, place, _keys(settings.secret_file)), nl=False)


def _keys(secret_file: Path) -> Keys | None:
    """The keys, where there is a secret that may be read; one made here would belong to somebody else."""
    try:
        return load_or_make_keys(secret_file) if secret_file.exists() else None
    except OSError:
        return None
