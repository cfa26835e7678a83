"""Covers, turn and crop: drawn with the pointer or moved by key, or typed in per cent without a script."""

from dataclasses import astuple
from itertools import zip_longest

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from greetings.accounts.door import signed_in
from greetings.errors import Gone
from greetings.moderation import covers
from greetings.moderation.faces import find_faces, known_faces
from greetings.moderation.rules import MAX_COVERS, Cover, CoverUnclear, PixelChange, cover_from
from greetings.moderation.views.blueprint import blueprint, get_greeting, seen_version
from greetings.moderation.views.deciding import answers_conflicts
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.photos import earlier_pictures
from greetings.submissions.rules import FINAL_STATES
from greetings.web.context import house, roll_back, session
from greetings.web.errors import wants_json

SIDES = ("left", "top", "width", "height")
BLANK_ROWS = 3
Row = tuple[str, str, str, str]
BLANK: Row = ("", "", "", "")


@blueprint.route("/greetings/<greeting_id>/cover", methods=["GET", "POST"])
@answers_conflicts
def cover(greeting_id: str) -> ResponseReturnValue:
    """`do=burn` draws into the pictures; `do=confirm` says that nobody can be recognised; `do=take-back`
    undoes the last change; `do=find` looks for faces and proposes them.
    """
    greeting = get_greeting(greeting_id)
    if greeting.state in FINAL_STATES:
        raise Gone(greeting_id)
    if request.method != "POST":
        return _cover_page(greeting)
    if request.form.get("do") == "take-back":
        return _take_back(greeting)
    try:
        changes = _chosen_changes(greeting)
    except CoverUnclear:
        sentence = gettext("A rectangle needs four numbers from 0 to 100: left, top, width and height.")
        return _cover_page(greeting, refused=sentence), 422
    if request.form.get("do") == "find":
        return _find(greeting)
    return _confirm(greeting, changes) if request.form.get("do") == "confirm" else _burn(greeting, changes)


def _find(greeting: Greeting) -> ResponseReturnValue:
    photos = list(greeting.photos)
    roll_back()  # nothing is held open while faces are looked for
    found = {photo.number: find_faces(house(), photo) for photo in photos}
    if wants_json():
        return jsonify(faces={number: [astuple(face) for face in faces] for number, faces in found.items()})
    count = sum(len(faces) for faces in found.values())
    said = "" if count else gettext("No face was found. Please look yourself: the program misses some.")
    return _cover_page(get_greeting(greeting.id), refused=said, found=found)


def _take_back(greeting: Greeting) -> ResponseReturnValue:
    try:
        covers.take_back(house(), session(), greeting.id, seen_version(), actor=signed_in().id)
    except covers.NothingToTakeBack:
        sentence = gettext("It can’t be taken back any more: the earlier picture is gone for good.")
        roll_back()
        return _cover_page(get_greeting(greeting.id), refused=sentence), 422
    return redirect(url_for("moderation.cover", greeting_id=greeting.id, said="back"), 303)


def _confirm(greeting: Greeting, changes: dict[int, PixelChange]) -> ResponseReturnValue:
    if changes:  # whoever drew a rectangle has seen somebody who must be covered first
        sentence = gettext("There are rectangles that are not burnt in yet. Burn them in, or take them away.")
        return _cover_page(greeting, refused=sentence), 422
    covers.confirm(house(), session(), greeting.id, seen_version(), actor=signed_in().id)
    return redirect(url_for("moderation.queue", at=greeting.id), 303)


def _burn(greeting: Greeting, changes: dict[int, PixelChange]) -> ResponseReturnValue:
    if not changes:
        sentence = gettext("Please draw at least one rectangle first, or turn or crop a picture.")
        return _cover_page(greeting, refused=sentence), 422
    covers.burn_in(house(), session(), greeting.id, seen_version(), changes, actor=signed_in().id)
    return redirect(url_for("moderation.cover", greeting_id=greeting.id, said="burnt"), 303)


def _cover_page(greeting: Greeting, refused: str = "", found: dict[int, list[Cover]] | None = None) -> str:
    found = found or {}
    changed = {earlier.photo_number for earlier in earlier_pictures(session(), greeting)}
    return render_template(
        "moderation/cover.html",
        greeting=greeting,
        refused=refused,
        said=request.args.get("said", ""),
        finds_at_once="find" in request.args,
        can_find=house().pictures.can_find_faces and bool(greeting.photos),
        can_take_back=bool(changed),
        to_read_again=[photo for photo in greeting.photos if photo.number in changed and photo.description],
        rows={photo.number: _rows(photo, found.get(photo.number, [])) for photo in greeting.photos},
        crops={photo.number: [*_typed(photo.number, "crop-"), BLANK][0] for photo in greeting.photos},
        turns={photo.number: _turns(photo) for photo in greeting.photos},
        faces={photo.number: [astuple(face) for face in known_faces(photo)] for photo in greeting.photos},
        sides=SIDES,
    )


def _chosen_changes(greeting: Greeting) -> dict[int, PixelChange]:
    """What the form asks for, by number of the photo; photos that stay as they are are left out."""
    chosen: dict[int, PixelChange] = {}
    for photo in greeting.photos:
        boxes = [box for row in _typed(photo.number) if (box := cover_from(*row)) is not None]
        if len(boxes) > MAX_COVERS:  # never burn in some of them only
            raise CoverUnclear
        crop = next((cover_from(*row) for row in _typed(photo.number, "crop-")), None)
        change = PixelChange(tuple(boxes), crop, _turns(photo))
        if change:
            chosen[photo.number] = change
    return chosen


def _given() -> MultiDict[str, str]:
    """The form; or what whoever was signed out meanwhile had drawn, in the address that led back here."""
    return request.form if request.method == "POST" else request.args


def _turns(photo: Photo) -> int:
    untrusted_turns = _given().get(f"turns-{photo.number}", "0")
    return int(untrusted_turns) if untrusted_turns in {"1", "2", "3"} else 0


def _typed(photo_number: int, kind: str = "") -> list[Row]:
    """The rectangles of one picture as they were typed."""
    columns = [_given().getlist(f"{kind}{side}-{photo_number}") for side in SIDES]
    return [(a, b, c, d) for a, b, c, d in zip_longest(*columns, fillvalue="") if a or b or c or d]


def _rows(photo: Photo, found: list[Cover]) -> list[Row]:
    """The rows of one picture: what was typed, what was found, and blank ones to go on."""
    proposed = [tuple(f"{share:.1f}" for share in astuple(face)) for face in found]
    rows = [*_typed(photo.number), *((a, b, c, d) for a, b, c, d in proposed)]
    return [*rows, *[BLANK] * BLANK_ROWS]
