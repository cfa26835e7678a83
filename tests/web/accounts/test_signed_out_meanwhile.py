"""Whoever is signed out everywhere must not come back in by a form that was on its way."""

import io
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from greetings.accounts import service, sessions
from greetings.accounts.models import Invitation, Moderator, Passkey
from greetings.accounts.rules import Role
from greetings.db.session import begin_writing
from greetings.house import House
from tests.web.accounts.device import Device
from tests.web.accounts.team import Person, hidden_fields, new_link, post, secret_on, token_of
from tests.web.accounts.test_passkeys import (
    ADDRESS,
    confirm,
    count,
    device,
    inside,
    is_inside,
    options_of,
    settings,
)
from tests.web.accounts.test_people import id_of
from tests.web.accounts.test_resetting import begin_change

__all__ = ["device", "inside", "settings"]

Form = tuple[str, dict[str, str]]


def new_password(_client: FlaskClient, ana: Person) -> Form:
    fields = {"change-current": ana.password, "change-password": "seven small lanterns hum"}
    return "/desk/account/password", fields


def new_codes(_client: FlaskClient, ana: Person) -> Form:
    return "/desk/account/recovery-codes", {"recovery-current": ana.password}


def new_authenticator(client: FlaskClient, ana: Person) -> Form:
    page = begin_change(client, ana.password)
    code = Person(ana.house, secret=secret_on(page)).code()
    return "/desk/account/authenticator", {"draft": hidden_fields(page)["draft"], "code": code}


def another_passkey(client: FlaskClient, ana: Person) -> Form:
    made = Device().make(options_of(confirm(client, ana)))
    return "/desk/account/add-passkey", {"name": "theirs", "answer": made}


def no_passkey(client: FlaskClient, ana: Person) -> Form:
    (address,) = ADDRESS.findall(client.get("/desk/account").get_data(as_text=True))
    return f"{address}/remove", {"remove-current": ana.password}


@pytest.mark.parametrize("fill_in", [new_password, new_codes, new_authenticator, another_passkey, no_passkey])
def test_a_form_sent_before_and_worked_on_after_all_were_signed_out_does_nothing(
    house: House,
    inside: FlaskClient,
    moderator: Person,
    device: Device,
    monkeypatch: pytest.MonkeyPatch,
    fill_in: Callable[[FlaskClient, Person], Form],
):
    """Everything was signed out between the look at the cookie and the lock on the member."""
    path, fields = fill_in(inside, moderator)

    def come_between(session: Session) -> None:
        with house.database.work() as other:
            sessions.revoke_all(other, id_of(house, moderator))
        begin_writing(session)

    with monkeypatch.context() as patch:
        patch.setattr("greetings.accounts.door.begin_writing", come_between)
        answer = post(inside, path, **fields)
    assert answer.status_code == 401
    assert 'href="/desk/sign-in"' in answer.get_data(as_text=True)
    assert moderator.name not in answer.get_data(as_text=True), "nobody is signed in here any more"
    assert not is_inside(inside)
    assert count(house, Passkey) == 1
    assert moderator.sign_in(inside).status_code == 303, "password and authenticator are as they were"


class HeldBack(io.BytesIO):
    """A form of which nothing comes before something else has happened."""

    def __init__(self, form: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(form)
        self._meanwhile = [meanwhile]

    def read(self, size: int | None = -1, /) -> bytes:
        while self._meanwhile:
            self._meanwhile.pop()()
        return super().read(size)


@pytest.mark.parametrize(
    ("meanwhile", "status"),
    [
        (service.deactivate, 401),
        (lambda house, session, ana, by: service.change_role(house, session, ana, Role.MODERATOR, by), 403),
        (lambda _house, session, ana, _by: sessions.revoke_all(session, ana), 401),
    ],
    ids=["taken out", "made a moderator", "signed out"],
)
@pytest.mark.parametrize("door", ["/desk/people/invite", "/desk/people/{}/role"])
def test_a_form_that_was_held_back_until_its_sender_lost_the_right_to_it_does_nothing(
    house: House,
    browser: Callable[[], FlaskClient],
    organiser: Person,
    moderator: Person,
    meanwhile: Callable[[House, Session, str, str], None],
    status: int,
    door: str,
):
    """A form may take minutes to come; with rights of before, it could let its sender in again."""
    ana, client = Person(house, "Uladzimir", "uladzimir@example.org"), browser()
    assert ana.join(client, new_link(house, "organiser")).status_code == 200
    form = urlencode({"csrf_token": token_of(client), "role": "organiser"}).encode()

    def lose_rights() -> None:
        with house.database.work() as session:
            meanwhile(house, session, id_of(house, ana), id_of(house, organiser))

    answer = client.post(
        door.format(id_of(house, moderator)),
        input_stream=HeldBack(form, lose_rights),
        content_length=len(form),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == status
    assert 'id="invitation-link"' not in answer.get_data(as_text=True)
    with house.database.reading() as session:
        assert session.get_one(Moderator, id_of(house, moderator)).role is Role.MODERATOR
    assert count(house, Invitation) == count(house, Moderator), "those by which they joined"
