"""Rules of the desk. Pure."""

from enum import StrEnum

MAX_REPORT_NOTE = 500


class Concern(StrEnum):
    """Why somebody reports a public greeting."""

    THIS_IS_ME = "me"
    WRONG = "wrong"
    DANGER = "danger"
