"""The door of the desk: the cookie, who comes in with it, and the token that its forms carry."""

import hmac
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import ServiceUnavailable

from greetings.accounts import sessions
from greetings.accounts.passwords import HashersBusy
from greetings.accounts.queries import member_to_change
from greetings.accounts.rules import Role, may
from greetings.accounts.signing_in import set_language
from greetings.accounts.throttle import Throttle
from greetings.db.session import begin_writing
from greetings.house import House
from greetings.languages import LANGUAGES
from greetings.web.context import house, session
from greetings.web.errors import FormOfEarlierSession, error_page
from greetings.web.limits import asking_network
from greetings.web.origin import SAFE_METHODS, was_followed_here
from greetings.web.permissions import PERMISSIONS, Access

COOKIE = "desk"
COOKIE_PATH = "/desk"
THROTTLE = "greetings-sign-in-throttle"
BUSY_SECONDS = 3

blueprint = Blueprint("accounts", __name__)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The member of the team who makes this request; plain values, so that no transaction can change them."""

    id: str
    name: str
    email: str
    role: Role
    language: str
    session_id: str
    csrf_token: str

    def may(self, access: str) -> bool:
        """Whether a door of the permission table is open to this member."""
        return access == Access.PUBLIC or may(self.role, Role(access))


def load_member() -> SignedIn | None:
    """Who is signed in, from the request's cookie. Half signed in is not signed in."""
    member = sessions.find_owner(house(), session(), desk_cookie())
    if member is None:
        return None
    language = asked_language() or _page_language() or member.language
    is_chosen_here = asked_language() is not None and not is_for_once()
    _keep_up(member, language if is_chosen_here else member.language)
    return SignedIn(
        id=member.id,
        name=member.name,
        email=member.email,
        role=member.role,
        language=language,
        session_id=member.session_id,
        csrf_token=house().keys.digest("desk-form", member.session_id),
    )


def signed_in() -> SignedIn:
    """The member who makes this request; for views that the permission table opens to members only."""
    member: SignedIn = g.moderator
    return member


def begin_own_change() -> None:
    """Begin to write, with the row of whoever is signed in locked. 401 when this session was ended since the
    request came in: whoever was just signed out everywhere must not come back by what was on its way.
    """
    begin_writing(session())
    member = signed_in()
    locked = member_to_change(session(), member.id)
    if locked is None or not sessions.is_there(session(), member.session_id):
        abort(401)
    if locked.role is not member.role:
        abort(403)


def asked_language() -> str | None:
    """The language that the address itself asks for (`?lang=`), if it does."""
    asked = request.args.get("lang")
    return asked if asked in LANGUAGES else None


def is_for_once() -> bool:
    """Whether the language in the address is that of this page alone, and not its reader's choice: a letter,
    a chat or a bookmark led here, or the door did in their stead, and says so (`?once=`).
    """
    return "once" in request.args or not was_followed_here(request, house().settings)


def _page_language() -> str | None:
    """The language of the page whose script asks, so that what it puts in there is of one language."""
    language = request.headers.get("Page-Language")
    return language if language in LANGUAGES else None


def _keep_up(member: sessions.Owner, language: str) -> None:
    """Note now and then that the session is in use, and the language its owner has just chosen at this desk;
    whoever follows a link from a letter or a chat reads that one page in its language, and keeps their own.
    """
    parts, now = house(), house().clock()
    is_new_language = language != member.language
    if not is_new_language and not sessions.is_due_to_be_seen(member.seen_at, now):
        return
    with parts.database.work() as own:
        sessions.note_seen(own, member.session_id, now)
        if is_new_language:
            set_language(own, member.id, language)


# ---------- the cookie


def desk_cookie() -> str:
    """The token the browser brought, or nothing."""
    return request.cookies.get(COOKIE, "")


def give_cookie(response: Response, begun: sessions.Begun) -> Response:
    """Put a session's token into the browser: out of reach of scripts, other sites and the public pages."""
    response.set_cookie(
        COOKIE,
        begun.token,
        max_age=begun.lasts_seconds,
        path=COOKIE_PATH,
        secure=house().settings.is_https,
        httponly=True,
        samesite="Lax",
    )
    return response


def take_cookie(response: Response) -> Response:
    """Take the cookie out of the browser."""
    response.delete_cookie(
        COOKIE, path=COOKIE_PATH, secure=house().settings.is_https, httponly=True, samesite="Lax"
    )
    return response


# ---------- every form of the desk carries its session's token


@blueprint.before_app_request
def check_token() -> None:
    """Refuse whatever changes something at the desk without the token of the session it comes with.

    The doors that are open to everyone (signing in, joining) carry a signed token of their own.
    """
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    if PERMISSIONS[request.endpoint] is Access.PUBLIC:
        return
    given = request.form.get("csrf_token", "").encode("utf-8", "replace")
    if not hmac.compare_digest(given, signed_in().csrf_token.encode()):
        raise FormOfEarlierSession
    _look_again(PERMISSIONS[request.endpoint])


def _look_again(needed: Access) -> None:
    """The form took its sender as long as they liked: whoever was taken out, signed out or made less of
    meanwhile must not get done what was on its way.
    """
    g.moderator = load_member()
    if g.moderator is None:
        abort(401)
    if not signed_in().may(needed):
        abort(403)


@blueprint.app_context_processor
def offer_token() -> dict[str, Any]:
    """`csrf_token()` in templates: the token of the session, empty for who has none."""

    def csrf_token() -> str:
        member: SignedIn | None = g.get("moderator")
        return member.csrf_token if member is not None else ""

    return {"csrf_token": csrf_token}


# ---------- guessing is slowed down


@blueprint.app_errorhandler(HashersBusy)
def come_again(_error: HashersBusy) -> Response:
    """Nobody waits long at the door, or a crowd there would keep others from the pages."""
    return error_page(ServiceUnavailable(retry_after=BUSY_SECONDS))


@blueprint.record_once
def _make_throttle(state: BlueprintSetupState) -> None:
    parts: House = state.app.extensions["greetings"]
    state.app.extensions[THROTTLE] = Throttle(parts.clock)


class Attempt:
    """One attempt on an account from where this request comes from."""

    def __init__(self, account: str) -> None:
        self._throttle = throttle()
        self._key = (account, asking_network())
        self._is_on = house().settings.rate_limits

    def wait_seconds(self) -> int:
        """Begin the attempt: 0 when it may be made, else how long it must wait."""
        return self._throttle.attempt(*self._key) if self._is_on else 0

    def was_right(self) -> None:
        """What was tried was right, but there is more to come."""
        self._throttle.was_right(*self._key)

    def succeeded(self) -> None:
        """Signed in."""
        self._throttle.succeeded(*self._key)


def with_wait(response: Response, wait_seconds: int) -> Response:
    """The answer, with how long to wait, if there is something to wait for."""
    if wait_seconds:
        response.headers["Retry-After"] = str(wait_seconds)
    return response


def throttle() -> Throttle:
    """The memory of failed attempts, one for each application."""
    held: Throttle = current_app.extensions[THROTTLE]
    return held
