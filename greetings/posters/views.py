"""The posters page, its files, and the strip of previews on the action's page."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, g, make_response, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from greetings.actions.parts import add_page_part
from greetings.actions.service import ActionPage
from greetings.errors import NotFound
from greetings.languages import LANGUAGES, NAMES
from greetings.posters.forms import OwnWishForm
from greetings.posters.own import draw_own, has_address, own_on_a_phone, print_labels, print_own
from greetings.posters.rules import (
    CONTENT_TYPES,
    MAX_OWN_WISH,
    PREVIEW_HEIGHT_PX,
    PREVIEW_WIDTH_PX,
    Design,
    Look,
    PaperSize,
    PhonePoster,
    PosterFile,
    Suffix,
    find_poster_file,
    poster_file_name,
)
from greetings.posters.service import get_order, read_poster, sizes_bytes
from greetings.posters.wording import words_of
from greetings.typesetting import Unprintable
from greetings.web.context import house
from greetings.web.headers import MEDIA_CACHE, cacheable
from greetings.web.limits import OWN_POSTERS, OWN_POSTERS_WIDELY, asking_wide_network, limiter
from greetings.web.locale import page_language
from greetings.web.templating import number
from greetings.web.typography import NO_BREAK

blueprint = Blueprint("posters", __name__)

STRIP_DESIGNS = (Design.RIBBON, Design.ROWAN)
BYTES_OF_A_KILOBYTE = 1000
ON_A_PHONE = "phone"
NOT_MODIFIED, UNPROCESSABLE = 304, 422


@dataclass(frozen=True, slots=True)
class Download:
    """One file of a poster, as a link names it: `form` is "PDF, A4" or "PNG", `weight` "42 kB", or "" before
    the file is made.
    """

    form: str
    url: str
    weight: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A poster as the pages show it. `says` are its own words, in its own language."""

    title: str
    language: str
    language_name: str
    says: str
    picture: Download  # also what is seen of it on the page; the same for every size
    prints: tuple[Download, ...]  # the sheets to print, the size that everyone has first
    width_px: int = PREVIEW_WIDTH_PX
    height_px: int = PREVIEW_HEIGHT_PX


@blueprint.record_once
def bring_the_strip(state: BlueprintSetupState) -> None:
    """The action's page shows some of the posters."""
    add_page_part(state.app, "posters", poster_strip)


def poster_strip(action: ActionPage) -> Markup:
    """Two designs in each language, the page's own first."""
    weights = sizes_bytes(house(), action.facts)
    sheets = [
        _sheet(action, design, language, weights) for design in STRIP_DESIGNS for language in _own_first()
    ]
    return Markup(render_template("posters/strip.html", sheets=sheets))  # noqa: S704 - our own template


@blueprint.get("/<slug:action_slug>/<language:language>/posters/")
@cacheable
def index() -> ResponseReturnValue:
    """Every design in every language and size, to choose and print."""
    action: ActionPage = g.action
    weights = sizes_bytes(house(), action.facts)
    groups = [
        (language, NAMES[language], [_sheet(action, design, language, weights) for design in Design])
        for language in _own_first()
    ]
    return render_template(
        "posters/index.html", groups=groups, canonical_url=house().settings.url + url_for("posters.index")
    )


@blueprint.get("/<slug:action_slug>/<language:language>/posters/<name>")
def file(name: str) -> ResponseReturnValue:
    """One poster, as PDF to print or as PNG to look at."""
    action: ActionPage = g.action
    wanted = find_poster_file(name)
    if wanted is None:
        raise NotFound(name)
    order = get_order(house(), action.facts, wanted)
    response = Response(content_type=CONTENT_TYPES[wanted.suffix])
    response.headers["Cache-Control"] = MEDIA_CACHE
    response.headers["Content-Disposition"] = f'inline; filename="{action.slug}-{name}"'
    response.set_etag(f"{order.digest}-{name}")
    if response.make_conditional(request).status_code == NOT_MODIFIED:
        return response
    try:
        response.set_data(read_poster(house(), order))
    except Unprintable as problem:  # words in letters that our fonts don't have
        raise NotFound(name) from problem
    return response


@blueprint.route("/<slug:action_slug>/<language:language>/posters/own", methods=["GET", "POST"])
@limiter.limit(OWN_POSTERS, methods=["POST"])
@limiter.limit(OWN_POSTERS_WIDELY, key_func=asking_wide_network, methods=["POST"])
def own() -> ResponseReturnValue:
    """A poster with one's own wish: set at once, kept nowhere. `as` is `pdf`, `png` to look at first, or
    `phone` to hold up.
    """
    action: ActionPage = g.action
    form = OwnWishForm()
    if request.method != "POST" or not form.validate():
        page = render_template(
            "posters/own.html",
            form=form,
            sample=_own_sample(action),
            most=MAX_OWN_WISH,
            canonical_url=house().settings.url + url_for("posters.own"),
        )
        return make_response(page, UNPROCESSABLE if form.errors else 200)
    site = house().settings.url
    if request.form.get("as") == ON_A_PHONE:
        return _on_a_phone(own_on_a_phone(action.facts, action.language, form.own_wish(), site), is_own=True)
    if request.form.get("as") == Suffix.PNG:
        picture = draw_own(action.facts, action.language, form.own_wish(), site)
        return Response(picture, content_type=CONTENT_TYPES[Suffix.PNG])
    sheet = print_own(action.facts, action.language, form.own_wish(), form.paper(), site)
    response = Response(sheet, content_type=CONTENT_TYPES[Suffix.PDF])
    response.headers["Content-Disposition"] = f'attachment; filename="{action.slug}-own-wish.pdf"'
    return response


@blueprint.get("/<slug:action_slug>/<language:language>/posters/phone")
@cacheable
def phone() -> ResponseReturnValue:
    """The action's own words as large as the screen, for whoever has no printer: a telephone is held up."""
    action: ActionPage = g.action
    look = Look.RED if request.args.get("look") == Look.RED else Look.WHITE
    words = words_of(action.facts, action.language, house().settings.url)
    poster = PhonePoster(words.headline, action.language, foot=words.foot, look=look)
    return _on_a_phone(poster, is_own=False)


def _on_a_phone(poster: PhonePoster, *, is_own: bool) -> ResponseReturnValue:
    other_look = Look.WHITE if poster.look is Look.RED else Look.RED
    return make_response(
        render_template(
            "posters/phone.html",
            poster=poster,
            is_own=is_own,
            other_look=other_look.value,
            look=poster.look.value,
            canonical_url=house().settings.url + url_for("posters.phone"),
        )
    )


@blueprint.get("/<slug:action_slug>/<language:language>/posters/labels.pdf")
@cacheable
def labels() -> ResponseReturnValue:
    """The prison's address to stick on envelopes, eight on a sheet of A4."""
    action: ActionPage = g.action
    if not has_address(action.facts):
        raise NotFound("labels.pdf")
    try:
        sheet = print_labels(action.facts, action.language)
    except Unprintable as problem:  # an address in letters that our fonts don't have
        raise NotFound("labels.pdf") from problem
    response = Response(sheet, content_type=CONTENT_TYPES[Suffix.PDF])
    response.headers["Content-Disposition"] = f'inline; filename="{action.slug}-address.pdf"'
    return response


def _own_sample(action: ActionPage) -> Sheet:
    return _sheet(action, Design.LETTER, page_language(), {})


def _own_first() -> list[str]:
    own = page_language()
    return [own, *(language for language in LANGUAGES if language != own)]


def _sheet(action: ActionPage, design: Design, language: str, weights: Mapping[PosterFile, int]) -> Sheet:
    def download(form: str, size: PaperSize, suffix: Suffix) -> Download:
        weight = weights.get(PosterFile(design, language, size, suffix), 0)
        return Download(form, _url(design, language, size, suffix), _in_kilobytes(weight))

    return Sheet(
        title=_titles()[design],
        language=language,
        language_name=NAMES[language],
        says=" ".join(words_of(action.facts, language, house().settings.url).headline),
        picture=download("PNG", PaperSize.A4, Suffix.PNG),
        prints=tuple(download(f"PDF, {size.upper()}", size, Suffix.PDF) for size in PaperSize),
    )


def _in_kilobytes(weight_bytes: int) -> str:
    if not weight_bytes:
        return ""
    kilobytes = max(1, round(weight_bytes / BYTES_OF_A_KILOBYTE))
    return gettext("%(size)s kB", size=number(kilobytes)).replace(" ", NO_BREAK)


def _url(design: Design, language: str, size: PaperSize, suffix: Suffix) -> str:
    return url_for("posters.file", name=poster_file_name(design, language, size, suffix))


def _titles() -> dict[Design, str]:
    return {
        Design.RIBBON: gettext("The ribbon"),
        Design.LETTER: gettext("The letter"),
        Design.ROWAN: gettext("The rowan branch"),
        Design.WISH: gettext("Your own wish"),
    }
