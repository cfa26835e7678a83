"""Signing in, in two stages on one path, and signing out."""

from typing import Any

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter import RequestLimit

from greetings.accounts import passkeys, sessions, signing_in
from greetings.accounts.door import (
    Attempt,
    asked_language,
    blueprint,
    desk_cookie,
    give_cookie,
    is_for_once,
    signed_in,
    take_cookie,
    throttle,
    with_wait,
)
from greetings.accounts.forms import CodeForm, PasskeySignInForm, SignInForm, stale_sentence
from greetings.accounts.models import DeskSession
from greetings.accounts.passwords import hash_password, is_right_password, needs_rehash
from greetings.accounts.queries import find_by_email
from greetings.accounts.rules import for_once, normal_email, own_desk_path
from greetings.db.session import begin_writing
from greetings.web.context import house, session
from greetings.web.limits import (
    SIGNING_IN,
    asking_network,
    asks_for_anyone,
    limiter,
    network_in,
    seconds_to_wait,
)

REFUSED = {422, 429}
UNPROCESSABLE, TOO_MANY = 422, 429


def _was_refused(response: Response) -> bool:
    return response.status_code in REFUSED


def _is_known_address() -> bool:
    return asks_for_anyone() or throttle().knows(asking_network())


def too_many(limit: RequestLimit) -> Response:
    """The page for an address from which too much was refused."""
    return sign_in_page(SignInForm(), None, TOO_MANY, wait_seconds=seconds_to_wait(limit))


@blueprint.route("/desk/sign-in", methods=["GET", "POST"])
@limiter.limit(
    SIGNING_IN, methods=["POST"], deduct_when=_was_refused, exempt_when=_is_known_address, on_breach=too_many
)
def sign_in() -> ResponseReturnValue:
    """E-mail address and password; then, half signed in, the code."""
    if g.moderator is not None:
        return redirect(destination(), 303)
    half = sessions.find(house(), session(), desk_cookie(), is_complete=False)
    if request.method != "POST":
        begins_anew = "begin" in request.args
        return sign_in_page(SignInForm(), CodeForm() if half is not None and not begins_anew else None, 200)
    if "code" not in request.form:
        return _check_password()
    if half is None:
        form = SignInForm(formdata=None)
        return sign_in_page(
            form, None, UNPROCESSABLE, gettext("That took a little too long. Please begin again.")
        )
    return _check_code(half)


@blueprint.post("/desk/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    member = signed_in()
    begin_writing(session())
    signing_in.sign_out(house(), session(), member.id, desk_cookie())
    return take_cookie(make_response(redirect(url_for("accounts.sign_in"), 303)))


def _check_password() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return sign_in_page(form, None, UNPROCESSABLE, stale_sentence(form))
    email = normal_email(form.email.data or "") or ""
    attempt = Attempt(email)
    wait_seconds = attempt.wait_seconds()
    if wait_seconds:
        return sign_in_page(form, None, TOO_MANY, wait_seconds=wait_seconds)
    begun = _half_session(email, form.password.data or "")
    if begun is None:
        refusal = gettext("That didn’t match. Please look at the e-mail address and the password once more.")
        return sign_in_page(form, None, UNPROCESSABLE, refusal)
    attempt.was_right()
    here = url_for("accounts.sign_in", **_kept())
    return give_cookie(make_response(redirect(here, 303)), begun)


def _half_session(email: str, password: str) -> sessions.Begun | None:
    """A half session for a right password. It takes the same time whether or not the address is known."""
    parts, db = house(), session()
    moderator = find_by_email(db, email)
    if moderator is not None and not moderator.is_active:
        moderator = None
    checked_hash = None if moderator is None else moderator.password_hash
    is_right = is_right_password(checked_hash, password, network_in(request.environ))
    if moderator is None or checked_hash is None or not is_right:
        return None
    moderator_id = moderator.id
    new_hash = hash_password(password) if needs_rehash(checked_hash) else None
    begin_writing(db)
    begun = signing_in.begin_half(parts, db, moderator_id, checked_hash, new_hash)
    sessions.end(parts, db, desk_cookie())
    return begun


def _check_code(half: DeskSession) -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate():
        return sign_in_page(SignInForm(formdata=None), form, UNPROCESSABLE, stale_sentence(form))
    attempt = Attempt(half.moderator.email)
    wait_seconds = attempt.wait_seconds()
    if wait_seconds:
        return sign_in_page(SignInForm(formdata=None), form, TOO_MANY, wait_seconds=wait_seconds)
    begin_writing(session())
    begun = signing_in.complete(house(), session(), desk_cookie(), form.code.data or "", chosen_language())
    if begun is None:
        form.code.errors = [
            gettext("That code didn’t match. Each code works once: please wait for the next one and type it.")
        ]
        form.code.data = ""
        return sign_in_page(SignInForm(formdata=None), form, UNPROCESSABLE)
    attempt.succeeded()
    return give_cookie(make_response(redirect(destination(), 303)), begun)


def _asked_destination() -> str | None:
    return own_desk_path(request.args.get("next"))


def destination() -> str:
    """Where whoever is signed in now is led to."""
    return for_once(_asked_destination() or url_for("moderation.queue"), chosen_language())


def chosen_language() -> str | None:
    """The language that was chosen at the door, for whoever comes in to keep."""
    return None if "once" in request.args else asked_language()


def _kept() -> dict[str, Any]:
    """What goes along from stage to stage: where to, and in which language, which is its reader's own choice
    only where a link of this page was pressed for it.
    """
    language = asked_language()
    is_once = language is not None and ("once" in request.args or (request.method == "GET" and is_for_once()))
    return {"next": _asked_destination(), "lang": language, "once": "1" if is_once else None}


def sign_in_page(
    form: SignInForm,
    code_form: CodeForm | None,
    status: int,
    refusal: str | None = None,
    wait_seconds: int = 0,
) -> Response:
    """The page of the stage one is at; what was typed stays, except for secrets."""
    kept = _kept()
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        code_form=code_form,
        form_url=url_for("accounts.sign_in", **kept),
        anew_url=url_for("accounts.sign_in", **kept, begin=1),
        passkey_site=passkeys.find_site(house()),
        passkey_form=PasskeySignInForm(formdata=None, prefix="passkey-"),
        passkey_url=url_for("accounts.passkey_sign_in", **kept),
        refusal=refusal,
        wait_seconds=wait_seconds,
    )
    return with_wait(make_response(page, status), wait_seconds)
