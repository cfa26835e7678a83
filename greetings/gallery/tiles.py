"""Greetings as the wall shows them: everything a tile or a postcard needs, in the language of the page."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from greetings.actions.service import ActionPage
from greetings.gallery.queries import PublicGreeting, PublicPicture
from greetings.gallery.rules import (
    CARD_RATIOS,
    LONGEST_EXCERPT,
    card_class,
    fit_class,
    is_brief,
    ratio_class,
    turn,
)
from greetings.imaging.renditions import Rendition, fitted
from greetings.submissions.countries import country_name
from greetings.submissions.excerpts import excerpt
from greetings.submissions.files import DISPLAY, THUMB, public_file_name
from greetings.submissions.languages import description_language, text_language
from greetings.submissions.places import isolated
from greetings.submissions.rules import Kind
from greetings.web.typography import typeset

LONGEST_DESCRIPTION = 150  # on the wall; beside a picture all of it is said
ROW_PX = 230  # about how high a row of the wall stands on a desk screen


@dataclass(frozen=True, slots=True)
class Tile:
    """One greeting on the wall. `place` is town and country in words, each isolated; `language` is "" when
    unknown; `colour` is what its first picture has on average, as `#rrggbb`, "" without one. What can be
    seen in it is `description`, as its beginning, in the language `description_language`.
    """

    id: str
    url: str
    kind: str
    language: str
    name: str
    place: str
    town_upper: str
    country_upper: str
    day_month: str
    year: str
    text_excerpt: str
    is_cut: bool
    card_class: str
    stock: str
    ratio_class: str
    colour: str
    turn: str
    image_url: str
    image_width: int
    image_height: int
    image_alt: str
    image_srcset: str
    image_sizes: str
    picture_count: int
    description: str = ""
    description_language: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a greeting, large, its colour on average (`#rrggbb`), and what can be seen in it."""

    url: str
    width: int
    height: int
    alt: str
    ratio_class: str
    colour: str
    description: str
    description_language: str


def ratio_of(greeting: PublicGreeting) -> float:
    """The proportion of a tile: its first picture's, or its card's."""
    if greeting.pictures:
        return greeting.pictures[0].width_px / greeting.pictures[0].height_px
    return CARD_RATIOS[card_class(excerpt(greeting.text, LONGEST_EXCERPT).text)]


def make_tile(action: ActionPage, greeting: PublicGreeting) -> Tile:
    """One tile; its first picture stands for all, and without one its words are set as a card."""
    cut = excerpt(greeting.text, LONGEST_EXCERPT)
    language = text_language(greeting.text, greeting.language)
    size = card_class(cut.text)
    cover = greeting.pictures[0] if greeting.pictures else None
    width, height = shown_size(cover, THUMB) if cover else (0, 0)
    above, below = postmark_places(greeting, action.language)
    return Tile(
        id=greeting.id,
        url=url_for("gallery.greeting", greeting_id=greeting.id),
        kind=greeting.kind.value,
        language=language,
        name=greeting.name or greeting.organisation,
        place=isolated_place(greeting, action.language),
        town_upper=above.upper(),
        country_upper=below.upper(),
        day_month=f"{greeting.received_at.day}.{greeting.received_at.month}",
        year=str(greeting.received_at.year),
        text_excerpt=_typeset_card(cut.text, language),
        is_cut=cut.is_cut,
        card_class="" if cover else f"{size} brief" if is_brief(cut.text) else size,
        stock="",
        ratio_class=shape_classes(width, height) if cover else "",
        colour=f"#{cover.average_colour}" if cover else "",
        turn=turn(greeting.id),
        image_url=media_url(cover, THUMB) if cover else "",
        image_width=width,
        image_height=height,
        image_alt=image_alt(greeting, action.language),
        image_srcset=_both_sizes(cover) if cover else "",
        image_sizes=_sizes(width, height) if cover else "",
        picture_count=len(greeting.pictures),
        description=excerpt(cover.description, LONGEST_DESCRIPTION).text if cover else "",
        description_language=description_language(cover.description, greeting.language) if cover else "",
    )


def _typeset_card(text: str, language: str) -> str:
    kept_together = typeset(text, language)
    return kept_together if is_set_alike(kept_together, text) else text


def is_set_alike(kept_together: str, text: str) -> bool:
    """Whether words that spaces keep together take the type that the text alone has, on a card and on its own
    page; otherwise they are too long for it.
    """
    return card_class(kept_together) == card_class(text) and is_brief(kept_together) == is_brief(text)


def make_images(action: ActionPage, greeting: PublicGreeting) -> list[Image]:
    """All pictures of a greeting, large, each with its place among them."""
    alt = image_alt(greeting, action.language)
    images = []
    for number, picture in enumerate(greeting.pictures, start=1):
        width, height = shown_size(picture, DISPLAY)
        words = alt
        if len(greeting.pictures) > 1:
            words = gettext(
                "%(picture)s, picture %(number)s of %(total)s",
                picture=alt,
                number=number,
                total=len(greeting.pictures),
            )
        images.append(
            Image(
                media_url(picture, DISPLAY),
                width,
                height,
                words,
                shape_classes(width, height),
                f"#{picture.average_colour}",
                picture.description,
                description_language(picture.description, greeting.language),
            )
        )
    return images


def shape_classes(width: int, height: int) -> str:
    """The classes of a picture's proportion and of how it fills its place."""
    return f"{ratio_class(width, height)} {fit_class(width, height)}".rstrip()


def media_url(picture: PublicPicture, rendition: Rendition) -> str:
    """The address of a public rendition."""
    return url_for("gallery.media", name=public_file_name(picture.public_name, rendition))


def _both_sizes(picture: PublicPicture) -> str:
    """Both public renditions with their widths, for screens with fine pixels; "" if the small one is all."""
    widths = {rendition: shown_size(picture, rendition)[0] for rendition in (THUMB, DISPLAY)}
    if widths[DISPLAY] == widths[THUMB]:
        return ""
    return ", ".join(f"{media_url(picture, rendition)} {width}w" for rendition, width in widths.items())


def _sizes(width: int, height: int) -> str:
    """How wide a tile stands; on a phone so little is claimed that the small picture is taken even with three
    pixels to one: its line is often dear, and the permalink has the large one.
    """
    return f"(min-width: 48rem) {round(ROW_PX * width / height)}px, {max(1, width // 3)}px"


def shown_size(picture: PublicPicture, rendition: Rendition) -> tuple[int, int]:
    """Width and height of a rendition in pixels."""
    return fitted(picture.width_px, picture.height_px, rendition.edge_px)


def place(greeting: PublicGreeting, language: str) -> str:
    """Town and country in words, as far as they were given."""
    country = country_name(greeting.country, language)
    if greeting.town and country:
        return str(gettext("%(town)s, %(country)s", town=greeting.town, country=country))
    return greeting.town or country


def isolated_place(greeting: PublicGreeting, language: str) -> Markup:
    """The same for a page, where a town written from right to left must not draw its country along."""
    return isolated(greeting.town, country_name(greeting.country, language))


def sender_of(greeting: PublicGreeting, language: str) -> tuple[str, str]:
    """Who sent a greeting and from where, in words, as far as either was given."""
    return greeting.name or greeting.organisation, place(greeting, language)


def postmark_places(greeting: PublicGreeting, language: str) -> tuple[str, str]:
    """What stands above and below in the postmark: where it says it comes from, and nothing else.
    The action's own town is where the person is held; a greeting that names no place was not posted there.
    """
    country = country_name(greeting.country, language)
    if greeting.town and country:
        return greeting.town, country
    return greeting.town or country, gettext("birthday post")


def image_alt(greeting: PublicGreeting, language: str) -> str:
    """What a picture is and from whom, in the language of the page. What its sender says, of it or with it,
    is left out: that stands beside it in a language of its own, which a part of an `alt` can't have.
    """
    name, where = sender_of(greeting, language)
    if greeting.kind is Kind.DRAWING:
        said = gettext("Drawing from %(sender)s", sender=name) if name else gettext("Drawing without a name")
    else:
        said = gettext("Photo from %(sender)s", sender=name) if name else gettext("Photo without a name")
    return f"{said}, {where}" if where else str(said)
