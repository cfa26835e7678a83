"""Greetings that are much like one: found by their keys, shown beside it, and never changed by it."""

from collections.abc import Collection, Sequence
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


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How much another greeting is like the one on the table, and the picture that is."""

    sequence: int
    words_percent: int
    picture_percent: int
    private_name: str | None

    @property
    def percent(self) -> int:
        return max(self.words_percent, self.picture_percent)


def list_twins(session: Session, greeting: Greeting) -> list[Twin]:
    """The greetings most like this one, in words or in a picture, the most alike first.

    Looks only at those that share a key and came last of many: the time doesn't grow with the store.
    """
    keys = set(text_keys(greeting.text_fingerprint))
    for photo in greeting.photos:
        keys.update(picture_keys(photo.difference_hash))
    shared = _sharing(session, greeting, keys) if keys else []
    likenesses = _likenesses(session, greeting, shared) if shared else []
    alike = [one for one in likenesses if one.percent]
    alike.sort(key=lambda one: (-one.percent, -one.sequence))
    return _twins(session, alike[:SHOWN]) if alike else []


def _sharing(session: Session, greeting: Greeting, keys: Collection[int]) -> Sequence[int]:
    return session.scalars(
        select(LikenessKey.greeting_sequence)
        .where(LikenessKey.key.in_(keys), LikenessKey.greeting_sequence != greeting.sequence)
        .distinct()
        .order_by(LikenessKey.greeting_sequence.desc())
        .limit(CANDIDATES)
    ).all()


def _likenesses(session: Session, greeting: Greeting, sequences: Sequence[int]) -> list[_Likeness]:
    """Measured on plain columns: most of those that share a key are not alike, and not worth loading."""
    pictures: dict[int, list[tuple[int, str]]] = {}
    if greeting.photos:
        photos = select(Photo.greeting_sequence, Photo.difference_hash, Photo.private_name)
        mine = [photo.difference_hash for photo in greeting.photos]
        for other in session.execute(photos.where(Photo.greeting_sequence.in_(sequences))):
            bits = min(picture_distance(one, other.difference_hash) for one in mine)
            if bits <= ALIKE_PICTURE_BITS:
                pictures.setdefault(other.greeting_sequence, []).append((bits, other.private_name))
    prints = select(Greeting.sequence, Greeting.text_fingerprint).where(
        Greeting.sequence.in_(sequences), Greeting.state.not_in(FINAL_STATES)
    )
    found = []
    for row in session.execute(prints):
        words = text_likeness(greeting.text_fingerprint, row.text_fingerprint)
        bits, name = min(pictures.get(row.sequence, [(64, None)]), key=lambda pair: pair[0])
        picture = 100 - 100 * bits // 64 if name else 0
        found.append(_Likeness(row.sequence, words if words >= ALIKE_TEXT_PERCENT else 0, picture, name))
    return found


def _twins(session: Session, alike: Sequence[_Likeness]) -> list[Twin]:
    rows = session.scalars(
        select(Greeting)
        .where(Greeting.sequence.in_([one.sequence for one in alike]))
        .options(selectinload(Greeting.photos))
    )
    greetings = {row.sequence: row for row in rows}
    return [_twin(greetings[one.sequence], one) for one in alike if one.sequence in greetings]


def _twin(other: Greeting, like: _Likeness) -> Twin:
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
        private_name=like.private_name or first,
        alike_percent=like.percent,
        is_picture=like.picture_percent >= max(like.words_percent, 1),
    )
