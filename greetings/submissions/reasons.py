"""Reasons for rejecting, kept as rows: what the desk offers, what a receipt says, how organisers change them.

A reason is never deleted, only retired: whoever was rejected with it reads on their receipt why, as before.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from greetings.db.session import begin_writing
from greetings.errors import GreetingsError, NotFound, VersionStale
from greetings.house import House
from greetings.ids import new_id
from greetings.submissions.models import RejectionReason
from greetings.submissions.rules import ReasonWords

CODE_LETTERS = 8  # random: the log holds codes only, and a code made of words would be content

# asked at every item of the queue: made once, and brings no objects
_OFFERED = (
    select(RejectionReason.code, RejectionReason.words, RejectionReason.digit)
    .where(RejectionReason.is_active)
    .order_by(RejectionReason.position, RejectionReason.code)
)

Words = Mapping[str, ReasonWords]  # by language


class ReasonNotOffered(GreetingsError):
    """There is no such reason, or it was retired."""


class DigitTaken(GreetingsError):
    """Another reason has this key already."""


class LastReason(GreetingsError):
    """Without it there would be no reason left to reject with."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A reason as the desk offers it."""

    code: str
    name: str
    digit: int | None


# ---------- looking


def list_reasons(session: Session) -> list[RejectionReason]:
    """All reasons in their order, the retired ones last."""
    order = (RejectionReason.is_active.desc(), RejectionReason.position, RejectionReason.code)
    return list(session.scalars(select(RejectionReason).order_by(*order)))


def offered_reasons(session: Session, language: str) -> list[Offered]:
    """What a moderator may choose, in order."""
    rows = session.connection().execute(_OFFERED)
    return [Offered(row.code, ReasonWords(**row.words[language]).name, row.digit) for row in rows]


def reason_names(session: Session, language: str) -> dict[str, str]:
    """The short name of each reason, retired ones too, by its code."""
    return {reason.code: reason.words_in(language).name for reason in list_reasons(session)}


def find_words(session: Session, code: str, language: str) -> ReasonWords | None:
    """What a reason says, whether or not it is still offered."""
    reason = session.get(RejectionReason, code)
    return reason.words_in(language) if reason else None


def check_offered(session: Session, untrusted_code: str) -> None:
    """Raise `ReasonNotOffered` unless a moderator may reject with this code now."""
    offered = select(RejectionReason.code).where(
        RejectionReason.code == untrusted_code, RejectionReason.is_active
    )
    if session.scalar(offered) is None:
        raise ReasonNotOffered


# ---------- changing


def add_reason(house: House, session: Session, words: Words, digit: int | None, *, actor: str) -> str:
    """A new reason behind all others; returns its code. `DigitTaken` when its key belongs to another."""
    begin_writing(session)
    last = session.scalar(select(func.max(RejectionReason.position))) or 0
    reason = RejectionReason(
        code=new_id(CODE_LETTERS), position=last + 1, digit=digit, is_active=True, words=_as_json(words)
    )
    session.add(reason)
    _flush(session)
    _note(house, session, reason, actor, "add-reason")
    return reason.code


def change_reason(
    house: House, session: Session, code: str, version: int, words: Words, digit: int | None, *, actor: str
) -> None:
    """Say it otherwise, or give it another key. What was rejected with it says the new words too."""
    reason = _to_change(session, code, version)
    reason.words = _as_json(words)
    reason.digit = digit if reason.is_active else None
    _flush(session)
    _note(house, session, reason, actor, "change-reason")


def retire_reason(house: House, session: Session, code: str, version: int, *, actor: str) -> None:
    """Offer it no more; its key is free. The last one stays (`LastReason`)."""
    reason = _to_change(session, code, version)
    active = session.scalar(select(func.count()).where(RejectionReason.is_active)) or 0
    if reason.is_active and active == 1:
        raise LastReason
    reason.is_active, reason.digit = False, None
    _note(house, session, reason, actor, "retire-reason")


def restore_reason(house: House, session: Session, code: str, version: int, *, actor: str) -> None:
    """Offer a retired one again, behind all others, without a key."""
    reason = _to_change(session, code, version)
    last = session.scalar(select(func.max(RejectionReason.position))) or 0
    reason.is_active, reason.position = True, last + 1
    _note(house, session, reason, actor, "restore-reason")


def move_reason(house: House, session: Session, code: str, version: int, by: int, *, actor: str) -> None:
    """Move it up (-1) or down (+1) in the list; at its end nothing happens."""
    moved = _to_change(session, code, version)
    active = [reason for reason in list_reasons(session) if reason.is_active]
    if moved not in active:
        raise NotFound(code)
    place = active.index(moved)
    if not 0 <= place + by < len(active):
        return
    active.insert(place + by, active.pop(place))
    for position, reason in enumerate(active, start=1):
        reason.position = position
    _note(house, session, moved, actor, "move-reason")


def _to_change(session: Session, code: str, version: int) -> RejectionReason:
    begin_writing(session)
    everything = select(RejectionReason).order_by(RejectionReason.code).with_for_update()
    rows = session.scalars(everything.execution_options(populate_existing=True)).all()
    reason = next((row for row in rows if row.code == code), None)
    if reason is None:
        raise NotFound(code)
    if reason.version != version:
        raise VersionStale(code)
    return reason


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise DigitTaken from error


def _note(house: House, session: Session, reason: RejectionReason, actor: str, act: str) -> None:
    session.flush()
    house.audit.add(
        session,
        at=house.clock(),
        actor=actor,
        act=act,
        subject=reason.code,
        details={"digit": reason.digit} if act in {"add-reason", "change-reason"} else None,
    )


def _as_json(words: Words) -> dict[str, dict[str, str]]:
    return {language: asdict(said) for language, said in words.items()}
