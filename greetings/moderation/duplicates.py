"""Greetings that are much like one: found by their keys, shown beside it, and never changed by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from greetings.submissions.fingerprints import picture_distance, picture_keys, text_keys, text_likeness
from greetings.submissions.models import Greeting, LikenessKey, Photo
from greetings.submissions.rules import FINAL_STATES, State

ALIKE_TEXT_PERCENT = 60
ALIKE_PICTURE_BITS = 8  # of 64
CANDIDATES = 60  # with more of one kind nobody would look at them all
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Twin:
    """Another greeting that is much like the one on the table, and what became of it."""

    id: str
    state: State
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None
    name: str
    text: str
    language: str
    private_name: str | None
    alike_percent: int
    is_picture: bool


def list_twins(session: Session, greeting: Greeting, most: int = SHOWN) -> list[Twin]:
    """The greetings most like this one, in words or in a picture, the most alike first.

    Looks only at those that share a key and came last of many: the time doesn't grow with the store.
    """
    keys = set(text_keys(greeting.text_fingerprint))
    for photo in greeting.photos:
        keys.update(picture_keys(photo.difference_hash))
    if not keys:
        return []
    shared = (
        select(LikenessKey.greeting_sequence)
        .where(LikenessKey.key.in_(keys), LikenessKey.greeting_sequence != greeting.sequence)
        .distinct()
        .order_by(LikenessKey.greeting_sequence.desc())
        .limit(CANDIDATES)
    )
    others = session.scalars(
        select(Greeting)
        .where(Greeting.sequence.in_(session.scalars(shared).all()), Greeting.state.not_in(FINAL_STATES))
        .options(selectinload(Greeting.photos))
    )
    twins = [twin for other in others if (twin := _twin(greeting, other)) is not None]
    return sorted(twins, key=lambda twin: (-twin.alike_percent, twin.id))[:most]


def _twin(greeting: Greeting, other: Greeting) -> Twin | None:
    words = text_likeness(greeting.text_fingerprint, other.text_fingerprint)
    pair = _closest(greeting.photos, other.photos)
    picture = 0 if pair is None else 100 - 100 * pair[0] // 64
    is_like_picture = pair is not None and pair[0] <= ALIKE_PICTURE_BITS
    if words < ALIKE_TEXT_PERCENT and not is_like_picture:
        return None
    first = other.photos[0].private_name if other.photos else None
    return Twin(
        id=other.id,
        state=other.state,
        reason=other.reason,
        decided_by=other.decided_by,
        decided_at=other.decided_at,
        name=other.name,
        text=other.text,
        language=other.language,
        private_name=pair[1].private_name if pair is not None and is_like_picture else first,
        alike_percent=max(words, picture if is_like_picture else 0),
        is_picture=is_like_picture and picture >= words,
    )


def _closest(mine: Sequence[Photo], theirs: Sequence[Photo]) -> tuple[int, Photo] | None:
    pairs = [
        (picture_distance(one.difference_hash, other.difference_hash), other)
        for one in mine
        for other in theirs
    ]
    return min(pairs, key=lambda pair: pair[0]) if pairs else None
