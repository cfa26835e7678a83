"""Whom the address of a request belongs to, where a proxy stands in front.

A proxy that nobody told us about makes everybody one visitor: all share one address and its limits. That is
told in the log, once, and without any address.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from greetings.settings import Settings
from greetings.web.limits import read_address

log = structlog.get_logger(__name__)


def install_proxies(app: Flask, settings: Settings) -> None:
    """Believe as many proxies as the settings name about where a request comes from, and no other word."""
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies)  # type: ignore[method-assign]
        return
    has_told = False

    @app.before_request
    def tell_once() -> None:
        nonlocal has_told
        if not has_told and comes_by_proxy(request.environ):
            has_told = True
            log.warning("there is a proxy, and GREETINGS_TRUSTED_PROXIES is 0: all visitors count as one")


def comes_by_proxy(environ: Mapping[str, Any]) -> bool:
    """Whether a request looks as if a proxy of ours had passed it on. Anyone may write the header: it must
    come from this machine or its own network.
    """
    if "HTTP_X_FORWARDED_FOR" not in environ:
        return False
    known = read_address(environ.get("REMOTE_ADDR", ""))
    return known is not None and known.is_private


def is_proxy_forgotten(settings: Settings) -> bool:
    """Whether a proxy must stand in front, for the program speaks no TLS by itself, and none is believed."""
    return settings.is_https and not settings.trusted_proxies
