"""Changing one's own authenticator: the password, then a code of the new one; nothing changes before that."""

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from greetings.accounts import drafts, signing_in
from greetings.accounts.account_views import account_page, checked
from greetings.accounts.connecting import Waiting, connect_page, first_step, too_late
from greetings.accounts.door import begin_own_change, blueprint, give_cookie, signed_in
from greetings.accounts.forms import DeskCodeForm, DeviceForm
from greetings.accounts.sign_in_views import UNPROCESSABLE
from greetings.ids import new_id
from greetings.web.context import house, session


@blueprint.post("/desk/account/authenticator")
def new_authenticator() -> ResponseReturnValue:
    """With the password a new secret is shown; with its first code it takes the old one’s place."""
    return _confirm() if "code" in request.form else _show()


def _show() -> ResponseReturnValue:
    form = DeviceForm(prefix="device-")
    checked_hash, refused = checked(form)
    if refused is not None:
        return refused
    secret = drafts.secret_for(house(), signed_in().id, new_id())
    return _page(DeskCodeForm(formdata=None), [secret, checked_hash])


def _confirm() -> ResponseReturnValue:
    form = DeskCodeForm()
    chosen = drafts.open_draft(house(), signed_in().session_id, form.draft.data or "")
    if chosen is None:
        fresh = DeviceForm(formdata=None, prefix="device-")
        fresh.current.errors = [too_late()]
        return account_page(fresh, UNPROCESSABLE)
    secret, checked_hash = chosen
    step = first_step(form, secret) if form.validate() else None
    if step is None:
        return _page(form, chosen, UNPROCESSABLE)
    begin_own_change()
    begun = signing_in.change_authenticator(house(), session(), signed_in().id, checked_hash, secret, step)
    return give_cookie(make_response(redirect(url_for("accounts.account", done="authenticator"), 303)), begun)


def _page(form: DeskCodeForm, chosen: list[str], status: int = 200) -> Response:
    member = signed_in()
    waiting = Waiting(member.session_id, chosen, chosen[0], member.email)
    return connect_page("accounts/authenticator.html", form, waiting, status)
