"""Tiles of the wall kept ready as text, so that a page made anew joins them instead of drawing each again.

A tile is found by everything it shows, so one whose greeting was changed or taken back is never asked for
again: see `web.kept`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from flask import current_app
from markupsafe import Markup

from greetings.actions.service import ActionPage
from greetings.gallery.queries import PublicGreeting
from greetings.gallery.rules import STRIP_CHOICE, CardClass, card_class, hanging_order, stocks, strip_order
from greetings.gallery.tiles import Tile, make_tile, ratio_of
from greetings.web.kept import Kept

EXTENSION = "gallery.fragments"
MOST_TILES = 5_000
EAGER_TILES = 6
EAGER_IN_STRIP = 4
EAGER_OUTSIDE = 4


@dataclass(slots=True)
class KeptTile:
    """A tile, and its text for each paper, way of loading and place (here, or in a page of somebody else)."""

    tile: Tile
    card: tuple[str, CardClass] | None  # its greeting and its size, where there is no picture
    texts: dict[tuple[str, bool, bool], Markup] = field(default_factory=dict)


def wall_texts(action: ActionPage, greetings: Sequence[PublicGreeting]) -> list[Markup]:
    """The tiles of one page of the wall as text, photos spread among long runs of words of one day."""
    days = [(one.received_at.date(), bool(one.pictures)) for one in greetings]
    return _texts(action, [greetings[place] for place in hanging_order(days)], EAGER_TILES)


def strip_texts(action: ActionPage, greetings: Sequence[PublicGreeting]) -> list[Markup]:
    """The tiles of the strip on the action's page, chosen from the latest so that its rows fill."""
    latest = greetings[:STRIP_CHOICE]
    if not latest:
        return []
    order = strip_order([ratio_of(one) for one in latest])
    return _texts(action, [latest[place] for place in order], EAGER_IN_STRIP)


def embedded_texts(action: ActionPage, greetings: Sequence[PublicGreeting]) -> list[Markup]:
    """The tiles of the strip in a page of somebody else, newest first; each opens a page of its own."""
    return _texts(action, greetings, EAGER_OUTSIDE, outside=True)


def in_lines(tiles: Sequence[Markup]) -> Markup:
    """Texts of tiles one below the other, as they are; asks none of them again whether it may be printed."""
    if not all(type(tile) is Markup for tile in tiles):
        raise TypeError("Only what a template has drawn may be printed as it is.")
    return Markup("".join([f"{str.__str__(tile)}\n" for tile in tiles]))  # noqa: S704 - drawn by our templates


def _texts(
    action: ActionPage, greetings: Sequence[PublicGreeting], eager: int, *, outside: bool = False
) -> list[Markup]:
    """Paper is dealt out over the tiles as a whole, the first so many load at once."""
    tiles: Kept = current_app.extensions[EXTENSION]
    around = (action.slug, action.language)
    kept = [tiles.get((around, one), partial(_make, action, one)) for one in greetings]
    return [
        _text(one, stock, is_eager=place < eager, outside=outside)
        for place, (one, stock) in enumerate(zip(kept, stocks([one.card for one in kept]), strict=True))
    ]


def _make(action: ActionPage, greeting: PublicGreeting) -> KeptTile:
    tile = make_tile(action, greeting)
    return KeptTile(tile, None if tile.image_url else (tile.id, card_class(tile.text_excerpt)))


def _text(kept: KeptTile, stock: str, *, is_eager: bool, outside: bool) -> Markup:
    key = (stock, is_eager, outside)
    text = kept.texts.get(key)
    if text is None:
        macros: Any = current_app.jinja_env.get_template("macros/wall.html").module
        tile = replace(kept.tile, stock=stock)
        text = kept.texts[key] = Markup(macros.tile(tile, is_eager, outside))  # noqa: S704 - our own template
    return text
