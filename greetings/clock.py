"""Time as this program sees it: aware UTC, and for whatever a sender does, only the hour."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, aware UTC."""
    return datetime.now(UTC)


def is_time_zone(untrusted_name: str) -> bool:
    """Whether it is the name of a time zone, such as `Europe/Minsk`."""
    return untrusted_name in available_timezones()


def day_in(moment: datetime, time_zone: str) -> date:
    """Which day it is in a time zone at an aware moment."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def to_the_hour(moment: datetime) -> datetime:
    """Cut a moment to its hour: what a sender does is never kept more exactly (promise 5)."""
    return moment.replace(minute=0, second=0, microsecond=0)
