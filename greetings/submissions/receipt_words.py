"""What a receipt says: how a greeting stands, what comes next, what is done with it, each in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext

from greetings.actions.models import Action
from greetings.submissions.correcting import Described, has_mended_words, how_described
from greetings.submissions.models import Greeting
from greetings.submissions.reasons import find_words
from greetings.submissions.rules import ReasonWords, State, Use, may_use
from greetings.submissions.use_words import granted, printed
from greetings.web.context import session
from greetings.web.locale import page_language

was_mended = has_mended_words


class Look(StrEnum):
    """How a step of the way is drawn."""

    DONE = "done"
    NOW = "now"
    TODO = "todo"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a greeting's way: its words, a quiet line or a day below them."""

    look: Look
    words: str
    note: str = ""
    day: datetime | None = None


@dataclass(frozen=True, slots=True)
class GrantedUse:
    """One consent that was given, and how it stands."""

    use: Use
    words: str
    note: str


def faces_are_covered_first() -> str:
    """What becomes of a photo whose sender asked for covers, honest about what the program misses."""
    return gettext(
        "Faces are covered first, as you asked. A program looks for them and misses some, above all those "
        "that are tilted or turned away; so a moderator looks at every photo, before anyone else sees it."
    )


def is_put_away(greeting: Greeting) -> bool:
    """Whether its sender took back every consent and left the greeting: it is there, and goes nowhere."""
    return greeting.state in {State.PENDING, State.APPROVED} and not greeting.granted


def title(greeting: Greeting) -> str:
    """The heading of the page that says how a greeting stands."""
    match greeting.state:
        case State.PENDING | State.APPROVED if is_put_away(greeting):
            words = gettext("Your greeting is shown to nobody")
        case State.PENDING:
            words = gettext("Your greeting waits for a moderator")
        case State.APPROVED if greeting.public_sequence is not None:
            words = gettext("Your greeting is on the wall")
        case State.APPROVED:
            words = gettext("Your greeting was accepted")
        case State.REJECTED:
            words = gettext("Your greeting was not accepted")
        case State.WITHDRAWN:
            words = gettext("Your greeting is erased")
        case _:
            words = gettext("This greeting was erased")
    return words


def reason(greeting: Greeting) -> ReasonWords | None:
    """Why it was rejected and what its sender may do now, in the page's language; None without a reason."""
    return find_words(session(), greeting.reason, page_language()) if greeting.reason else None


def descriptions_told(greeting: Greeting) -> list[str]:
    """What a moderator did with what is said of its photos, a sentence for each kind of change."""
    words = {
        Described.WRITTEN: gettext("A moderator described what can be seen, for people who can’t see it."),
        Described.CHANGED: gettext(
            "A moderator changed your description of a photo. It stands here as it is shown."
        ),
        Described.TAKEN_OUT: gettext("A moderator took out your description of a photo."),
    }
    done = how_described(greeting)
    return [words[one] for one in Described if one in done]


def stages(greeting: Greeting) -> list[Stage]:
    """The way of a greeting that still exists, from its arrival to where it may go."""
    received = Stage(Look.DONE, gettext("Received"), day=greeting.received_at)
    if greeting.state is State.PENDING and is_put_away(greeting):
        return [received]
    return [received, _moderators_look(greeting), *_goals(greeting)]


def _moderators_look(greeting: Greeting) -> Stage:
    words = gettext("A moderator looks at it")
    if greeting.state is not State.PENDING:
        return Stage(Look.DONE, gettext("A moderator has looked at it"))
    if greeting.needs_covers:
        return Stage(Look.NOW, words, faces_are_covered_first())
    return Stage(Look.NOW, words, gettext("Usually the same evening."))


def _goals(greeting: Greeting) -> list[Stage]:
    if greeting.state is State.REJECTED:
        return []
    goals = []
    if Use.GALLERY in greeting.granted - greeting.disallowed:
        is_there = greeting.public_sequence is not None
        goals.append(Stage(Look.DONE if is_there else Look.TODO, gettext("On the wall")))
    if Use.POST in greeting.granted - greeting.disallowed:
        goals.append(Stage(Look.TODO, str(printed(_action(greeting).state))))
    return goals


def granted_uses(greeting: Greeting) -> list[GrantedUse]:
    """Every consent that was given and not taken back, in the order of the form."""
    words = granted(_action(greeting).state)
    return [
        GrantedUse(use, str(words[use]), _use_note(greeting, use)) for use in Use if use in greeting.granted
    ]


def of_uses(greeting: Greeting, uses: Sequence[Use]) -> list[str]:
    """What some consents allowed, in the words of the receipt."""
    words = granted(_action(greeting).state)
    return [str(words[use]) for use in uses]


def _action(greeting: Greeting) -> Action:
    return session().get_one(Action, greeting.action_id)


def _use_note(greeting: Greeting, use: Use) -> str:
    if use in greeting.disallowed:
        return gettext("You agreed, and a moderator decided against it.")
    if may_use(use, state=greeting.state, granted=greeting.granted, disallowed=greeting.disallowed):
        return gettext("You agreed, and we may.")
    if greeting.state is State.REJECTED:
        return gettext("You agreed, but the greeting was not accepted, so nothing of the kind happens.")
    return gettext("You agreed. Nothing of the kind happens before a moderator has accepted it.")
