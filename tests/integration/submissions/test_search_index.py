"""The index holds the words of what is public, of nothing else, and forgets them from the disk."""

import random
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Insert, Text, cast, event, insert, select, text, update

from greetings.actions.models import Action
from greetings.gallery.queries import WallFilter, page_of_greetings
from greetings.house import House, open_house
from greetings.operations.backup import back_up
from greetings.operations.housekeeping import settle
from greetings.operations.restoring import restore_backup
from greetings.operations.schema import migrate
from greetings.operations.setup import set_up
from greetings.settings import load_settings
from greetings.submissions.models import Greeting, SearchDeskDocument, SearchDocument, SearchUpkeep
from greetings.submissions.rules import FINAL_STATES, State, Step, Use, search_text
from greetings.submissions.search_index import (
    INDEXES,
    WordIndex,
    keep_index_true,
    left_behind,
    make_index_anew,
    search_place,
)
from greetings.submissions.search_words import choice_words
from greetings.submissions.steps import greeting_to_change, set_uses, take_step
from greetings.submissions.walls import keep_action_true
from tests.factories import ALL_USES, make_action, make_greeting

WORDS = ("рабіна", "снег", "сокал", "зубр", "васілёк", "бусел", "рэчка", "поўнач")
SECRET = "таямнічаеслова"


@pytest.fixture
def house_with_action(house_on_each_database: House) -> House:
    with house_on_each_database.database.work() as session:
        make_action(session)
    return house_on_each_database


def make(house: House, words: str, **facts: object) -> Greeting:
    with house.database.work() as session:
        action = session.scalars(select(Action)).first()
        assert action is not None
        facts = {"text": words, "name": "", "search_text": search_text(words), **facts}
        return make_greeting(house, session, action, **facts)  # type: ignore[arg-type]


def found(house: House, *words: str) -> list[str]:
    with house.database.reading() as session:
        return [
            one.id for one in page_of_greetings(session.connection(), 1, WallFilter(words=words), size=1000)
        ]


def step(house: House, greeting: Greeting, what: Step) -> None:
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, greeting.id), what, actor="m")


@pytest.mark.parametrize("state", [State.PENDING, State.REJECTED, State.WITHDRAWN, State.ERASED])
def test_what_is_not_public_is_not_in_the_index(house_with_action: House, state: State) -> None:
    house = house_with_action
    make(house, "рабіна", state=state)
    make(house, "рабіна", granted=ALL_USES - {Use.GALLERY})
    with house.database.reading() as session:
        assert session.scalars(select(SearchDocument)).all() == []
    assert found(house, "рабіна") == []


@pytest.mark.parametrize("state", list(State))
def test_the_desk_s_index_holds_what_was_not_taken_back_whatever_its_state(
    house_with_action: House, state: State
) -> None:
    make(house_with_action, "рабіна", state=state)
    with house_with_action.database.reading() as session:
        held = len(session.scalars(select(SearchDeskDocument)).all())
    assert held == (0 if state in FINAL_STATES else 1)


def test_a_greeting_is_found_as_long_as_it_is_public_and_by_the_words_it_has_now(
    house_with_action: House,
) -> None:
    house = house_with_action
    greeting = make(house, "рабіна")
    assert found(house, "рабіна") == [greeting.id]
    with house.database.work() as session:
        greeting_to_change(session, greeting.id).search_text = "снег"
    assert (found(house, "рабіна"), found(house, "снег")) == ([], [greeting.id])
    step(house, greeting, Step.REOPEN)
    assert found(house, "снег") == []
    step(house, greeting, Step.APPROVE)
    assert found(house, "снег") == [greeting.id]
    with house.database.work() as session:
        set_uses(house, session, greeting_to_change(session, greeting.id), actor="s", granted={Use.POST})
    assert found(house, "снег") == []


def test_a_hidden_action_is_not_found(house_with_action: House) -> None:
    house = house_with_action
    make(house, "рабіна")
    with house.database.work() as session:
        action = session.get_one(Action, 1)
        action.is_public = False
        keep_action_true(session, house.storage, action)
    assert found(house, "рабіна") == []
    with house.database.reading() as session:
        assert session.scalars(select(SearchDocument)).all() == []


def test_the_index_says_what_reading_everything_would_say(house_with_action: House) -> None:
    """Many greetings with invented words, some taken back: every search against a plain look at each."""
    house = house_with_action
    chance = random.Random(7)
    words_of: dict[str, set[str]] = {}
    order: list[str] = []
    for _ in range(60):
        words = set(chance.sample(WORDS, chance.randint(1, 4)))
        greeting = make(house, " ".join(sorted(words)))
        if chance.random() < 0.25:
            step(house, greeting, chance.choice([Step.WITHDRAW, Step.REOPEN]))
            continue
        words_of[greeting.id] = {search_text(word) for word in words}
        order.insert(0, greeting.id)
    for _ in range(40):
        asked = [
            search_text(word)[: chance.randint(2, 9)] for word in chance.sample(WORDS, chance.randint(1, 2))
        ]
        wanted = [
            one
            for one in order
            if all(any(word.startswith(begun) for word in words_of[one]) for begun in asked)
        ]
        assert found(house, *asked) == wanted, asked


def test_pages_of_a_search_follow_one_another(house_with_action: House) -> None:
    house = house_with_action
    made = [make(house, "рабіна") for _ in range(7)]
    with house.database.reading() as session:
        seen, before = [], None
        while page := page_of_greetings(
            session.connection(), 1, WallFilter(words=("рабіна",)), before, size=3
        ):
            seen += [one.id for one in page]
            before = page[-1].public_sequence
    assert seen == [one.id for one in reversed(made)]


def test_an_index_made_by_older_rules_is_made_anew_at_the_next_start(house_with_action: House) -> None:
    house = house_with_action
    greetings = [make(house, "рабіна"), make(house, "рабіна")]
    with house.database.work() as session:
        session.execute(update(SearchUpkeep).values(words_version=0))
        session.execute(update(SearchDocument).values(words="нешта"))
    assert found(house, "рабіна") == []
    assert keep_index_true(house.database) == 2 + 2, "both indexes"
    assert found(house, "рабіна") == [one.id for one in reversed(greetings)]
    assert keep_index_true(house.database) == 0


def test_a_store_from_before_the_index_is_searchable_after_its_first_start(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from greetings.operations.schema import migrate_down

    with house.database.work() as session:
        make_action(session)
    greeting = make(house, "рабіна", photos=1)
    migrate_down(house.database, "0001")
    migrate(house.database)
    monkeypatch.setattr(
        "greetings.operations.setup.make_missing_posters", lambda *_: 0
    )  # nobody looks at one
    set_up(house)
    assert found(house, "рабіна") == [greeting.id]


def test_a_restored_store_is_searchable(house_with_action: House, tmp_path: Path) -> None:
    """From either database into SQLite."""
    house = house_with_action
    greeting = make(house, "рабіна")
    back_up(house, tmp_path / "backup")
    other = open_house(load_settings({"GREETINGS_DATA": str(tmp_path / "other")}), house.clock)
    try:
        assert restore_backup(other, tmp_path / "backup", None)
        assert found(other, "рабіна") == [greeting.id]
    finally:
        other.close()


# ---- off the disk


def on_disk(house: House, words: str) -> list[str]:
    """Files of the database that hold these letters in any of the ways they could stand there."""
    letters = words.encode()
    return [
        path.name for path in house.settings.data.glob("greetings.sqlite*") if letters in path.read_bytes()
    ]


def test_words_that_only_the_desk_knew_are_off_the_disk_too(house: House) -> None:
    with house.database.work() as session:
        make_action(session)
    greetings = [make(house, f"{SECRET} {state}", state=state) for state in (State.PENDING, State.REJECTED)]
    make(house, "рабіна", state=State.PENDING)
    for greeting in greetings:
        step(house, greeting, Step.WITHDRAW)
    settle(house.database)
    assert on_disk(house, SECRET[:4]) == []
    with house.database.reading() as session:
        assert session.scalars(select(SearchDeskDocument.words)).all() == ["рабіна"]


@pytest.mark.parametrize("others", [0, 3, 400])
@pytest.mark.parametrize("what", [Step.WITHDRAW, Step.ERASE])
def test_words_taken_back_are_off_the_disk_after_one_settling(house: House, others: int, what: Step) -> None:
    """FTS5 keeps deleted words, twice. `others` came before and after, so that the index has many parts."""
    with house.database.work() as session:
        action = make_action(session)
        for number in range(others):
            make_greeting(house, session, action, search_text=f"слова{number} рабіна")
    greeting = make(house, SECRET)
    for _ in range(min(others, 20)):
        make(house, "снег рабіна")
    assert on_disk(house, SECRET[:8])
    step(house, greeting, what)
    settle(house.database)
    assert on_disk(house, SECRET[:4]) == []
    assert len(found(house, "рабіна")) == others + min(others, 20)


def test_words_that_were_changed_are_off_the_disk_too(house: House) -> None:
    with house.database.work() as session:
        make_action(session)
    greeting = make(house, SECRET)
    make(house, "рабіна")
    with house.database.work() as session:
        row = greeting_to_change(session, greeting.id)
        row.text = row.search_text = "снег"
    settle(house.database)
    assert on_disk(house, SECRET[:4]) == []
    assert found(house, "снег") == [greeting.id]


def test_whatever_came_and_went_the_index_holds_only_what_is_there(house: House) -> None:
    chance = random.Random(11)
    with house.database.work() as session:
        make_action(session)
    there: dict[str, Greeting] = {}
    gone: list[str] = []
    for number in range(80):
        word = "".join(chance.choice("абвгдежзік") for _ in range(8)) + f"{number:02}"
        there[word] = make(house, word)
        if chance.random() < 0.4:
            taken = chance.choice(list(there))
            step(house, there.pop(taken), Step.WITHDRAW)
            gone.append(taken)
        if chance.random() < 0.1:
            settle(house.database)
            assert [word for word in gone if on_disk(house, word)] == []
    settle(house.database)
    assert [word for word in gone if on_disk(house, word)] == []
    assert all(found(house, word) == [greeting.id] for word, greeting in there.items())


def test_settling_with_nothing_removed_merges_nothing(house: House) -> None:
    with house.database.work() as session:
        make_action(session)
    make(house, "рабіна")
    settle(house.database)
    with house.database.reading() as session:
        assert set(session.scalars(select(SearchUpkeep.removed))) == {0}


# ---- what is left behind all the same is noticed


def left(house: House) -> tuple[int, ...]:
    with house.database.reading() as session:
        return tuple(left_behind(session, index) for index in INDEXES)


def test_nothing_is_left_behind_whatever_comes_and_goes(house_with_action: House) -> None:
    house, chance = house_with_action, random.Random(13)
    there = [make(house, f"{word} {word}я !", state=State.PENDING) for word in WORDS]
    make(house, "!!! …", photos=1)
    for _ in range(40):
        with house.database.work() as session:
            greeting = greeting_to_change(session, chance.choice(there).id)
            ways = {State.PENDING: Step.APPROVE, State.APPROVED: Step.REOPEN}
            what = Step.WITHDRAW if chance.random() < 0.1 else ways.get(greeting.state)
            if what and greeting.state in ways:
                take_step(house, session, greeting, what, actor="m")
        if chance.random() < 0.3 and greeting.state in ways:
            mend(house, greeting)
    assert left(house) == (0, 0)
    settle(house.database)
    assert left(house) == (0, 0)


def test_words_of_what_is_not_in_an_index_are_counted_and_go_when_it_is_made_anew(
    house_with_action: House,
) -> None:
    house = house_with_action
    shown = make(house, "рабіна")
    waiting = make(house, SECRET, state=State.PENDING)
    withdrawn = make(house, SECRET, state=State.WITHDRAWN)
    with house.database.work() as session:
        for greeting in (waiting, withdrawn):
            facts = {"greeting_sequence": greeting.sequence, "words": SECRET}
            session.execute(
                insert(SearchDocument).values(place=search_place(1, greeting.sequence + 90), **facts)
            )
        session.execute(insert(SearchDeskDocument).values(**facts))
    assert left(house) == (2, 1), "one waits, and the desk may find it"
    make_index_anew(house.database)
    assert left(house) == (0, 0)
    assert found(house, "рабіна") == [shown.id]


def test_words_that_the_index_itself_did_not_let_go_of_are_counted_and_go_from_the_disk(house: House) -> None:
    """SQLite's index stands beside the rows it is made of; they agree as long as the triggers carry over."""
    with house.database.work() as session:
        make_action(session)
    greeting, other = make(house, SECRET), make(house, "рабіна")
    with house.database.work() as session:
        carried = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'search_document_removed'"))
        session.execute(text("DROP TRIGGER search_document_removed"))
    step(house, greeting, Step.WITHDRAW)
    with house.database.work() as session:
        session.execute(text(carried))
    settle(house.database)
    assert on_disk(house, SECRET[:4]), "that is what must be noticed"
    choices = choice_words(kind=greeting.kind.value, country=greeting.country, language=greeting.language)
    assert left(house) == (len([SECRET, *choices]), 0)
    make_index_anew(house.database)
    settle(house.database)
    assert left(house) == (0, 0)
    assert on_disk(house, SECRET[:4]) == []
    assert found(house, "рабіна") == [other.id]


def test_looking_for_what_is_left_behind_waits_for_nobody_who_writes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greetings.db.session.BUSY_SECONDS", 0.1)
    with house.database.work():
        assert left(house) == (0, 0)


# ---- made anew while others are at work


def take_back(house: House, greeting: Greeting) -> None:
    step(house, greeting, Step.WITHDRAW)


def reopen(house: House, greeting: Greeting) -> None:
    step(house, greeting, Step.REOPEN)


def mend(house: House, greeting: Greeting) -> None:
    with house.database.work() as session:
        greeting_to_change(session, greeting.id).search_text = "снег"


def make_anew_too(house: House, _greeting: Greeting) -> None:
    make_index_anew(house.database)


@pytest.mark.parametrize("act", [take_back, reopen, mend, make_anew_too])
@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.fts5_table)
def test_a_greeting_that_changes_while_the_index_is_made_anew_stands_in_it_as_it_is_then(
    house_with_action: House, act: Callable[[House, Greeting], None], index: WordIndex
) -> None:
    """Somebody else comes between the reading of a greeting and the noting of its words."""
    house, document = house_with_action, index.document
    greeting = make(house, "рабіна")
    others: list[Thread] = []

    def come_between(_connection: object, statement: object, *_more: object) -> None:
        if isinstance(statement, Insert) and statement.table.name == document.__tablename__ and not others:
            others.append(Thread(target=act, args=(house, greeting)))
            others[0].start()
            others[0].join(1)  # done by then, or waiting for us

    event.listen(house.database.engine, "before_execute", come_between)
    make_index_anew(house.database, [index])
    others[0].join()
    with house.database.reading() as session:
        noted = list(session.scalars(select(cast(document.words, Text))))
        held = list(session.scalars(select(Greeting.search_text).where(index.is_held)))
    assert len(noted) == len(held)
    assert all(words in all_words for words, all_words in zip(held, noted, strict=True))
