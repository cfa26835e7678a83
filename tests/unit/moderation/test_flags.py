"""What wants a second look is found, plain greetings are left alone, and any text is read quickly."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.moderation.flags import LONG_WORD_LETTERS, FlagKind, find_flags, kinds_of
from greetings.operations.demo.catalogue import catalogue

FOUND = [
    ("Пішыце нам: +370 600 00 000!", FlagKind.PHONE, "+370 600 00 000"),
    ("тэл. 8 (029) 123-45-67", FlagKind.PHONE, "8 (029) 123-45-67"),
    ("Call 200-06-00 today", FlagKind.PHONE, "200-06-00"),
    ("0049 30 1234567", FlagKind.PHONE, "0049 30 1234567"),
    ("375291234567", FlagKind.PHONE, "375291234567"),
    ("see https://example.org/a?b=c now", FlagKind.LINK, "https://example.org/a?b=c"),
    ("www.example.org", FlagKind.LINK, "www.example.org"),
    ("заходзь на spring96.org", FlagKind.LINK, "spring96.org"),
    ("t.me/something", FlagKind.LINK, "t.me/something"),
    ("глядзі bit.ly/abcdef", FlagKind.LINK, "bit.ly/abcdef"),
    ("мой @some_name", FlagKind.LINK, "@some_name"),
    ("пішы: ales@example.org.", FlagKind.EMAIL, "ales@example.org"),
    ("Я — Aлесь", FlagKind.MIXED_SCRIPTS, "Aлесь"),
    ("x" * (LONG_WORD_LETTERS + 1), FlagKind.LONG_WORD, "x" * (LONG_WORD_LETTERS + 1)),
]
PLAIN = [
    "З днём нараджэння, Алесь! Сям’я і сябры з Вамі.",
    "Нарадзіўся 25.09.1962, сустрэнемся ў 2012 годзе",
    "1962-09-25, 18:30",
    "213807, Магілёўская вобл., г. Бабруйск, вул. Сікорскага, 1, ПК-2, атрад 14",
    "IT-спецыялісты за цябе! СМС-ка, e-mail, 100 %",
    "Happy birthday.Ales and all the best",
    "Дзеці/унукі. Вечар.Ноч / дзень, 24.11/25.11, 1,5 км/г.",
    "Līga ja Oskars, Łódź, Ξένια, Ελένη",
]


@pytest.mark.parametrize(("text", "kind", "part"), FOUND)
def test_what_wants_a_look_is_found(text: str, kind: FlagKind, part: str):
    flags = find_flags(text)
    assert [(flag.kind, text[flag.start : flag.end]) for flag in flags] == [(kind, part)]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_greeting_is_left_alone(text: str):
    assert find_flags(text) == []


def test_the_demo_is_not_flagged_for_nothing():
    flagged = [demo.text for demo in catalogue() if kinds_of(demo.text)]
    assert len(flagged) <= len(catalogue()) // 20, flagged


@given(st.text(max_size=400))
def test_finds_lie_inside_the_text_and_apart(text: str):
    end = 0
    for flag in find_flags(text):
        assert end <= flag.start < flag.end <= len(text)
        end = flag.end


@given(st.text(alphabet="абвгдўіёж’ ,.!", max_size=200))
def test_cyrillic_words_alone_are_never_mixed_or_a_link(text: str):
    assert set(kinds_of(text)) <= {FlagKind.LONG_WORD}


@given(st.from_regex(r"\A[abcdexyz]{1,8}\Z"), st.from_regex(r"\A[абвгдеж]{1,8}\Z"), st.booleans())
def test_one_letter_of_another_script_is_seen(latin: str, cyrillic: str, starts_latin: bool):
    word = latin + cyrillic if starts_latin else cyrillic + latin
    assert kinds_of(f"Алесь {word} Ales") == [FlagKind.MIXED_SCRIPTS]


@given(st.integers(100_000_000, 999_999_999))
def test_any_international_number_is_seen(number: int):
    assert FlagKind.PHONE in kinds_of(f"Алесь, +375{number} чакае")


@pytest.mark.parametrize(
    "piece", ["a.", "1 ", "1-", "(", "a@", "@a.", "+1 ", "www.", "é", "1(", "\u0301", "a-"]
)
def test_no_text_takes_long_to_read(piece: str):
    started = time.process_time()
    find_flags(piece * (2000 // len(piece)))
    assert time.process_time() - started < 0.5
