"""Commands about the store: check it, keep it, save it, bring it back."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from greetings.audit.rules import HeadUnreadable, parsed_head
from greetings.cli.proxy import FORGOTTEN
from greetings.cli.standing import StoreUnusable, open_standing_house, refuse_roots_hand
from greetings.errors import GreetingsError
from greetings.house import House, open_house
from greetings.moderation.digest import send_due
from greetings.operations.backup import back_up
from greetings.operations.housekeeping import keep_house
from greetings.operations.integrity import lasting_findings
from greetings.operations.restoring import StoreInUse, as_the_only_restore, restore_backup
from greetings.settings import Settings
from greetings.storage import StorageFull
from greetings.submissions.search_index import make_index_anew
from greetings.web.proxies import is_proxy_forgotten

CLEAN, FINDINGS, UNUSABLE = 0, 1, 2


@click.command()
@click.option(
    "--audit-head",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="a copy of the file audit-head, made earlier and kept on another machine",
)
@click.pass_obj
def check(settings: Settings, audit_head: Path | None) -> None:
    """Look for rows without files, files without rows, changed files and log entries, and words of the search
    that should be gone; say what protects.
    """
    house = open_standing_house(settings)
    try:
        head = parsed_head(audit_head.read_text(encoding="ascii", errors="replace")) if audit_head else None
        findings = lasting_findings(house, head)
        protections = house.pictures.protections()
        finds_faces = house.pictures.can_find_faces
    except HeadUnreadable:
        click.echo(f"{audit_head} is not a copy of audit-head.", err=True)
        sys.exit(UNUSABLE)
    except (SQLAlchemyError, OSError) as error:
        click.echo(f"The store can't be read ({type(error).__name__}).", err=True)
        sys.exit(UNUSABLE)
    finally:
        house.close()
    for finding in findings:
        click.echo(str(finding))
    for name, is_on in protections.items():
        click.echo(f"protection {name}: {'on' if is_on else 'OFF'}")
    by_hand = "off (covers are drawn by hand; make run FACES=1 brings it)"
    click.echo(f"finding faces: {'on' if finds_faces else by_hand}")
    click.echo(f"Findings: {len(findings)}." if findings else "The store is whole.")
    if is_proxy_forgotten(settings):
        click.echo(FORGOTTEN)
    if not all(protections.values()):
        click.echo("Pictures of strangers are opened here without every protection.")
    sys.exit(CLEAN if not findings and all(protections.values()) else FINDINGS)


@click.command()
@click.option("--search-anew", is_flag=True, help="make the search indexes anew first, from the greetings")
@click.pass_obj
def housekeeping(settings: Settings, *, search_anew: bool) -> None:
    """Do one round of what the server does every hour: retention, the sweep, forgetting, settling."""
    refuse_roots_hand(settings)
    house = open_standing_house(settings)
    try:
        if search_anew:
            click.echo(f"taken into the search indexes: {make_index_anew(house.database)}")
        for name, number in keep_house(house).items():
            click.echo(f"{name}: {number}")
        click.echo(f"letters: {send_due(house)}")
    finally:
        house.close()


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Save everything into FILE while the server runs. Whoever has FILE has everything: lock it away."""
    _say_or_fail(open_standing_house(settings), lambda house: back_up(house, file))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--erasures",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="the list kept beside the backup",
)
@click.pass_obj
def restore(settings: Settings, file: Path, erasures: Path | None) -> None:
    """Bring FILE back into an empty store, and erase again whatever was erased since it was saved."""
    try:
        with as_the_only_restore(settings):
            _say_or_fail(open_house(settings), lambda house: restore_backup(house, file, erasures))
    except StoreInUse as error:
        raise StoreUnusable(str(error)) from error


def _say_or_fail(house: House, act: Callable[[House], str]) -> None:
    try:
        click.echo(act(house))
    except StorageFull:
        raise
    except GreetingsError as error:
        raise StoreUnusable(str(error)) from error
    finally:
        house.close()
