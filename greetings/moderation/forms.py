"""Forms of the desk. Their token is the member's own, checked for every form below `/desk`."""

from typing import Any

from flask import request
from flask_babel import gettext
from wtforms import Field, StringField, TextAreaField, ValidationError

from greetings.accounts.forms import DeskForm
from greetings.submissions.correcting import OWN_FIELDS, words_of
from greetings.submissions.descriptions import as_lines
from greetings.submissions.forms import AtMost, description_field, line_field, without_unprintable
from greetings.submissions.models import Greeting
from greetings.submissions.rules import MAX_NAME, MAX_OFFICE, MAX_ORGANISATION, MAX_TEXT, MAX_TOWN
from greetings.web.cleaning import clean
from greetings.web.forms import lazy_gettext


def description_name(place: int) -> str:
    """What the field for the description of a photo is called, counted from 1."""
    return f"description-{place}"


class EditForm(DeskForm):
    """The words of a greeting, to mend slips in them, and a field for what can be seen in each photo."""

    text = TextAreaField(lazy_gettext("Words"), [AtMost(MAX_TEXT, lines=True)], filters=[without_unprintable])
    name: StringField = line_field(lazy_gettext("Name"), MAX_NAME)
    town: StringField = line_field(lazy_gettext("Town"), MAX_TOWN)
    organisation: StringField = line_field(lazy_gettext("Organisation"), MAX_ORGANISATION)
    office: StringField = line_field(lazy_gettext("Position"), MAX_OFFICE)

    def __init__(self, greeting: Greeting, **more: Any) -> None:
        super().__init__(data=words_of(greeting), **more)
        self._has_photos = bool(greeting.photos)
        self.descriptions = [
            self._describe(place, photo.description, is_one_of_several=len(greeting.photos) > 1)
            for place, photo in enumerate(greeting.photos, start=1)
        ]

    def _describe(self, place: int, said: str, *, is_one_of_several: bool) -> Field:
        name = description_name(place)
        label = gettext("What can be seen in picture %(number)s", number=place)
        field: Field = description_field(label if is_one_of_several else gettext("What can be seen")).bind(
            form=self, name=name
        )
        field.process(request.form if request.method == "POST" else None, said)
        self._fields[name] = field
        return field

    def validate_text(self, field: Field) -> None:
        if not clean(field.data or "", lines=True) and not self._has_photos:
            raise ValidationError(gettext("Without a picture a greeting needs words."))

    def words(self) -> dict[str, str]:
        """What was typed, cleaned, by field."""
        own = {name: clean(self[name].data or "", lines=name == "text") for name in OWN_FIELDS}
        return {**own, "descriptions": as_lines(clean(field.data or "") for field in self.descriptions)}
