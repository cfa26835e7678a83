"""Rate limits. Counted by network address in this process's memory, never on disk and never in a log."""

import time
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from math import ceil
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter, RequestLimit

from greetings.settings import Settings

SENDING = "30 per 10 minutes"
RECEIPTS = "60 per 10 minutes"
OWN_POSTERS = "120 per 10 minutes"
CARDS = "120 per 10 minutes"
REPORTS = "20 per 10 minutes"
# what lands on the team's table or is drawn, from all that one line of IPv6 may have been given
SENDING_WIDELY = "300 per 10 minutes"
OWN_POSTERS_WIDELY = "600 per 10 minutes"
CARDS_WIDELY = "600 per 10 minutes"
REPORTS_WIDELY = "100 per 10 minutes"
SIGNING_IN = "20 per 10 minutes"

# of an IPv6 address: the network that a telephone is given, and the largest that a line or a tunnel is
OWN_HALF, WIDE_PART = len("2001:0db8:0000:0000"), len("2001:0db8:0000")


def network_of(address: str) -> str:
    """Whom an address counts for. Whoever has one of IPv6 has the whole network that it is in, and could come
    from another one with each request.
    """
    known = read_address(address)
    return f"{known.exploded[:OWN_HALF]}::/64" if isinstance(known, IPv6Address) else str(known or address)


def wide_network_of(address: str) -> str:
    """Whom an address may belong to together with 65,000 networks more: many a line at home is given 256, a
    tunnel all of them. What is shared out counts so, and others of a provider share with whoever takes much.
    """
    known = read_address(address)
    return f"{known.exploded[:WIDE_PART]}::/48" if isinstance(known, IPv6Address) else str(known or address)


def says_nothing(address: str) -> bool:
    """Whether an address stands for anyone: behind an onion service, or a proxy that nobody told us about,
    all come from this very machine. Whoever fails there must not shut the others out.
    """
    known = read_address(address)
    return known is None or known.is_loopback


def asking_network() -> str:
    """Whom this request counts for."""
    return network_of(request.remote_addr or "")


def asking_wide_network() -> str:
    """Whom this request may count for together with its neighbours."""
    return wide_network_of(request.remote_addr or "")


def network_in(environ: Mapping[str, Any]) -> str:
    """Whom what a request holds counts for; nobody where it may be anyone's."""
    address = environ.get("REMOTE_ADDR", "")
    return "" if says_nothing(address) else wide_network_of(address)


def asks_for_anyone() -> bool:
    """Whether this request's address stands for anyone."""
    return says_nothing(request.remote_addr or "")


def read_address(address: str) -> IPv4Address | IPv6Address | None:
    """An address as it was told; None where it is none, as that of a socket in the file system."""
    if address.startswith("["):  # some proxies tell the port as well, another one with each line
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return (known.ipv4_mapped or known) if isinstance(known, IPv6Address) else known


limiter = Limiter(asking_network, storage_uri="memory://", headers_enabled=False)


def install_limits(app: Flask, settings: Settings) -> None:
    """Switch the limits on, unless the settings say off (for load tests)."""
    app.config["RATELIMIT_ENABLED"] = settings.rate_limits
    limiter.init_app(app)


def seconds_to_wait(limit: RequestLimit) -> int:
    """How long until who has asked too often may ask again: at most the limit's own span, whose end is told
    in whole seconds, rounded up.
    """
    return max(1, min(ceil(limit.reset_at - time.time()), limit.limit.get_expiry()))
