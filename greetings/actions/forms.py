"""The forms by which organisers set up an action. What is missing is asked for kindly, text by text."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, Field, Form, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Length, StopValidation

from greetings.accounts.forms import DeskForm
from greetings.actions.models import Action
from greetings.actions.naming import title_of
from greetings.actions.rules import (
    DEFAULT_TIME_ZONE,
    MAY_BE_EMPTY,
    MOST_POSTER_ROWS,
    OF_SEVERAL_LINES,
    TEXT_NAMES,
    ActionState,
    is_slug,
    rows,
)
from greetings.actions.service import ActionChange
from greetings.clock import is_time_zone
from greetings.languages import LANGUAGES, NAMES
from greetings.web.cleaning import clean
from greetings.web.forms import lazy_gettext

LONGEST_LINE = 300
LONGEST_TEXT = 6_000
LOWEST_AGE, HIGHEST_AGE = 1, 120
POSTER_ROWS = range(2, MOST_POSTER_ROWS + 1)

STATE_NAMES = {
    ActionState.ANNOUNCED: lazy_gettext("Announced: the page says what will happen, nothing can be sent yet"),
    ActionState.OPEN: lazy_gettext("Open: greetings can be sent"),
    ActionState.CLOSED: lazy_gettext("Closed: thanks, and the wall stays"),
    ActionState.RELEASED: lazy_gettext("Released: “Welcome home”, and greetings of welcome can be sent"),
    ActionState.ARCHIVED: lazy_gettext("Archived: the wall as a memory"),
}

# the texts in the order of the pages they stand on: (heading, ((name, label, hint), ...))
TextWords = tuple[str, str, str]
GROUPS: tuple[tuple[str, tuple[TextWords, ...]], ...] = (
    (
        lazy_gettext("The first page"),
        (
            ("title", lazy_gettext("Title"), lazy_gettext("What one would call out on the birthday.")),
            ("prisoner_name", lazy_gettext("Full name"), ""),
            ("first_name", lazy_gettext("First name"), ""),
            ("eyebrow", lazy_gettext("Day and place, above the title"), ""),
            ("lede", lazy_gettext("Who it is and what to do"), lazy_gettext("Two or three sentences.")),
            (
                "notice",
                lazy_gettext("A line of notice"),
                lazy_gettext("About time or place, in sight of everyone. May be left empty."),
            ),
            (
                "about",
                lazy_gettext("About the prisoner"),
                lazy_gettext("An empty line begins a new paragraph."),
            ),
            ("town", lazy_gettext("Town on the postmark"), ""),
            ("country", lazy_gettext("Country on the postmark"), ""),
        ),
    ),
    (
        lazy_gettext("Ways to take part"),
        (
            ("way_photo", lazy_gettext("A photo with a poster"), ""),
            ("way_words", lazy_gettext("A few lines"), ""),
            (
                "way_card",
                lazy_gettext("A card by post"),
                lazy_gettext("Censors, languages, what to leave out."),
            ),
            (
                "way_telegram",
                lazy_gettext("A telegram"),
                lazy_gettext("May be left empty when there is no such way."),
            ),
            (
                "address",
                lazy_gettext("Postal address"),
                lazy_gettext("One line for each row, as it is written on an envelope."),
            ),
            ("address_note", lazy_gettext("Note on the address"), lazy_gettext("May be left empty.")),
        ),
    ),
    (
        lazy_gettext("Before and after"),
        (
            ("announced", lazy_gettext("While it is announced"), ""),
            ("closed", lazy_gettext("When it is over"), ""),
            ("released_title", lazy_gettext("Title after the release"), ""),
            ("released", lazy_gettext("Words after the release"), ""),
            (
                "help_now",
                lazy_gettext("Where help is still needed"),
                lazy_gettext("Shown after the release."),
            ),
            (
                "years",
                lazy_gettext("What happened when"),
                lazy_gettext(
                    "Shown after the release, one event a line: July 2021 | What happened. May be left empty."
                ),
            ),
        ),
    ),
    (
        lazy_gettext("Posters"),
        (
            ("poster_lines", lazy_gettext("Headline"), lazy_gettext("Two to four lines.")),
            ("poster_from", lazy_gettext("Before the sender’s name"), ""),
        ),
    ),
    (
        lazy_gettext("Privacy"),
        (
            (
                "responsible",
                lazy_gettext("Who is responsible"),
                lazy_gettext("Name and postal address of the organisation, and how to write to it."),
            ),
        ),
    ),
)


def text_field(language: str, name: str) -> str:
    """What the field of a text is called in the form."""
    return f"{language}_{name}"


class FactsForm(DeskForm):
    """The facts of an action; `ActionForm` adds its texts."""

    version = HiddenField()
    state = RadioField(
        lazy_gettext("State"),
        choices=[SelectChoice(state.value, words) for state, words in STATE_NAMES.items()],
    )
    is_public = BooleanField(lazy_gettext("Anyone may see this action"))
    needs_two = BooleanField(lazy_gettext("Two different moderators must approve a greeting"))
    born_on = StringField(lazy_gettext("Day of birth"))
    jubilee_age = StringField(lazy_gettext("Age on stamps and posters"))
    time_zone = StringField(lazy_gettext("Time zone where the prisoner is held"))

    def validate_state(self, field: Field) -> None:
        if field.data not in set(ActionState):
            raise StopValidation(str(lazy_gettext("Please choose one of the five states.")))

    def validate_born_on(self, field: Field) -> None:
        field.data = _day(field.data)

    def validate_jubilee_age(self, field: Field) -> None:
        text = (field.data or "").strip()
        if not (text.isascii() and text.isdigit() and LOWEST_AGE <= int(text[:4]) <= HIGHEST_AGE):
            raise StopValidation(str(lazy_gettext("Please give the age in years, such as 50.")))

    def validate_time_zone(self, field: Field) -> None:
        field.data = (field.data or "").strip() or DEFAULT_TIME_ZONE
        if not is_time_zone(field.data):
            raise StopValidation(str(lazy_gettext("Please name a time zone, such as Europe/Minsk.")))

    def seen_version(self) -> int:
        """The version that the form was filled in from; a broken one is never the present one."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() else 0

    def change(self) -> ActionChange:
        """What the valid form says."""
        return ActionChange(
            state=ActionState(self.state.data),
            is_public=bool(self.is_public.data),
            needs_two=bool(self.needs_two.data),
            born_on=date.fromisoformat(str(self.born_on.data)),
            jubilee_age=int(str(self.jubilee_age.data)),
            time_zone=str(self.time_zone.data),
            texts=self.texts(),
        )

    def texts(self) -> dict[str, dict[str, str]]:
        """All texts by language and name, cleaned."""
        return {
            language: {
                name: clean(self[text_field(language, name)].data or "", lines=name in OF_SEVERAL_LINES)
                for name in TEXT_NAMES
            }
            for language in LANGUAGES
        }


class _Text:
    """A text that must say something, unless it may be empty."""

    def __init__(self, language: str, name: str) -> None:
        self._language, self._name = language, name

    def __call__(self, _form: Form, field: Field) -> None:
        text = clean(field.data or "", lines=self._name in OF_SEVERAL_LINES)
        if not text and self._name not in MAY_BE_EMPTY:
            message = lazy_gettext("%(text)s is still missing in this language: %(language)s.")
            raise StopValidation(str(message) % {"text": field.label.text, "language": NAMES[self._language]})
        if self._name == "poster_lines" and len(rows(text)) not in POSTER_ROWS:
            raise StopValidation(str(lazy_gettext("The headline of the posters has two to four lines.")))


def _text_field(language: str, name: str, label: str) -> StringField:
    longest = LONGEST_TEXT if name in OF_SEVERAL_LINES else LONGEST_LINE
    too_long = lazy_gettext("That is longer than this place can hold.")
    return StringField(label, [_Text(language, name), Length(max=longest, message=too_long)])


# one class with a field for every text in every language: WTForms wants to know them before it is made
ActionForm: type[FactsForm] = type(
    "ActionForm",
    (FactsForm,),
    {
        text_field(language, name): _text_field(language, name, label)
        for _heading, texts in GROUPS
        for name, label, _hint in texts
        for language in LANGUAGES
    },
)


def form_of(action: Action) -> FactsForm:
    """The form filled in with what is kept, for the page that opens it."""
    kept: dict[str, Any] = {
        text_field(text.language, name): text.words.get(name, "")
        for text in action.texts
        for name in TEXT_NAMES
    }
    return ActionForm(
        formdata=None,
        data={
            "version": str(action.version),
            "state": action.state.value,
            "is_public": action.is_public,
            "needs_two": action.needs_two,
            "born_on": action.born_on.isoformat(),
            "jubilee_age": str(action.jubilee_age),
            "time_zone": action.time_zone,
            **kept,
        },
    )


class NewActionForm(DeskForm):
    """A new action begins as a copy of another one's texts."""

    slug = StringField(lazy_gettext("Name in the address"))
    birth_day = StringField(lazy_gettext("Day of birth"))
    like = SelectField(lazy_gettext("Begin with the texts of"), validate_choice=False)

    def offer(self, actions: Sequence[Action], language: str) -> None:
        """Give the select its choices: every action there is."""
        self._offered = {action.slug for action in actions}
        self.like.choices = [
            SelectChoice(action.slug, f"{title_of(action, language)} ({action.slug})") for action in actions
        ]

    def validate_slug(self, field: Field) -> None:
        field.data = (field.data or "").strip().lower()
        if not is_slug(field.data):
            raise StopValidation(
                str(
                    lazy_gettext(
                        "Small Latin letters, figures and dashes, please, up to 40: such as “ales-2027”."
                    )
                )
            )

    def refuse_slug(self) -> None:
        """Say that the name is in use."""
        self.slug.errors = [str(lazy_gettext("There is an action at that address already."))]

    def born_on(self) -> date:
        """The day of birth in the valid form."""
        return date.fromisoformat(str(self.birth_day.data))

    def validate_birth_day(self, field: Field) -> None:
        field.data = _day(field.data)

    def validate_like(self, field: Field) -> None:
        if field.data not in self._offered:
            raise StopValidation(str(lazy_gettext("Please choose one of the actions.")))


def _day(untrusted_day: str | None) -> str:
    try:
        day = date.fromisoformat((untrusted_day or "").strip())
    except ValueError:
        raise StopValidation(str(lazy_gettext("Please give the day like this: 1962-09-25."))) from None
    return day.isoformat()
