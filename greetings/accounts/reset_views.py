"""Coming back by a link of an organiser: a new password, then a new authenticator, then signed in."""

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from greetings.accounts import drafts, one_time, resets, sessions
from greetings.accounts.door import asked_language, blueprint, desk_cookie, give_cookie
from greetings.accounts.forms import ConfirmForm, ResetForm, stale_sentence
from greetings.accounts.models import Moderator
from greetings.accounts.passwords import hash_password
from greetings.accounts.resets import ResetUsed
from greetings.accounts.sign_in_views import REFUSED, UNPROCESSABLE, too_many
from greetings.db.session import begin_writing
from greetings.web.context import house, roll_back, session
from greetings.web.limits import SIGNING_IN, limiter

GONE = 410


def _was_refused(response: Response) -> bool:
    return response.status_code in REFUSED | {GONE}


@blueprint.route("/desk/reset/<token>", methods=["GET", "POST"])
@limiter.limit(SIGNING_IN, methods=["POST"], deduct_when=_was_refused, on_breach=too_many)
def reset(token: str) -> ResponseReturnValue:
    """The two stages of coming back, on the path of the link."""
    try:
        member = resets.get_reset(house(), session(), token)
        if request.method == "GET":
            return _first_page(ResetForm(member.email, member.name), token, member)
        return _confirm(token, member) if "code" in request.form else _choose(token, member)
    except ResetUsed:
        roll_back()
        return render_template("accounts/reset_gone.html"), GONE


def _choose(token: str, member: Moderator) -> ResponseReturnValue:
    form = ResetForm(member.email, member.name)
    if not form.validate():
        return _first_page(form, token, member, UNPROCESSABLE, stale_sentence(form))
    owner = resets.reset_digest(house(), token)
    chosen = [hash_password(form.password.data or ""), drafts.secret_for(house(), owner, form.token_key)]
    return _second_page(ConfirmForm(formdata=None), token, member, chosen)


def _confirm(token: str, member: Moderator) -> ResponseReturnValue:
    form = ConfirmForm()
    chosen = drafts.open_draft(house(), resets.reset_digest(house(), token), form.draft.data or "")
    if chosen is None:
        fresh = ResetForm(member.email, member.name, formdata=None)
        refusal = gettext("That took a little too long. Please begin again.")
        return _first_page(fresh, token, member, UNPROCESSABLE, refusal)
    if not form.validate():
        return _second_page(form, token, member, chosen, UNPROCESSABLE, stale_sentence(form))
    password_hash, secret = chosen
    step = one_time.matching_step(secret, form.code.data or "", house().clock())
    if step is None:
        form.code.errors = [gettext("That code didn’t match. Please type the one that is shown now.")]
        return _second_page(form, token, member, chosen, UNPROCESSABLE)
    begin_writing(session())
    back = resets.finish_reset(house(), session(), token, password_hash, secret, step)
    sessions.end(house(), session(), desk_cookie())
    begun = sessions.begin(house(), session(), back, is_complete=True)
    codes = one_time.renew_recovery_codes(house().keys, session(), back.id)
    page = render_template("accounts/recovery_codes.html", codes=codes, is_new=False)
    return give_cookie(make_response(page), begun)


def _first_page(
    form: ResetForm, token: str, member: Moderator, status: int = 200, refusal: str | None = None
) -> Response:
    page = render_template(
        "accounts/reset.html", form=form, form_url=_here(token), refusal=refusal, email=member.email
    )
    return make_response(page, status)


def _second_page(
    form: ConfirmForm,
    token: str,
    member: Moderator,
    chosen: list[str],
    status: int = 200,
    refusal: str | None = None,
) -> Response:
    form.draft.data = drafts.seal_draft(house(), resets.reset_digest(house(), token), chosen)
    link = one_time.authenticator_link(chosen[1], member.email)
    page = render_template(
        "accounts/join_code.html",
        form=form,
        form_url=_here(token),
        secret=chosen[1],
        refusal=refusal,
        link=link,
        qr=Markup(one_time.qr_svg(link)),  # noqa: S704 - segno draws figures, no text of anyone's
        is_new=False,
    )
    return make_response(page, status)


def _here(token: str) -> str:
    return url_for("accounts.reset", token=token, lang=asked_language())
