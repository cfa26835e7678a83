"""What the style page shows: greetings as the wall knows them, and a form with a field of every sort."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext
from wtforms import (
    BooleanField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from greetings.gallery.rules import (
    LONGEST_EXCERPT,
    RED,
    STOCKS,
    TURNS,
    card_class,
    is_brief,
)
from greetings.gallery.tiles import Tile, shape_classes
from greetings.submissions.countries import country_name
from greetings.submissions.excerpts import excerpt
from greetings.submissions.languages import text_language
from greetings.submissions.places import isolated
from greetings.web.forms import TextForm, lazy_gettext
from greetings.web.locale import page_language
from greetings.web.typography import typeset

TOKENS = [
    "paper",
    "sheet",
    "ink",
    "ink-soft",
    "rule",
    "edge",
    "red",
    "red-deep",
    "red-text",
    "on-red",
    "red-card",
    "white",
    "cancel",
    "ok",
    "ok-wash",
    "warn",
    "warn-wash",
    "bad",
    "bad-wash",
    "stock-1",
    "stock-2",
    "stock-3",
    "stock-4",
    "stock-5",
]
COUNTRY = "LT"
TYPE_STEPS = ("xs", "s", "m", "l", "xl", "2xl", "3xl")
# of each length, in each language, and from right to left
WORDS = (
    "Жыве!",
    "З юбілеем, дарагі Алесь!",
    "You kept the light on for others. Tonight we keep it on for you.",
    "Пишу с дачи: георгины стоят по плечо, яблоки падают ночью на крышу. Каждое звучит как «пора домой».",
    "Алесь, у нашым двары сёлета так урадзіла рабіна, што галіны да зямлі. Ягады чырвоныя, аж гараць. "
    "Чакаем Вас на гарбату з рабінавым варэннем. " * 3,
    "יום הולדת שמח, אלס! אנחנו איתך.",
)
PLACES = (
    ("Сям’я Кавалёвых", "Маладзечна", "Беларусь"),
    ("Ruth", "Haifa", "Israel"),
    ("", "", ""),
    ("Арсен", "Ереван", "Армения"),
    ("Цётка Ніна", "Рэчыца", "Беларусь"),
    ("רות", "חיפה", "ישראל"),
)
_BLANK = Tile(
    id="",
    url="#wall",
    kind="text",
    language="",
    name="",
    place="",
    town_upper="",
    country_upper="",
    day_month="25.9",
    year="2012",
    text_excerpt="",
    is_cut=False,
    card_class="",
    stock="",
    ratio_class="",
    colour="",
    turn="a",
    image_url="",
    image_width=0,
    image_height=0,
    image_alt="",
    image_srcset="",
    image_sizes="",
    picture_count=0,
)


def card_tiles() -> list[Tile]:
    """Words of every length on every paper, with and without a name."""
    papers = (RED, *STOCKS)
    return [_card(number, text, papers[number % len(papers)]) for number, text in enumerate(WORDS)]


def _card(number: int, text: str, stock: str) -> Tile:
    cut, (name, town, country) = excerpt(text, LONGEST_EXCERPT), PLACES[number]
    language = text_language(text, "be")
    size = card_class(cut.text)
    return replace(
        _BLANK,
        id=f"card-{number}",
        language=language,
        name=name,
        place=isolated(town, country),
        town_upper=town.upper(),
        country_upper=country.upper(),
        text_excerpt=typeset(cut.text, language),
        is_cut=cut.is_cut,
        card_class=f"{size} brief" if is_brief(cut.text) else size,
        stock=stock,
        turn=TURNS[number % len(TURNS)],
    )


def photo_tiles(wide: str, tall: str) -> list[Tile]:
    """A photo, a tall one, several, and one beyond every proportion."""
    if not wide:
        return []
    shown = (
        (wide, 480, 252, 1),
        (tall, 339, 480, 1),
        (wide, 480, 252, 42),
        (wide, 480, 84, 1),
    )
    return [_photo(number, *picture) for number, picture in enumerate(shown)]


def _photo(number: int, address: str, width: int, height: int, count: int) -> Tile:
    name, town, country = PLACES[number % 2]
    return replace(
        _BLANK,
        id=f"photo-{number}",
        kind="photo",
        name=name,
        place=isolated(town, country),
        ratio_class=shape_classes(width, height),
        colour="#b98a74",
        image_url=address,
        image_width=width,
        image_height=height,
        image_alt=f"{name}, {town}",
        picture_count=count,
        description=gettext("A poster in two hands, and a lake behind it."),
        description_language=page_language(),
    )


class SampleForm(TextForm):
    """A field of every sort that forms are made of. Nothing is ever sent with it."""

    line = StringField(lazy_gettext("Name to show"))
    words = TextAreaField(lazy_gettext("Your wish"))
    country = SelectField(lazy_gettext("Country"), choices=[])
    uses = SelectMultipleField(
        lazy_gettext("What may we do with it?"),
        choices=[
            SelectChoice("gallery", lazy_gettext("Show it on the wall")),
            SelectChoice("post", lazy_gettext("Print it and post it to the prisoner")),
        ],
    )
    agreed = BooleanField(lazy_gettext("Everyone in the photos agreed"))
    look = RadioField(
        lazy_gettext("Look"),
        choices=[
            SelectChoice("white", lazy_gettext("White")),
            SelectChoice("red", lazy_gettext("Red all over")),
        ],
    )
    photos = FileField(lazy_gettext("Photos"))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.country.choices = [
            SelectChoice("", "–"),
            SelectChoice(COUNTRY, country_name(COUNTRY, page_language())),
        ]
