"""The kept counts of a wall, turned the ways a page needs them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext, ngettext
from markupsafe import Markup

from greetings.gallery.queries import Tally, WallFilter
from greetings.submissions.rules import Kind
from greetings.web.templating import number


@dataclass(frozen=True, slots=True)
class WallCounts:
    """How many greetings are public, and from where."""

    tallies: Sequence[Tally]

    def total(self, wanted: WallFilter | None = None) -> int:
        """All that a filter lets through; words are not counted."""
        return sum(tally.greetings for tally in self._matching(wanted or WallFilter()))

    def countries(self, wanted: WallFilter | None = None) -> Counter[str]:
        """Greetings by country, whatever country is chosen; those without one are left out."""
        counts: Counter[str] = Counter()
        for tally in self._matching(replace(wanted or WallFilter(), country="")):
            if tally.country:
                counts[tally.country] += tally.greetings
        return counts

    def languages(self, wanted: WallFilter | None = None) -> Counter[str]:
        """Greetings by the language of the form, whatever language is chosen."""
        counts: Counter[str] = Counter()
        for tally in self._matching(replace(wanted or WallFilter(), language="")):
            counts[tally.language] += tally.greetings
        return counts

    def kinds(self, wanted: WallFilter | None = None) -> Counter[Kind]:
        """Greetings by kind, whatever kind is chosen."""
        counts: Counter[Kind] = Counter()
        for tally in self._matching(replace(wanted or WallFilter(), kind=None)):
            counts[tally.kind] += tally.greetings
        return counts

    def _matching(self, wanted: WallFilter) -> list[Tally]:
        return [
            tally
            for tally in self.tallies
            if wanted.kind in {None, tally.kind}
            and wanted.country in {"", tally.country}
            and wanted.language in {"", tally.language}
        ]


def in_words(greetings: int, countries: int) -> Markup:
    """“1,284 greetings from 37 countries”, its figures in `b` so that they can be set in colour."""
    said = ngettext("%(number)s greeting", "%(number)s greetings", greetings, number=_figure(greetings))
    if countries:
        # translators: the second half of "1,284 greetings from 37 countries"
        origin = ngettext(
            "from %(number)s country", "from %(number)s countries", countries, number=_figure(countries)
        )
        said = gettext("%(greetings)s %(from_countries)s", greetings=said, from_countries=origin)
    return Markup(said)  # noqa: S704 - our own words and figures


def in_figures(counts: WallCounts) -> list[tuple[str, str]]:
    """(figure, what it counts) of what came together; what is nothing is left out."""
    kinds, countries = counts.kinds(), len(counts.countries())
    found = [
        (kinds[Kind.PHOTO], ngettext("photo", "photos", kinds[Kind.PHOTO])),
        (kinds[Kind.TEXT], ngettext("written greeting", "written greetings", kinds[Kind.TEXT])),
        (kinds[Kind.DRAWING], ngettext("drawing", "drawings", kinds[Kind.DRAWING])),
        (countries, ngettext("country", "countries", countries)),
    ]
    return [(number(count), words) for count, words in found if count]


def _figure(value: int) -> Markup:
    return Markup("<b>{}</b>").format(number(value))
