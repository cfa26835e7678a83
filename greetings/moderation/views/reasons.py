"""Reasons for rejecting, for organisers: their words in three languages, their keys, their order."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from greetings.accounts.door import signed_in
from greetings.errors import NotFound, VersionStale
from greetings.languages import LANGUAGES, NAMES
from greetings.moderation.reason_forms import LABELS, NAME, ReasonFacts, ReasonForm, form_of, what_differs
from greetings.moderation.views.blueprint import blueprint, seen_version
from greetings.submissions import reasons as kept
from greetings.submissions.models import RejectionReason
from greetings.web.context import house, roll_back, session
from greetings.web.locale import page_language

CONFLICT, UNPROCESSABLE = 409, 422
WAYS = {"up": -1, "down": +1}


@blueprint.get("/reasons")
def reasons() -> ResponseReturnValue:
    """Every reason in its order, as the desk and the receipt say it."""
    return _list()


@blueprint.route("/reasons/add", methods=["GET", "POST"])
def add_reason() -> ResponseReturnValue:
    """A new reason."""
    form = ReasonForm()
    form.offer_digits(_taken_digits())
    if request.method != "POST":
        return _editor(form, None)
    if not form.validate():
        return _editor(form, None, UNPROCESSABLE)
    try:
        kept.add_reason(house(), session(), form.words(), form.chosen_digit(), actor=signed_in().id)
    except kept.DigitTaken:
        return _digit_taken(form, None)
    return redirect(url_for("moderation.reasons", done="saved"), 303)


@blueprint.route("/reasons/<code>", methods=["GET", "POST"])
def change_reason(code: str) -> ResponseReturnValue:
    """Say a reason otherwise; when a colleague was quicker, nothing is lost and nothing overwritten."""
    reason = _get(code)
    if request.method != "POST":
        form = form_of(reason)
        form.offer_digits(_taken_digits(reason))
        return _editor(form, reason)
    form = ReasonForm()
    form.offer_digits(_taken_digits(reason))
    if not form.validate():
        return _editor(form, reason, UNPROCESSABLE)
    words, digit = form.words(), form.chosen_digit()
    try:
        kept.change_reason(house(), session(), code, form.seen_version(), words, digit, actor=signed_in().id)
    except kept.DigitTaken:
        return _digit_taken(form, reason)
    except VersionStale:
        roll_back()
        reason = _get(code)
        form.version.data = str(reason.version)
        return _editor(form, reason, CONFLICT, saved=what_differs(words, reason))
    return redirect(url_for("moderation.reasons", done="saved"), 303)


@blueprint.post("/reasons/<code>/arrange")
def arrange_reason(code: str) -> ResponseReturnValue:
    """`do=up` and `down` move it, `retire` offers it no more, `restore` again."""
    wanted, facts = request.form.get("do", ""), (house(), session(), code, seen_version())
    by = signed_in().id
    try:
        if wanted in WAYS:
            kept.move_reason(*facts, WAYS[wanted], actor=by)
        elif wanted == "retire":
            kept.retire_reason(*facts, actor=by)
        elif wanted == "restore":
            kept.restore_reason(*facts, actor=by)
        else:
            raise BadRequest
    except kept.LastReason:
        roll_back()
        return _list(CONFLICT, is_last=True)
    except VersionStale:
        roll_back()
        return _list(CONFLICT, is_stale=True)
    return redirect(url_for("moderation.reasons", done="arranged", _anchor=f"reason-{code}"), 303)


def _get(code: str) -> RejectionReason:
    reason = session().get(RejectionReason, code)
    if reason is None:
        raise NotFound(code)
    return reason


def _taken_digits(but: RejectionReason | None = None) -> set[int]:
    return {reason.digit for reason in kept.list_reasons(session()) if reason.digit and reason is not but}


def _digit_taken(form: ReasonFacts, reason: RejectionReason | None) -> Response:
    roll_back()
    form.offer_digits(_taken_digits(reason))
    form.refuse_digit()
    return _editor(form, reason, CONFLICT)


def _list(status: int = 200, *, is_last: bool = False, is_stale: bool = False) -> Response:
    rows = kept.list_reasons(session())
    page = render_template(
        "moderation/reasons.html",
        offered=[reason for reason in rows if reason.is_active],
        retired=[reason for reason in rows if not reason.is_active],
        is_saved=request.args.get("done") == "saved",
        is_last=is_last,
        is_stale=is_stale,
    )
    return make_response(page, status)


def _editor(
    form: ReasonFacts,
    reason: RejectionReason | None,
    status: int = 200,
    *,
    saved: dict[str, str] | None = None,
) -> Response:
    page = render_template(
        "moderation/reason.html",
        form=form,
        reason=reason,
        headline=reason.words_in(page_language()).name if reason else None,
        languages=[(language, NAMES[language]) for language in LANGUAGES],
        labels=LABELS,
        short=NAME,
        is_stale=status == CONFLICT and not form.digit.errors,
        saved=saved or {},
    )
    return make_response(page, status)
