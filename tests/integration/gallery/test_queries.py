"""What the wall asks, on each database."""

from typing import Any

import pytest
from sqlalchemy import event, select

from greetings.actions.models import Action
from greetings.gallery.queries import (
    WallFilter,
    find_newer,
    find_older,
    find_picture_digests,
    page_of_greetings,
    tallies_found,
)
from greetings.gallery.tallies import tallies_of
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Kind, State, Step, Use
from greetings.submissions.steps import greeting_to_change, take_step
from tests.factories import ALL_USES, make_action, make_greeting


@pytest.fixture
def action_id(house_on_each_database: House) -> int:
    """An action with five public greetings among others that are not."""
    house = house_on_each_database
    with house.database.work() as session:
        action = make_action(session)
        other = make_action(session, slug="other")
        make_greeting(house, session, action, name="1", search_text="50% рабіна", country="PL")
        make_greeting(house, session, action, name="no", state=State.PENDING)
        make_greeting(house, session, action, name="2", search_text="500 рабіна", kind=Kind.DRAWING)
        make_greeting(house, session, action, name="no", granted=ALL_USES - {Use.GALLERY})
        make_greeting(house, session, action, name="3", photos=2)
        make_greeting(house, session, other, name="no")
        make_greeting(house, session, action, name="4", language="ru")
        make_greeting(house, session, action, name="5", country="")
        return action.id


def names(house: House, action_id: int, wanted: WallFilter, before: int | None = None, size: int = 24) -> str:
    with house.database.engine.connect() as connection:
        found = page_of_greetings(connection, action_id, wanted, before, size)
        return "".join(greeting.name for greeting in found)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (WallFilter(), "54321"),
        (WallFilter(kind=Kind.DRAWING), "2"),
        (WallFilter(country="PL"), "1"),
        (WallFilter(language="ru"), "4"),
        (WallFilter(words=("рабіна",)), "21"),
        (WallFilter(words=("раб",)), "21"),
        (WallFilter(words=("50",)), "21"),
        (WallFilter(words=("рабіна", "500")), "2"),
        (WallFilter(words=("рабіна",), kind=Kind.DRAWING), "2"),
        (WallFilter(words=("рабіна",), country="LT", language="be"), "2"),
        (WallFilter(words=("рабіна",), country="DE"), ""),
        (WallFilter(words=("біна",)), ""),
        (WallFilter(words=("=",)), ""),
        (WallFilter(country="LT", language="be"), "32"),
        (WallFilter(country="LT", kind=Kind.PHOTO), "3"),
        (WallFilter(language="be", kind=Kind.TEXT), "51"),
        (WallFilter(language="be"), "5321"),
        (WallFilter(kind=Kind.DRAWING, country="PL"), ""),
    ],
)
def test_a_filter_lets_through_what_it_names(
    house_on_each_database: House, action_id: int, wanted: WallFilter, found: str
) -> None:
    assert names(house_on_each_database, action_id, wanted) == found


def test_what_a_search_finds_is_counted_by_its_sorts_and_no_further_than_asked(
    house_on_each_database: House, action_id: int
) -> None:
    wanted = WallFilter(words=("рабіна",))
    with house_on_each_database.database.engine.connect() as connection:
        found = tallies_found(connection, action_id, wanted, 2)
        assert found is not None
        assert sum(tally.greetings for tally in found) == 2
        assert len({(tally.kind, tally.country, tally.language) for tally in found}) == len(found)
        assert tallies_found(connection, action_id, wanted, 1) is None
        assert tallies_found(connection, action_id, WallFilter(words=("няма",)), 2) == []


def test_counting_what_is_found_walks_no_wall(house: House) -> None:
    statements: list[tuple[str, Any]] = []
    with house.database.engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", lambda *said: statements.append((said[2], said[3])))
        tallies_found(connection, 1, WallFilter(words=("рабіна",)), 100)
        statement, values = statements[0]
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert any("SEARCH greeting USING INDEX" in line and "public_sequence=?" in line for line in plan), plan


def test_pages_and_neighbours_follow_the_order_of_the_wall(
    house_on_each_database: House, action_id: int
) -> None:
    house = house_on_each_database
    with house.database.engine.connect() as connection:
        shown = page_of_greetings(connection, action_id, WallFilter())
        places = {greeting.name: greeting.public_sequence for greeting in shown}
        newer, older = (find(connection, action_id, places["3"]) for find in (find_newer, find_older))
        assert newer is not None
        assert older is not None
        assert (newer.name, older.name) == ("4", "2")
        assert find_newer(connection, action_id, places["5"]) is None
        assert find_older(connection, action_id, places["1"]) is None
    assert names(house, action_id, WallFilter(), before=places["4"], size=2) == "32"


def test_pictures_come_with_their_greetings_in_their_order(
    house_on_each_database: House, action_id: int
) -> None:
    with house_on_each_database.database.engine.connect() as connection:
        greetings = page_of_greetings(connection, action_id, WallFilter())
        assert [len(greeting.pictures) for greeting in greetings] == [0, 0, 2, 0, 0]
        for picture in greetings[2].pictures:
            digests = find_picture_digests(connection, picture.public_name)
            assert digests is not None
            assert {"display", "thumb"} <= digests.keys()


def test_counts_are_of_what_is_public(house_on_each_database: House, action_id: int) -> None:
    with house_on_each_database.database.engine.connect() as connection:
        tallies = tallies_of(connection, action_id)
    assert sum(tally.greetings for tally in tallies) == 5
    assert {tally.country for tally in tallies} == {"PL", "LT", ""}


def test_what_the_last_greeting_left_behind_is_counted_no_more(
    house_on_each_database: House, action_id: int
) -> None:
    """A country from which there is nothing any more is no country of the wall."""
    house = house_on_each_database
    with house.database.work() as session:
        only = session.scalars(select(Greeting).where(Greeting.country == "PL")).one()
        take_step(house, session, greeting_to_change(session, only.id), Step.WITHDRAW, actor="sender")
    with house.database.engine.connect() as connection:
        assert {tally.country for tally in tallies_of(connection, action_id)} == {"LT", ""}


def test_a_hidden_action_has_an_empty_wall_whatever_its_rows_say(
    house_on_each_database: House, action_id: int
) -> None:
    house = house_on_each_database
    with house.database.work() as session:
        session.get_one(Action, action_id).is_public = False
    assert names(house, action_id, WallFilter()) == ""
