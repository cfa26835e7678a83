"""What the rooms above show on the action's page. They look down on actions and not the other way round,
so they bring their parts along when their blueprint is registered.
"""

from collections.abc import Callable

from flask import current_app
from flask.sansio.app import App
from markupsafe import Markup

from greetings.actions.service import ActionPage

EXTENSION = "greetings.page_parts"
PagePart = Callable[[ActionPage], Markup | str]


def add_page_part(app: App, name: str, part: PagePart) -> None:
    """Have `part` make the HTML that the action's page shows under `name` ("wall", "posters").

    Called while the application is put together: `blueprint.record_once(lambda state:
    add_page_part(state.app, "wall", latest_greetings))`. An empty answer leaves the part out.
    """
    app.extensions.setdefault(EXTENSION, {})[name] = part


def page_part(name: str, action: ActionPage) -> Markup:
    """The HTML of a part, or nothing when no room brings it."""
    part: PagePart | None = current_app.extensions.get(EXTENSION, {}).get(name)
    return Markup() if part is None else Markup(part(action))  # noqa: S704 - parts are rendered templates
