"""A whole wall, shown or hidden with its action: all at once, for nobody else writes meanwhile on SQLite.

All its greetings are locked first, in one order, before any count is. None can be decided meanwhile: whoever
decides shares the lock on the action (see `steps.greeting_to_change`). Rows are written past the session, so
that ten thousand of them cost seconds; what the session holds of them is read again.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, and_, bindparam, not_, or_, select, update
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.db.session import after_commit, on_rollback
from greetings.ids import new_id
from greetings.storage import Storage
from greetings.submissions.files import PUBLIC_RENDITIONS, delete_all, private_key, public_key, public_keys
from greetings.submissions.models import Greeting, Photo, WallTally
from greetings.submissions.publication import Sort, count_sorts, keep_public_true, next_places
from greetings.submissions.queries import may_use
from greetings.submissions.rules import Use
from greetings.submissions.search_index import find_on_wall, forget_wall

GREETINGS_AT_ONCE = 1000
LINKED = "photos_linked"  # of a session: by the number of a photo its private and its new public name

T = TypeVar("T")

_IS_ON_WALL = Greeting.public_sequence.is_not(None)
_IS_ON_SCREEN = Greeting.screen_sequence.is_not(None)
# of an action that is public: what isn't where it should be, or is where it shouldn't
_COMES_ONTO_WALL = and_(may_use(Use.GALLERY), not_(_IS_ON_WALL))
_COMES_ONTO_SCREEN = and_(may_use(Use.EVENTS), not_(_IS_ON_SCREEN))
_IS_TOO_MUCH = or_(
    and_(_IS_ON_WALL, not_(may_use(Use.GALLERY))), and_(_IS_ON_SCREEN, not_(may_use(Use.EVENTS)))
)


def keep_action_true(session: Session, storage: Storage, action: Action) -> None:
    """Publish or unpublish every greeting of an action after it was shown or hidden; and let the screen at
    events show them, or no longer. After any other change of the action there is none to be changed.
    """
    if action.is_public:
        _show_all(session, storage, action.id)
    else:
        _hide_all(session, storage, action.id)
    _unlink_what_was_not_hung(session, storage)


def _show_all(session: Session, storage: Storage, action_id: int) -> None:
    """Hang a whole wall, in the order in which its greetings came."""
    untrue = session.execute(
        select(
            *(Greeting.sequence, Greeting.kind, Greeting.country, Greeting.language),
            *(Greeting.public_sequence, Greeting.screen_sequence),
            _COMES_ONTO_WALL.label("comes_onto_wall"),
            _COMES_ONTO_SCREEN.label("comes_onto_screen"),
            _IS_TOO_MUCH.label("is_too_much"),
        )
        .where(Greeting.action_id == action_id, or_(_COMES_ONTO_WALL, _COMES_ONTO_SCREEN, _IS_TOO_MUCH))
        .order_by(Greeting.sequence)
        .with_for_update()
    ).all()
    coming = [row for row in untrue if not row.is_too_much]
    for some in _some_of(coming):
        _hang(session, storage, action_id, some)
    counts = Counter(Sort(row.kind, row.country, row.language) for row in coming if row.comes_onto_wall)
    count_sorts(session, action_id, counts)
    if untrue:
        _read_again(session)
    for row in untrue:
        if row.is_too_much:  # which only something past the program can have brought about
            keep_public_true(session, storage, session.get_one(Greeting, row.sequence))


def _hang(session: Session, storage: Storage, action_id: int, coming: Sequence[Any]) -> None:
    """Some greetings of a wall: their places, then their photos and their words."""
    places = next_places(
        session, action_id, sum(row.comes_onto_wall + row.comes_onto_screen for row in coming)
    )
    session.connection().execute(
        update(Greeting)
        .where(Greeting.sequence == bindparam("row"))
        .values(
            public_sequence=bindparam("on_wall"),
            screen_sequence=bindparam("on_screen"),
            version=Greeting.version + 1,
        ),
        [
            {
                "row": row.sequence,
                "on_wall": next(places) if row.comes_onto_wall else row.public_sequence,
                "on_screen": next(places) if row.comes_onto_screen else row.screen_sequence,
            }
            for row in coming
        ],
    )
    sequences = [row.sequence for row in coming if row.comes_onto_wall]
    _publish_photos(session, storage, sequences)
    find_on_wall(session, sequences)


def link_photos(session: Session, storage: Storage, action_id: int) -> None:
    """Give the photos of a wall that will be hung their files under public names, while others still write.

    No row knows these names yet. Whatever isn't hung in the end goes again: with the rollback, or for photos
    that were covered or taken back meanwhile with the commit.
    """
    coming = select(Greeting.sequence).where(Greeting.action_id == action_id, _COMES_ONTO_WALL)
    linked = {
        number: (private_name, new_id())
        for some in _some_of(session.scalars(coming).all())
        for number, private_name in session.execute(_photos_of(some))
    }
    session.info[LINKED] = linked
    on_rollback(session, lambda: session.info.pop(LINKED, None))
    _link(session, storage, linked.values())


def _photos_of(sequences: Sequence[int]) -> Select[int, str]:
    """The greetings are named, not asked for again: PostgreSQL, which may have counted none on the wall when
    it last looked, would compare every photo with every greeting.
    """
    return select(Photo.number, Photo.private_name).where(Photo.greeting_sequence.in_(sequences))


def _link(session: Session, storage: Storage, names: Collection[tuple[str, str]]) -> None:
    keys = [key for _, public_name in names for key in public_keys(public_name)]
    on_rollback(session, lambda: delete_all(storage, keys))
    storage.copy_all(
        (private_key(private_name, rendition), public_key(public_name, rendition))
        for private_name, public_name in names
        for rendition in PUBLIC_RENDITIONS
    )


def _publish_photos(session: Session, storage: Storage, sequences: Sequence[int]) -> None:
    """Give the photos of some greetings new public names, and their files under them."""
    linked: dict[int, tuple[str, str]] = session.info.get(LINKED, {})
    names: dict[int, str] = {}
    new: list[tuple[str, str]] = []
    for number, private_name in session.execute(_photos_of(sequences)):
        if linked.get(number, ("",))[0] == private_name:
            names[number] = linked.pop(number)[1]
        else:  # it came, or was covered, since
            names[number] = new_id()
            new.append((private_name, names[number]))
    if not names:
        return
    if new:
        _link(session, storage, new)
    session.connection().execute(
        update(Photo).where(Photo.number == bindparam("row")).values(public_name=bindparam("name")),
        [{"row": number, "name": public_name} for number, public_name in names.items()],
    )


def _unlink_what_was_not_hung(session: Session, storage: Storage) -> None:
    left: dict[int, tuple[str, str]] = session.info.pop(LINKED, {})
    if left:
        keys = [key for _, public_name in left.values() for key in public_keys(public_name)]
        after_commit(session, lambda: delete_all(storage, keys))


def _hide_all(session: Session, storage: Storage, action_id: int) -> None:
    """Take a whole wall down in a few statements, however long it is, and let its files go together."""
    shown = and_(Greeting.action_id == action_id, or_(_IS_ON_WALL, _IS_ON_SCREEN))
    sequences = session.scalars(
        select(Greeting.sequence).where(shown).order_by(Greeting.sequence).with_for_update()
    ).all()
    if not sequences:
        return
    names: list[str] = []
    for some in _some_of(sequences):
        names += _unpublish_photos(session, some)
    forget_wall(session, action_id)
    for change in (
        update(Greeting)
        .where(shown)
        .values(public_sequence=None, screen_sequence=None, version=Greeting.version + 1),
        update(WallTally).where(WallTally.action_id == action_id).values(greetings=0),
    ):
        session.execute(change, execution_options={"synchronize_session": False})
    _read_again(session)
    keys = [key for name in names for key in public_keys(name)]
    after_commit(session, lambda: delete_all(storage, keys))


def _unpublish_photos(session: Session, sequences: Sequence[int]) -> list[str]:
    """Take the public names from the photos of some greetings, named as in `_photos_of`; which they were."""
    has_files = and_(Photo.greeting_sequence.in_(sequences), Photo.public_name.is_not(None))
    names = [name for name in session.scalars(select(Photo.public_name).where(has_files)) if name]
    bare = update(Photo).where(has_files).values(public_name=None)
    session.execute(bare, execution_options={"synchronize_session": False})
    return names


def _some_of(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for first in range(0, len(things), GREETINGS_AT_ONCE):
        yield things[first : first + GREETINGS_AT_ONCE]


def _read_again(session: Session) -> None:
    for row in session.identity_map.values():
        if isinstance(row, Greeting | Photo | WallTally):
            session.expire(row)
