"""The pages of an action: its front page in five states, privacy, and the way in from `/`."""

from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy.exc import SQLAlchemyError

from greetings.actions.models import Action
from greetings.actions.parts import page_part
from greetings.actions.queries import list_public_actions
from greetings.actions.rules import ActionState, dated_rows, is_slug, paragraphs, rows
from greetings.actions.service import ActionPage, facts_of, find_front_action, get_public_facts, present
from greetings.errors import NotFound
from greetings.languages import LANGUAGES, NAMES
from greetings.web.context import house, session
from greetings.web.errors import before_error_page
from greetings.web.headers import cacheable
from greetings.web.kept import in_this_moment
from greetings.web.locale import action_place, page_language
from greetings.web.templating import number

blueprint = Blueprint("actions", __name__)
blueprint.add_app_template_filter(paragraphs, "paragraphs")
blueprint.add_app_template_filter(rows, "rows")
blueprint.add_app_template_filter(dated_rows, "dated_rows")
blueprint.add_app_template_global(page_part, "page_part")

PAGES = {
    ActionState.ANNOUNCED: "actions/announced.html",
    ActionState.OPEN: "actions/open.html",
    ActionState.CLOSED: "actions/closed.html",
    ActionState.RELEASED: "actions/released.html",
    ActionState.ARCHIVED: "actions/closed.html",
}


# what wants something of a visitor stands first
AT_THE_DOOR = (
    ActionState.OPEN,
    ActionState.RELEASED,
    ActionState.ANNOUNCED,
    ActionState.CLOSED,
    ActionState.ARCHIVED,
)

ADDRESS_IN = {
    "be": lazy_gettext("The address in Belarusian"),
    "en": lazy_gettext("The address in Latin letters"),
    "ru": lazy_gettext("The address in Russian"),
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """The stamp of an action's page: the number that matters between two short words, and all of it as
    one sentence for those who hear it.
    """

    above: str
    figure: str
    below: str
    label: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """The postal address as it is written in one language, under a heading that says which."""

    language: str
    heading: str
    lines: list[str]


@blueprint.before_app_request
def find_the_action() -> None:
    """Every page below `/ACTION/LANG/` is about a public action, or there is no such page."""
    if "action_slug" in g:
        g.action = _public_action(g.action_slug)


def _public_action(slug: str) -> ActionPage:
    facts = in_this_moment("action", slug, lambda: get_public_facts(session(), slug))
    return present(facts, page_language(), house().clock())


@before_error_page(blueprint)
def find_it_for_an_error_page() -> None:
    """Who loses the way below an action, or is refused before anybody looked for it, is told so by that
    action's page, with its doors. Without a database the page is whole, too.
    """
    parts = request.path.split("/")
    slug = "".join(parts[action_place(parts) :][:1])
    if "action" in g or not is_slug(slug):
        return
    with suppress(NotFound, SQLAlchemyError):
        g.action = _public_action(slug)
        g.action_slug = slug


@blueprint.get("/")
def choose() -> ResponseReturnValue:
    """To the one action that wants something now, or a list to choose from."""
    action = find_front_action(session())
    answer = _list_of_actions() if action is None else _to(action)
    response = make_response(answer)
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/<slug:action_slug>/")
def enter() -> ResponseReturnValue:
    """The short address that stands on posters: to the action’s page in the visitor’s language."""
    response = make_response(redirect(url_for("actions.show", language=page_language())))
    response.vary.add("Accept-Language")
    return response


def _to(action: Action) -> ResponseReturnValue:
    return redirect(url_for("actions.show", action_slug=action.slug, language=page_language()))


def _list_of_actions() -> str:
    now = house().clock()
    rows = sorted(list_public_actions(session()), key=lambda row: AT_THE_DOOR.index(row.state))
    pages = [present(facts_of(row), page_language(), now) for row in rows]
    return render_template(
        "actions/choose.html", pages=pages, languages=[(one, NAMES[one]) for one in LANGUAGES]
    )


@blueprint.get("/<slug:action_slug>/<language:language>/")
@cacheable
def show() -> ResponseReturnValue:
    """The action's page, one design for each state."""
    action: ActionPage = g.action
    return render_template(
        PAGES[action.state],
        stamp=countdown(action),
        envelopes=envelopes(action),
        canonical_url=house().settings.url + url_for("actions.show"),
    )


@blueprint.get("/<slug:action_slug>/<language:language>/privacy")
@cacheable
def privacy() -> ResponseReturnValue:
    """Who is responsible, what is kept and for how long, how to have it erased."""
    return render_template(
        "actions/privacy.html", canonical_url=house().settings.url + url_for("actions.privacy")
    )


def countdown(action: ActionPage) -> Stamp:
    """The days that are left; on the day itself the age that is celebrated."""
    days, age = action.days_left, action.jubilee_age
    if days == 0:
        return Stamp(
            above=gettext("today"),
            figure=number(age),
            below=ngettext("year", "years", age),
            label=gettext("Today is the birthday"),
        )
    return Stamp(
        above=ngettext("to go", "to go", days),
        figure=number(days),
        below=ngettext("day", "days", days),
        label=ngettext(
            "%(number)s day until the birthday",
            "%(number)s days until the birthday",
            days,
            number=number(days),
        ),
    )


def envelopes(action: ActionPage) -> list[Envelope]:
    """The address in each script, the page's own first; twice the same is shown once."""
    own = action.language
    found: list[Envelope] = []
    for language in (own, *(other for other in LANGUAGES if other != own)):
        lines = rows(action.texts_in(language).address)
        if lines and lines not in [envelope.lines for envelope in found]:
            found.append(Envelope(language, str(ADDRESS_IN[language]), lines))
    return found
