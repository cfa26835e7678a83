"""Members of the team who are signed in, for all who test or measure what stands behind the desk's door."""

from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient

from greetings.accounts import sessions
from greetings.accounts.models import Moderator
from greetings.accounts.rules import Role
from greetings.house import House


class SignedIn(NamedTuple):
    """The browser of a member, who they are, and the token that their forms carry."""

    client: FlaskClient
    moderator_id: str
    csrf_token: str


def sign_in(
    app: Flask,
    house: House,
    role: Role = Role.MODERATOR,
    *,
    name: str = "Vera",
    email: str = "vera@desk.example",
    language: str = "en",
    is_complete: bool = True,
    is_active: bool = True,
) -> SignedIn:
    """A new member with a session that began just now; they have no password to come in by again."""
    with house.database.work() as session:
        moderator = Moderator(
            email=email,
            name=name,
            role=role,
            language=language,
            password_hash="-",
            totp_sealed=b"-",
            joined_at=house.clock(),
        )
        session.add(moderator)
        session.flush()
        begun = sessions.begin(house, session, moderator, is_complete=is_complete)
        moderator.is_active = is_active
        moderator_id = moderator.id
    client = app.test_client()
    client.set_cookie("desk", begun.token, path="/desk")
    return SignedIn(client, moderator_id, house.keys.digest("desk-form", begun.id))
