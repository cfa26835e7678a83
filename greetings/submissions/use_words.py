"""What may be done with a greeting, in words: as its sender is asked and told, and as the desk says it.

A card for somebody who has come home goes to no prison: while an action welcomes home, and later, when that
may be long ago, no prison is named.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext, pgettext

from greetings.actions.rules import ActionState
from greetings.submissions.rules import Use

# states in which the person is in prison, as far as the action knows
_IN_PRISON = frozenset({ActionState.ANNOUNCED, ActionState.OPEN, ActionState.CLOSED})

# at the desk: of any action, and of several at once
ASKED_AT_THE_DESK: Mapping[Use, Any] = {
    Use.GALLERY: lazy_gettext("Show it on the wall"),
    Use.POST: lazy_gettext("Print it and post it"),
    Use.EVENTS: lazy_gettext("Show it at events"),
    Use.PRESS: lazy_gettext("Give it to the press"),
}
SHORT: Mapping[Use, Any] = {
    Use.GALLERY: lazy_gettext("show on the wall"),
    Use.POST: lazy_gettext("print and post"),
    Use.EVENTS: lazy_gettext("show at events"),
    Use.PRESS: lazy_gettext("give to the press"),
}
PURPOSES: Mapping[Use, Any] = {
    Use.POST: lazy_gettext("To print and post"),
    Use.EVENTS: lazy_gettext("For an event"),
    Use.PRESS: lazy_gettext("For the press"),
    Use.GALLERY: lazy_gettext("What stands on the wall"),
}

_HINTS = {
    Use.GALLERY: lazy_gettext("Anyone can see it and copy it."),
    Use.POST: lazy_gettext("As a card, with your name if you gave one."),
    Use.EVENTS: lazy_gettext("On a screen, whose page others can open too, or in an exhibition."),
    Use.PRESS: lazy_gettext("Newspapers may print it."),
}
_GRANTED = {
    Use.GALLERY: lazy_gettext("Shown on the wall"),
    Use.POST: lazy_gettext("Printed and passed on"),
    Use.EVENTS: lazy_gettext("Shown at events"),
    Use.PRESS: lazy_gettext("Given to the press"),
}


def asked(state: ActionState) -> Mapping[Use, Any]:
    """What the form asks for, beside each tick."""
    if state in _IN_PRISON:
        return {**ASKED_AT_THE_DESK, Use.POST: lazy_gettext("Print it and post it to the prison")}
    return {**ASKED_AT_THE_DESK, Use.POST: lazy_gettext("Print it and pass it on")}


def hints(state: ActionState) -> Mapping[str, Any]:
    """What a tick means, in a quiet line below it."""
    said = {use.value: words for use, words in _HINTS.items()}
    if state in _IN_PRISON:
        return said
    return said | {
        Use.POST.value: lazy_gettext(
            "As a card, with your name if you gave one. We send it on to the person it is for."
        )
    }


def granted(state: ActionState) -> Mapping[Use, Any]:
    """What the receipt says was agreed to."""
    if state in _IN_PRISON:
        return {**_GRANTED, Use.POST: lazy_gettext("Printed and posted to the prison")}
    return _GRANTED


def printed(state: ActionState) -> Any:
    """What the way of a greeting says about its print: nobody posts it to a prison that let the person go."""
    if state in _IN_PRISON:
        return lazy_gettext("Printed and posted")
    return pgettext("how far a greeting came", "Printed and passed on")
