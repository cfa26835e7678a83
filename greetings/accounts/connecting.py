"""Where an authenticator is connected: its secret is shown, and its first code proves that it works.

Joining, coming back and changing one's own differ only in what waits, sealed in the form, for that code.
"""

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup

from greetings.accounts import drafts, one_time, sessions
from greetings.accounts.door import asked_language, desk_cookie, give_cookie
from greetings.accounts.forms import ConfirmForm, DeskCodeForm
from greetings.accounts.models import Moderator
from greetings.accounts.sign_in_views import REFUSED, too_many
from greetings.web.context import house, session
from greetings.web.limits import SIGNING_IN, asks_for_anyone, limiter

GONE = 410


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was chosen, until the first code is right; `owner` is the link or session it is sealed for."""

    owner: str
    chosen: list[str]
    secret: str
    email: str


def connect_page(
    template: str, form: ConfirmForm | DeskCodeForm, waiting: Waiting, status: int = 200, **more: Any
) -> Response:
    """The secret as code to scan, as link and as text, and the form for the first code."""
    form.draft.data = drafts.seal_draft(house(), waiting.owner, waiting.chosen)
    link = one_time.authenticator_link(waiting.secret, waiting.email)
    page = render_template(
        template,
        form=form,
        secret=waiting.secret,
        link=link,
        qr=Markup(one_time.qr_svg(link)),  # noqa: S704 - segno draws figures, no text of anyone's
        **more,
    )
    return make_response(page, status)


def first_step(form: ConfirmForm | DeskCodeForm, secret: str) -> int | None:
    """The time step of the code that was typed; None when it isn't right, which stands at its field then."""
    step = one_time.matching_step(secret, form.code.data or "", house().clock())
    if step is None:
        form.code.errors = [gettext("That code didn’t match. Please type the one that is shown now.")]
        form.code.data = ""  # there is a new one by now
    return step


def too_late() -> str:
    """What to say when a draft is older than it may be."""
    return str(gettext("That took a little too long. Please begin again."))


# ---------- by a link, without being signed in


def _was_refused(response: Response) -> bool:
    return response.status_code in REFUSED | {GONE}


link_limit = limiter.limit(
    SIGNING_IN, methods=["POST"], deduct_when=_was_refused, exempt_when=asks_for_anyone, on_breach=too_many
)


def here(token: str) -> str:
    """The address of the link that this request came by, with its token and the language that it asks for."""
    return url_for(str(request.endpoint), token=token, lang=asked_language())


def code_page(
    form: ConfirmForm,
    waiting: Waiting,
    token: str,
    status: int = 200,
    refusal: str | None = None,
    *,
    is_new: bool,
) -> Response:
    """The second stage of a link: the authenticator is connected, and its first code asked for."""
    more = {"form_url": here(token), "refusal": refusal, "is_new": is_new}
    return connect_page("accounts/join_code.html", form, waiting, status, **more)


def come_in(moderator: Moderator, *, is_new: bool) -> Response:
    """Signed in under a new session, and the recovery codes, shown this once."""
    sessions.end(house(), session(), desk_cookie())
    begun = sessions.begin(house(), session(), moderator, is_complete=True)
    codes = one_time.renew_recovery_codes(house().keys, session(), moderator.id)
    page = render_template("accounts/recovery_codes.html", codes=codes, is_new=is_new)
    return give_cookie(make_response(page), begun)
