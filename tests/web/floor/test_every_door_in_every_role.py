"""The table of permissions, walked: every route, every method, in every role, with real rows behind it."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select
from werkzeug.routing import IntegerConverter, Rule

from greetings.accounts.rules import Role
from greetings.actions.models import Action
from greetings.house import House
from greetings.submissions.rules import State
from greetings.web.permissions import PERMISSIONS, Access, current_member
from tests.factories import make_action, make_greeting
from tests.members import sign_in

METHODS = ("GET", "POST")
HTML = {"Accept": "text/html"}
Visitor = tuple[FlaskClient, str]


@pytest.fixture
def values(house: House, action: Action) -> dict[str, Any]:
    """Something real for every name in an address, so that a door that opens finds something behind it."""
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        greeting = make_greeting(house, session, here, state=State.PENDING, photos=1)
        photo = greeting.photos[0]
        return {
            "greeting_id": greeting.id,
            "private_name": photo.private_name,
            "rendition_name": "thumb",
            "number": photo.number,
            "slug": "ales",
            "action_slug": "ales",
            "language": "en",
            "code": "risk",
        }


@pytest.fixture
def come(app: Flask, house: House) -> Callable[..., Visitor]:
    """Takes a role and how far somebody has come in; gives their browser and their form token."""

    def enter(role: Role, *, is_complete: bool = True, is_active: bool = True) -> Visitor:
        client, _, csrf_token = sign_in(
            app,
            house,
            role,
            email=f"{role}{is_complete}{is_active}@desk.example",
            is_complete=is_complete,
            is_active=is_active,
        )
        return client, csrf_token

    return enter


def doors(app: Flask, values: dict[str, Any]) -> Iterator[tuple[str, str, Access]]:
    """Method, path and access of every route."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        facts = {name: _value(rule, name, values) for name in rule.arguments}
        path = adapter.build(rule.endpoint, facts)
        for method in METHODS:
            if method in (rule.methods or set()):
                yield method, path, PERMISSIONS[rule.endpoint]


def _value(rule: Rule, name: str, values: dict[str, Any]) -> Any:
    if name in values:
        return values[name]
    return 1 if isinstance(rule._converters[name], IntegerConverter) else "x"


def fingerprint(house: House) -> str:
    """One digest over all that is kept, but for the notes that a session is in use."""
    tables = MetaData()
    with house.database.engine.connect() as connection:
        tables.reflect(connection)
        rows = [
            (table.name, tuple(row))
            for table in tables.sorted_tables
            if table.name != "desk_session"
            for row in connection.execute(select(table))
        ]
    return hashlib.sha256(repr(sorted(rows, key=repr)).encode()).hexdigest()


def is_shut(method: str, status: int) -> bool:
    return status == (302 if method == "GET" else 401)


def test_the_walk_meets_every_line_of_the_table(app: Flask, values: dict[str, Any]):
    assert len(list(doors(app, values))) >= len(PERMISSIONS)


@pytest.mark.parametrize(
    ("is_complete", "is_active"), [(None, None), (False, True), (True, False)], ids=["nobody", "half", "left"]
)
def test_who_is_not_wholly_signed_in_opens_nothing_of_the_desk_and_changes_nothing(
    app: Flask, house: House, values: dict[str, Any], come, is_complete, is_active
):
    client: FlaskClient = app.test_client()
    token = ""
    if is_complete is not None:
        client, token = come(Role.ORGANISER, is_complete=is_complete, is_active=is_active)
    before = fingerprint(house)
    for method, path, access in doors(app, values):
        if access is not Access.PUBLIC:
            data = {"csrf_token": token, "version": "1"} if method == "POST" else None
            status = client.open(path, method=method, data=data, headers=HTML).status_code
            assert is_shut(method, status), f"{method} {path}: {status}"
    assert fingerprint(house) == before


def test_a_moderator_opens_the_moderators_doors_and_none_of_the_organisers(
    app: Flask, house: House, values: dict[str, Any], come: Callable[..., Visitor]
):
    client, token = come(Role.MODERATOR)
    before = fingerprint(house)
    for method, path, access in doors(app, values):
        if access is Access.ORGANISER:
            data = {"csrf_token": token, "version": "1"} if method == "POST" else None
            status = client.open(path, method=method, data=data, headers=HTML).status_code
            assert status == 403, f"{method} {path}: {status}"
    assert fingerprint(house) == before
    for method, path, access in doors(app, values):
        if access is Access.MODERATOR and method == "GET":
            answer = client.get(path, headers=HTML)
            assert answer.status_code < 500, path
            assert answer.status_code not in {401, 403}, f"GET {path}: {answer.status_code}"
            assert "/desk/sign-in" not in answer.headers.get("Location", ""), path
            assert answer.headers["Cache-Control"] == "no-store", path


def test_an_organiser_opens_every_door(app: Flask, values: dict[str, Any], come: Callable[..., Visitor]):
    client, _token = come(Role.ORGANISER)
    for method, path, access in doors(app, values):
        if access is not Access.PUBLIC and method == "GET":
            answer = client.get(path, headers=HTML)
            assert answer.status_code < 500, path
            assert answer.status_code not in {401, 403}, f"GET {path}: {answer.status_code}"
            assert answer.headers["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("role", [None, Role.ORGANISER])
def test_who_only_asks_for_the_head_of_a_page_is_answered_as_for_the_page(
    app: Flask, values: dict[str, Any], come: Callable[..., Visitor], role: Role | None
) -> None:
    """As whoever checks links does; it sends no form."""
    client = come(role)[0] if role else app.test_client()
    for method, path, _ in doors(app, values):
        if method == "GET":
            heads, page = (client.open(path, method=one, headers=HTML) for one in ("HEAD", "GET"))
            assert heads.status_code == page.status_code, path
            assert not heads.data, path


def test_no_post_of_the_desk_is_taken_without_the_sessions_token(
    app: Flask, house: House, values: dict[str, Any], come: Callable[..., Visitor]
):
    client, _token = come(Role.ORGANISER)
    before = fingerprint(house)
    for method, path, access in doors(app, values):
        if access is not Access.PUBLIC and method == "POST":
            status = client.post(path, data={"version": "1", "csrf_token": "x" * 64}).status_code
            assert status == 403, f"{path}: {status}"
    assert fingerprint(house) == before


def test_an_action_called_nearly_like_the_desk_knows_no_members(
    house: House, come: Callable[..., Visitor]
) -> None:
    """Its pages are the same for everyone, even for a browser that brings a member's cookie."""
    with house.database.work() as session:
        make_action(session, slug="desk-2027")
    client, _ = come(Role.ORGANISER)
    cookie = client.get_cookie("desk", path="/desk")
    assert cookie
    client.set_cookie("desk", cookie.value)
    for path, is_known in (
        ("/desk-2027/en/", False),
        ("/desk-2027/en/greetings/", False),
        ("/desk/account", True),
    ):
        with client:
            assert client.get(path, headers=HTML).status_code == 200
            assert (current_member() is not None) == is_known, path
