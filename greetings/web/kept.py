"""What is made once and used by many pages: facts that were read, and pieces of pages as text.

In memory only: what is kept nowhere else has to be erased nowhere else. Everything is found by all that it
shows, or by the moment it was read in, so that what is found is right, and what was changed or taken back is
never asked for again. What wasn't asked for since the last but one settling of the house (half a minute each)
is let go, and so is out of memory about as soon as it is off the disk.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import Flask, current_app
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

from greetings.house import House
from greetings.web.context import moment
from greetings.web.locale import page_language

T = TypeVar("T")

EXTENSION = "greetings.kept"
MOST_PIECES = 400  # some ten kilobytes each; whoever asks for many searches gets the others pushed out


class Kept:
    """Two halves: what was asked for since the last settling, and what was before it. `most` bounds each."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._young: dict[Hashable, Any] = {}
        self._old: dict[Hashable, Any] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under a key; made, when there is nothing."""
        found: T | None = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                found = make()
            self.keep(key, found)
        return found

    def keep(self, key: Hashable, value: Any) -> None:
        if len(self._young) >= self._most:
            self.settle()
        self._young[key] = value

    def settle(self) -> None:
        """Let go of what nobody asked for since the last time."""
        self._old, self._young = self._young, {}

    def everything(self) -> list[Any]:
        """All that is kept, for those who watch over it."""
        return [*self._young.values(), *self._old.values()]


def install_kept(app: Flask, parts: House) -> None:
    """Give the application its facts and pieces, and templates the word `kept`."""
    kept = app.extensions[EXTENSION] = Kept(MOST_PIECES)
    parts.when_settling.append(kept.settle)
    app.jinja_env.add_extension(KeptPieces)


def in_this_moment(name: str, key: Hashable, read: Callable[[], T]) -> T:
    """What `read` finds in the database, read once as long as nothing that visitors see has changed."""
    now = moment()
    if now is None:
        return read()
    kept: Kept = current_app.extensions[EXTENSION]
    return kept.get((name, key, now), read)


class KeptPieces(Extension):
    """`{% kept a, b %}...{% endkept %}`: a piece of a page, drawn once for each language, `a` and `b`.

    The names behind `kept` must be all that the piece shows, except what is the same for the whole site.
    """

    tags = {"kept"}  # noqa: RUF012 - as Jinja reads it

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        shown: list[nodes.Expr] = []
        while not parser.stream.current.test("block_end"):
            shown.append(parser.parse_expression())
            parser.stream.skip_if("comma")
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        place = nodes.Const(f"{parser.name}:{line}")
        piece = self.call_method("_piece", [place, nodes.Tuple(shown, "load")])
        return nodes.CallBlock(piece, [], [], body).set_lineno(line)

    def _piece(self, place: str, shown: tuple[Hashable, ...], caller: Callable[[], str]) -> Markup:
        kept: Kept = current_app.extensions[EXTENSION]
        return kept.get((place, page_language(), shown), lambda: Markup(caller()))  # noqa: S704 - a template
