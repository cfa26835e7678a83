"""Alike greetings have a key in common, unlike ones hardly ever."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.submissions.fingerprints import (
    picture_distance,
    picture_keys,
    text_fingerprint,
    text_keys,
    text_likeness,
)

LONG = (
    "Паважаны спадар Алесь! Мы з жонкай абое настаўнікі на пенсіі. Унучка спытала, чаму Вы ў турме, і мы доўга "
    "шукалі словы. Жадаем Вам здароўя, вытрымкі і хуткай сустрэчы з роднымі дома, у Беларусі."
)
WORDS = st.text(alphabet="абвгдеёжзійклмнопрстуўфхцчшыьэюя", min_size=2, max_size=9)
hashes = st.integers(0, 2**64 - 1).map(lambda bits: f"{bits:016x}")


@given(st.lists(WORDS, min_size=8, max_size=60))
def test_the_same_words_are_wholly_alike_however_they_are_set(words):
    plain, set_apart = " ".join(words), "  ".join(words).upper() + "!!"
    one, other = text_fingerprint(plain), text_fingerprint(set_apart)
    assert one == other
    assert text_likeness(one, other) == 100
    assert len(one) == 96


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_has_a_fingerprint_or_none(text, name):
    fingerprint = text_fingerprint(text, name)
    assert len(fingerprint) in {0, 96}
    assert len(text_keys(fingerprint)) in {0, 8}
    assert all(0 < key < 2**63 for key in text_keys(fingerprint))


@pytest.mark.parametrize(
    ("old", "new"),
    [("доўга ", ""), ("Унучка", "Дачка"), ("дома, у Беларусі.", "дома."), ("Алесь!", "Алесь, добры дзень!")],
)
def test_a_word_changed_here_or_there_still_shares_a_key(old, new):
    one, other = text_fingerprint(LONG), text_fingerprint(LONG.replace(old, new))
    assert set(text_keys(one)) & set(text_keys(other))
    assert text_likeness(one, other) >= 60


def test_a_few_words_are_alike_only_when_the_same_person_wrote_them():
    wish = "З днём нараджэння, Алесь!"
    assert text_fingerprint(wish) == ""
    hanna = text_fingerprint(wish, "Ганна", "Вільня")
    assert hanna == text_fingerprint(wish.lower(), "Ганна", "Вільня")
    assert text_likeness(hanna, text_fingerprint(wish, "Віктар", "Мінск")) < 60
    assert text_likeness("", "") == text_likeness(hanna, "") == 0


def test_unlike_texts_hardly_ever_share_a_key():
    chance = random.Random(7)
    vocabulary = [f"слова{number}" for number in range(400)]
    texts = [
        "З днём нараджэння, дарагі Алесь! " + " ".join(chance.choices(vocabulary, k=20)) for _ in range(300)
    ]
    keys = [set(text_keys(text_fingerprint(text))) for text in texts]
    shared = sum(bool(keys[0] & other) for other in keys[1:])
    assert shared <= 15


@given(hashes, st.sets(st.integers(0, 63), max_size=3))
def test_pictures_that_differ_in_at_most_three_bits_share_a_key(difference_hash, flipped):
    other = int(difference_hash, 16)
    for bit in flipped:
        other ^= 1 << bit
    changed = f"{other:016x}"
    assert picture_distance(difference_hash, changed) == len(flipped)
    assert set(picture_keys(difference_hash)) & set(picture_keys(changed))


@given(hashes, st.text(min_size=60))
def test_words_and_pictures_never_share_a_key(difference_hash, text):
    assert not set(picture_keys(difference_hash)) & set(text_keys(text_fingerprint(text)))
