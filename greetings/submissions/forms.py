"""The form of a greeting, and the form that asks for a code.

Fields keep exactly what was typed, so that a refusal loses nothing; `draft` gives it cleaned. Text fields
come before the files, so that they are read even when the files are too much.
"""

from collections.abc import Sequence
from typing import Any, BinaryIO, Self, cast

from flask import request
from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    Field,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from greetings.actions.rules import ActionState
from greetings.submissions.countries import NEAR, country_names, is_country
from greetings.submissions.descriptions import by_photo, typed_lines
from greetings.submissions.refusal_words import about_file
from greetings.submissions.rules import (
    MAIN_USES,
    MAX_DESCRIPTION,
    MAX_NAME,
    MAX_OFFICE,
    MAX_ORGANISATION,
    MAX_PHOTOS,
    MAX_TEXT,
    MAX_TOWN,
    Draft,
    Kind,
    Use,
    settled_kind,
)
from greetings.submissions.service import RefusedFile, UntrustedFile
from greetings.submissions.use_words import asked
from greetings.web.cleaning import clean, writable
from greetings.web.forms import Offered, StatelessForm, TextForm, lazy_gettext
from greetings.web.locale import page_language
from greetings.web.templating import number

LONGEST_FILE_NAME = 60
KIND_NAMES = {
    Kind.PHOTO: lazy_gettext("Photo"),
    Kind.TEXT: lazy_gettext("Written greeting"),
    Kind.DRAWING: lazy_gettext("Drawing or card"),
}


class FileSentence(str):  # noqa: SLOT000 - a str with two facts beside it
    """A sentence about files: with the stable code of their refusal ("" where it is about what was said of
    them), and the place if it is about one.
    """

    reason: str
    place: int | None

    def __new__(cls, words: str, reason: str, place: int | None = None) -> Self:
        made = super().__new__(cls, words)
        made.reason, made.place = reason, place
        return made


def without_unprintable(text: str | None) -> str:
    """What was typed, as a page can show it again."""
    return writable(text or "")


class AtMost:
    """At most so many characters, counted as they would be kept."""

    def __init__(self, most: int, *, lines: bool = False) -> None:
        self._most, self._lines = most, lines

    def __call__(self, _form: Any, field: Field) -> None:
        too_many = len(clean(field.data or "", lines=self._lines)) - self._most
        if too_many > 0:
            raise ValidationError(
                ngettext(
                    "A little shorter, please: %(most)s characters fit, this is %(number)s too many.",
                    "A little shorter, please: %(most)s characters fit, this is %(number)s too many.",
                    too_many,
                    number=number(too_many),
                    most=number(self._most),
                )
            )


class TickField(BooleanField):
    """A tick box that sends `1`."""

    false_values = (False, "false", "", "0")


def line_field(label: Any, most: int) -> Any:
    return StringField(label, [AtMost(most)], filters=[without_unprintable])


def description_field(label: Any) -> Any:
    """For what can be seen in one photo: kept as one line, written in a field that shows all of it."""
    return TextAreaField(label, [AtMost(MAX_DESCRIPTION)], filters=[without_unprintable])


def descriptions_field(label: Any) -> Any:
    """For what can be seen in several photos, a line for each: `GreetingFields` knows how many there are."""
    return TextAreaField(label, filters=[without_unprintable])


def _too_long(descriptions: Sequence[str]) -> list[FileSentence]:
    """A sentence for each photo of which more is said than fits."""
    return [
        FileSentence(
            ngettext(
                "Photo %(place)s: a little shorter, please. "
                "%(most)s characters fit, this is %(number)s too many.",
                "Photo %(place)s: a little shorter, please. "
                "%(most)s characters fit, this is %(number)s too many.",
                len(said) - MAX_DESCRIPTION,
                place=place,
                number=number(len(said) - MAX_DESCRIPTION),
                most=number(MAX_DESCRIPTION),
            ),
            "",
            place,
        )
        for place, said in enumerate(descriptions, start=1)
        if len(said) > MAX_DESCRIPTION
    ]


class GreetingFields:
    """What the sender's form and the desk's form of a greeting have in common. Fields have the same names
    and rules; each says in its own words what it asks for, in its own order.
    """

    @property
    def files(self) -> list[FileStorage]:
        """The files that were chosen; an input left empty sends one without name and bytes."""
        return [file for file in request.files.getlist("photos") if is_chosen(file)]

    def validate_country(self, field: Field) -> None:
        if field.data and not is_country(field.data):
            raise ValidationError(gettext("Please choose a country from the list, or none."))

    def validate_guardian(self: Any, field: Field) -> None:
        if self.children.data and not field.data:
            raise ValidationError(gettext("Where children can be seen, their parents or guardians decide."))

    def validate_descriptions(self, field: Field) -> None:
        """A line for each photo, none too long; and no description without what it describes."""
        photos, said = len(self.files), (field.data or "").strip()
        if said and not photos:
            raise ValidationError(gettext("Please choose the photo that this describes, or empty the field."))
        lines = len(typed_lines(said)) if photos > 1 else 1
        if lines > photos > 1:
            raise ValidationError(
                gettext(
                    "You have chosen %(photos)s photos and written %(lines)s lines. "
                    "Please write one line for each photo, in their order.",
                    photos=number(photos),
                    lines=number(lines),
                )
            )
        field.errors = [*field.errors, *_too_long(by_photo(field.data or "", photos))]

    def said(self: Any, language: str, *, has_photos: bool, descriptions: Sequence[str] = ()) -> Draft:
        """What was said, cleaned; call it once the form is valid."""
        return Draft(
            kind=settled_kind(Kind(self.kind.data), has_photos=has_photos),
            language=language,
            uses=frozenset(Use(use) for use in self.uses.data or []),
            text=clean(self.text.data or "", lines=True),
            name=clean(self.name.data or ""),
            town=clean(self.town.data or ""),
            country=self.country.data,
            organisation=clean(self.organisation.data or ""),
            office=clean(self.office.data or ""),
            descriptions=tuple(descriptions),
            everyone_agreed=has_photos and self.agreed.data,
            shows_children=self.children.data,
            wants_faces_covered=has_photos and self.cover_faces.data,
        )


class SendForm(GreetingFields, StatelessForm):
    """A greeting as it is sent, in the order of the public contract."""

    class Meta(StatelessForm.Meta):
        csrf_field_name = "key"

    text = TextAreaField(
        lazy_gettext("Your words"), [AtMost(MAX_TEXT, lines=True)], filters=[without_unprintable]
    )
    name = line_field(lazy_gettext("Name to show"), MAX_NAME)
    town = line_field(lazy_gettext("Town"), MAX_TOWN)
    country = SelectField(lazy_gettext("Country"), validate_choice=False, default="")
    organisation = line_field(lazy_gettext("Organisation"), MAX_ORGANISATION)
    office = line_field(lazy_gettext("Your position there"), MAX_OFFICE)
    kind = RadioField(
        lazy_gettext("Kind of greeting"),
        [Offered()],
        choices=[SelectChoice(kind.value, words) for kind, words in KIND_NAMES.items()],
        default=Kind.PHOTO.value,
        validate_choice=False,
    )
    uses = SelectMultipleField(
        lazy_gettext("What may we do with it?"),
        [Offered()],
        choices=[SelectChoice(use.value, words) for use, words in asked(ActionState.OPEN).items()],
        validate_choice=False,
    )
    agreed = TickField(lazy_gettext("Everyone who can be seen agrees"))
    children = TickField(lazy_gettext("Children can be seen"))
    guardian = TickField(lazy_gettext("Their parents or guardians agree"))
    cover_faces = TickField(lazy_gettext("Please cover the faces"))
    descriptions = descriptions_field(lazy_gettext("What can be seen"))
    photos = MultipleFileField(lazy_gettext("Photos"))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.country.choices = country_choices(page_language())

    def ask_for_uses(self, state: ActionState) -> None:
        """Ask for them in the words that fit where a card goes now."""
        self.uses.choices = [SelectChoice(use.value, words) for use, words in asked(state).items()]

    @property
    def untrusted_files(self) -> list[UntrustedFile]:
        """The same as the service takes them."""
        return as_untrusted(self.files)

    def validate_text(self, field: Field) -> None:
        if not clean(field.data, lines=True) and not self.files:
            raise ValidationError(gettext("Please write a few words, or choose a photo."))

    def validate_uses(self, field: Field) -> None:
        if not MAIN_USES.intersection(field.data):
            raise ValidationError(
                gettext("Please tick the wall, the post, or both: otherwise nobody will ever see it.")
            )

    def validate_agreed(self, field: Field) -> None:
        if self.files and not field.data:
            raise ValidationError(
                gettext("Please ask everyone who can be seen in the photo, then tick this.")
            )

    def validate_photos(self, _field: Field) -> None:
        if len(self.files) > MAX_PHOTOS:
            raise ValidationError(
                FileSentence(
                    gettext(
                        "You have chosen %(count)s photos, and %(most)s fit into one greeting. "
                        "Please send the rest in a second one.",
                        count=number(len(self.files)),
                        most=number(MAX_PHOTOS),
                    ),
                    "too_many_photos",
                )
            )

    def say_refused(self, refused: Sequence[RefusedFile]) -> None:
        """Put a sentence for each refused file beside the field."""
        names = [clean(str(file.filename or "")) for file in self.files]
        self.photos.errors = [
            FileSentence(
                about_file(file.place, shortened(names[file.place - 1]), file.refusal),
                file.refusal.code.value,
                file.place,
            )
            for file in refused
        ]

    def draft(self, language: str) -> Draft:
        """What was sent, cleaned; call it once the form is valid."""
        said = by_photo(self.descriptions.data or "", len(self.files))
        return self.said(language, has_photos=bool(self.files), descriptions=said)


class ReceiptForm(TextForm):
    """The code, and what its holder wants. The code itself is the proof, so there is no token."""

    code = StringField(lazy_gettext("Your code"), filters=[without_unprintable])


def is_chosen(file: FileStorage) -> bool:
    """Whether a file came: an input left empty sends one without name and bytes."""
    return bool(file.filename) or getattr(file.stream, "size_bytes", 0) > 0


def as_untrusted(files: Sequence[FileStorage]) -> list[UntrustedFile]:
    """Files as the service takes them."""
    return [
        UntrustedFile(
            cast(BinaryIO, file.stream),
            getattr(file.stream, "is_too_large", False),
            getattr(file.stream, "has_no_room", False),
        )
        for file in files
    ]


def shortened(name: str) -> str:
    """A file's name as a sentence can hold it."""
    return name if len(name) <= LONGEST_FILE_NAME else f"{name[:LONGEST_FILE_NAME]}…"


def country_choices(language: str) -> list[Any]:
    """Every country, those often chosen first, and the choice not to say one."""
    near, others = gettext("Often chosen"), gettext("All other countries")
    names = country_names(language)
    groups = [
        *((near, code) for code in names if code in NEAR),
        *((others, code) for code in names if code not in NEAR),
    ]
    return [
        SelectChoice("", gettext("Not given")),
        *(SelectChoice(code, names[code], optgroup=group) for group, code in groups),
    ]
