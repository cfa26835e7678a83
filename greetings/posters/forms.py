"""The form in which anyone has a poster set with a wish of their own. It has no key: nothing is kept."""

from typing import cast

from flask_babel import lazy_gettext
from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import StopValidation

from greetings.posters.rules import MAX_OWN_NAME, MAX_OWN_TOWN, MAX_OWN_WISH, Look, OwnWish, PaperSize
from greetings.typesetting import drawable, is_legible
from greetings.web.forms import TextForm
from greetings.web.typography import clean


def _l(sentence: str, **values: object) -> str:
    """A sentence that is put into the page's language when it is shown; WTForms takes it for a string."""
    return cast(str, lazy_gettext(sentence, **values))


LOOKS = {Look.WHITE: _l("White, with an airmail edge"), Look.RED: _l("Red all over")}
SIZES = {PaperSize.A4: "A4", PaperSize.A3: "A3"}


class OwnWishForm(TextForm):
    """Wish, name and town, how it should look, and the paper."""

    wish = TextAreaField(_l("Your wish"))
    name = StringField(_l("Your name"))
    town = StringField(_l("Town"))
    look = RadioField(
        _l("Look"),
        choices=[SelectChoice(look.value, words) for look, words in LOOKS.items()],
        default=Look.WHITE.value,
        validate_choice=False,
    )
    size = RadioField(
        _l("Paper"),
        choices=[SelectChoice(size.value, words) for size, words in SIZES.items()],
        default=PaperSize.A4.value,
        validate_choice=False,
    )

    def validate_wish(self, field: Field) -> None:
        _must_fit(field, MAX_OWN_WISH)
        if not field.data:
            raise StopValidation(str(_l("Please write what the poster should say.")))
        if not is_legible(field.data):
            raise StopValidation(
                str(_l("Our typefaces have Latin and Cyrillic letters only. Please write the wish in those."))
            )

    def validate_name(self, field: Field) -> None:
        _must_fit(field, MAX_OWN_NAME)

    def validate_town(self, field: Field) -> None:
        _must_fit(field, MAX_OWN_TOWN)

    def own_wish(self) -> OwnWish:
        """What the valid form says, without the signs that our fonts can't draw."""
        return OwnWish(
            wish=drawable(str(self.wish.data)),
            name=drawable(str(self.name.data)),
            town=drawable(str(self.town.data)),
            look=Look(self.look.data) if self.look.data in set(Look) else Look.WHITE,
        )

    def paper(self) -> PaperSize:
        """The chosen paper; A4 for anything that isn't one."""
        return PaperSize(self.size.data) if self.size.data in set(PaperSize) else PaperSize.A4


def _must_fit(field: Field, most: int) -> None:
    field.data = clean(str(field.data or ""))  # whole, however long: what was typed comes back
    if len(field.data) > most:
        raise StopValidation(str(_l("A little shorter, please: at most %(most)s characters.", most=most)))
