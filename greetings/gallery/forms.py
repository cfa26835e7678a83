"""The form by which anyone tells the moderators about a greeting on the wall."""

from typing import cast

from flask_babel import lazy_gettext
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length

from greetings.moderation.rules import MAX_REPORT_NOTE, Concern
from greetings.web.forms import StatelessForm


def _l(sentence: str, **values: object) -> str:
    """A sentence that is put into the page's language when it is shown; WTForms takes it for a string."""
    return cast(str, lazy_gettext(sentence, **values))


CONCERNS = {
    Concern.THIS_IS_ME: _l("This is me, or someone I answer for, and it should not be here"),
    Concern.WRONG: _l("Something is wrong: it hurts, deceives or doesn’t belong here"),
    Concern.DANGER: _l("It puts someone in danger"),
}


class ReportForm(StatelessForm):
    """Why a greeting should be looked at again, and a note if one likes."""

    concern = RadioField(
        _l("What is it?"),
        [InputRequired(_l("Please choose what it is about."))],
        choices=[SelectChoice(concern.value, words) for concern, words in CONCERNS.items()],
    )
    note = TextAreaField(
        _l("What should the moderators know?"),
        [
            Length(
                max=MAX_REPORT_NOTE,
                message=_l("A little shorter, please: at most %(most)s characters.", most=MAX_REPORT_NOTE),
            )
        ],
    )
