"""The rules of the door, as properties."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.accounts.rules import (
    MAX_EMAIL,
    Role,
    delay_seconds,
    for_once,
    may,
    normal_email,
    own_desk_path,
    passkey_domain,
)

HERE = "https://birthday.example/desk/sign-in"
awkward = st.text(st.sampled_from("/\\.:@?#%&=-desk\t\n\r xѕ\u202e"), max_size=30)


def test_an_organiser_may_all_that_a_moderator_may_and_not_the_reverse():
    allowed = {(role, needed): may(role, needed) for role in Role for needed in Role}
    assert [pair for pair, is_allowed in allowed.items() if not is_allowed] == [
        (Role.MODERATOR, Role.ORGANISER)
    ]


@given(st.one_of(awkward, awkward.map("/desk".__add__), awkward.map("/desk/".__add__), st.text()))
def test_where_signing_in_leads_is_always_our_own_desk(untrusted: str):
    path = own_desk_path(untrusted)
    if path is not None:
        there = urlsplit(urljoin(HERE, path))
        assert (there.scheme, there.netloc) == ("https", "birthday.example")
        assert there.path == "/desk" or there.path.startswith("/desk/")
        assert path == untrusted


@pytest.mark.parametrize(
    "path", ["/desk", "/desk/", "/desk/queue", "/desk/greetings/abc?x=1&y=%D1%9E", "/desk?lang=be"]
)
def test_paths_of_the_desk_are_led_to(path: str):
    assert own_desk_path(path) == path


@pytest.mark.parametrize(
    ("path", "chosen", "led_to"),
    [
        ("/desk/queue", None, "/desk/queue"),
        ("/desk/decided?q=%D1%9E&since=", "ru", "/desk/decided?q=%D1%9E&since="),
        ("/desk/account?lang=be", None, "/desk/account?lang=be&once=1"),
        ("/desk/account?lang=be", "ru", "/desk/account"),
        ("/desk/decided?q=%D1%9E&lang=be&since=#q", None, "/desk/decided?q=%D1%9E&lang=be&since=&once=1#q"),
        ("/desk/decided?q=%D1%9E&lang=be&once=1", "ru", "/desk/decided?q=%D1%9E"),
    ],
)
def test_a_language_in_the_address_is_for_its_page_and_gives_way_to_one_chosen_at_the_door(
    path: str, chosen: str | None, led_to: str
):
    assert for_once(path, chosen) == led_to


@given(awkward.map("/desk/".__add__), st.sampled_from([None, "be"]))
def test_what_is_for_once_stays_at_our_own_desk(untrusted: str, chosen: str | None):
    path = own_desk_path(untrusted)
    if path is not None:
        assert own_desk_path(for_once(path, chosen)) is not None


@pytest.mark.parametrize(
    "path", [None, "", "/", "/ales/be/", "/desk/sign-in", "/desk/sign-out", "/desk/sign-in?next=/desk"]
)
def test_other_paths_are_not(path: str | None):
    assert own_desk_path(path) is None


@given(st.integers(0, 10_000), st.integers(0, 100))
def test_the_wait_never_gets_shorter_and_never_endless(failures: int, free: int):
    wait, next_wait = delay_seconds(failures, free), delay_seconds(failures + 1, free)
    assert 0 <= wait <= next_wait <= 900
    assert (wait == 0) is (failures < free)
    assert delay_seconds(free + 12, free) == 900, "a quarter of an hour in the end"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ana@Example.ORG ", "ana@example.org"),
        ("ГАННА@прыклад.бел", "ганна@прыклад.бел"),
        ("ana", None),
        ("ana@", None),
        ("@example.org", None),
        ("a@b@c", None),
        ("ana maria@example.org", None),
        ("ana\n@example.org", None),
        ("<ana@example.org>", None),
        ("a\u202egro.elpmaxe@ana", None),
        ("an\u200ba@example.org", None),
        ("an\x1ba@example.org", None),
        ("a" * MAX_EMAIL + "@b.c", None),
        ("", None),
    ],
)
def test_an_address_is_brought_to_one_form(typed: str, kept: str | None):
    assert normal_email(typed) == kept


@given(st.text(max_size=40))
def test_the_form_of_an_address_is_final(typed: str):
    once = normal_email(typed)
    if once is not None:
        assert normal_email(once) == once


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://birthday.example", "birthday.example"),
        ("https://birthday.example:8443", "birthday.example"),
        ("https://BIRTHDAY.example", "birthday.example"),
        ("http://localhost:8000", "localhost"),
        ("http://birthday.localhost:8000", "birthday.localhost"),
        ("http://127.0.0.1:8000", None),
        ("https://127.0.0.1", None),
        ("http://[::1]:8000", None),
        ("https://[2001:db8::1]", None),
        ("http://birthday.example", None),
        ("http://mylocalhost:8000", None),
    ],
)
def test_passkeys_are_bound_to_a_name_that_browsers_trust(url: str, domain: str | None):
    assert passkey_domain(url) == domain
