"""Figures, for organisers."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from greetings.actions.naming import action_names
from greetings.actions.queries import list_actions
from greetings.moderation.figures import DAYS
from greetings.moderation.figures import figures as counted
from greetings.moderation.views.blueprint import blueprint
from greetings.web.context import house, session
from greetings.web.locale import page_language


@blueprint.get("/figures")
def figures() -> ResponseReturnValue:
    """How much came, how it stands, how long a decision takes; `?action=` of one action alone."""
    actions = list_actions(session())
    chosen = next((action for action in actions if action.slug == request.args.get("action")), None)
    return render_template(
        "moderation/figures.html",
        figures=counted(session(), house().clock, chosen.id if chosen else None),
        actions=actions,
        action_names=action_names(actions, page_language()),
        chosen=chosen.slug if chosen else "",
        days=DAYS,
    )
