"""Who may do what, how long things last, and what an answer at the door is allowed to be. Pure."""

import re
import unicodedata
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode, urlsplit

MIN_PASSWORD = 12
MAX_PASSWORD = 256
MAX_EMAIL = 254
MAX_NAME = 80
SESSION_LASTS = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
HALF_SIGNED_IN_LASTS = timedelta(minutes=10)
INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(days=2)
ENROLMENT_LASTS = timedelta(hours=1)
RECOVERY_CODES = 8
CHALLENGE_LASTS = timedelta(minutes=5)
MAX_PASSKEYS = 12
MAX_PASSKEY_NAME = 60

FREE_FAILURES = 5
FREE_FAILURES_ANYWHERE = 50
FIRST_DELAY_SECONDS = 5
LONGEST_DELAY_SECONDS = 900

_EMAIL = re.compile(r"[^@\s<>\"(),;:\\]+@[^@\s<>\"(),;:\\]+")
_DESK_PATH = re.compile(r"/desk(?:[/?][!-\[\]-~]*)?")  # printable ASCII without the backslash


class Rhythm(StrEnum):
    """How often somebody wants to hear how many greetings wait."""

    DAILY = "daily"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


WEEKDAYS = [rhythm for rhythm in Rhythm if rhythm is not Rhythm.DAILY]


def next_digest(rhythm: Rhythm, hour: int, after: datetime) -> datetime:
    """The next moment after another one at which it is time, by the hour of UTC."""
    due = after.replace(hour=hour, minute=0, second=0, microsecond=0)
    while due <= after or (rhythm is not Rhythm.DAILY and WEEKDAYS[due.weekday()] is not rhythm):
        due += timedelta(days=1)
    return due


class Role(StrEnum):
    """What a member of the team may do: an organiser may do all that a moderator may, and more."""

    MODERATOR = "moderator"
    ORGANISER = "organiser"


def may(role: Role, needed: Role) -> bool:
    """Whether a role covers the needed one."""
    return role is needed or role is Role.ORGANISER


def normal_email(untrusted_email: str) -> str | None:
    """An e-mail address as it is stored and compared, or None when it can't be one.

    It is a name to sign in with, and nothing is sent there unless its owner asks; its shape is looked at.
    """
    email = untrusted_email.strip().casefold()
    if any(unicodedata.category(letter).startswith("C") for letter in email):
        return None  # what can't be seen turns or hides what stands beside it
    return email if len(email) <= MAX_EMAIL and _EMAIL.fullmatch(email) else None


def own_desk_path(untrusted_path: str | None) -> str | None:
    """Where to go after signing in: a path of our own desk, or None. Never another site, never up and out."""
    if untrusted_path is None or not _DESK_PATH.fullmatch(untrusted_path):
        return None
    path = untrusted_path.partition("?")[0]
    parts = path.split("/")[1:]
    if "//" in path or "." in parts or ".." in parts or "%" in path:
        return None
    return None if parts[1:] in (["sign-in"], ["sign-out"]) else untrusted_path


def for_once(path: str, chosen_language: str | None) -> str:
    """A page that the door leads to: the language in its address is for that page alone, since no link of
    ours was pressed for it, and gives way to one that was chosen at the door.
    """
    parts = urlsplit(path)
    query = parse_qsl(parts.query, keep_blank_values=True)
    rest = [(name, value) for name, value in query if name not in {"lang", "once"}]
    if all(name != "lang" for name, _ in query):
        return path
    asked = rest if chosen_language else [*query, ("once", "1")]
    return parts._replace(query=urlencode(asked, safe="/")).geturl()


def passkey_domain(url: str) -> str | None:
    """The name that passkeys of a site are bound to; None where browsers have none: a number can't be a name,
    and without https only this very machine is trusted.
    """
    parts = urlsplit(url)
    name = parts.hostname or ""
    with suppress(ValueError):
        ip_address(name)
        return None
    is_this_machine = name == "localhost" or name.endswith(".localhost")
    return name if parts.scheme == "https" or is_this_machine else None


def delay_seconds(failures: int, free: int = FREE_FAILURES) -> int:
    """How long the next attempt must wait after so many failed ones: nothing at first, then doubling."""
    beyond = failures - free
    if beyond < 0:
        return 0
    doublings = min(beyond, LONGEST_DELAY_SECONDS.bit_length())
    return min(FIRST_DELAY_SECONDS << doublings, LONGEST_DELAY_SECONDS)
