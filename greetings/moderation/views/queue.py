"""The queue: one item large, oldest first, and its pictures."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from greetings.errors import NotFound
from greetings.ids import is_id
from greetings.moderation import queries
from greetings.moderation.rules import number_from
from greetings.moderation.views.blueprint import blueprint
from greetings.submissions.files import RENDITIONS, private_key
from greetings.submissions.models import Greeting
from greetings.submissions.reasons import offered_reasons
from greetings.submissions.rules import State
from greetings.web.context import house, session
from greetings.web.locale import page_language


@blueprint.get("/")
def desk() -> ResponseReturnValue:
    return redirect(url_for("moderation.queue"), 303)


@blueprint.get("/queue")
def queue() -> ResponseReturnValue:
    """`?at=` an item, `?after=` or `?before=` one; `?done=&version=` says what was just decided."""
    places = {name: request.args.get(name, "") for name in ("at", "after", "before")}
    known = {name: value for name, value in places.items() if is_id(value)}
    return queue_page(queries.find_to_decide(session(), **known))


def queue_page(greeting: Greeting | None, refused: str = "") -> str:
    """The queue with this item on the table, or the empty table; `refused` is a sentence on top."""
    facts = _item_facts(greeting) if greeting else {}
    reported = queries.list_reported(session())
    return render_template(
        "moderation/queue.html",
        greeting=greeting,
        refused=refused,
        done=_just_done(),
        waiting=queries.waiting(session()),
        reported=reported,
        now=house().clock(),
        **facts,
    )


def _item_facts(greeting: Greeting) -> dict[str, Any]:
    return {
        "place_number": queries.place_in_queue(session(), greeting),
        "action_name": queries.action_title(session(), greeting.action_id, page_language()),
        "reports": queries.list_reports(session(), greeting),
        "reasons": offered_reasons(session(), page_language()),
    }


def _just_done() -> Greeting | None:
    """What this moderator decided a moment ago, while it still stands as they left it."""
    done, version = request.args.get("done", ""), number_from(request.args.get("version", ""))
    if not is_id(done) or version is None:
        return None
    greeting = queries.find_greeting(session(), done)
    if greeting is None or greeting.version != version:
        return None
    return greeting if greeting.state in {State.APPROVED, State.REJECTED} else None


@blueprint.get("/pictures/<private_name>/<rendition_name>")
def picture(private_name: str, rendition_name: str) -> ResponseReturnValue:
    """One rendition out of the private store, only for the team, and never kept by a browser."""
    rendition = next((one for one in RENDITIONS if one.name == rendition_name), None)
    photo = queries.find_photo(session(), private_name) if is_id(private_name) else None
    if rendition is None or photo is None:
        raise NotFound(private_name)
    return Response(
        house().storage.read(private_key(photo.private_name, rendition)), mimetype=rendition.content_type
    )
