"""An action is hidden and shown by a few statements, however many greetings hang, and takes all of them along."""

from collections.abc import Callable, Iterable
from datetime import date

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.actions.rules import ActionState
from greetings.actions.service import ActionChange, change_action
from greetings.db.session import begin_writing
from greetings.errors import NotFound, VersionStale
from greetings.house import House
from greetings.operations.wiring import show_or_hide
from greetings.submissions import walls
from greetings.submissions.files import PUBLIC_RENDITIONS, private_key
from greetings.submissions.models import Greeting, Photo, SearchDocument, WallCounter, WallTally
from greetings.submissions.rules import State, Step, Use
from greetings.submissions.steps import greeting_to_change, take_step
from tests.factories import ALL_USES, make_action, make_greeting, make_photo
from tests.lock_order import watch


@pytest.fixture
def house(house_on_each_database: House) -> House:
    """Two public actions, `ales` and `other`."""
    with house_on_each_database.database.work() as session:
        make_action(session)
        make_action(session, "other")
    watch(house_on_each_database.database.engine)
    return house_on_each_database


def hang(house: House, slug: str = "ales", **facts: object) -> Greeting:
    with house.database.work() as session:
        action = session.scalars(select(Action).where(Action.slug == slug)).one()
        return make_greeting(house, session, action, **{"photos": 1, "search_text": "снег", **facts})  # type: ignore[arg-type]


def change(house: House, *, is_public: bool, title: str = "A title") -> list[str]:
    """Save the action as an organiser does; every statement that this took."""
    asked: list[str] = []

    def note(*facts: object) -> None:
        asked.append(str(facts[2]))

    with house.database.session() as session:
        action = session.scalars(select(Action).where(Action.slug == "ales")).one()
        texts = {text.language: {**text.words, "title": title} for text in action.texts}
        wanted = ActionChange(
            state=ActionState.OPEN,
            is_public=is_public,
            needs_two=action.needs_two,
            born_on=date(1962, 9, 25),
            jubilee_age=action.jubilee_age,
            time_zone=action.time_zone,
            texts=texts,
        )
        event.listen(house.database.engine, "before_cursor_execute", note)
        try:
            change_action(house, session, "ales", wanted, version=action.version, actor="m")
            session.commit()
        finally:
            event.remove(house.database.engine, "before_cursor_execute", note)
    return asked


def shown(house: House) -> dict[str, int]:
    """How much of everything is public, counted apart from one another."""
    with house.database.reading() as session:
        on_wall = select(func.count()).where(Greeting.public_sequence.is_not(None))
        on_screen = select(func.count()).where(Greeting.screen_sequence.is_not(None))
        named = select(func.count()).where(Photo.public_name.is_not(None))
        return {
            "wall": session.scalar(on_wall) or 0,
            "screen": session.scalar(on_screen) or 0,
            "tallies": session.scalar(select(func.sum(WallTally.greetings))) or 0,
            "words": session.scalar(select(func.count()).select_from(SearchDocument)) or 0,
            "photos": session.scalar(named) or 0,
            "files": sum("-thumb" in one.key for one in house.storage.files("public")),
        }


def test_all_of_it_goes_and_nothing_of_another_action(house: House) -> None:
    for facts in ({}, {"granted": {Use.EVENTS}}, {"granted": {Use.POST}}, {"state": State.PENDING}):
        hang(house, **facts)
    hang(house, "other")
    seen = house.database.public_change()
    before = shown(house)
    assert before == {**dict.fromkeys(before, 2), "screen": 3}
    change(house, is_public=False)
    assert shown(house) == dict.fromkeys(before, 1)
    assert house.database.public_change() > seen
    change(house, is_public=True)
    assert shown(house) == before


def test_a_page_from_before_decides_nothing_afterwards(house: House) -> None:
    greeting = hang(house)
    change(house, is_public=False)
    with house.database.work() as session, pytest.raises(VersionStale):
        greeting_to_change(session, greeting.id, greeting.version)
    with house.database.work() as session:
        take_step(house, session, greeting_to_change(session, greeting.id), Step.REOPEN, actor="m")
    assert shown(house) == dict.fromkeys(shown(house), 0)


def test_it_takes_as_many_statements_for_one_as_for_many(house: House) -> None:
    hang(house)
    change(house, is_public=True)
    of_one = change(house, is_public=False)
    change(house, is_public=True)
    for _ in range(4):
        hang(house)
    assert len(change(house, is_public=False)) == len(of_one)


def test_all_of_it_comes_back_by_as_many_statements_for_one_as_for_many(house: House) -> None:
    hang(house)
    change(house, is_public=False)
    of_one = change(house, is_public=True)
    for _ in range(4):
        hang(house)
    before = shown(house)
    change(house, is_public=False)
    assert len(change(house, is_public=True)) == len(of_one)
    assert shown(house) == before == dict.fromkeys(before, 5)


def test_a_wall_is_hung_in_the_order_of_arrival_however_many_are_hung_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walls, "GREETINGS_AT_ONCE", 2)
    only = ({Use.GALLERY}, {Use.EVENTS}, ALL_USES, {Use.POST}, ALL_USES)
    hung = [hang(house, granted=granted) for granted in only]
    before = shown(house)
    change(house, is_public=False)
    seen = house.database.public_change()
    change(house, is_public=True)
    assert shown(house) == before
    assert house.database.public_change() > seen
    arrived = [one.sequence for one in hung]
    with house.database.reading() as session:
        for place, missing in ((Greeting.public_sequence, {1, 3}), (Greeting.screen_sequence, {0, 3})):
            in_order = select(Greeting.sequence).where(place.is_not(None)).order_by(place)
            assert list(session.scalars(in_order)) == [
                sequence for number, sequence in enumerate(arrived) if number not in missing
            ]
        counter, *others = session.scalars(select(WallCounter.last))
        assert not others
        places = session.execute(select(Greeting.public_sequence, Greeting.screen_sequence)).all()
        given = [place for pair in places for place in pair if place]
        assert len(set(given)) == len(given)
        assert max(given) == counter


def test_what_cannot_be_shown_leaves_nothing_behind(house: House) -> None:
    first, last = hang(house), hang(house)
    change(house, is_public=False)
    house.storage.delete(private_key(last.photos[0].private_name, PUBLIC_RENDITIONS[-1]))
    with pytest.raises(NotFound):
        change(house, is_public=True)
    assert shown(house) == dict.fromkeys(shown(house), 0)
    house.storage.copy(
        private_key(first.photos[0].private_name, PUBLIC_RENDITIONS[-1]),
        private_key(last.photos[0].private_name, PUBLIC_RENDITIONS[-1]),
    )
    change(house, is_public=True)
    assert shown(house) == dict.fromkeys(shown(house), 2)


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Have something done by somebody else once the pictures are there, just before nobody else can write."""
    left = [act]

    def begin_after_it(session: Session) -> None:
        if left:
            left.pop()()
        begin_writing(session)

    monkeypatch.setattr("greetings.actions.service.begin_writing", begin_after_it)


def test_pictures_are_laid_out_while_others_still_write(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files for each photo: on SQLite nobody writes while they would be made under the lock."""
    for _ in range(3):
        hang(house)
    change(house, is_public=False)
    there: list[int] = []
    meanwhile(monkeypatch, lambda: there.append(len(list(house.storage.files("public")))))
    copy_all = house.storage.copy_all

    def before_anybody_waits(names: Iterable[tuple[str, str]]) -> None:
        assert not there
        copy_all(names)

    monkeypatch.setattr(house.storage, "copy_all", before_anybody_waits)
    assert shown(house)["files"] == 0
    change(house, is_public=True)
    assert there == [3 * len(PUBLIC_RENDITIONS)]
    assert shown(house) == dict.fromkeys(shown(house), 3)


def test_what_changes_while_pictures_are_laid_out_is_shown_as_it_is_then(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is taken back, one covered, one comes: nothing is left of what lay there for the first two."""
    withdrawn, covered, stays = hang(house), hang(house), hang(house)
    change(house, is_public=False)
    laid: list[str] = []

    def others_work() -> None:
        laid.extend(one.key for one in house.storage.files("public"))
        with house.database.work() as session:
            take_step(
                house, session, greeting_to_change(session, withdrawn.id), Step.WITHDRAW, actor="sender"
            )
        with house.database.work() as session:
            photo = greeting_to_change(session, covered.id).photos[0]
            fresh = make_photo(house)
            photo.private_name, photo.digests = fresh.private_name, {"thumb": "of the covered one"}
        hang(house)

    meanwhile(monkeypatch, others_work)
    change(house, is_public=True)
    assert shown(house) == dict.fromkeys(shown(house), 3)
    with house.database.reading() as session:
        rows = session.execute(select(Photo.greeting_sequence, Photo.public_name))
        names = {public_name: sequence for sequence, public_name in rows}
    there = {one.key.split("/")[1].split("-")[0] for one in house.storage.files("public")}
    assert there == names.keys()
    kept = {key.split("/")[1].split("-")[0] for key in laid} & there
    assert [names[name] for name in kept] == [stays.sequence]


def test_what_was_laid_out_in_vain_goes_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colleague was quicker with another change of the action."""
    hang(house)
    change(house, is_public=False)

    def quicker() -> None:
        assert len(list(house.storage.files("public"))) == len(PUBLIC_RENDITIONS)
        with house.database.work() as session:
            session.execute(update(Action).values(version=Action.version + 1))

    meanwhile(monkeypatch, quicker)
    with pytest.raises(VersionStale):
        change(house, is_public=True)
    assert shown(house) == dict.fromkeys(shown(house), 0)


def test_what_hangs_and_should_not_is_taken_down_with_the_next_change_of_its_action(house: House) -> None:
    wrong = hang(house)
    hang(house)
    with house.database.work() as session:  # past the program
        session.execute(update(Greeting).where(Greeting.id == wrong.id).values(state=State.PENDING))
    assert shown(house)["wall"] == 2
    change(house, is_public=True)
    assert shown(house) == dict.fromkeys(shown(house), 1)


def test_no_photo_is_looked_for_by_a_question_about_greetings(house: House) -> None:
    """PostgreSQL guesses how many hang from when it last counted; wrong, it compares each photo with each."""
    hang(house)
    asked = change(house, is_public=False) + change(house, is_public=True)
    of_photos = [one for one in asked if "photo" in one]
    assert of_photos
    assert not any("greeting " in one.replace("greeting_sequence ", "") for one in of_photos)


def test_other_words_of_an_action_touch_no_greeting(house: House) -> None:
    for _ in range(3):
        hang(house)
    hang(house, granted={Use.POST})
    writing = ("UPDATE greeting ", "UPDATE photo", "INSERT INTO search", "DELETE FROM search")
    for is_public in (True, False):
        change(house, is_public=is_public)
        asked = change(house, is_public=is_public, title="Another one")
        assert not any(one.startswith(writing) for one in asked)
        assert sum("FROM photo" in one for one in asked) == 0


def test_what_is_held_in_memory_says_so_too(house: House) -> None:
    greeting = hang(house)
    with house.database.work() as session:
        row = session.get_one(Greeting, greeting.sequence)
        assert row.photos[0].public_name
        action = session.get_one(Action, row.action_id)
        action.is_public = False
        show_or_hide(house, session, action)
        assert not any((row.public_sequence, row.screen_sequence, row.photos[0].public_name))
        assert row.version == greeting.version + 1
        action.is_public = True
        show_or_hide(house, session, action)
        assert all((row.public_sequence, row.screen_sequence, row.photos[0].public_name))
        assert row.version == greeting.version + 2
