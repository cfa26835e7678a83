"""The posters page, its files, and the strip of previews on the action's page."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, g, make_response, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from greetings.actions.parts import add_page_part
from greetings.actions.service import ActionPage
from greetings.posters.rules import (
    CONTENT_TYPES,
    PREVIEW_HEIGHT_PX,
    PREVIEW_WIDTH_PX,
    Design,
    PaperSize,
    Suffix,
    find_poster_file,
    poster_file_name,
)
from greetings.posters.service import poster_digest, read_poster
from greetings.web.context import house
from greetings.web.headers import MEDIA_CACHE, cacheable
from greetings.web.locale import LANGUAGES, NAMES, page_language

blueprint = Blueprint("posters", __name__)

STRIP_DESIGNS = (Design.RIBBON, Design.ROWAN)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A poster as the pages show it."""

    title: str
    language: str
    language_name: str
    preview_url: str
    pdfs: tuple[tuple[str, str], ...]  # name of the size, address
    width_px: int = PREVIEW_WIDTH_PX
    height_px: int = PREVIEW_HEIGHT_PX


@blueprint.record_once
def bring_the_strip(state: BlueprintSetupState) -> None:
    """The action's page shows some of the posters."""
    add_page_part(state.app, "posters", poster_strip)


def poster_strip(_action: ActionPage) -> Markup:
    """Two designs in each language, the page's own first."""
    sheets = [_sheet(design, language) for design in STRIP_DESIGNS for language in _own_first()]
    return Markup(render_template("posters/strip.html", sheets=sheets))  # noqa: S704 - our own template


@blueprint.get("/<slug:action_slug>/<language:language>/posters/")
@cacheable
def index() -> ResponseReturnValue:
    """Every design in every language, to choose and print."""
    groups = [(each, NAMES[each], [_sheet(design, each) for design in Design]) for each in _own_first()]
    return render_template("posters/index.html", groups=groups)


@blueprint.get("/<slug:action_slug>/<language:language>/posters/<name>")
def file(name: str) -> ResponseReturnValue:
    """One poster, as PDF to print or as PNG to look at."""
    wanted = find_poster_file(name)
    if wanted is None:
        abort(404)
    action = g.action.row
    response = Response(mimetype=CONTENT_TYPES[wanted.suffix])
    response.headers["Cache-Control"] = MEDIA_CACHE
    response.set_etag(f"{poster_digest(house(), action, wanted.language)}-{name}")
    response.make_conditional(request)
    if response.status_code == 304:  # noqa: PLR2004
        return response
    response.set_data(read_poster(house(), action, wanted))
    response.headers["Content-Disposition"] = f'inline; filename="{g.action.slug}-{name}"'
    return make_response(response)


def _own_first() -> list[str]:
    own = page_language()
    return [own, *(language for language in LANGUAGES if language != own)]


def _sheet(design: Design, language: str) -> Sheet:
    return Sheet(
        title=_titles()[design],
        language=language,
        language_name=NAMES[language],
        preview_url=_url(design, language, PaperSize.A4, Suffix.PNG),
        pdfs=tuple((size.upper(), _url(design, language, size, Suffix.PDF)) for size in PaperSize),
    )


def _url(design: Design, language: str, size: PaperSize, suffix: Suffix) -> str:
    return url_for("posters.file", name=poster_file_name(design, language, size, suffix))


def _titles() -> dict[Design, str]:
    return {
        Design.RIBBON: gettext("The ribbon"),
        Design.LETTER: gettext("The letter"),
        Design.ROWAN: gettext("The rowan branch"),
        Design.WISH: gettext("Your own wish"),
    }
