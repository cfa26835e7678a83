"""One's own account: sessions, password, recovery codes."""

from collections.abc import Callable

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from greetings.accounts import digests, one_time, passkeys, sessions, signing_in
from greetings.accounts.door import (
    Attempt,
    begin_own_change,
    blueprint,
    give_cookie,
    signed_in,
    with_wait,
)
from greetings.accounts.forms import (
    NEVER,
    RHYTHM_NAMES,
    AddPasskeyForm,
    DeskForm,
    DeviceForm,
    DigestForm,
    OwnPasswordForm,
    PasswordForm,
    RecoveryForm,
)
from greetings.accounts.models import Digest
from greetings.accounts.passwords import hash_password, is_right_password
from greetings.accounts.queries import find_active
from greetings.accounts.rules import MAX_PASSKEYS
from greetings.accounts.sign_in_views import TOO_MANY, UNPROCESSABLE
from greetings.db.session import begin_writing
from greetings.errors import NotFound
from greetings.web.context import house, roll_back, session

NOT_THERE = 404
DONE = {
    "password": lazy_gettext("Your password is changed, and every other browser is signed out."),
    "authenticator": lazy_gettext(
        "The new authenticator is connected, and every other browser is signed out."
    ),
    "passkey": lazy_gettext("The passkey is added: next time it signs you in with one press."),
    "renamed": lazy_gettext("The passkey has its new name."),
    "removed": lazy_gettext("The passkey is removed, and every other browser is signed out."),
    "digest": lazy_gettext("Your choice about the letter is kept."),
    "session": lazy_gettext("That browser is signed out."),
}


@blueprint.get("/desk/account")
def account() -> ResponseReturnValue:
    """One's own account."""
    return account_page()


@blueprint.post("/desk/account/password")
def change_password() -> ResponseReturnValue:
    """Set a new password: every session ends, and this browser gets a new one."""
    member = signed_in()
    form = PasswordForm(member.email, member.name, prefix="change-")
    checked_hash, refused = checked(form)
    if refused is not None:
        return refused
    new_hash = hash_password(form.password.data or "")
    begin_own_change()
    begun = signing_in.change_password(house(), session(), member.id, checked_hash, new_hash)
    return give_cookie(make_response(redirect(url_for("accounts.account", done="password"), 303)), begun)


@blueprint.post("/desk/account/recovery-codes")
def recovery_codes() -> ResponseReturnValue:
    """New recovery codes, shown this once."""
    form = RecoveryForm(prefix="recovery-")
    _, refused = checked(form)
    if refused is not None:
        return refused
    begin_own_change()
    codes = signing_in.renew_recovery_codes(house(), session(), signed_in().id)
    return make_response(render_template("accounts/recovery_codes.html", codes=codes, is_new=False))


@blueprint.post("/desk/account/sessions/<session_id>/revoke")
def revoke_session(session_id: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    begin_writing(session())
    try:
        signing_in.revoke_session(house(), session(), signed_in().id, session_id)
    except NotFound:
        roll_back()
        return account_page(status=NOT_THERE, is_late=True)
    return redirect(url_for("accounts.account", done="session"), 303)


def checked(
    form: OwnPasswordForm, page: Callable[[OwnPasswordForm, int, int], Response] | None = None
) -> tuple[str, Response | None]:
    """The hash that the present password was checked against, or the page that says what is missing."""
    page = page or account_page
    if not form.validate():
        return "", page(form, UNPROCESSABLE, 0)
    member = signed_in()
    attempt = Attempt(member.email)
    wait_seconds = attempt.wait_seconds()
    if wait_seconds:
        return "", page(form, TOO_MANY, wait_seconds)
    row = find_active(session(), member.id)
    if row is None:
        raise NotFound
    checked_hash = row.password_hash
    if not is_right_password(checked_hash, form.current.data or ""):
        form.current.errors = [gettext("That isn’t your present password.")]
        return "", page(form, UNPROCESSABLE, 0)
    attempt.was_right()
    return checked_hash, None


def account_page(
    form: DeskForm | None = None, status: int = 200, wait_seconds: int = 0, *, is_late: bool = False
) -> Response:
    """One's own account, with the form that was refused, if any; or what was asked for had gone before."""
    member = signed_in()
    asked = digests.find_of(session(), member.id)
    page = render_template(
        "accounts/account.html",
        **_forms(form, asked),
        refused_form=form,
        is_late=is_late,
        sessions=sessions.list_of(session(), member.id, house().clock()),
        codes_left=one_time.count_recovery_codes(session(), member.id),
        passkeys=passkeys.list_of(session(), member.id),
        passkey_site=passkeys.find_site(house()),
        most_passkeys=MAX_PASSKEYS,
        has_mail=house().settings.mail is not None,
        done=DONE.get(request.args.get("done", "")),
        wait_seconds=wait_seconds,
        digest_said=str(RHYTHM_NAMES[NEVER if asked is None else asked.rhythm.value]),
    )
    return with_wait(make_response(page, status), wait_seconds)


def _forms(refused: DeskForm | None, asked: Digest | None) -> dict[str, DeskForm]:
    """Every form of the page, fresh, but for the one that was refused."""
    member = signed_in()
    fresh: dict[str, DeskForm] = {
        "password_form": PasswordForm(member.email, member.name, formdata=None, prefix="change-"),
        "recovery_form": RecoveryForm(formdata=None, prefix="recovery-"),
        "device_form": DeviceForm(formdata=None, prefix="device-"),
        "passkey_form": AddPasskeyForm(formdata=None, prefix="passkey-"),
        "digest_form": _digest_form(asked),
    }
    return {
        name: refused if refused is not None and isinstance(refused, type(form)) else form
        for name, form in fresh.items()
    }


def _digest_form(asked: Digest | None) -> DigestForm:
    facts = {} if asked is None else {"rhythm": asked.rhythm.value, "hour": str(asked.hour)}
    return DigestForm(formdata=None, prefix="digest-", data=facts)
