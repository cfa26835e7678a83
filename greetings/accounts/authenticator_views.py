"""Changing one's own authenticator: the password, then a code of the new one; nothing changes before that."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from greetings.accounts import drafts, one_time, signing_in
from greetings.accounts.account_views import account_page, checked
from greetings.accounts.door import blueprint, give_cookie, signed_in
from greetings.accounts.forms import DeskCodeForm, DeviceForm
from greetings.accounts.sign_in_views import UNPROCESSABLE
from greetings.db.session import begin_writing
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
        fresh.current.errors = [gettext("That took a little too long. Please begin again.")]
        return account_page(fresh, UNPROCESSABLE)
    if not form.validate():
        return _page(form, chosen, UNPROCESSABLE)
    secret, checked_hash = chosen
    step = one_time.matching_step(secret, form.code.data or "", house().clock())
    if step is None:
        form.code.errors = [gettext("That code didn’t match. Please type the one that is shown now.")]
        return _page(form, chosen, UNPROCESSABLE)
    begin_writing(session())
    begun = signing_in.change_authenticator(house(), session(), signed_in().id, checked_hash, secret, step)
    return give_cookie(make_response(redirect(url_for("accounts.account", done="authenticator"), 303)), begun)


def _page(form: DeskCodeForm, chosen: list[str], status: int = 200) -> Response:
    form.draft.data = drafts.seal_draft(house(), signed_in().session_id, chosen)
    link = one_time.authenticator_link(chosen[0], signed_in().email)
    page = render_template(
        "accounts/authenticator.html",
        form=form,
        secret=chosen[0],
        link=link,
        qr=Markup(one_time.qr_svg(link)),  # noqa: S704 - segno draws figures, no text of anyone's
    )
    return make_response(page, status)
