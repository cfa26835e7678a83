"""What is public, kept true: rows, files and counts change together, whoever caused the change.

Files of a public greeting stand in the public store, and no others do. They are put there before the commit
and taken back if it fails; they are deleted after it. A sweep finds what a crash left in between.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import and_, not_, or_, select, update
from sqlalchemy.orm import Session, selectinload

from greetings.actions.models import Action
from greetings.db.session import after_commit, on_rollback
from greetings.db.upsert import insert_into
from greetings.ids import new_id
from greetings.storage import Storage
from greetings.submissions.files import PUBLIC_RENDITIONS, delete_all, private_key, public_key, public_keys
from greetings.submissions.models import GonePicture, Greeting, Photo, WallCounter, WallTally
from greetings.submissions.queries import may_use
from greetings.submissions.rules import FINAL_STATES, Kind, State, Use, is_for_screen, is_public
from greetings.submissions.search_index import forget_wall

_Sort = tuple[Kind, str, str]  # kind, country and language: greetings of one sort are counted together


_IS_ON_WALL = Greeting.public_sequence.is_not(None)
_IS_ON_SCREEN = Greeting.screen_sequence.is_not(None)
# of an action that is public: what is where it shouldn't be, or isn't where it should
_IS_UNTRUE = or_(
    and_(_IS_ON_WALL, not_(may_use(Use.GALLERY))),
    and_(may_use(Use.GALLERY), not_(_IS_ON_WALL)),
    and_(_IS_ON_SCREEN, not_(may_use(Use.EVENTS))),
    and_(may_use(Use.EVENTS), not_(_IS_ON_SCREEN)),
)


class _Facts(TypedDict):
    action_is_public: bool
    state: State
    granted: AbstractSet[Use]
    disallowed: AbstractSet[Use]


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to become of one greeting, whose row may say something else yet."""

    greeting: Greeting
    is_for_wall: bool
    is_for_screen: bool

    @property
    def comes_onto_wall(self) -> bool:
        return self.is_for_wall and self.greeting.public_sequence is None

    @property
    def leaves_wall(self) -> bool:
        return not self.is_for_wall and self.greeting.public_sequence is not None

    @property
    def comes_onto_screen(self) -> bool:
        return self.is_for_screen and self.greeting.screen_sequence is None


def keep_public_true(session: Session, storage: Storage, greeting: Greeting) -> None:
    """Publish or unpublish a greeting, if its state, consents or action say other than what is; and let the
    screen at events show it, or no longer.
    """
    _keep_true(session, storage, greeting.action_id, [_change(greeting, greeting.action.is_public)])


def keep_action_true(session: Session, storage: Storage, action: Action) -> None:
    """The same for every greeting of an action, after it was shown or hidden: all at once, for nobody else
    writes meanwhile on SQLite. After any other change of the action there is none to be changed.

    All of them are locked first, in one order, before any count is. None can be decided meanwhile: whoever
    decides shares the lock on the action (see `steps.greeting_to_change`).
    """
    if not action.is_public:
        _hide_all(session, storage, action.id)
        return
    greetings = session.scalars(
        select(Greeting)
        .where(Greeting.action_id == action.id, _IS_UNTRUE)
        .order_by(Greeting.sequence)
        .with_for_update()
        .options(selectinload(Greeting.photos))
        .execution_options(populate_existing=True)
    ).all()
    _keep_true(session, storage, action.id, [_change(one, action.is_public) for one in greetings])


def _hide_all(session: Session, storage: Storage, action_id: int) -> None:
    """Take a whole wall down in a few statements, however long it is, and let its files go together."""
    shown = and_(Greeting.action_id == action_id, or_(_IS_ON_WALL, _IS_ON_SCREEN))
    if not session.scalars(
        select(Greeting.sequence).where(shown).order_by(Greeting.sequence).with_for_update()
    ).all():
        return
    on_wall = select(Greeting.sequence).where(Greeting.action_id == action_id, _IS_ON_WALL)
    has_files = and_(Photo.greeting_sequence.in_(on_wall), Photo.public_name.is_not(None))
    names = [name for name in session.scalars(select(Photo.public_name).where(has_files)) if name]
    forget_wall(session, action_id)
    for change in (
        update(Photo).where(has_files).values(public_name=None),
        update(Greeting)
        .where(shown)
        .values(public_sequence=None, screen_sequence=None, version=Greeting.version + 1),
        update(WallTally).where(WallTally.action_id == action_id).values(greetings=0),
    ):
        session.execute(change, execution_options={"synchronize_session": False})
    for row in session.identity_map.values():
        if isinstance(row, Greeting | Photo | WallTally):
            session.expire(row)
    keys = [key for name in names for key in public_keys(name)]
    after_commit(session, lambda: delete_all(storage, keys))


def _change(greeting: Greeting, action_is_public: bool) -> _Change:  # noqa: FBT001 - the second of two facts
    facts: _Facts = {
        "action_is_public": action_is_public,
        "state": greeting.state,
        "granted": greeting.granted,
        "disallowed": greeting.disallowed,
    }
    return _Change(greeting, is_public(**facts), is_for_screen(**facts))


def _keep_true(session: Session, storage: Storage, action_id: int, changes: Sequence[_Change]) -> None:
    # the places of wall and screen at once, and before anything is counted
    places = _next_places(
        session, action_id, sum(one.comes_onto_wall + one.comes_onto_screen for one in changes)
    )
    counts: Counter[_Sort] = Counter()
    for change in changes:
        greeting = change.greeting
        sort = (greeting.kind, greeting.country, greeting.language)
        if change.comes_onto_wall:
            greeting.public_sequence = next(places)
            for photo in greeting.photos:
                publish_photo(session, storage, photo)
            counts[sort] += 1
        elif change.leaves_wall:
            greeting.public_sequence = None
            for photo in greeting.photos:
                unpublish_photo(session, storage, photo, for_good=greeting.state in FINAL_STATES)
            counts[sort] -= 1
        # the screen reads pictures through a view that asks this row each time: there are no files to move
        if change.comes_onto_screen:
            greeting.screen_sequence = next(places)
        elif not change.is_for_screen:
            greeting.screen_sequence = None
    _count(session, action_id, counts)


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


def _count(session: Session, action_id: int, counts: Mapping[_Sort, int]) -> None:
    place = ("action_id", "kind", "country", "language")
    for sort, change in sorted(counts.items()):
        facts = dict(zip(place, (action_id, *sort), strict=True))
        first = insert_into(session, WallTally).values(greetings=change, **facts)
        session.execute(
            first.on_conflict_do_update(
                index_elements=place, set_={"greetings": WallTally.greetings + first.excluded.greetings}
            )
        )
