"""The code that a sender keeps."""

import re

from hypothesis import given
from hypothesis import strategies as st

from greetings.keys import Keys
from greetings.submissions.codes import code_digest, code_for, normal_code, readable_code

KEYS = Keys(b"k" * 32)
keys_of_forms = st.text("0123456789abcdef", min_size=32, max_size=32)


@given(keys_of_forms)
def test_the_same_key_always_gives_the_same_code(key):
    code = code_for(KEYS, key)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4} ){3}[0-9A-HJKMNP-TV-Z]{4}", code)
    assert code_for(KEYS, key) == code
    assert code_for(Keys(b"o" * 32), key) != code


@given(keys_of_forms, st.sampled_from([" ", "-", "", "  ", "\u2009"]), st.booleans())
def test_spaces_dashes_and_capitals_do_not_matter(key, between, is_small):
    code = code_for(KEYS, key)
    typed = between.join(code.split())
    typed = typed.lower() if is_small else typed
    assert code_digest(KEYS, typed) == code_digest(KEYS, code)
    assert readable_code(typed) == code


def test_letters_that_look_alike_are_read_as_the_one_that_is_meant():
    assert normal_code("O0 I1 L1 oil") == "001111011"
    assert normal_code("АВЕКМНРСТХ ОІ") == "ABEKMHPCTX01"


@given(st.text(max_size=400))
def test_anything_typed_is_read_as_at_most_a_code(typed):
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{0,32}", normal_code(typed))
    assert len(normal_code("К7" * 4000 + typed)) == 32


def test_what_is_stored_does_not_tell_the_code():
    code = code_for(KEYS, "0" * 32)
    digest = code_digest(KEYS, code)
    assert len(digest) == 64
    assert normal_code(code).lower() not in digest
