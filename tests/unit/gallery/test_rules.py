"""How greetings stand on the wall, as pure rules."""

import itertools
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from greetings.gallery.rules import (
    RATIO_NAMES,
    RATIOS,
    RED,
    RED_EVERY,
    STOCKS,
    STRIP_CHOICE,
    STRIP_ROW_PX,
    STRIP_SIZE,
    STRIP_WIDTH_PX,
    CardClass,
    card_class,
    fit_class,
    hanging_order,
    is_brief,
    paragraph_lines,
    ratio_class,
    search_words,
    stocks,
    strip_order,
    turn,
)
from greetings.ids import ALPHABET
from greetings.settings import CHECKOUT
from greetings.submissions.search_words import MARK

ids = st.text(ALPHABET, min_size=20, max_size=20)
classes: st.SearchStrategy[CardClass] = st.sampled_from(["c1", "c2", "c3", "c4"])
WALL_CSS = Path(CHECKOUT) / "greetings" / "static" / "css" / "wall.css"


# ---- proportions
def test_the_style_sheet_has_the_same_proportions() -> None:
    written = re.findall(r"\.(r\d+) \{ --r: ([\d.]+)", WALL_CSS.read_text(encoding="utf-8"))
    assert [name for name, _ in written] == list(RATIO_NAMES)
    assert all(abs(float(value) - ratio) < 0.001 for (_, value), ratio in zip(written, RATIOS, strict=True))


@given(st.integers(min_value=1, max_value=5000), st.integers(min_value=1, max_value=5000))
def test_no_more_than_one_per_cent_of_a_picture_is_cropped(width: int, height: int) -> None:
    shown = RATIOS[RATIO_NAMES.index(ratio_class(width, height))]
    ratio = width / height
    if RATIOS[0] <= ratio <= RATIOS[-1]:
        assert 1 / 1.0101 <= ratio / shown <= 1.0101
    else:
        assert shown in {RATIOS[0], RATIOS[-1]}


@given(st.integers(min_value=1, max_value=5000), st.integers(min_value=1, max_value=5000))
@example(4000, 700)
@example(900, 2400)
def test_no_face_is_cut_off_and_no_small_picture_is_blown_up(width: int, height: int) -> None:
    shown = RATIOS[RATIO_NAMES.index(ratio_class(width, height))]
    lost = 1 - min(shown / (width / height), (width / height) / shown)
    if max(width, height) < 240:
        assert fit_class(width, height) == "small"
    else:
        assert fit_class(width, height) == "whole" or lost < 0.021


def test_only_what_can_be_called_out_is_set_as_a_call() -> None:
    assert is_brief("Жыве!")
    assert is_brief("Чакаем дома.")
    assert not is_brief("Непахіснасць")
    assert not is_brief("З юбілеем, дарагі Алесь!")
    assert is_brief("Мы рядом")
    assert not is_brief("Мы\u00a0рядом"), "kept together they are as wide as one word"


# ---- cards
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Трымайся!", "c1"),
        ("а" * 12, "c1"),
        ("а" * 13, "c2"),
        ("Мы не забудзем", "c1"),
        ("Мы\u00a0не\u00a0забудзем", "c2"),
        ("а " * 18, "c1"),
        ("а " * 18 + "бб", "c2"),
        ("слова " * 13, "c2"),
        ("слова " * 14, "c3"),
        ("слова " * 29, "c3"),
        ("слова " * 30, "c4"),
        ("生日快乐" * 5, "c2"),  # wide letters take the room of two
    ],
)
def test_the_shorter_a_text_the_larger_it_is_set(text: str, name: str) -> None:
    assert card_class(text) == name


@given(st.lists(st.none() | st.tuples(ids, classes), max_size=60))
def test_paper_is_dealt_out_by_the_rules_of_the_wall(cards: list[tuple[str, CardClass] | None]) -> None:
    papers = stocks(cards)
    assert [paper == "" for paper in papers] == [card is None for card in cards]
    dealt = [paper for paper in papers if paper]
    assert all(one != other for one, other in itertools.pairwise(dealt))
    assert set(dealt) <= {*STOCKS, RED}
    red = [place for place, paper in enumerate(papers) if paper == RED]
    assert all(later - earlier >= RED_EVERY for earlier, later in itertools.pairwise(red))
    for place in red:
        card = cards[place]
        assert card is not None
        assert card[1] == "c1"


def test_some_short_card_does_become_red() -> None:
    cards: list[tuple[str, CardClass] | None] = [(letter * 20, "c1") for letter in ALPHABET]
    assert RED in stocks(cards)


@given(ids)
def test_a_postmark_always_lies_the_same_way(greeting_id: str) -> None:
    assert turn(greeting_id) == turn(greeting_id)
    assert turn(greeting_id) in {"a", "b", "c", "d"}


# ---- the order on a page
dated = st.lists(st.tuples(st.integers(min_value=1, max_value=3), st.booleans()), max_size=40).map(
    lambda tiles: [(date(2026, 9, 4 - day), is_photo) for day, is_photo in sorted(tiles)]
)


@given(dated)
def test_tiles_hang_by_day_and_each_kind_keeps_its_order(tiles: list[tuple[date, bool]]) -> None:
    order = hanging_order(tiles)
    assert sorted(order) == list(range(len(tiles)))
    assert [tiles[place][0] for place in order] == [day for day, _ in tiles]
    for kind in (True, False):
        places = [place for place in order if tiles[place][1] is kind]
        assert places == sorted(places)


def test_photos_of_the_day_break_up_a_long_run_of_words() -> None:
    day = date(2026, 9, 4)
    order = hanging_order([(day, False)] * 16 + [(day, True)] * 8)
    places = [place for place, tile in enumerate(order) if tile >= 16]
    assert max(later - earlier for earlier, later in itertools.pairwise(places)) <= 3


def test_photos_of_another_day_stay_where_they_hang() -> None:
    older, newer = date(2026, 9, 3), date(2026, 9, 4)
    assert hanging_order([(newer, False)] * 16 + [(older, True)] * 8) == list(range(24))


def test_nine_words_in_a_row_stay_as_they_came() -> None:
    day = date(2026, 9, 4)
    assert hanging_order([(day, False)] * 9 + [(day, True)]) == list(range(10))


# ---- the strip
@given(st.lists(st.sampled_from(RATIOS), min_size=1, max_size=STRIP_CHOICE))
def test_the_strip_takes_eight_of_the_latest_and_begins_with_a_wide_one(ratios: list[float]) -> None:
    order = strip_order(ratios)
    assert len(order) == len(set(order)) == min(len(ratios), STRIP_SIZE)
    assert set(order) <= set(range(len(ratios)))
    if any(ratio >= 1.3 for ratio in ratios):
        assert ratios[order[0]] >= 1.3
    assert order[1:] == sorted(order[1:])


def test_the_strip_packs_at_every_width_of_a_desk_screen_as_at_the_one_it_was_chosen_for():
    """In per cent of its width; a little less than that, so that no tile slips into a row of its own."""
    height = re.search(r"\.wall\.full \{ --h: ([\d.]+)%", WALL_CSS.read_text(encoding="utf-8"))
    assert height is not None
    assert 0 <= 100 * STRIP_ROW_PX / STRIP_WIDTH_PX - float(height[1]) < 0.01


# ---- words
def test_a_query_is_read_in_the_form_in_which_words_are_kept() -> None:
    assert search_words("  Сям'я ЁЛКА  Поўня ") == ["сямя", "елка", "поуня"]


@given(st.text(max_size=300))
def test_no_query_asks_for_more_than_a_few_clean_words(text: str) -> None:
    words = search_words(text)
    assert len(words) <= 6
    assert all(word.isprintable() and not word.isspace() and word for word in words)
    assert len(search_words(f"{text} а б в г д е ж з")) == 6


def test_who_asks_for_signs_alone_asks_for_something_and_finds_nothing() -> None:
    assert search_words(r"%_\ <>") == [MARK]
    assert search_words("   ") == []


def test_lines_of_a_letter_stay_lines() -> None:
    assert paragraph_lines("Dear Ales,\nhello\n\nYours") == [["Dear Ales,", "hello"], ["Yours"]]
