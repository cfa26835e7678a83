"""Headers of every answer: what a page may load and do, and how long anyone may keep it."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from http import HTTPStatus
from typing import ParamSpec

from flask import Flask, Response, g, make_response, request
from flask.typing import ResponseReturnValue

from greetings.keys import Keys
from greetings.settings import Settings

P = ParamSpec("P")

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",  # blob: is the preview of a photo before it is sent
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
# nothing that could see, hear, place or charge anybody, for us or for whoever got a script in
NOT_USED = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in NOT_USED)
FIXED = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": PERMISSIONS_POLICY,
    # not no-referrer: browsers would then send `Origin: null` with our own forms
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# the one page that stands in pages of others: anyone may frame it, it runs nothing, sends nothing, and its
# visitors' other pages are told to nobody
EMBEDDED_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors *",
    ]
)
EMBEDDED = {
    "Content-Security-Policy": EMBEDDED_POLICY,
    "Referrer-Policy": "no-referrer",
    # a page of others may ask this of whatever it holds
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Robots-Tag": "noindex",
}
# an address of the desk may be the secret itself, as an invitation is: no search engine lists it
DESK_PATH = "/desk/"
UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}
# pictures that are public anyway: shown by feed readers and in previews of links, which are pages of others
PICTURE = {"Cross-Origin-Resource-Policy": "cross-origin"}
TWO_YEARS_SECONDS = 63_072_000
# what depends on how an encoding is asked for
SQUEEZED = {"Vary": "Accept-Encoding"}
PAGE_CACHE = "public, max-age=0, s-maxage=1"
MEDIA_CACHE = "public, max-age=300"
STATIC_CACHE = "public, max-age=31536000, immutable"
NO_CACHE = "no-store"
FIRST_ERROR = 400
WILL_BE_KEPT = "greetings.will_be_kept"  # in the request: whoever keeps the page compares its ETag


def cacheable(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Mark a public page: it is the same for everyone, has an ETag, and a proxy may carry the crowd."""

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        response = make_response(view(*args, **kwargs))
        g.is_cacheable = True
        return response

    return answer


def embeddable(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Mark a page that others may show inside theirs; a refusal of it carries the strict headers of all."""
    return _with_own_headers(view, EMBEDDED)


def shown_elsewhere(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Mark a public picture that the pages of others may show; a refusal of it carries the strict headers."""
    return _with_own_headers(view, PICTURE)


def _with_own_headers(
    view: Callable[P, ResponseReturnValue], headers: dict[str, str]
) -> Callable[P, ResponseReturnValue]:
    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        response = make_response(view(*args, **kwargs))
        g.own_headers = headers if response.status_code < FIRST_ERROR else {}
        return response

    return answer


def picture_headers(settings: Settings) -> dict[str, str]:
    """What a proxy says that serves public pictures by itself."""
    return fixed_headers(settings) | PICTURE


def fixed_headers(settings: Settings) -> dict[str, str]:
    """What every answer of this site carries, whoever gives it: the program, or a proxy by itself."""
    transport = {"Strict-Transport-Security": f"max-age={TWO_YEARS_SECONDS}; includeSubDomains"}
    return FIXED | (transport if settings.is_https else {})


def page_headers(settings: Settings) -> dict[str, str]:
    """What every page carries that our own proxy keeps."""
    return fixed_headers(settings) | SQUEEZED


def proxy_word(settings: Settings, keys: Keys) -> str:
    """What a proxy says that adds the headers of every page by itself, these and no others. Only who has the
    secret can say it: a stranger could otherwise lay pages without a policy into somebody's shared cache.
    """
    return keys.digest("proxy adds headers", repr(sorted(page_headers(settings).items())))


def install_headers(app: Flask, settings: Settings) -> None:
    """Set every header on every answer, error pages included."""
    fixed = fixed_headers(settings)

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(fixed)
        response.headers.update(g.get("own_headers", {}))
        if request.path.startswith(DESK_PATH):
            response.headers.update(UNLISTED)
        if "Cache-Control" not in response.headers or request.endpoint == "static":  # Flask says no-cache
            _say_how_long(response)
        return response


def _say_how_long(response: Response) -> None:
    if request.endpoint == "static" and response.status_code < FIRST_ERROR:
        is_settled = "v" in request.args or request.path.startswith("/static/fonts/")
        response.headers["Cache-Control"] = STATIC_CACHE if is_settled else PAGE_CACHE
    elif g.get("is_cacheable") and response.status_code == HTTPStatus.OK:
        response.headers["Cache-Control"] = PAGE_CACHE
        if "ETag" not in response.headers:
            response.set_etag(_short_tag(response.get_data()))
        if WILL_BE_KEPT not in request.environ:
            response.make_conditional(request)
    else:
        response.headers["Cache-Control"] = NO_CACHE


def _short_tag(data: bytes) -> str:
    """Shorter than a whole digest: it is read by every proxy and kept by every browser."""
    return urlsafe_b64encode(blake2b(data, digest_size=12).digest()).decode()
