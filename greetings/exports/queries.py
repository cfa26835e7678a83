"""What is looked up about exports, and which greetings may go out for a use."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session, selectinload

from greetings.exports.models import Export, ExportedGreeting
from greetings.exports.rules import LASTS, Progress
from greetings.submissions.models import Greeting
from greetings.submissions.queries import may_use
from greetings.submissions.rules import State, Use


def count_that_may_go_out(session: Session) -> Counter[tuple[int, Use]]:
    """How many greetings an export of each action (by its ID) would hold now for each use: one question."""
    sets = session.execute(
        select(Greeting.action_id, Greeting.granted, Greeting.disallowed, func.count())
        .where(Greeting.state == State.APPROVED)
        .group_by(Greeting.action_id, Greeting.granted, Greeting.disallowed)
    )
    counts: Counter[tuple[int, Use]] = Counter()
    for action_id, granted, disallowed, greetings in sets:
        for use in granted - disallowed:
            counts[action_id, use] += greetings
    return counts


def is_over(now: datetime) -> ColumnElement[bool]:
    """Whether the day of an export is over: its file is given to nobody any more, and swept away soon."""
    return func.coalesce(Export.ready_at, Export.asked_at) <= now - LASTS


def list_exports(session: Session, now: datetime) -> list[Export]:
    """All exports whose day isn't over, the latest asked for on top."""
    here = select(Export).where(not_(is_over(now)))
    return list(session.scalars(here.order_by(Export.asked_at.desc(), Export.id)))


def find_to_write(session: Session, now: datetime) -> Export | None:
    """The longest waiting export, or one whose writer has fallen silent."""
    waits = Export.progress == Progress.WAITING
    is_left = and_(Export.progress == Progress.WRITING, Export.lease_until < now)
    return session.scalar(
        select(Export)
        .where(or_(waits, is_left))
        .order_by(Export.asked_at, Export.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def page_to_write(session: Session, export: Export, after_sequence: int, rows: int) -> Sequence[Greeting]:
    """The next greetings of an export, in the order of their arrival, with their photos; only those that may
    still go out.
    """
    return session.scalars(
        select(Greeting)
        .join(ExportedGreeting, ExportedGreeting.greeting_sequence == Greeting.sequence)
        .where(
            ExportedGreeting.export_id == export.id,
            ExportedGreeting.greeting_sequence > after_sequence,
            may_use(export.use),
        )
        .order_by(ExportedGreeting.greeting_sequence)
        .limit(rows)
        .options(selectinload(Greeting.photos))
        .execution_options(populate_existing=True)
    ).all()


def holds_what_may_not_go_out(session: Session, export: Export) -> bool:
    """Whether a greeting in it was taken back, reopened or held back since: then it must not be given out."""
    held = (
        select(ExportedGreeting.export_id)
        .join(Greeting, Greeting.sequence == ExportedGreeting.greeting_sequence)
        .where(ExportedGreeting.export_id == export.id, not_(may_use(export.use)))
        .limit(1)
    )
    return session.scalar(held) is not None


def exports_with(session: Session, greeting_sequence: int) -> Sequence[Export]:
    """The exports that hold a greeting."""
    return session.scalars(
        select(Export)
        .join(ExportedGreeting, ExportedGreeting.export_id == Export.id)
        .where(ExportedGreeting.greeting_sequence == greeting_sequence)
        .order_by(Export.id)
        .with_for_update(of=Export)
        .execution_options(populate_existing=True)
    ).all()
