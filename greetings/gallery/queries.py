"""What the wall asks of the database. Only public greetings ever come out of here: every select begins with
`_IS_PUBLIC`, which asks the greeting, its state and its action.

A connection is enough for that: what a session knows of objects costs a page more than its rows do.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.gallery.finding import Places, values_to_find, ways_to_find
from greetings.gallery.rules import PAGE_SIZE
from greetings.gallery.tallies import Tally, tallies_of
from greetings.submissions.models import GonePicture, Greeting, OriginalWords, Photo
from greetings.submissions.rules import FINAL_STATES, Kind, State
from greetings.submissions.search_words import choice_words


class PublicPicture(NamedTuple):
    """A picture of a public greeting, by the name under which anyone may fetch it."""

    public_name: str
    width_px: int
    height_px: int
    average_colour: str
    description: str


class PublicGreeting(NamedTuple):
    """What the wall shows of a greeting, its public pictures in their sender's order."""

    sequence: int
    public_sequence: int
    id: str
    kind: Kind
    language: str
    text: str
    name: str
    town: str
    country: str
    organisation: str
    office: str
    received_at: datetime
    pictures: tuple[PublicPicture, ...] = ()


class Days(NamedTuple):
    """On which day a greeting came onto the wall, and its words were last mended there."""

    hung: date
    mended: date


@dataclass(frozen=True, slots=True)
class WallFilter:
    """What a visitor wants to see of the wall; nothing chosen means everything."""

    kind: Kind | None = None
    country: str = ""
    language: str = ""
    words: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == WallFilter()


# columns of tables, not of rows that are loaded: a page is made of them alone
_ACTIONS, _GREETINGS = Action.__table__.c, Greeting.__table__.c
_PHOTOS = Photo.__table__.c
OWN_FACTS = PublicGreeting._fields[:-1]  # of the greeting's own row
_COLUMNS = [_GREETINGS[name] for name in OWN_FACTS]
_ACTION = bindparam("action_id", type_=Integer)
_BEFORE = bindparam("before", type_=BigInteger)
_SIZE = bindparam("size", type_=Integer)
_IS_PUBLIC = and_(
    _GREETINGS.action_id == _ACTION,
    _GREETINGS.public_sequence.is_not(None),
    _GREETINGS.state == State.APPROVED,
    select(_ACTIONS.id).where(_ACTIONS.id == _ACTION, _ACTIONS.is_public).exists(),
)
_NEWEST = 2**40 - 1  # above every public sequence


def page_of_greetings(
    connection: Connection,
    action_id: int,
    wanted: WallFilter,
    before: int | None = None,
    size: int = PAGE_SIZE,
    tallies: Sequence[Tally] | None = None,
) -> list[PublicGreeting]:
    """Up to `size` greetings, newest first, older than `before` (a public sequence).

    A choice needs the wall's kept counts: `tallies`, if the caller has them.
    """
    newest = _NEWEST if before is None else min(before, _NEWEST)
    values: dict[str, Any] = {"action_id": action_id, "before": newest, "size": size}
    if wanted.words:
        return _found_greetings(connection, wanted, values)
    if wanted.is_empty:
        return _greetings(connection, _page(), values)
    lists = _lists(wanted, tallies_of(connection, action_id) if tallies is None else tallies)
    if not lists:
        return []
    for number, one in enumerate(lists):
        values |= {f"{name}_{number}": getattr(one, name) for name in ("kind", "country", "language")}
    return _greetings(connection, _chosen_page(len(lists), by_country=bool(wanted.country)), values)


def _found_greetings(
    connection: Connection, wanted: WallFilter, values: dict[str, Any]
) -> list[PublicGreeting]:
    values |= values_to_find(connection, _all_words(wanted), values["action_id"], values["before"])
    found: list[PublicGreeting] = []
    for places in ways_to_find(connection):
        found = _greetings(connection, _found_page(places), values)
        if len(found) == values["size"]:
            break
    return found


def tallies_found(
    connection: Connection, action_id: int, wanted: WallFilter, most: int
) -> list[Tally] | None:
    """How many greetings a search finds, of each kind, country and language; None above `most`: no more
    is ever counted.
    """
    values: dict[str, Any] = {"action_id": action_id, "size": most + 1}
    values |= values_to_find(connection, _all_words(wanted), action_id, _NEWEST)
    found: list[tuple[Kind, str, str]] = []
    for places in ways_to_find(connection):
        found = list(map(tuple, connection.execute(_found_sorts(places), values).all()))
        if len(found) > most:
            return None
    counted = Counter(found).items()
    return [Tally(kind, country, language, greetings) for (kind, country, language), greetings in counted]


def _all_words(wanted: WallFilter) -> tuple[str, ...]:
    kind = wanted.kind.value if wanted.kind else ""
    return (*wanted.words, *choice_words(kind=kind, country=wanted.country, language=wanted.language))


def _lists(wanted: WallFilter, tallies: Iterable[Tally]) -> list[Tally]:
    """The lists that a choice consists of: by kind and language, and by country if one is chosen."""
    chosen = (
        Tally(tally.kind, tally.country if wanted.country else "", tally.language, 0)
        for tally in tallies
        if wanted.kind in {None, tally.kind}
        and wanted.country in {"", tally.country}
        and wanted.language in {"", tally.language}
    )
    return list(dict.fromkeys(chosen))


# ---- statements, each built once


@cache
def _page() -> Select[Any]:
    newest = _GREETINGS.public_sequence.desc()
    greetings = select(*_COLUMNS).where(_IS_PUBLIC, _GREETINGS.public_sequence < _BEFORE)
    return _with_pictures(greetings.order_by(newest).limit(_SIZE))


@cache
def _chosen_page(lists: int, *, by_country: bool) -> Select[Any]:
    """The newest of several lists, each read from its end in an index that holds it in order: however rare
    the choice, nothing is read that isn't shown.
    """
    parts = [_list(number, by_country=by_country) for number in range(lists)]
    places = union_all(*parts).subquery().c[0]
    newest = select(places).order_by(places.desc()).limit(_SIZE)  # rows are read of these alone
    return _page_of(newest.subquery().c[0])


def _list(number: int, *, by_country: bool) -> Select[Any]:
    same = [
        _GREETINGS.kind == bindparam(f"kind_{number}", type_=_GREETINGS.kind.type),
        _GREETINGS.language == bindparam(f"language_{number}", type_=String),
    ]
    if by_country:
        same.append(_GREETINGS.country == bindparam(f"country_{number}", type_=String))
    newest = (
        select(_GREETINGS.public_sequence)
        .where(_GREETINGS.action_id == _ACTION, *same, _GREETINGS.public_sequence < _BEFORE)
        .order_by(_GREETINGS.public_sequence.desc())
        .limit(_SIZE)
    )
    return select(newest.subquery().c[0])  # SQLite wants the order of each list inside


@cache
def _found_page(places: Places) -> Select[Any]:
    return _page_of(places().subquery().c[0])


@cache
def _found_sorts(places: Places) -> Select[Any]:
    """Kind, country and language of each that is found; counted by the caller. To group them, SQLite would
    read the whole wall in their order.
    """
    sort = [_GREETINGS[name] for name in ("kind", "country", "language")]
    return select(*sort).where(_IS_PUBLIC, _GREETINGS.public_sequence.in_(select(places().subquery().c[0])))


def _page_of(public_sequence: ColumnElement[Any]) -> Select[Any]:
    newest = _GREETINGS.public_sequence.desc()
    greetings = select(*_COLUMNS).where(_IS_PUBLIC, _GREETINGS.public_sequence.in_(select(public_sequence)))
    return _with_pictures(greetings.order_by(newest).limit(_SIZE))


def _with_pictures(greetings: Select[Any]) -> Select[Any]:
    """Each greeting as often as it has pictures, once without any: one question instead of two."""
    one = greetings.subquery()
    own = and_(_PHOTOS.greeting_sequence == one.c.sequence, _PHOTOS.public_name.is_not(None))
    return (
        select(*one.c, *(_PHOTOS[name] for name in PublicPicture._fields))
        .select_from(one.outerjoin(Photo.__table__, own))
        .order_by(one.c.public_sequence.desc(), _PHOTOS.position)
    )


def find_public_greeting(connection: Connection, action_id: int, greeting_id: str) -> PublicGreeting | None:
    """A greeting of this action, if it is public."""
    found = _greetings(connection, _one(), {"action_id": action_id, "id": greeting_id})
    return found[0] if found else None


@cache
def _one() -> Select[Any]:
    return _with_pictures(select(*_COLUMNS).where(_IS_PUBLIC, _GREETINGS.id == bindparam("id", type_=String)))


def get_row(session: Session, greeting: PublicGreeting) -> Greeting:
    """The row of a greeting that was read as public, for the room that may change it."""
    return session.get_one(Greeting, greeting.sequence)


def is_gone(connection: Connection, action_id: int, greeting_id: str) -> bool:
    """Whether a greeting of this action was withdrawn or erased."""
    found = select(Greeting.sequence).where(
        Greeting.id == greeting_id, Greeting.action_id == action_id, Greeting.state.in_(FINAL_STATES)
    )
    return connection.scalar(found) is not None


def find_newer(connection: Connection, action_id: int, public_sequence: int) -> PublicGreeting | None:
    """The greeting that came onto the wall after this one."""
    greetings = _greetings(connection, _newer(), {"action_id": action_id, "after": public_sequence})
    return greetings[0] if greetings else None


@cache
def _newer() -> Select[Any]:
    after = bindparam("after", type_=BigInteger)
    greetings = select(*_COLUMNS).where(_IS_PUBLIC, _GREETINGS.public_sequence > after)
    return _with_pictures(greetings.order_by(_GREETINGS.public_sequence).limit(1))


def find_older(connection: Connection, action_id: int, public_sequence: int) -> PublicGreeting | None:
    """The greeting that came onto the wall before this one."""
    greetings = page_of_greetings(connection, action_id, WallFilter(), public_sequence, size=1)
    return greetings[0] if greetings else None


def find_newest(connection: Connection, action_id: int) -> PublicGreeting | None:
    """The greeting that hangs first."""
    greetings = page_of_greetings(connection, action_id, WallFilter(), size=1)
    return greetings[0] if greetings else None


def find_oldest(connection: Connection, action_id: int) -> PublicGreeting | None:
    """The greeting that hangs last."""
    return find_newer(connection, action_id, 0)


def place_of(connection: Connection, action_id: int, public_sequence: int, most: int) -> int | None:
    """Which greeting on the wall this is, 1 for the newest; None below `most`: no more is ever counted."""
    newer = connection.scalar(
        _newer_count(), {"action_id": action_id, "after": public_sequence, "most": most}
    )
    return None if newer is None or newer >= most else newer + 1


@cache
def _newer_count() -> Select[Any]:
    after, most = bindparam("after", type_=BigInteger), bindparam("most", type_=Integer)
    newer = select(_GREETINGS.sequence).where(_IS_PUBLIC, _GREETINGS.public_sequence > after).limit(most)
    return select(func.count()).select_from(newer.subquery())


def days_of(connection: Connection, greetings: Iterable[PublicGreeting]) -> dict[str, Days]:
    """The days of greetings that were read as public, by ID. What its sender does later, taking a single
    consent back, is none of them.
    """
    mended = select(OriginalWords.greeting_sequence).where(
        OriginalWords.greeting_sequence == _GREETINGS.sequence
    )
    rows = connection.execute(
        select(
            _GREETINGS.id,
            func.coalesce(_GREETINGS.decided_at, _GREETINGS.received_at, type_=_GREETINGS.received_at.type),
            _GREETINGS.changed_at,
            mended.exists(),
        ).where(_GREETINGS.sequence.in_([greeting.sequence for greeting in greetings]))
    )
    return {
        greeting_id: Days(hung.date(), max(hung, changed).date() if is_mended else hung.date())
        for greeting_id, hung, changed, is_mended in rows
    }


def find_picture_digests(connection: Connection, public_name: str) -> dict[str, str] | None:
    """The digests of a picture's renditions, if its greeting and its action are public."""
    found = (
        select(Photo.digests)
        .join(Greeting, Greeting.sequence == Photo.greeting_sequence)
        .join(Action, Action.id == Greeting.action_id)
        .where(
            Photo.public_name == public_name,
            Greeting.public_sequence.is_not(None),
            Greeting.state == State.APPROVED,
            Action.is_public,
        )
    )
    return connection.scalar(found)


def is_gone_picture(connection: Connection, public_name: str) -> bool:
    """Whether a picture stood under that name and was withdrawn or erased."""
    found = select(GonePicture.public_name).where(GonePicture.public_name == public_name)
    return connection.scalar(found) is not None


def _greetings(connection: Connection, found: Select[Any], values: dict[str, Any]) -> list[PublicGreeting]:
    rows = connection.execute(found, values).all()
    return [_greeting(list(own)) for _, own in groupby(rows, _SEQUENCE_OF)]


def _greeting(rows: list[Row[Any]]) -> PublicGreeting:
    """A greeting from its rows: one for each picture, or one without any."""
    own = len(OWN_FACTS)
    pictures = [PublicPicture(*row[own:]) for row in rows if row[own] is not None]
    return PublicGreeting._make([*rows[0][:own], tuple(pictures)])


_SEQUENCE_OF = itemgetter(OWN_FACTS.index("sequence"))
