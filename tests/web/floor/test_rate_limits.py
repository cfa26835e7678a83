"""How often one address may ask for what costs us something, and for how long it waits afterwards."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from greetings.actions.models import Action
from greetings.app import create_app
from greetings.house import House
from greetings.web.limits import limiter

A_GREETING = "/ales/en/greetings/abcdefghjkmnpqrstuvw"
HERE, THERE = "203.0.113.9", "198.51.100.7"


@pytest.fixture
def strict_app(house: House, action: Action) -> Iterator[Flask]:
    """The application with its limits on."""
    house.settings = replace(house.settings, rate_limits=True)
    app = create_app(house.settings, house)
    app.test_client_class = FlaskClient  # the strict one would read every page of a hundred
    limiter.reset()
    yield app
    limiter.reset()


@pytest.mark.parametrize(
    ("method", "path", "times"),
    [
        ("POST", "/ales/en/posters/own", 120),
        ("GET", f"/embed{A_GREETING}/card.jpg", 120),
        ("POST", f"{A_GREETING}/report", 20),
    ],
)
def test_one_address_may_ask_so_often_within_ten_minutes_and_others_still_may(
    strict_app: Flask, method: str, path: str, times: int
) -> None:
    def ask(address: str, path: str = path) -> tuple[int, int]:
        answer = strict_app.test_client().open(path, method=method, environ_base={"REMOTE_ADDR": address})
        return answer.status_code, int(answer.headers.get("Retry-After", 0))

    answers = [ask(HERE) for _ in range(times)]
    assert {status for status, _ in answers} <= {404, 422}
    status, wait_seconds = ask(HERE)
    assert status == 429
    assert 120 < wait_seconds <= 600, "till the ten minutes are over"
    assert ask(HERE, path.replace("/en/", "/be/"))[0] == 429, "in whatever language"
    assert ask(THERE)[0] != 429


def test_cards_of_an_action_are_counted_too(strict_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("greetings.gallery.card_views.draw_action", lambda _action: b"a card")
    codes = [
        strict_app.test_client().get(f"/embed/ales/en/card.jpg?{number}").status_code for number in range(121)
    ]
    assert codes == [200] * 120 + [429]


def ask_for_a_receipt(app: Flask, address: str) -> int:
    there = {"REMOTE_ADDR": address}
    return app.test_client().post("/ales/en/receipt", data={"code": "A"}, environ_base=there).status_code


def test_all_addresses_of_one_ipv6_network_count_as_one(strict_app: Flask) -> None:
    codes = [ask_for_a_receipt(strict_app, f"2001:db8:1:2::{number:x}") for number in range(1, 62)]
    assert codes == [422] * 60 + [429]
    assert ask_for_a_receipt(strict_app, "2001:db8:1:3::1") == 422


@pytest.mark.parametrize(
    ("method", "path", "times"),
    [
        ("POST", f"{A_GREETING}/report", 100),
        ("POST", "/ales/en/send", 300),
        ("POST", "/ales/en/posters/own", 600),
        ("GET", f"/embed{A_GREETING}/card.jpg", 600),
        ("GET", "/embed/ales/en/card.jpg", 600),
    ],
)
def test_a_line_with_many_networks_neither_fills_the_queue_nor_holds_the_brush(
    strict_app: Flask, monkeypatch: pytest.MonkeyPatch, method: str, path: str, times: int
) -> None:
    """Each network of IPv6 asks once; a line at home may have 256 of them, and a tunnel 65,536."""
    monkeypatch.setattr("greetings.gallery.card_views.draw_action", lambda _action: b"a card")

    def ask(address: str) -> int:
        there = {"REMOTE_ADDR": address}
        anew = {"anew": address}  # what is kept costs nothing, and isn't counted
        asking = strict_app.test_client()
        return asking.open(path, method=method, query_string=anew, environ_base=there).status_code

    codes = [ask(f"2001:db8:1:{number:x}::1") for number in range(times + 1)]
    assert set(codes[:-1]) <= {200, 404, 422}
    assert codes[-1] == 429
    assert ask("2001:db8:2:1::1") != 429
    assert ask(HERE) != 429


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_where_all_have_one_address_nobody_keeps_others_from_taking_back(
    strict_app: Flask, address: str
) -> None:
    """Behind an onion service everybody comes from this very machine."""
    assert {ask_for_a_receipt(strict_app, address) for _ in range(65)} == {422}
