"""Fixtures of the door: a quick hash, an organiser and a moderator who have joined."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from greetings.accounts import passwords
from greetings.house import House
from tests.web.accounts.team import Person, first_link, new_link


@pytest.fixture(autouse=True)
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real hash takes long on purpose; what it protects is tested in tests/unit/accounts."""
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "PASSES", 1)
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(passwords, "_nobodys_hash", passwords._nobodys_hash.__wrapped__)


@pytest.fixture
def browser(app: Flask) -> Callable[[], FlaskClient]:
    """Makes browsers, each with its own cookies."""
    return app.test_client


@pytest.fixture
def organiser(house: House, browser: Callable[[], FlaskClient]) -> Person:
    """Olga runs this installation; she has joined and isn't signed in."""
    person = Person(house, "Olga", "olga@example.org")
    assert person.join(browser(), first_link(house)).status_code == 200
    return person


@pytest.fixture
def moderator(house: House, organiser: Person, browser: Callable[[], FlaskClient]) -> Person:
    """Ana decides on greetings; she has joined and isn't signed in."""
    person = Person(house)
    assert person.join(browser(), new_link(house)).status_code == 200
    return person
