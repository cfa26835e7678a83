"""Rows that came from elsewhere, looked at before anybody works with them: is everything in them what the
program takes it for? A database compares types at most, and SQLite not even those.
"""

from collections.abc import Callable
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from sqlalchemy import Table, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from greetings.accounts.models import Moderator
from greetings.actions.models import Action, ActionText
from greetings.actions.rules import is_slug
from greetings.audit.models import AuditEntry, AuditHead
from greetings.db.base import Base
from greetings.db.models import PublicChange
from greetings.exports.models import Export
from greetings.house import House
from greetings.ids import is_id
from greetings.languages import LANGUAGES
from greetings.submissions.models import EarlierPicture, Greeting, Photo, RejectionReason, WaitingTally
from greetings.submissions.queries import may_use
from greetings.submissions.rules import Use
from greetings.submissions.walls import keep_action_true

ROWS_AT_ONCE = 500
# the log may hold what somebody spoilt: that is evidence, and its reader expects it
EVIDENCE = frozenset({AuditEntry, AuditHead})
ONE_ROW = (PublicChange, WaitingTally)


class Unsound(ValueError):
    """Something in a row isn't what it should be; the message names the table and the column only."""


def is_language(word: str) -> bool:
    """Whether pages and sentences are there in it."""
    return word in LANGUAGES


# what becomes part of a key or an address, or is looked up without asking whether it is there
FORMS: tuple[tuple[InstrumentedAttribute[Any], Callable[[str], bool]], ...] = (
    (Greeting.id, is_id),
    (Greeting.language, is_language),
    (Photo.private_name, is_id),
    (Photo.public_name, is_id),
    (EarlierPicture.private_name, is_id),
    (Export.file_name, is_id),
    (Action.slug, is_slug),
    (ActionText.language, is_language),
    (Moderator.language, is_language),
)


def check_rows(session: Session) -> None:
    """Raise where a value isn't of the type, the choice or the form that its column has here."""
    for mapper in Base.registry.mappers:
        if mapper.class_ not in EVIDENCE:
            _check_table(session, mapper.class_)
    for model in ONE_ROW:
        session.scalars(select(model)).one()
    for reason in session.scalars(select(RejectionReason)):
        for language in LANGUAGES:
            reason.words_in(language)


def _check_table(session: Session, model: type[Base]) -> None:
    table = cast(Table, model.__table__)
    hints = get_type_hints(model)
    types = [get_args(hints[column.key])[0] for column in table.columns]
    forms = {column.name: form for column, form in FORMS if column.class_ is model}
    checks = [forms.get(column.name) for column in table.columns]
    with session.execute(select(*table.columns).execution_options(yield_per=ROWS_AT_ONCE)) as rows:
        for row in rows:
            for column, value, type_, is_formed in zip(table.columns, row, types, checks, strict=True):
                if not fits(value, type_) or not (value is None or is_formed is None or is_formed(value)):
                    raise Unsound(f"{table.name}.{column.name}")


def fits(value: Any, type_: Any) -> bool:
    """Whether a value is what an annotation says, to its innermost."""
    origin, parts = get_origin(type_), get_args(type_)
    if origin in {Union, UnionType}:
        return any(fits(value, part) for part in parts)
    if origin is dict:
        return isinstance(value, dict) and all(
            fits(key, parts[0]) and fits(held, parts[1]) for key, held in value.items()
        )
    if origin in {list, frozenset}:
        return isinstance(value, origin) and all(fits(held, parts[0]) for held in value)
    return value is None if type_ is NoneType else isinstance(value, type_)


def take_off_what_is_not_public(house: House, session: Session) -> None:
    """Rows may say that something hangs on the wall which its sender, the team or the action doesn't allow:
    nothing of ours writes that, and nobody ever sees it.
    """
    for action in session.scalars(select(Action).order_by(Action.id)):
        keep_action_true(session, house.storage, action)
    on_wall = select(Greeting.sequence).where(Greeting.public_sequence.is_not(None), may_use(Use.GALLERY))
    bare = update(Photo).where(Photo.public_name.is_not(None), Photo.greeting_sequence.not_in(on_wall))
    session.execute(bare.values(public_name=None), execution_options={"synchronize_session": False})
