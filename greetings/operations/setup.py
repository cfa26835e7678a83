"""Setting up an installation: every part does nothing when it is done already, so a second start is quick."""

from greetings.accounts.service import first_organiser_link
from greetings.actions.service import load_default_actions
from greetings.house import House
from greetings.operations.schema import migrate
from greetings.posters.service import make_missing_posters
from greetings.submissions.search_index import keep_index_true


def set_up(house: House) -> None:
    """Bring schema and search index up to date, put the default action in, make the missing posters."""
    migrate(house.database)
    keep_index_true(house.database)
    with house.database.work() as session:
        load_default_actions(session)
    with house.database.reading() as session:
        make_missing_posters(house, session)


def sign_in_link(house: House) -> str | None:
    """The link by which the first organiser joins; None once there is one."""
    with house.database.work() as session:
        return first_organiser_link(house, session)
