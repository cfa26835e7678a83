"""The form of a reason for rejecting: three texts in three languages, and a key."""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import StopValidation

from greetings.accounts.forms import DeskForm
from greetings.languages import LANGUAGES, NAMES
from greetings.moderation.rules import number_from
from greetings.submissions.models import RejectionReason
from greetings.submissions.rules import MAX_DIGIT, MAX_REASON_NAME, MAX_REASON_WORDS, ReasonWords
from greetings.web.cleaning import clean
from greetings.web.forms import lazy_gettext

NAME, WHY, NOW = "name", "why", "now"
LABELS = {
    NAME: (lazy_gettext("Short name"), lazy_gettext("Stands in the list at the desk.")),
    WHY: (lazy_gettext("What we saw"), lazy_gettext("The supporter reads it on the receipt.")),
    NOW: (
        lazy_gettext("What they may do now"),
        lazy_gettext("The supporter reads it below. Sending it again, for example."),
    ),
}
LONGEST = {NAME: MAX_REASON_NAME, WHY: MAX_REASON_WORDS, NOW: MAX_REASON_WORDS}


class _Said:
    """A text that must say something and fit."""

    def __init__(self, language: str, part: str) -> None:
        self._language, self._part = language, part

    def __call__(self, _form: Any, field: Field) -> None:
        text = clean(field.data or "")
        if not text:
            message = gettext("%(text)s is still missing in this language: %(language)s.")
            raise StopValidation(message % {"text": field.label.text, "language": NAMES[self._language]})
        if len(text) > LONGEST[self._part]:
            raise StopValidation(gettext("That is longer than this place can hold."))


class ReasonFacts(DeskForm):
    """Version and key; `ReasonForm` adds the texts."""

    version = HiddenField()
    digit = SelectField(lazy_gettext("Key at the desk"), validate_choice=False, default="")

    def offer_digits(self, taken: Collection[int]) -> None:
        """Give the select its choices: every key that no other reason has."""
        free = [digit for digit in range(1, MAX_DIGIT + 1) if digit not in taken]
        self._offered = {"", *map(str, free)}
        self.digit.choices = [
            SelectChoice("", gettext("No key")),
            *(SelectChoice(str(digit), str(digit)) for digit in free),
        ]

    def validate_digit(self, field: Field) -> None:
        if field.data not in self._offered:
            raise StopValidation(gettext("Another reason has this key. Please choose another one, or none."))

    def refuse_digit(self) -> None:
        """Say that a colleague has just given this key away."""
        self.digit.errors = [gettext("Another reason has this key. Please choose another one, or none.")]

    def seen_version(self) -> int:
        """The version that the form was filled in from; a broken one is never the present one."""
        return number_from(str(self.version.data or "")) or 0

    def chosen_digit(self) -> int | None:
        """The key that was chosen, in a valid form."""
        return int(self.digit.data) if self.digit.data else None

    def words(self) -> dict[str, ReasonWords]:
        """All texts by language, cleaned."""
        return {
            language: ReasonWords(
                **{part: clean(self[field_name(language, part)].data or "") for part in LABELS}
            )
            for language in LANGUAGES
        }


def field_name(language: str, part: str) -> str:
    """What the field of a text is called in the form."""
    return f"{language}_{part}"


def _field(language: str, part: str) -> StringField:
    kind = StringField if part == NAME else TextAreaField
    return kind(LABELS[part][0], [_Said(language, part)])


# one class with a field for every text in every language: WTForms wants to know them before it is made
ReasonForm: type[ReasonFacts] = type(
    "ReasonForm",
    (ReasonFacts,),
    {field_name(language, part): _field(language, part) for language in LANGUAGES for part in LABELS},
)


def what_differs(words: dict[str, ReasonWords], reason: RejectionReason) -> dict[str, str]:
    """What is saved now, by field, wherever it is not what somebody wants to save."""
    return {
        field_name(language, part): reason.words[language][part]
        for language, wanted in words.items()
        for part in LABELS
        if reason.words[language][part] != getattr(wanted, part)
    }


def form_of(reason: RejectionReason) -> ReasonFacts:
    """The form filled in with what is kept."""
    said = {
        field_name(language, part): text
        for language, texts in reason.words.items()
        for part, text in texts.items()
    }
    return ReasonForm(
        formdata=None, data={"version": str(reason.version), "digit": str(reason.digit or ""), **said}
    )
