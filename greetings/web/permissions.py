"""Who may open which door: one table of every endpoint. One that isn't in it doesn't start."""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol, cast

from flask import Flask, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue


class Access(StrEnum):
    """Whom a door is open to."""

    PUBLIC = "public"
    MODERATOR = "moderator"
    ORGANISER = "organiser"


class Member(Protocol):
    """What this floor needs to know of a member of the team."""

    def may(self, access: str) -> bool: ...


PUBLIC, MODERATOR, ORGANISER = Access.PUBLIC, Access.MODERATOR, Access.ORGANISER

PERMISSIONS: dict[str, Access] = {
    "static": PUBLIC,
    "operations.healthz": PUBLIC,
    "operations.metrics": PUBLIC,  # itself answers the loopback only
    # the way of a greeting
    "actions.choose": PUBLIC,
    "actions.enter": PUBLIC,
    "actions.show": PUBLIC,
    "actions.privacy": PUBLIC,
    "submissions.send": PUBLIC,
    "submissions.receipt": PUBLIC,
    "gallery.wall": PUBLIC,
    "gallery.greeting": PUBLIC,
    "gallery.report": PUBLIC,
    "gallery.media": PUBLIC,
    "embed.strip": PUBLIC,
    "screen.show": PUBLIC,
    "screen.slides": PUBLIC,
    "screen.picture": PUBLIC,
    "feeds.atom": PUBLIC,
    "feeds.json": PUBLIC,
    "feeds.sitemap": PUBLIC,
    "feeds.robots": PUBLIC,
    "posters.index": PUBLIC,
    "posters.file": PUBLIC,
    "posters.own": PUBLIC,
    "posters.phone": PUBLIC,
    "posters.labels": PUBLIC,
    "cards.of_action": PUBLIC,
    "cards.of_greeting": PUBLIC,
    # the door of the desk
    "accounts.sign_in": PUBLIC,
    "accounts.passkey_question": PUBLIC,
    "accounts.passkey_sign_in": PUBLIC,
    "accounts.digest_link": PUBLIC,
    "accounts.stop_digest": PUBLIC,
    "accounts.enrol": PUBLIC,
    "accounts.reset": PUBLIC,
    "accounts.account": MODERATOR,
    "accounts.sign_out": MODERATOR,
    "accounts.change_password": MODERATOR,
    "accounts.revoke_session": MODERATOR,
    "accounts.recovery_codes": MODERATOR,
    "accounts.new_authenticator": MODERATOR,
    "accounts.ask_for_digest": MODERATOR,
    "accounts.confirm_question": MODERATOR,
    "accounts.confirm_for_passkey": MODERATOR,
    "accounts.add_passkey": MODERATOR,
    "accounts.passkey": MODERATOR,
    "accounts.rename_passkey": MODERATOR,
    "accounts.remove_passkey": MODERATOR,
    "accounts.people": ORGANISER,
    "accounts.make_reset": ORGANISER,
    "accounts.change_role": ORGANISER,
    "accounts.invite": ORGANISER,
    "accounts.deactivate": ORGANISER,
    "accounts.withdraw_invitation": ORGANISER,
    # the desk
    "moderation.desk": MODERATOR,
    "moderation.queue": MODERATOR,
    "moderation.claim": MODERATOR,
    "moderation.sheet": MODERATOR,
    "moderation.edit": MODERATOR,
    "moderation.describe": MODERATOR,
    "moderation.note": MODERATOR,
    "moderation.item": MODERATOR,
    "moderation.picture": MODERATOR,
    "moderation.approve": MODERATOR,
    "moderation.reject": MODERATOR,
    "moderation.undo": MODERATOR,
    "moderation.disallow": MODERATOR,
    "moderation.cover": MODERATOR,
    "moderation.settle": MODERATOR,
    "moderation.decided": MODERATOR,
    "moderation.log": ORGANISER,
    "moderation.erase": ORGANISER,
    "moderation.reasons": ORGANISER,
    "moderation.add_reason": ORGANISER,
    "moderation.change_reason": ORGANISER,
    "moderation.arrange_reason": ORGANISER,
    "moderation.add": MODERATOR,
    "moderation.figures": ORGANISER,
    "exports.index": ORGANISER,
    "exports.ask": ORGANISER,
    "exports.file": ORGANISER,
    "exports.progress": ORGANISER,
    "exports.discard": ORGANISER,
    "style.show": ORGANISER,
    "actions_desk.index": ORGANISER,
    "actions_desk.add": ORGANISER,
    "actions_desk.edit": ORGANISER,
    "actions_desk.save": ORGANISER,
}


def is_of_the_desk(path: str) -> bool:
    """Whether an address belongs to the desk; an action may be called `desk-2027`, and is for everyone."""
    return path == "/desk" or path.startswith("/desk/")


def current_member() -> Member | None:
    """Who is signed in, if anyone."""
    return cast("Member | None", g.get("moderator"))


def install_permissions(app: Flask, load_member: Callable[[], Member | None]) -> None:
    """Check the table before every view; `load_member` says who is signed in, from the request's cookie."""

    @app.before_request
    def check() -> ResponseReturnValue | None:
        if is_of_the_desk(request.path):
            # where there is nothing, too: that is said at their desk, in their language
            g.moderator = load_member()
        if request.endpoint is None:
            return None
        access = PERMISSIONS[request.endpoint]
        if access is Access.PUBLIC:
            return None
        member = current_member()
        if member is None:
            if request.method in {"GET", "HEAD"} and request.accept_mimetypes.accept_html:
                return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
            abort(401)
        if not member.may(access):
            abort(403)
        return None


def check_table(app: Flask) -> None:
    """Every route has its line in the table, and every line its route; a mistake here must not start."""
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    if routes != PERMISSIONS.keys():
        without = ", ".join(sorted(routes - PERMISSIONS.keys())) or "none"
        unused = ", ".join(sorted(PERMISSIONS.keys() - routes)) or "none"
        raise RuntimeError(
            f"web/permissions.py: routes without a line: {without}; lines without a route: {unused}."
        )
