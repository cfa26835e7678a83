"""The contact sheet: many that wait, small, in their order; those on others' screens among them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from greetings.db.session import begin_writing
from greetings.moderation.approvals import awaits_others
from greetings.moderation.claims import Holder, claim, holders_of, is_free_for
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State

SHEET_ITEMS = 24
SHEET_TAKEN = 12  # of others', shown so that nobody wonders where they are


@dataclass(frozen=True, slots=True)
class Cell:
    """One item of the sheet; `holder` is somebody else who has it on the screen."""

    greeting: Greeting
    holder: Holder | None


def take_sheet(session: Session, moderator_id: str, now: datetime, after: int | None) -> list[Cell]:
    """The next sheet (after a sequence), claimed for whoever asks. The caller commits soon."""
    begin_writing(session)
    free = _page(session, moderator_id, now, after)
    claimed = claim(session, [greeting.sequence for greeting in free], moderator_id, now)
    mine = [greeting for greeting in free if greeting.sequence in claimed]
    last = mine[-1].sequence if len(mine) == SHEET_ITEMS else None
    taken = _taken(session, moderator_id, now, after, last)
    holders = holders_of(session, [greeting.sequence for greeting in taken], now)
    cells = [Cell(greeting, None) for greeting in mine]
    cells += [Cell(greeting, holders.get(greeting.sequence)) for greeting in taken]
    return sorted(cells, key=lambda cell: cell.greeting.sequence)


def is_more_waiting(session: Session, moderator_id: str, now: datetime, after: int) -> bool:
    """Whether another sheet follows."""
    more = select(Greeting.sequence).where(
        Greeting.state == State.PENDING,
        Greeting.sequence > after,
        is_free_for(moderator_id, now),
        ~awaits_others(moderator_id),
    )
    return session.scalar(more.limit(1)) is not None


def list_greetings(session: Session, ids: Collection[str]) -> list[Greeting]:
    """Greetings by their IDs, in the order of their arrival."""
    rows = session.scalars(select(Greeting).where(Greeting.id.in_(ids)).order_by(Greeting.sequence))
    return list(rows)


def _page(session: Session, moderator_id: str, now: datetime, after: int | None) -> list[Greeting]:
    page = select(Greeting).where(Greeting.state == State.PENDING, is_free_for(moderator_id, now))
    page = page.where(~awaits_others(moderator_id))
    if after is not None:
        page = page.where(Greeting.sequence > after)
    page = page.order_by(Greeting.sequence).limit(SHEET_ITEMS)
    return list(session.scalars(page.options(selectinload(Greeting.photos))))


def _taken(
    session: Session, moderator_id: str, now: datetime, after: int | None, last: int | None
) -> list[Greeting]:
    page = select(Greeting).where(Greeting.state == State.PENDING, ~is_free_for(moderator_id, now))
    page = page.where(~awaits_others(moderator_id))
    if after is not None:
        page = page.where(Greeting.sequence > after)
    if last is not None:
        page = page.where(Greeting.sequence < last)
    page = page.order_by(Greeting.sequence).limit(SHEET_TAKEN)
    return list(session.scalars(page.options(selectinload(Greeting.photos))))
