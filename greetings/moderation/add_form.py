"""The form for what came by post or mail: one sending of many pictures, on behalf of its senders."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage
from wtforms import (
    Field,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from greetings.accounts.forms import DeskForm
from greetings.actions.models import Action
from greetings.actions.naming import action_names
from greetings.actions.rules import ActionState
from greetings.ids import is_id, new_id
from greetings.languages import LANGUAGES, NAMES
from greetings.submissions.descriptions import by_photo
from greetings.submissions.forms import (
    KIND_NAMES,
    AtMost,
    GreetingFields,
    TickField,
    country_choices,
    descriptions_field,
    line_field,
    without_unprintable,
)
from greetings.submissions.rules import (
    MAIN_USES,
    MAX_CONSENT_FROM,
    MAX_NAME,
    MAX_OFFICE,
    MAX_ORGANISATION,
    MAX_PHOTOS,
    MAX_TEXT,
    MAX_TOWN,
    Draft,
    Kind,
)
from greetings.submissions.use_words import ASKED_AT_THE_DESK
from greetings.web.cleaning import clean
from greetings.web.forms import Offered, lazy_gettext
from greetings.web.locale import page_language

T = TypeVar("T")
MAX_PICTURES = 100  # in one go
EACH, TOGETHER = "each", "together"


class AddForm(GreetingFields, DeskForm):
    """What a member of the team says of a sending. `batch` makes sending the same twice harmless."""

    batch = HiddenField(default=new_id)
    action = SelectField(lazy_gettext("Action"), validate_choice=False)
    photos = MultipleFileField(lazy_gettext("Pictures"))
    together = RadioField(
        lazy_gettext("What is a greeting?"),
        [Offered()],
        choices=[
            SelectChoice(EACH, lazy_gettext("Each picture is a greeting of its own")),
            SelectChoice(TOGETHER, lazy_gettext("The pictures belong together, ten in a greeting at most")),
        ],
        default=EACH,
        validate_choice=False,
    )
    kind = RadioField(
        lazy_gettext("Kind of greeting"),
        [Offered()],
        choices=[
            SelectChoice(kind.value, KIND_NAMES[kind]) for kind in (Kind.DRAWING, Kind.PHOTO, Kind.TEXT)
        ],
        default=Kind.DRAWING.value,
        validate_choice=False,
    )
    text = TextAreaField(lazy_gettext("Words"), [AtMost(MAX_TEXT, lines=True)], filters=[without_unprintable])
    language = SelectField(
        lazy_gettext("Language of the words"),
        [Offered()],
        choices=[SelectChoice(language, NAMES[language]) for language in LANGUAGES],
        validate_choice=False,
    )
    name = line_field(lazy_gettext("Name to show"), MAX_NAME)
    town = line_field(lazy_gettext("Town"), MAX_TOWN)
    country = SelectField(lazy_gettext("Country"), validate_choice=False, default="")
    organisation = line_field(lazy_gettext("Organisation"), MAX_ORGANISATION)
    office = line_field(lazy_gettext("Position there"), MAX_OFFICE)
    consent_from = line_field(lazy_gettext("Who gave the consent?"), MAX_CONSENT_FROM)
    uses = SelectMultipleField(
        lazy_gettext("What did they agree to?"),
        [Offered()],
        choices=[SelectChoice(use.value, words) for use, words in ASKED_AT_THE_DESK.items()],
        validate_choice=False,
    )
    agreed = TickField(lazy_gettext("Everyone who can be seen agrees"))
    children = TickField(lazy_gettext("Children can be seen"))
    guardian = TickField(lazy_gettext("Their parents or guardians agree"))
    cover_faces = TickField(lazy_gettext("Please cover the faces"))
    descriptions = descriptions_field(lazy_gettext("What can be seen"))

    def __init__(self, actions: Sequence[Action], **more: Any) -> None:
        super().__init__(**more)
        self._actions = {
            action.slug: action for action in actions if action.state is not ActionState.ARCHIVED
        }
        names = action_names(list(self._actions.values()), page_language())
        self.action.choices = [SelectChoice(slug, names[action.id]) for slug, action in self._actions.items()]
        self.country.choices = country_choices(page_language())
        if not is_id(str(self.batch.data)):
            self.batch.data = new_id()

    @property
    def chosen_action(self) -> Action:
        """The action of a valid form."""
        return self._actions[str(self.action.data)]

    @property
    def groups(self) -> list[list[FileStorage]]:
        """The files of each greeting; one greeting of words alone has none."""
        return self._in_groups(self.files)

    @property
    def descriptions_of_groups(self) -> list[list[str]]:
        """What can be seen in the pictures of each greeting."""
        return self._in_groups(by_photo(self.descriptions.data or "", len(self.files)))

    def _in_groups(self, all_of_them: list[T]) -> list[list[T]]:
        size = MAX_PHOTOS if self.together.data == TOGETHER else 1
        return [all_of_them[start : start + size] for start in range(0, len(all_of_them), size)] or [[]]

    def submission_key(self, member_id: str, files: Sequence[FileStorage]) -> str:
        """The key of one greeting of this sending, from its pictures: one sent before is found again."""
        digest = hashlib.sha256(clean(self.text.data or "", lines=True).encode())
        for file in files:
            digest.update(hashlib.sha256(file.stream.read()).digest())
            file.stream.seek(0)
        return f"desk {member_id} {self.batch.data} {digest.hexdigest()}"

    def validate_action(self, field: Field) -> None:
        if field.data not in self._actions:
            raise ValidationError(gettext("Please choose one of the actions."))

    def validate_text(self, field: Field) -> None:
        if not clean(field.data or "", lines=True) and not self.files:
            raise ValidationError(gettext("Please choose pictures, or type the words of a letter."))

    def validate_consent_from(self, field: Field) -> None:
        if not clean(field.data or ""):
            raise ValidationError(
                gettext("Please say who gave the consent, and how: “the teacher, by letter”.")
            )

    def validate_uses(self, field: Field) -> None:
        if not MAIN_USES.intersection(field.data or ()):
            raise ValidationError(
                gettext("Please tick the wall, the post, or both: otherwise nobody will ever see it.")
            )

    def validate_agreed(self, field: Field) -> None:
        if self.files and self.kind.data == Kind.PHOTO and not field.data:
            raise ValidationError(gettext("In photos, everyone who can be seen must have agreed."))

    def validate_photos(self, _field: Field) -> None:
        too_many = len(self.files) - MAX_PICTURES
        if too_many > 0:
            raise ValidationError(
                ngettext(
                    "At most %(most)s pictures fit into one go: this is %(num)s too many.",
                    "At most %(most)s pictures fit into one go: these are %(num)s too many.",
                    too_many,
                    most=MAX_PICTURES,
                )
            )

    def draft(self, member_id: str, descriptions: list[str]) -> Draft:
        """What was said of a greeting with so many pictures, cleaned; call it once the form is valid."""
        said = self.said(str(self.language.data), has_photos=bool(descriptions), descriptions=descriptions)
        return replace(said, brought_by=member_id, consent_from=clean(self.consent_from.data or ""))
