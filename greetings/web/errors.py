"""Every error as a page for people, in their language, and one calm line for the operator."""

from collections.abc import Callable
from urllib.parse import quote

import structlog
from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import (
    Conflict,
    Forbidden,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    ServiceUnavailable,
)
from werkzeug.exceptions import Gone as PageGone
from werkzeug.exceptions import NotFound as PageNotFound

from greetings.errors import Gone, NotFound, VersionStale
from greetings.imaging import HouseFull
from greetings.storage import StorageFull
from greetings.typesetting import PressBusy
from greetings.web.arrivals import RETRY_SECONDS
from greetings.web.context import house, roll_back
from greetings.web.limits import limiter, seconds_to_wait
from greetings.web.locale import page_language
from greetings.web.origin import ComesFromElsewhere, comes_from_here
from greetings.web.permissions import is_of_the_desk
from greetings.web.ways_back import page_above, page_it_came_from, what_was_drawn

log = structlog.get_logger(__name__)

DATABASE_TROUBLE = (OperationalError, NoConnectionFree)
LOOKS = "greetings-before-error-page"
SIGNED_OUT, NO_KEY = 401, 403
NOT_NOW = {429, 500, 503, 507}
TOO_OFTEN = 429
TOO_OFTEN_SECONDS = 60
PRESS_SECONDS = 5
MOST_TYPED_BYTES = 200_000
TYPED_IN_A_WORD = {"name", "town", "organisation", "office", "text"}
BARE_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>That did not work</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<h1>That did not work</h1><p>Something broke on our side. Please try again in a little while.</p>
<p lang="be">У нас нешта зламалася. Калі ласка, паспрабуйце крыху пазней.</p>
<p lang="ru">У нас что-то сломалось. Пожалуйста, попробуйте немного позже.</p></html>
"""


class InsufficientStorage(HTTPException):
    """507: there is no room for what was sent."""

    code = 507
    description = "The disk is full."


class DatabaseAway(ServiceUnavailable):
    """503, too, but no crowd is the reason."""


class FormOfEarlierSession(Forbidden):
    """403, too, but no key is missing: whoever sent the form has signed in anew since they opened it."""


WHY = {DatabaseAway: "away", FormOfEarlierSession: "earlier", ComesFromElsewhere: "elsewhere"}


def wants_json() -> bool:
    """Whether the page's own script asks, which shows the answer by itself."""
    return request.accept_mimetypes.best == "application/json"


def before_error_page(blueprint: Blueprint) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Have a room look, before any page of an error is made, what it should say of where one is."""

    def register(look: Callable[[], None]) -> Callable[[], None]:
        blueprint.record_once(lambda state: state.app.extensions.setdefault(LOOKS, []).append(look))
        return look

    return register


def error_page(error: HTTPException) -> Response:
    """The page of an HTTP error, with its own headers (Allow, Retry-After) kept."""
    roll_back()
    if error.response is not None:
        return make_response(error.response)
    code = error.code or 500
    if code == SIGNED_OUT:
        page_language()  # theirs, before nobody is known here any more
        g.pop("moderator", None)
    retry_after = getattr(error, "retry_after", None) or _limited_seconds(code)
    response = jsonify(error=code) if wants_json() else make_response(_page(error, code, retry_after))
    response.status_code = code
    for name, value in error.get_headers(request.environ):
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    if retry_after is not None and "Retry-After" not in response.headers:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _limited_seconds(code: int) -> int | None:
    if code != TOO_OFTEN:
        return None
    limit = limiter.current_limit
    return TOO_OFTEN_SECONDS if limit is None else seconds_to_wait(limit)


def _typed(error: HTTPException) -> list[str]:
    """What was written into a form of the desk that nothing is done with: one page back there is the sign-in,
    or the page anew, since no page of the desk is kept, nor what was typed into it (decision 0055). Forms of
    accounts hold passwords, which are shown to nobody; what another site sent is nobody's own.
    """
    if not _holds_what_is_lost(error):
        return []
    return [
        value
        for name, value in request.form.items(multi=True)
        if value.strip() and (name in TYPED_IN_A_WORD or any(map(str.isspace, value.strip())))
    ]


def _holds_what_is_lost(error: HTTPException) -> bool:
    is_lost = error.code in {SIGNED_OUT, NO_KEY} or (error.code in NOT_NOW and is_of_the_desk(request.path))
    is_own = comes_from_here(request, house().settings)
    is_form = request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}
    is_small = (request.content_length or 0) <= MOST_TYPED_BYTES
    return is_lost and is_own and request.blueprint != "accounts" and is_form and is_small


def _page(error: HTTPException, code: int, retry_after: int | None) -> str:
    """The page as people should see it; where even that can't be made, words without any template."""
    is_away = isinstance(error, DatabaseAway)
    try:
        for look in () if is_away else current_app.extensions.get(LOOKS, ()):
            look()
        came_from = page_it_came_from() if is_of_the_desk(request.path) else None
        leads_back = came_from and code in {SIGNED_OUT, NO_KEY} and _holds_what_is_lost(error)
        drawn = what_was_drawn() if leads_back else ""
        if came_from and drawn:
            came_from += ("&" if "?" in came_from else "?") + drawn
        return render_template(
            "errors/page.html",
            code=code,
            why=WHY.get(type(error), ""),
            retry_after=retry_after,
            typed=_typed(error),
            came_from=came_from,
            has_drawn=bool(drawn),
        )
    except Exception as broken:  # noqa: BLE001 - whatever broke would take this page along
        _note("the page of an error could not be made", broken)
        return BARE_PAGE


def install_errors(app: Flask) -> None:
    """Answer every error; what we didn't foresee is logged by kind and place only, never by content."""
    app.register_error_handler(HTTPException, error_page)
    app.register_error_handler(MethodNotAllowed, _way_back)
    app.register_error_handler(NotFound, lambda _: error_page(PageNotFound()))
    app.register_error_handler(Gone, lambda _: error_page(PageGone()))
    app.register_error_handler(VersionStale, lambda _: error_page(Conflict()))
    app.register_error_handler(StaleDataError, lambda _: error_page(Conflict()))
    app.register_error_handler(StorageFull, _no_room)
    app.register_error_handler(HouseFull, lambda _: error_page(ServiceUnavailable(retry_after=RETRY_SECONDS)))
    app.register_error_handler(PressBusy, lambda _: error_page(ServiceUnavailable(retry_after=PRESS_SECONDS)))
    for kind in DATABASE_TROUBLE:
        app.register_error_handler(kind, _database_trouble)
    app.register_error_handler(Exception, _unforeseen)


def _way_back(error: MethodNotAllowed) -> Response:
    """Where a form of the desk was sent there may be no page to look at, for a link to another language or a
    reload: then the page it belongs to, which is the nearest one above.
    """
    if request.method in {"GET", "HEAD"} and is_of_the_desk(request.path) and not wants_json():
        path, query = page_above(request.path), request.query_string.decode("ascii", "replace")
        if path is not None:
            return make_response(redirect(quote(path) + (f"?{query}" if query else ""), 303))
    return error_page(error)


def is_full_disk(error: Exception) -> bool:
    """Whether something failed for want of room."""
    words = str(getattr(error, "orig", "")).lower()
    return isinstance(error, StorageFull) or "disk is full" in words or "no space" in words


def tell_operator(error: Exception) -> None:
    """One line about a full disk, or a database that doesn't answer; nothing about a crowd, which passes."""
    if is_full_disk(error):
        log.error("the disk is full", endpoint=request.endpoint)
    elif isinstance(error, DATABASE_TROUBLE):
        kind = type(getattr(error, "orig", error)).__name__
        log.error("database not available", kind=kind, endpoint=request.endpoint)


def _no_room(error: StorageFull) -> Response:
    tell_operator(error)
    return error_page(InsufficientStorage())


def _database_trouble(error: Exception) -> Response:
    tell_operator(error)
    if is_full_disk(error):
        return error_page(InsufficientStorage())
    return error_page(DatabaseAway(retry_after=RETRY_SECONDS))


def _unforeseen(error: Exception) -> Response:
    _note("unforeseen error", error)
    if request.environ.get("greetings.raise"):
        raise error
    return error_page(InternalServerError())


def _note(event: str, error: Exception) -> None:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "unknown"
    log.error(event, kind=type(error).__name__, where=where, endpoint=request.endpoint)
