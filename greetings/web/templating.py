"""Jinja as this house uses it: an undefined name is an error, and dates, figures and addresses come right."""

import hashlib
import re
from functools import cache, lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal, format_percent, get_group_symbol
from babel.support import Translations
from flask import Flask, g, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from greetings.web.cleaning import writable
from greetings.web.context import house
from greetings.web.dates import clock_forms, day, day_in_two, moment, short_day
from greetings.web.locale import alternates, language_links, page_language
from greetings.web.permissions import current_member
from greetings.web.typography import NO_BREAK, typeset, whole_compounds

_SIZE = re.compile(r"(?:(?<=\)s)|(?<=\d)) (?=[kMкМ][BБ]\b)")
_BEFORE_A_VALUE = re.compile(r"(?<![\w’'-])(\w{1,2}) (?=%\()")


def number(value: float) -> str:
    """A figure with the language's own grouping and decimal mark, which never breaks over lines."""
    return _number(value, page_language())


def percent(share: float) -> str:
    """A share of one in hundredths: “43%”, and with a space that never breaks in Belarusian and Russian."""
    return format_percent(share, locale=page_language())


def _number(value: float, language: str) -> str:
    if value % 1:
        return format_decimal(value, locale=language)
    return f"{int(value):,}".replace(",", _group_mark(language))


@cache
def _group_mark(language: str) -> str:
    mark = get_group_symbol(language)
    return NO_BREAK if mark.isspace() else mark


def install_templating(app: Flask) -> None:
    """Filters, globals and the strictness of templates."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        number=number,
        percent=percent,
        day=day,
        day_in_two=day_in_two,
        short_day=short_day,
        moment=moment,
        typeset=_typeset,
        unbroken=_own_sentence,
        writable=_writable,
    )
    _speak_quickly(app)
    static_folder = Path(str(app.static_folder))

    @lru_cache(maxsize=256)
    def static_url(path: str) -> str:
        return url_for("static", filename=path, v=_version(static_folder / path))

    app.jinja_env.globals.update(static_url=static_url, clock_forms=clock_forms, alternates=alternates)

    @app.context_processor
    def common() -> dict[str, Any]:
        return {
            "page_language": page_language(),
            "site_url": house().settings.url,
            "language_links": language_links(),
            "action": g.get("action"),
            "moderator": current_member(),
        }


def _speak_quickly(app: Flask) -> None:
    """The sentences of templates straight from the catalogue of the page's language: Babel's own way there
    asks the request a dozen times for each, which was a tenth of a page.
    """
    folder = Path(app.root_path) / "translations"

    @cache
    def catalogue(language: str) -> NullTranslations:
        return Translations.load(folder, [language])

    def said(sentence: str) -> str:
        language = page_language()
        return _unbroken(catalogue(language).gettext(sentence), language)

    def counted(one: str, many: str, count: int) -> str:
        language = page_language()
        return _unbroken(catalogue(language).ngettext(one, many, count), language)

    environment: Any = app.jinja_env  # the extension's own methods
    environment.install_gettext_callables(said, counted, newstyle=True)


@lru_cache(maxsize=4096)
def _unbroken(sentence: str, language: str) -> str:
    """One of our own sentences with the spaces that must not break; the English ones have few."""
    sentence = _SIZE.sub(NO_BREAK, sentence)
    if language == "en":
        return whole_compounds(sentence)
    return _BEFORE_A_VALUE.sub(rf"\1{NO_BREAK}", whole_compounds(typeset(sentence, language)))


def _writable(value: object) -> str:
    return writable(str(value))


def _own_sentence(sentence: object) -> str:
    if not hasattr(sentence, "__html__"):
        return _unbroken(str(sentence), page_language())
    return Markup(_unbroken(str(escape(sentence)), page_language()))  # noqa: S704 - as it came


def _typeset(text: str, language: str | None = None) -> str:
    return whole_compounds(typeset(text, language or page_language()))


@lru_cache(maxsize=256)
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
