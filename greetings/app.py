"""Puts the parts together, nothing else."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Request, request

from greetings.accounts import views as accounts
from greetings.accounts.views import load_member
from greetings.actions import desk_views as actions_desk
from greetings.actions import views as actions
from greetings.exports import views as exports
from greetings.gallery import card_views as cards
from greetings.gallery import embed_views as embed
from greetings.gallery import feed_views as feeds
from greetings.gallery import screen_views as screen
from greetings.gallery import views as gallery
from greetings.house import House, open_house
from greetings.moderation import views as moderation
from greetings.operations import style_views as style
from greetings.operations import views as operations
from greetings.operations.wiring import wire_rooms
from greetings.posters import views as posters
from greetings.settings import CHECKOUT, Settings
from greetings.submissions import views as submissions
from greetings.submissions.rules import MAX_FILE_BYTES, MAX_REQUEST_BYTES
from greetings.web.arrivals import Arrivals, Places
from greetings.web.context import install_context
from greetings.web.errors import install_errors
from greetings.web.headers import install_headers, page_headers, proxy_word
from greetings.web.kept import install_kept
from greetings.web.limits import install_limits
from greetings.web.locale import install_locale
from greetings.web.moments import Moments
from greetings.web.origin import install_origin_check, install_own_name
from greetings.web.page_cache import PageCache, ProxyAdds
from greetings.web.permissions import check_table, install_permissions
from greetings.web.proxies import install_proxies
from greetings.web.templating import install_templating
from greetings.web.uploads import UploadBudget, request_class

PUBLIC_ROOMS = (actions, submissions, gallery, cards, feeds, embed, screen, posters)
DESK_ROOMS = (actions_desk, accounts, moderation, exports, style, operations)


def create_app(settings: Settings, parts: House | None = None, places: Places | None = None) -> Flask:
    """The WSGI application on an installation that `greetings run` or `prepare` has set up."""
    parts = parts or open_house(settings)
    places = places or Places(settings.uploads)
    app = Flask("greetings", template_folder=str(CHECKOUT / "templates"), static_folder="static")
    app.config.update(MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES, SEND_FILE_MAX_AGE_DEFAULT=None)
    app.ensure_sync = _as_it_is  # type: ignore[assignment, method-assign]
    app.request_class = request_class(
        UploadBudget(settings.upload_budget_bytes, MAX_REQUEST_BYTES), MAX_FILE_BYTES
    )
    install_own_name(app, settings)
    app.wsgi_app = Arrivals(app.wsgi_app, places)  # type: ignore[method-assign]
    install_proxies(app, settings)
    moments = Moments(parts.database, parts.clock)
    install_context(app, parts, moments)
    install_headers(app, settings)
    install_locale(app)
    install_templating(app)
    install_kept(app, parts)
    install_errors(app)
    install_origin_check(app, settings)
    install_limits(app, settings)
    install_permissions(app, load_member)
    wire_rooms()
    for room in (*PUBLIC_ROOMS, *DESK_ROOMS):
        app.register_blueprint(room.blueprint)
    app.teardown_request(_let_go_of_uploads)
    if settings.page_cache_bytes:
        proxy = ProxyAdds(proxy_word(settings, parts.keys), frozenset(page_headers(settings).items()))
        pages = PageCache(app.wsgi_app, moments, settings.page_cache_bytes, proxy)
        app.wsgi_app = pages  # type: ignore[method-assign]
        parts.when_settling.append(pages.forget)
    check_table(app)
    return app


def _as_it_is(view: Callable[..., Any]) -> Callable[..., Any]:
    """No view here is asynchronous; Flask would look at each function again, a dozen times a request."""
    return view


def _let_go_of_uploads(_error: BaseException | None) -> None:
    held: Request = request
    held.let_go_of_uploads()  # type: ignore[attr-defined]
