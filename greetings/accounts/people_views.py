"""The team: who is in it, who is invited, who leaves. For organisers."""

from collections.abc import Callable

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from greetings.accounts import resets, service
from greetings.accounts.door import begin_own_change, blueprint, signed_in
from greetings.accounts.forms import ROLE_NAMES, InviteForm
from greetings.accounts.queries import list_members, list_open_invitations
from greetings.accounts.rules import INVITATION_LASTS, RESET_LASTS, Role
from greetings.accounts.sign_in_views import UNPROCESSABLE
from greetings.db.session import begin_writing
from greetings.errors import NotFound
from greetings.web.context import house, roll_back, session

CREATED, NOT_THERE, CONFLICT = 201, 404, 409
DONE = {
    "deactivated": lazy_gettext(
        "Taken out of the team, and signed out everywhere. Links that they made open nothing any more."
    ),
    "role": lazy_gettext("The role is changed."),
    "withdrawn": lazy_gettext("That invitation doesn’t work any more."),
}


@blueprint.get("/desk/people")
def people() -> ResponseReturnValue:
    """Everyone of the team, and the invitations that wait."""
    return _page()


@blueprint.post("/desk/people/invite")
def invite() -> ResponseReturnValue:
    """Make an invitation; its link is shown in this answer and never again."""
    form = InviteForm()
    if not form.validate():
        return _page(UNPROCESSABLE, form)
    begin_own_change()
    link = service.invite(house(), session(), Role(form.role.data), signed_in().id)
    return _page(CREATED, link=link)


@blueprint.post("/desk/people/invitations/withdraw")
def withdraw_invitation() -> ResponseReturnValue:
    """Make a link worthless that nobody has used yet."""
    begin_writing(session())
    try:
        service.withdraw_invitation(house(), session(), request.form.get("invitation", ""), signed_in().id)
    except NotFound:
        roll_back()
        return _page(NOT_THERE, missing="invitation")
    return redirect(url_for("accounts.people", done="withdrawn"), 303)


@blueprint.post("/desk/people/<moderator_id>/deactivate")
def deactivate(moderator_id: str) -> ResponseReturnValue:
    """Take somebody out of the team."""
    return _changed(
        "deactivated", lambda: service.deactivate(house(), session(), moderator_id, signed_in().id)
    )


@blueprint.post("/desk/people/<moderator_id>/reset")
def make_reset(moderator_id: str) -> ResponseReturnValue:
    """Let somebody back in who lost password or device; the link is shown in this answer and never again."""
    begin_writing(session())
    try:
        link = resets.make_reset(house(), session(), moderator_id, signed_in().id)
    except NotFound:
        roll_back()
        return _page(NOT_THERE, missing="member")
    except resets.OwnReset:
        roll_back()
        return redirect(url_for("accounts.account"), 303)
    return _page(CREATED, reset_link=link)


@blueprint.post("/desk/people/<moderator_id>/role")
def change_role(moderator_id: str) -> ResponseReturnValue:
    """Make somebody an organiser, or a moderator again."""
    form = InviteForm()
    if not form.validate():
        return _page(UNPROCESSABLE)
    role, own_id = Role(form.role.data), signed_in().id
    return _changed("role", lambda: service.change_role(house(), session(), moderator_id, role, own_id))


def _changed(done: str, change: Callable[[], object]) -> ResponseReturnValue:
    """Change something about a member who may be gone by now, or the last organiser."""
    begin_writing(session())
    try:
        change()
    except NotFound:
        roll_back()
        return _page(NOT_THERE, missing="member")
    except service.LastOrganiser:
        roll_back()
        return _page(CONFLICT, is_last_organiser=True)
    return redirect(url_for("accounts.people", done=done), 303)


def _page(
    status: int = 200,
    form: InviteForm | None = None,
    link: str | None = None,
    *,
    reset_link: str | None = None,
    is_last_organiser: bool = False,
    missing: str = "",
) -> Response:
    page = render_template(
        "accounts/people.html",
        members=list_members(session()),
        invitations=list_open_invitations(session(), house().clock()),
        invite_form=form or InviteForm(formdata=None),
        link=link,
        reset_link=reset_link,
        lasts_days=INVITATION_LASTS.days,
        reset_lasts_days=RESET_LASTS.days,
        roles=list(Role),
        is_last_organiser=is_last_organiser,
        missing=missing,
        done=DONE.get(request.args.get("done", "")),
        role_names=ROLE_NAMES,
    )
    return make_response(page, status)
