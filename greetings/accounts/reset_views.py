"""Coming back by a link of an organiser: a new password, then a new authenticator, then signed in."""

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from greetings.accounts import drafts, resets
from greetings.accounts.connecting import (
    GONE,
    Waiting,
    code_page,
    come_in,
    first_step,
    here,
    link_limit,
    too_late,
)
from greetings.accounts.door import blueprint
from greetings.accounts.forms import ConfirmForm, ResetForm, stale_sentence
from greetings.accounts.models import Moderator
from greetings.accounts.passwords import hash_password
from greetings.accounts.resets import ResetUsed
from greetings.accounts.sign_in_views import UNPROCESSABLE
from greetings.db.session import begin_writing
from greetings.web.context import house, roll_back, session


@blueprint.route("/desk/reset/<token>", methods=["GET", "POST"])
@link_limit
def reset(token: str) -> ResponseReturnValue:
    """The two stages of coming back, on the path of the link."""
    try:
        member = resets.get_reset(house(), session(), token)
        if request.method != "POST":
            return _first_page(ResetForm(member.email, member.name), token, member)
        return _confirm(token, member) if "code" in request.form else _choose(token, member)
    except ResetUsed:
        roll_back()
        return render_template("accounts/reset_gone.html"), GONE


def _choose(token: str, member: Moderator) -> ResponseReturnValue:
    form = ResetForm(member.email, member.name)
    if not form.validate():
        return _first_page(form, token, member, UNPROCESSABLE, stale_sentence(form))
    secret = drafts.secret_for(house(), _owner(token), form.token_key)
    chosen = [hash_password(form.password.data or ""), secret]
    return _second_page(ConfirmForm(formdata=None), token, member, chosen)


def _confirm(token: str, member: Moderator) -> ResponseReturnValue:
    form = ConfirmForm()
    chosen = drafts.open_draft(house(), _owner(token), form.draft.data or "")
    if chosen is None:
        fresh = ResetForm(member.email, member.name, formdata=None)
        return _first_page(fresh, token, member, UNPROCESSABLE, too_late())
    if not form.validate():
        return _second_page(form, token, member, chosen, UNPROCESSABLE, stale_sentence(form))
    password_hash, secret = chosen
    step = first_step(form, secret)
    if step is None:
        return _second_page(form, token, member, chosen, UNPROCESSABLE)
    begin_writing(session())
    back = resets.finish_reset(house(), session(), token, password_hash, secret, step)
    return come_in(back, is_new=False)


def _first_page(
    form: ResetForm, token: str, member: Moderator, status: int = 200, refusal: str | None = None
) -> Response:
    page = render_template(
        "accounts/reset.html", form=form, form_url=here(token), refusal=refusal, email=member.email
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
    waiting = Waiting(_owner(token), chosen, chosen[1], member.email)
    return code_page(form, waiting, token, status, refusal, is_new=False)


def _owner(token: str) -> str:
    return resets.reset_digest(house(), token)
