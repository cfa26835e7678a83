"""Mending slips in words, describing photos, and notes for one another."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from greetings.accounts.door import signed_in
from greetings.accounts.queries import names_of
from greetings.errors import Gone, NotFound, VersionStale
from greetings.moderation import editing, notes
from greetings.moderation.differences import Part, word_differences
from greetings.moderation.forms import DescribeForm, EditForm, description_name
from greetings.moderation.views.blueprint import blueprint, get_greeting, seen_version
from greetings.moderation.views.deciding import answers_conflicts
from greetings.moderation.views.words import Told, what_happened
from greetings.submissions.correcting import OWN_FIELDS, words_of
from greetings.submissions.descriptions import by_photo
from greetings.submissions.models import Greeting
from greetings.submissions.rules import FINAL_STATES, State
from greetings.web.context import house, roll_back, session

CONFLICT, UNPROCESSABLE = 409, 422
Kind = type[EditForm] | type[DescribeForm]
TEMPLATES: dict[Kind, str] = {EditForm: "moderation/edit.html", DescribeForm: "moderation/describe.html"}


@blueprint.route("/greetings/<greeting_id>/edit", methods=["GET", "POST"])
@answers_conflicts
def edit(greeting_id: str) -> ResponseReturnValue:
    """Mend slips in the words; `do=set-back` gives the sender's own again."""
    return _change(greeting_id, EditForm)


@blueprint.route("/greetings/<greeting_id>/describe", methods=["GET", "POST"])
@answers_conflicts
def describe(greeting_id: str) -> ResponseReturnValue:
    """Say what can be seen in each photo; `do=set-back` gives what the sender said of them again."""
    return _change(greeting_id, DescribeForm)


def _change(greeting_id: str, kind: Kind) -> ResponseReturnValue:
    greeting = _get_to_change(greeting_id, kind)
    if request.method != "POST":
        return _page(greeting, kind(greeting))
    facts = (house(), session(), greeting_id, seen_version())
    if request.form.get("do") == "set-back":
        editing.set_back(*facts, kind.changes, actor=signed_in().id)
        return redirect(request.path, 303)
    form = kind(greeting)
    if not form.validate():
        return _page(greeting, form), UNPROCESSABLE
    try:
        editing.correct(*facts, form.words(), actor=signed_in().id)
    except VersionStale:
        return _changed_meanwhile(greeting_id, form), CONFLICT
    return redirect(_back(greeting), 303)


def _get_to_change(greeting_id: str, kind: Kind) -> Greeting:
    greeting = get_greeting(greeting_id)
    if greeting.state in FINAL_STATES:
        raise Gone(greeting_id)
    if kind is DescribeForm and not greeting.photos:
        raise NotFound(greeting_id)
    return greeting


def _changed_meanwhile(greeting_id: str, form: EditForm | DescribeForm) -> str:
    """The form with what was typed, and beside it what a colleague has saved; saving again replaces it."""
    roll_back()
    greeting = _get_to_change(greeting_id, type(form))
    names = names_of(session(), [greeting.decided_by])
    return _page(greeting, form, what_happened(greeting, names))


def _page(greeting: Greeting, form: EditForm | DescribeForm, told: Told | None = None) -> str:
    words = _by_field(words_of(greeting), len(greeting.photos))
    typed = _by_field({**words_of(greeting), **form.words()}, len(greeting.photos))
    saved = {name: words[name] for name in words if told and typed[name] != words[name]}
    return render_template(
        TEMPLATES[type(form)],
        greeting=greeting,
        form=form,
        back=_back(greeting),
        changes=[(name, parts) for name, parts in changes_of(greeting) if name in form],
        told=told,
        saved=saved,
    )


def changes_of(greeting: Greeting) -> list[tuple[str, list[Part]]]:
    """What was changed: the name of each field, and its words with what went and what came."""
    if greeting.original is None:
        return []
    before, after = (
        _by_field(words_of(holder), len(greeting.photos)) for holder in (greeting.original, greeting)
    )
    return [
        (name, word_differences(before[name], after[name])) for name in before if before[name] != after[name]
    ]


def _by_field(words: dict[str, str], photos: int) -> dict[str, str]:
    """Words by the names of the forms' fields: there is one for the description of each photo."""
    said = by_photo(words["descriptions"], photos)
    own = {name: words[name] for name in OWN_FIELDS}
    return {**own, **{description_name(place): one for place, one in enumerate(said, start=1)}}


def _back(greeting: Greeting) -> str:
    if greeting.state is State.PENDING:
        return url_for("moderation.queue", at=greeting.id)
    return url_for("moderation.item", greeting_id=greeting.id)


@blueprint.post("/greetings/<greeting_id>/note")
def note(greeting_id: str) -> ResponseReturnValue:
    """Leave a note for the others; `then=item` stays at the greeting's own page."""
    greeting = get_greeting(greeting_id)
    notes.write_note(house(), session(), greeting_id, request.form.get("note", ""), actor=signed_in().id)
    if request.form.get("then") == "item":
        return redirect(url_for("moderation.item", greeting_id=greeting_id), 303)
    return redirect(_back(greeting), 303)
