"""The queue: one item large, oldest first, and its pictures."""

from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from greetings.accounts.door import signed_in
from greetings.accounts.queries import names_of
from greetings.errors import NotFound
from greetings.ids import is_id
from greetings.moderation import claims, queries
from greetings.moderation.approvals import awaits_others, count_awaiting_others, list_approvals
from greetings.moderation.beside import look_beside
from greetings.moderation.duplicates import list_twins
from greetings.moderation.notes import list_notes
from greetings.moderation.rules import number_from
from greetings.moderation.views.blueprint import blueprint, count_waiting
from greetings.moderation.views.words import age, what_happened
from greetings.submissions.files import RENDITIONS, private_key
from greetings.submissions.models import Greeting
from greetings.submissions.reasons import offered_reasons
from greetings.submissions.rules import State
from greetings.web.context import house, session
from greetings.web.errors import wants_json
from greetings.web.locale import page_language

MOST_CLAIMED = 60


@blueprint.get("/")
def desk() -> ResponseReturnValue:
    return redirect(url_for("moderation.queue"), 303)


@blueprint.get("/queue")
def queue() -> ResponseReturnValue:
    """`?at=` an item, `?after=` or `?before=` one; `?done=&version=` says what was just decided.

    What is shown is claimed. As JSON, the item comes alone, to be shown later by the page's own script.
    """
    places = {name: request.args.get(name, "") for name in ("at", "after", "before")}
    known = {name: value for name, value in places.items() if is_id(value)}
    # whoever moves on by a link leaves this one to the others; a script loads ahead and says so itself
    passed = [] if wants_json() else [value for name, value in known.items() if name != "at"]
    hand = claims.HAND if wants_json() and "after" in known else 1
    greeting = claims.take(session(), signed_in().id, house().clock(), leave=passed, hand=hand, **known)
    session().commit()  # pages are made without keeping others from writing
    return _item_alone(greeting) if wants_json() else queue_page(greeting)


def _item_alone(greeting: Greeting | None) -> Response:
    if greeting is None:
        return jsonify(id=None)
    html = render_template("moderation/table.html", **_item_facts(greeting))
    return jsonify(id=greeting.id, html=html)


def queue_page(greeting: Greeting | None, refused: str = "") -> str:
    """The queue with this item on the table, or the empty table; `refused` is a sentence on top."""
    me = signed_in().id
    oldest = None if greeting else queries.find_oldest_waiting(session(), ~awaits_others(me))
    return render_template(
        "moderation/queue.html",
        refused=refused,
        done=_just_done(),
        waiting=queries.waiting(session(), count_waiting()),
        reported=queries.list_reported(session()),
        now=house().clock(),
        oldest=oldest,
        awaiting_others=0 if greeting else count_awaiting_others(session(), me),
        holder_name=_holder_name(oldest) if oldest else None,
        **(_item_facts(greeting) if greeting else {"greeting": None}),
    )


def _item_facts(greeting: Greeting) -> dict[str, Any]:
    twins = list_twins(session(), greeting)
    beside = look_beside(session(), greeting, house().clock())
    notes = list_notes(session(), greeting) if beside.has_notes else []
    approvals = list_approvals(session(), greeting) if beside.has_approvals else []
    several = beside.has_several_actions
    people = [*(twin.decided_by for twin in twins), *(note.moderator_id for note in notes)]
    people += [one.moderator_id for one in approvals]
    return {
        "greeting": greeting,
        "place_number": beside.place,
        "action_name": queries.title_of(session(), greeting.action_id, page_language()) if several else None,
        "reports": queries.list_reports(session(), greeting) if beside.has_reports else [],
        "reasons": offered_reasons(session(), page_language()),
        "approvals": approvals,
        "twins": twins,
        "notes": notes,
        "names": names_of(session(), people),
        "taken_by": _name_of_other(beside.holder_id),
    }


def _holder_name(greeting: Greeting) -> str | None:
    """Who else has this on the screen."""
    holder = claims.holder_of(session(), greeting, house().clock())
    return _name_of_other(holder.moderator_id) if holder else None


def _name_of_other(moderator_id: str | None) -> str | None:
    if moderator_id is None or moderator_id == signed_in().id:
        return None
    return names_of(session(), [moderator_id]).get(moderator_id)


def _just_done() -> Greeting | None:
    """What this moderator decided a moment ago, while it still stands as they left it."""
    done, version = request.args.get("done", ""), number_from(request.args.get("version", ""))
    if not is_id(done) or version is None:
        return None
    greeting = queries.find_greeting(session(), done)
    if greeting is None or greeting.version != version:
        return None
    if greeting.state is State.PENDING:  # approved as the first of two, or put back
        me = signed_in().id
        return (
            greeting if any(one.moderator_id == me for one in list_approvals(session(), greeting)) else None
        )
    return greeting if greeting.state in {State.APPROVED, State.REJECTED} else None


@blueprint.post("/claims")
def claim() -> ResponseReturnValue:
    """What lies on this screen, told twice a minute: `ids` are claimed anew, or given back with `do=let-go`.

    The answer says how much waits, and which of them are not any more what they were (`id:version`).
    """
    seen = [pair.partition(":") for pair in request.form.getlist("ids")[:MOST_CLAIMED]]
    versions = {name: number_from(version) for name, _, version in seen if is_id(name)}
    if request.form.get("do") == "let-go":
        claims.let_go(session(), versions.keys(), signed_in().id)
        return jsonify(changed=[])
    claims.renew(session(), versions.keys(), signed_in().id, house().clock())
    waits = queries.waiting(session(), count_waiting())
    return jsonify(
        waiting=waits.count,
        oldest=age(waits.oldest_at, house().clock()) if waits.oldest_at else "",
        changed=[_changed(one, versions[one.id]) for one in queries.list_changed(session(), versions)],
    )


def _changed(greeting: Greeting, seen: int | None) -> dict[str, Any]:
    names = names_of(session(), [greeting.decided_by])
    return {
        "id": greeting.id,
        "seen": seen,
        "state": greeting.state,
        "is_mine": greeting.decided_by == signed_in().id,
        **what_happened(greeting, names).facts(),
        "url": url_for("moderation.item", greeting_id=greeting.id),
    }


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
