"""Decisions of the desk, each one short transaction: lock, compare the version, step, audit entry, files."""

from collections.abc import Set as AbstractSet

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from greetings.clock import Clock, to_the_hour
from greetings.db.session import begin_writing
from greetings.errors import Gone, NotFound
from greetings.house import House
from greetings.moderation import approvals
from greetings.moderation.claims import forget_claims
from greetings.moderation.models import Report
from greetings.moderation.rules import MAX_OPEN_REPORTS, MAX_REPORT_NOTE, Concern
from greetings.submissions.models import Greeting
from greetings.submissions.reasons import check_offered
from greetings.submissions.rules import FINAL_STATES, Step, Use
from greetings.submissions.steps import greeting_to_change, set_uses, take_step
from greetings.web.cleaning import clean

_OPEN_REPORTS = select(func.count()).where(
    Report.greeting_sequence == bindparam("greeting_sequence"), Report.settled_at.is_(None)
)


def approve(
    house: House,
    session: Session,
    greeting_id: str,
    version: int,
    *,
    actor: str,
    disallowed: frozenset[Use] = frozenset(),
) -> Greeting:
    """Approve what its moderator saw (`version`), holding back the uses in `disallowed`.

    Where two are asked for, the first approval leaves it waiting for somebody else's; what either of them
    holds back stays so. Raises `VersionStale`, `IllegalStep` or `CoversNotConfirmed`; then nothing was done.
    """
    begin_writing(session)
    greeting = greeting_to_change(session, greeting_id, version)
    so_far = approvals.list_if_two_are_asked_for(session, greeting)
    forget_claims(session, greeting)
    if so_far is not None and all(one.moderator_id == actor for one in so_far):
        approvals.approve_first(house, session, greeting, actor=actor, disallowed=disallowed)
        return greeting
    held_back = disallowed.union(*(one.disallowed for one in so_far or ()))
    take_step(house, session, greeting, Step.APPROVE, actor=actor, disallowed=held_back)
    if so_far:
        approvals.follow_version(session, greeting, version)
    _settle(house, session, greeting, actor)
    return greeting


def reject(
    house: House, session: Session, greeting_id: str, version: int, *, actor: str, reason: str
) -> Greeting:
    """Reject what its moderator saw, for a reason that its sender will read on the receipt.

    Raises `ReasonNotOffered` when the reason is unknown or was retired; then nothing was done.
    """
    begin_writing(session)
    check_offered(session, reason)
    greeting = greeting_to_change(session, greeting_id, version)
    forget_claims(session, greeting)
    take_step(house, session, greeting, Step.REJECT, actor=actor, reason=reason)
    _settle(house, session, greeting, actor)
    return greeting


def undo(house: House, session: Session, greeting_id: str, version: int, *, actor: str) -> Greeting:
    """Put a decided greeting back into the queue; a public one is off the wall at once.

    Of two approvals only one's own is undone: the first one stands when the second takes theirs back, and the
    first may take theirs back while it is the only one.
    """
    begin_writing(session)
    greeting = greeting_to_change(session, greeting_id, version)
    if approvals.take_back(house, session, greeting, actor=actor):
        return greeting
    is_second_thought = greeting.decided_by == actor and not _count_open_reports(session, greeting)
    take_step(house, session, greeting, Step.REOPEN, actor=actor)
    if is_second_thought:
        approvals.follow_version(session, greeting, version)
    return greeting


def disallow(
    house: House,
    session: Session,
    greeting_id: str,
    version: int,
    *,
    actor: str,
    disallowed: AbstractSet[Use],
) -> Greeting:
    """Hold back exactly these uses, whatever was decided before. `Gone` when there is nothing left to use."""
    begin_writing(session)
    greeting = greeting_to_change(session, greeting_id, version)
    if greeting.state in FINAL_STATES:
        raise Gone(greeting_id)
    set_uses(house, session, greeting, actor=actor, disallowed=disallowed)
    return greeting


def erase(house: House, session: Session, greeting_id: str, version: int, *, actor: str) -> Greeting:
    """Erase a greeting for good, as an organiser does when somebody asks without a code."""
    begin_writing(session)
    greeting = greeting_to_change(session, greeting_id, version)
    take_step(house, session, greeting, Step.ERASE, actor=actor)
    return greeting


def report(session: Session, greeting: Greeting, concern: Concern, untrusted_note: str, clock: Clock) -> None:
    """Bring a public greeting to the desk, with what a visitor chose and may have written.

    Nothing of the visitor is kept, and the hour only. `Gone` or `NotFound` when it isn't public any more.
    Beyond `MAX_OPEN_REPORTS` of one greeting nothing is added: the desk knows already.
    """
    greeting_id = greeting.id
    begin_writing(session)
    reported = greeting_to_change(session, greeting_id)
    if reported.state in FINAL_STATES:
        raise Gone(greeting_id)
    if reported.public_sequence is None:
        raise NotFound(greeting_id)
    if _count_open_reports(session, reported) >= MAX_OPEN_REPORTS:
        return
    session.add(
        Report(
            greeting_sequence=reported.sequence,
            concern=concern,
            note=clean(untrusted_note, lines=True)[:MAX_REPORT_NOTE],
            received_at=to_the_hour(clock()),
        )
    )
    session.flush()


def keep_reported(house: House, session: Session, greeting_id: str, version: int, *, actor: str) -> Greeting:
    """Settle what was reported: the greeting stays as it is."""
    begin_writing(session)
    greeting = greeting_to_change(session, greeting_id, version)
    _settle(house, session, greeting, actor)
    return greeting


def forget_reports(session: Session, greeting: Greeting) -> None:
    """The desk's eraser: what was written about a greeting goes with it."""
    session.execute(delete(Report).where(Report.greeting_sequence == greeting.sequence))


def _count_open_reports(session: Session, greeting: Greeting) -> int:
    session.flush()
    asked = {"greeting_sequence": greeting.sequence}
    return int(session.connection().execute(_OPEN_REPORTS, asked).scalar_one())


def _settle(house: House, session: Session, greeting: Greeting, actor: str) -> None:
    """Whoever decides has read the reports: they are settled with the decision, in its transaction."""
    count = _count_open_reports(session, greeting)
    if not count:
        return
    now = house.clock()
    session.execute(
        update(Report)
        .where(Report.greeting_sequence == greeting.sequence, Report.settled_at.is_(None))
        .values(settled_by=actor, settled_at=now)
    )
    house.audit.add(
        session, at=now, actor=actor, act="settle-reports", subject=greeting.id, details={"reports": count}
    )
