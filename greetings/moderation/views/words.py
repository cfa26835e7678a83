"""The desk's words for codes: states, reasons, uses, acts. Templates know this module as `desk`."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from babel import Locale
from babel.lists import format_list
from flask import g
from flask_babel import gettext, lazy_gettext, ngettext
from markupsafe import Markup, escape

from greetings.accounts.forms import ROLE_NAMES
from greetings.accounts.rules import Role
from greetings.actions.naming import action_names
from greetings.actions.queries import list_actions
from greetings.audit import DEMO, SENDER, SYSTEM, Entry
from greetings.ids import is_id
from greetings.languages import LANGUAGES
from greetings.moderation.flags import FlagKind, find_flags, kinds_of
from greetings.moderation.models import Approval
from greetings.moderation.rules import Concern, whole_days
from greetings.submissions.correcting import has_mended_words, how_described, words_of
from greetings.submissions.countries import country_name
from greetings.submissions.forms import KIND_NAMES
from greetings.submissions.models import Greeting
from greetings.submissions.places import isolated
from greetings.submissions.reasons import reason_names
from greetings.submissions.rules import State, Use
from greetings.submissions.use_words import SHORT as USES
from greetings.web.context import session
from greetings.web.dates import moment, moment_in_utc
from greetings.web.locale import page_language

STATES = {
    State.PENDING: lazy_gettext("Waiting"),
    State.APPROVED: lazy_gettext("Approved"),
    State.REJECTED: lazy_gettext("Rejected"),
    State.WITHDRAWN: lazy_gettext("Withdrawn by its sender"),
    State.ERASED: lazy_gettext("Erased"),
}
KINDS = KIND_NAMES
is_mended, was_described = has_mended_words, how_described
CONCERNS = {
    Concern.THIS_IS_ME: lazy_gettext("“This is me”"),
    Concern.WRONG: lazy_gettext("“Something is wrong here”"),
    Concern.DANGER: lazy_gettext("“Someone is in danger”"),
}
FLAGS = {
    FlagKind.LINK: lazy_gettext("A link in the words"),
    FlagKind.EMAIL: lazy_gettext("An e-mail address in the words"),
    FlagKind.PHONE: lazy_gettext("A phone number in the words"),
    FlagKind.MIXED_SCRIPTS: lazy_gettext("Latin and Cyrillic letters in one word"),
    FlagKind.LONG_WORD: lazy_gettext("A very long word"),
}
SHORT_FLAGS = {
    FlagKind.LINK: lazy_gettext("Link"),
    FlagKind.EMAIL: lazy_gettext("E-mail address"),
    FlagKind.PHONE: lazy_gettext("Phone number"),
    FlagKind.MIXED_SCRIPTS: lazy_gettext("Mixed letters"),
    FlagKind.LONG_WORD: lazy_gettext("Long word"),
}
ACTS = {
    "receive": lazy_gettext("sent"),
    "add": lazy_gettext("added for its sender"),
    "approve": lazy_gettext("approved"),
    "approve-first": lazy_gettext("approved, as the first of two"),
    "take-approval-back": lazy_gettext("took the approval back"),
    "reject": lazy_gettext("rejected"),
    "reopen": lazy_gettext("put back into the queue"),
    "withdraw": lazy_gettext("withdrew"),
    "erase": lazy_gettext("erased"),
    "set-uses": lazy_gettext("changed the uses"),
    "cover": lazy_gettext("covered faces"),
    "confirm-covers": lazy_gettext("confirmed that faces are covered"),
    "uncover": lazy_gettext("took a change of the pictures back"),
    "correct": lazy_gettext("mended the words"),
    "describe": lazy_gettext("changed the descriptions of photos"),
    "note": lazy_gettext("left a note"),
    "settle-reports": lazy_gettext("settled reports"),
    "add-action": lazy_gettext("added an action"),
    "change-action": lazy_gettext("changed an action"),
    "join": lazy_gettext("joined the team"),
    "invite": lazy_gettext("invited somebody"),
    "invite-withdrawn": lazy_gettext("took an invitation back"),
    "sign-in": lazy_gettext("signed in"),
    "sign-in-failed": lazy_gettext("failed to sign in"),
    "sign-out": lazy_gettext("signed out"),
    "password-change": lazy_gettext("changed the password"),
    "recovery-codes": lazy_gettext("made new recovery codes"),
    "session-revoke": lazy_gettext("ended a session"),
    "authenticator-change": lazy_gettext("changed the authenticator"),
    "passkey-add": lazy_gettext("added a passkey"),
    "passkey-rename": lazy_gettext("renamed a passkey"),
    "passkey-remove": lazy_gettext("removed a passkey"),
    "passkey-copied": lazy_gettext("was refused: their passkey seems to exist twice"),
    "digest-on": lazy_gettext("asked for a letter with figures"),
    "digest-off": lazy_gettext("switched the letter with figures off"),
    "reset": lazy_gettext("made somebody a link to come back in"),
    "reset-done": lazy_gettext("came back in"),
    "change-role": lazy_gettext("changed a role"),
    "export": lazy_gettext("asked for an export"),
    "export-given-out": lazy_gettext("saved an export"),
    "export-discarded": lazy_gettext("deleted an export"),
    "deactivate": lazy_gettext("took away access"),
    "mend-head": lazy_gettext("set the head of the log anew: it was gone or spoilt"),
    "add-reason": lazy_gettext("added a reason for rejecting"),
    "change-reason": lazy_gettext("changed a reason for rejecting"),
    "move-reason": lazy_gettext("changed the order of the reasons"),
    "retire-reason": lazy_gettext("retired a reason for rejecting"),
    "restore-reason": lazy_gettext("brought a reason for rejecting back"),
}

_MARK = Markup('<mark title="{}">{}</mark>')
_MARK_OF_A_NUMBER = Markup('<mark class="whole" dir="ltr" title="{}">{}</mark>')
_LONGEST_WHOLE = 20  # signs that stand on one line of a card, too; the style sheet counts on it


def reason(code: str) -> str:
    """A reason for rejecting, by its short name."""
    return str(_reason_names().get(code, code))


def reason_choices() -> list[tuple[str, str]]:
    """Every reason there is or was, by code and short name, in their order."""
    return list(_reason_names().items())


def _reason_names() -> dict[str, str]:
    if "reason_names" not in g:
        g.reason_names = reason_names(session(), page_language())
    return cast("dict[str, str]", g.reason_names)


def act(code: str) -> str:
    """What was done, in words; a code that has none yet stands for itself."""
    return str(ACTS.get(code, code))


def actor(actor_id: str, names: dict[str, str]) -> str:
    """Who did it: a moderator's name, the sender, the program, its demo, or somebody who left."""
    if actor_id == SENDER:
        return gettext("The sender")
    if actor_id == SYSTEM:
        return gettext("The program")
    if actor_id == DEMO:
        return gettext("The demo")
    return names.get(actor_id) or gettext("Someone who left the team")


def subject(entry: Entry, names: dict[str, str]) -> str:
    """Of what an entry tells that isn't a greeting: a member, an action, a reason; nothing, where it tells of
    somebody's own doing alone.
    """
    if entry.subject == entry.actor:
        return ""
    if entry.act.endswith("-reason"):
        return reason(entry.subject)
    if entry.act.endswith("-action"):
        return _action_name(entry.subject)
    return names.get(entry.subject) or (f"{entry.subject[:4]}…" if is_id(entry.subject) else entry.subject)


def _action_name(slug: str) -> str:
    if "action_names" not in g:
        actions = list_actions(session())
        names = action_names(actions, page_language())
        g.action_names = {action.slug: names[action.id] for action in actions}
    return str(g.action_names.get(slug, slug))


def flags(greeting: Greeting) -> list[FlagKind]:
    """What in any of a greeting's words wants a second look."""
    return kinds_of(*words_of(greeting).values())


def marked(text: str) -> Markup:
    """Words with what was flagged in them marked, and why."""
    parts, done = [], 0
    for flag in find_flags(text):
        is_whole = flag.kind is FlagKind.PHONE and flag.end - flag.start <= _LONGEST_WHOLE
        mark = _MARK_OF_A_NUMBER if is_whole else _MARK
        parts += [
            escape(text[done : flag.start]),
            mark.format(FLAGS[flag.kind], text[flag.start : flag.end]),
        ]
        done = flag.end
    return Markup("").join([*parts, escape(text[done:])])


def uses(some: Iterable[Use]) -> str:
    """Uses as a phrase, in their usual order: “show on the wall, print and post”."""
    wanted = set(some)
    return str(format_list([str(USES[use]) for use in Use if use in wanted], "unit", _locale()))


def place(town: str, country: str) -> str:
    """Town and country as one line; whatever of it is known."""
    name = country_name(country, page_language()) or country
    return ", ".join(part for part in (town, name) if part)


def isolated_place(town: str, country: str) -> Markup:
    """The same, where a town written from right to left must not draw its country along."""
    return isolated(town, country_name(country, page_language()) or country)


def language_name(code: str) -> str:
    """A language's name in the language of the page."""
    name = _locale().languages.get(code, code) if code in LANGUAGES else code
    return str(name)[:1].upper() + str(name)[1:]


def age(since: datetime, now: datetime) -> str:
    """How long something waits, in days: what senders do is shown to the day."""
    days = whole_days(since, now)
    return ngettext("for %(num)s day", "for %(num)s days", days) if days else gettext("since today")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about what somebody did. On a page its moment is marked, so that a script says it in local
    time; a script that asks for the sentence alone gets the moment beside it.
    """

    sentence: str
    at: datetime | None = None

    def __html__(self) -> str:
        sentence = str(escape(self.sentence))
        return sentence.replace(moment_in_utc(self.at), moment(self.at), 1) if self.at else sentence

    def facts(self) -> dict[str, Any]:
        """For a script, as JSON."""
        if not self.at:
            return {"message": self.sentence, "moment": None}
        when = {"at": self.at.isoformat(timespec="minutes"), "said": moment_in_utc(self.at)}
        return {"message": self.sentence, "moment": when}


def what_happened(greeting: Greeting, names: dict[str, str]) -> Told:
    """How a greeting stands that somebody else changed meanwhile, in one sentence."""
    if greeting.state is State.WITHDRAWN:
        return Told(gettext("Its sender has withdrawn it."))
    if greeting.state is State.ERASED:
        return Told(gettext("It has been erased."))
    if greeting.decided_by is None or greeting.decided_at is None:
        return Told(gettext("It has changed in the meantime and waits for a decision."))
    facts = {"name": actor(greeting.decided_by, names), "moment": moment_in_utc(greeting.decided_at)}
    if greeting.state is State.APPROVED:
        return Told(gettext("%(name)s approved it on %(moment)s.", **facts), greeting.decided_at)
    return Told(gettext("%(name)s rejected it on %(moment)s.", **facts), greeting.decided_at)


def half_way(approvals: Sequence[Approval], me: str, names: dict[str, str]) -> Told:
    """Who has approved a greeting that waits for one more approval."""
    first = approvals[0]
    facts = {"name": actor(first.moderator_id, names), "moment": moment_in_utc(first.approved_at)}
    if first.moderator_id == me:
        mine = gettext("You approved it on %(moment)s. Now somebody else must approve it, too.", **facts)
        return Told(mine, first.approved_at)
    theirs = gettext("%(name)s approved it on %(moment)s. One more approval is needed.", **facts)
    return Told(theirs, first.approved_at)


def details(entry: Entry) -> str:
    """What an entry says beside the act: the reason of a rejection, a role, the uses that are held back."""
    try:
        facts = json.loads(entry.details)
    except ValueError:
        return ""  # whoever wrote that was not the desk: the page says so on top
    if not isinstance(facts, dict):
        return ""
    if facts.get("reason"):
        return reason(facts["reason"])
    if facts.get("role") in set(Role):
        return str(ROLE_NAMES[Role(facts["role"])])
    held = [Use(use) for use in facts.get("disallowed") or () if use in set(Use)]
    return gettext("held back: %(uses)s", uses=uses(held)) if held else ""


def _locale() -> Locale:
    return Locale.parse(page_language())
