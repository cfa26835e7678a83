"""What the desk looks at: one item large, how much waits, what was reported and decided, who did what."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from greetings.actions.models import Action, ActionText
from greetings.audit import Entry, list_entries
from greetings.audit.models import AuditEntry
from greetings.moderation.models import Report
from greetings.moderation.rules import PAGE_ROWS
from greetings.submissions.excerpts import excerpt
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.rules import State
from greetings.submissions.waiting import count_waiting

EXCERPT_LETTERS = 160
LISTED_REPORTS = 60

_THERE = aliased(Greeting)  # made once: making it costs more than asking


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits: the number of items, and the hour in which the oldest of them came."""

    count: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reported:
    """A public greeting that somebody reported, with all that was said of it."""

    id: str
    version: int
    name: str
    text: str
    language: str
    private_name: str | None
    reports: tuple[Report, ...]


def waiting(session: Session, count: int | None = None) -> Waiting:
    """How much waits (unless that is known already), and since when."""
    oldest = (
        select(Greeting.received_at)
        .where(Greeting.state == State.PENDING)
        .order_by(Greeting.sequence)
        .limit(1)
    )
    count = count_waiting(session) if count is None else count
    return Waiting(count, session.scalar(oldest) if count else None)


def list_changed(session: Session, versions: Mapping[str, int | None]) -> list[Greeting]:
    """Those of the greetings that don't wait any more, or are of another version than was seen."""
    rows = session.scalars(select(Greeting).where(Greeting.id.in_(versions)))
    return [row for row in rows if row.state is not State.PENDING or row.version != versions[row.id]]


def find_to_decide(
    session: Session, free: ColumnElement[bool], *, at: str = "", after: str = "", before: str = ""
) -> int | None:
    """Sequence of the item to show: the one named by `at` if it still waits, or the next after or before one.

    The round begins anew behind its end, so that what was skipped comes once more after everything else.
    Only what is `free` comes by itself; what is asked for by name comes anyway. None when nothing does.
    """
    if at and (here := _find_waiting(session, Greeting.id == at)):
        return here
    if before:
        earlier = _find_waiting(session, Greeting.sequence < _place(before), free, newest_first=True)
        if earlier is not None:
            return earlier
    if passed := after or at:
        later = _find_waiting(session, Greeting.sequence > _place(passed), free)
        if later is not None:
            return later
    return _find_waiting(session, free)


def list_following(session: Session, free: ColumnElement[bool], sequence: int, most: int) -> Sequence[int]:
    """The sequences of the next free ones behind an item."""
    if not most:
        return []
    behind = select(Greeting.sequence).where(
        Greeting.state == State.PENDING, Greeting.sequence > sequence, free
    )
    return session.scalars(behind.order_by(Greeting.sequence).limit(most)).all()


def list_waiting_sequences(session: Session, greeting_ids: Collection[str]) -> Sequence[int]:
    """The sequences of those of the greetings that wait."""
    waiting = select(Greeting.sequence).where(Greeting.id.in_(greeting_ids), Greeting.state == State.PENDING)
    return session.scalars(waiting).all()


def find_oldest_waiting(session: Session, *where: ColumnElement[bool]) -> Greeting | None:
    """The oldest that waits, on whoever's screen it lies."""
    sequence = _find_waiting(session, *where)
    return None if sequence is None else get_with_pictures(session, sequence)


def get_with_pictures(session: Session, sequence: int) -> Greeting:
    """A greeting with all that is shown of it at the desk."""
    found = select(Greeting).where(Greeting.sequence == sequence)
    return session.scalars(found.options(selectinload(Greeting.photos), joinedload(Greeting.original))).one()


def _find_waiting(session: Session, *where: ColumnElement[bool], newest_first: bool = False) -> int | None:
    order = Greeting.sequence.desc() if newest_first else Greeting.sequence
    found = select(Greeting.sequence).where(Greeting.state == State.PENDING, *where)
    return session.scalar(found.order_by(order).limit(1))


def _place(greeting_id: str) -> ScalarSelect[int]:
    """Where a greeting stands in the order of arrival; before and behind an unknown one there is nothing."""
    return select(_THERE.sequence).where(_THERE.id == greeting_id).scalar_subquery()


def find_greeting(session: Session, greeting_id: str) -> Greeting | None:
    """One greeting in whatever state, with its photos."""
    found = select(Greeting).where(Greeting.id == greeting_id).options(selectinload(Greeting.photos))
    return session.scalar(found)


def find_photo(session: Session, private_name: str) -> Photo | None:
    """The photo that has this name in the private store."""
    return session.scalar(select(Photo).where(Photo.private_name == private_name))


def action_title(session: Session, action_id: int, language: str) -> str | None:
    """The name of a greeting's action, or None while there is only one action to speak of."""
    if (session.scalar(select(func.count()).select_from(Action)) or 0) < 2:  # noqa: PLR2004 - several
        return None
    return title_of(session, action_id, language)


def title_of(session: Session, action_id: int, language: str) -> str | None:
    """The name of an action, in a language if it has one there."""
    words = session.scalar(
        select(ActionText.words).where(ActionText.action_id == action_id, ActionText.language == language)
    )
    return words["title"] if words else session.scalar(select(Action.slug).where(Action.id == action_id))


def list_reports(session: Session, greeting: Greeting) -> Sequence[Report]:
    """What was said of one greeting and not settled yet, oldest first."""
    open_reports = select(Report).where(
        Report.greeting_sequence == greeting.sequence, Report.settled_at.is_(None)
    )
    return session.scalars(open_reports.order_by(Report.number)).all()


def list_reported(session: Session) -> list[Reported]:
    """Public greetings with open reports, the longest reported first; a bounded number of reports."""
    rows = session.execute(
        select(Report, Greeting, Photo.private_name)
        .join(Greeting, Greeting.sequence == Report.greeting_sequence)
        .outerjoin(Photo, is_first_photo())
        .where(Report.settled_at.is_(None), Greeting.public_sequence.is_not(None))
        .order_by(Report.number)
        .limit(LISTED_REPORTS)
    ).all()
    return [
        _reported(rows, sequence) for sequence in dict.fromkeys(row.Report.greeting_sequence for row in rows)
    ]


def _reported(rows: Sequence[Row[Report, Greeting, str]], sequence: int) -> Reported:
    own = [row for row in rows if row.Report.greeting_sequence == sequence]
    greeting = own[0].Greeting
    return Reported(
        greeting.id,
        greeting.version,
        greeting.name,
        excerpt(greeting.text, EXCERPT_LETTERS).text,
        greeting.language,
        own[0].private_name,
        tuple(row.Report for row in own),
    )


def is_first_photo() -> ColumnElement[bool]:
    """That a photo is the first of its greeting; for a join of photos to greetings."""
    first = (
        select(func.min(Photo.position))
        .where(Photo.greeting_sequence == Greeting.sequence)
        .correlate(Greeting)
        .scalar_subquery()
    )
    return and_(Photo.greeting_sequence == Greeting.sequence, Photo.position == first)


def history(session: Session, greeting_id: str) -> Sequence[Entry]:
    """Everything that was ever done to one greeting, first to last."""
    return list_entries(session, AuditEntry.subject == greeting_id)


def page_of_log(session: Session, before: int | None) -> Sequence[Entry]:
    """A page of the audit log, newest first, and one entry more of it."""
    older = () if before is None else (AuditEntry.number < before,)
    return list_entries(session, *older, newest_first=True, most=PAGE_ROWS + 1)


def known_greetings(session: Session, ids: Iterable[str]) -> frozenset[str]:
    """Those of the IDs that are greetings, so that a list may link to them."""
    return frozenset(session.scalars(select(Greeting.id).where(Greeting.id.in_(set(ids)))))
