"""Looking back: everything that was decided, found by words, name, moderator, reason, day, state.

Decided ones stand newest decision first and page by their moment; lists that hold others too (waiting,
withdrawn, erased) stand latest arrival first. Every page costs the same, however deep it lies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    column,
    false,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.ids import is_id
from greetings.moderation.queries import EXCERPT_LETTERS, is_first_photo
from greetings.moderation.rules import PAGE_ROWS, DecidedPlace
from greetings.submissions.models import Greeting, Photo, SearchDeskDocument
from greetings.submissions.rules import Kind, State, search_text
from greetings.submissions.search_words import fts5_query, split_words, tsquery

EVERYTHING = "all"
UNDESCRIBED = "undescribed"
DECIDED = frozenset({State.APPROVED, State.REJECTED})
MAX_WORDS = 200  # letters typed into the box; more than that finds nothing more
MOST_WORDS = 12
MANY = 2_000

_DESK_INDEX = table("search_index_desk", column("rowid", BigInteger), column("search_index_desk", Text))


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, as it stands in the address. `state` is "" (decided), a state, or `EVERYTHING`."""

    words: str = ""
    state: str = ""
    moderator: str = ""
    reason: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None
    photos: str = ""  # `UNDESCRIBED`: of one at least nobody said what can be seen

    @property
    def states(self) -> frozenset[State]:
        if self.state == EVERYTHING:
            return frozenset(State)
        return frozenset({State(self.state)}) if self.state else DECIDED

    @property
    def is_by_decision(self) -> bool:
        """Whether the list stands in the order of decisions; otherwise in the order of arrival."""
        return self.states <= DECIDED

    @property
    def is_narrowed(self) -> bool:
        return self != Search()

    @property
    def is_filtered(self) -> bool:
        """Whether it is narrowed by more than words."""
        return self != Search(words=self.words)

    def as_args(self) -> dict[str, str]:
        """The same as parts of an address; what isn't asked for is left out."""
        days = {name: day.isoformat() for name in ("since", "until") if (day := getattr(self, name))}
        texts = {"q": self.words, "state": self.state, "by": self.moderator, "reason": self.reason}
        texts |= {"action": self.action, "photos": self.photos}
        return {name: text for name, text in {**texts, **days}.items() if text}


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One line of the list."""

    id: str
    version: int
    state: State
    kind: Kind
    language: str
    name: str
    text: str
    town: str
    country: str
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None
    sequence: int
    private_name: str | None

    @property
    def place(self) -> DecidedPlace:
        return DecidedPlace(self.decided_at, self.sequence)

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED


def search_from(untrusted_args: Mapping[str, str]) -> Search:
    """The search of an address; what can't be meant is passed over."""
    state = untrusted_args.get("state", "")
    return Search(
        words=untrusted_args.get("q", "").strip()[:MAX_WORDS].replace("\0", ""),
        state=state if state == EVERYTHING or state in set(State) else "",
        moderator=_id_or_nothing(untrusted_args.get("by", "")),
        reason=_code_or_nothing(untrusted_args.get("reason", "")),
        action=_code_or_nothing(untrusted_args.get("action", "")),
        since=_day(untrusted_args.get("since", "")),
        until=_day(untrusted_args.get("until", "")),
        photos=UNDESCRIBED if untrusted_args.get("photos") == UNDESCRIBED else "",
    )


def page_of_found(session: Session, search: Search, after: DecidedPlace | None) -> list[FoundRow]:
    """One page and one row more of it, which tells that another page follows."""
    found = _columns().where(*_conditions(session, search)).limit(PAGE_ROWS + 1)
    if search.is_by_decision:
        found = found.order_by(Greeting.decided_at.desc(), Greeting.sequence.desc())
        if after is not None and after.decided_at is not None:
            found = found.where(_is_below(after.decided_at, after.sequence))
    else:
        found = found.order_by(Greeting.sequence.desc())
        if after is not None:
            found = found.where(Greeting.sequence < after.sequence)
    return [FoundRow(*row) for row in session.execute(found)]


def greeting_id_in(untrusted_words: str) -> str | None:
    """The ID that was typed, bare or in the address of a page; None when there is none."""
    for word in untrusted_words.split():
        for part in word.partition("?")[0].split("/"):
            if is_id(part):
                return part
    return None


def _columns() -> Select[Any]:
    return select(
        Greeting.id,
        Greeting.version,
        Greeting.state,
        Greeting.kind,
        Greeting.language,
        Greeting.name,
        func.substr(Greeting.text, 1, EXCERPT_LETTERS),
        Greeting.town,
        Greeting.country,
        Greeting.reason,
        Greeting.decided_by,
        Greeting.decided_at,
        Greeting.sequence,
        Photo.private_name,
    ).outerjoin(Photo, is_first_photo())


def _conditions(session: Session, search: Search) -> list[ColumnElement[bool]]:
    named = greeting_id_in(search.words)
    if named is not None:  # whoever has the ID means this one, whatever its state
        return [Greeting.id == named]
    conditions: list[ColumnElement[bool]] = []
    if search.is_by_decision:
        conditions.append(Greeting.decided_at.is_not(None))
        if search.state:
            # wrapped, so that the index of the queue isn’t taken: it knows no order of decisions
            conditions.append(func.lower(Greeting.state) == search.state)
    elif search.state != EVERYTHING:
        conditions.append(Greeting.state == State(search.state))
    if search.moderator:
        conditions.append(Greeting.decided_by == search.moderator)
    if search.reason:
        conditions.append(Greeting.reason == search.reason)
    if search.action:
        action_id = session.scalar(select(Action.id).where(Action.slug == search.action))
        conditions.append(Greeting.action_id == action_id)
    # a decision has its moment; of what was only sent or taken back the hour is known
    moment = Greeting.decided_at if search.is_by_decision else Greeting.changed_at
    if search.since:
        conditions.append(moment >= _midnight(search.since))
    if search.until:
        conditions.append(moment < _midnight(search.until) + timedelta(days=1))
    return conditions + _has_silent_photos(search) + _says(session, search.words)


def _has_silent_photos(search: Search) -> list[ColumnElement[bool]]:
    silent = select(Photo).where(Photo.greeting_sequence == Greeting.sequence, Photo.description == "")
    return [silent.correlate(Greeting).exists()] if search.photos else []


def _says(session: Session, untrusted_words: str) -> list[ColumnElement[bool]]:
    """That a greeting has all of these words, or longer ones that begin with them.

    What few have is collected from the index. What many have is met soon by whoever walks along the list, so
    each line's own words are looked at: collecting and sorting all of them would take longer.
    """
    words = split_words(search_text(untrusted_words))[:MOST_WORDS]
    if not words:
        return [false()] if untrusted_words else []  # signs alone are no word of anybody's
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    found = _in_index_postgresql(words) if is_postgresql else _in_index_sqlite(words)
    many = select(func.count()).select_from(found.limit(MANY).subquery())
    if session.scalar(many) != MANY:
        return [Greeting.sequence.in_(found)]
    own = select(SearchDeskDocument).where(SearchDeskDocument.greeting_sequence == Greeting.sequence)
    return [own.where(*(_has_postgresql(words) if is_postgresql else _has_sqlite(words))).exists()]


def _in_index_sqlite(words: list[str]) -> Select[Any]:
    return select(_DESK_INDEX.c.rowid).where(_DESK_INDEX.c.search_index_desk.op("MATCH")(fts5_query(words)))


def _in_index_postgresql(words: list[str]) -> Select[Any]:
    return select(SearchDeskDocument.greeting_sequence).where(*_has_postgresql(words))


def _has_sqlite(words: list[str]) -> list[ColumnElement[bool]]:
    """Words stand in a document with spaces between them, cut to as many letters as those of a search."""
    own = literal(" ").concat(SearchDeskDocument.words)
    return [func.instr(own, f" {word}") > 0 for word in words]


def _has_postgresql(words: list[str]) -> list[ColumnElement[bool]]:
    return [SearchDeskDocument.words.op("@@")(cast(tsquery(words), TSQUERY))]


def _is_below(decided_at: datetime, sequence: int) -> ColumnElement[bool]:
    earlier = or_(Greeting.decided_at < decided_at, Greeting.sequence < sequence)
    return and_(Greeting.decided_at <= decided_at, earlier)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _day(untrusted_day: str) -> date | None:
    try:
        day = date.fromisoformat(untrusted_day)
    except ValueError:
        return None
    return day if day < date.max else None


def _id_or_nothing(untrusted: str) -> str:
    return untrusted if is_id(untrusted) else ""


def _code_or_nothing(untrusted: str) -> str:
    return untrusted if len(untrusted) <= 40 and untrusted.isascii() and untrusted.isprintable() else ""  # noqa: PLR2004 - a slug's length
