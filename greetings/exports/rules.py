"""What an export holds and how it is written. Pure."""

import re
from datetime import timedelta
from enum import StrEnum

LASTS = timedelta(days=1)  # then its file is gone
LEASE = timedelta(minutes=2)  # whoever writes renews it; silence that long means that the process is gone
PART_BYTES = 8_000_000
MOST_AT_ONCE = 10  # that wait or lie ready
FOLDER = "exports"

FORMULA_SIGNS = "=+-@＝＋－＠"
# at the start of a cell; also behind what a spreadsheet of another country takes for the border of a cell
_FORMULA = re.compile(rf"(^|[;\t\r\n|])([\s\u200b\ufeff\"]*)(?=[{re.escape(FORMULA_SIGNS)}])")


class Form(StrEnum):
    """What the file is."""

    CSV = "csv"
    JSON = "json"
    ZIP = "zip"


class Progress(StrEnum):
    """How far an export is."""

    WAITING = "waiting"
    WRITING = "writing"
    READY = "ready"
    GONE = "gone"  # one of its greetings was taken back or changed, so its file is deleted
    FAILED = "failed"


FIELDS = (
    "id",
    "kind",
    "language",
    "name",
    "town",
    "country",
    "organisation",
    "office",
    "text",
    "received_on",
    "uses",
    "children",
    "pictures",
    "descriptions",
)


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before every sign that begins one."""
    return _FORMULA.sub(r"\1\2'", text)


def picture_name(greeting_id: str, place: int) -> str:
    """What a picture is called in the archive."""
    return f"pictures/{greeting_id}-{place}.jpg"


def part_key(file_name: str, number: int) -> str:
    """Where one part of an export's file lies."""
    return f"{FOLDER}/{file_name}-{number:05d}.part"


def file_name_in(key: str) -> str:
    """The name of the file that a part belongs to."""
    return key.removeprefix(f"{FOLDER}/").partition("-")[0]
