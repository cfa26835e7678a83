"""A poster to hold up on a telephone: the action's words or one's own, whole without a script, kept nowhere."""

import html
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from greetings.posters.rules import LETTER_WIDTHS, LETTERS, WIDEST_LETTER, WORD_TENTHS, filling
from greetings.settings import CHECKOUT
from greetings.typefaces.faces import WEB_FACES, get_font_path
from tests.pages import PageClient

SHEET = Path(CHECKOUT) / "greetings" / "static" / "css" / "phone.css"


@given(st.text(max_size=200))
def test_the_style_sheet_has_a_size_for_whatever_is_written(words: str) -> None:
    letters, word = filling(words).split()
    style = SHEET.read_text(encoding="utf-8")
    assert f".{letters} {{ --k: " in style
    assert f".{word} {{ --w: " in style


def test_more_letters_and_wider_words_are_never_set_larger() -> None:
    style = SHEET.read_text(encoding="utf-8")
    for name, limits, kind in (("n", LETTERS, "k"), ("w", WORD_TENTHS, "w")):
        sizes = [float(re.search(rf"\.{name}{most} {{ --{kind}: ([\d.]+)", style)[1]) for most in limits]  # type: ignore[index]
        assert sizes == sorted(sizes, reverse=True)


def test_no_letter_is_wider_than_it_is_taken_for() -> None:
    """A word that is wider than the screen would be broken in two, wherever it happens to end."""
    face = next(face for face in WEB_FACES if (face.role, face.weight) == ("serif", 600))
    with TTFont(get_font_path(face, "otf")) as font:
        widths, size = font["hmtx"], font["head"].unitsPerEm  # type: ignore[attr-defined]
        drawn = {
            chr(point): 100 * widths[name][0] / size for point, name in (font.getBestCmap() or {}).items()
        }
    for letter, width in LETTER_WIDTHS.items():
        assert drawn[letter] <= width + 0.6, letter
    alphabets = map(chr, (*range(0x20, 0x180), *range(0x400, 0x492)))
    assert max(drawn.get(letter, 0) for letter in alphabets) <= WIDEST_LETTER


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [("Міліі!", "Шашыць"), ("Волі", "Ждём"), ("люблю вас", "люблю\u00a0вас"), ("Лёс", "Лёсю")],
)
def test_the_width_of_the_widest_word_counts(narrow: str, wide: str) -> None:
    tenths = [int(filling(words).split(" w")[1]) for words in (narrow, wide)]
    assert tenths[0] < tenths[1]


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
