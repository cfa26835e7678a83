"""Looking back, on both databases: whatever is asked, the same rows as a patient reader would pick out."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from greetings.house import House
from greetings.ids import new_id
from greetings.moderation.rules import PAGE_ROWS
from greetings.moderation.search import (
    EVERYTHING,
    UNDESCRIBED,
    FoundRow,
    Search,
    greeting_id_in,
    page_of_found,
    search_from,
)
from greetings.submissions.models import Greeting, Photo
from greetings.submissions.rules import Kind, State, Use, search_text
from greetings.submissions.search_index import make_index_anew
from greetings.submissions.search_words import split_words
from tests.factories import make_action, make_greeting

START = datetime(2026, 9, 1, 8, tzinfo=UTC)
WORDS = ("сонца", "ўсмешка", "ліст", "дарога", "100%", "a_b", "ёлка")
TEAM = [new_id() for _ in range(3)]


def fill(house: House, count: int, seed: int = 7) -> list[dict[str, Any]]:
    """Rows as they could stand after some weeks, put in at once."""
    rng = random.Random(seed)
    with house.database.work() as session:
        actions = [make_action(session, slug).id for slug in ("ales", "maria")]
    rows = [_row(rng, number, actions) for number in range(1, count + 1)]
    with house.database.engine.begin() as connection:
        for start in range(0, count, 5_000):
            connection.execute(insert(Greeting), rows[start : start + 5_000])
        sequences = connection.scalars(select(Greeting.sequence)).all()
        connection.execute(insert(Photo), [_photo_of(sequence) for sequence in sequences if sequence % 3])
    make_index_anew(house.database)
    return rows


def _row(rng: random.Random, number: int, actions: list[int]) -> dict[str, Any]:
    state = rng.choice([State.APPROVED] * 5 + [State.REJECTED] * 2 + list(State))
    is_decided = state in {State.APPROVED, State.REJECTED}
    is_gone = state in {State.WITHDRAWN, State.ERASED}
    words = "" if is_gone else " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 12)))
    name = "" if is_gone else f"Імя{number}"
    moment = START + timedelta(minutes=rng.randrange(60 * 24 * 5))
    return {
        "id": new_id(),
        "action_id": rng.choice(actions),
        "state": state,
        "version": 1,
        "code_digest": new_id(40),
        "received_at": START,
        "changed_at": moment.replace(minute=0),
        "kind": Kind.TEXT,
        "language": "be",
        "text": words,
        "name": name,
        "town": "",
        "country": "",
        "organisation": "",
        "office": "",
        "search_text": search_text(words, name),
        "granted": frozenset(Use),
        "disallowed": frozenset(),
        "reason": rng.choice(["risk", "hurtful"]) if state is State.REJECTED else None,
        "decided_by": rng.choice(TEAM) if is_decided else None,
        "decided_at": moment if is_decided else None,
    }


def _photo_of(sequence: int) -> dict[str, Any]:
    return {
        "greeting_sequence": sequence,
        "position": 0,
        "width_px": 4,
        "height_px": 3,
        "average_colour": "808080",
        "difference_hash": "0" * 16,
        "digests": {},
        "description": "Candles" if sequence % 2 else "",
    }


def all_found(house: House, search: Search) -> Iterator[FoundRow]:
    """Page after page, as somebody clicks on."""
    after = None
    with house.database.reading() as session:
        while True:
            rows = page_of_found(session, search, after)
            yield from rows[:PAGE_ROWS]
            if len(rows) <= PAGE_ROWS:
                return
            after = rows[PAGE_ROWS - 1].place


def says(row: dict[str, Any], typed: str) -> bool:
    """Whether every word that was typed begins one of the row's."""
    own = split_words(row["search_text"])
    return all(any(word.startswith(begun) for word in own) for begun in split_words(search_text(typed)))


def expected(rows: list[dict[str, Any]], search: Search, slugs: dict[str, int]) -> list[str]:
    """The same, picked out by hand."""

    def fits(row: dict[str, Any]) -> bool:
        moment = row["decided_at"] if search.is_by_decision else row["changed_at"]
        return (
            row["state"] in search.states
            and (not search.moderator or row["decided_by"] == search.moderator)
            and (not search.reason or row["reason"] == search.reason)
            and (not search.action or row["action_id"] == slugs[search.action])
            and (search.since is None or moment.date() >= search.since)
            and (search.until is None or moment.date() <= search.until)
            and says(row, search.words)
        )

    numbered = list(enumerate(row for row in rows))
    found = [(number, row) for number, row in numbered if fits(row)]
    if search.is_by_decision:
        found.sort(key=lambda one: (one[1]["decided_at"], one[0]), reverse=True)
    else:
        found.sort(key=lambda one: one[0], reverse=True)
    return [row["id"] for _number, row in found]


def searches(rng: random.Random) -> Iterator[Search]:
    yield Search()
    yield Search(state=EVERYTHING)
    for state in State:
        yield Search(state=state)
    for _ in range(40):
        yield Search(
            words=rng.choice(["", "", *WORDS, "Сонца ліст", "Ёлка", "імя7"]),
            state=rng.choice(["", "", EVERYTHING, *State]),
            moderator=rng.choice(["", "", *TEAM]),
            reason=rng.choice(["", "", "", "risk", "unknown"]),
            action=rng.choice(["", "", "ales", "maria"]),
            since=rng.choice([None, date(2026, 9, 2), date(2026, 9, 4)]),
            until=rng.choice([None, date(2026, 9, 2), date(2026, 9, 5)]),
        )


def test_every_search_finds_what_it_should_in_order_without_a_gap(
    house_on_each_database: House, monkeypatch: pytest.MonkeyPatch
):
    """Words of few are collected by the index, those of many met along the list: once each way."""
    rows = fill(house_on_each_database, 400)
    slugs = dict(zip(("ales", "maria"), sorted({row["action_id"] for row in rows}), strict=True))
    for many in (2_000, 30):
        monkeypatch.setattr("greetings.moderation.search.MANY", many)
        for search in searches(random.Random(11)):
            found = [row.id for row in all_found(house_on_each_database, search)]
            assert found == expected(rows, search, slugs), (search, many)


def test_a_word_that_occurs_nowhere_reads_no_greeting(house: House):
    """On SQLite, which can be asked how far it went."""
    fill(house, 300)
    with house.database.reading() as session:
        page_of_found(session, Search(words="нідзе"), None)
        steps: list[int] = []
        raw: Any = session.connection().connection.dbapi_connection
        raw.set_progress_handler(lambda: steps.append(1), 100)
        assert page_of_found(session, Search(words="нідзе"), None) == []
        raw.set_progress_handler(None, 0)
        assert len(steps) < 10, "hundreds of operations of the database, not thousands"


def test_an_id_or_the_address_of_a_page_finds_its_greeting(house_on_each_database: House):
    rows = fill(house_on_each_database, 20)
    wanted = next(row["id"] for row in rows if row["state"] is State.ERASED)
    for typed in (wanted, f"https://example.org/ales/be/greetings/{wanted}?q=x", f"  {wanted} please"):
        for state in ("", EVERYTHING, State.REJECTED):
            search = Search(words=typed, state=state)
            assert [row.id for row in all_found(house_on_each_database, search)] == [wanted]
    assert greeting_id_in("no id at all / here") is None


@pytest.mark.parametrize(
    "search",
    [
        Search(),
        Search(state=State.REJECTED),
        Search(state=State.WITHDRAWN),
        Search(moderator=TEAM[0]),
        Search(reason="risk"),
        Search(since=date(2026, 9, 3), until=date(2026, 9, 3)),
        Search(words="сонца"),
        Search(photos=UNDESCRIBED),
    ],
    ids=lambda search: "&".join(search.as_args()) or "decided",
)
def test_no_page_sorts_what_it_does_not_show(house: House, search: Search, monkeypatch: pytest.MonkeyPatch):
    """On SQLite, whose plan can be read: rows come out of an index in their order."""
    monkeypatch.setattr("greetings.moderation.search.MANY", 20)  # of words that many have
    fill(house, 300)
    asked: list[tuple[str, Any]] = []
    event.listen(house.database.engine, "before_cursor_execute", lambda *facts: asked.append(facts[2:4]))
    with house.database.reading() as session:
        rows = page_of_found(session, search, None)
        for after in (None, rows[0].place):
            asked.clear()
            page_of_found(session, search, after)
            statement, values = asked[-1]
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            assert "TEMP B-TREE" not in str(plan), plan


def test_greetings_with_a_photo_that_nobody_described_are_found(house_on_each_database: House):
    house = house_on_each_database
    with house.database.work() as session:
        action = make_action(session)
        none, some, every, words = (
            make_greeting(house, session, action, photos=photos, descriptions=descriptions).id
            for photos, descriptions in ((2, []), (2, ["", "Snow"]), (2, ["A lake", "Snow"]), (0, []))
        )
        waits = make_greeting(house, session, action, photos=1, state=State.PENDING).id
    found = {one.id for one in all_found(house, Search(photos=UNDESCRIBED))}
    assert found == {none, some}
    assert {one.id for one in all_found(house, Search(state=EVERYTHING, photos=UNDESCRIBED))} == {
        *found,
        waits,
    }
    assert {every, words, waits}.isdisjoint(found)


def test_a_search_survives_its_own_address(house: House):
    days = date(2026, 9, 1), date(2026, 9, 2)
    search = Search("a&b=c ў", "rejected", TEAM[0], "risk", "ales", *days, photos=UNDESCRIBED)
    assert search_from(search.as_args()) == search
    assert search_from(Search().as_args()) == Search()


@pytest.mark.parametrize(
    "args",
    [
        {"state": "'"},
        {"by": "x' OR 1=1"},
        {"since": "yesterday"},
        {"until": "9999-12-31"},
        {"reason": "r" * 99},
        {"q": "\0"},
        {"action": "ў"},
        {"photos": "all"},
    ],
)
def test_what_can_not_be_meant_is_passed_over(args: dict[str, str]):
    assert search_from(args) == Search()


def test_signs_of_the_database_are_only_signs(house_on_each_database: House):
    house = house_on_each_database
    rows = fill(house, 60)
    for typed in ("100%", "a_b", '"сонца', "сонца*", "сонца' | 'ліст", "сонца OR ліст", "words:сонца"):
        found = {row.id for row in all_found(house, Search(words=typed, state=EVERYTHING))}
        assert found == {row["id"] for row in rows if says(row, typed)}
    for typed in ("%", "_", "\\", "*", "'"):
        assert list(all_found(house, Search(words=typed, state=EVERYTHING))) == []


def test_narrowing_is_known_from_not_narrowing():
    assert not Search().is_narrowed
    assert replace(Search(), words="x").is_narrowed
