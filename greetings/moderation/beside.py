"""What there is beside an item on the table: notes, approvals, reports, another who has it on the screen.

Mostly there is nothing, so all of it is asked in one statement, and only what is there is loaded.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, exists, func, select
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.moderation.models import Approval, Claim, Note, Report
from greetings.submissions.models import Greeting
from greetings.submissions.rules import State

COUNTED_PLACES = 1_000

_SEQUENCE: BindParameter[int] = bindparam("sequence")
_UP_TO_IT = (
    select(Greeting.sequence)
    .where(Greeting.state == State.PENDING, Greeting.sequence <= _SEQUENCE)
    .limit(COUNTED_PLACES + 1)
    .subquery()
)
_BESIDE = select(
    exists().where(Note.greeting_sequence == _SEQUENCE).label("has_notes"),
    exists().where(Approval.greeting_sequence == _SEQUENCE).label("has_approvals"),
    exists().where(Report.greeting_sequence == _SEQUENCE, Report.settled_at.is_(None)).label("has_reports"),
    select(func.count()).select_from(_UP_TO_IT).scalar_subquery().label("place"),
    select(func.count()).select_from(Action).scalar_subquery().label("actions"),
    select(Claim.moderator_id)
    .where(Claim.greeting_sequence == _SEQUENCE, Claim.until > bindparam("now"))
    .scalar_subquery()
    .label("holder_id"),
)


@dataclass(frozen=True, slots=True)
class Beside:
    """`place` is 1 for the oldest that waits, 2 for the next, and so on; None farther back than anybody
    counts. `holder_id` is the member on whose screen it lies now. Approvals there may be that count no more.
    """

    has_notes: bool
    has_approvals: bool
    has_reports: bool
    place: int | None
    has_several_actions: bool
    holder_id: str | None


def look_beside(session: Session, greeting: Greeting, now: datetime) -> Beside:
    """What there is beside a greeting that waits."""
    row = session.connection().execute(_BESIDE, {"sequence": greeting.sequence, "now": now}).one()
    return Beside(
        has_notes=row.has_notes,
        has_approvals=row.has_approvals,
        has_reports=row.has_reports,
        place=row.place if row.place <= COUNTED_PLACES else None,
        has_several_actions=row.actions > 1,
        holder_id=row.holder_id,
    )
