"""Cross-site requests can't change anything: a browser says where a form came from, and it must be here.

Works without a cookie. Browsers send `Origin` with every POST (and `Sec-Fetch-Site`, which pages can't
forge); a client that sends neither is no browser and carries nobody's rights with it.
"""

from flask import Flask, Request, abort, request

from greetings.settings import Settings

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def comes_from_here(untrusted_request: Request, settings: Settings) -> bool:
    """Whether a changing request was made by one of our own pages, or by no browser at all."""
    site = untrusted_request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = untrusted_request.headers.get("Origin")
    return origin is None or settings.is_own_origin(origin)


def install_origin_check(app: Flask, settings: Settings) -> None:
    """Refuse whatever changes something and comes from another site."""

    @app.before_request
    def check() -> None:
        if request.method not in SAFE_METHODS and not comes_from_here(request, settings):
            abort(403)
