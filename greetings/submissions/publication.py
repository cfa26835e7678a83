"""What is public, kept true: rows, files and counts change together, whoever caused the change.

Files of a public greeting stand in the public store, and no others do. They are put there before the commit
and taken back if it fails; they are deleted after it. A sweep finds what a crash left in between.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple, TypedDict

from sqlalchemy.orm import Session

from greetings.db.session import after_commit, on_rollback
from greetings.db.upsert import insert_into
from greetings.ids import new_id
from greetings.storage import Storage
from greetings.submissions.files import PUBLIC_RENDITIONS, delete_all, private_key, public_key, public_keys
from greetings.submissions.models import GonePicture, Greeting, Photo, WallCounter, WallTally
from greetings.submissions.rules import FINAL_STATES, Kind, State, Use, is_for_screen, is_public


class Sort(NamedTuple):
    """Greetings of one sort are counted together."""

    kind: Kind
    country: str
    language: str


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
    change = _change(greeting, greeting.action.is_public)
    # the places of wall and screen at once, and before anything is counted
    places = next_places(session, greeting.action_id, change.comes_onto_wall + change.comes_onto_screen)
    counts: Counter[Sort] = Counter()
    sort = Sort(greeting.kind, greeting.country, greeting.language)
    if change.comes_onto_wall:
        greeting.public_sequence = next(places)
        for photo in greeting.photos:
            publish_photo(session, storage, photo)
        counts[sort] = 1
    elif change.leaves_wall:
        greeting.public_sequence = None
        for photo in greeting.photos:
            unpublish_photo(session, storage, photo, for_good=greeting.state in FINAL_STATES)
        counts[sort] = -1
    # the screen reads pictures through a view that asks this row each time: there are no files to move
    if change.comes_onto_screen:
        greeting.screen_sequence = next(places)
    elif not change.is_for_screen:
        greeting.screen_sequence = None
    count_sorts(session, greeting.action_id, counts)


def _change(greeting: Greeting, action_is_public: bool) -> _Change:  # noqa: FBT001 - the second of two facts
    facts: _Facts = {
        "action_is_public": action_is_public,
        "state": greeting.state,
        "granted": greeting.granted,
        "disallowed": greeting.disallowed,
    }
    return _Change(greeting, is_public(**facts), is_for_screen(**facts))


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


def next_places(session: Session, action_id: int, count: int) -> Iterator[int]:
    """The next places in the order of an action; whoever has taken some is alone with it until the commit."""
    if not count:
        return iter(())
    first = insert_into(session, WallCounter).values(action_id=action_id, last=count)
    counted = first.on_conflict_do_update(
        index_elements=[WallCounter.action_id], set_={"last": WallCounter.last + count}
    )
    last = session.scalars(counted.returning(WallCounter.last)).one()
    return iter(range(last - count + 1, last + 1))


def count_sorts(session: Session, action_id: int, counts: Mapping[Sort, int]) -> None:
    """Change the tallies of a wall by so many of each sort, in one order."""
    if not counts:
        return
    place = ("action_id", "kind", "country", "language")
    counted = insert_into(session, WallTally)
    session.execute(
        counted.on_conflict_do_update(
            index_elements=place, set_={"greetings": WallTally.greetings + counted.excluded.greetings}
        ),
        [
            {"greetings": change, "action_id": action_id, **sort._asdict()}
            for sort, change in sorted(counts.items())
        ],
    )
