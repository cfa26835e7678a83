from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import g

from greetings.web.dates import clock_forms, day, day_in_two, moment, short_day
from greetings.web.typography import NO_BREAK

AT = datetime(2026, 11, 4, 22, 7, 31, tzinfo=UTC)


@pytest.fixture(params=["be", "en", "ru"])
def language(app, request) -> Iterator[str]:
    with app.test_request_context():
        g.language = request.param
        yield request.param


def test_a_day_is_said_in_words_and_never_broken(language):
    wanted = {"be": "4 лістапада 2026 года", "en": "4 November 2026", "ru": "4 ноября 2026 года"}[language]
    assert day(AT) == day(date(2026, 11, 4)) == wanted.replace(" ", NO_BREAK)
    assert short_day(AT) == {"be": "4 ліст.", "en": "4 Nov", "ru": "4 нояб."}[language].replace(" ", NO_BREAK)


def test_where_it_stands_alone_a_day_may_end_before_its_year(language):
    wanted = {"be": "4_лістапада 2026_года", "en": "4_November 2026", "ru": "4_ноября 2026_года"}[language]
    assert day_in_two(AT) == wanted.replace("_", NO_BREAK)


@pytest.mark.parametrize("length", ["long", "short"])
def test_a_moment_breaks_at_most_between_day_and_hour(language, length):
    said = day(AT) if length == "long" else short_day(AT)
    wanted = (
        f'<time datetime="2026-11-04T22:07+00:00" data-clock="{length}">{said}, 22:07{NO_BREAK}UTC</time>'
    )
    assert moment(AT, length) == wanted


def test_the_script_gets_the_forms_that_the_page_has(language):
    for length, said in (("long", day), ("short", short_day)):
        form = clock_forms()[length]
        month = form["months"][AT.month - 1]
        assert form["day"].format(day=AT.day, month=month, year=AT.year) == said(AT)
