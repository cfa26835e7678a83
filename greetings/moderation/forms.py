"""Forms of the desk. Their token is the member's own, checked for every form below `/desk`."""

from typing import Any

from flask import request
from flask_babel import gettext
from wtforms import Field, StringField, TextAreaField, ValidationError

from greetings.accounts.forms import DeskForm
from greetings.languages import LANGUAGES
from greetings.submissions.correcting import OWN_FIELDS, words_of
from greetings.submissions.descriptions import as_lines, with_sentences
from greetings.submissions.forms import AtMost, description_field, line_field, without_unprintable
from greetings.submissions.languages import description_language
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.poster_sentences import poster_sentences
from greetings.submissions.rules import MAX_NAME, MAX_OFFICE, MAX_ORGANISATION, MAX_TEXT, MAX_TOWN
from greetings.web.cleaning import clean
from greetings.web.forms import lazy_gettext


class EditForm(DeskForm):
    """The words of a greeting, to mend slips in them."""

    changes = OWN_FIELDS

    text = TextAreaField(lazy_gettext("Words"), [AtMost(MAX_TEXT, lines=True)], filters=[without_unprintable])
    name: StringField = line_field(lazy_gettext("Name"), MAX_NAME)
    town: StringField = line_field(lazy_gettext("Town"), MAX_TOWN)
    organisation: StringField = line_field(lazy_gettext("Organisation"), MAX_ORGANISATION)
    office: StringField = line_field(lazy_gettext("Position"), MAX_OFFICE)

    def __init__(self, greeting: Greeting, **more: Any) -> None:
        super().__init__(data=words_of(greeting), **more)
        self._has_photos = bool(greeting.photos)

    def validate_text(self, field: Field) -> None:
        if not clean(field.data or "", lines=True) and not self._has_photos:
            raise ValidationError(gettext("Without a picture a greeting needs words."))

    def words(self) -> dict[str, str]:
        """What was typed, cleaned, by field."""
        return {name: clean(self[name].data or "", lines=name == "text") for name in OWN_FIELDS}


def description_name(place: int) -> str:
    """What the field for the description of a photo is called, counted from 1."""
    return f"description-{place}"


class DescribeForm(DeskForm):
    """A field for what can be seen in each photo, and sentences at hand, which are said behind it where they
    are ticked (`also-1`, several): those that were on the page, whatever became of the posters meanwhile.
    """

    changes = ("descriptions",)

    def __init__(self, greeting: Greeting, **more: Any) -> None:
        super().__init__(**more)
        self._is_one_of_several = len(greeting.photos) > 1
        self.languages = [_language_of(photo, greeting) for photo in greeting.photos]
        at_hand = {one: poster_sentences(greeting.action, one) for one in set(self.languages)}
        self.sentences = [at_hand[language] for language in self.languages]
        self.descriptions = [
            self._describe(place, photo.description) for place, photo in enumerate(greeting.photos, start=1)
        ]

    def _describe(self, place: int, said: str) -> Field:
        name = description_name(place)
        several = gettext("What can be seen in picture %(number)s", number=place)
        label = several if self._is_one_of_several else gettext("What can be seen")
        field: Field = description_field(label).bind(form=self, name=name)
        field.process(request.form if request.method == "POST" else None, said)
        field.data = with_sentences(field.data or "", map(clean, request.form.getlist(f"also-{place}")))
        self._fields[name] = field
        return field

    def words(self) -> dict[str, str]:
        """What was typed and ticked, cleaned, by field."""
        return {"descriptions": as_lines(clean(field.data or "") for field in self.descriptions)}


def _language_of(photo: Photo, greeting: Greeting) -> str:
    """In which language more is said of a photo: as what is said already, or as its sender’s form."""
    said = description_language(photo.description, greeting.language)
    return said if said in LANGUAGES else greeting.language
