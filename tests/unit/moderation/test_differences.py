"""A difference of words leads from the one text to the other, and back."""

from hypothesis import given
from hypothesis import strategies as st

from greetings.moderation.differences import Change, word_differences

texts = st.text(alphabet="абвґ ўі’-.,!\nxyz1", max_size=80)


@given(texts, texts)
def test_without_the_new_it_is_the_old_and_without_the_old_the_new(old: str, new: str):
    parts = word_differences(old, new)
    assert "".join(part.text for part in parts if part.change is not Change.NEW) == old
    assert "".join(part.text for part in parts if part.change is not Change.GONE) == new


@given(texts)
def test_the_same_text_has_no_difference(text: str):
    assert all(part.change is Change.SAME for part in word_differences(text, text))


def test_a_word_is_the_smallest_part():
    parts = word_differences("З днём нараджэня, Алесь", "З днём нараджэння, Алесь")
    assert [(part.change.value, part.text) for part in parts] == [
        ("same", "З днём "),
        ("gone", "нараджэня"),
        ("new", "нараджэння"),
        ("same", ", Алесь"),
    ]
