"""Rate limits. Counted by network address in this process's memory, never on disk and never in a log."""

import time
from math import ceil

from flask import Flask
from flask_limiter import Limiter, RequestLimit
from flask_limiter.util import get_remote_address

from greetings.settings import Settings

SENDING = "30 per 10 minutes"
RECEIPTS = "60 per 10 minutes"
OWN_POSTERS = "120 per 10 minutes"
CARDS = "120 per 10 minutes"
REPORTS = "20 per 10 minutes"
SIGNING_IN = "20 per 10 minutes"

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)


def install_limits(app: Flask, settings: Settings) -> None:
    """Switch the limits on, unless the settings say off (for load tests)."""
    app.config["RATELIMIT_ENABLED"] = settings.rate_limits
    limiter.init_app(app)


def seconds_to_wait(limit: RequestLimit) -> int:
    """How long until who has asked too often may ask again: at most the limit's own span, whose end is told
    in whole seconds, rounded up.
    """
    return max(1, min(ceil(limit.reset_at - time.time()), limit.limit.get_expiry()))
