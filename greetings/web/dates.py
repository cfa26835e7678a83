"""Days and moments in words. What a page says by itself and what its script says later have one form."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from babel.dates import get_month_names
from markupsafe import Markup

from greetings.web.locale import page_language
from greetings.web.typography import NO_BREAK

Width = Literal["wide", "abbreviated"]

# a day is never broken over two lines; a moment may be, between the day and the hour
LONG_FORMS = {
    "be": "{day} {month} {year} года",
    "en": "{day} {month} {year}",
    "ru": "{day} {month} {year} года",
}
SHORT_FORM = "{day} {month}"
# Unicode cuts them after three letters, which makes a fox of November
_SHORT_BELARUSIAN = [
    "студз.",
    "лют.",
    "сак.",
    "крас.",
    "мая",
    "чэрв.",
    "ліп.",
    "жн.",
    "вер.",
    "кастр.",
    "ліст.",
    "снеж.",
]
_MOMENT = Markup('<time datetime="{}" data-clock="{}">{}</time>')


def day(value: date | datetime) -> str:
    """A day in words, with its year: “25 верасня 2012 года”."""
    return _whole(LONG_FORMS[page_language()], value, "wide")


def day_in_two(value: date | datetime) -> str:
    """The same where it stands alone in a narrow place: in large type it may end before its year, rather than
    within a word.
    """
    return day(value).replace(f"{NO_BREAK}{value.year}", f" {value.year}")


def short_day(value: date | datetime) -> str:
    """A day without its year, short."""
    return _whole(SHORT_FORM, value, "abbreviated")


def moment(at: datetime, length: str = "long") -> Markup:
    """A moment of the team's own work to the minute, in UTC until a script says it in local time; `short` for
    what is days old at most.
    """
    return _MOMENT.format(at.isoformat(timespec="minutes"), length, moment_in_utc(at, length))


def moment_in_utc(at: datetime, length: str = "long") -> str:
    """The same as bare text."""
    said = short_day(at) if length == "short" else day(at)
    return f"{said}, {at:%H:%M}{NO_BREAK}UTC"


def _whole(form: str, value: date, width: Width) -> str:
    month = _months(page_language(), width)[value.month - 1]
    return form.format(day=value.day, month=month, year=value.year).replace(" ", NO_BREAK)


@cache
def _months(language: str, width: Width) -> list[str]:
    """Names of the months as they stand behind a day."""
    if (language, width) == ("be", "abbreviated"):
        return _SHORT_BELARUSIAN
    names: Mapping[int, str] = get_month_names(width, "format", language)
    return [names[month] for month in range(1, 13)]


def clock_forms() -> dict[str, Any]:
    """The same forms for the script that says moments in local time: browsers don't know every language."""
    language = page_language()
    return {
        "long": {"day": LONG_FORMS[language].replace(" ", NO_BREAK), "months": _months(language, "wide")},
        "short": {"day": SHORT_FORM.replace(" ", NO_BREAK), "months": _months(language, "abbreviated")},
    }
