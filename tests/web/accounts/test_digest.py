"""The letter with figures, seen from one's account and from the letter."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from greetings.accounts import digests
from greetings.accounts.models import Digest
from greetings.accounts.rules import Rhythm
from greetings.house import House
from greetings.settings import Mail, MailSecurity
from tests.web.accounts.team import Person, path_of, post
from tests.web.accounts.test_people import id_of
from tests.web.accounts.test_resetting import acts

Browser = Callable[[], FlaskClient]
MAIL = Mail("127.0.0.1", 1, MailSecurity.NONE, "desk@birthday.example")
TITLE = "A letter with figures"


@pytest.fixture
def inside(browser: Browser, moderator: Person, house: House) -> FlaskClient:
    house.settings = replace(house.settings, mail=MAIL)
    client = browser()
    moderator.sign_in(client)
    return client


def asked(house: House, person: Person) -> Digest | None:
    with house.database.reading() as session:
        held = digests.find_of(session, id_of(house, person))
        session.expunge_all()
        return held


def ask(client: FlaskClient, rhythm: str, hour: str = "7") -> int:
    return post(client, "/desk/account/digest", **{"digest-rhythm": rhythm, "digest-hour": hour}).status_code


def test_it_is_off_until_one_asks_and_can_be_changed_and_switched_off(
    inside: FlaskClient, moderator: Person, house: House
):
    page = inside.get("/desk/account").get_data(as_text=True)
    assert TITLE in page
    assert moderator.email in page
    assert asked(house, moderator) is None
    assert ask(inside, "daily", "19") == 303
    held = asked(house, moderator)
    assert held is not None
    assert (held.rhythm, held.hour, held.next_at.hour) == (Rhythm.DAILY, 19, 19)
    assert '<option value="daily" selected>' in inside.get("/desk/account").get_data(as_text=True)
    assert ask(inside, "friday") == 303
    assert ask(inside, "never") == 303
    assert ask(inside, "never") == 303
    assert asked(house, moderator) is None
    assert [act for act, *_ in acts(house)][-3:] == ["digest-on", "digest-on", "digest-off"]


@pytest.mark.parametrize(("rhythm", "hour"), [("hourly", "7"), ("daily", "24"), ("daily", ""), ("", "7")])
def test_a_strange_time_changes_nothing(
    inside: FlaskClient, moderator: Person, house: House, rhythm: str, hour: str
):
    assert ask(inside, rhythm, hour) == 422
    assert asked(house, moderator) is None


def test_without_a_mail_server_it_is_not_offered(inside: FlaskClient, moderator: Person, house: House):
    house.settings = replace(house.settings, mail=None)
    assert TITLE not in inside.get("/desk/account").get_data(as_text=True)
    assert ask(inside, "daily") == 404


def test_the_link_in_a_letter_switches_it_off_without_signing_in_but_not_by_looking(
    browser: Browser, inside: FlaskClient, moderator: Person, house: House
):
    ask(inside, "daily")
    path = path_of(digests.stop_link(house, id_of(house, moderator)))
    stranger = browser()
    for _ in range(2):
        page = stranger.get(path)
        assert page.headers["Cache-Control"] == "no-store"
        assert "Switch it off" in page.get_data(as_text=True)
    assert asked(house, moderator) is not None, "what opens links in letters changes nothing"
    assert moderator.email not in page.get_data(as_text=True)
    one_click = stranger.post(path, data={"List-Unsubscribe": "One-Click"})
    assert one_click.status_code == 200
    assert asked(house, moderator) is None
    assert "It is switched off" in stranger.post(path).get_data(as_text=True)
    assert "It is switched off" in stranger.get(path).get_data(as_text=True)
    assert stranger.post(path, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_made_up_link_leads_nowhere(browser: Browser, moderator: Person, house: House):
    path = path_of(digests.stop_link(house, id_of(house, moderator)))
    folder, _slash, token = path.rpartition("/")
    for made_up in ("x", "ÿ", token[:-2], token[:-1] + ("A" if token[-1] != "A" else "Q"), "A" * 64):
        assert browser().get(f"{folder}/{made_up}").status_code == 404
        assert browser().post(f"{folder}/{made_up}").status_code == 404
    nobody = path_of(digests.stop_link(house, "abcdefghjkmnpqrstuvw"))
    assert browser().post(nobody).status_code == 404
