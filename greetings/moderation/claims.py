"""Claims: what lies on somebody's screen is passed over for the others, for a few minutes at a time.

A claim is a courtesy, not a lock: it keeps nobody from deciding, and lapses by itself when its holder goes
away. What makes a double decision impossible is the version, not this.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, delete, select
from sqlalchemy.orm import Session

from greetings.db.session import begin_writing
from greetings.db.upsert import insert_into
from greetings.moderation.approvals import awaits_others
from greetings.moderation.models import Claim
from greetings.moderation.queries import (
    find_to_decide,
    get_with_pictures,
    list_following,
    list_waiting_sequences,
)
from greetings.submissions.models import Greeting

CLAIM_LASTS = timedelta(minutes=3)
HAND = 3  # items that are loaded ahead for a screen
TRIES = 5  # of as many who look at the same moment

# part of every decision: made once, and no claim is ever held as an object
_FORGET = delete(Claim).where(Claim.greeting_sequence == bindparam("greeting_sequence"))


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has an item on the screen, and until when."""

    moderator_id: str
    until: datetime


def is_free_for(moderator_id: str, now: datetime) -> ColumnElement[bool]:
    """That a greeting lies on nobody else's screen; for a `where` on greetings."""
    taken = select(Claim.greeting_sequence).where(
        Claim.greeting_sequence == Greeting.sequence, Claim.until > now, Claim.moderator_id != moderator_id
    )
    return ~taken.exists()


def holder_of(session: Session, greeting: Greeting, now: datetime) -> Holder | None:
    """Who has this greeting on the screen now."""
    return holders_of(session, [greeting.sequence], now).get(greeting.sequence)


def holders_of(session: Session, sequences: Collection[int], now: datetime) -> dict[int, Holder]:
    """Who has which of these greetings on the screen now."""
    rows = session.execute(
        select(Claim.greeting_sequence, Claim.moderator_id, Claim.until).where(
            Claim.greeting_sequence.in_(sequences), Claim.until > now
        )
    )
    return {row.greeting_sequence: Holder(row.moderator_id, row.until) for row in rows}


def _is_worth_claiming(session: Session, sequence: int, moderator_id: str, now: datetime) -> bool:
    """Whether a claim must be written: there is none of this moderator's that still lasts for a while."""
    holder = holders_of(session, [sequence], now).get(sequence)
    if holder is None:
        return True
    return holder.moderator_id == moderator_id and holder.until < now + CLAIM_LASTS / 2


def claim(session: Session, sequences: Sequence[int], moderator_id: str, now: datetime) -> set[int]:
    """Claim those of the greetings that are free, in the caller's writing transaction; says which.

    What another has got first stays theirs: nothing is said, the next look passes it over.
    """
    if not sequences:
        return set()
    until = now + CLAIM_LASTS
    fresh = insert_into(session, Claim)
    upsert = fresh.on_conflict_do_update(
        index_elements=[Claim.greeting_sequence],
        set_={"moderator_id": fresh.excluded.moderator_id, "until": fresh.excluded.until},
        where=(Claim.moderator_id == moderator_id) | (Claim.until <= now),
    )
    rows = [
        {"greeting_sequence": sequence, "moderator_id": moderator_id, "until": until}
        for sequence in sorted(sequences)
    ]
    return set(session.scalars(upsert.returning(Claim.greeting_sequence), rows))


def take(
    session: Session,
    moderator_id: str,
    now: datetime,
    *,
    leave: Collection[str] = (),
    hand: int = 1,
    **places: str,
) -> Greeting | None:
    """Find the item for a screen (`places` as in `find_to_decide`) and claim it; give back those to `leave`.

    Of two who look at the same moment each gets another one. Whoever loads ahead claims a whole `hand` along,
    so that most looks write nothing. The caller commits soon: others wait to write.
    """
    free = and_(is_free_for(moderator_id, now), ~awaits_others(moderator_id))
    found = find_to_decide(session, free, **places)
    if leave or (found is not None and _is_worth_claiming(session, found, moderator_id, now)):
        begin_writing(session)
        _let_go(session, leave, moderator_id)
        found = _find_and_claim(session, free, moderator_id, now, hand, places)
    return None if found is None else get_with_pictures(session, found)


def _find_and_claim(
    session: Session,
    free: ColumnElement[bool],
    moderator_id: str,
    now: datetime,
    hand: int,
    places: Mapping[str, str],
) -> int | None:
    for _ in range(TRIES):
        found = find_to_decide(session, free, **places)
        if found is None:
            return None
        sequences = [found, *list_following(session, free, found, hand - 1)]
        if found in claim(session, sequences, moderator_id, now):
            return found
    return found  # asked for by name, it comes even from another's screen


def renew(session: Session, greeting_ids: Collection[str], moderator_id: str, now: datetime) -> None:
    """Claim what still lies on a screen for some minutes more."""
    if not greeting_ids:
        return
    begin_writing(session)
    claim(session, list_waiting_sequences(session, greeting_ids), moderator_id, now)


def let_go(session: Session, greeting_ids: Collection[str], moderator_id: str) -> None:
    """Give one's own claims back, as whoever skips something or closes the page does."""
    begin_writing(session)
    _let_go(session, greeting_ids, moderator_id)


def _let_go(session: Session, greeting_ids: Collection[str], moderator_id: str) -> None:
    if not greeting_ids:
        return
    asked = select(Greeting.sequence).where(Greeting.id.in_(greeting_ids))
    own = select(Claim.greeting_sequence).where(
        Claim.greeting_sequence.in_(asked), Claim.moderator_id == moderator_id
    )
    locked = session.scalars(own.order_by(Claim.greeting_sequence).with_for_update()).all()
    session.execute(delete(Claim).where(Claim.greeting_sequence.in_(locked)))


def forget_claims(session: Session, greeting: Greeting) -> None:
    """Whoever had it on the screen: it is decided, or gone. Also the eraser of claims."""
    session.connection().execute(_FORGET, {"greeting_sequence": greeting.sequence})


def forget_lapsed(session: Session, now: datetime) -> int:
    """Delete claims that ended, so that nothing tells later who looked at what."""
    over = select(Claim.greeting_sequence).where(Claim.until <= now).with_for_update(skip_locked=True)
    done = session.execute(delete(Claim).where(Claim.greeting_sequence.in_(over)))
    return int(getattr(done, "rowcount", 0))
