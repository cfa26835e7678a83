"""Codes of authenticators, sealed secrets, QR codes."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.accounts.one_time import (
    STEP_SECONDS,
    SealBroken,
    authenticator_link,
    matching_step,
    qr_svg,
    seal,
    step_at,
    unseal,
)
from greetings.keys import Keys

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238
KEYS, OTHER_KEYS = Keys(b"k" * 32), Keys(b"o" * 32)
NOW = datetime(2026, 9, 25, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str):
    at = datetime.fromtimestamp(seconds, UTC)
    assert matching_step(SECRET, code, at) == seconds // STEP_SECONDS


@given(st.integers(-6, 6))
def test_a_clock_may_be_half_a_minute_wrong_and_no_more(shift: int):
    code = pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=shift * STEP_SECONDS))
    found = matching_step(SECRET, code, NOW)
    assert found == (step_at(NOW) + shift if abs(shift) <= 1 else None)


@pytest.mark.parametrize("last", [0, 1])
def test_a_step_that_was_used_is_not_found_again(last: int):
    code = pyotp.TOTP(SECRET).at(NOW)
    assert (matching_step(SECRET, code, NOW, step_at(NOW) + last) is None) is True
    assert matching_step(SECRET, code, NOW, step_at(NOW) - 1) == step_at(NOW)


def test_spaces_in_a_code_do_not_matter():
    code = pyotp.TOTP(SECRET).at(NOW)
    assert matching_step(SECRET, f" {code[:3]} {code[3:]}\n", NOW) == step_at(NOW)


@given(st.text(max_size=12))
def test_what_is_no_code_matches_nothing(text: str):
    digits = "".join(text.split())
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        assert matching_step(SECRET, text, NOW) is None


@given(st.text(max_size=200), st.text(max_size=20))
def test_what_is_sealed_opens_for_its_owner_only(secret: str, owner: str):
    if any("\ud800" <= letter <= "\udfff" for letter in secret + owner):
        return
    sealed = seal(KEYS, secret, owner)
    assert unseal(KEYS, sealed, owner) == secret
    assert sealed != seal(KEYS, secret, owner)
    for keys, who, purpose in (
        (OTHER_KEYS, owner, "totp"),
        (KEYS, owner + "x", "totp"),
        (KEYS, owner, "enrolment"),
    ):
        with pytest.raises(SealBroken):
            unseal(keys, sealed, who, purpose)


@given(st.binary(max_size=60))
def test_any_bytes_that_we_did_not_seal_are_refused(data: bytes):
    with pytest.raises(SealBroken):
        unseal(KEYS, data, "owner")


def test_one_changed_bit_breaks_the_seal():
    sealed = bytearray(seal(KEYS, "secret", "owner"))
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            unseal(KEYS, bytes(changed), "owner")


def test_the_link_carries_secret_address_and_issuer():
    totp = pyotp.parse_uri(authenticator_link(SECRET, "ana@example.org"))
    assert (totp.secret, totp.name, totp.issuer) == (SECRET, "ana@example.org", "Greetings")


def test_the_qr_code_is_a_drawing_of_attributes_only():
    svg = qr_svg(authenticator_link(SECRET, "ana@example.org"))
    tree = ET.fromstring(svg)
    assert {element.tag for element in tree.iter()} == {"svg", "path"}
    assert {name for element in tree.iter() for name in element.attrib} <= {"viewBox", "d", "fill", "stroke"}
    assert "style" not in svg
