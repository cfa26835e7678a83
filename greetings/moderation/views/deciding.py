"""Decisions: each a plain form that leads on to the next item, or JSON for the page's own script."""

from collections.abc import Callable
from functools import wraps

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from greetings.accounts.door import signed_in
from greetings.accounts.queries import names_of
from greetings.errors import VersionStale
from greetings.moderation import service
from greetings.moderation.views.blueprint import (
    blueprint,
    chosen_uses,
    count_waiting,
    get_greeting,
    seen_version,
)
from greetings.moderation.views.queue import queue_page
from greetings.moderation.views.words import STATES, Told, what_happened
from greetings.submissions.models import Greeting
from greetings.submissions.reasons import ReasonNotOffered
from greetings.submissions.rules import IllegalStep, State
from greetings.submissions.steps import CoversNotConfirmed
from greetings.web.context import house, roll_back, session
from greetings.web.errors import wants_json

View = Callable[[str], ResponseReturnValue]
ENDS = {"moderation.approve": State.APPROVED, "moderation.reject": State.REJECTED}


def answers_conflicts(view: View) -> View:
    """Tell the second of two moderators what happened (409); nothing of the first one's work is touched."""

    @wraps(view)
    def answer(greeting_id: str) -> ResponseReturnValue:
        try:
            return view(greeting_id)
        except (VersionStale, IllegalStep):
            return _conflict(greeting_id, needs_covers=False)
        except CoversNotConfirmed:
            return _conflict(greeting_id, needs_covers=True)

    return answer


def _conflict(greeting_id: str, *, needs_covers: bool) -> ResponseReturnValue:
    roll_back()
    greeting = get_greeting(greeting_id)
    if needs_covers:
        told = Told(
            gettext("Its sender asked for faces to be covered, and nobody has confirmed the covers yet.")
        )
        way = url_for("moderation.cover", greeting_id=greeting.id)
    else:
        told = what_happened(greeting, names_of(session(), [greeting.decided_by]))
        way = url_for("moderation.item", greeting_id=greeting.id)
    if wants_json():
        if greeting.decided_by == signed_in().id and greeting.state is ENDS.get(request.endpoint or ""):
            return _as_json(greeting)  # asked again because the answer got lost on its way
        count = count_waiting()
        return jsonify(error=409, state=greeting.state, url=way, waiting=count, **told.facts()), 409
    page = render_template(
        "moderation/conflict.html", greeting=greeting, told=told, needs_covers=needs_covers, way=way
    )
    return page, 409


def _decided(greeting: Greeting) -> ResponseReturnValue:
    """On to the next item, with a quiet line that says what was done and can undo it."""
    if wants_json():
        return _as_json(greeting)
    if request.form.get("then") == "item":
        return redirect(url_for("moderation.item", greeting_id=greeting.id), 303)
    following = url_for("moderation.queue", after=greeting.id, done=greeting.id, version=greeting.version)
    return redirect(following, 303)


def _as_json(greeting: Greeting) -> ResponseReturnValue:
    return jsonify(
        id=greeting.id,
        state=greeting.state,
        version=greeting.version,
        message=_outcome(greeting),
        undo=url_for("moderation.undo", greeting_id=greeting.id),
        waiting=count_waiting(),
    )


def _outcome(greeting: Greeting) -> str:
    if request.endpoint == "moderation.approve" and greeting.state is State.PENDING:
        return gettext("Approved. Now somebody else must approve it, too.")
    if request.endpoint == "moderation.undo":
        return gettext("Back in the queue")
    return str(STATES[greeting.state])


@blueprint.post("/greetings/<greeting_id>/approve")
@answers_conflicts
def approve(greeting_id: str) -> ResponseReturnValue:
    greeting = service.approve(
        house(), session(), greeting_id, seen_version(), actor=signed_in().id, disallowed=chosen_uses()
    )
    return _decided(greeting)


@blueprint.post("/greetings/<greeting_id>/reject")
@answers_conflicts
def reject(greeting_id: str) -> ResponseReturnValue:
    """Needs a `reason`, which the sender will read; without one the item is shown again (422)."""
    try:
        greeting = service.reject(
            house(),
            session(),
            greeting_id,
            seen_version(),
            actor=signed_in().id,
            reason=request.form.get("reason", ""),
        )
    except ReasonNotOffered:
        return _ask_for_reason(greeting_id)
    return _decided(greeting)


def _ask_for_reason(greeting_id: str) -> ResponseReturnValue:
    roll_back()
    sentence = gettext("Please choose a reason: the sender reads it on their receipt.")
    if wants_json():
        return jsonify(error=422, message=sentence), 422
    return queue_page(get_greeting(greeting_id), refused=sentence), 422


@blueprint.post("/greetings/<greeting_id>/undo")
@answers_conflicts
def undo(greeting_id: str) -> ResponseReturnValue:
    """Back into the queue, and onto the table of whoever undid it."""
    greeting = service.undo(house(), session(), greeting_id, seen_version(), actor=signed_in().id)
    if wants_json():
        return _as_json(greeting)
    if request.form.get("then") == "item":
        return redirect(url_for("moderation.item", greeting_id=greeting.id), 303)
    return redirect(url_for("moderation.queue", at=greeting.id), 303)


@blueprint.post("/greetings/<greeting_id>/disallow")
@answers_conflicts
def disallow(greeting_id: str) -> ResponseReturnValue:
    """Hold back the ticked uses, and only those, whatever was decided."""
    greeting = service.disallow(
        house(), session(), greeting_id, seen_version(), actor=signed_in().id, disallowed=chosen_uses()
    )
    if wants_json():
        return _as_json(greeting)
    return redirect(url_for("moderation.item", greeting_id=greeting.id), 303)


@blueprint.post("/greetings/<greeting_id>/settle")
@answers_conflicts
def settle(greeting_id: str) -> ResponseReturnValue:
    """A reported greeting stays on the wall; `do=reopen` takes it off and puts it on the table."""
    facts = (house(), session(), greeting_id, seen_version())
    if request.form.get("do") == "reopen":
        greeting = service.undo(*facts, actor=signed_in().id)
        return redirect(url_for("moderation.queue", at=greeting.id), 303)
    service.keep_reported(*facts, actor=signed_in().id)
    return redirect(url_for("moderation.queue"), 303)
