"""Where a greeting comes from, as pages write it."""

from flask_babel import gettext
from markupsafe import Markup


def isolated(town: str, country: str) -> Markup:
    """A town and a country in words, each with a direction of its own."""
    apart = [Markup("<bdi>{}</bdi>").format(part) if part else Markup() for part in (town, country)]
    if town and country:
        said = Markup(gettext("%(town)s, %(country)s"))  # noqa: S704 - our own words
        return said % {"town": apart[0], "country": apart[1]}
    return apart[0] or apart[1]
