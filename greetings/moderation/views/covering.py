"""Covering faces: rectangles drawn with the pointer, or typed in per cent without a script."""

from itertools import zip_longest

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from greetings.errors import Gone
from greetings.moderation import covers
from greetings.moderation.rules import MAX_COVERS, Cover, CoverUnclear, cover_from
from greetings.moderation.views.blueprint import blueprint, get_greeting, seen_version, signed_in
from greetings.moderation.views.deciding import answers_conflicts
from greetings.submissions.models import Greeting
from greetings.submissions.rules import FINAL_STATES
from greetings.web.context import house, session

SIDES = ("left", "top", "width", "height")
BLANK_ROWS = 3


@blueprint.route("/greetings/<greeting_id>/cover", methods=["GET", "POST"])
@answers_conflicts
def cover(greeting_id: str) -> ResponseReturnValue:
    """`do=burn` draws the rectangles into the pictures; `do=confirm` says that nobody can be recognised."""
    greeting = get_greeting(greeting_id)
    if greeting.state in FINAL_STATES:
        raise Gone(greeting_id)
    if request.method == "GET":
        return _cover_page(greeting)
    try:
        chosen = _chosen_covers(greeting)
    except CoverUnclear:
        sentence = gettext("A rectangle needs four numbers from 0 to 100: left, top, width and height.")
        return _cover_page(greeting, refused=sentence), 422
    return _confirm(greeting, chosen) if request.form.get("do") == "confirm" else _burn(greeting, chosen)


def _confirm(greeting: Greeting, chosen: dict[int, list[Cover]]) -> ResponseReturnValue:
    if chosen:  # whoever drew a rectangle has seen somebody who must be covered first
        sentence = gettext("There are rectangles that are not burnt in yet. Burn them in, or take them away.")
        return _cover_page(greeting, refused=sentence), 422
    covers.confirm(house(), session(), greeting.id, seen_version(), actor=signed_in().id)
    return redirect(url_for("moderation.queue", at=greeting.id), 303)


def _burn(greeting: Greeting, chosen: dict[int, list[Cover]]) -> ResponseReturnValue:
    if not chosen:
        return _cover_page(greeting, refused=gettext("Please draw at least one rectangle first.")), 422
    covers.burn_in(house(), session(), greeting.id, seen_version(), chosen, actor=signed_in().id)
    return redirect(url_for("moderation.cover", greeting_id=greeting.id, burnt=1), 303)


def _cover_page(greeting: Greeting, refused: str = "") -> str:
    return render_template(
        "moderation/cover.html",
        greeting=greeting,
        refused=refused,
        is_burnt="burnt" in request.args,
        rows={photo.number: _typed_rows(photo.number) for photo in greeting.photos},
        sides=SIDES,
    )


def _chosen_covers(greeting: Greeting) -> dict[int, list[Cover]]:
    """The rectangles of the form by number of the photo; photos without any are left out."""
    chosen: dict[int, list[Cover]] = {}
    for photo in greeting.photos:
        boxes = [box for row in _typed_rows(photo.number) if (box := cover_from(*row)) is not None]
        if len(boxes) > MAX_COVERS:  # never burn in some of them only
            raise CoverUnclear
        if boxes:
            chosen[photo.number] = boxes
    return chosen


def _typed_rows(photo_number: int) -> list[tuple[str, str, str, str]]:
    """The rows of one picture as they were typed, with blank ones to go on."""
    columns = [request.form.getlist(f"{side}-{photo_number}") for side in SIDES]
    typed = [row for row in zip_longest(*columns, fillvalue="") if any(row)]
    return [*((a, b, c, d) for a, b, c, d in typed), *[("", "", "", "")] * BLANK_ROWS]
