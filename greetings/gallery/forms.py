"""The form by which anyone tells the moderators about a greeting on the wall."""

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length

from greetings.moderation.rules import MAX_REPORT_NOTE, Concern
from greetings.web.forms import StatelessForm, lazy_gettext

CONCERNS = {
    Concern.THIS_IS_ME: lazy_gettext("This is me, or someone I answer for, and it should not be here"),
    Concern.WRONG: lazy_gettext("Something is wrong: it hurts, deceives or doesn’t belong here"),
    Concern.DANGER: lazy_gettext("It puts someone in danger"),
}


class ReportForm(StatelessForm):
    """Why a greeting should be looked at again, and a note if one likes."""

    concern = RadioField(
        lazy_gettext("What is it?"),
        [InputRequired(lazy_gettext("Please choose what it is about."))],
        choices=[SelectChoice(concern.value, words) for concern, words in CONCERNS.items()],
    )
    note = TextAreaField(
        lazy_gettext("What should the moderators know?"),
        [
            Length(
                max=MAX_REPORT_NOTE,
                message=lazy_gettext(
                    "A little shorter, please: at most %(most)s characters.", most=MAX_REPORT_NOTE
                ),
            )
        ],
    )
