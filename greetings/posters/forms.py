"""The form in which anyone has a poster set with a wish of their own. It has no key: nothing is kept."""

from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import StopValidation

from greetings.posters.rules import MAX_OWN_NAME, MAX_OWN_TOWN, MAX_OWN_WISH, Look, OwnWish, PaperSize
from greetings.typesetting import drawable, is_legible, keeps_letters
from greetings.web.cleaning import clean
from greetings.web.forms import TextForm, lazy_gettext

LOOKS = {Look.WHITE: lazy_gettext("White, with an airmail edge"), Look.RED: lazy_gettext("Red all over")}
SIZES = {PaperSize.A4: "A4", PaperSize.A3: "A3"}


class OwnWishForm(TextForm):
    """Wish, name and town, how it should look, and the paper."""

    wish = TextAreaField(lazy_gettext("Your wish"))
    name = StringField(lazy_gettext("Your name"))
    town = StringField(lazy_gettext("Town"))
    look = RadioField(
        lazy_gettext("Look"),
        choices=[SelectChoice(look.value, words) for look, words in LOOKS.items()],
        default=Look.WHITE.value,
        validate_choice=False,
    )
    size = RadioField(
        lazy_gettext("Paper"),
        choices=[SelectChoice(size.value, words) for size, words in SIZES.items()],
        default=PaperSize.A4.value,
        validate_choice=False,
    )

    def validate_wish(self, field: Field) -> None:
        _must_fit(field, MAX_OWN_WISH)
        if not field.data:
            raise StopValidation(str(lazy_gettext("Please write what the poster should say.")))
        if not is_legible(field.data):
            raise StopValidation(
                str(
                    lazy_gettext(
                        "Our typefaces have Latin and Cyrillic letters only. Please write the wish in those."
                    )
                )
            )

    def validate_name(self, field: Field) -> None:
        _must_fit(field, MAX_OWN_NAME)
        _must_keep_letters(field)

    def validate_town(self, field: Field) -> None:
        _must_fit(field, MAX_OWN_TOWN)
        _must_keep_letters(field)

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
        raise StopValidation(
            str(lazy_gettext("A little shorter, please: at most %(most)s characters.", most=most))
        )


def _must_keep_letters(field: Field) -> None:
    """A name is printed whole or not at all: half of it would be somebody else's."""
    if not keeps_letters(field.data):
        raise StopValidation(
            str(
                lazy_gettext(
                    "Our typefaces have Latin and Cyrillic letters only."
                    " Please write this in those, or leave it empty."
                )
            )
        )
