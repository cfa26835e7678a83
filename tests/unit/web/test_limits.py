"""How long one waits who has asked too often."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from limits import RateLimitItemPerMinute

from greetings.web.limits import network_in, network_of, says_nothing, seconds_to_wait


@pytest.mark.parametrize(
    ("minutes", "ends_in", "waits"),
    [(10, -3, 1), (10, 0.5, 1), (10, 59.2, 60), (10, 600, 600), (10, 600.9, 600), (1, 60.9, 60)],
)
def test_one_waits_till_the_limit_ends_and_never_longer_than_it_spans(
    monkeypatch: pytest.MonkeyPatch, minutes: int, ends_in: float, waits: int
) -> None:
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    limit: Any = SimpleNamespace(limit=RateLimitItemPerMinute(30, minutes), reset_at=1000 + ends_in)
    assert seconds_to_wait(limit) == waits


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2::1", "2001:0db8:0001:0002::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:0db8:0001:0002::/64"),
        ("2001:db8:1:3::1", "2001:0db8:0001:0003::/64"),
        ("203.0.113.9:50123", "203.0.113.9"),
        ("[2001:db8:1:2::1]:50123", "2001:0db8:0001:0002::/64"),
        ("[2001:db8:1:2::1]", "2001:0db8:0001:0002::/64"),
        ("fe80::1%eth0", "fe80:0000:0000:0000::/64"),
        ("a socket", "a socket"),
        ("", ""),
    ],
)
def test_an_address_counts_for_whom_it_was_given_to(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("address", "nothing"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("", True),
        ("unix:", True),
        ("127.0.0.1:50123", True),
        ("203.0.113.9", False),
        ("203.0.113.9:50123", False),
        ("[2001:db8::1]:50123", False),
        ("2001:db8::1", False),
    ],
)
def test_this_very_machine_stands_for_anyone(address: str, nothing: bool) -> None:
    assert says_nothing(address) is nothing


@pytest.mark.parametrize(
    ("address", "holds_for"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2::1", "2001:0db8:0001::/48"),
        ("2001:db8:1:ffff::1", "2001:0db8:0001::/48"),
        ("2001:db8:2:2::1", "2001:0db8:0002::/48"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("", ""),
    ],
)
def test_what_is_shared_out_counts_for_all_that_one_line_may_have(address: str, holds_for: str) -> None:
    assert network_in({"REMOTE_ADDR": address}) == holds_for
