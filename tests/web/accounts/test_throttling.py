"""Guessing gets slower and slower, and nobody else notices."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from greetings.accounts import passwords
from greetings.app import create_app
from greetings.settings import load_settings
from greetings.web.limits import limiter
from greetings.web.shares import Share
from tests.conftest import new_house
from tests.factories import make_action
from tests.folders import all_bytes_in
from tests.pages import PageClient
from tests.web.accounts.team import Person, first_link, hidden_fields, new_link

GUESSER, HOME = "203.0.113.9", "198.51.100.7"


@pytest.fixture
def strict_app(tmp_path: Path, clock, migrated_store: Path) -> Iterator[Flask]:
    """The application with its limits on."""
    settings = load_settings({"GREETINGS_DATA": str(tmp_path / "strict")})
    parts = new_house(settings, clock, migrated_store)
    with parts.database.work() as session:
        make_action(session)
    app = create_app(settings, parts)
    app.test_client_class = PageClient
    app.config["house"] = parts
    limiter.reset()
    yield app
    limiter.reset()
    parts.close()


@pytest.fixture
def team(strict_app: Flask) -> tuple[Person, Person]:
    house = strict_app.config["house"]
    olga, ana = Person(house, "Olga", "olga@example.org"), Person(house)
    olga.join(strict_app.test_client(), first_link(house))
    ana.join(strict_app.test_client(), new_link(house))
    return olga, ana


@pytest.fixture
def at(strict_app: Flask) -> Callable[[str], FlaskClient]:
    """A browser at an address."""

    def browser(address: str) -> FlaskClient:
        client = strict_app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return client

    return browser


def guess(client: FlaskClient, person: Person, times: int = 1) -> list[int]:
    return [person.give_password(client, password="guess guess guess").status_code for _ in range(times)]


def test_the_sixth_guess_must_wait(at, team):
    _, ana = team
    client = at(GUESSER)
    assert guess(client, ana, 5) == [422] * 5
    answer = ana.give_password(client, password="guess guess guess")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "5"
    assert "5 seconds" in answer.get_data(as_text=True)
    assert 'value="ana@example.org"' in answer.get_data(as_text=True)


def test_even_the_right_password_must_wait_and_then_works(at, team, clock):
    _, ana = team
    client = at(GUESSER)
    guess(client, ana, 5)
    assert ana.give_password(client).status_code == 429
    clock.forward(seconds=5)
    assert ana.give_password(client).status_code == 303


def test_each_further_failure_doubles_the_wait(at, team, clock):
    _, ana = team
    client = at(GUESSER)
    guess(client, ana, 5)
    waits = []
    for _ in range(4):
        answer = ana.give_password(client, password="guess guess guess")
        waits.append(int(answer.headers["Retry-After"]))
        clock.forward(seconds=waits[-1])
        guess(client, ana)
    assert waits == [5, 10, 20, 40]


def test_the_owner_signs_in_from_home_while_somebody_guesses(at, team):
    _, ana = team
    guess(at(GUESSER), ana, 8)
    home = at(HOME)
    assert ana.sign_in(home).status_code == 303
    assert home.get("/desk/account").status_code == 200


def test_the_others_sign_in_from_the_very_same_address(at, team):
    olga, ana = team
    guess(at(GUESSER), ana, 8)
    assert olga.sign_in(at(GUESSER)).status_code == 303


def test_guessing_from_many_addresses_is_slowed_down_but_not_for_a_known_one(at, team):
    _, ana = team
    ana.sign_in(at(HOME))
    codes = [guess(at(f"203.0.113.{number}"), ana)[0] for number in range(60)]
    assert codes[:50] == [422] * 50
    assert 429 in codes
    assert ana.sign_in(at(HOME)).status_code == 303


def test_guessing_codes_is_slowed_down_as_guessing_passwords_is(at, team):
    _, ana = team
    client = at(GUESSER)
    ana.give_password(client)
    wrong = f"{(int(ana.code()) + 1) % 1_000_000:06d}"
    assert [ana.give_code(client, wrong).status_code for _ in range(5)] == [422] * 5
    assert ana.give_code(client, wrong).status_code == 429
    # the right password doesn't give new attempts
    assert ana.give_password(at(GUESSER)).status_code == 429


def test_an_address_that_only_fails_is_stopped_whatever_account_it_tries(at, team):
    client = at(GUESSER)
    answers = [
        Person(team[0].house, email=f"person{number}@example.org").give_password(client)
        for number in range(25)
    ]
    assert [answer.status_code for answer in answers[:20]] == [422] * 20
    last = answers[-1]
    assert last.status_code == 429
    assert 120 < int(last.headers["Retry-After"]) <= 600, "till the ten minutes are over"


def test_signing_in_rightly_is_never_counted(at, team):
    olga, _ = team
    assert [olga.sign_in(at(HOME)).status_code for _ in range(12)] == [303] * 12


def test_what_the_throttle_knows_is_in_no_file(at, team, strict_app):
    _, ana = team
    guess(at(GUESSER), ana, 7)
    folder = strict_app.config["house"].settings.data
    assert GUESSER.encode() not in all_bytes_in(folder)


def test_a_guess_on_joining_links_is_stopped_too(at, team):
    client = at(GUESSER)
    codes = [client.post(f"/desk/join/guess{number}", data={"code": "1"}).status_code for number in range(25)]
    assert set(codes[:20]) == {410}
    assert codes[-1] == 429


def test_addresses_of_one_ipv6_network_are_no_new_beginnings(at, team):
    _, ana = team
    answers = [guess(at(f"2001:db8:1:2::{number}"), ana)[0] for number in range(1, 7)]
    assert answers == [422] * 5 + [429]
    assert guess(at("2001:db8:1:3::1"), ana) == [422]


def test_with_the_limits_off_nothing_is_slowed_down(client: FlaskClient, moderator: Person):
    assert guess(client, moderator, 12) == [422] * 12
    assert hidden_fields(client.get("/desk/sign-in"))


def test_where_the_address_says_nothing_nobody_is_shut_out_by_others(at, team):
    olga, _ana = team
    stranger = at("127.0.0.1")
    for number in range(30):
        answer = olga.give_password(stranger, password=f"wrong guess number {number}")
        assert answer.status_code in {422, 429}
        nobody = Person(olga.house, "Nobody", f"nobody{number}@example.org")
        assert nobody.give_password(stranger).status_code == 422
    ana = team[1]
    assert ana.sign_in(at("127.0.0.1")).status_code == 303
    assert {stranger.post("/desk/join/guess", data={"code": "1"}).status_code for _ in range(25)} == {410}


def wait_at_the_door(network: str) -> list[Share]:
    """As many as may wait from one network, or, where nobody knows from where, at all."""
    return list(iter(lambda: passwords._queue.take(network), None))


def test_a_crowd_at_the_door_is_answered_at_once_and_leaves_room_for_others(at, team):
    crowd = wait_at_the_door("")
    try:
        assert len(crowd) == passwords.AT_ONCE + passwords.MOST_WAITING
        answer = team[0].give_password(at(HOME))
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
    finally:
        for one in crowd:
            one.release()
    assert team[0].give_password(at(HOME)).status_code == 303


def test_a_crowd_from_one_network_keeps_nobody_elsewhere_from_the_door(at, team):
    crowd = wait_at_the_door("203.0.113.66")
    try:
        assert team[0].give_password(at("203.0.113.66")).status_code == 503
        assert team[0].give_password(at(HOME)).status_code == 303
    finally:
        for one in crowd:
            one.release()
