"""Where a form of the desk was sent from, so that whoever could not send it is led back there."""

import re
from urllib.parse import quote, urlencode

from flask import current_app, request

from greetings.web.context import house
from greetings.web.permissions import is_of_the_desk

# what was drawn on a picture and is sent in numbers: nobody could copy them as they could words
DRAWN = re.compile(r"(?:(?:crop-)?(?:left|top|width|height)|turns)-[0-9]{1,18}", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,6})?", re.ASCII)
MOST_DRAWN = 400


def page_it_came_from() -> str | None:
    """The page of the desk that this request came from, or else the nearest one at or above its address: a
    path of ours that can be looked at, whatever the browser says.
    """
    untrusted_page = request.headers.get("Referer", "")
    origin = "/".join(untrusted_page.split("/", 3)[:3])
    if house().settings.is_own_origin(origin):
        path, _, query = untrusted_page.removeprefix(origin).partition("?")
        if is_of_the_desk(path) and _is_page(path):
            return path + (f"?{query}" if query else "")
    nearest = request.path if _is_page(request.path) else page_above(request.path)
    return None if nearest is None else quote(nearest)


def what_was_drawn() -> str:
    """The rectangles and turns in this form, as the query of a page that shows them again; "" for none."""
    drawn: list[tuple[str, str]] = []
    for name in filter(DRAWN.fullmatch, request.form):
        values = [value if NUMBER.fullmatch(value) else "" for value in request.form.getlist(name)]
        while values and not values[-1]:
            values.pop()  # the blank rows at the end
        drawn += [(name, value) for value in values]
    has_some = any(value not in {"", "0"} for _, value in drawn)
    return urlencode(drawn) if has_some and len(drawn) <= MOST_DRAWN else ""


def page_above(path: str) -> str | None:
    """The nearest page above an address that can only be sent to."""
    while path := path.rpartition("/")[0]:
        if _is_page(path):
            return path
    return None


def _is_page(path: str) -> bool:
    return current_app.url_map.bind("").test(path, "GET")
