"""Whose request it is: sent to this site by its own name, and from here if it changes something.

Cross-site requests can't change anything: a browser says where a form came from, and it must be here.

Works without a cookie. Browsers send `Origin` with every POST (and `Sec-Fetch-Site`, which pages can't
forge); a client that sends neither is no browser and carries nobody's rights with it.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Request, Response, request
from werkzeug.exceptions import Forbidden

from greetings.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class ComesFromElsewhere(Forbidden):
    """403: another site's page sent it, or one of ours under a name that isn't the site's own."""


def comes_from_here(untrusted_request: Request, settings: Settings) -> bool:
    """Whether a changing request was made by one of our own pages, or by no browser at all."""
    site = untrusted_request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = untrusted_request.headers.get("Origin")
    return origin is None or settings.is_own_origin(origin)


def was_followed_here(untrusted_request: Request, settings: Settings) -> bool:
    """Whether one of our own pages led to this page, and no letter, bookmark or other site did. A browser
    that doesn't say so, as over plain http, says which page it came from; who says neither is from elsewhere.
    """
    site = untrusted_request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    came_from = untrusted_request.headers.get("Referer", "")
    return settings.is_own_origin("/".join(came_from.split("/", 3)[:3]))


def install_origin_check(app: Flask, settings: Settings) -> None:
    """Refuse whatever changes something and comes from another site."""

    @app.before_request
    def check() -> None:
        if request.method not in SAFE_METHODS and not comes_from_here(request, settings):
            raise ComesFromElsewhere


def install_own_name(app: Flask, settings: Settings) -> None:
    """Never look at the name that a request was sent to: anybody can write there what they like.

    Whoever asks for it gets the site's own. An address that is led on (one slash too many, one too few) is
    told without any name, so that nobody leaves the one, or the onion, by which they came.
    """
    app.wsgi_app = _under_own_name(app.wsgi_app, settings)  # type: ignore[assignment, method-assign]

    @app.after_request
    def stay_here(response: Response) -> Response:
        if response.location is not None:
            response.headers["Location"] = response.location.removeprefix(settings.url)
        return response


def _under_own_name(app: "WSGIApplication", settings: Settings) -> "WSGIApplication":
    own = urlsplit(settings.url)
    name = {"HTTP_HOST": own.netloc, "wsgi.url_scheme": own.scheme}

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return app({**environ, **name}, start_response)

    return answer
