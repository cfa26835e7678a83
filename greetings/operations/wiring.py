"""What reaches upward without importing upward is tied together here, for the server and for commands."""

from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.actions.service import ActionChange, before_action_changes, on_action_changed
from greetings.exports.service import forget_exports_with
from greetings.house import House
from greetings.moderation.approvals import forget_approvals, forget_where_one_is_enough
from greetings.moderation.claims import forget_claims
from greetings.moderation.notes import forget_notes
from greetings.moderation.service import forget_reports
from greetings.posters.service import keep_posters_true
from greetings.submissions.erasers import register_copies, register_eraser
from greetings.submissions.search_index import follow_greetings
from greetings.submissions.waiting import follow_waiting
from greetings.submissions.walls import keep_action_true, link_photos


def wire_rooms() -> None:
    """Tie every room's hooks; doing it twice changes nothing."""
    register_eraser(forget_reports)
    register_eraser(forget_claims)
    register_eraser(forget_notes)
    register_eraser(forget_approvals)
    register_eraser(forget_exports_with)
    register_copies(forget_exports_with)
    follow_greetings()
    follow_waiting()
    before_action_changes(get_wall_ready)
    on_action_changed(show_or_hide)
    on_action_changed(forget_where_one_is_enough)
    on_action_changed(keep_posters_true)


def get_wall_ready(house: House, session: Session, action: Action, change: ActionChange) -> None:
    """The pictures of an action that is to be shown lie there, under names that nobody knows, when it is."""
    if change.is_public and not action.is_public:
        link_photos(session, house.storage, action.id)


def show_or_hide(house: House, session: Session, action: Action) -> None:
    """An action that became public or was hidden takes its greetings along."""
    keep_action_true(session, house.storage, action)
