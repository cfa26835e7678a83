"""The counts above a wall: in all as chosen, and by each choice of one sort whatever is chosen of that sort."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from greetings.gallery.counts import count
from greetings.gallery.queries import WallFilter
from greetings.gallery.tallies import Tally
from greetings.submissions.rules import Kind

COUNTRIES, LANGUAGES = ("", "LT", "PL"), ("be", "ru")
PLACES = list(product(Kind, COUNTRIES, LANGUAGES))
numbers = st.lists(st.integers(1, 9), min_size=len(PLACES), max_size=len(PLACES))
filters = st.builds(
    WallFilter,
    kind=st.sampled_from([None, *Kind]),
    country=st.sampled_from(COUNTRIES),
    language=st.sampled_from(["", *LANGUAGES]),
)


@given(numbers, filters)
def test_each_sort_is_counted_as_if_nothing_of_it_were_chosen(numbers: list[int], wanted: WallFilter) -> None:
    tallies = [Tally(*place, number) for place, number in zip(PLACES, numbers, strict=True)]

    def through(kind: Kind | None, country: str, language: str) -> int:
        return sum(
            tally.greetings
            for tally in tallies
            if kind in {None, tally.kind}
            and country in {"", tally.country}
            and language in {"", tally.language}
        )

    counts = count(tallies, wanted)
    assert counts.total == through(wanted.kind, wanted.country, wanted.language)
    assert counts.kinds == {kind: through(kind, wanted.country, wanted.language) for kind in Kind}
    assert counts.languages == {one: through(wanted.kind, wanted.country, one) for one in LANGUAGES}
    assert counts.countries == {
        one: through(wanted.kind, one, wanted.language) for one in COUNTRIES if one
    }, "those without a country have no line"
