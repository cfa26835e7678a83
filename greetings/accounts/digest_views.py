"""The letter with figures: asking for it in one's account, and switching it off by the link in each."""

from flask import Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from greetings.accounts import digests
from greetings.accounts.account_views import account_page
from greetings.accounts.door import blueprint, signed_in
from greetings.accounts.forms import DigestForm
from greetings.accounts.sign_in_views import UNPROCESSABLE
from greetings.db.session import begin_writing
from greetings.errors import NotFound
from greetings.web.context import house, session


@blueprint.post("/desk/account/digest")
def ask_for_digest() -> ResponseReturnValue:
    """Switch one's own letter on, to another time, or off."""
    if house().settings.mail is None:
        raise NotFound
    form = DigestForm(prefix="digest-")
    if not form.validate():
        return account_page(form, UNPROCESSABLE)
    begin_writing(session())
    digests.ask_for(house(), session(), signed_in().id, form.chosen_rhythm, int(form.hour.data))
    return redirect(url_for("accounts.account", done="digest"), 303)


@blueprint.get("/desk/digest/stop/<token>")
def digest_link(token: str) -> ResponseReturnValue:
    """Where the link in a letter leads: a page with one button: programs that check mail open links."""
    moderator_id = digests.member_of_link(house(), session(), token)
    return _page(token, is_on=digests.find_of(session(), moderator_id) is not None)


@blueprint.post("/desk/digest/stop/<token>")
def stop_digest(token: str) -> ResponseReturnValue:
    """Switched off, by that button or by a mail program’s own; a second time changes nothing."""
    begin_writing(session())
    digests.stop(house(), session(), digests.member_of_link(house(), session(), token))
    return _page(token, is_on=False)


def _page(token: str, *, is_on: bool) -> Response:
    return make_response(render_template("accounts/digest_stop.html", token=token, is_on=is_on))
