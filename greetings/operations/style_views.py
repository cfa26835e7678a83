"""The living style page: every part of the pages, drawn by the very macros that the pages use."""

from typing import cast

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from greetings.actions.queries import list_public_actions
from greetings.operations.style_samples import (
    COUNTRY,
    TOKENS,
    TYPE_STEPS,
    SampleForm,
    card_tiles,
    photo_tiles,
)
from greetings.posters.rules import Design, PaperSize, Suffix, poster_file_name
from greetings.web.context import house, session
from greetings.web.locale import page_language

blueprint = Blueprint("style", __name__)

LOOKS = ("light", "dark")


@blueprint.get("/desk/style")
def show() -> ResponseReturnValue:
    """Everything in every state, in the look of the device or in one that is asked for."""
    look = request.args.get("look", "")
    forms = [
        (gettext("Fresh"), SampleForm(formdata=None)),
        (gettext("Filled in"), _filled()),
        (gettext("Something is missing"), _wrong()),
    ]
    return render_template(
        "operations/style.html",
        look=look if look in LOOKS else "",
        looks=[("", gettext("As on this device")), ("light", gettext("Light")), ("dark", gettext("Dark"))],
        tokens=TOKENS,
        type_steps=TYPE_STEPS,
        forms=forms,
        now=house().clock(),
        cards=card_tiles(),
        photos=photo_tiles(*_pictures()),
    )


def _pictures() -> tuple[str, str]:
    """The addresses of a wide and a tall picture of the house's own; "" while no action is public."""
    action = next(iter(list_public_actions(session())), None)
    if action is None:
        return "", ""
    language = page_language()
    card = url_for("cards.of_action", action_slug=action.slug, language=language)
    name = poster_file_name(Design.RIBBON, language, PaperSize.A4, Suffix.PNG)
    return card, url_for("posters.file", action_slug=action.slug, language=language, name=name)


def _filled() -> SampleForm:
    return SampleForm(
        formdata=None,
        prefix="filled-",
        data={
            "line": "Ганна",
            "words": "Чакаем дома!",
            "country": COUNTRY,
            "uses": ["gallery"],
            "agreed": True,
            "look": "red",
        },
    )


def _wrong() -> SampleForm:
    form = SampleForm(formdata=None, prefix="wrong-", data={"line": "Ганна"})
    for field in form:
        field.errors = cast("list[str]", [gettext("Something is still missing here.")])
    return form
