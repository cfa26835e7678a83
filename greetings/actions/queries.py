"""What is asked of the tables of actions."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.actions.rules import ActionState

_BY_SLUG = select(Action).where(Action.slug == bindparam("slug"))  # asked for by every page: built once


def find_action(session: Session, slug: str) -> Action | None:
    """The action of a slug with all its texts, hidden ones included."""
    return session.scalar(_BY_SLUG, {"slug": slug})


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
