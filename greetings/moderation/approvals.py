"""First approvals, in actions that ask for two different moderators.

The greeting itself goes on waiting: an approval is a row beside it, for what its moderator saw. It counts
while the greeting is still of that version and its moderator in the team; whatever changes the greeting, or
takes the moderator away, asks for it again. The second approval, by somebody else, is the publishing step.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from greetings.accounts.models import Moderator
from greetings.actions.models import Action
from greetings.house import House
from greetings.moderation.models import Approval
from greetings.submissions.models import Greeting
from greetings.submissions.rules import IllegalStep, State, Step, Use
from greetings.submissions.steps import CoversNotConfirmed
from greetings.submissions.waiting import KEPT, change_so_far


def list_approvals(session: Session, greeting: Greeting) -> Sequence[Approval]:
    """The approvals of a waiting greeting that count, the first one first."""
    of_this = select(Approval).join(Moderator, Moderator.id == Approval.moderator_id)
    found = of_this.where(
        Approval.greeting_sequence == greeting.sequence,
        Approval.version == greeting.version,
        Moderator.is_active,
    )
    return session.scalars(found.order_by(Approval.approved_at)).all()


def list_if_two_are_asked_for(session: Session, greeting: Greeting) -> Sequence[Approval] | None:
    """The approvals that count, of which there may be none yet; None where one moderator is enough."""
    if not greeting.action.needs_two:
        return None
    return list_approvals(session, greeting)


def approve_first(
    house: House, session: Session, greeting: Greeting, *, actor: str, disallowed: AbstractSet[Use]
) -> None:
    """Write down the first approval of a locked greeting. Of the same moderator again, it is the same one."""
    if greeting.state is not State.PENDING:
        raise IllegalStep(greeting.state, Step.APPROVE)
    if greeting.needs_covers:
        raise CoversNotConfirmed(greeting.id)
    if list_approvals(session, greeting):
        return
    now = house.clock()
    forget_approvals(session, greeting)  # those that don't count any more
    session.add(
        Approval(
            greeting_sequence=greeting.sequence,
            moderator_id=actor,
            version=greeting.version,
            disallowed=frozenset(disallowed),
            approved_at=now,
        )
    )
    house.audit.add(
        session,
        at=now,
        actor=actor,
        act="approve-first",
        subject=greeting.id,
        details={"disallowed": sorted(disallowed)},
    )
    session.flush()


def follow_version(session: Session, greeting: Greeting, before: int) -> None:
    """The step that was just taken changed nothing of what was approved: its approvals count on."""
    session.execute(
        update(Approval)
        .where(Approval.greeting_sequence == greeting.sequence, Approval.version == before)
        .values(version=greeting.version)
    )


def take_back(house: House, session: Session, greeting: Greeting, *, actor: str) -> bool:
    """Take one's own first approval of a waiting greeting back; False when there is none that counts."""
    own = [one for one in list_approvals(session, greeting) if one.moderator_id == actor]
    if greeting.state is not State.PENDING or not own:
        return False
    for one in own:
        session.delete(one)
    house.audit.add(session, at=house.clock(), actor=actor, act="take-approval-back", subject=greeting.id)
    return True


def forget_approvals(session: Session, greeting: Greeting) -> None:
    """The greeting is decided otherwise, or gone. Also the eraser of approvals."""
    session.execute(delete(Approval).where(Approval.greeting_sequence == greeting.sequence))


def forget_where_one_is_enough(_house: House, session: Session, action: Action) -> None:
    """An action that asks for one moderator only: what was approved once waits for anybody, that one too."""
    if not action.needs_two:
        own = select(Greeting.sequence).where(Greeting.action_id == action.id)
        session.execute(delete(Approval).where(Approval.greeting_sequence.in_(own)))


def awaits_others(moderator_id: str) -> ColumnElement[bool]:
    """That a waiting greeting has this moderator's approval already; for a `where` on greetings."""
    own = select(Approval.greeting_sequence).where(_is_own_of_this(moderator_id))
    return own.exists()


def count_awaiting_others(session: Session, moderator_id: str) -> int:
    """How many wait for others only: this moderator has approved them."""
    return session.scalar(_AWAITING_OTHERS, {"moderator_id": moderator_id}) or 0


def count_waiting_for(session: Session, moderator_id: str) -> int:
    """How many wait for this moderator: all that wait but those that wait for others only."""
    session.flush()
    count = session.connection().execute(_WAITING_FOR, {"moderator_id": moderator_id}).scalar_one()
    return int(count) + change_so_far(session)


def _is_own_of_this(moderator_id: str | BindParameter[str]) -> ColumnElement[bool]:
    return and_(
        Approval.greeting_sequence == Greeting.sequence,
        Approval.version == Greeting.version,
        Approval.moderator_id == moderator_id,
    )


_AWAITING_OTHERS = (
    select(func.count())
    .select_from(Approval)
    .join(Greeting, _is_own_of_this(bindparam("moderator_id")))
    .where(Greeting.state == State.PENDING)
)
_WAITING_FOR = select(KEPT.scalar_subquery() - _AWAITING_OTHERS.scalar_subquery())
