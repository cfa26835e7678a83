"""The team: invited, listed, taken out."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from greetings.accounts.models import DeskSession, Moderator
from greetings.audit.models import AuditEntry
from greetings.house import House
from tests.web.accounts.team import Person, hidden_fields, new_link, path_of, post

Browser = Callable[[], FlaskClient]
LINK = re.compile(r'id="invitation-link"[^>]*>([^<]+)<')


def id_of(house: House, person: Person) -> str:
    with house.database.reading() as session:
        return session.scalars(select(Moderator.id).where(Moderator.email == person.email)).one()


@pytest.fixture
def desk(browser: Browser, organiser: Person) -> FlaskClient:
    """The browser of a signed-in organiser."""
    client = browser()
    organiser.sign_in(client)
    return client


@pytest.mark.parametrize("role", ["moderator", "organiser"])
def test_an_organiser_invites_and_the_link_is_shown_once(
    desk: FlaskClient, browser: Browser, house: House, role: str
):
    answer = post(desk, "/desk/people/invite", role=role)
    assert answer.status_code == 201
    found = LINK.search(answer.get_data(as_text=True))
    assert found
    assert found[1].startswith(house.settings.url)
    assert found[1] not in desk.get("/desk/people").get_data(as_text=True)
    newcomer, client = Person(house), browser()
    assert newcomer.join(client, found[1]).status_code == 200
    assert client.get("/desk/people").status_code == (200 if role == "organiser" else 403)


def test_an_invitation_made_on_the_command_line_is_listed_and_can_be_withdrawn(
    desk: FlaskClient, house: House
):
    new_link(house, "organiser")
    fields = hidden_fields(desk.get("/desk/people"))
    assert post(desk, "/desk/people/invitations/withdraw", invitation=fields["invitation"]).status_code == 303


def test_an_unknown_role_is_refused(desk: FlaskClient):
    assert post(desk, "/desk/people/invite", role="admin").status_code == 422


def test_an_invitation_can_be_withdrawn(desk: FlaskClient, browser: Browser):
    found = LINK.search(post(desk, "/desk/people/invite", role="organiser").get_data(as_text=True))
    assert found
    fields = hidden_fields(desk.get("/desk/people"))
    assert post(desk, "/desk/people/invitations/withdraw", invitation=fields["invitation"]).status_code == 303
    assert browser().get(path_of(found[1])).status_code == 410
    again = post(desk, "/desk/people/invitations/withdraw", invitation=fields["invitation"])
    assert again.status_code == 404
    assert "This invitation isn’t open any more" in again.get_data(as_text=True)


def test_who_is_taken_out_is_out_at_once(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House
):
    client, half = browser(), browser()
    moderator.sign_in(client)
    moderator.give_password(half)
    member_id = id_of(house, moderator)
    assert post(desk, f"/desk/people/{member_id}/deactivate").status_code == 303
    assert client.get("/desk/account").status_code == 401
    assert moderator.give_code(half).status_code == 422
    assert moderator.give_password(browser()).status_code == 422
    assert "Ana" in desk.get("/desk/people").get_data(as_text=True)


@pytest.mark.parametrize("way", ["deactivate", "role"])
def test_links_of_who_is_no_organiser_any_more_open_nothing(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House, way: str
):
    """They could have kept one, to come back in under another name or as somebody else."""
    other, theirs = Person(house, "Uladzimir", "uladzimir@example.org"), browser()
    other.join(theirs, new_link(house, "organiser"))
    invited = LINK.search(post(theirs, "/desk/people/invite", role="organiser").get_data(as_text=True))
    reset = post(theirs, f"/desk/people/{id_of(house, moderator)}/reset").get_data(as_text=True)
    back = re.search(r">([^<]+/desk/reset/[^<]+)<", reset)
    mine = LINK.search(post(desk, "/desk/people/invite", role="moderator").get_data(as_text=True))
    assert invited
    assert back
    assert mine
    address = f"/desk/people/{id_of(house, other)}/{way}"
    assert post(desk, address, role="moderator").status_code == 303
    opened = [browser().get(path_of(link[1])).status_code for link in (invited, back, mine)]
    assert opened == [410, 410, 200]


def test_nothing_to_sign_in_with_is_kept_of_who_left(desk: FlaskClient, moderator: Person, house: House):
    member_id = id_of(house, moderator)
    post(desk, f"/desk/people/{member_id}/deactivate")
    with house.database.reading() as session:
        row = session.get_one(Moderator, member_id)
        assert (row.password_hash, row.totp_sealed, row.recovery_codes) == ("", b"", [])
        assert session.scalars(select(DeskSession).where(DeskSession.moderator_id == member_id)).all() == []
        assert "ana" not in row.email
        assert row.name == "Ana"


def test_who_was_taken_out_can_be_invited_anew(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House
):
    post(desk, f"/desk/people/{id_of(house, moderator)}/deactivate")
    found = LINK.search(post(desk, "/desk/people/invite", role="moderator").get_data(as_text=True))
    assert found
    assert Person(house).join(browser(), found[1]).status_code == 200


def test_the_last_organiser_stays(desk: FlaskClient, organiser: Person, house: House):
    answer = post(desk, f"/desk/people/{id_of(house, organiser)}/deactivate")
    assert answer.status_code == 409
    assert "The last organiser stays" in answer.get_data(as_text=True)
    assert desk.get("/desk/people").status_code == 200


def test_who_is_gone_already_is_told_on_the_page_itself(desk: FlaskClient):
    for what in ("deactivate", "reset", "role"):
        answer = post(desk, f"/desk/people/abcdefghjkmnpqrstuvw/{what}", role="organiser")
        assert answer.status_code == 404
        assert "That was changed already" in answer.get_data(as_text=True)


def test_the_log_knows_who_did_it(desk: FlaskClient, moderator: Person, organiser: Person, house: House):
    member_id = id_of(house, moderator)
    post(desk, f"/desk/people/{member_id}/deactivate")
    with house.database.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert last is not None
        assert (last.act, last.actor, last.subject) == ("deactivate", id_of(house, organiser), member_id)
