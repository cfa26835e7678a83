"""Joining the team by a link: first name, address and password, then the code of an authenticator.

Nothing is stored before that code is right: until then, what was chosen travels in the form itself, sealed.
Looking at the link uses nothing up.
"""

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from greetings.accounts import drafts, one_time, service, sessions
from greetings.accounts.door import asked_language, blueprint, desk_cookie, give_cookie
from greetings.accounts.forms import ConfirmForm, EnrolForm, stale_sentence
from greetings.accounts.passwords import hash_password
from greetings.accounts.queries import find_by_email
from greetings.accounts.service import EmailTaken, InvitationUsed, NewMember
from greetings.accounts.sign_in_views import REFUSED, UNPROCESSABLE, too_many
from greetings.db.session import begin_writing
from greetings.web.context import house, roll_back, session
from greetings.web.limits import SIGNING_IN, limiter
from greetings.web.locale import page_language

GONE = 410


def _was_refused(response: Response) -> bool:
    return response.status_code in REFUSED | {GONE}


@blueprint.route("/desk/join/<token>", methods=["GET", "POST"])
@limiter.limit(SIGNING_IN, methods=["POST"], deduct_when=_was_refused, on_breach=too_many)
def enrol(token: str) -> ResponseReturnValue:
    """The two stages of joining, on the path of the invitation."""
    try:
        service.get_invitation(house(), session(), token)
        if request.method == "GET":
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
        totp_secret=_secret_for(token, form.token_key),
        language=page_language(),
    )
    return _second_page(ConfirmForm(formdata=None), token, member)


def _confirm(token: str) -> ResponseReturnValue:
    form = ConfirmForm()
    member = _opened(token, form.draft.data or "")
    if member is None:
        refusal = gettext("That took a little too long. Please begin again.")
        return _first_page(EnrolForm(formdata=None), token, UNPROCESSABLE, refusal)
    if not form.validate():
        return _second_page(form, token, member, UNPROCESSABLE, stale_sentence(form))
    step = one_time.matching_step(member.totp_secret, form.code.data or "", house().clock())
    if step is None:
        form.code.errors = [gettext("That code didn’t match. Please type the one that is shown now.")]
        return _second_page(form, token, member, UNPROCESSABLE)
    begin_writing(session())
    try:
        moderator = service.join(house(), session(), token, member, step)
    except EmailTaken:
        roll_back()
        first = EnrolForm(formdata=None, data={"name": member.name, "email": member.email})
        return _first_page(_with_taken_email(first), token, UNPROCESSABLE)
    sessions.end(house(), session(), desk_cookie())
    begun = sessions.begin(house(), session(), moderator, is_complete=True)
    codes = one_time.renew_recovery_codes(house().keys, session(), moderator.id)
    return give_cookie(
        make_response(render_template("accounts/recovery_codes.html", codes=codes, is_new=True)), begun
    )


def _with_taken_email(form: EnrolForm) -> EnrolForm:
    form.email.errors = [gettext("Somebody in the team signs in with this address already.")]
    return form


def _first_page(form: EnrolForm, token: str, status: int = 200, refusal: str | None = None) -> Response:
    page = render_template("accounts/join.html", form=form, form_url=_here(token), refusal=refusal)
    return make_response(page, status)


def _second_page(
    form: ConfirmForm, token: str, member: NewMember, status: int = 200, refusal: str | None = None
) -> Response:
    form.draft.data = _sealed(token, member)
    secret = member.totp_secret
    link = one_time.authenticator_link(secret, member.email)
    page = render_template(
        "accounts/join_code.html",
        form=form,
        form_url=_here(token),
        secret=secret,
        refusal=refusal,
        link=link,
        qr=Markup(one_time.qr_svg(link)),  # noqa: S704 - segno draws figures, no text of anyone's
        is_new=True,
    )
    return make_response(page, status)


def _here(token: str) -> str:
    return url_for("accounts.enrol", token=token, lang=asked_language())


# ---------- what was chosen, sealed


def _secret_for(token: str, form_key: str) -> str:
    return drafts.secret_for(house(), token, form_key)


def _sealed(token: str, member: NewMember) -> str:
    fields = [member.name, member.email, member.password_hash, member.totp_secret, member.language]
    return drafts.seal_draft(house(), service.invitation_digest(house(), token), fields)


def _opened(token: str, untrusted_draft: str) -> NewMember | None:
    fields = drafts.open_draft(house(), service.invitation_digest(house(), token), untrusted_draft)
    return None if fields is None else NewMember(*fields)
