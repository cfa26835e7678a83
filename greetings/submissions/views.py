"""The pages of a sender: the form, the receipt it is answered with, and the way back with the code."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_limiter import RequestLimit
from wtforms import Field, StringField

from greetings.actions.models import Action
from greetings.actions.service import ActionPage
from greetings.imaging import HouseFull
from greetings.storage import StorageFull
from greetings.submissions import receipt_words, use_words
from greetings.submissions.codes import readable_code
from greetings.submissions.excerpts import excerpt, whole_sentences
from greetings.submissions.forms import FileSentence, ReceiptForm, SendForm
from greetings.submissions.languages import description_language, text_language
from greetings.submissions.models import Greeting
from greetings.submissions.queries import find_by_code
from greetings.submissions.receipt import revoke, withdraw
from greetings.submissions.rules import (
    FINAL_STATES,
    MAIN_USES,
    MAX_FILE_BYTES,
    MAX_PHOTOS,
    MAX_REQUEST_BYTES,
    MAX_TEXT,
    MIN_FILL_IN_SECONDS,
    Kind,
    State,
    Use,
)
from greetings.submissions.service import ActionClosed, FilesRefused, Receipt, find_receipt, receive, take_in
from greetings.web.arrivals import RETRY_SECONDS, Coming, how_it_comes_in
from greetings.web.context import house, roll_back, session
from greetings.web.errors import DATABASE_TROUBLE, is_full_disk, tell_operator
from greetings.web.last_room import with_the_last_room
from greetings.web.limits import (
    RECEIPTS,
    SENDING,
    SENDING_WIDELY,
    asking_wide_network,
    asks_for_anyone,
    limiter,
    seconds_to_wait,
)
from greetings.web.locale import page_language

blueprint = Blueprint("submissions", __name__)
blueprint.add_app_template_filter(excerpt, "excerpt")
blueprint.add_app_template_filter(whole_sentences, "whole_sentences")
blueprint.add_app_template_filter(text_language, "text_language")
blueprint.add_app_template_filter(description_language, "description_language")
ACCEPTED, CLOSED, TOO_LARGE, REFUSED, TOO_OFTEN, BUSY, FULL = 201, 403, 413, 422, 429, 503, 507
LIMITS = {
    "photos": MAX_PHOTOS,
    "file_bytes": MAX_FILE_BYTES,
    "file_megabytes": MAX_FILE_BYTES // 1_000_000,
    "request_bytes": MAX_REQUEST_BYTES,
    "text": MAX_TEXT,
}
CODE_FILE = "greeting-code.txt"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the form comes back though nothing in it is wrong: the answer's status, a heading, a sentence."""

    status: int
    title: str
    words: str
    retry_seconds: int | None = None
    has_lost_files: bool = False


# ---------- the form


def _sent_too_often(limit: RequestLimit) -> Response:
    return make_response(_form_again(SendForm(), _too_often(seconds_to_wait(limit))))


@blueprint.route("/<slug:action_slug>/<language:language>/send", methods=["GET", "POST"])
@limiter.limit(SENDING, methods=["POST"], on_breach=_sent_too_often)
@limiter.limit(SENDING_WIDELY, key_func=asking_wide_network, methods=["POST"], on_breach=_sent_too_often)
def send() -> ResponseReturnValue:
    """The form of a greeting; the answer to it is the receipt, or the form with all that was typed."""
    action: ActionPage = g.action
    is_sent = request.method == "POST"
    coming = how_it_comes_in(request.environ, MAX_REQUEST_BYTES) if is_sent else Coming.WHOLE
    form = SendForm(data={"kind": _asked_kind()})
    if is_sent:
        return _receive(action, form, coming)
    if not action.is_accepting:
        return render_template("submissions/not_accepting.html", text="")
    return _form_page(form)


def _asked_kind() -> str:
    """The kind of the button that led here."""
    asked = request.args.get("kind", "")
    return asked if asked in set(Kind) else Kind.PHOTO.value


def _receive(action: ActionPage, form: SendForm, coming: Coming) -> ResponseReturnValue:
    if coming is Coming.TOO_LARGE and not request.form:
        abort(TOO_LARGE)  # nothing came that could be given back
    try:
        known = find_receipt(house(), session(), form.signed_key) if form.signed_key else None
        if known is not None:
            return _new_receipt(known)
        if not action.is_accepting:
            return _closed(form)
        return _receive_new(action, form, coming)
    except ActionClosed:
        return _closed(form)
    except FilesRefused as refused:
        form.say_refused(refused.files)
        return _form_again(form)
    except (HouseFull, StorageFull, *DATABASE_TROUBLE) as error:
        return _form_again(form, _trouble(error))


def _receive_new(action: ActionPage, form: SendForm, coming: Coming) -> ResponseReturnValue:
    if coming is Coming.TOO_LARGE:
        return _form_again(form, _too_large())
    if coming is Coming.CROWDED:
        return _form_again(form, _crowded(has_lost_files=True))
    if not form.validate():
        _look_at_files(form)
        return _form_again(form)
    if house().settings.rate_limits and form.token_age_seconds < MIN_FILL_IN_SECONDS:
        return _form_again(form, _too_quick())
    receipt = receive(
        house(), session(), action.facts, form.draft(page_language()), form.untrusted_files, form.token_key
    )
    # here and not after the page is made: whoever reads it has been told the truth, and if the disk is full
    # at this last moment there is still a form to give back
    session().commit()
    return _new_receipt(receipt)


def _look_at_files(form: SendForm) -> None:
    """Open the files though something else is missing, so that one answer names everything."""
    if form.files and len(form.files) <= MAX_PHOTOS:
        roll_back()
        take_in(house(), form.untrusted_files)


def _form_page(form: SendForm, trouble: Trouble | None = None) -> str:
    action: ActionPage = g.action
    form.ask_for_uses(action.state)
    return render_template(
        "submissions/send.html",
        form=form,
        trouble=trouble,
        links=_links(form),
        has_lost_files=request.method == "POST" and bool(form.files or (trouble and trouble.has_lost_files)),
        use_hints=use_words.hints(action.state),
        limits=LIMITS,
        suggested_uses=[use.value for use in Use if use in MAIN_USES],
    )


def _form_again(form: SendForm, trouble: Trouble | None = None) -> Response:
    """The form with everything that was typed and ticked, and why."""
    roll_back()
    trouble = trouble or _stale(form)
    response = make_response(_form_page(form, trouble), trouble.status if trouble else REFUSED)
    if trouble and trouble.retry_seconds:
        response.headers["Retry-After"] = str(trouble.retry_seconds)
    return response


def _links(form: SendForm) -> list[tuple[str, str]]:
    """What is missing, each with the id of its field; the token isn't a field that anyone can mend."""
    return [
        (field.id, _said_from_afar(field, error))
        for field in form
        if field.name != form.meta.csrf_field_name
        for error in field.errors
    ]


def _said_from_afar(field: Field, error: str) -> str:
    """A sentence as it stands above the form: what a line lacks could be said of any other line."""
    is_of_any_line = isinstance(field, StringField) and field.data and not isinstance(error, FileSentence)
    return f"{field.label.text}. {error}" if is_of_any_line else error


def _stale(form: SendForm) -> Trouble | None:
    errors = form[form.meta.csrf_field_name].errors
    return Trouble(REFUSED, gettext("Almost there"), errors[0]) if errors else None


def _too_quick() -> Trouble:
    words = gettext("That was very quick. Please look it over once more, then press the button again.")
    return Trouble(REFUSED, gettext("Almost there"), words)


def _too_often(seconds: int) -> Trouble:
    minutes = -(-seconds // 60)
    words = ngettext(
        "Many greetings came from your network just now. Please press the button again in %(num)s minute.",
        "Many greetings came from your network just now. Please press the button again in %(num)s minutes.",
        minutes,
    )
    return Trouble(TOO_OFTEN, gettext("One moment, please"), words, seconds)


def _trouble(error: Exception) -> Trouble:
    """What hindered us, in words; nothing of it is the sender's fault."""
    tell_operator(error)
    if is_full_disk(error):
        sentence = gettext(
            "We have no room left for it, so we could not accept it. "
            "Please try again later: the operator can see that room is needed."
        )
        return Trouble(FULL, gettext("Our shelves are full"), sentence)
    return _crowded()


def _too_large() -> Trouble:
    sentence = gettext(
        "Together these photos are too large for one greeting. "
        "Please take some away, and send them in a second one."
    )
    return Trouble(TOO_LARGE, gettext("Too much for one envelope"), sentence, has_lost_files=True)


def _crowded(*, has_lost_files: bool = False) -> Trouble:
    sentence = ngettext(
        "Many people are sending at this moment. Please press the button again in %(num)s second.",
        "Many people are sending at this moment. Please press the button again in %(num)s seconds.",
        RETRY_SECONDS,
    )
    return Trouble(BUSY, gettext("All counters are busy"), sentence, RETRY_SECONDS, has_lost_files)


def _closed(form: SendForm) -> ResponseReturnValue:
    return render_template("submissions/not_accepting.html", text=form.text.data), CLOSED


# ---------- the receipt


def _new_receipt(receipt: Receipt) -> ResponseReturnValue:
    return _receipt_page(receipt.code, receipt.greeting, is_new=True), ACCEPTED


@blueprint.route("/<slug:action_slug>/<language:language>/receipt", methods=["GET", "POST"])
# exempt, so that nobody keeps others from taking back
@limiter.limit(RECEIPTS, methods=["POST"], exempt_when=asks_for_anyone)
def receipt() -> ResponseReturnValue:
    """Asks for the code; with it says how the greeting stands, saves the code, takes back what is wished.

    The code is a secret that someone typed or kept: beside the origin check it is the proof, without a token.
    """
    form = ReceiptForm()
    if request.method != "POST":
        return render_template("submissions/ask_code.html", form=form)
    untrusted_code = form.code.data or ""
    greeting = find_by_code(session(), house().keys, untrusted_code)
    if greeting is None:
        form.code.errors = [_what_about_code(untrusted_code)]
        return render_template("submissions/ask_code.html", form=form), REFUSED
    code = readable_code(untrusted_code)
    match request.form.get("do"):
        case "withdraw":
            with_the_last_room(lambda: withdraw(house(), session(), greeting.id))
        case "revoke":
            asked = set(request.form.getlist("uses"))
            uses = [use for use in Use if use in asked and use in greeting.granted]
            with_the_last_room(lambda: revoke(house(), session(), greeting.id, set(uses)))
            return _receipt_page(code, greeting, is_new=False, taken_back=uses)
        case "save":
            return _code_file(code)
    return _receipt_page(code, greeting, is_new=False)


def _what_about_code(untrusted_code: str) -> str:
    if not untrusted_code.strip():
        return gettext("Please type the code from your receipt.")
    return gettext(
        "We don’t know this code. Please compare it once more: four groups of four letters and figures."
    )


def _receipt_page(code: str, greeting: Greeting, *, is_new: bool, taken_back: Sequence[Use] = ()) -> str:
    return render_template(
        "submissions/receipt.html",
        code=code,
        greeting=greeting,
        receipt_words=receipt_words,
        is_new=is_new and greeting.state is State.PENDING,
        taken_back=receipt_words.of_uses(greeting, taken_back),
        is_gone=greeting.state in FINAL_STATES,
        public_slug=_slug_if_public(greeting),
    )


def _slug_if_public(greeting: Greeting) -> str:
    """The slug of the action on whose wall a greeting stands, or ""."""
    if greeting.public_sequence is None:
        return ""
    return session().get_one(Action, greeting.action_id).slug


def _code_file(code: str) -> Response:
    """The code as a file, asked for by a form so that it never stands in an address."""
    action: ActionPage = g.action
    words = gettext(
        "%(title)s\n\nThe code of your greeting: %(code)s\n\n"
        "With it you can see how your greeting stands, and take it back on any day:\n%(address)s\n\n"
        "Whoever has this code can do the same, so keep it to yourself.\n",
        title=action.title,
        code=code,
        address=f"{house().settings.url}{request.path}",
    )
    response = make_response(words)
    response.mimetype = "text/plain"
    response.headers["Content-Disposition"] = f'attachment; filename="{CODE_FILE}"'
    return response
