"""The blueprint of the desk, and what all its pages are given."""

from typing import Any

from flask import Blueprint, g, request
from flask.sansio.blueprints import BlueprintSetupState
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import BadRequest

from greetings.accounts.door import signed_in
from greetings.errors import NotFound
from greetings.ids import is_id
from greetings.moderation import queries
from greetings.moderation.approvals import count_waiting_for
from greetings.moderation.rules import number_from
from greetings.moderation.views import words
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Use
from greetings.web.context import session
from greetings.web.permissions import current_member

blueprint = Blueprint("moderation", __name__, url_prefix="/desk")


@blueprint.record_once
def give_words(state: BlueprintSetupState) -> None:
    """The desk's words for its templates, macros included, as `desk`."""
    state.app.jinja_env.globals.update(desk=words)


@blueprint.app_context_processor
def how_many_wait() -> dict[str, Any]:
    """`waiting_count()` for the bar of every desk page, those of other rooms too; not counted for parts."""
    return {"waiting_count": _count_if_possible}


def _count_if_possible() -> int | None:
    if current_member() is None:
        return None
    try:
        return count_waiting()
    except SQLAlchemyError:  # the page may be the one that says so
        return None


def count_waiting() -> int:
    """How many wait for who is signed in, asked once a request."""
    if "waiting_count" not in g:
        g.waiting_count = count_waiting_for(session(), signed_in().id)
    return int(g.waiting_count)


def get_greeting(untrusted_id: str) -> Greeting:
    """The greeting of an address, in whatever state, or `NotFound`."""
    greeting = queries.find_greeting(session(), untrusted_id) if is_id(untrusted_id) else None
    if greeting is None:
        raise NotFound(untrusted_id)
    return greeting


def seen_version() -> int:
    """The version of the greeting that was on the moderator's screen; a form of ours always says it."""
    version = number_from(request.form.get("version", ""))
    if version is None:
        raise BadRequest
    return version


def chosen_uses() -> frozenset[Use]:
    """The uses ticked to be held back; what isn't a use is passed over."""
    return frozenset(use for use in Use if use.value in request.form.getlist("disallowed"))
