"""The one cookie of the desk, over http and https."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_cookie

from greetings.app import create_app
from greetings.house import House, open_house
from greetings.operations.schema import migrate
from greetings.settings import load_settings
from tests.factories import make_action
from tests.web.accounts.team import Person, first_link


def app_at(url: str, folder: Path, clock) -> tuple[Flask, House]:
    settings = load_settings(
        {"GREETINGS_DATA": str(folder), "GREETINGS_RATE_LIMITS": "off", "GREETINGS_URL": url}
    )
    parts = open_house(settings, clock)
    migrate(parts.database)
    with parts.database.work() as session:
        make_action(session)
    return create_app(settings, parts), parts


def cookie_line(client: FlaskClient, person: Person, url: str) -> str:
    answer = client.get("/desk/sign-in", base_url=url)
    from tests.web.accounts.team import hidden_fields

    fields = {**hidden_fields(answer), "email": person.email, "password": person.password}
    answer = client.post("/desk/sign-in", data=fields, base_url=url)
    assert answer.status_code == 303
    (line,) = answer.headers.getlist("Set-Cookie")
    return line


@pytest.mark.parametrize(
    "url", ["https://birthday.example", "http://birthday.example", "http://127.0.0.1:8000"]
)
def test_the_cookie_is_secure_exactly_when_the_address_is_https(tmp_path: Path, clock, url: str):
    app, house = app_at(url, tmp_path / "data", clock)
    try:
        person = Person(house)
        person.join(app.test_client(), first_link(house))
        facts = [fact.strip().lower() for fact in cookie_line(app.test_client(), person, url).split(";")]
    finally:
        house.close()
    assert ("secure" in facts) is url.startswith("https://")
    assert {"httponly", "samesite=lax", "path=/desk"} <= set(facts)
    assert not [fact for fact in facts if fact.startswith("domain")]


def test_the_token_has_256_random_bits(app: Flask, moderator: Person):
    tokens = set()
    for _ in range(3):
        line = cookie_line(app.test_client(), moderator, "http://localhost")
        tokens.add(parse_cookie(line.split(";")[0])["desk"])
    assert len(tokens) == 3
    assert all(len(token) >= 43 for token in tokens)


def test_looking_at_the_door_sets_no_cookie(app: Flask, organiser: Person):
    client = app.test_client()
    assert "Set-Cookie" not in client.get("/desk/sign-in").headers
    assert "Set-Cookie" not in client.get("/desk/sign-in?lang=be").headers


def test_pages_of_the_desk_are_never_kept(app: Flask, moderator: Person):
    client = app.test_client()
    moderator.sign_in(client)
    assert client.get("/desk/account").headers["Cache-Control"] == "no-store"
