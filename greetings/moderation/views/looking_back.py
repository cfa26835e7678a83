"""Looking back: one greeting with its history, what was decided, the audit log; and erasing."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from greetings.accounts.door import signed_in
from greetings.accounts.queries import all_names, names_of
from greetings.actions.naming import action_names
from greetings.actions.queries import list_actions
from greetings.audit import SENDER, UNREADABLE_MOMENT, Verification
from greetings.moderation import queries, service
from greetings.moderation.approvals import list_approvals
from greetings.moderation.duplicates import list_twins
from greetings.moderation.notes import list_notes
from greetings.moderation.rules import PAGE_ROWS, number_from, place_from
from greetings.moderation.search import EVERYTHING, UNDESCRIBED, page_of_found, search_from
from greetings.moderation.views.blueprint import blueprint, get_greeting, seen_version
from greetings.moderation.views.deciding import answers_conflicts
from greetings.submissions.models import Greeting
from greetings.submissions.rules import FINAL_STATES, State
from greetings.web.context import house, session
from greetings.web.last_room import with_the_last_room
from greetings.web.locale import page_language
from greetings.web.permissions import Access

CONFIRM_LETTERS = 4
SHOWN_STATES = ("", *State, EVERYTHING)


@blueprint.get("/greetings/<greeting_id>")
def item(greeting_id: str) -> ResponseReturnValue:
    return _item_page(get_greeting(greeting_id))


def _item_page(greeting: Greeting, refused: str = "") -> str:
    entries = queries.history(session(), greeting.id)
    notes = list_notes(session(), greeting)
    twins = [] if greeting.state in FINAL_STATES else list_twins(session(), greeting)
    approvals = list_approvals(session(), greeting) if greeting.state is State.PENDING else []
    actors = {entry.actor for entry in entries} | {greeting.decided_by}
    actors |= {note.moderator_id for note in notes} | {twin.decided_by for twin in twins}
    return render_template(
        "moderation/item.html",
        greeting=greeting,
        refused=refused,
        action_name=queries.action_title(session(), greeting.action_id, page_language()),
        reports=queries.list_reports(session(), greeting),
        entries=entries,
        approvals=approvals,
        notes=notes,
        twins=twins,
        names=names_of(session(), actors),
        sender=SENDER,
        is_final=greeting.state in FINAL_STATES,
        may_erase=signed_in().may(Access.ORGANISER),
        confirm_letters=greeting.id[:CONFIRM_LETTERS],
    )


@blueprint.post("/greetings/<greeting_id>/erase")
@answers_conflicts
def erase(greeting_id: str) -> ResponseReturnValue:
    """Erase for good; the first letters of the greeting's ID are typed, so that it can't happen by a slip."""
    greeting = get_greeting(greeting_id)
    if request.form.get("confirm", "").strip().lower() != greeting.id[:CONFIRM_LETTERS]:
        refused = gettext("Nothing was erased: the four characters were not the ones shown.")
        return _item_page(greeting, refused), 422
    version, member = seen_version(), signed_in().id
    with_the_last_room(lambda: service.erase(house(), session(), greeting_id, version, actor=member))
    return redirect(url_for("moderation.item", greeting_id=greeting_id), 303)


@blueprint.get("/decided")
def decided() -> ResponseReturnValue:
    """What was decided, newest first, narrowed by what stands in the address; `?after=` the next page."""
    search = search_from(request.args)
    rows = page_of_found(session(), search, place_from(request.args.get("after", "")))
    page = rows[:PAGE_ROWS]
    actions = list_actions(session())
    return render_template(
        "moderation/decided.html",
        rows=page,
        search=search,
        states=SHOWN_STATES,
        everything=EVERYTHING,
        undescribed=UNDESCRIBED,
        names=all_names(session()),
        actions=actions,
        action_names=action_names(actions, page_language()),
        older=page[-1].place.cursor() if len(rows) > PAGE_ROWS else None,
    )


def _verification() -> Verification:
    """The whole log, in a session of its own: the request has read before somebody else added an entry."""
    with house().database.reading() as fresh:
        return house().audit.verify(fresh)


@blueprint.get("/log")
def log() -> ResponseReturnValue:
    """The audit log, newest first; its first page verifies the whole chain."""
    before = number_from(request.args.get("before", ""))
    rows = queries.page_of_log(session(), before)
    page = rows[:PAGE_ROWS]
    verification = _verification() if before is None else None
    troubles = verification.troubles if verification else []
    people = {entry.actor for entry in page} | {entry.subject for entry in page}
    return render_template(
        "moderation/log.html",
        entries=page,
        names=names_of(session(), people),
        greetings=queries.known_greetings(session(), (entry.subject for entry in page)),
        sender=SENDER,
        unreadable=UNREADABLE_MOMENT,
        verification=verification,
        verified_at=house().clock(),
        broken_at=next((one.number for one in troubles if one.code == "audit-chain-broken"), None),
        troubles=troubles,
        older=page[-1].number if len(rows) > PAGE_ROWS else None,
    )
