"""What is asked of the tables of actions."""

from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from greetings.actions.models import Action, ActionText
from greetings.actions.rules import ActionState

FACT_NAMES = ("id", "slug", "state", "is_public", "born_on", "jubilee_age", "time_zone", "version")
_ACTIONS, _TEXTS = Action.__table__.c, ActionText.__table__.c
_FACTS = select(*(_ACTIONS[name] for name in FACT_NAMES)).where(_ACTIONS.slug == bindparam("slug"))
_WORDS = (
    select(_TEXTS.language, _TEXTS.words)
    .where(_TEXTS.action_id == bindparam("action_id"))
    .order_by(_TEXTS.language)
)


def find_action(session: Session, slug: str) -> Action | None:
    """The action of a slug with all its texts, hidden ones included."""
    return session.scalar(select(Action).where(Action.slug == slug))


def read_facts(session: Session, slug: str) -> tuple[Row[Any], list[tuple[str, dict[str, str]]]] | None:
    """The values of `FACT_NAMES` of the action of a slug, and its words by language; nothing is loaded."""
    facts = session.execute(_FACTS, {"slug": slug}).first()
    if facts is None:
        return None
    words = session.execute(_WORDS, {"action_id": facts.id})
    return facts, [(language, texts) for language, texts in words]


def list_actions(session: Session) -> list[Action]:
    """Every action, the ones that want something now first, then the newest."""
    rows = session.scalars(select(Action).order_by(Action.id.desc()))
    return sorted(rows, key=lambda action: STANDING[action.state])


def list_public_actions(session: Session) -> list[Action]:
    """The actions that anyone may see, in the same order."""
    return [action for action in list_actions(session) if action.is_public]


def action_to_change(session: Session, slug: str) -> Action | None:
    """The action, read anew and locked until the commit."""
    return session.scalar(
        select(Action).where(Action.slug == slug).with_for_update().execution_options(populate_existing=True)
    )


STANDING = {
    state: place
    for place, state in enumerate(
        (
            ActionState.OPEN,
            ActionState.ANNOUNCED,
            ActionState.RELEASED,
            ActionState.CLOSED,
            ActionState.ARCHIVED,
        )
    )
}
