"""A member who lost password or device comes back by a link of an organiser; roles; a new authenticator."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from greetings.accounts.models import Moderator, ResetLink
from greetings.audit.models import AuditEntry
from greetings.house import House
from tests.folders import all_bytes_in
from tests.web.accounts.team import CODES, Person, form_url, hidden_fields, path_of, post, secret_on
from tests.web.accounts.test_people import id_of

Browser = Callable[[], FlaskClient]
RESET = re.compile(r'id="reset-link"[^>]*>([^<]+)<')
NEW_PASSWORD = "seven small lanterns hum"


@pytest.fixture
def desk(browser: Browser, organiser: Person) -> FlaskClient:
    """The browser of a signed-in organiser."""
    client = browser()
    organiser.sign_in(client)
    return client


def link_for(desk: FlaskClient, house: House, person: Person) -> str:
    answer = post(desk, f"/desk/people/{id_of(house, person)}/reset")
    assert answer.status_code == 201
    found = RESET.search(answer.get_data(as_text=True))
    assert found
    return path_of(found[1])


def choose(client: FlaskClient, link: str, password: str = NEW_PASSWORD) -> TestResponse:
    page = client.get(link)
    return client.post(form_url(page), data={**hidden_fields(page), "password": password})


def come_back(client: FlaskClient, link: str, person: Person) -> TestResponse:
    """The whole way; the code of the step before leaves the present one for signing in."""
    page = choose(client, link)
    secret = secret_on(page)
    assert secret
    person.secret, person.password = secret, NEW_PASSWORD
    answer = client.post(form_url(page), data={**hidden_fields(page), "code": person.code(-1)})
    person.recovery_codes = CODES.findall(answer.get_data(as_text=True))
    return answer


def acts(house: House) -> list[tuple[str, str, str]]:
    with house.database.reading() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.number))
        return [(row.act, row.actor, row.subject) for row in rows]


def test_who_lost_everything_comes_back_with_a_new_password_and_a_new_device(
    desk: FlaskClient, browser: Browser, moderator: Person, organiser: Person, house: House
):
    link, client = link_for(desk, house, moderator), browser()
    answer = come_back(client, link, moderator)
    assert answer.status_code == 200
    assert len(moderator.recovery_codes) == 8
    assert client.get("/desk/account").status_code == 200
    assert moderator.sign_in(browser()).status_code == 303
    ana, olga = id_of(house, moderator), id_of(house, organiser)
    assert ("reset", olga, ana) in acts(house)
    assert ("reset-done", ana, ana) in acts(house)


def test_the_code_used_for_coming_back_does_not_sign_in(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House, clock
):
    clock.forward(minutes=1)  # since the code that joining has used up
    come_back(browser(), link_for(desk, house, moderator), moderator)
    other = browser()
    assert moderator.give_password(other).status_code == 303
    assert moderator.give_code(other, moderator.code(-1)).status_code == 422
    assert moderator.give_code(other).status_code == 303


def test_from_the_moment_a_link_is_made_nothing_old_opens_the_desk(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House
):
    inside, half = browser(), browser()
    moderator.sign_in(inside)
    moderator.give_password(half)
    link_for(desk, house, moderator)
    assert inside.get("/desk/account", headers={"Accept": "text/html"}).status_code == 302
    assert moderator.give_code(half).status_code == 422, "half signed in is out as well"
    assert moderator.give_code(half, moderator.recovery_codes[0]).status_code == 422
    assert moderator.give_password(browser()).status_code == 422
    with house.database.reading() as session:
        row = session.get_one(Moderator, id_of(house, moderator))
        assert (row.password_hash, row.totp_sealed, row.recovery_codes) == ("", b"", [])


def test_a_link_to_come_back_works_once_and_only_the_newest(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House
):
    first, second = link_for(desk, house, moderator), link_for(desk, house, moderator)
    assert browser().get(first).status_code == 410
    assert come_back(browser(), second, moderator).status_code == 200
    assert browser().get(second).status_code == 410
    assert "This link no longer works" in browser().get(second).get_data(as_text=True)


def test_of_two_who_use_one_link_at_once_one_comes_back(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House
):
    link, barrier = link_for(desk, house, moderator), Barrier(2)
    ready = []
    for _ in range(2):
        client = browser()
        page = choose(client, link)
        secret = secret_on(page)
        assert secret
        ready.append((client, Person(house, secret=secret), page))

    def finish(one: tuple[FlaskClient, Person, TestResponse]) -> int:
        client, person, page = one
        fields = {**hidden_fields(page), "code": person.code()}
        barrier.wait()
        return client.post(link, data=fields).status_code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(finish, ready)) == [200, 410]


def test_a_link_to_come_back_expires_and_is_forgotten(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House, clock
):
    from greetings.accounts.service import forget_expired

    link = link_for(desk, house, moderator)
    clock.now += timedelta(days=2) - timedelta(seconds=1)
    assert browser().get(link).status_code == 200
    clock.now += timedelta(seconds=1)
    assert browser().get(link).status_code == 410
    with house.database.work() as session:
        forget_expired(session, clock())
        assert not session.scalars(select(ResetLink)).all()


def test_looking_at_the_link_uses_nothing_up_and_nothing_is_stored_before_the_code(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House
):
    link = link_for(desk, house, moderator)
    for _ in range(3):
        assert browser().get(link).status_code == 200
    page = choose(browser(), link)
    secret = secret_on(page)
    assert secret
    with house.database.reading() as session:
        assert session.get_one(Moderator, id_of(house, moderator)).password_hash == ""
    data = all_bytes_in(house.settings.data)
    assert secret.encode() not in data
    assert link.rsplit("/", 1)[1].encode() not in data, "the database knows the link’s digest only"


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("short", "at least 12"), ("", "choose a password"), ("ana ana@example.org", "name")],
)
def test_the_new_password_must_be_good(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House, password: str, sentence: str
):
    answer = choose(browser(), link_for(desk, house, moderator), password)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


def test_a_wrong_code_or_an_old_draft_changes_nothing(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House, clock
):
    link, client = link_for(desk, house, moderator), browser()
    page = choose(client, link)
    wrong = client.post(link, data={**hidden_fields(page), "code": "x"})
    assert wrong.status_code == 422
    assert hidden_fields(wrong)["draft"]
    clock.now += timedelta(hours=1) + timedelta(seconds=1)
    late = client.post(link, data={**hidden_fields(wrong), "code": "123456"})
    assert late.status_code == 422
    assert "too long" in late.get_data(as_text=True)
    made_up = client.post(link, data={**hidden_fields(wrong), "draft": "ÿ", "code": "123456"})
    assert made_up.status_code == 422


def test_the_draft_of_one_link_is_worth_nothing_at_another(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House
):
    old = choose(browser(), link_for(desk, house, moderator))
    newer, client = link_for(desk, house, moderator), browser()
    fields = {**hidden_fields(client.get(newer)), "draft": hidden_fields(old)["draft"], "code": "123456"}
    answer = client.post(newer, data=fields)
    assert "too long" in answer.get_data(as_text=True)


def test_nobody_resets_themselves_or_somebody_unknown(desk: FlaskClient, organiser: Person, house: House):
    own = post(desk, f"/desk/people/{id_of(house, organiser)}/reset")
    assert own.location == "/desk/account"
    assert desk.get("/desk/account").status_code == 200
    assert post(desk, "/desk/people/abcdefghjkmnpqrstuvw/reset").status_code == 404


def test_taking_somebody_out_voids_their_link(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House
):
    link = link_for(desk, house, moderator)
    post(desk, f"/desk/people/{id_of(house, moderator)}/deactivate")
    assert browser().get(link).status_code == 410


# ---------- roles


def test_a_moderator_becomes_organiser_from_the_next_click_on_and_back(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House
):
    client, member = browser(), id_of(house, moderator)
    moderator.sign_in(client)
    assert client.get("/desk/people").status_code == 403
    assert post(desk, f"/desk/people/{member}/role", role="organiser").status_code == 303
    assert client.get("/desk/people").status_code == 200
    assert post(desk, f"/desk/people/{member}/role", role="moderator").status_code == 303
    assert client.get("/desk/people").status_code == 403
    assert [act for act, _actor, subject in acts(house) if subject == member].count("change-role") == 2


def test_the_last_organiser_stays_one(desk: FlaskClient, organiser: Person, house: House):
    answer = post(desk, f"/desk/people/{id_of(house, organiser)}/role", role="moderator")
    assert answer.status_code == 409
    assert desk.get("/desk/people").status_code == 200


def test_a_strange_role_changes_nothing(desk: FlaskClient, moderator: Person, house: House):
    assert post(desk, f"/desk/people/{id_of(house, moderator)}/role", role="admin").status_code == 422
    assert post(desk, "/desk/people/abcdefghjkmnpqrstuvw/role", role="organiser").status_code == 404


# ---------- a new authenticator


def begin_change(client: FlaskClient, password: str) -> TestResponse:
    return post(client, "/desk/account/authenticator", **{"device-current": password})


def test_a_new_authenticator_takes_the_old_ones_place_and_signs_every_other_browser_out(
    browser: Browser, moderator: Person, clock
):
    here, there = browser(), browser()
    moderator.sign_in(here)
    moderator.sign_in(there)
    clock.forward(minutes=1)  # since the codes that signing in has used up
    page = begin_change(here, moderator.password)
    secret = secret_on(page)
    assert secret
    old = Person(moderator.house, secret=moderator.secret)
    moderator.secret = secret
    fields = {"draft": hidden_fields(page)["draft"], "code": moderator.code(-1)}
    assert post(here, "/desk/account/authenticator", **fields).status_code == 303
    assert here.get("/desk/account").status_code == 200
    assert there.get("/desk/account", headers={"Accept": "text/html"}).status_code == 302
    other = browser()
    moderator.give_password(other)
    assert moderator.give_code(other, old.code()).status_code == 422
    assert moderator.give_code(other, fields["code"]).status_code == 422, "its first code is used up"
    assert moderator.give_code(other).status_code == 303
    assert post(here, "/desk/account/authenticator", **fields).status_code == 422, "a draft works once"


def test_until_the_new_ones_code_is_right_the_old_one_stays(browser: Browser, moderator: Person):
    client = browser()
    moderator.sign_in(client)
    assert begin_change(client, "not the password").status_code == 422
    page = begin_change(client, moderator.password)
    fields = {"draft": hidden_fields(page)["draft"], "code": "nothing"}
    again = post(client, "/desk/account/authenticator", **fields)
    assert again.status_code == 422
    assert "didn’t match" in again.get_data(as_text=True)
    assert post(client, "/desk/account/authenticator", draft="x", code="123456").status_code == 422
    assert moderator.sign_in(browser()).status_code == 303


def test_a_draft_of_another_session_connects_nothing(browser: Browser, moderator: Person, organiser: Person):
    hers, his = browser(), browser()
    moderator.sign_in(hers)
    organiser.sign_in(his)
    page = begin_change(his, organiser.password)
    secret = secret_on(page)
    assert secret
    code = Person(organiser.house, secret=secret).code()
    fields = {"draft": hidden_fields(page)["draft"], "code": code}
    assert post(hers, "/desk/account/authenticator", **fields).status_code == 422
    assert moderator.sign_in(browser()).status_code == 303


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_coming_back_speaks_each_language(
    desk: FlaskClient, browser: Browser, moderator: Person, house: House, language: str
):
    link, client = link_for(desk, house, moderator), browser()
    asked = f"{link}?lang={language}"
    pages = [client.get(asked), client.get(f"/desk/reset/x?lang={language}"), choose(client, asked)]
    for page in pages:
        assert f'<html lang="{language}">' in page.get_data(as_text=True)
        assert page.headers["Cache-Control"] == "no-store"
