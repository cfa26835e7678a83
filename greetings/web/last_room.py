"""Taking back on a full disk: what was laid by for it is let go, and it is done once more."""

from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from greetings.storage import StorageFull
from greetings.web.context import house, roll_back, session
from greetings.web.errors import is_full_disk, tell_operator


def with_the_last_room(take_back: Callable[[], object]) -> None:
    """Do it and commit. Raises what it raises, also where there is nothing left to let go."""
    try:
        take_back()
        session().commit()
    except (StorageFull, OperationalError) as error:
        roll_back()
        if not is_full_disk(error) or not house().reserve.let_go():
            raise
        tell_operator(error)
        take_back()
        session().commit()
