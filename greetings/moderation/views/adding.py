"""Greetings that came by post or mail, added on behalf of their senders: up to a hundred pictures in one go.

The page's script sends a few pictures at a time and shows how far it is; without it the form is sent whole.
Each greeting is taken in by itself: what one picture lacks doesn't hold up the others.
"""

from dataclasses import dataclass

from flask import Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from greetings.accounts.door import signed_in
from greetings.actions.queries import list_actions
from greetings.imaging import HouseFull
from greetings.moderation.add_form import MAX_PICTURES, AddForm
from greetings.moderation.views.blueprint import blueprint, count_waiting
from greetings.storage import StorageFull
from greetings.submissions.forms import as_untrusted, shortened
from greetings.submissions.refusal_words import about_file
from greetings.submissions.refusal_words import sentence as sentence_about
from greetings.submissions.rules import MAX_FILE_BYTES, MAX_PHOTOS, MAX_REQUEST_BYTES
from greetings.submissions.service import ActionClosed, FilesRefused, RefusedFile, receive
from greetings.web.cleaning import clean
from greetings.web.context import house, roll_back, session
from greetings.web.errors import tell_operator, wants_json
from greetings.web.locale import page_language

CREATED, UNPROCESSABLE = 201, 422
LIMITS = {
    "pictures": MAX_PICTURES,
    "together": MAX_PHOTOS,
    "file_megabytes": MAX_FILE_BYTES // 1_000_000,
    "request_megabytes": MAX_REQUEST_BYTES // 1_000_000,
    # the script's requests stay well below the limit, fields and borders included
    "batch_bytes": MAX_REQUEST_BYTES * 5 // 6,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one greeting of the sending: its ID and code, or sentences that say why not."""

    files: tuple[str, ...]
    id: str = ""
    code: str = ""
    refusals: tuple[str, ...] = ()


@blueprint.route("/add", methods=["GET", "POST"])
def add() -> ResponseReturnValue:
    """The form; the answer to it says what is in the queue now and what isn't."""
    form = AddForm(list_actions(session()))
    if request.method != "POST":
        form.language.data = page_language()
        return _form_page(form)
    if not form.validate():
        if wants_json():
            errors = [{"field": field.id, "sentence": field.errors[0]} for field in form if field.errors]
            return jsonify(errors=errors), UNPROCESSABLE
        return _form_page(form, UNPROCESSABLE)
    groups = zip(form.groups, form.descriptions_of_groups, strict=True)
    outcomes = [_take(form, files, descriptions) for files, descriptions in groups]
    status = CREATED if any(outcome.id for outcome in outcomes) else UNPROCESSABLE
    if wants_json():
        return jsonify(outcomes=[_as_json(outcome) for outcome in outcomes], waiting=count_waiting()), status
    page = render_template("moderation/added.html", outcomes=outcomes)
    return make_response(page, status)


def _take(form: AddForm, files: list[FileStorage], descriptions: list[str]) -> Outcome:
    """Take one greeting in, committed by itself; sent again, the same one is found again."""
    names = tuple(shortened(clean(str(file.filename or ""))) for file in files)
    member = signed_in().id
    draft = form.draft(member, descriptions)
    key = form.submission_key(member, files)
    try:
        receipt = receive(house(), session(), form.chosen_action, draft, as_untrusted(files), key)
        session().commit()
    except FilesRefused as refused:
        roll_back()
        said = tuple(_about(names, one) for one in refused.files)
        return Outcome(names, refusals=said)
    except ActionClosed:
        roll_back()
        return Outcome(names, refusals=(gettext("This action takes nothing any more."),))
    except HouseFull:
        roll_back()
        if wants_json():  # the script waits and sends it again
            raise
        sentence = gettext("Many pictures were coming in at this moment. Please send this one again.")
        return Outcome(names, refusals=(_named(names, sentence),))
    except StorageFull as error:
        roll_back()
        if wants_json():
            raise
        tell_operator(error)  # those before it are in, and the page has to say so
        sentence = gettext("There is no room left for this one. Please send it again later.")
        return Outcome(names, refusals=(_named(names, sentence),))
    return Outcome(names, id=receipt.greeting.id, code=receipt.code)


def _named(names: tuple[str, ...], sentence: str) -> str:
    """Among many pictures the names say which."""
    return ": ".join(filter(None, (", ".join(filter(None, names)), sentence)))


def _about(names: tuple[str, ...], refused: RefusedFile) -> str:
    """Of a greeting with one picture its name is enough; its place is always the first."""
    if len(names) == 1 and names[0]:
        return f"{names[0]}: {sentence_about(refused.refusal)}"
    return about_file(refused.place, names[refused.place - 1], refused.refusal)


def _as_json(outcome: Outcome) -> dict[str, object]:
    return {
        "files": outcome.files,
        "id": outcome.id,
        "code": outcome.code,
        "refusals": outcome.refusals,
    }


def _form_page(form: AddForm, status: int = 200) -> Response:
    page = render_template(
        "moderation/add.html",
        form=form,
        limits=LIMITS,
        has_lost_files=request.method == "POST" and bool(form.files),
    )
    return make_response(page, status)
