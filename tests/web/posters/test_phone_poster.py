"""A poster to hold up on a telephone: the action's words or one's own, whole without a script, kept nowhere."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.posters.rules import LETTERS, WORD_LETTERS, filling
from greetings.settings import CHECKOUT
from tests.pages import PageClient

SHEET = Path(CHECKOUT) / "greetings" / "static" / "css" / "phone.css"


@given(st.text(max_size=200))
def test_the_style_sheet_has_a_size_for_whatever_is_written(words: str) -> None:
    letters, word = filling(words).split()
    style = SHEET.read_text(encoding="utf-8")
    assert f".{letters} {{ --k: " in style
    assert f".{word} {{ --w: " in style


def test_more_letters_and_longer_words_are_never_set_larger() -> None:
    style = SHEET.read_text(encoding="utf-8")
    for name, limits, kind in (("n", LETTERS, "k"), ("w", WORD_LETTERS, "w")):
        sizes = [float(re.search(rf"\.{name}{most} {{ --{kind}: ([\d.]+)", style)[1]) for most in limits]  # type: ignore[index]
        assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_words_of_the_action_stand_on_it_in_each_language(client: PageClient, language: str) -> None:
    answer = client.get(f"/ales/{language}/posters/phone")
    page = answer.get_data(as_text=True)
    assert (
        f'lang="{language}" dir="auto"><span>Happy</span> <span>Birthday,</span> <span>Ales!</span>' in page
    )
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    assert '<body class="phone white">' in page
    assert '<body class="phone red">' in client.get(f"/ales/{language}/posters/phone?look=red").get_data(
        as_text=True
    )


def test_own_words_stand_on_it_and_are_kept_nowhere(client: PageClient) -> None:
    wish = "Чакаем <дома> & побач!"
    fields = {"wish": wish, "name": "Ганна", "town": "Вільня", "look": "red", "as": "phone"}
    answer = client.post("/ales/be/posters/own", data=fields)
    page = answer.get_data(as_text=True)
    assert html.escape(wish) in page
    assert "<bdi>Ганна</bdi>" in page
    assert '<body class="phone red">' in page
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_wish_too_long_for_a_poster_comes_back_in_the_form(client: PageClient) -> None:
    answer = client.post("/ales/be/posters/own", data={"wish": "ж" * 141, "as": "phone"})
    assert answer.status_code == 422
    assert "ж" * 141 in answer.get_data(as_text=True)


@pytest.mark.parametrize("page", ["posters/", "send"])
def test_posters_and_form_lead_to_it(client: PageClient, page: str) -> None:
    assert 'href="/ales/en/posters/phone"' in client.get(f"/ales/en/{page}").get_data(as_text=True)
