"""Exports at the desk: ask for a file, see it grow, take it, delete it."""

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from greetings.accounts.door import signed_in
from greetings.accounts.queries import names_of
from greetings.actions.models import Action
from greetings.actions.naming import action_names
from greetings.actions.queries import list_actions
from greetings.errors import NotFound
from greetings.exports import service
from greetings.exports.models import Export
from greetings.exports.queries import count_that_may_go_out, list_exports
from greetings.exports.rules import LASTS, Form, Progress
from greetings.submissions.rules import Use
from greetings.submissions.use_words import PURPOSES
from greetings.web.context import house, roll_back, session
from greetings.web.locale import page_language

blueprint = Blueprint("exports", __name__, url_prefix="/desk/exports")

NOT_THERE, CONFLICT, UNPROCESSABLE, GONE = 404, 409, 422, 410
FORMS = {
    Form.ZIP: lazy_gettext("Everything with pictures (ZIP)"),
    Form.CSV: lazy_gettext("A table (CSV)"),
    Form.JSON: lazy_gettext("For programs (JSON)"),
}
CONTENT_TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.JSON: "application/json",
    Form.ZIP: "application/zip",
}
DONE = {
    "asked": lazy_gettext("It is being written. You can leave this page and come back."),
    "discarded": lazy_gettext("The file is deleted."),
}


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The form, and the files that are being written or lie ready."""
    return _page()


@blueprint.post("")
def ask() -> ResponseReturnValue:
    """Ask for a file."""
    use, form = request.form.get("use", ""), request.form.get("form", "")
    if use not in set(Use) or form not in set(Form):
        return _page(UNPROCESSABLE, is_unclear=True)
    slug = request.form.get("action", "")
    try:
        service.ask(house(), session(), slug, Use(use), Form(form), actor=signed_in().id)
    except NotFound:
        roll_back()
        return _page(UNPROCESSABLE, is_unclear=True)
    except service.TooManyExports:
        roll_back()
        return _page(CONFLICT, is_full=True)
    return redirect(url_for("exports.index", done="asked"), 303)


@blueprint.get("/progress")
def progress() -> Response:
    """How far each file is, for the page's own script."""
    rows = list_exports(session(), house().clock())
    return jsonify({export.id: {"progress": export.progress, "percent": export.percent} for export in rows})


@blueprint.post("/<export_id>/file")
def file(export_id: str) -> ResponseReturnValue:
    """The file, part by part; never one that holds what may not go out any more."""
    try:
        export = service.give_out(house(), session(), export_id, actor=signed_in().id)
    except NotFound:
        roll_back()
        return _page(NOT_THERE, is_gone=True)
    if export is None:
        session().commit()
        return _page(GONE, is_gone=True)
    name = _file_name(export, session().get_one(Action, export.action_id).slug)
    parts = service.read_parts(house().storage, export)
    response = Response(parts, content_type=CONTENT_TYPES[export.form])
    response.headers["Content-Length"] = str(export.size_bytes)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.post("/<export_id>/discard")
def discard(export_id: str) -> ResponseReturnValue:
    """Delete a file before its day is over."""
    try:
        service.discard(house(), session(), export_id, actor=signed_in().id)
    except NotFound:
        roll_back()
        return _page(NOT_THERE, is_gone=True)
    return redirect(url_for("exports.index", done="discarded"), 303)


def _file_name(export: Export, slug: str) -> str:
    return f"greetings-{slug}-{export.use}-{export.asked_at.date().isoformat()}.{export.form}"


def _page(
    status: int = 200, *, is_unclear: bool = False, is_full: bool = False, is_gone: bool = False
) -> Response:
    actions = list_actions(session())
    chosen = request.form.get("action") or (actions[0].slug if actions else "")
    exports = list_exports(session(), house().clock())
    page = render_template(
        "exports/index.html",
        actions=actions,
        action_names=action_names(actions, page_language()),
        chosen=chosen,
        asked_use=request.form.get("use", ""),
        asked_form=request.form.get("form") or next(iter(FORMS)),
        counts=count_that_may_go_out(session()),
        uses=PURPOSES,
        forms=FORMS,
        exports=exports,
        progress=Progress,
        names=names_of(session(), (export.asked_by for export in exports)),
        lasts=LASTS,
        is_unclear=is_unclear,
        is_full=is_full,
        is_gone=is_gone,
        done=DONE.get(request.args.get("done", "")),
    )
    return make_response(page, status)
