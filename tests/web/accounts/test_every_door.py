"""Every route of this room, in every role; every page of it, in every language."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from greetings.house import House
from greetings.web.permissions import PERMISSIONS, Access
from tests.web.accounts.team import Person, first_link, hidden_fields, new_link, path_of, secret_on, token_of

Browser = Callable[[], FlaskClient]
VALUES = {"token": "x", "session_id": "x", "moderator_id": "x", "passkey_id": "x"}
NOT_THERE = {
    "/desk/account/passkeys/x",
    "/desk/account/passkeys/question",
}  # nobody’s, and a site without a name


def doors(app: Flask) -> list[tuple[str, str, Access]]:
    """Method, path and access of every route of this room."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("accounts."):
            path = adapter.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments})
            methods = (rule.methods or set()) & {"GET", "POST"}
            found += [(method, path, PERMISSIONS[rule.endpoint]) for method in sorted(methods)]
    return found


def test_the_walk_meets_every_door(app: Flask):
    assert len(doors(app)) >= 12


def test_who_is_not_signed_in_gets_nowhere(app: Flask, browser: Browser, organiser: Person):
    for method, path, access in doors(app):
        if access is not Access.PUBLIC:
            answer = browser().open(path, method=method, headers={"Accept": "text/html"})
            assert answer.status_code == (302 if method == "GET" else 401), path


def test_a_moderator_does_not_come_where_organisers_work(app: Flask, browser: Browser, moderator: Person):
    client = browser()
    moderator.sign_in(client)
    token = token_of(client)
    for method, path, access in doors(app):
        answer = client.open(path, method=method, data={"csrf_token": "wrong"} if method == "POST" else None)
        if access is Access.ORGANISER:
            assert answer.status_code == 403, path
            assert client.open(path, method=method, data={"csrf_token": token}).status_code == 403, path
        elif access is Access.MODERATOR and method == "GET":
            assert answer.status_code == (404 if path in NOT_THERE else 200), path


def test_every_post_needs_the_token(app: Flask, browser: Browser, organiser: Person):
    client = browser()
    organiser.sign_in(client)
    for method, path, access in doors(app):
        if method == "POST" and access is not Access.PUBLIC:
            assert client.post(path).status_code == 403, path


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_every_page_speaks_each_language(browser: Browser, house: House, language: str):
    asked = f"?lang={language}"
    client, link = browser(), path_of(first_link(house))
    olga = Person(house, "Olga", "olga@example.org")
    pages = [
        client.get(f"/desk/sign-in{asked}"),
        client.get(f"/desk/join/x{asked}"),
        client.get(link + asked),
    ]
    fields = {**hidden_fields(pages[-1]), "name": "Olga", "email": olga.email, "password": olga.password}
    pages.append(client.post(link + asked, data={**fields, "password": "short"}))
    pages.append(client.post(link + asked, data=fields))
    olga.secret = secret_on(pages[-1])
    pages.append(client.post(link + asked, data={**hidden_fields(pages[-1]), "code": "x"}))
    pages.append(client.post(link + asked, data={**hidden_fields(pages[-1]), "code": olga.code(-1)}))
    pages += [client.get("/desk/account"), client.get("/desk/people")]
    other = browser()
    olga.give_password(other)
    pages.append(other.get(f"/desk/sign-in{asked}"))
    new_link(house)
    for page in pages:
        assert f'<html lang="{language}">' in page.get_data(as_text=True)
