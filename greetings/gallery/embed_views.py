"""The latest greetings as a strip for the pages of others: a frame that runs nothing and tells on nobody."""

from flask import Blueprint, g, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from greetings.actions.parts import add_page_part
from greetings.actions.service import ActionPage
from greetings.gallery.counts import count, in_words, kept_tallies
from greetings.gallery.fragments import embedded_texts
from greetings.gallery.queries import WallFilter, page_of_greetings
from greetings.web.context import house, reading
from greetings.web.headers import cacheable, embeddable

blueprint = Blueprint("embed", __name__)

STRIP_TILES = 12
LOOKS = ("light", "dark")  # without one the strip follows the visitor's own setting
SIZES = {"wide": ("100%", "360"), "narrow": ("320", "640")}

FRAME = Markup(
    '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" referrerpolicy="no-referrer" '
    'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>'
)


@blueprint.record_once
def bring_the_code(state: BlueprintSetupState) -> None:
    """The page of posters says how to take the strip along."""
    add_page_part(state.app, "embed", code_to_copy)


@blueprint.get("/embed/<slug:action_slug>/<language:language>/strip")
@cacheable
@embeddable
def strip() -> ResponseReturnValue:
    """The newest greetings side by side, or one below the other where the frame is narrow."""
    action: ActionPage = g.action
    greetings = page_of_greetings(reading(), action.id, WallFilter(), size=STRIP_TILES)
    counts = count(kept_tallies(action), WallFilter())
    look = request.args.get("look", "")
    return render_template(
        "gallery/embedded.html",
        tiles=embedded_texts(action, greetings),
        tally=in_words(counts.total, len(counts.countries)),
        more=max(0, counts.total - len(greetings)),
        look=look if look in LOOKS else "",
    )


def code_to_copy(action: ActionPage) -> Markup:
    """The frame as others write it into their page, in two sizes."""
    url = house().settings.url + url_for("embed.strip")
    codes = {
        size: str(FRAME.format(url, action.title, width, height)) for size, (width, height) in SIZES.items()
    }
    return Markup(render_template("gallery/embed_code.html", codes=codes))  # noqa: S704 - our own template
