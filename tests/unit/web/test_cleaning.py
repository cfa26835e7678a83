"""Text of others beside our own: clean, and with nothing that disturbs its neighbours."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.web.cleaning import clean

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


def is_promised(letter: str) -> bool:
    """Whether a code point, known to Python or not, stands where Unicode keeps room for pictures and ideographs."""
    plane, place = divmod(ord(letter), 0x10000)
    return place < 0xFFFE and (
        plane in {2, 3} or (plane == 1 and place >= 0xF000 and not 0xFB00 <= place < 0xFC00)
    )


@given(st.text(max_size=300), st.booleans())
def test_clean_text_is_settled_and_harmless(text: str, lines: bool):
    kept = clean(text, lines=lines)
    assert clean(kept, lines=lines) == kept
    assert "\x00" not in kept
    categories = {unicodedata.category(letter) for letter in kept if letter not in "\n\u200c\u200d"}
    assert not categories & {"Cc", "Cf", "Cs", "Co"}
    assert all(is_promised(letter) for letter in kept if unicodedata.category(letter) == "Cn")
    assert "\n\n\n" not in kept
    if not lines:
        assert "\n" not in kept
    kept.encode()


@given(st.text(alphabet="абвгдеёжзійклмнопрстуўфхцчшыьэюя ’«»,.!", max_size=200))
def test_belarusian_letters_pass_unharmed(text: str):
    assert clean(text) == " ".join(text.split())


def test_paragraphs_stay_where_lines_are_wanted():
    assert clean("Дарагі Алесь!\r\n\r\n\r\n\r\nЧакаем.  ", lines=True) == "Дарагі Алесь!\n\nЧакаем."


def test_an_override_cannot_turn_the_neighbour_around():
    assert clean("abc\u202egnp.exe\u2069") == "abcgnp.exe"


def test_a_letter_is_kept_as_one_sign_however_it_was_typed():
    assert clean("и\u0306о е\u0308лка у\u0306") == "йо ёлка ў"


@pytest.mark.parametrize("lines", [True, False])
def test_signs_without_width_go(lines: bool):
    assert clean("Але\u200bсь\u2060 \ufeffтут\u00ad!", lines=lines) == "Алесь тут!"


def test_stacks_of_marks_are_cut():
    assert len(clean("Z" + "\u0301" * 50)) < 8
    assert len(clean("ж" + "\u0489" * 50)) < 8


def test_emoji_families_hold_together():
    assert clean("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"


@given(
    st.characters(min_codepoint=0x1F300, max_codepoint=0x1FAFF), st.sampled_from(["", "\U0001f3fd", "\ufe0f"])
)
def test_pictures_stay_also_those_that_are_newer_than_we_are(picture: str, look: str):
    assert clean(f"Віншую {picture}{look}!") == f"Віншую {picture}{look}!"


@given(st.characters(categories=["Cn", "Co", "Cc", "Cf", "Cs"], min_codepoint=0x80), st.booleans())
def test_what_could_steer_its_neighbours_goes_known_or_not(sign: str, lines: bool):
    may_stay = is_promised(sign) or sign in "\u200c\u200d\x85\x1c\x1d\x1e\x1f"  # the last are white space
    assert may_stay or clean(f"а{sign}б", lines=lines) == "аб"


@given(
    st.text(
        "\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e0061\U000e007f\U000e0001\U0001f3f4a",
        max_size=14,
    )
)
def test_invisible_letters_stay_only_as_a_flag(text: str):
    left = clean(text).replace(SCOTLAND, "")
    assert not [letter for letter in left if ord(letter) >= 0xE0000]


def test_a_flag_written_with_invisible_letters_is_whole():
    assert clean(f"З Шатландыі {SCOTLAND}") == f"З Шатландыі {SCOTLAND}"


@pytest.mark.parametrize(
    "mark",
    ["\u0301", "\u1dc4", "\u2de0", "\ua66f", "\ufe20", "\U0001e001", "\u0e47", "\u064e", "\u05b0", "\u0f71"],
)
@pytest.mark.parametrize("between", ["", "\u200d", "\ufe0f", "\u200d\ufe0f\u200d"])
def test_marks_of_no_script_are_piled_up(mark: str, between: str):
    cleaned = clean("a" + (mark + between) * 300 + "b")
    assert cleaned.count(mark) <= 8
    assert len(cleaned) < 30
    assert cleaned[0] in "aá"
    assert cleaned[-1] == "b"


@pytest.mark.parametrize(
    "text",
    [
        "မြွှို့", "ཧཱུྃ", "བསྒྲུབས", "بِسْمِ ٱللَّٰهِ", "בְּרֵאשִׁ֖ית", "ที่นี้", "क्षत्रिय", "می‌خواهم", "Việt Nam", "а̄̈", "❤️‍🔥", "👩‍❤️‍💋‍👨",
        "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "☺︎",
    ],
)  # fmt: skip
def test_what_languages_and_emoji_pile_up_stays(text: str):
    assert clean(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "nothing",
    ["\u3164", "\u115f\u1160", "\uffa0", "\u034f", "\u17b4", "\u2800 \u2800", "\ufe0f", "\u200c\u200d"],
)
def test_what_nobody_would_see_is_nothing(nothing: str):
    assert clean(nothing) == clean(nothing, lines=True) == ""


@pytest.mark.parametrize("nothing", ["\u3164", "\u115f\u1160", "\uffa0", "\u034f", "\u17b5"])
def test_letters_that_look_like_nothing_make_no_other_name(nothing: str):
    assert clean(f"A{nothing}na") == "Ana"
