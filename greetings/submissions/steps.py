"""The one way a greeting changes: state, version, audit entry, what is public, in one transaction."""

from collections.abc import Set as AbstractSet

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from greetings.actions.models import Action
from greetings.audit import SENDER
from greetings.clock import to_the_hour
from greetings.db.session import after_commit
from greetings.errors import NotFound, VersionStale
from greetings.house import House
from greetings.submissions.erasers import registered_erasers
from greetings.submissions.erasures import note_erasure, note_less
from greetings.submissions.files import delete_all, private_keys
from greetings.submissions.likeness import note_likeness
from greetings.submissions.models import Greeting
from greetings.submissions.photos import forget_earlier
from greetings.submissions.publication import keep_public_true
from greetings.submissions.rules import FINAL_STATES, State, Step, Use, next_state

_ITS_ACTION = (
    select(Action)
    .where(
        Action.id
        == select(Greeting.action_id).where(Greeting.id == bindparam("greeting_id")).scalar_subquery()
    )
    .with_for_update(read=True)
    .options(lazyload(Action.texts))
    .execution_options(populate_existing=True)
)


class CoversNotConfirmed(Exception):
    """Its sender asked for faces to be covered, and nobody has looked at the covers yet."""


def greeting_to_change(session: Session, greeting_id: str, version: int | None = None) -> Greeting:
    """The greeting, locked until the commit. `VersionStale` if it isn't what the caller saw.

    Its action is locked before it, shared with everybody but whoever changes the action: what is public of it
    can't be decided while the action is being hidden.
    """
    action = session.scalar(_ITS_ACTION, {"greeting_id": greeting_id})
    greeting = session.scalar(
        select(Greeting)
        .where(Greeting.id == greeting_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if greeting is None:
        raise NotFound(greeting_id)
    set_committed_value(greeting, "action", action)  # as it is while it's locked, and read once
    if version is not None and greeting.version != version:
        raise VersionStale(greeting_id)
    return greeting


def take_step(
    house: House,
    session: Session,
    greeting: Greeting,
    step: Step,
    *,
    actor: str,
    reason: str | None = None,
    disallowed: AbstractSet[Use] | None = None,
) -> None:
    """Take one step with a greeting from `greeting_to_change`; `IllegalStep` when it leads nowhere."""
    target = next_state(greeting.state, step)
    if target is not State.APPROVED and target not in FINAL_STATES:
        have_looked_at_again(house, session, greeting)
    if target is State.APPROVED and greeting.needs_covers:
        raise CoversNotConfirmed(greeting.id)
    with session.no_autoflush:  # the row is written once, with everything that the step changes in it
        _enter(house, session, greeting, target, step=step, actor=actor, reason=reason, disallowed=disallowed)
        # claims and exports are locked before the counts of the wall, by everybody
        keys = _forget_in_rooms(session, greeting) if target in FINAL_STATES else []
        keep_public_true(session, house.storage, greeting)
    if target is State.APPROVED:
        forget_earlier(session, house.storage, greeting)
    if target in FINAL_STATES:
        _empty(house, session, greeting, keys)
    session.flush()


def _enter(
    house: House,
    session: Session,
    greeting: Greeting,
    target: State,
    *,
    step: Step,
    actor: str,
    reason: str | None,
    disallowed: AbstractSet[Use] | None,
) -> None:
    """The greeting's own columns, and the audit entry that says what became of it."""
    before, now = greeting.state, house.clock()
    at = to_the_hour(now) if actor == SENDER else now
    greeting.state = target
    greeting.changed_at = to_the_hour(now)
    greeting.reason = reason if step is Step.REJECT else None
    greeting.decided_by, greeting.decided_at = (
        (actor, at) if step in {Step.APPROVE, Step.REJECT} else (None, None)
    )
    if disallowed is not None:
        greeting.disallowed = frozenset(disallowed)
    house.audit.add(
        session,
        at=at,
        actor=actor,
        act=step.value,
        subject=greeting.id,
        details={"from": before.value, "reason": greeting.reason, "disallowed": sorted(greeting.disallowed)},
    )


def set_uses(
    house: House,
    session: Session,
    greeting: Greeting,
    *,
    actor: str,
    granted: AbstractSet[Use] | None = None,
    disallowed: AbstractSet[Use] | None = None,
) -> None:
    """Change what may be done with a greeting: its sender takes consent back, a moderator disallows."""
    now = house.clock()
    if granted is not None:
        _note_less(house, session, greeting, {use.value for use in greeting.granted - granted})
        greeting.granted = frozenset(granted)
    if disallowed is not None:
        if disallowed - greeting.disallowed:
            have_looked_at_again(house, session, greeting)
        greeting.disallowed = frozenset(disallowed)
    greeting.changed_at = to_the_hour(now)
    house.audit.add(
        session,
        at=to_the_hour(now) if actor == SENDER else now,
        actor=actor,
        act="set-uses",
        subject=greeting.id,
        details={"granted": sorted(greeting.granted), "disallowed": sorted(greeting.disallowed)},
    )
    keep_public_true(session, house.storage, greeting)
    session.flush()


def have_looked_at_again(house: House, session: Session, greeting: Greeting) -> None:
    """To be called before less of an approved greeting is shown than until now: should a backup of before be
    restored, it waits for a moderator.
    """
    if greeting.state is State.APPROVED:
        _note_less(house, session, greeting, {str(greeting.version)})


def _note_less(house: House, session: Session, greeting: Greeting, what: set[str]) -> None:
    greeting_id = greeting.id
    if what:
        after_commit(session, lambda: note_less(house.settings, greeting_id, what))


def _forget_in_rooms(session: Session, greeting: Greeting) -> list[str]:
    """What other rooms hold of it goes; the keys of their files."""
    return [key for erase in registered_erasers() for key in erase(session, greeting) or ()]


def _empty(house: House, session: Session, greeting: Greeting, keys_of_rooms: list[str]) -> None:
    """Rows first, files after the commit; the emptied row stays and answers 410."""
    keys = keys_of_rooms + [key for photo in greeting.photos for key in private_keys(photo)]
    forget_earlier(session, house.storage, greeting)
    greeting.photos.clear()
    greeting.original = None
    for column in (
        "text",
        "name",
        "town",
        "country",
        "organisation",
        "office",
        "consent_from",
        "search_text",
    ):
        setattr(greeting, column, "")
    greeting.granted = frozenset()
    greeting.shows_people_who_agreed = greeting.shows_children = False
    greeting.wants_faces_covered = greeting.covers_confirmed = False
    note_likeness(session, greeting)
    after_commit(session, lambda: note_erasure(house.settings, greeting.id))
    after_commit(session, lambda: delete_all(house.storage, keys))
