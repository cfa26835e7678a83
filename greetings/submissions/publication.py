"""What is public, kept true: rows, files and counts change together, whoever caused the change.

Files of a public greeting stand in the public store, and no others do. They are put there before the commit
and taken back if it fails; they are deleted after it. A sweep finds what a crash left in between.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import TypedDict

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.db.session import after_commit, on_rollback
from greetings.db.upsert import insert_into
from greetings.ids import new_id
from greetings.storage import Storage
from greetings.submissions.files import PUBLIC_RENDITIONS, delete_all, private_key, public_key, public_keys
from greetings.submissions.models import GonePicture, Greeting, Photo, WallCounter, WallTally
from greetings.submissions.rules import FINAL_STATES, State, Use, is_for_screen, is_public


class _Facts(TypedDict):
    action_is_public: bool
    state: State
    granted: AbstractSet[Use]
    disallowed: AbstractSet[Use]


def keep_public_true(session: Session, storage: Storage, greeting: Greeting) -> None:
    """Publish or unpublish a greeting, if its state, consents or action say other than what is; and let the
    screen at events show it, or no longer.
    """
    action_is_public = (
        session.scalar(select(Action.is_public).where(Action.id == greeting.action_id)) or False
    )
    facts: _Facts = {
        "action_is_public": action_is_public,
        "state": greeting.state,
        "granted": greeting.granted,
        "disallowed": greeting.disallowed,
    }
    should_be, should_be_on_screen = is_public(**facts), is_for_screen(**facts)
    is_new = should_be and greeting.public_sequence is None
    is_new_on_screen = should_be_on_screen and greeting.screen_sequence is None
    # both places at once, and before anything is counted
    places = _next_places(session, greeting.action_id, is_new + is_new_on_screen)
    if is_new:
        _publish(session, storage, greeting, next(places))
    elif not should_be and greeting.public_sequence is not None:
        _unpublish(session, storage, greeting)
    # the screen reads pictures through a view that asks this row each time: there are no files to move
    if is_new_on_screen:
        greeting.screen_sequence = next(places)
    elif not should_be_on_screen:
        greeting.screen_sequence = None


def keep_action_true(session: Session, storage: Storage, action: Action) -> None:
    """The same for every greeting of an action, after it was shown or hidden.

    All that could be shown are locked first, in one order, before any count is. None of them can be decided
    meanwhile: whoever decides shares the lock on the action (see `steps.greeting_to_change`).
    """
    could_be_shown = or_(
        Greeting.state == State.APPROVED,
        Greeting.public_sequence.is_not(None),
        Greeting.screen_sequence.is_not(None),
    )
    for greeting in session.scalars(
        select(Greeting)
        .where(Greeting.action_id == action.id, could_be_shown)
        .order_by(Greeting.sequence)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all():
        keep_public_true(session, storage, greeting)


def _publish(session: Session, storage: Storage, greeting: Greeting, place: int) -> None:
    greeting.public_sequence = place
    for photo in greeting.photos:
        publish_photo(session, storage, photo)
    _count(session, greeting, +1)


def _unpublish(session: Session, storage: Storage, greeting: Greeting) -> None:
    _count(session, greeting, -1)
    greeting.public_sequence = None
    for photo in greeting.photos:
        unpublish_photo(session, storage, photo, for_good=greeting.state in FINAL_STATES)


def publish_photo(session: Session, storage: Storage, photo: Photo) -> None:
    """Give a photo a new public name and its files under it."""
    public_name = new_id()
    on_rollback(session, lambda: delete_all(storage, public_keys(public_name)))
    for rendition in PUBLIC_RENDITIONS:
        storage.copy(private_key(photo.private_name, rendition), public_key(public_name, rendition))
    photo.public_name = public_name


def unpublish_photo(session: Session, storage: Storage, photo: Photo, *, for_good: bool) -> None:
    """Take a photo's public files away; `for_good`, its address answers 410 from now on."""
    public_name = photo.public_name
    if public_name is None:
        return
    photo.public_name = None
    if for_good:
        session.add(GonePicture(public_name=public_name))
    after_commit(session, lambda: delete_all(storage, public_keys(public_name)))


def _next_places(session: Session, action_id: int, count: int) -> Iterator[int]:
    """The next places in the order of an action; whoever has taken some is alone with it until the commit."""
    if not count:
        return iter(())
    first = insert_into(session, WallCounter).values(action_id=action_id, last=count)
    counted = first.on_conflict_do_update(
        index_elements=[WallCounter.action_id], set_={"last": WallCounter.last + count}
    )
    last = session.scalars(counted.returning(WallCounter.last)).one()
    return iter(range(last - count + 1, last + 1))


def _count(session: Session, greeting: Greeting, change: int) -> None:
    place = ("action_id", "kind", "country", "language")
    facts = {name: getattr(greeting, name) for name in place}
    first = insert_into(session, WallTally).values(greetings=change, **facts)
    session.execute(
        first.on_conflict_do_update(
            index_elements=place, set_={"greetings": WallTally.greetings + first.excluded.greetings}
        )
    )
