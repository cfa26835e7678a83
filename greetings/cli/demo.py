"""`greetings demo`: a wall to look at before the first real greeting."""

import click

from greetings.cli.standing import StoreUnusable, open_or_make_house, refuse_roots_hand
from greetings.errors import NotFound
from greetings.operations.demo.store import fill_with_demo
from greetings.operations.setup import set_up
from greetings.settings import Settings
from greetings.submissions.service import ActionClosed


@click.command()
@click.option("--action", default="ales", help="the action to fill")
@click.pass_obj
def demo(settings: Settings, action: str) -> None:
    """Fill the store with some two hundred invented greetings; what is there already is left alone."""
    refuse_roots_hand(settings)
    house = open_or_make_house(settings)
    try:
        set_up(house)
        with click.progressbar(length=1, label="Drawing and sending") as bar:

            def tell(number: int, of: int) -> None:
                bar.length = of
                bar.update(number - bar.pos)

            new = fill_with_demo(house, action, tell)
    except (NotFound, ActionClosed) as error:
        raise StoreUnusable(f"There is no public action “{action}” that takes greetings.") from error
    finally:
        house.close()
    click.echo(f"{new} greetings are new. See {settings.url}/{action}/en/greetings/")
