"""Which passwords are taken, and how they are kept."""

import time

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from hypothesis import given, settings
from hypothesis import strategies as st

from greetings.accounts import passwords
from greetings.accounts.passwords import (
    PasswordProblem,
    find_problem,
    hash_password,
    is_right_password,
    needs_rehash,
)
from greetings.accounts.rules import MIN_PASSWORD

GOOD = "three green kettles sing"


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "тры зялёныя чайнікі",
        "солнце-река-камень-дом",
        "zqxvkwpbtjhm",
        "tr0ub4dor&3xyzzy",
        "my password is nothing of that sort",
        "🐝🌻🚲🎺🪁🧭🍉🛶🎈🧵🥁🪴",
    ],
)
def test_a_password_that_is_hard_to_guess_is_taken(password: str):
    assert find_problem(password, email="ana@example.org", name="Ana") is None


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", PasswordProblem.TOO_SHORT),
        ("eleven char", PasswordProblem.TOO_SHORT),
        ("xy" * 200, PasswordProblem.TOO_LONG),
        ("aaaaaaaaaaaaaaaa", PasswordProblem.PATTERN),
        ("0000000000000001", PasswordProblem.PATTERN),
        ("kvoqzkvoqzkvoqz", PasswordProblem.PATTERN),
        ("123456789012", PasswordProblem.PATTERN),
        ("qwertyuiop12", PasswordProblem.PATTERN),
        ("poiuytrewq21", PasswordProblem.PATTERN),
        ("1q2w3e4r5t6y", PasswordProblem.PATTERN),
        ("abcdefghijklmnop", PasswordProblem.PATTERN),
        ("йцукенгшщзхъ", PasswordProblem.PATTERN),
        ("ana.kowalska!!99", PasswordProblem.PERSONAL),
        ("K0WALSKA-2026-xyz", PasswordProblem.PERSONAL),
        ("password1234", PasswordProblem.COMMON),
        ("P@ssw0rd2024!!", PasswordProblem.COMMON),
        ("Passwort!Passwort?", PasswordProblem.COMMON),
        ("HappyBirthdayAles!", PasswordProblem.COMMON),
        ("correct horse battery staple", PasswordProblem.COMMON),
        ("Жыве Беларусь!!!", PasswordProblem.COMMON),
        ("Пароль-Пароль-1", PasswordProblem.COMMON),
        ("2026 qwerty 2026", PasswordProblem.COMMON),
    ],
)
def test_a_password_that_is_guessed_quickly_is_not(password: str, problem: PasswordProblem):
    assert find_problem(password, email="kowalska@example.org", name="Ana Kowalska") is problem


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_any_text_gets_an_answer(password: str, email: str, name: str):
    problem = find_problem(password, email=email, name=name)
    if problem is None:
        assert len(password) >= MIN_PASSWORD or len(passwords._normal(password)) >= MIN_PASSWORD


@given(
    st.sampled_from(sorted(passwords._common_words())),
    st.integers(0, 9999),
    st.sampled_from(["", "!", "!!!", "."]),
)
def test_figures_and_marks_save_no_common_word(word: str, figures: int, marks: str):
    assert find_problem(f"{word.title()}{figures}{marks}".ljust(MIN_PASSWORD, "7")) is not None


def test_the_hash_is_argon2id_with_todays_cost_and_a_salt_of_its_own():
    one, other = hash_password(GOOD), hash_password(GOOD)
    facts = extract_parameters(one)
    assert facts.type is Type.ID
    assert (facts.memory_cost, facts.time_cost) == (passwords.MEMORY_KIB, passwords.PASSES)
    assert one != other
    assert is_right_password(one, GOOD)
    assert not is_right_password(one, GOOD + " ")
    assert not needs_rehash(one)


def test_a_hash_of_yesterday_still_opens_and_asks_for_todays():
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)
    assert is_right_password(old, GOOD)
    assert needs_rehash(old)


@pytest.mark.parametrize("broken", ["", "no hash", "$argon2id$v=19$m=1,t=1,p=1$$"])
def test_a_broken_hash_opens_nothing(broken: str):
    assert not is_right_password(broken, GOOD)


def test_the_same_letters_from_another_keyboard_are_the_same_password():
    assert is_right_password(hash_password("сем ціхіх ліхтароў"), "сем ціхіх ліхтаро\u0443\u0306")


@settings(max_examples=5)
@given(st.text(max_size=30))
def test_nobody_has_no_password(password: str):
    assert not is_right_password(None, password)


def test_an_unknown_address_takes_as_long_as_a_wrong_password():
    stored = hash_password(GOOD)

    def seconds(stored_hash: str | None) -> float:
        began = time.thread_time()
        is_right_password(stored_hash, "wrong wrong wrong")
        return time.thread_time() - began

    pairs = [(seconds(stored), seconds(None)) for _ in range(5)]  # in turn: both meet the same busy machine
    known, unknown = map(min, zip(*pairs, strict=True))
    assert 0.5 < unknown / known < 2


def test_a_lone_surrogate_is_no_accident():
    assert not is_right_password(hash_password(GOOD), "\ud800" * 12)
    assert find_problem("\ud800" * 12) is not None
