"""Joining the team by a link: first name, address and password, then the code of an authenticator.

Nothing is stored before that code is right: until then, what was chosen travels in the form itself, sealed.
Looking at the link uses nothing up.
"""

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from greetings.accounts import drafts, service
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
from greetings.accounts.forms import ConfirmForm, EnrolForm, stale_sentence
from greetings.accounts.passwords import hash_password
from greetings.accounts.queries import find_by_email
from greetings.accounts.service import EmailTaken, InvitationUsed, NewMember
from greetings.accounts.sign_in_views import UNPROCESSABLE
from greetings.db.session import begin_writing
from greetings.web.context import house, roll_back, session
from greetings.web.locale import page_language


@blueprint.route("/desk/join/<token>", methods=["GET", "POST"])
@link_limit
def enrol(token: str) -> ResponseReturnValue:
    """The two stages of joining, on the path of the invitation."""
    try:
        service.get_invitation(house(), session(), token)
        if request.method != "POST":
            return _first_page(EnrolForm(), token)
        return _confirm(token) if "code" in request.form else _choose(token)
    except InvitationUsed:
        roll_back()
        return render_template("accounts/join_gone.html"), GONE


def _choose(token: str) -> ResponseReturnValue:
    form = EnrolForm()
    if not form.validate():
        return _first_page(form, token, UNPROCESSABLE, stale_sentence(form))
    email = form.email.data or ""
    if find_by_email(session(), email) is not None:
        return _first_page(_with_taken_email(form), token, UNPROCESSABLE)
    member = NewMember(
        name=form.name.data or "",
        email=email,
        password_hash=hash_password(form.password.data or ""),
        totp_secret=drafts.secret_for(house(), token, form.token_key),
        language=page_language(),
    )
    return _second_page(ConfirmForm(formdata=None), token, member)


def _confirm(token: str) -> ResponseReturnValue:
    form = ConfirmForm()
    fields = drafts.open_draft(house(), _owner(token), form.draft.data or "")
    if fields is None:
        return _first_page(EnrolForm(formdata=None), token, UNPROCESSABLE, too_late())
    member = NewMember(*fields)
    if not form.validate():
        return _second_page(form, token, member, UNPROCESSABLE, stale_sentence(form))
    step = first_step(form, member.totp_secret)
    if step is None:
        return _second_page(form, token, member, UNPROCESSABLE)
    begin_writing(session())
    try:
        moderator = service.join(house(), session(), token, member, step)
    except EmailTaken:
        roll_back()
        first = EnrolForm(formdata=None, data={"name": member.name, "email": member.email})
        return _first_page(_with_taken_email(first), token, UNPROCESSABLE)
    return come_in(moderator, is_new=True)


def _with_taken_email(form: EnrolForm) -> EnrolForm:
    form.email.errors = [gettext("Somebody in the team signs in with this address already.")]
    return form


def _first_page(form: EnrolForm, token: str, status: int = 200, refusal: str | None = None) -> Response:
    page = render_template("accounts/join.html", form=form, form_url=here(token), refusal=refusal)
    return make_response(page, status)


def _second_page(
    form: ConfirmForm, token: str, member: NewMember, status: int = 200, refusal: str | None = None
) -> Response:
    chosen = [member.name, member.email, member.password_hash, member.totp_secret, member.language]
    waiting = Waiting(_owner(token), chosen, member.totp_secret, member.email)
    return code_page(form, waiting, token, status, refusal, is_new=True)


def _owner(token: str) -> str:
    return service.invitation_digest(house(), token)
