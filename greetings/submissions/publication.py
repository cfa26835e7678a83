"""What is public, kept true: rows, files and counts change together, whoever caused the change.

Files of a public greeting stand in the public store, and no others do. They are put there before the commit
and taken back if it fails; they are deleted after it. A sweep finds what a crash left in between.
"""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.db.session import after_commit, on_rollback
from greetings.db.upsert import insert_into
from greetings.ids import new_id
from greetings.storage import Storage
from greetings.submissions.files import PUBLIC_RENDITIONS, delete_all, private_key, public_key, public_keys
from greetings.submissions.models import GonePicture, Greeting, Photo, WallCounter, WallTally
from greetings.submissions.rules import FINAL_STATES, State, is_for_screen, is_public


def keep_public_true(session: Session, storage: Storage, greeting: Greeting) -> None:
    """Publish or unpublish a greeting, if its state, consents or action say other than what is; and let the
    screen at events show it, or no longer.
    """
    action_is_public = (
        session.scalar(select(Action.is_public).where(Action.id == greeting.action_id)) or False
    )
    should_be = is_public(
        action_is_public=action_is_public,
        state=greeting.state,
        granted=greeting.granted,
        disallowed=greeting.disallowed,
    )
    if should_be and greeting.public_sequence is None:
        _publish(session, storage, greeting)
    elif not should_be and greeting.public_sequence is not None:
        _unpublish(session, storage, greeting)
    _keep_screen_true(session, greeting, action_is_public=action_is_public)


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


def _keep_screen_true(session: Session, greeting: Greeting, *, action_is_public: bool) -> None:
    """The screen reads pictures through a view that asks this row each time: there are no files to move."""
    should_be = is_for_screen(
        action_is_public=action_is_public,
        state=greeting.state,
        granted=greeting.granted,
        disallowed=greeting.disallowed,
    )
    if not should_be:
        greeting.screen_sequence = None
    elif greeting.screen_sequence is None:
        greeting.screen_sequence = _next_sequence(session, greeting.action_id)


def _publish(session: Session, storage: Storage, greeting: Greeting) -> None:
    greeting.public_sequence = _next_sequence(session, greeting.action_id)
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


def _next_sequence(session: Session, action_id: int) -> int:
    """The next place in the order of an action; whoever has taken one is alone with it until the commit."""
    first = insert_into(session, WallCounter).values(action_id=action_id, last=1)
    counted = first.on_conflict_do_update(
        index_elements=[WallCounter.action_id], set_={"last": WallCounter.last + 1}
    )
    return session.scalars(counted.returning(WallCounter.last)).one()


def _count(session: Session, greeting: Greeting, change: int) -> None:
    place = ("action_id", "kind", "country", "language")
    facts = {name: getattr(greeting, name) for name in place}
    first = insert_into(session, WallTally).values(greetings=change, **facts)
    session.execute(
        first.on_conflict_do_update(
            index_elements=place, set_={"greetings": WallTally.greetings + first.excluded.greetings}
        )
    )
