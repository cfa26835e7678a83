"""Who may do what, and how long things last. Pure."""

from datetime import timedelta
from enum import StrEnum

MIN_PASSWORD = 12
MAX_PASSWORD = 256
SESSION_LASTS = timedelta(hours=12)
HALF_SIGNED_IN_LASTS = timedelta(minutes=10)
INVITATION_LASTS = timedelta(days=7)
RECOVERY_CODES = 8


class Role(StrEnum):
    """What a member of the team may do: an organiser may do all that a moderator may, and more."""

    MODERATOR = "moderator"
    ORGANISER = "organiser"


def may(role: Role, needed: Role) -> bool:
    """Whether a role covers the needed one."""
    return role is needed or role is Role.ORGANISER
