"""Reasons for rejecting in both databases, and changed by two at once."""

import threading

from sqlalchemy import select

from greetings.house import House
from greetings.languages import LANGUAGES
from greetings.submissions.models import RejectionReason
from greetings.submissions.reasons import DigitTaken, add_reason, list_reasons
from greetings.submissions.rules import Reason, ReasonWords

WORDS = {language: ReasonWords(f"name {language}", "why", "now") for language in LANGUAGES}


def test_every_reason_of_the_beginning_says_something_in_every_language(house_on_each_database: House):
    with house_on_each_database.database.reading() as session:
        rows = list_reasons(session)
        assert [row.code for row in rows] == list(Reason)
        for row in rows:
            for language in LANGUAGES:
                said = row.words_in(language)
                assert said.name
                assert said.why.endswith(".")
                assert said.now.endswith(".")


def test_of_two_who_want_the_same_key_one_gets_it(house_on_each_database: House):
    house = house_on_each_database
    ready, refused = threading.Barrier(4), []

    def add() -> None:
        with house.database.session() as session:
            ready.wait()
            try:
                add_reason(house, session, WORDS, 9, actor="somebody")
                session.commit()
            except DigitTaken:
                session.rollback()
                refused.append(1)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    with house.database.reading() as session:
        assert len(session.scalars(select(RejectionReason).where(RejectionReason.digit == 9)).all()) == 1
        assert house.audit.troubles(session) == []
