"""One's own account: sessions, password, recovery codes, language."""

import html
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from greetings.accounts.models import DeskSession, Moderator
from greetings.house import House
from tests.web.accounts.team import CODES, Person, form_url, hidden_fields, post

Browser = Callable[[], FlaskClient]
NEW_PASSWORD = "seven small lanterns hum"
OPEN_PANELS = re.compile(r'<details class="panel fold" id="(\w+)" open>')
REVOKE = re.compile(r'action="(/desk/account/sessions/[a-z0-9]+/revoke)"')


def is_inside(client: FlaskClient) -> bool:
    return client.get("/desk/account").status_code == 200


def test_each_browser_is_a_line_and_can_be_signed_out_alone(browser: Browser, moderator: Person):
    here, there = browser(), browser()
    moderator.sign_in(there)
    moderator.sign_in(here)
    paths = REVOKE.findall(here.get("/desk/account").get_data(as_text=True))
    assert len(paths) == 2  # the one made by joining, and the other browser
    for path in paths:
        assert post(here, path).status_code == 303
    assert not is_inside(there)
    assert is_inside(here)


def test_a_browser_whose_time_is_over_is_no_line_any_more(browser: Browser, moderator: Person, clock):
    here, there = browser(), browser()
    moderator.sign_in(there)
    clock.forward(hours=12)
    moderator.sign_in(here)
    assert REVOKE.findall(here.get("/desk/account").get_data(as_text=True)) == []


def test_nobody_ends_the_session_of_another(
    browser: Browser, moderator: Person, organiser: Person, house: House
):
    hers, mine = browser(), browser()
    organiser.sign_in(hers)
    moderator.sign_in(mine)
    with house.database.reading() as session:
        rows = session.scalars(select(DeskSession)).all()
        theirs = [row.id for row in rows if row.moderator.email == organiser.email]
    for session_id in theirs:
        answer = post(mine, f"/desk/account/sessions/{session_id}/revoke")
        assert answer.status_code == 404
        assert "That was changed already" in answer.get_data(as_text=True)
    assert is_inside(hers)


def test_a_new_password_signs_every_other_browser_out(browser: Browser, moderator: Person):
    here, there, half = browser(), browser(), browser()
    moderator.sign_in(here)
    moderator.sign_in(there)
    moderator.give_password(half)
    before = here.get_cookie("desk", path="/desk")
    fields = {"change-current": moderator.password, "change-password": NEW_PASSWORD}
    answer = post(here, "/desk/account/password", **fields)
    after = here.get_cookie("desk", path="/desk")
    assert answer.status_code == 303
    assert is_inside(here)
    assert not is_inside(there)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert moderator.give_code(half).status_code == 422
    assert moderator.give_password(browser()).status_code == 422
    moderator.password = NEW_PASSWORD
    assert moderator.sign_in(browser()).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "sentence"),
    [
        ("not the password", NEW_PASSWORD, "present password"),
        ("", NEW_PASSWORD, "present password"),
        ("three green kettles sing", "short", "at least 12"),
        ("three green kettles sing", "ana@example.org", "leave your name"),
    ],
)
def test_a_new_password_needs_the_present_one_and_must_be_good(
    browser: Browser, moderator: Person, current: str, new: str, sentence: str
):
    client = browser()
    moderator.sign_in(client)
    answer = post(client, "/desk/account/password", **{"change-current": current, "change-password": new})
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert moderator.sign_in(browser()).status_code == 303


def test_new_recovery_codes_replace_the_old(browser: Browser, moderator: Person):
    client = browser()
    moderator.sign_in(client)
    answer = post(client, "/desk/account/recovery-codes", **{"recovery-current": moderator.password})
    codes = CODES.findall(answer.get_data(as_text=True))
    assert len(codes) == 8
    assert not set(codes) & set(moderator.recovery_codes)
    other = browser()
    moderator.give_password(other)
    assert moderator.give_code(other, moderator.recovery_codes[0]).status_code == 422
    assert moderator.give_code(other, codes[0]).status_code == 303


def test_new_recovery_codes_need_the_password(browser: Browser, moderator: Person):
    client = browser()
    moderator.sign_in(client)
    answer = post(client, "/desk/account/recovery-codes", **{"recovery-current": "wrong wrong wrong"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert not CODES.search(page)
    assert OPEN_PANELS.findall(page) == ["recovery"], "what was refused lies open, the rest stays folded"


def test_a_session_in_use_is_noted_every_few_minutes_only(
    browser: Browser, moderator: Person, house: House, clock
):
    client = browser()
    moderator.sign_in(client)

    def last_seen() -> datetime:
        with house.database.reading() as session:
            return max(row.seen_at for row in session.scalars(select(DeskSession)))

    began = last_seen()
    clock.forward(minutes=4)
    client.get("/desk/account")
    assert last_seen() == began
    clock.forward(minutes=4)
    client.get("/desk/account")
    assert last_seen() == clock.now


BY_A_LINK_OF_OURS = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Referer": "http://127.0.0.1:8000/desk/account"},  # over plain http browsers say no more
]
FROM_ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},  # a letter, a bookmark, what somebody typed
    {"Sec-Fetch-Site": "none", "Referer": "http://127.0.0.1:8000/desk/account"},
    {"Referer": "https://evil.example/desk/account"},
    {"Referer": "http://[::1/"},
    {},
]


def own_language(house: House, person: Person) -> str:
    with house.database.reading() as session:
        return session.scalars(select(Moderator).where(Moderator.email == person.email)).one().language


@pytest.mark.parametrize("headers", BY_A_LINK_OF_OURS)
@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_the_language_chosen_once_is_remembered(
    browser: Browser, moderator: Person, house: House, language: str, headers: dict[str, str]
):
    client = browser()
    moderator.sign_in(client)
    chosen = client.get(f"/desk/account?lang={language}", headers=headers)
    assert f'<html lang="{language}">' in chosen.get_data(as_text=True)
    assert f'<html lang="{language}">' in client.get("/desk/account").get_data(as_text=True)
    assert own_language(house, moderator) == language


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
def test_a_link_from_elsewhere_chooses_the_language_of_its_page_only(
    browser: Browser, moderator: Person, house: House, headers: dict[str, str]
):
    client = browser()
    moderator.sign_in(client)
    page = client.get("/desk/account?lang=be", headers=headers)
    assert page.status_code == 200
    assert '<html lang="be">' in page.get_data(as_text=True)
    assert '<html lang="en">' in client.get("/desk/account").get_data(as_text=True)
    assert own_language(house, moderator) == "en"


HERE = {"Sec-Fetch-Site": "same-origin"}
FROM_A_LETTER = {"Sec-Fetch-Site": "none", "Accept": "text/html"}


def come_in(client: FlaskClient, person: Person, page: TestResponse) -> TestResponse:
    """Both stages as a browser goes through them, from a page of the door to the one it leads to."""
    facts = {"email": person.email, "password": person.password}
    answer = client.post(form_url(page), data={**hidden_fields(page), **facts}, headers=HERE)
    page = client.get(answer.location, headers=HERE)
    answer = client.post(form_url(page), data={**hidden_fields(page), "code": person.code()}, headers=HERE)
    return client.get(answer.location, headers=HERE)


@pytest.mark.parametrize(
    "path", ["/desk/account?lang=be", "/desk/sign-in?lang=be&next=/desk/account?lang=be"]
)
def test_a_link_followed_before_signing_in_chooses_the_language_of_its_page_only(
    browser: Browser, moderator: Person, house: House, path: str
):
    client = browser()
    door = client.get(path, headers=FROM_A_LETTER, follow_redirects=True)
    led_to = come_in(client, moderator, door)
    assert led_to.request.path == "/desk/account"
    assert '<html lang="be">' in led_to.get_data(as_text=True)
    assert '<html lang="en">' in client.get("/desk/account").get_data(as_text=True)
    assert own_language(house, moderator) == "en"
    chosen = html.unescape(
        re.findall(r'href="(/desk/account\?[^"]*lang=be)"', led_to.get_data(as_text=True))[0]
    )
    client.get(chosen, headers=HERE)
    assert own_language(house, moderator) == "be", "its own links still choose"


def test_a_language_chosen_at_the_door_is_kept_and_goes_before_that_of_the_link(
    browser: Browser, moderator: Person, house: House
):
    client = browser()
    door = client.get("/desk/account?lang=be", headers=FROM_A_LETTER, follow_redirects=True)
    links = re.findall(r'href="(/desk/sign-in\?[^"]*lang=ru)"', door.get_data(as_text=True))
    door = client.get(html.unescape(links[0]), headers=HERE)
    assert '<html lang="ru">' in door.get_data(as_text=True)
    led_to = come_in(client, moderator, door)
    assert '<html lang="ru">' in led_to.get_data(as_text=True)
    assert own_language(house, moderator) == "ru"


def test_an_unknown_language_changes_nothing(browser: Browser, moderator: Person):
    client = browser()
    moderator.sign_in(client)
    assert '<html lang="en">' in client.get("/desk/account?lang=xx").get_data(as_text=True)


def test_a_page_that_answers_a_form_can_be_read_in_another_language(browser: Browser, moderator: Person):
    client = browser()
    moderator.sign_in(client)
    answer = post(
        client, "/desk/account/password", **{"change-current": "x", "change-password": NEW_PASSWORD}
    )
    links = re.findall(r'href="(/desk/account/password\?lang=(?:be|en|ru))"', answer.get_data(as_text=True))
    assert len(set(links)) == 3
    for link in links:
        there = client.get(link)
        assert (there.status_code, there.location) == (303, link.replace("/password", ""))
    for path in ("/desk/people/invite", "/desk/account/add-passkey?lang=be", "/desk/account/digest"):
        assert client.get(path).status_code == 303, path
    assert browser().get("/desk/sign-in/passkey/").status_code == 404
    assert browser().post("/desk/account").status_code == 405
    outside = browser().get("/desk/account/password?lang=be", headers={"Accept": "text/html"})
    assert outside.location == "/desk/account?lang=be"


@pytest.mark.parametrize("path", ["/desk/nowhere", "/desk/greetings/nobody"])
def test_where_nothing_is_a_member_is_still_at_the_desk_and_in_their_language(
    browser: Browser, moderator: Person, house: House, path: str
):
    client = browser()
    moderator.sign_in(client)
    with house.database.work() as session:
        session.execute(update(Moderator).values(language="be"))
    answer = client.get(path, headers={"Accept-Language": "ru"})
    assert answer.status_code == 404
    assert '<html lang="be">' in answer.get_data(as_text=True)
    assert 'action="/desk/sign-out"' in answer.get_data(as_text=True)
