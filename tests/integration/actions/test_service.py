"""Actions in the store: the one that ships, changes, and what follows them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from greetings.actions import service
from greetings.actions.models import Action
from greetings.actions.queries import find_action
from greetings.actions.rules import TEXT_NAMES, ActionState
from greetings.actions.service import (
    ActionChange,
    SlugTaken,
    add_action,
    change_action,
    find_front_action,
    get_public_facts,
    load_default_actions,
    on_action_changed,
    present,
)
from greetings.audit.models import AuditEntry
from greetings.errors import NotFound, VersionStale
from greetings.house import House
from greetings.languages import LANGUAGES
from tests.factories import make_action

NOW = datetime(2026, 9, 18, 14, 27, tzinfo=UTC)
ORGANISER = "m" * 20


def change_of(action: Action, **facts: object) -> ActionChange:
    """What is there already, but for the facts given."""
    texts = {text.language: dict(text.words) for text in action.texts}
    kept = {
        "state": action.state,
        "is_public": action.is_public,
        "needs_two": action.needs_two,
        "born_on": action.born_on,
        "jubilee_age": action.jubilee_age,
        "time_zone": action.time_zone,
        "texts": texts,
    }
    return ActionChange(**{**kept, **facts})  # type: ignore[arg-type]


@pytest.fixture
def reactions() -> Iterator[list[str]]:
    """The slugs of actions that were told to have changed."""
    told: list[str] = []

    def note(_house: House, _session: Session, action: Action) -> None:
        told.append(action.slug)

    on_action_changed(note)
    yield told
    service._reactions.remove(note)


def test_the_first_start_brings_the_action_ales(house: House) -> None:
    with house.database.work() as session:
        assert load_default_actions(session) == ["ales"]
        page = present(get_public_facts(session, "ales"), "be", NOW)
    assert page.title == "З днём нараджэння, Алесь!"
    assert (page.days_left, page.is_accepting, page.is_public) == (7, True, True)


def test_a_second_start_changes_nothing_that_organisers_wrote(house: House) -> None:
    with house.database.work() as session:
        load_default_actions(session)
        action = find_action(session, "ales")
        assert action is not None
        action.texts[0].words = {**action.texts[0].words, "title": "Мой загаловак"}
        action.state = ActionState.ARCHIVED
    with house.database.work() as session:
        assert load_default_actions(session) == []
        again = find_action(session, "ales")
        assert again is not None
        assert again.state is ActionState.ARCHIVED
        assert again.texts[0].words["title"] == "Мой загаловак"


def test_a_hidden_action_does_not_exist_for_anyone_outside(house: House) -> None:
    with house.database.work() as session:
        make_action(session, is_public=False)
        with pytest.raises(NotFound):
            get_public_facts(session, "ales")


def test_a_text_that_a_newer_version_brought_is_empty_until_it_is_written(house: House) -> None:
    with house.database.work() as session:
        action = make_action(session)
        action.texts[0].words = {"title": "Only a title"}
        session.flush()
        page = present(get_public_facts(session, "ales"), action.texts[0].language, NOW)
    assert (page.texts.title, page.texts.about) == ("Only a title", "")


def test_after_a_release_the_action_is_called_what_it_says_then(house: House) -> None:
    with house.database.work() as session:
        make_action(session, state=ActionState.RELEASED)
        assert present(get_public_facts(session, "ales"), "en", NOW).title == "released_title en"


@pytest.mark.parametrize(
    ("states", "front"),
    [
        ([], None),
        (["archived"], 0),
        (["archived", "open"], 1),
        (["open", "open"], None),
        (["released", "closed"], None),
        (["released", "open", "closed"], 1),
    ],
)
def test_the_way_in_leads_to_the_only_open_action(house: House, states: list[str], front: int | None) -> None:
    with house.database.work() as session:
        actions = [
            make_action(session, slug=f"a{place}", state=ActionState(state))
            for place, state in enumerate(states)
        ]
        make_action(session, slug="hidden", is_public=False)
        found = find_front_action(session)
        assert found is (None if front is None else actions[front])


def test_a_change_is_kept_with_its_entry_in_the_log(
    house_on_each_database: House, reactions: list[str]
) -> None:
    house = house_on_each_database
    with house.database.work() as session:
        action = make_action(session)
        change = change_of(action, state=ActionState.CLOSED)
    with house.database.session() as session:
        change_action(house, session, "ales", change, version=1, actor=ORGANISER)
        session.commit()
    with house.database.reading() as session:
        kept = find_action(session, "ales")
        assert kept is not None
        assert (kept.state, kept.version, kept.closed_on) == (ActionState.CLOSED, 2, house.clock().date())
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.act, entry.actor, entry.subject) == ("change-action", ORGANISER, "ales")
    assert reactions == ["ales"]


def test_the_log_names_changed_texts_and_never_quotes_them(house: House) -> None:
    with house.database.work() as session:
        action = make_action(session)
        change = change_of(action)
    texts = {language: dict(words) for language, words in change.texts.items()}
    texts["be"]["title"] = "Таямніца"
    with house.database.session() as session:
        change_action(house, session, "ales", change_of(action, texts=texts), version=1, actor=ORGANISER)
        session.commit()
    with house.database.reading() as session:
        details = session.scalars(select(AuditEntry.details)).one()
    assert "be-title" in details
    assert "Таямніца" not in details


def test_opening_again_forgets_the_day_of_closing_and_archiving_keeps_it(house: House) -> None:
    with house.database.work() as session:
        action = make_action(session, state=ActionState.CLOSED, closed_on=date(2026, 1, 2))
        archived = change_of(action, state=ActionState.ARCHIVED)
        opened = change_of(action, state=ActionState.OPEN)
    with house.database.session() as session:
        kept = change_action(house, session, "ales", archived, version=1, actor=ORGANISER)
        assert kept.closed_on == date(2026, 1, 2)
        session.commit()
        kept = change_action(house, session, "ales", opened, version=2, actor=ORGANISER)
        assert kept.closed_on is None


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(house: House, reactions: list[str]) -> None:
    with house.database.work() as session:
        action = make_action(session, version=3)
        change = change_of(action, state=ActionState.ARCHIVED)
    with house.database.session() as session, pytest.raises(VersionStale):
        change_action(house, session, "ales", change, version=2, actor=ORGANISER)
    with house.database.reading() as session:
        kept = find_action(session, "ales")
        assert kept is not None
        assert kept.state is ActionState.OPEN
    assert reactions == []


def test_a_new_action_begins_hidden_with_the_texts_of_another(house: House, reactions: list[str]) -> None:
    with house.database.work() as session:
        like = make_action(session)
    with house.database.session() as session:
        add_action(house, session, slug="nasta", born_on=date(1989, 1, 20), like=like, actor=ORGANISER)
        session.commit()
    with house.database.reading() as session:
        added = find_action(session, "nasta")
        assert added is not None
        assert (added.is_public, added.state, added.jubilee_age) == (False, ActionState.ANNOUNCED, 38)
        words = {text.language: text.words for text in added.texts}
        assert words.keys() == set(LANGUAGES)
        assert all(set(one) == set(TEXT_NAMES) for one in words.values())
    assert reactions == ["nasta"]


def test_two_actions_never_share_an_address(house: House) -> None:
    with house.database.work() as session:
        like = make_action(session)
    with house.database.session() as session, pytest.raises(SlugTaken):
        add_action(house, session, slug="ales", born_on=date(1989, 1, 20), like=like, actor=ORGANISER)


def test_of_two_who_take_an_address_at_the_same_moment_one_is_told(
    house_on_each_database: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = house_on_each_database
    with house.database.work() as session:
        like = make_action(session)
    monkeypatch.setattr(service, "find_action", lambda *_asked: None)  # both looked before either wrote
    with house.database.session() as session, pytest.raises(SlugTaken):
        add_action(house, session, slug="ales", born_on=date(1989, 1, 20), like=like, actor=ORGANISER)
