"""Posters in the store: made once, replaced when their words change, and never in anybody's way."""

from dataclasses import replace

import pytest

from greetings.actions.models import Action
from greetings.actions.service import ActionChange, add_action, change_action
from greetings.house import House
from greetings.languages import LANGUAGES
from greetings.posters import service
from greetings.posters.rules import ALL_FILES, Design, PaperSize, PosterFile, Suffix
from greetings.posters.service import (
    get_order,
    keep_posters_true,
    list_orders,
    make_missing_posters,
    read_poster,
    sizes_bytes,
)
from greetings.storage import StorageFull

RIBBONS = tuple(file for file in ALL_FILES if file.design is Design.RIBBON)
RIBBON_PDF = PosterFile(Design.RIBBON, "be", PaperSize.A4, Suffix.PDF)


@pytest.fixture(autouse=True)
def few_designs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One design is enough to follow its files."""
    monkeypatch.setattr(service, "ALL_FILES", RIBBONS)


def make(house: House) -> int:
    with house.database.reading() as session:
        return make_missing_posters(house, session)


def stored(house: House, slug: str = "ales") -> dict[str, bytes]:
    return {found.key: house.storage.read(found.key) for found in house.storage.files(f"posters/{slug}")}


def change(house: House, action: Action, language: str, **words: str) -> None:
    texts = {text.language: dict(text.words) for text in action.texts}
    texts[language].update(words)
    wanted = ActionChange(
        state=action.state,
        needs_two=False,
        is_public=action.is_public,
        born_on=action.born_on,
        jubilee_age=action.jubilee_age,
        time_zone=action.time_zone,
        texts=texts,
    )
    with house.database.work() as session:
        change_action(house, session, "ales", wanted, version=action.version, actor="system")


def test_the_first_start_makes_every_poster_and_the_second_none(house: House, action: Action) -> None:
    assert make(house) == len(RIBBONS)
    first = stored(house)
    assert len(first) == len(RIBBONS)
    assert make(house) == 0
    assert stored(house) == first


def test_a_poster_that_was_lost_is_made_again_as_it_was(house: House, action: Action) -> None:
    make(house)
    first = stored(house)
    house.storage.delete(next(iter(first)))
    assert make(house) == 1
    assert stored(house) == first


def test_a3_and_a4_share_one_picture(house: House, action: Action) -> None:
    make(house)
    for language in LANGUAGES:
        a4, a3 = (
            read_poster(
                house, get_order(house, action, PosterFile(Design.RIBBON, language, size, Suffix.PNG))
            )
            for size in PaperSize
        )
        assert a4 == a3


def test_new_words_replace_the_posters_of_their_language_only(house: House, action: Action) -> None:
    make(house)
    before = set(stored(house))
    change(house, action, "be", poster_lines="З днём\nнараджэння,\nМаксім!")
    after = set(stored(house))
    assert len(after) == len(RIBBONS)
    assert all("-be-" in key for key in before ^ after)
    assert len(before - after) == len(after - before) == len(RIBBONS) // len(LANGUAGES)


def test_other_words_of_the_action_leave_its_posters_alone(house: House, action: Action) -> None:
    make(house)
    before = stored(house)
    change(house, action, "be", about="Іншае пра чалавека.")
    assert stored(house) == before


def test_a_change_that_is_undone_touches_no_poster(house: House, action: Action) -> None:
    make(house)
    before = stored(house)
    with house.database.session() as session:
        row = session.get_one(Action, action.id)
        row.jubilee_age = 64
        keep_posters_true(house, session, row)
        session.rollback()
    assert stored(house) == before


def test_an_action_just_added_gets_its_posters_when_they_are_asked_for(house: House, action: Action) -> None:
    with house.database.work() as session:
        like = session.get_one(Action, action.id)
        added = add_action(house, session, slug="maks", born_on=like.born_on, like=like, actor="system")
    assert not stored(house, "maks")
    made = read_poster(house, get_order(house, added, RIBBON_PDF))
    assert made.startswith(b"%PDF")
    assert list(stored(house, "maks").values()) == [made]


def test_a_poster_is_read_from_the_store_once_it_is_there(
    house: House, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = get_order(house, action, RIBBON_PDF)
    made = read_poster(house, order)
    monkeypatch.setattr(service, "print_pdf", None)
    assert read_poster(house, order) == made


def test_the_order_of_one_file_is_the_one_of_the_list(house: House, action: Action) -> None:
    for order in list_orders(house, action):
        assert get_order(house, action, order.file) == order


def test_the_site_moving_makes_other_posters(house: House, action: Action) -> None:
    before = get_order(house, action, RIBBON_PDF)
    house.settings = replace(house.settings, url="https://birthday.example")
    after = get_order(house, action, RIBBON_PDF)
    assert after.words.foot == "birthday.example/ales"
    assert before.key != after.key


def test_a_full_disk_keeps_nobody_from_a_poster(
    house: House, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_key: str, _data: bytes) -> None:
        raise StorageFull

    monkeypatch.setattr(house.storage, "put", full)
    assert make(house) == 0
    assert read_poster(house, get_order(house, action, RIBBON_PDF)).startswith(b"%PDF")
    assert not stored(house)


def test_words_that_cannot_be_set_do_not_keep_the_house_from_starting(house: House, action: Action) -> None:
    change(house, action, "en", poster_lines="生日快樂\n你好")
    assert make(house) == len(RIBBONS) - len(RIBBONS) // len(LANGUAGES)


def test_sizes_are_those_of_the_files(house: House, action: Action) -> None:
    assert not sizes_bytes(house, action)
    make(house)
    sizes = sizes_bytes(house, action)
    assert set(sizes) == set(RIBBONS)
    assert sizes[RIBBON_PDF] == len(read_poster(house, get_order(house, action, RIBBON_PDF)))
