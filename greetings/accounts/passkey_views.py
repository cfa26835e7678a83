"""Passkeys: signing in with one, and one's own in one's account.

Making and using them needs a script, nothing else does; password and code always work.
"""

from typing import Any

from flask import Response, g, jsonify, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from greetings.accounts import passkeys, signing_in
from greetings.accounts.account_views import account_page, checked
from greetings.accounts.ceremony import PasskeyRefused
from greetings.accounts.door import (
    Attempt,
    begin_own_change,
    blueprint,
    desk_cookie,
    give_cookie,
    signed_in,
    throttle,
    with_wait,
)
from greetings.accounts.forms import (
    AddPasskeyForm,
    OwnPasswordForm,
    PasskeyNameForm,
    PasskeySignInForm,
    RemovePasskeyForm,
    SignInForm,
    stale_sentence,
)
from greetings.accounts.passkeys import CONFIRM, SIGN_IN, NoPasskeysHere, Proof, TooManyPasskeys
from greetings.accounts.queries import find_active, member_to_change
from greetings.accounts.rules import MAX_PASSKEY_NAME, MAX_PASSKEYS
from greetings.accounts.sign_in_views import (
    TOO_MANY,
    UNPROCESSABLE,
    chosen_language,
    destination,
    sign_in_page,
)
from greetings.db.session import begin_writing
from greetings.errors import NotFound
from greetings.web.context import house, roll_back, session
from greetings.web.limits import asking_network

ANY_PASSKEY = "a passkey"  # no address: what is wrong belongs to nobody

# ---------- signing in


@blueprint.get("/desk/sign-in/question")
def passkey_question() -> ResponseReturnValue:
    """What the browser is to ask its passkeys: a fresh question each time; asking stores nothing."""
    try:
        return jsonify(passkeys.question(house()))
    except NoPasskeysHere as error:
        raise NotFound from error


@blueprint.post("/desk/sign-in/passkey")
def passkey_sign_in() -> ResponseReturnValue:
    """Signed in by a passkey’s answer. One that is right always gets in, for it can't be guessed: only those
    that are wrong are slowed down, and nobody shuts out who has one.
    """
    if g.moderator is not None:
        return redirect(destination(), 303)
    form = PasskeySignInForm(prefix="passkey-")
    if not form.validate():
        return _refuse_sign_in(stale_sentence(form))
    try:
        proof = passkeys.prove(house(), session(), form.answer.data or "", SIGN_IN)
        begin_writing(session())
        begun = passkeys.sign_in(house(), session(), proof, desk_cookie(), chosen_language())
    except (PasskeyRefused, NoPasskeysHere):
        roll_back()
        return _refuse_sign_in(None)
    if begun is None:
        return _refuse_sign_in(copied_sentence())
    member = find_active(session(), proof.moderator_id)
    throttle().welcome(member.email if member else "", asking_network())
    return give_cookie(make_response(redirect(destination(), 303)), begun)


def _refuse_sign_in(sentence: str | None) -> Response:
    wait_seconds = Attempt(ANY_PASSKEY).wait_seconds()
    if wait_seconds:
        return sign_in_page(SignInForm(formdata=None), None, TOO_MANY, wait_seconds=wait_seconds)
    known = gettext(
        "That passkey didn’t open the desk: it may have been removed. Please sign in with password and code."
    )
    return sign_in_page(SignInForm(formdata=None), None, UNPROCESSABLE, sentence or known)


def copied_sentence() -> str:
    """What to say when a passkey seems to exist twice."""
    return gettext(
        "This passkey was refused, because there seems to be a copy of it. "
        "Please sign in with password and code, remove it in your account, and tell an organiser."
    )


# ---------- adding one: first who one is, then the passkey


@blueprint.get("/desk/account/passkeys/question")
def confirm_question() -> ResponseReturnValue:
    """What the browser is to ask one's own passkeys before another one is added."""
    member = signed_in()
    try:
        return jsonify(passkeys.question_to_confirm(house(), session(), member.id, member.session_id))
    except NoPasskeysHere as error:
        raise NotFound from error


@blueprint.post("/desk/account/passkeys")
def confirm_for_passkey() -> ResponseReturnValue:
    """With password and code, or with a passkey, the page on which a new one is made."""
    form = AddPasskeyForm(prefix="passkey-")
    refused = _confirm_by_passkey(form) if form.answer.data else _confirm_by_password(form)
    return refused or _making_page(PasskeyNameForm(formdata=None))


@blueprint.post("/desk/account/add-passkey")
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that was just made; its name is cut rather than refused, for the key exists by now."""
    form = PasskeyNameForm()
    name = (form.name.data or "")[:MAX_PASSKEY_NAME].strip() or gettext("Passkey")
    member = signed_in()
    begin_own_change()
    try:
        passkeys.add(house(), session(), member.id, member.session_id, form.answer.data or "", name)
    except (PasskeyRefused, TooManyPasskeys, NoPasskeysHere):
        roll_back()
        return _refuse_adding(
            gettext("That took too long, or the browser’s answer was incomplete. Please begin again.")
        )
    return redirect(url_for("accounts.account", done="passkey"), 303)


def _confirm_by_password(form: AddPasskeyForm) -> Response | None:
    """Both factors, each throttled and each code used up, as at the door."""
    _, refused = checked(form)
    if refused is not None:
        return refused
    member = signed_in()
    attempt = Attempt(member.email)
    wait_seconds = attempt.wait_seconds()
    if wait_seconds:
        return account_page(form, TOO_MANY, wait_seconds)
    begin_writing(session())
    row = member_to_change(session(), member.id)
    if row is None or signing_in.use_code(house(), session(), row, form.code.data or "") is None:
        form.code.data = ""
        form.code.errors = [
            gettext("That code didn’t match. Each code works once: please wait for the next one and type it.")
        ]
        return account_page(form, UNPROCESSABLE)
    attempt.was_right()
    return None


def _confirm_by_passkey(form: AddPasskeyForm) -> Response | None:
    member = signed_in()
    try:
        proof = passkeys.prove(house(), session(), form.answer.data or "", CONFIRM, member.session_id)
        begin_writing(session())
        return None if _use_own(proof) else _refuse_adding(copied_sentence())
    except (PasskeyRefused, NoPasskeysHere):
        roll_back()
        return _refuse_adding(gettext("That passkey isn’t one of yours here. Please use password and code."))


def _use_own(proof: Proof) -> bool:
    if proof.moderator_id != signed_in().id:
        raise PasskeyRefused
    return passkeys.use(house(), session(), proof)


def _refuse_adding(sentence: str) -> Response:
    form = AddPasskeyForm(formdata=None, prefix="passkey-")
    form.current.errors = [sentence]
    return account_page(form, UNPROCESSABLE)


def _making_page(form: PasskeyNameForm) -> Response:
    member = signed_in()
    try:
        options = passkeys.request_to_make(house(), session(), member.id, member.name, member.session_id)
    except NoPasskeysHere as error:
        raise NotFound from error
    except TooManyPasskeys:
        most = gettext("You have %(most)s passkeys already. Please remove one first.", most=MAX_PASSKEYS)
        return _refuse_adding(most)
    site = passkeys.get_site(house())
    page = render_template("accounts/passkey_new.html", form=form, options=options, site=site)
    return make_response(page)


# ---------- one of one's own


@blueprint.get("/desk/account/passkeys/<passkey_id>")
def passkey(passkey_id: str) -> ResponseReturnValue:
    """One passkey: since when, its name, and taking it away."""
    return _passkey_page(passkey_id)


@blueprint.post("/desk/account/passkeys/<passkey_id>/rename")
def rename_passkey(passkey_id: str) -> ResponseReturnValue:
    """Give it another name."""
    form = PasskeyNameForm()
    if not form.validate():
        return _passkey_page(passkey_id, UNPROCESSABLE, name_form=form)
    begin_writing(session())
    name = form.name.data or gettext("Passkey")
    passkeys.rename(house(), session(), signed_in().id, passkey_id, name)
    return redirect(url_for("accounts.account", done="renamed"), 303)


@blueprint.post("/desk/account/passkeys/<passkey_id>/remove")
def remove_passkey(passkey_id: str) -> ResponseReturnValue:
    """Take it away; every other browser is signed out."""
    passkeys.get_own(session(), signed_in().id, passkey_id)
    form = RemovePasskeyForm(prefix="remove-")

    def page(refused: OwnPasswordForm, status: int, wait_seconds: int) -> Response:
        return _passkey_page(passkey_id, status, wait_seconds, remove_form=refused)

    _, refused = checked(form, page)
    if refused is not None:
        return refused
    begin_own_change()
    begun = passkeys.remove(house(), session(), signed_in().id, passkey_id)
    return give_cookie(make_response(redirect(url_for("accounts.account", done="removed"), 303)), begun)


def _passkey_page(passkey_id: str, status: int = 200, wait_seconds: int = 0, **forms: Any) -> Response:
    held = passkeys.get_own(session(), signed_in().id, passkey_id)
    refused_form = next(iter(forms.values()), None)
    forms.setdefault("name_form", PasskeyNameForm(formdata=None, data={"name": held.name}))
    forms.setdefault("remove_form", RemovePasskeyForm(formdata=None, prefix="remove-"))
    page = render_template(
        "accounts/passkey.html",
        passkey=held,
        refused_form=refused_form,
        wait_seconds=wait_seconds,
        **forms,
    )
    return with_wait(make_response(page, status), wait_seconds)
