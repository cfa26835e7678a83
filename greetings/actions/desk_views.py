"""Organisers set up actions: the list, a new one, and the editor with three languages side by side."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from greetings.accounts.door import signed_in
from greetings.actions.forms import GROUPS, STATE_NAMES, ActionForm, FactsForm, NewActionForm, form_of
from greetings.actions.models import Action
from greetings.actions.queries import find_action, list_actions
from greetings.actions.rules import OF_SEVERAL_LINES
from greetings.actions.service import (
    SlugTaken,
    add_action,
    change_action,
    changed_texts,
    facts_of,
    present,
)
from greetings.errors import NotFound, VersionStale
from greetings.languages import LANGUAGES, NAMES
from greetings.web.context import house, roll_back, session
from greetings.web.locale import page_language

blueprint = Blueprint("actions_desk", __name__)

SEE_OTHER, CONFLICT, UNPROCESSABLE = 303, 409, 422


@blueprint.get("/desk/actions")
def index() -> ResponseReturnValue:
    """Every action with its state, and the form for a new one."""
    return _list(NewActionForm(formdata=None))


@blueprint.post("/desk/actions")
def add() -> ResponseReturnValue:
    """A new action: hidden and announced, until its organiser shows it."""
    form = NewActionForm()
    actions = list_actions(session())
    form.offer(actions, page_language())
    if not form.validate():
        return _list(form, UNPROCESSABLE)
    like = next(action for action in actions if action.slug == form.like.data)
    slug, born_on = str(form.slug.data), form.born_on()
    try:
        add_action(house(), session(), slug=slug, born_on=born_on, like=like, actor=signed_in().id)
    except SlugTaken:
        roll_back()
        form.refuse_slug()
        return _list(form, UNPROCESSABLE)
    return redirect(url_for("actions_desk.edit", slug=slug, new=""), SEE_OTHER)


@blueprint.get("/desk/actions/<slug>")
def edit(slug: str) -> ResponseReturnValue:
    """The editor, filled in with what is kept."""
    action = _get(slug)
    return _editor(action, form_of(action), is_saved="saved" in request.args, is_new="new" in request.args)


@blueprint.post("/desk/actions/<slug>")
def save(slug: str) -> ResponseReturnValue:
    """Keep what was written, unless a colleague was quicker: then nothing is lost and nothing overwritten."""
    form = ActionForm()
    if not form.validate():
        return _editor(_get(slug), form, UNPROCESSABLE)
    try:
        change_action(
            house(), session(), slug, form.change(), version=form.seen_version(), actor=signed_in().id
        )
    except VersionStale:
        roll_back()
        action = _get(slug)
        form.version.data = str(action.version)
        return _editor(action, form, CONFLICT, differing=changed_texts(action, form.texts()))
    return redirect(url_for("actions_desk.edit", slug=slug, saved=""), SEE_OTHER)


def _get(slug: str) -> Action:
    action = find_action(session(), slug)
    if action is None:
        raise NotFound(slug)
    return action


def _list(form: NewActionForm, status: int = 200) -> ResponseReturnValue:
    actions = list_actions(session())
    form.offer(actions, page_language())
    now = house().clock()
    pages = [present(facts_of(action), page_language(), now) for action in actions]
    page = render_template("actions/desk_list.html", pages=pages, form=form, state_names=STATE_NAMES)
    return make_response(page, status)


def _editor(
    action: Action,
    form: FactsForm,
    status: int = 200,
    *,
    is_saved: bool = False,
    is_new: bool = False,
    differing: list[str] | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "actions/desk_edit.html",
        edited=present(facts_of(action), page_language(), house().clock()),
        form=form,
        groups=GROUPS,
        languages=[(language, NAMES[language]) for language in LANGUAGES],
        of_several_lines=OF_SEVERAL_LINES,
        is_saved=is_saved,
        is_new=is_new,
        is_stale=status == CONFLICT,
        differing=differing or [],
    )
    return make_response(page, status)
