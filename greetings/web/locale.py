"""The language of a page: from its path on public pages, from the moderator on the desk.

Views never see `language` and `action_slug`: they are taken out of the path into `g`, and put back into
every address that `url_for` makes.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, g, has_request_context, request
from flask_babel import Babel
from werkzeug.routing import BaseConverter

from greetings.languages import DEFAULT_LANGUAGE, LABELS, LANGUAGES, NAMES
from greetings.web.permissions import is_of_the_desk


class LanguageConverter(BaseConverter):
    regex = "|".join(LANGUAGES)


class SlugConverter(BaseConverter):
    regex = "(?!desk/|embed/|static/|media/)[a-z0-9][a-z0-9-]{0,39}"


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The page one is on, in one of the languages."""

    language: str
    label: str
    name: str
    url: str
    is_current: bool


def page_language() -> str:
    """The language of the page that is being made."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    language: str | None = g.get("language")
    if language is None:
        language = g.language = _guessed_language()
    return language


def language_links() -> list[LanguageLink]:
    """This page in each language, with everything else of its address kept."""
    present = page_language()
    return [
        LanguageLink(language, LABELS[language], NAMES[language], _url_in(language), language == present)
        for language in LANGUAGES
    ]


def alternates(canonical_url: str) -> list[tuple[str, str]]:
    """The address that a page gives as its own, by language: pages in other languages give just these, too,
    whatever was added to the address by which one came.
    """
    before, own, after = canonical_url.partition(f"/{g.action_slug}/{page_language()}/")
    return [(language, f"{before}/{g.action_slug}/{language}/{after}") for language in LANGUAGES if own]


def _url_in(language: str) -> str:
    """Path by the router, query by us: names in a query are a visitor's, and must not become arguments."""
    is_public = "action_slug" in g
    query = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if is_public or name not in {"lang", "once"}
    ]
    parts = request.path.split("/")
    place = _language_place(parts)
    if place and not is_of_the_desk(request.path):
        parts[place] = language
    else:
        query.append(("lang", language))
    return quote("/".join(parts)) + (f"?{urlencode(query)}" if query else "")


def action_place(parts: list[str]) -> int:
    """Where the action stands in the parts of a path: `/ACTION/LANG/...` or `/embed/ACTION/LANG/...`."""
    return 2 if parts[1:2] == ["embed"] else 1


def _language_place(parts: list[str]) -> int | None:
    place = action_place(parts) + 1
    return place if len(parts) > place and parts[place] in LANGUAGES else None


def _guessed_language() -> str:
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    parts = request.path.split("/")
    if place := _language_place(parts):
        return parts[place]
    moderator = g.get("moderator")
    if moderator is not None:
        return str(moderator.language)
    return request.accept_languages.best_match(LANGUAGES, default=DEFAULT_LANGUAGE)


def install_locale(app: Flask) -> None:
    """Converters, the taking out and putting back of path parts, and Babel's choice of language."""
    app.url_map.converters["language"] = LanguageConverter
    app.url_map.converters["slug"] = SlugConverter
    Babel(
        app,
        default_locale=DEFAULT_LANGUAGE,
        locale_selector=page_language,
        default_translation_directories="translations",
    )

    @app.url_value_preprocessor
    def take_out(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "language" in values:
            g.language = values.pop("language")
        if values and "action_slug" in values:
            g.action_slug = values.pop("action_slug")

    @app.url_defaults
    def put_back(endpoint: str, values: dict[str, Any]) -> None:
        for name in ("language", "action_slug"):
            if name not in values and name in g and app.url_map.is_endpoint_expecting(endpoint, name):
                values[name] = g.get(name)
