"""Time as this program sees it: aware UTC, and for whatever a sender does, only the hour."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, aware UTC."""
    return datetime.now(UTC)


def to_the_hour(moment: datetime) -> datetime:
    """Cut a moment to its hour: what a sender does is never kept more exactly (promise 5)."""
    return moment.replace(minute=0, second=0, microsecond=0)
