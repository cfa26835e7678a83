"""Joining the team by a link: what it needs, what it forgives, what it refuses."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from greetings.accounts.models import Invitation, Moderator
from greetings.accounts.rules import Role
from greetings.accounts.service import first_organiser_link
from greetings.house import House
from tests.folders import all_bytes_in
from tests.web.accounts.team import Person, first_link, hidden_fields, new_link, path_of, secret_on

Browser = Callable[[], FlaskClient]


def count_members(house: House) -> int:
    with house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Moderator)) or 0


def test_the_first_organiser_joins_is_signed_in_and_gets_eight_codes(browser: Browser, house: House):
    client, olga = browser(), Person(house, "Olga", "Olga@Example.org ")
    answer = olga.join(client, first_link(house))
    assert answer.status_code == 200
    assert len(set(olga.recovery_codes)) == 8
    assert client.get("/desk/people").status_code == 200
    with house.database.reading() as session:
        row = session.scalars(select(Moderator)).one()
        assert (row.name, row.email, row.role) == ("Olga", "olga@example.org", Role.ORGANISER)
        assert olga.secret.encode() not in row.totp_sealed
        assert olga.password not in row.password_hash


def test_the_first_link_is_the_same_at_every_start_and_gone_once_used(browser: Browser, house: House):
    assert first_link(house) == first_link(house)
    link = first_link(house)
    Person(house).join(browser(), link)
    with house.database.work() as session:
        assert first_organiser_link(house, session) is None
    assert browser().get(path_of(link)).status_code == 410


def test_the_first_link_dies_when_an_organiser_joined_otherwise(browser: Browser, house: House):
    printed = first_link(house)
    Person(house).join(browser(), new_link(house, "organiser"))
    assert browser().get(path_of(printed)).status_code == 410


def test_the_first_link_stays_good_when_only_a_moderator_joined(browser: Browser, house: House):
    Person(house).join(browser(), new_link(house))
    assert browser().get(path_of(first_link(house))).status_code == 200


def test_looking_at_a_link_uses_nothing_up(browser: Browser, organiser: Person, house: House):
    link = new_link(house)
    for _ in range(5):
        assert browser().get(path_of(link)).status_code == 200
    assert Person(house).join(browser(), link).status_code == 200


def test_a_link_works_once(browser: Browser, organiser: Person, house: House):
    link = new_link(house)
    Person(house).join(browser(), link)
    assert browser().get(path_of(link)).status_code == 410
    assert Person(house, email="eve@example.org").begin_joining(browser(), link).status_code == 410
    assert count_members(house) == 2


def test_of_two_who_use_one_link_at_once_one_joins(browser: Browser, organiser: Person, house: House):
    link, barrier = new_link(house), Barrier(2)
    people = [Person(house, email="ana@example.org"), Person(house, email="eve@example.org")]
    ready: list[tuple[FlaskClient, Person, TestResponse]] = []
    for person in people:
        client = browser()
        ready.append((client, person, person.begin_joining(client, link)))

    def finish(one: tuple[FlaskClient, Person, TestResponse]) -> int:
        client, person, page = one
        fields = {**hidden_fields(page), "code": person.code()}
        barrier.wait()
        return client.post(path_of(link), data=fields).status_code

    with ThreadPoolExecutor(2) as threads:
        codes = sorted(threads.map(finish, ready))
    assert codes == [200, 410]
    assert count_members(house) == 2


def test_a_link_expires(browser: Browser, organiser: Person, house: House, clock):
    link = new_link(house)
    clock.now += timedelta(days=7) - timedelta(seconds=1)
    assert browser().get(path_of(link)).status_code == 200
    clock.now += timedelta(seconds=1)
    assert browser().get(path_of(link)).status_code == 410


@pytest.mark.parametrize("token", ["nothing", "x" * 300, "%F0%9F%98%80", "..%2F"])
def test_a_made_up_link_gets_the_same_kind_page(browser: Browser, organiser: Person, token: str):
    answer = browser().get(f"/desk/join/{token}")
    assert answer.status_code in {404, 410}


def test_nothing_is_stored_before_the_code_was_right(browser: Browser, organiser: Person, house: House):
    link, person = new_link(house), Person(house)
    page = person.begin_joining(browser(), link)
    assert page.status_code == 200
    assert count_members(house) == 1
    with house.database.reading() as session:
        assert all(
            row.used_at is None for row in session.scalars(select(Invitation)) if row.invited_by is not None
        )
    data = all_bytes_in(house.settings.data)
    assert b"ana@example.org" not in data
    assert person.secret.encode() not in data


def test_a_wrong_code_keeps_everything_and_the_secret(browser: Browser, organiser: Person, house: House):
    client, link, person = browser(), new_link(house), Person(house)
    page = person.begin_joining(client, link)
    secret = person.secret
    refused = client.post(path_of(link), data={**hidden_fields(page), "code": "000000"})
    assert refused.status_code == 422
    assert secret_on(refused) == secret
    answer = client.post(path_of(link), data={**hidden_fields(refused), "code": person.code()})
    assert answer.status_code == 200


def test_a_page_loaded_again_shows_the_secret_that_was_scanned(
    browser: Browser, organiser: Person, house: House
):
    client, link, person = browser(), new_link(house), Person(house)
    page = client.get(path_of(link))
    fields = {**hidden_fields(page), "name": "Ana", "email": person.email, "password": person.password}
    first, second = (secret_on(client.post(path_of(link), data=fields)) for _ in range(2))
    assert first
    assert first == second


def test_two_who_open_one_link_see_different_secrets(browser: Browser, organiser: Person, house: House):
    link, one, other = new_link(house), Person(house), Person(house, email="eve@example.org")
    one.begin_joining(browser(), link)
    other.begin_joining(browser(), link)
    assert one.secret
    assert one.secret != other.secret


@pytest.mark.parametrize("draft", ["", "AAAA", "!", "ў", "x" * 2000])
def test_a_draft_that_is_not_ours_begins_again(browser: Browser, organiser: Person, house: House, draft: str):
    client, link = browser(), new_link(house)
    page = Person(house).begin_joining(client, link)
    fields = {**hidden_fields(page), "code": "123456", "draft": draft}
    assert client.post(path_of(link), data=fields).status_code == 422
    assert count_members(house) == 1


def test_a_draft_of_another_link_is_worth_nothing(browser: Browser, organiser: Person, house: House):
    client, person = browser(), Person(house)
    page = person.begin_joining(client, new_link(house))
    other = new_link(house, "organiser")
    answer = client.post(path_of(other), data={**hidden_fields(page), "code": person.code()})
    assert answer.status_code == 422
    assert count_members(house) == 1


def test_a_draft_gets_too_old(browser: Browser, organiser: Person, house: House, clock):
    client, link, person = browser(), new_link(house), Person(house)
    page = person.begin_joining(client, link)
    clock.now += timedelta(hours=1) + timedelta(seconds=1)
    answer = client.post(path_of(link), data={**hidden_fields(page), "code": person.code()})
    assert answer.status_code == 422
    assert "begin again" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "what the others should call you"),
        ("name", "x" * 81, "at most 80"),
        ("email", "", "type an e-\u2060mail address"),
        ("email", "ana", "look like an e-\u2060mail address yet"),
        ("email", "a b@example.org", "look like an e-\u2060mail address yet"),
        ("password", "", "choose a password"),
        ("password", "short", "at least 12"),
        ("password", "x" * 300, "at most 256"),
        ("password", "aaaaaaaaaaaaaa", "pattern"),
        ("password", "ana!ana@example", "leave your name"),
        ("password", "P@ssw0rd2024!!", "guess first"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_the_rest_stays(
    browser: Browser, organiser: Person, house: House, field: str, value: str, sentence: str
):
    client, link = browser(), new_link(house)
    page = client.get(path_of(link))
    fields = {
        "name": "Ana Ў",
        "email": "ana@example.org",
        "password": "three green kettles sing",
        field: value,
    }
    answer = client.post(path_of(link), data={**hidden_fields(page), **fields})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in text
    assert f'id="{field}-error"' in text
    if field != "name":
        assert 'value="Ana Ў"' in text
    if field != "email":
        assert 'value="ana@example.org"' in text
    assert "three green kettles sing" not in text


def test_an_address_of_the_team_is_not_taken_twice(browser: Browser, moderator: Person, house: House):
    again = Person(house, email="ANA@example.org")
    answer = again.begin_joining(browser(), new_link(house))
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.get_data(as_text=True)


def test_an_address_that_was_taken_meanwhile_is_said_and_the_link_stays_good(
    browser: Browser, organiser: Person, house: House
):
    first, second = browser(), browser()
    one, other = Person(house), Person(house, name="Eve")
    links = new_link(house), new_link(house)
    pages = one.begin_joining(first, links[0]), other.begin_joining(second, links[1])
    assert (
        first.post(path_of(links[0]), data={**hidden_fields(pages[0]), "code": one.code()}).status_code == 200
    )
    answer = second.post(path_of(links[1]), data={**hidden_fields(pages[1]), "code": other.code()})
    assert answer.status_code == 422
    assert 'value="Eve"' in answer.get_data(as_text=True)
    assert browser().get(path_of(links[1])).status_code == 200


def test_markup_in_a_name_is_text(browser: Browser, organiser: Person, house: House):
    client = browser()
    Person(house, name="<script>alert(1)</script>\u202e").join(client, new_link(house))
    text = client.get("/desk/account").get_data(as_text=True)
    assert "<script>alert" not in text
    assert "\u202e" not in text
    assert "&lt;script&gt;" in text


def test_the_link_of_a_moderator_makes_no_organiser(browser: Browser, moderator: Person):
    client = browser()
    moderator.sign_in(client)
    assert client.get("/desk/people").status_code == 403
