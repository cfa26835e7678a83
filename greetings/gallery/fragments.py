"""Tiles of the wall kept ready as text, so that a page made anew joins them instead of drawing each again.

In memory only: they hold what people wrote, and what is kept nowhere has to be erased nowhere. A tile is
found by everything it shows, so one that is found is right, and one whose greeting was changed or taken back
is never asked for again. What wasn't asked for since the last but one settling of the house (half a minute
each) is let go, and so is out of memory about as soon as it is off the disk.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import current_app
from markupsafe import Markup

from greetings.actions.service import ActionPage
from greetings.gallery.queries import PublicGreeting
from greetings.gallery.rules import card_class, hanging_order, stocks
from greetings.gallery.tiles import Pictures, Tile, make_tile

EXTENSION = "gallery.fragments"
MOST_TILES = 5_000
EAGER_TILES = 6


@dataclass(slots=True)
class KeptTile:
    """A tile, and its text for each paper and each way of loading that a page has asked for."""

    tile: Tile
    texts: dict[tuple[str, bool], Markup] = field(default_factory=dict)


class Fragments:
    """Two halves: what was asked for since the last settling, and what was before it."""

    def __init__(self) -> None:
        self._young: dict[Hashable, KeptTile] = {}
        self._old: dict[Hashable, KeptTile] = {}

    def find(self, key: Hashable) -> KeptTile | None:
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.keep(key, found)
        return found

    def keep(self, key: Hashable, tile: KeptTile) -> None:
        if len(self._young) >= MOST_TILES:
            self.settle()
        self._young[key] = tile

    def settle(self) -> None:
        """Let go of what nobody asked for since the last time."""
        self._old, self._young = self._young, {}


def wall_texts(action: ActionPage, greetings: Sequence[PublicGreeting], pictures: Pictures) -> list[Markup]:
    """The tiles of one page of the wall as text, photos spread among long runs of words of one day."""
    days = [(one.received_at.date(), one.sequence in pictures) for one in greetings]
    kept = [_kept_tile(action, greetings[place], pictures) for place in hanging_order(days)]
    cards = [None if one.tile.image_url else (one.tile.id, card_class(one.tile.text_excerpt)) for one in kept]
    return [
        _text(one, stock, is_eager=place < EAGER_TILES)
        for place, (one, stock) in enumerate(zip(kept, stocks(cards), strict=True))
    ]


def _kept_tile(action: ActionPage, greeting: PublicGreeting, pictures: Pictures) -> KeptTile:
    fragments: Fragments = current_app.extensions[EXTENSION]
    own = pictures.get(greeting.sequence, [])
    key = (action.slug, action.language, action.texts.town, action.texts.country, greeting, *own)
    found = fragments.find(key)
    if found is None:
        found = KeptTile(make_tile(action, greeting, own))
        fragments.keep(key, found)
    return found


def _text(kept: KeptTile, stock: str, *, is_eager: bool) -> Markup:
    text = kept.texts.get((stock, is_eager))
    if text is None:
        macros: Any = current_app.jinja_env.get_template("macros/wall.html").module
        text = kept.texts[stock, is_eager] = Markup(macros.tile(replace(kept.tile, stock=stock), is_eager))  # noqa: S704 - our own template
    return text
