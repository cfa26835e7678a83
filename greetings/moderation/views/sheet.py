"""The contact sheet: a selection, and one decision for all of it."""

from functools import partial
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from greetings.accounts.door import signed_in
from greetings.accounts.queries import names_of
from greetings.ids import is_id
from greetings.moderation import queries, service, sheets
from greetings.moderation.approvals import count_awaiting_others
from greetings.moderation.bulk import Decide, Outcome, decide_each
from greetings.moderation.rules import number_from
from greetings.moderation.views.blueprint import blueprint, count_waiting
from greetings.moderation.views.words import Told, what_happened
from greetings.submissions.reasons import ReasonNotOffered, check_offered, offered_reasons
from greetings.web.context import house, session
from greetings.web.locale import page_language


@blueprint.route("/sheet", methods=["GET", "POST"])
def sheet() -> ResponseReturnValue:
    """`?after=` a place in the queue. A POST decides what is ticked (`pick=ID:VERSION`): `do` is `approve`,
    `reject` with a `reason`, or `undo`. Nothing is ticked by the machine.
    """
    if request.method != "POST":
        return _sheet_page()
    picks = _picks()
    if request.form.get("do") == "nothing":  # Enter in a form presses its first button
        return _sheet_page(picked=picks)
    decide = _decide(request.form.get("do", ""))
    if not picks:
        return _sheet_page(refused=gettext("Nothing is ticked yet.")), 422
    if decide is None:
        sentence = gettext("Please choose a reason: the sender reads it on their receipt.")
        return _sheet_page(refused=sentence, picked=picks), 422
    return _sheet_page(outcome=decide_each(house(), picks, decide))


def _picks() -> dict[str, int]:
    """The ticked items with the versions that were seen; what isn't one of ours is passed over."""
    pairs = (pick.partition(":") for pick in request.form.getlist("pick")[: 2 * sheets.SHEET_ITEMS])
    seen = {name: number_from(version) for name, _, version in pairs if is_id(name)}
    return {name: version for name, version in seen.items() if version is not None}


def _decide(what: str) -> Decide | None:
    """The decision that was chosen, or None when it needs a reason that wasn't given."""
    me = signed_in().id
    if what == "approve":
        return lambda own, name, version: service.approve(house(), own, name, version, actor=me)
    if what == "undo":
        return lambda own, name, version: service.undo(house(), own, name, version, actor=me)
    untrusted_reason = request.form.get("reason", "")
    try:
        check_offered(session(), untrusted_reason)
    except ReasonNotOffered:
        return None
    return partial(_reject, untrusted_reason, me)


def _reject(reason: str, me: str, own: Any, name: str, version: int) -> Any:
    return service.reject(house(), own, name, version, actor=me, reason=reason)


def _sheet_page(
    refused: str = "", outcome: Outcome | None = None, picked: dict[str, int] | None = None
) -> str:
    after = number_from(request.args.get("after", ""))
    now = house().clock()
    cells = sheets.take_sheet(session(), signed_in().id, now, after)
    session().commit()  # the page is made without keeping others from writing
    last = cells[-1].greeting.sequence if cells else None
    return render_template(
        "moderation/sheet.html",
        cells=cells,
        mine_half_way=0 if cells else count_awaiting_others(session(), signed_in().id),
        mine=sum(cell.holder is None for cell in cells),
        waiting=queries.waiting(session(), count_waiting()),
        now=now,
        names=names_of(session(), (cell.holder.moderator_id for cell in cells if cell.holder)),
        reasons=offered_reasons(session(), page_language()),
        refused=refused,
        picked=picked or {},
        more=last if last and sheets.is_more_waiting(session(), signed_in().id, now, last) else None,
        is_first=after is None,
        done=outcome.done if outcome else {},
        awaiting_others=len(outcome.waiting) if outcome and request.form.get("do") == "approve" else 0,
        was_undone=request.form.get("do") == "undo",
        troubles=_troubles(outcome) if outcome else [],
    )


def _troubles(outcome: Outcome) -> list[tuple[Any, str | Told]]:
    """What was not decided, and why."""
    changed = sheets.list_greetings(session(), outcome.changed)
    names = names_of(session(), (greeting.decided_by for greeting in changed))
    covers = gettext("Its sender asked for faces to be covered, and nobody has confirmed the covers yet.")
    waiting_for_covers = sheets.list_greetings(session(), outcome.need_covers)
    return [
        *((greeting, what_happened(greeting, names)) for greeting in changed),
        *((greeting, covers) for greeting in waiting_for_covers),
    ]
